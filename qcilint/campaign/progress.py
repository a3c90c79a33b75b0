"""What is going on: on a terminal the repositories at work, redrawn in place; elsewhere one plain line for each that is done."""

from __future__ import annotations

import os
import shutil
import time
from typing import TextIO

from qcilint.discovery import printable

_REDRAW = 0.1
"""Seconds between two drawings."""


class Progress:
    """Lines of text, and on a terminal a live part below them."""

    def __init__(self, stream: TextIO, total: int, *, live: bool | None = None) -> None:
        self.stream, self.total, self.done = stream, total, 0
        self.live = _is_live(stream) if live is None else live
        self._active: dict[str, str] = {}
        self._drawn = 0
        self._last = 0.0

    def begin(self, name: str, what: str) -> None:
        """Something is done with one thing now."""
        self._active[name] = what
        if self.live and time.monotonic() - self._last >= _REDRAW:
            self._draw()

    def end(self, name: str, outcome: str) -> None:
        """One thing is done."""
        self._active.pop(name, None)
        self.done += 1
        width = len(str(self.total))
        self.line(f"[{self.done:{width}}/{self.total}] {name}: {outcome}")

    def line(self, text: str) -> None:
        """A line that stays."""
        self._clear()
        print(printable(text), file=self.stream, flush=not self.live)
        if self.live:
            self._draw()

    def close(self) -> None:
        """Take the live part away."""
        self._active.clear()
        self._clear()
        self.stream.flush()

    def _clear(self) -> None:
        if self._drawn:
            self.stream.write(f"\x1b[{self._drawn}F\x1b[J")
            self._drawn = 0

    def _draw(self) -> None:
        self._clear()
        size = shutil.get_terminal_size()
        shown = list(self._active.items())[: max(1, size.lines - 3)]
        lines = [f"  {name}: {what}" for name, what in shown] + [f"  {self.done} of {self.total} done"]
        for line in lines:
            self.stream.write(printable(line)[: size.columns - 1] + "\n")
        self.stream.flush()
        self._drawn, self._last = len(lines), time.monotonic()


def _is_live(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
