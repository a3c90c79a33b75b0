"""What value a word of shell text has, and where its bytes stand: takes a stretch of a word, gives the bytes of its value.

Quote removal is that of the Bash Reference Manual, 3.1.2 and 3.5.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.languages.shell_syntax import Part
from qcilint.view import Span

_GLOB = re.compile(rb"[*?\[]|\{[^{}]{0,2000}(?:,|\.\.)")
_ESCAPED = re.compile(rb"\\[\"\\$`]")
_TOKEN = re.compile(rb"(?P<escape>\\(?:[A-Za-z0-9_./:@%+${-]|\r?\n))|[A-Za-z0-9_./:@%+-]+|\$")
_KINDS = {"parameter": "parameter", "substitution": "output", "arithmetic": "output", "hole": "template"}
_READABLE = ("text", "parameter", "output", "template")
_CONTINUED = re.compile(rb"\\\r?\n")
_WORD = re.compile(rb"(?:[^\s\\]|\\(?!\r?\n))++")
_OPAQUE = re.compile(rb"\$\(|`|\$\{[^}]{0,500}\s")

OUTPUT = "the output of a command"
CALCULATION = "the result of a calculation"
ESCAPES = "a text with backslashes"
LINES = "a text of several lines"
QUOTES = "a text in several quotes"
PATTERN = "what a pattern stands for"


class Value(NamedTuple):
    """The value of a stretch of a word."""

    span: Span | None = None
    """Its bytes, where they stand side by side."""
    problem: str = ""
    """What it is, where it cannot be read off."""
    listed: Span | None = None
    """Its bytes with line continuations in them: good for nothing but to be split into words."""

    @property
    def is_empty(self) -> bool:
        """There is no text in it."""
        return not (self.span or self.problem)


class Run(NamedTuple):
    """Text of a word that may be one reference, or a part of one."""

    pieces: tuple[Span, ...]
    """Its bytes and the expansions in it, in order."""
    is_divided: bool
    """Quotes stand between the pieces."""
    is_escaped: bool
    """A backslash stands in it."""


class _Stretch(NamedTuple):
    kind: str
    """`text`, `parameter`, `output`, `template`, or what cannot be read off."""
    start: int
    end: int


def read_value(text: bytes, start: int, end: int, parts: Sequence[Part], *, is_list: bool = False) -> Value:
    """The value of `text[start:end]`, which holds `parts`. In a list, patterns are expanded."""
    stretches = [each for each in _stretches(text, start, end, parts, is_list=is_list) if each.start < each.end]
    if not stretches:
        return Value()
    whole = (stretches[0].start, stretches[-1].end)
    side_by_side = all(before.end == after.start for before, after in pairwise(stretches))
    problems = [each.kind for each in stretches if each.kind not in _READABLE]
    if stretches[0].kind == "output":
        return Value(problem=CALCULATION if text.startswith((b"$((", b"$["), stretches[0].start) else OUTPUT)
    if problems:
        continued = side_by_side and all(problem == LINES for problem in problems)
        return Value(problem=problems[0], listed=whole if continued else None)
    return Value(span=whole) if side_by_side else Value(problem=QUOTES)


def runs(text: bytes, start: int, end: int, parts: Sequence[Part]) -> Iterator[Run]:
    """The stretches of a value between characters that stand in no reference."""
    pieces: list[Span] = []
    is_divided = is_escaped = False
    for kind, low, high in _tokens(_stretches(text, start, end, parts, is_list=False), text):
        if kind == "end":
            if pieces:
                yield Run(tuple(pieces), is_divided, is_escaped)
            pieces, is_divided, is_escaped = [], False, False
            continue
        is_divided = is_divided or bool(pieces and pieces[-1][1] < low)
        is_escaped = is_escaped or kind == "escape"
        pieces.append((low, high))


def _tokens(stretches: Iterable[_Stretch], text: bytes) -> Iterator[_Stretch]:
    """Stretches cut into what may stand in a reference, escapes, and `end` where anything else stands."""
    for stretch in stretches:
        if stretch.kind in ("parameter", "output", "template"):
            yield stretch
            continue
        at = stretch.start
        for match in _TOKEN.finditer(text, stretch.start, stretch.end):
            if match.start() > at:
                yield _Stretch("end", at, at)
            yield _Stretch("escape" if match["escape"] else "text", *match.span())
            at = match.end()
        if at < stretch.end:
            yield _Stretch("end", at, at)
    yield _Stretch("end", 0, 0)


def _stretches(text: bytes, start: int, end: int, parts: Sequence[Part], *, is_list: bool) -> Iterator[_Stretch]:
    at = start
    for part in parts:
        if part.start < at or part.end > end:
            continue
        yield from _bare(text, at, part.start, is_list=is_list)
        inner = part.start + (2 if text[part.start : part.start + 1] == b"$" else 1)
        last = max(inner, part.end - 1)
        if part.kind == "double":
            yield from _in_double(text, inner, last, part.parts)
        elif part.kind in ("single", "ansi"):
            escaped = part.kind == "ansi" and b"\\" in text[inner:last]
            yield _Stretch(ESCAPES if escaped else "text", inner, last)
        else:
            yield _whole(part)
        at = part.end
    yield from _bare(text, at, end, is_list=is_list)


def _bare(text: bytes, start: int, end: int, *, is_list: bool) -> Iterator[_Stretch]:
    if start >= end:
        return
    kind = "text"
    if text.find(b"\\", start, end) >= 0:
        kind = ESCAPES
    elif is_list and _GLOB.search(text, start, end):
        kind = PATTERN
    yield _Stretch(kind, start, end)


def _in_double(text: bytes, start: int, end: int, parts: Sequence[Part]) -> Iterator[_Stretch]:
    at = start
    for part in [*parts, None]:
        stop = part.start if part else end
        if _ESCAPED.search(text, at, stop):
            yield _Stretch(ESCAPES, at, stop)
        else:
            yield _Stretch(LINES if _CONTINUED.search(text, at, stop) else "text", at, stop)
        if part:
            yield _whole(part)
            at = part.end


def _whole(part: Part) -> _Stretch:
    return _Stretch(_KINDS.get(part.kind, "text"), part.start, part.end)


def words_in(text: bytes, value: Value) -> list[Span] | None:
    """The words that a value becomes when the shell splits it at blanks; None where they cannot be told."""
    span = value.listed or value.span
    if span is None or _OPAQUE.search(text, *span) or (value.span and _CONTINUED.search(text, *span)):
        return None
    words = [match.span() for match in _WORD.finditer(text, *span)]
    between = [text[before[1] : after[0]] for before, after in pairwise(words)]
    return None if any(not _CONTINUED.sub(b"", blank) for blank in between) else words
