"""YAML as the parsers take it, and the way back: they count characters, everything else here counts bytes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from qcilint import lazy as re

MAX_FLOW_DEPTH = 500
"""Open brackets at which the text is not given to a parser: the C parser's time grows with their square."""
MAX_PURE = 200_000
"""Bytes of a text at which the slow parser, which is forty times slower, is not tried."""

_BOM = b"\xef\xbb\xbf"
# What YAML 1.2 does not allow in a text (5.1), and the three that were line breaks in YAML 1.1 only.
_UNPRINTABLE = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]",
)
_PRINTABLE = b"\t\n\r" + bytes(range(0x20, 0x7F))
"""What it allows of ASCII: the expression for all of Unicode takes three milliseconds to compile."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9A-Fa-f]{2}")
_TEMPLATE = re.compile(r"\{\{|\{%|(?<!\$)\{#")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MAX_TEMPLATE = 2000
_MASK = "\ue000"
_MASKED_LINE = re.compile(f"^[ \\t]*+{_MASK}[{_MASK} \\t]*+$", re.MULTILINE)
# The C parser reads YAML 1.1, where a plain scalar in brackets may not hold a colon: `[a, quay.io/b:c]` is refused.
_COLON = re.compile(r"(?<=[\w.}/-]):(?=[^\s,\[\]{}\"'])")
_COLON_MASK = "\ue001"
_BRACKET = re.compile(r"[\[{]|[\]}]")
_NOT_BREAK = re.compile(r"[^\r\n]")


Offset = Callable[[int], int]
"""Says which byte of a text stands for a character that a parser marks."""


class Source:
    """The part `start..end` of a text."""

    def __init__(self, text: bytes, start: int, end: int) -> None:
        self._start = start + len(_BOM) if text.startswith(_BOM, start, end) else start
        data = text[self._start : end]
        try:
            chars = data.decode()
            wide = chars
        except UnicodeDecodeError:
            chars, wide = data.decode("latin-1"), ""
        self.wide = [] if wide.isascii() else [match.start() for match in re.finditer("[^\x00-\x7f]", wide)]
        """The characters that are more than one byte."""
        self._extra = [0]
        for at in self.wide:
            self._extra.append(self._extra[-1] + (1 if chars[at] < "\u0800" else 2 if chars[at] < "\U00010000" else 3))
        is_printable = data.isascii() and not data.translate(None, _PRINTABLE)
        self.chars = chars if is_printable else _UNPRINTABLE.sub("\ufffd", chars)
        if "\\u" in self.chars:
            self.chars = _SURROGATE.sub("xxxxxx", self.chars)
        self.exact = self.chars == wide
        """The characters are those of the text, so a parser's value can be compared with it."""

    def offset(self, index: int) -> int:
        """The byte offset of character `index`."""
        return self._start + index + (self._extra[bisect_left(self.wide, index)] if self.wide else 0)


def mask_templates(chars: str) -> str:
    """The text with every template expression replaced by as many `x`; a line of nothing else becomes as many empty lines.

    Unlike a comment, an empty line does not end a block scalar.
    """
    pieces: list[str] = []
    at = 0
    while match := _TEMPLATE.search(chars, at):
        closing = chars.find(_CLOSING[match[0]], match.end(), match.end() + _MAX_TEMPLATE)
        if closing < 0:
            pieces.append(chars[at : match.end()])
            at = match.end()
            continue
        start = match.start() - (match[0] == "{{" and chars[max(match.start() - 1, 0)] == "$" and match.start() > at)
        pieces += (chars[at:start], _NOT_BREAK.sub(_MASK, chars[start : closing + 2]))
        at = closing + 2
    masked = "".join((*pieces, chars[at:]))
    return _MASKED_LINE.sub(lambda match: "\n" * len(match[0]), masked).replace(_MASK, "x")


def mask_colons(chars: str) -> str:
    """The text with every colon inside a word masked; `unmask_colons` undoes it in a parser's values."""
    return _COLON.sub(_COLON_MASK, chars)


def unmask_colons(value: str) -> str:
    """A value as the text has it."""
    return value.replace(_COLON_MASK, ":")


def is_deep(chars: str) -> bool:
    """Whether more brackets may be open at once than a parser should see (quotes and comments are not looked at)."""
    if chars.count("[") + chars.count("{") <= MAX_FLOW_DEPTH:
        return False
    depth = 0
    for match in _BRACKET.finditer(chars):
        depth = depth + 1 if match[0] in "[{" else max(depth - 1, 0)
        if depth > MAX_FLOW_DEPTH:
            return True
    return False


def is_valid(chars: str) -> bool:
    """Whether the C parser takes a text, all of it: it says so in a seventh of the time that its events take."""
    from ruamel.yaml import main

    parser_in_c = getattr(main, "CParser", None)
    if parser_in_c is None:
        return False
    try:
        parser = parser_in_c(chars)
        try:
            parser.raw_parse()
        finally:
            parser.dispose()
    except Exception:  # a parser refuses in many ways
        return False
    return True


def events(chars: str, *, pure: bool) -> Iterator[Any]:
    """The parser's events; raises whatever the parser raises."""
    from ruamel.yaml import YAML, main

    parser_in_c = None if pure else getattr(main, "CParser", None)
    if parser_in_c is None:
        yield from YAML(typ="safe", pure=pure).parse(chars)
        return
    parser = parser_in_c(chars)  # what `YAML` asks too, after it has made a class of its own for each text
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()
