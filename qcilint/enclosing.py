"""Which of many spans hold a stretch of bytes, without looking at all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from qcilint.view import Span


class Enclosing:
    """Spans, which may overlap."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._order = sorted(range(len(spans)), key=spans.__getitem__)
        self._spans = [spans[number] for number in self._order]
        self._starts = [start for start, _ in self._spans]
        self._longer: list[int] = []
        """For each span, the last one before it that ends later; those between end no later than it."""
        for at, (_, end) in enumerate(self._spans):
            before = at - 1
            while before >= 0 and self._spans[before][1] <= end:
                before = self._longer[before]
            self._longer.append(before)

    def numbers(self, start: int, end: int) -> list[int]:
        """The numbers of the spans that hold bytes `start..end`, in the order in which they were given."""
        return sorted(self._order[at] for at in self._holding(start, end))

    def holds(self, start: int, end: int, *, wider: bool = False) -> bool:
        """Whether one of the spans holds bytes `start..end`, and with `wider` more than these."""
        return any(not wider or self._spans[at] != (start, end) for at in self._holding(start, end))

    def _holding(self, start: int, end: int) -> Iterator[int]:
        at = bisect_right(self._starts, start) - 1
        while at >= 0:
            if self._spans[at][1] >= end:
                yield at
                at -= 1
            else:
                at = self._longer[at]
