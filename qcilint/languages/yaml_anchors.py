"""Values of YAML that have an anchor: what else in the document is the same text."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.view import Span

ALIASED = "aliased"
"""The label of a value whose text is used elsewhere in the document for something else than an image."""
_ANCHOR = re.compile(rb"(?<![^\s,\[{])&([\w.-]+)[ \t]+[\"']?\Z")
_ALIAS = re.compile(rb"(?<![^\s,\[{])\*([\w.-]+)")
_IMAGE = re.compile(rb"\bimage[\"']?:[ \t]*\Z")
_LONGEST, _NEAR = 120, 40
"""Bytes before a value in which its anchor is looked for, and before an alias, its key."""


def aliased(text: bytes, spans: Sequence[Span]) -> list[bool]:
    """Whether the value at each span has an anchor, and an alias of it is no `image`."""
    anchors = [_ANCHOR.search(text, max(0, start - _LONGEST), start) for start, _ in spans]
    if not any(anchors):
        return [False] * len(spans)
    uses = {use[1] for use in _ALIAS.finditer(text) if not _IMAGE.search(text[max(0, use.start() - _NEAR) : use.start()])}
    return [anchor is not None and anchor[1] in uses for anchor in anchors]
