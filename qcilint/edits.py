"""Edits: replacements of bytes at a place, and how they are applied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable

from qcilint.records import NamedTuple
from qcilint.view import Span


class Edit(NamedTuple):
    """Replace the bytes `old` at `start..end` by `new`."""

    start: int
    end: int
    old: bytes
    new: bytes


class FixError(Exception):
    """Edits that may not be made; the text says why. Nothing was written."""


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with every edit made. Raises FixError where edits overlap or the text is not what they expect."""
    parts: list[bytes] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise FixError(f"two edits overlap at byte {edit.start}")
        if data[edit.start : edit.end] != edit.old:
            raise FixError(f"the text at byte {edit.start} is not what the edit expects")
        parts += [data[at : edit.start], edit.new]
        at = edit.end
    parts.append(data[at:])
    return b"".join(parts)


class Shift:
    """Where bytes of the old text stand in the new one."""

    def __init__(self, edits: Iterable[Edit], apart: Collection[Edit] = ()) -> None:
        """`apart`: insertions that do not belong to a span that begins or ends where they are made; all others do."""
        self._edits, self._apart = sorted(edits), frozenset(apart)
        self._ends = [edit.end for edit in self._edits]
        self._sums = [0]
        for edit in self._edits:
            self._sums.append(self._sums[-1] + len(edit.new) - len(edit.old))

    def __call__(self, span: Span) -> Span:
        """The new place of a span; an end that lies within an edit becomes that end of the edit."""
        return self._at(span[0], is_end=False), self._at(span[1], is_end=True)

    def _at(self, offset: int, *, is_end: bool) -> int:
        count = bisect_right(self._ends, offset)
        while count and self._edits[count - 1].start == offset and (self._edits[count - 1] in self._apart) == is_end:
            count -= 1
        if count < len(self._edits) and self._edits[count].start < offset:
            edit = self._edits[count]
            return edit.start + self._sums[count] + (len(edit.new) if is_end else 0)
        return offset + self._sums[count]
