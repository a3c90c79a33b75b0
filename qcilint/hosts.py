"""The hosts that rules name: what to search for, and which byte strings a file must hold to matter.

A host pattern is a registry host, perhaps followed by a repository (`quay.io/openshift/ci`). A `*` stands for
one or more letters, digits or hyphens: `registry.build*.ci.openshift.org`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# A dot as it is written in plain text, in regular expressions and in percent-encoded text.
_DOT = rb"(?:\\{0,4}\.|\[\.\]|%2[Ee])"
_SLASH = rb"(?:\\{0,4}/)"
LABEL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
"""What a `*` stands for one or more of."""
_LABEL = rb"[A-Za-z0-9-]+"
SHORTEST_NEEDLE = 8
"""A shorter literal would stand in too many files to be worth a search."""
_ENOUGH_DOTS = 2
"""Dots in the beginning of a host: `registry.apps` says too little."""


@cache
def host_regex(pattern: str) -> bytes:
    """A regular expression for one host pattern and its escaped spellings."""
    regex = re.escape(pattern.encode())
    return regex.replace(rb"\*", _LABEL).replace(rb"\.", _DOT).replace(b"/", _SLASH)


def literals(pattern: str) -> list[bytes]:
    """The texts that stand in every spelling of a host pattern, its dots and slashes apart."""
    text = pattern.replace(".", "*").replace("/", "*")
    return [part.encode() for part in text.split("*") if part]


def hosts_regex(patterns: Iterable[str]) -> bytes:
    """A regular expression for any of the host patterns, the longest first, in every spelling."""
    ordered = sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern))
    return b"|".join(b"(?:%s)" % host_regex(pattern) for pattern in ordered)


def around_escapes(found: Iterable[bytes]) -> tuple[bytes, bytes]:
    """The bytes that may stand in front of the first backslash of a needle, and those behind a dot or a slash of a plain one."""
    before, after = set[int](), set[int]()
    for needle in found:
        plain, escape, _ = needle.partition(b"\\")
        before.update(plain[-1:] if escape else b"")
        after.update(b"".join(re.findall(rb"[./](.)", b"" if escape else needle)))
    return bytes(sorted(before)), bytes(sorted(after))


def needles(patterns: Iterable[str]) -> tuple[bytes, ...]:
    """The fewest byte strings of which every text that holds one of `patterns`, plain or escaped, holds at least one."""
    wanted = {pattern: _candidates(pattern) for pattern in patterns}
    chosen: list[bytes] = []
    while wanted:
        counts: dict[bytes, int] = {}
        for candidates in wanted.values():
            for candidate in candidates:
                counts[candidate] = counts.get(candidate, 0) + 1
        best = max(counts, key=lambda needle: (counts[needle], len(needle), needle))
        chosen.append(best)
        wanted = {pattern: candidates for pattern, candidates in wanted.items() if best not in candidates}
    escaped = {_escaped_needle(needle) for needle in chosen} - {b""}
    return (*_fewest(chosen), *_fewest(escaped))


def _fewest(found: Iterable[bytes]) -> list[bytes]:
    """Those that hold no other one."""
    kept: list[bytes] = []
    for needle in sorted(found, key=lambda needle: (len(needle), needle)):
        if not any(other in needle for other in kept):
            kept.append(needle)
    return sorted(kept)


def _candidates(pattern: str) -> set[bytes]:
    """Parts of the literal runs of a pattern, cut at dots and slashes: ends, and beginnings where these say enough."""
    found: set[bytes] = set()
    for run in pattern.split("*"):
        ends = [run[cut:] for cut in (0, *(m.end() for m in re.finditer(r"[./]", run)))]
        beginnings = [run[: m.start()] for m in re.finditer(r"[./:]", run)]
        candidates = [*ends, *(text for text in beginnings if text.count(".") >= _ENOUGH_DOTS)]
        found.update(text.strip(".").encode() for text in candidates if len(text.strip(".")) >= SHORTEST_NEEDLE)
    return found or {max(pattern.split("*"), key=len).encode()}


def _escaped_needle(needle: bytes) -> bytes:
    r"""What stands in every escaped spelling of a needle: `openshift\` for `ci\.openshift\.org`."""
    labels = needle.split(b".")
    if len(labels) == 1:
        return b""
    label = max(labels[:-1], key=len)
    return label + b"\\" if len(label) >= SHORTEST_NEEDLE else b"\\.".join(labels)
