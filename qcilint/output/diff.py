"""A unified diff of bytes, as `git apply` takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

CONTEXT = 3
"""Unchanged lines around a change."""


class _Block(NamedTuple):
    """Lines that differ, `low..high` of the old text and `new_low..new_high` of the new one."""

    low: int
    high: int
    new_low: int
    new_high: int


def unified(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """Lines of the diff, with their line ends. Expected are edits within lines, and added lines."""
    old, new = _lines(before), _lines(after)
    yield b"--- " + _name("a/" + path) + b"\n"
    yield b"+++ " + _name("b/" + path) + b"\n"
    for group in _groups(_blocks(old, new)):
        low = max(0, group[0].low - CONTEXT)
        new_low = group[0].new_low - (group[0].low - low)
        after_last = min(CONTEXT, len(old) - group[-1].high)
        yield b"@@ -%s +%s @@\n" % (_range(low, group[-1].high + after_last), _range(new_low, group[-1].new_high + after_last))
        for block in group:
            yield from (b" " + _ended(line) for line in old[low : block.low])
            yield from (b"-" + _ended(line) for line in old[block.low : block.high])
            yield from (b"+" + _ended(line) for line in new[block.new_low : block.new_high])
            low = block.high
        yield from (b" " + _ended(line) for line in old[low : low + after_last])


def _name(path: str) -> bytes:
    """A file name as git writes it: quoted where it holds a quote, a backslash or what must not get to a terminal."""
    raw = path.encode("utf-8", "surrogateescape")
    if path.isprintable() and '"' not in path and "\\" not in path:
        return raw + (b"\t" if b" " in raw else b"")
    named = {9: b"\\t", 10: b"\\n", 13: b"\\r", 34: b'\\"', 92: b"\\\\"}
    return b'"' + b"".join(named.get(byte, bytes([byte]) if 32 <= byte < 127 else b"\\%03o" % byte) for byte in raw) + b'"'


def _lines(data: bytes) -> list[bytes]:
    """Lines with their line feed; only a line feed ends a line, as git has it."""
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _blocks(old: list[bytes], new: list[bytes]) -> Iterator[_Block]:
    """Where the texts differ, in order; one pass, as lines were changed in their places or added."""
    at = new_at = 0
    while at < len(old) or new_at < len(new):
        start, new_start = at, new_at
        while at < len(old) and new_at < len(new) and old[at] != new[new_at]:
            added = len(new) - new_at - (len(old) - at)
            skipped = next((count for count in range(1, added + 1) if new[new_at + count] == old[at]), 0)
            if skipped:
                new_at += skipped
                break
            at, new_at = at + 1, new_at + 1
        if at == len(old) or new_at == len(new):
            at, new_at = len(old), len(new)
        if (at, new_at) == (start, new_start):
            at, new_at = at + 1, new_at + 1
        else:
            yield _Block(start, at, new_start, new_at)


def _groups(blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
    """The blocks that are shown together, as their contexts meet."""
    group: list[_Block] = []
    for block in blocks:
        if group and block.low - group[-1].high > 2 * CONTEXT:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _range(low: int, high: int) -> bytes:
    count = high - low
    start = low + 1 if count else low
    return b"%d" % start if count == 1 else b"%d,%d" % (start, count)


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
