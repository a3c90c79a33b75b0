"""A script that logs in to the old registry, and pulls through the proxy without a login there."""

from __future__ import annotations

from qcilint.checks import Checked, Neighbours
from qcilint.checks.commands import has_other_logins, script_of
from qcilint.checks.half_migrated import is_in_qci
from qcilint.context import Context
from qcilint.qci import PROXY
from qcilint.reference import Reference

PULLS = (
    "command:pull",
    "command:run",
    "command:create",
    "command:extract",
    "command:info",
    "command:inspect",
    "command:copy-source",
)


def check(reference: Reference, context: Context, neighbours: Neighbours, data: bytes) -> Checked | None:
    """The login, with the pulls; None where the proxy's host stands anywhere for itself, or logins come from elsewhere."""
    if reference.name or has_other_logins(data):
        return None
    pull = neighbours.once(_first_pulls).get(script_of(context))
    return None if pull is None else Checked(reference, ((pull, "pulls through the proxy"),))


def _first_pulls(neighbours: Neighbours) -> dict[tuple[bytes, ...], int]:
    """Where the first pull through the proxy of each script stands; nothing where the proxy is named for itself."""
    found: dict[tuple[bytes, ...], int] = {}
    for reference, context in neighbours:
        if reference.host == PROXY and not reference.name:
            return {}
        if is_in_qci(reference) and context.where in PULLS:
            found.setdefault(script_of(context), reference.start)
    return found
