"""How far a run is, on one line of a terminal, for runs that take longer than a second."""

from __future__ import annotations

import os
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

FIRST = 1.0
"""Seconds before anything is shown."""
EVERY = 0.1
"""Seconds between two lines."""
_CLEAR = "\r\x1b[K"


def wanted(stream: TextIO) -> bool:
    """Whether to show it: on a terminal that can take a line back, and not in CI."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


class Progress:
    """Writes one line, again and again, and takes it back in the end."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._due = clock() + FIRST
        self._is_shown = False

    def tell(self, done: int, total: int, what: str) -> None:
        """So many of all are done; seldom shown, so that it may be told often."""
        now = self._clock()
        if now < self._due:
            return
        self._due = now + EVERY
        self._is_shown = True
        self._stream.write(f"{_CLEAR}qcilint: {done:,} of {total:,} {what}")
        self._stream.flush()

    def close(self) -> None:
        """Take the line back."""
        if self._is_shown:
            self._is_shown = False
            self._stream.write(_CLEAR)
            self._stream.flush()
