"""Whether an edited YAML text still says the same, apart from the edited scalars: compared by what the parser reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from qcilint.edits import Edit, Shift
from qcilint.languages.yaml_source import Source, events, is_deep

LARGEST = 2_000_000
"""Bytes of a text that is not parsed: what is larger is generated, and its references have no certain context."""


class _Event(NamedTuple):
    kind: str
    meaning: tuple[Any, ...]
    """What it says: value and whether it is plain (a scalar), anchor, tag."""
    start: int
    end: int


def difference(before: bytes, after: bytes, edits: Sequence[Edit]) -> str:
    """What differs besides scalars that hold an edit and items that an edit adds; empty if nothing does.

    A text that the parser does not take before the edits is not compared.
    """
    old = _events(before)
    if old is None:
        return ""
    new = _events(after)
    if new is None:
        return "the result is no valid YAML any more"
    shift = Shift(edits)
    added = [shift((edit.start, edit.start)) for edit in edits if edit.start == edit.end]  # those at one place count as one
    pending = [
        event for event in new if not (event.kind == "ScalarEvent" and any(a <= event.start and event.end <= b for a, b in added))
    ]
    for one, other in zip_longest(old, pending):
        if one is None or other is None or one.kind != other.kind:
            return f"its structure changes at byte {(one or other).start}"
        if one.meaning != other.meaning and not any(one.start <= edit.start and edit.end <= one.end for edit in edits):
            return f"the value at byte {one.start} changes"
    return ""


def _events(text: bytes) -> list[_Event] | None:
    if len(text) > LARGEST:
        return None
    source = Source(text, 0, len(text))
    if not source.exact or is_deep(source.chars):
        return None
    try:
        return list(_read(source))
    except Exception:  # a parser refuses in many ways
        return None


def _read(source: Source) -> Iterator[_Event]:
    for event in events(source.chars, pure=False):
        meaning = (
            getattr(event, "value", None),
            getattr(event, "anchor", None),
            getattr(event, "tag", None),
            getattr(event, "implicit", None),
        )
        yield _Event(type(event).__name__, meaning, source.offset(event.start_mark.index), source.offset(event.end_mark.index))
