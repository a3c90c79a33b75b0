"""`$NS_$NAME`: the underscore that was meant to join two parts belongs to the variable's name."""

from __future__ import annotations

from qcilint.checks import Checked, Neighbours
from qcilint.context import Context
from qcilint.records import replace
from qcilint.reference import Part, Reference, Text

ONLY_WITH_HOLES = True
"""It has nothing to say about a reference without variables."""


def check(reference: Reference, _context: Context, _neighbours: Neighbours, _data: bytes) -> Checked | None:
    """The reference with `${NS}_` for each `$NS_` that a further variable follows; None without one."""
    tag = _mended(reference.tag)
    return None if tag == reference.tag else Checked(replace(reference, tag=tag, text=_mended(reference.text)))


def _mended(text: Text) -> Text:
    parts: list[Part] = []
    for part, following in zip(text, (*text[1:], Part("")), strict=False):
        if part.style == "bare" and part.text.endswith("_") and part.text.strip("$_") and following.is_hole:
            parts += [
                Part("${" + part.text[1:].rstrip("_") + "}", "braced"),
                Part("_" * (len(part.text) - len(part.text.rstrip("_")))),
            ]
        else:
            parts.append(part)
    return Text(parts)
