"""Lines and columns in the three units that readers expect, all from 1 and all from the same byte offsets.

People and their editors count characters, SARIF counts UTF-16 code units, and reviewdog counts bytes of UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from qcilint.source import Source

Unit = Callable[[bytes], int]
"""The length of a piece of a line."""

_BOM = b"\xef\xbb\xbf"


class Region(NamedTuple):
    """A stretch of text; the end column is the one after its last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def characters(piece: bytes) -> int:
    """The length in characters; what is no UTF-8 counts as replacement characters."""
    return len(piece.decode("utf-8", "replace"))


def utf16_units(piece: bytes) -> int:
    """The length in UTF-16 code units (SARIF 2.1.0, 3.14.17)."""
    return len(piece.decode("utf-8", "replace").encode("utf-16-le")) // 2


def utf8_bytes(piece: bytes) -> int:
    """The length in bytes: rdformat, `Position.column`."""
    return len(piece)


def region(source: Source, start: int, end: int, unit: Unit) -> Region:
    """Where the bytes `start..end` stand."""
    return Region(*_position(source, start, unit), *_position(source, end, unit))


def _position(source: Source, offset: int, unit: Unit) -> tuple[int, int]:
    line = source.line(offset)
    start = source.line_span(line)[0]
    if unit is utf16_units and start == 0 and source.data.startswith(_BOM):
        start = len(_BOM)  # SARIF 2.1.0, 3.30.1: a byte order mark does not count
    return line, unit(source.data[start:offset]) + 1
