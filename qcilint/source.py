"""One file's bytes, and lines and columns for people."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_right
from itertools import accumulate

from qcilint.records import dataclass, field


@dataclass(slots=True)
class Source:
    """The bytes of one file."""

    path: str
    """As the user named it, for output; undecodable bytes are surrogates."""
    data: bytes
    repo_path: str = ""
    """Relative to the top of the repository, with `/`: what path patterns of rules match."""
    _starts: array[int] = field(default_factory=lambda: array("Q"), repr=False)
    """Where its lines start, once one was asked for; a list would take more room than the bytes of a file of short lines."""
    _column: tuple[int, int] = field(default=(0, 0), repr=False, compare=False)
    """A byte offset, and the characters in front of it in its line: each of many in one line is counted from the one before."""

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset, both from 1; the column counts characters."""
        line = self.line(offset)
        start = self._starts[line - 1]
        at, count = self._column if start <= self._column[0] <= offset else (start, 0)
        count += len(self.data[at:offset].decode("utf-8", "replace"))
        if self.data[offset : offset + 1] < b"\x80":  # no character goes on here: what follows may be counted from here
            self._column = offset, count
        return line, count + 1

    def line(self, offset: int) -> int:
        """The line of a byte offset, from 1. Only a line feed ends a line."""
        if not self._starts:
            lengths = map(len, self.data.split(b"\n"))
            kind = "I" if len(self.data) < 1 << 32 else "Q"
            self._starts = array(kind, accumulate(lengths, lambda start, length: start + length + 1, initial=0))
            self._starts.pop()
        return bisect_right(self._starts, offset)

    def line_span(self, line: int) -> tuple[int, int]:
        """Start and end byte of a line, without its line ending."""
        self.line(0)
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.data)
        return start, end - 1 if self.data[end - 1 : end] == b"\r" and end > start else end


def read(path: str) -> bytes:
    """The bytes of a file. Raises OSError."""
    with open(os.fsencode(path), "rb") as file:
        return file.read()


def is_binary(head: bytes) -> bool:
    """Whether these first bytes are no text, by git's rule: a NUL among the first 8,000 bytes."""
    return b"\0" in head[:8000]
