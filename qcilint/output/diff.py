"""A unified diff of bytes, as `git apply` takes it."""

from __future__ import annotations

from collections.abc import Iterator

CONTEXT = 3
"""Unchanged lines around a change."""


def unified(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """Lines of the diff, with their line ends. Only edits within lines are expected: both sides have as many lines."""
    old, new = _lines(before), _lines(after)
    yield b"--- " + _name("a/" + path) + b"\n"
    yield b"+++ " + _name("b/" + path) + b"\n"
    for group in _groups(old, new):
        place = _range(group[0][1], group[-1][2])
        yield b"@@ -%s +%s @@\n" % (place, place)
        for changed, low, high in group:
            if not changed:
                yield from (b" " + _ended(line) for line in old[low:high])
                continue
            yield from (b"-" + _ended(line) for line in old[low:high])
            yield from (b"+" + _ended(line) for line in new[low:high])


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


def _groups(old: list[bytes], new: list[bytes]) -> Iterator[list[tuple[bool, int, int]]]:
    """Runs of lines that changed or did not, with what is around the changes; the lines of both texts correspond one to one."""
    changed = [index for index, (left, right) in enumerate(zip(old, new, strict=True)) if left != right]
    start = 0
    while start < len(changed):
        stop = start
        while stop + 1 < len(changed) and changed[stop + 1] - changed[stop] <= 2 * CONTEXT:
            stop += 1
        at, high = max(0, changed[start] - CONTEXT), min(len(old), changed[stop] + 1 + CONTEXT)
        group: list[tuple[bool, int, int]] = []
        index = start
        while index <= stop:
            first = changed[index]
            while index < stop and changed[index + 1] == changed[index] + 1:
                index += 1
            if first > at:
                group.append((False, at, first))
            at = changed[index] + 1
            group.append((True, first, at))
            index += 1
        if high > at:
            group.append((False, at, high))
        yield group
        start = stop + 1


def _range(low: int, high: int) -> bytes:
    count = high - low
    start = low + 1 if count else low
    return b"%d" % start if count == 1 else b"%d,%d" % (start, count)


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
