"""What differs between a line and what an edit makes of it."""

from __future__ import annotations

from qcilint.scripts.regexes import Pattern


def changed(old: str, new: str) -> tuple[int, int]:
    """How many characters two lines have in common at their beginning and at their end."""
    limit = min(len(old), len(new))
    start = next((i for i in range(limit) if old[i] != new[i]), limit)
    limit -= start
    return start, next((i for i in range(limit) if old[-1 - i] != new[-1 - i]), limit)


def parts(old: str, new: str) -> tuple[str, str]:
    """What differs between two lines."""
    start, end = changed(old, new)
    return old[start : len(old) - end], new[start : len(new) - end]


def around(old: str, new: str) -> str:
    """What of the old line differs, with the character on either side."""
    start, end = changed(old, new)
    return old[max(start - 1, 0) : len(old) - end + 1]


def touches(pattern: Pattern, old: str, new: str) -> bool:
    """Whether a match stands in what differs."""
    start, end = changed(old, new)
    return any(a < max(len(x) - end, start + 1) and b > start for x in (old, new) for a, b in pattern.spans(x))
