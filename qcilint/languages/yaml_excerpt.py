"""The few lines of a YAML text that say where its references stand.

A parser makes objects of all that it reads, and most of a long text is about something else: a ci-operator configuration of three
hundred lines has one or two references. Which lines are around a reference follows from the indentation (`yaml_indents`);
that the whole text is valid, the parser can say without objects. What the lines mean is left to the parser: an excerpt is parsed
like a text. A text that is laid out in another way has no excerpt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from qcilint import lazy as re
from qcilint.languages.documents import CI_OPERATOR_KEYS, GENERATOR, is_configuration
from qcilint.languages.yaml_indents import (
    KEY,
    Irregular,
    Line,
    above,
    block,
    check_value,
    end_of_line,
    end_of_value,
    is_regular,
    lead,
    line_at,
    line_of,
    next_line,
)
from qcilint.languages.yaml_nesting import is_argv
from qcilint.languages.yaml_source import Source, is_valid
from qcilint.records import NamedTuple
from qcilint.view import Span

SHORTEST = 600
"""Bytes of a text that is worth an excerpt."""
SPARSE = 400
"""Bytes of a text that is worth one, for each reference."""
MOST = 4_000_000
"""References times bytes: the lines above each reference are looked at, which may be all."""

_BETWEEN = b"#\n"
"""Stands between stretches of lines, so that the end of one is not the start of the next."""
_BLOCK_BELOW = re.compile(rb"\n *+(?:[&!][^\n]* )?[|>]")
"""A block of text that begins on a line of its own: it may be indented less than that."""
_START = re.compile(rb"---(?: *+#[^\n]*| *+)(?:\n|\Z)")
_CI_OPERATOR = re.compile(rb"\n(%s):(?=[ \n]|\Z)" % "|".join(sorted(CI_OPERATOR_KEYS)).encode())
_OTHER_KEY = re.compile(rb"\n(?![ \n#]|-[ \n]|%s:[ \n]|%s:\Z|\Z)" % (KEY, KEY))
_OBJECT = (b"apiVersion", b"kind")
_GENERATOR = GENERATOR.encode()
_ODD_ENDS = tuple(key + end for key in (*_OBJECT, _GENERATOR) for end in (b'"', b"'", b" "))
_TELLING = b"|".join([*_OBJECT, re.escape(_GENERATOR)])
_ODD_KEY = re.compile(rb"(?:%s)(?:[\"']| +:)" % _TELLING)
_MARKED_KEY = re.compile(rb"[&!]\S* +(?:%s)[ :]" % _TELLING)
"""Keys that say what the object around them is in other forms than `key:`."""


class Excerpt(NamedTuple):
    """Lines of a text, as one text."""

    source: Source
    starts: list[int]
    """Where each stretch of lines begins in the excerpt."""
    places: list[int]
    """Where it begins in the text."""

    @property
    def chars(self) -> str:
        """The lines, for a parser."""
        return self.source.chars

    def offset(self, index: int) -> int:
        """The byte of the text at character `index` of the excerpt."""
        at = self.source.offset(index)
        number = bisect_right(self.starts, at) - 1
        return self.places[number] + at - self.starts[number]


def excerpt(text: bytes, source: Source, spans: Sequence[Span]) -> Excerpt | None:
    """What a parser needs to see to place the references `spans` of `text`, all of which is in `source`.

    It finds for each the same scalar or comment as in the whole text, and the same labels and keys around it.
    """
    is_worth = len(text) >= max(SHORTEST, len(spans) * SPARSE) and len(spans) * len(text) <= MOST
    if not (is_worth and is_regular(text, source)):
        return None
    try:
        kept = [span for document in _documents(text, spans) for span in document.lines()]
    except Irregular:
        return None
    return _joined(text, source, kept)


def surroundings(text: bytes, source: Source, at: int) -> Excerpt | None:
    """What a parser needs to see of the scalar at byte `at` and the collections around it.

    It finds the three innermost as in the whole text, with all that they hold.
    """
    if not (len(text) >= SHORTEST and is_regular(text, source)):
        return None
    try:
        (document,) = _documents(text, [(at, at + 1)])
        return _joined(text, source, document.surroundings(at))
    except Irregular:
        return None


def _joined(text: bytes, source: Source, kept: list[Span]) -> Excerpt | None:
    stretches: list[Span] = []
    for start, end in sorted(kept):
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    lengths = [end - start + len(_BETWEEN) for start, end in stretches]
    if sum(lengths) * 2 > len(text) or not is_valid(source.chars):
        return None
    joined = _BETWEEN.join([text[start:end] for start, end in stretches])
    return Excerpt(Source(joined, 0, len(joined)), [0, *accumulate(lengths)][:-1], [start for start, _ in stretches])


def _documents(text: bytes, spans: Sequence[Span]) -> Iterator[_Document]:
    """The documents that hold references."""
    start = index = 0
    while index < len(spans) and start < len(text):
        end = text.find(b"\n---", start) + 1 or len(text)
        if end < len(text) and not _START.match(text, end):
            raise Irregular
        first = index
        while index < len(spans) and spans[index][0] < end:
            index += 1
        if index > first:
            yield _Document(text, start, end, spans[first:index])
        start = end


class _Document:
    """The document at bytes `start..end` of a text, with the references in it."""

    def __init__(self, text: bytes, start: int, end: int, spans: Sequence[Span]) -> None:
        self.text, self.end, self.spans = text, end, spans
        self.body = start
        if text.startswith(b"---", start):
            if not (match := _START.match(text, start)):
                raise Irregular
            self.body = match.end()
        first = next_line(text, self.body)
        if first is None or first.start >= end or first.column or not (first.key or first.is_item):
            raise Irregular
        self.is_list = first.is_item
        self.kept = [(start, self.body)]
        self._keep(first)
        self._above: dict[int, list[Line]] = {}
        self._mappings: set[tuple[int, int, int]] = {(0, self.body, self.body)}
        """The mappings around references: the column, where the first line begins or the one before it, and a line in it."""

    def _keep(self, line: Line) -> None:
        is_telling = line.key in _OBJECT or line.key == _GENERATOR
        end = end_of_value(self.text, line, items=False) if is_telling else end_of_line(self.text, line.start)
        self.kept.append((line.start, end))

    def lines(self) -> list[Span]:
        """The lines that lead to the references, those of their scalars, and those that say what the document is."""
        text, end = self.text, 0
        for start, _ in self.spans:
            if start < end:
                continue
            line = line_of(text, start)
            around = above(text, line, self.body, self._above)
            header = block(line, around)
            if header is not None:
                line, around = around[header], around[header + 1 :]
            elif line.is_comment:
                if _BLOCK_BELOW.search(text, self.body, self.end):
                    raise Irregular
                continue
            else:
                check_value(line, start)
            end = end_of_value(text, line, items=False)
            self.kept.append((line.start, end))
            for each in self._lead(line, around):
                if is_argv((each.key or b"").decode()):
                    self.kept.append((each.start, end_of_value(text, each, items=True)))  # the other words
        if not self.is_list:
            self._tell_configuration()
        for key, tell in ((_OBJECT[0], self._tell_kinds), (_GENERATOR, self._tell_generators)):
            if key in text:
                if _MARKED_KEY.search(text) or (any(each in text for each in _ODD_ENDS) and _ODD_KEY.search(text)):
                    raise Irregular
                tell()
        return self.kept

    def surroundings(self, at: int) -> list[Span]:
        """The lines that lead to the scalar at a byte, and all that is in the value of the third key around it."""
        line = line_of(self.text, at)
        around = above(self.text, line, self.body, self._above)
        if block(line, around) is not None:
            raise Irregular
        check_value(line, at)
        opening = self._lead(line, around)
        if len(opening) < 3:
            raise Irregular
        return [*self.kept, (opening[2].start, end_of_value(self.text, opening[2], items=True))]

    def _lead(self, line: Line, around: Sequence[Line]) -> list[Line]:
        """Keep the lines above that lead to `line`."""
        opening = lead(self.text, line, around)
        chain = [line, *around]
        top = chain[-1]
        if top.column or top.is_item != self.is_list or not (top.is_item or top.key):
            raise Irregular
        for each, upper in zip(chain, [*around, None], strict=True):
            if each.content:
                before = each if each.is_item or upper is None else upper
                self._mappings.add((each.content, before.start, each.start))
            if each is not line:
                self._keep(each)
        return opening

    def _tell_configuration(self) -> None:
        """Keep as many keys at the top as tell whether this is a ci-operator configuration."""
        shown = b"\n" + self.text[self.body : self.end]  # a line begins, in the text, where the line end before does in this
        keys: dict[bytes, int] = {}
        for match in _CI_OPERATOR.finditer(shown):
            keys.setdefault(match[1], self.body + match.start())
            if is_configuration(frozenset(key.decode() for key in keys)):
                break
        else:
            if _OTHER_KEY.search(shown):
                raise Irregular
        self.kept += [(at, end_of_line(self.text, at)) for at in keys.values()]

    def _tell_kinds(self) -> None:
        """Keep the lines that say of which kind the objects around the references are."""
        for column, start, at in self._mappings:
            end = self._end(column, at)
            for key in _OBJECT:
                for found in _found(self.text, b"\n" + b" " * column + key + b":", max(start - 1, 0), end):
                    self._keep(line_at(self.text, found + 1))

    def _tell_generators(self) -> None:
        """Keep the labels of the objects around the references that say what generated them."""
        for found in _found(self.text, _GENERATOR, self.body, self.end):
            line = line_of(self.text, found)
            upper = next(iter(above(self.text, line, self.body, self._above)), None)
            if line.key != _GENERATOR or line.is_item:
                raise Irregular
            if upper is not None and (upper.key is None or not upper.holds(line)):
                raise Irregular
            if upper is not None and self._is_around(upper):
                if not upper.is_open:
                    raise Irregular
                self._keep(upper)
                self._keep(line)

    def _is_around(self, line: Line) -> bool:
        """Whether the key of a line is one of a mapping around a reference."""
        around = [(start, at) for column, start, at in self._mappings if column == line.content and start <= line.start]
        return bool(around) and line.start < self._end(line.content, max(around)[1])

    def _end(self, column: int, at: int) -> int:
        """Where the lines behind byte `at` end that are indented by `column` or more."""
        match = _less(column).search(self.text, at, self.end) if column else None
        return match.start() + 1 if match else self.end


@lru_cache(64)
def _less(column: int) -> re.Pattern[bytes]:
    """A line that is indented less than a column."""
    return re.compile(rb"\n {0,%d}[^ \n#]" % (column - 1))


def _found(text: bytes, part: bytes, start: int, end: int) -> Iterator[int]:
    """Where a part stands in a stretch of a text."""
    while (at := text.find(part, start, end)) >= 0:
        yield at
        start = at + 1
