"""What the checks of logins share: the text of a command, and which commands belong to one script."""

from __future__ import annotations

import re

from qcilint.context import Context
from qcilint.reference import Reference

_END = re.compile(rb"(?<!\\)\r?\n|;|&&|\|\|")
OTHER_LOGINS = re.compile(
    rb"authfile|(?:src-|dest-)?creds\b|registry-config|REGISTRY_AUTH_FILE|DOCKER_CONFIG|pull.?secret|auth\.json|config\.json|dockercfg",
    re.I,
)
"""Signs that commands get their logins from a file that something else provides."""


def command_of(reference: Reference, data: bytes) -> bytes:
    """The command that a reference stands in, from its first word; a pipe belongs to it."""
    before = data[: reference.start]
    start = max((match.end() for match in _END.finditer(before, max(0, len(before) - 2000))), default=0)
    end = _END.search(data, reference.end)
    return data[start : end.start() if end else len(data)]


def is_same_script(one: Context, other: Context) -> bool:
    """Whether two commands stand in the same text: in one block of a YAML file, not in two; anywhere in one makefile."""
    return _texts(one) == _texts(other)


def _texts(context: Context) -> list[bytes]:
    texts = [view.text for _, view in context.scope]
    return texts[:-1] if "make" in context.names() else texts  # each line of a recipe is a text of its own
