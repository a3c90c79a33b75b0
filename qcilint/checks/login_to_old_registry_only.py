"""A script that logs in to the old registry, and pulls through the proxy without a login there."""

from __future__ import annotations

from qcilint.checks import Checked, Neighbours
from qcilint.checks.commands import OTHER_LOGINS, is_same_script
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
    if reference.name or OTHER_LOGINS.search(data):
        return None
    if any(other.host == PROXY and not other.name for other, _ in neighbours):
        return None
    places = tuple(
        (other.start, "pulls through the proxy")
        for other, around in neighbours
        if is_in_qci(other) and around.where in PULLS and is_same_script(context, around)
    )
    return Checked(reference, places[:1]) if places else None
