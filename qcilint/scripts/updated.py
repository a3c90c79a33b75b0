"""Images that Dependabot is told about by the name that it knows them by: without their registry.

docs.github.com, "Dependabot options reference", `dependency-name`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from qcilint import lazy as re
from qcilint.filetypes import DEPENDABOT
from qcilint.scripts.changes import Changes, Held

_NAME = re.compile(rb"dependency-name[\"']?[ \t]*:[ \t]*[\"']?([\w./*-]+)")
_IMAGE = re.compile(rb"[\w-]+(?:\.[\w-]+)+/([\w./-]+)")


def held(path: str, data: bytes, changes: Changes) -> list[Held]:
    """The edits that take an image out of what the configuration says of it."""
    if path not in DEPENDABOT:
        return []
    out: dict[Held, None] = {}
    images = [(change, _names(change.old), _names(change.new)) for change in changes.every]
    for match in _NAME.finditer(data):
        name = match[1].decode()
        line = data.count(b"\n", 0, match.start()) + 1
        for change, before, after in images:
            if any(fnmatchcase(each, name) for each in before - after) and not any(fnmatchcase(each, name) for each in after):
                out[Held(change.path, path, line, name, change.kind)] = None
    return list(out)


def _names(line: bytes) -> set[str]:
    return {match[1].decode() for match in _IMAGE.finditer(line)}
