"""What the checks of logins share: the text of a command, and which commands belong to one script."""

from __future__ import annotations

import re
from functools import lru_cache

from qcilint.context import Context
from qcilint.reference import Reference

_END = re.compile(rb"(?<!\\)\r?\n|;|&&|\|\|")
_OTHER_LOGINS = re.compile(
    rb"authfile|(?:src-|dest-)?creds\b|registry-config|REGISTRY_AUTH_FILE|DOCKER_CONFIG|pull.?secret|auth\.json|config\.json|dockercfg",
    re.I,
)


@lru_cache(1)
def has_other_logins(data: bytes) -> bool:
    """Whether there are signs that commands get their logins from a file that something else provides."""
    return bool(_OTHER_LOGINS.search(data))


def command_of(reference: Reference, data: bytes) -> bytes:
    """The command that a reference stands in, from its first word; a pipe belongs to it."""
    return command_at(reference.start, reference.end, data)


def command_at(start: int, end: int, data: bytes) -> bytes:
    """The command around a stretch of a text, from its first word; a pipe belongs to it."""
    first = max(0, start - 2000)
    begin = max((match.end() for match in _END.finditer(data, first, start)), default=0)
    after = _END.search(data, end)
    return data[begin : after.start() if after else len(data)]


def is_same_script(one: Context, other: Context) -> bool:
    """Whether two commands stand in the same text: in one block of a YAML file, not in two; anywhere in one makefile."""
    return script_of(one) == script_of(other)


def script_of(context: Context) -> tuple[bytes, ...]:
    """The nested texts around a command: equal for those of one script."""
    texts = tuple(view.text for _, view in context.scope)
    return texts[:-1] if "make" in context.names() else texts  # each line of a recipe is a text of its own
