"""Parts of image names that kustomize replaces: `replacements` whose `options` divide a value at a delimiter.

kubectl.docs.kubernetes.io, "replacements"; `vars` and whole values are not divided.
"""

from __future__ import annotations

import posixpath

from qcilint import lazy as re
from qcilint.scripts.changes import Change, Changes, Held

_DELIMITER = re.compile(rb"\bdelimiter[\"']?[ \t]*:[ \t]*[\"']?([^\s\"'},])")
_FIELD = re.compile(rb"\bfieldPaths?[\"']?[ \t]*:(?:[^{}]|\{[^{}]{0,200}\}){0,600}?\bimage\b[\"'\]]*[ \t]*(?:\r?\n|,|\}|\]|\Z)")
_ITEM = re.compile(rb"(?m)^[ \t]*-?[ \t]*(?:source|select)[ \t]*:|\Z")
_IMAGE = re.compile(rb"[ \t-]*[\"']?image[\"']?[ \t]*:")
_MOST = 1500
"""Bytes of one replacement."""


def held(path: str, data: bytes, changes: Changes) -> list[Held]:
    """The edits of images that a replacement at `path` divides, in the manifests of the same top folder."""
    out: dict[Held, None] = {}
    if not path.endswith((".yaml", ".yml", "Kustomization")):
        return []
    top = posixpath.dirname(path).partition("/")[0]
    for match in _DELIMITER.finditer(data):
        begins = [item.start() for item in _ITEM.finditer(data, max(match.start() - _MOST, 0), match.start())]
        begin = begins[-2] if len(begins) > 1 else max(match.start() - _MOST, 0)
        end = _ITEM.search(data, match.end()).start()  # type: ignore[union-attr]
        if not _FIELD.search(data, begin, end):
            continue
        number = data.count(b"\n", 0, match.start()) + 1
        for change in changes.every:
            if _is_below(change, top) and _IMAGE.match(change.old) and match[1] in _image(change.old) + _image(change.new):
                out[Held(change.path, path, number, match[0].decode("utf-8", "replace"), change.kind)] = None
    return list(out)


def _is_below(change: Change, top: str) -> bool:
    return change.path.endswith((".yaml", ".yml")) and (not top or change.path.startswith(top + "/"))


def _image(line: bytes) -> bytes:
    return line.partition(b":")[2].strip(b" \t\"'\r\n")
