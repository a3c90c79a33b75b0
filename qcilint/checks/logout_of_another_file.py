"""A logout by podman of what docker or oc logged in to: it stays in `~/.docker/config.json`, and podman goes on using it."""

from __future__ import annotations

import re

from qcilint.checks import Checked, Neighbours
from qcilint.checks.commands import command_of, has_other_logins, script_of
from qcilint.context import Context
from qcilint.reference import Reference

_LOGOUT = re.compile(rb"(?:\A|[\s|(@\"'])(?:podman|buildah|skopeo)\s+logout\s")
_LOGIN = re.compile(rb"(?:\A|[\s|(@\"'])(?:docker\s+login|oc\s+registry\s+login)\s(?![^\n]*--to\b)")


def check(reference: Reference, context: Context, neighbours: Neighbours, data: bytes) -> Checked | None:
    """The logout, with the login that it leaves; None where files of logins are named."""
    if has_other_logins(data) or not _LOGOUT.search(command_of(reference, data)):
        return None
    login = neighbours.once(_first_logins, data).get((reference.registry, script_of(context)))
    return None if login is None else Checked(reference, ((login, "logs in, in ~/.docker/config.json"),))


def _first_logins(neighbours: Neighbours, data: bytes) -> dict[tuple[str, tuple[bytes, ...]], int]:
    """Where docker or oc first logs in to each registry, by that and by the script."""
    found: dict[tuple[str, tuple[bytes, ...]], int] = {}
    for reference, context in neighbours:
        if context.where == "command:login" and _LOGIN.search(command_of(reference, data)):
            found.setdefault((reference.registry, script_of(context)), reference.start)
    return found
