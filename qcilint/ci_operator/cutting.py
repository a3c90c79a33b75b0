"""Takes out of a configuration the parts that nobody asked for, before it is parsed: most of it is tests.

Only what is laid out as openshift/release has it is cut: keys at the beginning of a line, and everything of theirs indented, or
in a list that begins there. Whatever is taken out becomes empty lines, so that every line keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import pairwise

from qcilint.ci_operator.tested import MARKS, STEPS

_OUTER = re.compile(rb"^[^ \r\n][^\n]*", re.M)
"""Lines that are not indented."""
_KEY = re.compile(rb"([A-Za-z_][A-Za-z0-9_]*):[ ]*(?:\r|#[^\n]*)?")
"""One that opens a list or a mapping."""
_FIELD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*: +[^|>&*!\"'\[{# ][^#\"'\[{]*")
"""One that holds a plain value."""
_ANCHOR = re.compile(rb"[\s\[{,]&[A-Za-z0-9_]")


def cut(data: bytes, wanted: Container[str]) -> bytes:
    """The configuration without the values of other top-level keys than the `wanted`, and without the tests that name no image.

    As it is, where it is laid out in another way. A part that is taken out is not checked for mistakes.
    """
    places = list(_places(data))
    if not places or _ANCHOR.search(data):
        return data
    places.append((len(data), len(data), b""))
    kept: list[bytes] = [data[: places[0][1]]]
    for (_, start, key), (end, after, _) in pairwise(places):
        name = key.decode()
        body = data[start:end]
        kept.append(_steps(body) if name in STEPS and name in wanted else body if not name or name in wanted else _blank(body))
        kept.append(data[end:after])
    return b"".join(kept)


def _places(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each line with a top-level key begins and ends, and the key if it opens what may be cut; none in another layout."""
    found: list[tuple[int, int, bytes]] = []
    for match in _OUTER.finditer(data):
        line = match[0]
        if line.startswith(b"#") or (found and line.startswith(b"- ")):
            continue
        opened = _KEY.fullmatch(line)
        if opened:
            found.append((*match.span(), opened[1]))
        elif _FIELD.fullmatch(line):
            found.append((*match.span(), b""))
        elif line.rstrip() != b"---" or found:
            return
    yield from found


def _steps(body: bytes) -> bytes:
    """A list without the items that name no image."""
    starts = [match.start() for match in _OUTER.finditer(body) if match[0].startswith(b"- ")]
    if not starts:
        return body
    items = [body[start:end] for start, end in pairwise([*starts, len(body)])]
    return body[: starts[0]] + b"".join(item if any(mark in item for mark in MARKS) else _blank(item) for item in items)


def _blank(body: bytes) -> bytes:
    """As many line ends; the text itself where a quoted text may not end in it."""
    if any(body.count(quote) % 2 for quote in (b'"', b"'")):
        return body
    return b"\n" * body.count(b"\n")
