"""Values of YAML that have an anchor: what else in the document is the same text."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.view import Span

ALIASED = "aliased"
"""The label of a value whose text is used elsewhere in the document for something else than an image."""
_ANCHOR = re.compile(rb"(?<![^\s,\[{])&([\w.-]+)[ \t]+[\"']?\Z")
_LONGEST = 120
"""Bytes before a value in which its anchor is looked for."""


def is_aliased(text: bytes, span: Span) -> bool:
    """Whether the value at `span` has an anchor, and an alias of it is no `image`."""
    anchor = _ANCHOR.search(text, max(0, span[0] - _LONGEST), span[0])
    if not anchor:
        return False
    uses = re.compile(rb"(?<![^\s,\[{])\*%s(?![\w.-])" % re.escape(anchor[1]))
    return any(
        not re.search(rb"\bimage[\"']?:[ \t]*\Z", text[max(0, use.start() - 40) : use.start()]) for use in uses.finditer(text)
    )
