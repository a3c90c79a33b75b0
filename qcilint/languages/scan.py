"""Small steps over bytes that several lexers take: to the end of a line, over backslashes."""

from __future__ import annotations


def line_end(text: bytes, at: int, end: int) -> int:
    """The line feed that ends the line at `at`, or `end`."""
    found = text.find(b"\n", at, end)
    return end if found < 0 else found


def is_escaped(text: bytes, at: int, floor: int) -> bool:
    """Whether an odd number of backslashes stands before `at`; none before `floor` counts."""
    count = 0
    while at - count > floor and text[at - count - 1] == 0x5C:
        count += 1
    return count % 2 == 1
