"""A text taken out of another text, with the way back.

A shell script in a YAML block scalar, a Dockerfile in a Python string: the inner text is not a slice of the
outer one, because indentation, escapes and line continuations were taken out. A view holds the inner bytes
and knows which outer bytes each of them came from. All offsets are bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

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


class View:
    """Inner bytes in `text`, made of pieces in ascending order of both texts."""

    def __init__(self, text: bytes, pieces: list[Piece]) -> None:
        self.text = text
        self._pieces = pieces
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
        if piece.end - piece.start == piece.outer_end - piece.outer_start:
            return piece.start + offset - piece.outer_start
        return piece.end if at_end else piece.start

    def outward(self, offset: int) -> int:
        """The outer offset of the inner byte `offset` (the end of the outer text of the last piece, past the end)."""
        for piece in self._pieces:
            if piece.start <= offset < piece.end:
                if piece.end - piece.start == piece.outer_end - piece.outer_start:
                    return piece.outer_start + offset - piece.start
                return piece.outer_start
        return self._pieces[-1].outer_end if self._pieces else 0
