"""A logout by podman of what docker or oc logged in to: it stays in `~/.docker/config.json`, and podman goes on using it."""

from __future__ import annotations

import re

from qcilint.checks import Checked, Neighbours
from qcilint.checks.commands import OTHER_LOGINS, command_of, is_same_script
from qcilint.context import Context
from qcilint.reference import Reference

_LOGOUT = re.compile(rb"(?:\A|[\s|(@\"'])(?:podman|buildah|skopeo)\s+logout\s")
_LOGIN = re.compile(rb"(?:\A|[\s|(@\"'])(?:docker\s+login|oc\s+registry\s+login)\s(?![^\n]*--to\b)")


def check(reference: Reference, context: Context, neighbours: Neighbours, data: bytes) -> Checked | None:
    """The logout, with the login that it leaves; None where files of logins are named."""
    if OTHER_LOGINS.search(data) or not _LOGOUT.search(command_of(reference, data)):
        return None
    places = tuple(
        (other.start, "logs in, in ~/.docker/config.json")
        for other, around in neighbours
        if around.where == "command:login"
        and other.registry == reference.registry
        and is_same_script(context, around)
        and _LOGIN.search(command_of(other, data))
    )
    return Checked(reference, places[:1]) if places else None
