"""YAML that no parser takes, line by line: keys by indentation, quotes and comments. Never more than a good guess."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.documents import MAX_KEY, MAX_KEYS, is_transport, is_word, where
from qcilint.records import dataclass, field
from qcilint.view import Span

_LINE = re.compile(rb"[^\n]*+(?:\n|\Z)")
_START = re.compile(rb"([ \t]*+)((?:-[ \t]++)*+)")
_KEY = re.compile(
    rb"(?:\"(?P<double>(?:[^\"\\\r\n]|\\.)*+)\"|'(?P<single>[^'\r\n]*+)'|(?P<plain>(?![\[{](?!\{))[^\s:#\"'][^:\r\n]*+(?::(?=\S)[^:\r\n]*+)*+))"
    rb"[ \t]*+:(?=\s|\Z)[ \t]*+",
)
_PROPERTIES = re.compile(rb"(?:[&!]\S*+[ \t]++)*+")
_BLOCK = re.compile(rb"[|>][-+0-9]{0,2}[ \t]*+(?:#[^\r\n]*+)?\r?(?:\n|\Z)")
_QUOTED = {34: re.compile(rb"\"(?:[^\"\\]|\\.)*+\"", re.DOTALL), 39: re.compile(rb"'(?:[^']|'')*+'")}
_COMMENT = re.compile(rb"(?<!\S)#")
_IN_FLOW = re.compile(rb"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'|(?P<comment>(?<!\S)#)")


@dataclass(slots=True)
class _State:
    """What the lines before said."""

    open: list[tuple[int, str]] = field(default_factory=list)
    """The mappings that are open: the column of their key, and the key."""
    block: int | None = None
    """In a block scalar: the column of its key, or of the dash before it."""
    quoted: int = 0
    """Where a quoted scalar of several lines ends."""

    def keys(self) -> tuple[str, ...]:
        return tuple(key for _, key in self.open[:MAX_KEYS] if key != "<<")

    def close(self, column: int) -> None:
        while self.open and self.open[-1][0] >= column:
            self.open.pop()


@dataclass(slots=True)
class _Parts:
    """The parts of a line: `key` and `value` are ranges, and a comment begins at `comment`."""

    key: Span
    value: Span
    comment: int
    whole: Span
    """The value without quotes; empty where it is not all of a scalar."""
    double: bool = False


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each reference, as far as single lines tell."""
    found: list[Context] = []
    state = _State()
    at = 0
    while len(found) < len(spans) and at < len(text):
        match = _LINE.match(text, at)
        end = match.end() if match else len(text)
        line = _read(text, at, end, state)
        if spans[len(found)][0] < end:
            keys = state.keys()
            while len(found) < len(spans) and spans[len(found)][0] < end:
                found.append(_context(text, spans[len(found)], line, keys))
        at = end
    return found + [Context("unknown", "yaml", whole=False)] * (len(spans) - len(found))


def _context(text: bytes, span: Span, line: _Parts, keys: tuple[str, ...]) -> Context:
    start, end = span
    if start >= line.comment:
        return Context("comment", "yaml", whole=is_word(text, start, end))
    if line.key[0] <= start < line.key[1]:
        return Context("key", "yaml", whole=span == line.key, escapes=line.double)
    whole = line.whole[0] <= start and end == line.whole[1] and is_transport(text[line.whole[0] : start][:40])
    return Context(where(keys, ci_operator=False), "yaml", whole=whole, escapes=line.double)


def _read(text: bytes, start: int, end: int, state: _State) -> _Parts:
    """Take one line into the state."""
    nothing = _Parts((0, 0), (start, end), end, (0, 0))
    if start < state.quoted:
        return nothing
    match = _START.match(text, start, end)
    indent, dashes = (match[1], match[2]) if match else (b"", b"")
    content = start + len(indent) + len(dashes)
    bare = text[content:end].strip()
    if state.block is not None:
        if not text[start:end].strip() or len(indent) > state.block:
            return nothing
        state.block = None
    if not bare:
        return nothing
    if bare.startswith(b"#"):
        return _Parts((0, 0), (start, start), content, (0, 0))
    if text.startswith(b"---", start):
        state.open.clear()
    state.close(len(indent) + (1 if dashes else 0))
    key, column, at = (0, 0), len(indent) if dashes else -1, content
    if found := _KEY.match(text, at, end):
        name, column = found.lastgroup or "plain", content - start
        state.close(column)
        state.open.append((column, found[name].strip().decode("utf-8", "replace")[:MAX_KEY]))
        key, at = found.span(name), found.end()
    properties = _PROPERTIES.match(text, at, end)
    at = properties.end() if properties else at
    if _BLOCK.match(text, at, end):
        state.block = max(column, len(indent) - 1)
        return _Parts(key, (at, end), _comment(text, at, end), (0, 0))
    return _value(text, at, end, state, key, column)


def _comment(text: bytes, at: int, end: int) -> int:
    match = _COMMENT.search(text, at, end)
    return match.start() if match else end


def _value(text: bytes, at: int, end: int, state: _State, key: Span, column: int) -> _Parts:
    first = text[at] if at < end else 0
    if first in _QUOTED:
        match = _QUOTED[first].match(text, at, end)
        if match:
            comment = _comment(text, match.end(), end)
            alone = not text[match.end() : comment].strip()
            whole = (at + 1, match.end() - 1) if alone else (0, 0)
            return _Parts(key, (at, match.end()), comment, whole, double=first == 34)
        state.quoted = _long_quote(text, at, end, column)
        return _Parts(key, (at, end), end, (0, 0), double=first == 34)
    if first in b"[{":
        comment = next((match.start() for match in _IN_FLOW.finditer(text, at, end) if match["comment"]), end)
        return _Parts(key, (at, comment), comment, (0, 0))
    comment = _comment(text, at, end)
    stop = at + len(text[at:comment].rstrip())
    alone = column >= 0 and not _goes_on(text, end, column)
    return _Parts(key, (at, stop), comment, (at, stop) if alone else (0, 0))


def _goes_on(text: bytes, at: int, column: int) -> bool:
    """Whether the line at `at` continues a value: it is indented deeper than `column`."""
    match = _START.match(text, at)
    return bool(match and len(match[1]) > column and text[match.end(1) : match.end(1) + 1] not in (b"", b"\r", b"\n", b"#"))


def _long_quote(text: bytes, at: int, end: int, column: int) -> int:
    """Where a quoted scalar that does not end on its line ends: the lines that go on are indented deeper."""
    quote = text[at : at + 1]
    while end < len(text):
        match = _LINE.match(text, end)
        start, end = end, match.end() if match else len(text)
        line = text[start:end]
        bare = line.lstrip(b" \t")
        if bare.strip() and len(line) - len(bare) <= column:
            return 0
        if quote in line:
            return end
    return 0
