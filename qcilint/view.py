"""A text taken out of another text, with the way back.

A shell script in a YAML block scalar, a Dockerfile in a Python string: the inner text is not a slice of the
outer one, because indentation, escapes and line continuations were taken out. A view holds the inner bytes
and knows which outer bytes each of them came from. All offsets are bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from qcilint.records import NamedTuple

Span = tuple[int, int]
"""A half-open range of byte offsets, `(start, end)`."""


class Piece(NamedTuple):
    """Bytes `start..end` of the view stand for bytes `outer_start..outer_end` of the outer text.

    Where both lengths are equal the bytes are the same, one to one; otherwise (an escape sequence) the piece
    maps only as a whole.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int

    @property
    def is_plain(self) -> bool:
        """The inner and the outer bytes are the same, one to one."""
        return self.end - self.start == self.outer_end - self.outer_start


class View:
    """Inner bytes in `text`, made of pieces in ascending order of both texts."""

    def __init__(self, text: bytes, pieces: list[Piece]) -> None:
        self.text = text
        self._pieces = pieces
        self._inner_starts = [piece.start for piece in pieces]
        self._starts = [piece.outer_start for piece in pieces]
        self._ends = [piece.outer_end for piece in pieces]

    @classmethod
    def build(cls, parts: Iterable[tuple[bytes, int, int]]) -> View:
        """A view from `(inner bytes, outer start, outer end)` parts, which must be in ascending order."""
        texts: list[bytes] = []
        pieces: list[Piece] = []
        at = 0
        for text, start, end in parts:
            if not text and start == end:
                continue
            texts.append(text)
            pieces.append(Piece(at, at + len(text), start, end))
            at += len(text)
        return cls(b"".join(texts), pieces)

    @classmethod
    def slice(cls, outer: bytes, start: int, end: int) -> View:
        """The plain part `start..end` of `outer`."""
        return cls(outer[start:end], [Piece(0, end - start, start, end)])

    def inward(self, span: Span) -> Span | None:
        """Where the outer `span` stands in the view, or None when a part of it is not in the view."""
        start, end = span
        if end <= start:
            return None
        first = bisect_right(self._starts, start) - 1
        last = bisect_left(self._ends, end)
        if first < 0 or last >= len(self._pieces):
            return None
        for before, after in zip(self._pieces[first:last], self._pieces[first + 1 : last + 1], strict=True):
            if before.outer_end != after.outer_start:
                return None
        low = self._into(self._pieces[first], start, at_end=False)
        high = self._into(self._pieces[last], end, at_end=True)
        return None if low is None or high is None or low > high else (low, high)

    @staticmethod
    def _into(piece: Piece, offset: int, *, at_end: bool) -> int | None:
        if not piece.outer_start <= offset <= piece.outer_end or offset == (piece.outer_start if at_end else piece.outer_end):
            return None
        if piece.is_plain:
            return piece.start + offset - piece.outer_start
        return piece.end if at_end else piece.start

    def outward(self, offset: int) -> int:
        """The outer offset of the inner byte `offset` (the end of the outer text of the last piece, past the end)."""
        piece = self._piece_at(offset)
        if piece is None:
            return self._pieces[-1].outer_end if self._pieces else 0
        return piece.outer_start + (offset - piece.start if piece.is_plain else 0)

    def outward_span(self, span: Span) -> Span | None:
        """Where inner bytes stand in the outer text, or None where they do not stand there one to one."""
        start, end = span
        if end <= start:
            return None
        first, last = self._piece_at(start), self._piece_at(end - 1)
        if first is None or last is None or not first.is_plain or not last.is_plain:
            return None
        low, high = first.outer_start + start - first.start, last.outer_start + end - last.start
        return (low, high) if high - low == end - start else None

    def _piece_at(self, offset: int) -> Piece | None:
        at = bisect_right(self._inner_starts, offset) - 1
        if at < 0 or not self._pieces[at].start <= offset < self._pieces[at].end:
            return None
        return self._pieces[at]
