"""A unified diff of bytes, as `git apply` takes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

CONTEXT = 3
"""Unchanged lines around a change."""


def unified(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """Lines of the diff, with their line ends. Only edits within lines are expected: both sides have as many lines."""
    old, new = _lines(before), _lines(after)
    yield b"--- " + _name("a/" + path) + b"\n"
    yield b"+++ " + _name("b/" + path) + b"\n"
    groups = (
        _groups(old, new)
        if len(old) == len(new)
        else difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)
    )
    for group in groups:
        first, last = group[0], group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
        for tag, low, high, new_low, new_high in group:
            if tag == "equal":
                yield from (b" " + _ended(line) for line in old[low:high])
                continue
            yield from (b"-" + _ended(line) for line in old[low:high])
            yield from (b"+" + _ended(line) for line in new[new_low:new_high])


def _name(path: str) -> bytes:
    """A file name as git writes it: quoted where it holds a quote, a backslash or a control character."""
    raw = path.encode("utf-8", "surrogateescape")
    if not any(byte < 32 or byte in b'"\\\x7f' for byte in raw):
        return raw + (b"\t" if b" " in raw else b"")
    named = {9: b"\\t", 10: b"\\n", 13: b"\\r", 34: b'\\"', 92: b"\\\\"}
    return b'"' + b"".join(named.get(byte, bytes([byte]) if 32 <= byte < 127 else b"\\%03o" % byte) for byte in raw) + b'"'


def _lines(data: bytes) -> list[bytes]:
    """Lines with their line feed; only a line feed ends a line, as git has it."""
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _groups(old: list[bytes], new: list[bytes]) -> Iterator[list[tuple[str, int, int, int, int]]]:
    """What `get_grouped_opcodes` gives, in linear time, for two texts whose lines correspond one to one."""
    changed = [index for index, (left, right) in enumerate(zip(old, new, strict=True)) if left != right]
    start = 0
    while start < len(changed):
        stop = start
        while stop + 1 < len(changed) and changed[stop + 1] - changed[stop] <= 2 * CONTEXT:
            stop += 1
        low, high = max(0, changed[start] - CONTEXT), min(len(old), changed[stop] + 1 + CONTEXT)
        group: list[tuple[str, int, int, int, int]] = []
        at = low
        index = start
        while index <= stop:
            first = changed[index]
            while index < stop and changed[index + 1] == changed[index] + 1:
                index += 1
            if first > at:
                group.append(("equal", at, first, at, first))
            at = changed[index] + 1
            group.append(("replace", first, at, first, at))
            index += 1
        if high > at:
            group.append(("equal", at, high, at, high))
        yield group
        start = stop + 1


def _range(low: int, high: int) -> bytes:
    count = high - low
    start = low + 1 if count else low
    return b"%d" % start if count == 1 else b"%d,%d" % (start, count)


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
