"""Whether an edited YAML text still says the same, apart from the edited scalars: compared by what the parser reads."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from qcilint.edits import Edit, Shift
from qcilint.languages.yaml_source import Source, events, is_deep
from qcilint.view import Span

LARGEST = 2_000_000
"""Bytes of a text that is not parsed: what is larger is generated, and its references have no certain context."""
_ENDED, _REFUSED = object(), object()
"""What is behind the events of a text that the parser takes, and of one that it does not take."""


def difference(before: bytes, after: bytes, edits: Sequence[Edit]) -> str:
    """What differs besides scalars that hold an edit and items that an edit adds; empty if nothing does.

    A text that the parser does not take before the edits is not compared.
    """
    source, fixed = Source(before, 0, len(before)), Source(after, 0, len(after))
    shift = Shift(edits)
    added = [shift((at, at)) for at in sorted({edit.start for edit in edits if edit.start == edit.end})]
    # Both are read at once and nothing is kept: a text may be long, and its edits are few.
    old = _read(before, source)
    problem = _compare(source, old, fixed, _without(_read(after, fixed), fixed, added), edits)
    return "" if problem and any(event is _REFUSED for event in old) else problem


def _read(text: bytes, source: Source) -> Iterator[Any]:
    """The events of a text, and whether these are all."""
    if len(text) > LARGEST or not source.exact or is_deep(source.chars):
        yield _REFUSED
        return
    try:
        yield from events(source.chars, pure=False)
    except Exception:  # a parser refuses in many ways
        yield _REFUSED
    else:
        yield _ENDED


def _compare(source: Source, old: Iterator[Any], fixed: Source, new: Iterator[Any], edits: Sequence[Edit]) -> str:
    """What differs first."""
    made = sorted((edit.start, edit.end) for edit in edits)
    for one, other in zip(old, new, strict=False):
        if one is _REFUSED or (one is _ENDED and other is _ENDED):
            return ""
        if other is _REFUSED:
            return "the result is no valid YAML any more"
        if type(one) is not type(other):
            at = fixed.offset(other.start_mark.index) if one is _ENDED else source.offset(one.start_mark.index)
            return f"its structure changes at byte {at}"
        if not _are_alike(one, other):
            start, end = source.offset(one.start_mark.index), source.offset(one.end_mark.index)
            at = bisect_left(made, (start,))
            if at == len(made) or made[at][1] > end:
                return f"the value at byte {start} changes"
    return ""


def _are_alike(one: Any, other: Any) -> bool:
    """Whether two events of one kind say the same: value and whether it is plain, anchor, tag."""
    return all(getattr(one, name, None) == getattr(other, name, None) for name in ("value", "anchor", "tag", "implicit"))


def _without(stream: Iterator[Any], source: Source, added: Sequence[Span]) -> Iterator[Any]:
    """The events without the scalars that stand in one of the spans."""
    if not added:
        return stream
    return (event for event in stream if type(event).__name__ != "ScalarEvent" or not _is_within(event, source, added))


def _is_within(event: Any, source: Source, spans: Sequence[Span]) -> bool:
    """Whether a scalar stands in one of the spans, which are in order and do not overlap."""
    start, end = source.offset(event.start_mark.index), source.offset(event.end_mark.index)
    at = bisect_right(spans, (start, sys.maxsize)) - 1
    return at >= 0 and end <= spans[at][1]
