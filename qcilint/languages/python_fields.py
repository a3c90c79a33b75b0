"""The places of a string literal that `%` and `.format` fill, and the words around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.reference import HOLE
from qcilint.view import Span

# https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
_PERCENT = re.compile(
    rb"%(?:(?P<doubled>%)|(?:\((?P<key>[^()]*)\))?(?P<how>[-+ #0]*[0-9]*(?:\.[0-9]*)?[hlL]?)(?P<type>[diouxXeEfFgGcrsa]))|%"
)
# https://docs.python.org/3/library/string.html#format-string-syntax
_FORMAT = re.compile(
    rb"(?P<doubled>\{\{|\}\})|\{(?P<key>[^{}\[\]!:.]*)(?P<part>(?:\.[^{}\[\]!:.]+|\[[^\]{}]*\])*)(?P<how>(?:![^{}:]*)?(?::[^{}]*)?)\}|[{}]"
)
_MARKS = re.compile(rb"\\(?:\r\n|[\s\S])|\s|\{\{|\}\}|%%")
_RAW_MARKS = re.compile(rb"\s|\{\{|\}\}|%%")
_HARMLESS = (b"\\n", b"\\t", b"\\r", b'\\"', b"\\'", b"\\\\")
_SPACES = (b"\\n", b"\\t", b"\\r")
_BEFORE = re.compile(rb"(?:\A|[\s\"'`=(,;|<>]|\\[ntr\"'])\Z")
_AFTER = re.compile(rb"[\s\"'`),;|<>]|\\[ntr\"'\\]|\Z")


class Field(NamedTuple):
    """A place that is filled."""

    start: int
    end: int
    key: str | int
    note: str
    """Why it is not the value alone that stands there."""


def percent_fields(text: bytes, literals: Sequence[Span]) -> list[Field] | None:
    """What `%` fills in the literals of one template; None where that cannot be said."""
    fields: list[Field] = []
    for start, end in literals:
        for match in _PERCENT.finditer(text, start, end):
            if match["doubled"]:
                continue
            if not match["type"]:
                return None
            note = "formatted with " + match[0].decode("latin-1") if match["how"] or match["type"] != b"s" else ""
            key = len(fields) if match["key"] is None else match["key"].decode("latin-1")
            fields.append(Field(match.start(), match.end(), key, note))
    return fields if len({type(each.key) for each in fields}) <= 1 else None


def format_fields(text: bytes, literals: Sequence[Span]) -> list[Field] | None:
    """What `.format` fills in the literals of one template; None where that cannot be said."""
    fields: list[Field] = []
    automatic = 0
    for start, end in literals:
        for match in _FORMAT.finditer(text, start, end):
            if match["doubled"]:
                continue
            if match["key"] is None:
                return None
            name = match["key"].decode("latin-1")
            key: str | int = int(name) if name.isascii() and name.isdigit() else name
            if not name:
                key, automatic = automatic, automatic + 1
            note = "a part of it is read by .format()" if match["part"] else ""
            if match["how"]:
                note = "formatted with " + match["how"].decode("latin-1")
            fields.append(Field(match.start(), match.end(), key, note))
    numbered = sum(isinstance(each.key, int) for each in fields)
    return fields if automatic in (0, numbered) else None


def _is_hole(text: bytes, span: Span) -> bool:
    """Whether the bytes of a field are seen to be one wherever its literal is read."""
    match = HOLE.match(text, span[0])
    return match is not None and match.end() == span[1]


class Words:
    """The words of a literal, as far as what stands in its fields allows to tell them apart."""

    def __init__(self, text: bytes, inner: Span, fields: Sequence[Span], *, raw: bool, style: str) -> None:
        self.text, self.inner, self.fields = text, inner, sorted(fields)
        doubled = {"%": (b"%%",), "{": (b"{{", b"}}")}.get(style, ())
        self.spaces: list[int] = []
        self.odd: list[int] = []
        """Where the bytes are not the text, white space apart."""
        self.exact = b"\r" not in text[inner[0] : inner[1]] and all(_is_hole(text, span) for span in fields)
        for start, end in self._gaps():
            for match in (_RAW_MARKS if raw else _MARKS).finditer(text, start, end):
                self.exact &= not (match[0].startswith(b"\\") or match[0] in doubled)
                if match[0].isspace() or match[0] in _SPACES:
                    self.spaces.append(match.start())
                elif match[0] in doubled or (match[0].startswith(b"\\") and match[0] not in _HARMLESS):
                    self.odd.append(match.start())

    def _gaps(self) -> Iterator[Span]:
        at = self.inner[0]
        for start, end in self.fields:
            if at < start:
                yield at, start
            at = max(at, end)
        if at < self.inner[1]:
            yield at, self.inner[1]

    def around(self, field: Span) -> Span:
        """The word around a field."""
        from bisect import bisect_left

        at = bisect_left(self.spaces, field[0])
        start = self.spaces[at - 1] + 1 if at else self.inner[0]
        return start, self.spaces[at] if at < len(self.spaces) else self.inner[1]

    def is_odd(self, word: Span) -> bool:
        """Whether an escape stands in a word."""
        from bisect import bisect_left

        at = bisect_left(self.odd, word[0])
        return at < len(self.odd) and self.odd[at] < word[1]

    def is_alone(self, field: Span) -> bool:
        """Whether a field is all of what a reader would take for one reference."""
        before = self.text[max(self.inner[0], field[0] - 2) : field[0]]
        after = self.text[field[1] : min(self.inner[1], field[1] + 2)]
        return bool(_BEFORE.search(before)) and bool(_AFTER.match(after))
