"""Variables in a text that BuildKit expands: takes the text of an instruction, gives every mention of a name.

The rules are those of https://github.com/moby/buildkit, `frontend/dockerfile/shell/lex.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.view import Span

_DEEPEST = 30
"""How deep `${A:-${B:-…}}` may nest."""
_LONGEST_NOTE = 60
_SIMPLE = re.compile(rb"\$(?:([A-Za-z_][A-Za-z0-9_]*+)([\x80-\xff]?)|[0-9]++|[@*#?$!-]|)")
_HEAD = re.compile(
    rb"\$\{(?![{}:])(?P<name>[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*+|[0-9]++|[@*#?$!-]|)(?P<operator>\}|:?[-+?]|[#%]|//?)"
)
_LEXICAL = re.compile(rb"\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*+)\}?")
_NOT_UNDERSTOOD = "not understood"


class Mention(NamedTuple):
    """Bytes `start..end` of a text mention a name; `kind` and `note` are those of a `Use`."""

    name: bytes
    start: int
    end: int
    kind: str = "plain"
    note: str = ""
    defaults: bool = False
    """It is `${NAME:-word}`, or another expansion that gives the name a value where it has none."""
    value: Span | None = None
    """The word of such an expansion, quotes apart; None where it cannot be read off."""
    is_literal: bool = False
    """It stays in the text as it stands, for whatever reads that later."""


class _Refused(Exception):
    """BuildKit refuses the text."""


def expansions(text: bytes, start: int, end: int, escape: bytes, *, quotes: bool = True) -> list[Mention]:
    """Every mention in `text[start:end]`, which BuildKit expands as one text; what it leaves as it stands is of kind `other`."""
    reader = _Reader(text, end, escape, quotes=quotes)
    try:
        reader.until(start, b"", 0)
    except _Refused:
        return list(lexical(text, start, end, _NOT_UNDERSTOOD))
    known = {mention.start for mention in reader.found}
    note = "BuildKit does not expand it in single quotes or behind an escape"
    return [*reader.found, *(each for each in lexical(text, start, end, note) if each.start not in known)]


def lexical(text: bytes, start: int, end: int, note: str) -> Iterator[Mention]:
    """Everything in `text[start:end]` that looks like a variable, as a mention that is not expanded."""
    for match in _LEXICAL.finditer(text, start, end):
        stop = match.end()
        if text[stop - 1 : stop] == b"}" and text[match.start() + 1 : match.start() + 2] != b"{":
            stop -= 1
        yield Mention(match[1], match.start(), stop, "other", note, is_literal=True)


def read_value(text: bytes, start: int, end: int, escape: bytes, mentions: Sequence[Mention]) -> Span | None:
    """The bytes that are the value of `text[start:end]`, quotes apart; None where no stretch of it is.

    `mentions` are those in it.
    """
    raw = text[start:end]
    quote = raw[:1]
    if quote in (b"'", b'"'):
        start, end = start + 1, end - 1
        inner = text[start:end]
        if len(raw) < 2 or not raw.endswith(quote) or quote in inner or (quote == b'"' and escape in inner):
            return None
    elif b"'" in raw or b'"' in raw or escape in raw:
        return None
    return (start, end) if _accounted(text, start, end, mentions) else None


def _accounted(text: bytes, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Every `$` in `text[start:end]` belongs to a name that is plainly expanded."""
    for mention in sorted(mentions, key=lambda mention: mention.start):
        if mention.kind != "plain":
            return False
        if mention.start >= start:
            if b"$" in text[start : mention.start]:
                return False
            start = max(start, mention.end)
    return b"$" not in text[start:end]


def taken_apart(text: bytes, start: int, end: int) -> str:
    """The note of an expansion that takes a value apart."""
    shown = text[start : min(end, start + _LONGEST_NOTE)].decode("utf-8", "replace").replace("\n", " ")
    return f"taken apart with {shown}"


@cache
def _plain(special: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"[^%s]++" % re.escape(special))


class _Reader:
    """Goes through a text as BuildKit's lexer does, and finds the variables."""

    def __init__(self, text: bytes, end: int, escape: bytes, *, quotes: bool) -> None:
        self.text, self.end, self.escape, self.quotes = text, end, escape, quotes
        self.found: list[Mention] = []

    def until(self, at: int, closer: bytes, depth: int) -> int:
        """After the `closer` that ends the text at `at`; the end of the text where there is no closer to wait for."""
        if depth > _DEEPEST:
            raise _Refused
        text = self.text
        plain = _plain(b"$" + self.escape + closer + (b"'\"" if self.quotes else b""))
        while at < self.end:
            if match := plain.match(text, at, self.end):
                at = match.end()
                continue
            char = text[at : at + 1]
            if char == closer:
                return at + 1
            if char == b"$":
                at = self._variable(at, depth)
            elif char == self.escape:
                at = min(at + 2, self.end)
            elif char == b"'":
                at = text.find(b"'", at + 1, self.end) + 1
                if not at:
                    raise _Refused
            else:
                at = self._double(at + 1, depth)
        if closer:
            raise _Refused
        return at

    def _double(self, at: int, depth: int) -> int:
        text, plain = self.text, _plain(b'"$' + self.escape)
        while at < self.end:
            if match := plain.match(text, at, self.end):
                at = match.end()
                continue
            char = text[at : at + 1]
            if char == b'"':
                return at + 1
            if char == b"$":
                at = self._variable(at, depth)
            else:
                at += 2 if text[at + 1 : min(at + 2, self.end)] in (b'"', b"$", self.escape) else 1
        raise _Refused

    def _variable(self, at: int, depth: int) -> int:
        if self.text[at + 1 : min(at + 2, self.end)] == b"{":
            return self._braced(at, depth)
        match = _SIMPLE.match(self.text, at, self.end)
        assert match  # noqa: S101
        if not match[1]:
            return match.end()
        if match[2]:
            self.found.append(Mention(match[1], at, match.end(1), "other", "the letter after it may belong to the name"))
        else:
            self.found.append(Mention(match[1], at, match.end()))
        return match.end(1)

    def _braced(self, at: int, depth: int) -> int:
        match = _HEAD.match(self.text, at, self.end)
        if not match:
            raise _Refused
        operator, inner = match["operator"], len(self.found)
        end = word = match.end()
        if operator[:1] == b"/":
            end = self.until(end, b"/", depth + 1)
        if operator != b"}":
            end = self.until(end, b"}", depth + 1)
        if operator[:1] in (b"#", b"%", b"/"):
            self._demote(inner, "apart", "part of a pattern")
        elif operator.endswith(b"?"):
            self._demote(inner, "other", "part of an error message")
        if match["name"][:1].isalpha() or match["name"][:1] == b"_":
            self.found.append(self._mention(match["name"], operator, at, word, end, inner))
        return end

    def _mention(self, name: bytes, operator: bytes, start: int, word: int, end: int, inner: int) -> Mention:
        if operator.endswith(b"+"):
            return Mention(name, start, end, "other", "other text stands here where it is set")
        if operator[:1] in (b"#", b"%", b"/"):
            return Mention(name, start, end, "apart", taken_apart(self.text, start, end))
        if not operator.endswith(b"-"):
            return Mention(name, start, end)
        value = read_value(self.text, word, end - 1, self.escape, self.found[inner:])
        return Mention(name, start, end, defaults=True, value=value)

    def _demote(self, first: int, kind: str, note: str) -> None:
        for index in range(first, len(self.found)):
            if self.found[index].kind == "plain":
                self.found[index] = self.found[index]._replace(kind=kind, note=note)
