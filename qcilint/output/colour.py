"""Whether to colour, and the few colours there are."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

CODES = {"bold": "1", "red": "1;31", "yellow": "1;33", "green": "32", "cyan": "36", "dim": "2"}


def wanted(choice: str, stream: TextIO) -> bool:
    """`--color` decides, then FORCE_COLOR, then NO_COLOR, then whether the stream is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("NO_COLOR"):
        return False
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Painter:
    """Colours text, or not."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, colour: str, text: str) -> str:
        return f"\x1b[{CODES[colour]}m{text}\x1b[0m" if self.on else text
