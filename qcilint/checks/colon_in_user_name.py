"""A login to the proxy with a user name that holds a colon, or may hold one.

Basic authentication ends the user name at the first colon (RFC 7617, 2); ServiceAccounts are named
`system:serviceaccount:<namespace>:<name>`, which is what `oc whoami` prints for them.
"""

from __future__ import annotations

import re

from qcilint.checks import Checked, Neighbours
from qcilint.checks.commands import command_of
from qcilint.context import Context
from qcilint.reference import Reference

LITERAL, ASKED = "colon", "whoami"
_USER = rb"(?:\s-u|\s--username)(?:[ \t=]|\\\r?\n)*[\"'\\]*"
_LITERAL = re.compile(_USER + rb"system:serviceaccount:")
_ASKED = re.compile(_USER + rb"(?:\$\$?\((?:shell\s+)?|`)\s*oc\s+(?:--?[\w-]+(?:[= ][\w./:-]+)?\s+)*whoami\s*[)`]")


def check(reference: Reference, _context: Context, _neighbours: Neighbours, data: bytes) -> Checked | None:
    """The login, labelled with what its user name is; None for any other name."""
    command = command_of(reference, data)
    if _LITERAL.search(command):
        return Checked(reference, labels=(LITERAL,))
    return Checked(reference, labels=(ASKED,)) if _ASKED.search(command) else None
