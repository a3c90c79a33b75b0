"""The decoded text of a YAML scalar, with the source bytes of each part of it (YAML 1.2, chapters 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcilint import lazy as re

Parts = list[tuple[bytes, int, int]]
"""What `View.build` takes: decoded bytes, and where they stand in the source."""

_PROPERTIES = re.compile(rb"(?:[&!][^\s]*+(?:\s++|(?<=\s)#[^\r\n]*+)*+)*+")
_HEADER = re.compile(rb"[|>][-+0-9]*+[ \t]*+(?:#[^\r\n]*+)?(?:\r\n|\r|\n|\Z)")
_BREAK = re.compile(rb"\r\n|\r|\n")
_SOURCE_INDENT = re.compile(rb"(?:[ \t]*+(?:\r\n|\r|\n))*+( *+)")
# Lines of nothing but a template expression were empty to the parser.
_MASKED_INDENT = re.compile(rb"(?:[ \t]*+(?:\{[{%#][^\r\n]*[}%#]\}[ \t]*+)?(?:\r\n|\r|\n))*+( *+)")
_VALUE_INDENT = re.compile(r"(?:[ \t]*+\n)*+( *+)")
_LINE = re.compile(rb"([^\r\n]*+)(\r\n|\r|\n|\Z)")
_DOUBLE = re.compile(
    rb"(?P<text>[^\\\s]++)|(?P<blank>[ \t\r\n]++)|(?P<joined>\\(?:\r\n|\r|\n)[ \t\r\n]*+)"
    rb"|\\x(?P<x>[0-9A-Fa-f]{2})|(?P<units>(?:\\u[0-9A-Fa-f]{4})++)|\\U(?P<long>[0-9A-Fa-f]{8})|\\(?P<char>[^\r\n])|(?P<other>[\s\S])",
)
_SINGLE = re.compile(rb"(?P<text>[^'\s]++)|(?P<blank>[ \t\r\n]++)|(?P<quote>'')|(?P<other>[\s\S])")
_PLAIN = re.compile(rb"(?P<text>\S++)|(?P<blank>[ \t\r\n]++)|(?P<other>[\s\S])")
_ESCAPES = {
    b"0": b"\0",
    b"a": b"\a",
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"v": b"\v",
    b"f": b"\f",
    b"r": b"\r",
    b"e": b"\x1b",
    b"N": "\x85".encode(),
    b"_": "\xa0".encode(),
    b"L": "\u2028".encode(),
    b"P": "\u2029".encode(),
}


class Body(NamedTuple):
    """Where the text of a scalar stands, without its properties (`&anchor`, `!tag`), quotes and block header."""

    start: int
    end: int
    header: int
    """Where the scalar's quote, block header or first character stands."""
    style: str
    """`"`, `'`, `|`, `>`, or empty for a plain one."""


def body(text: bytes, start: int, end: int, style: str) -> Body:
    """The body of the scalar at bytes `start..end`, as a parser marks it."""
    match = _PROPERTIES.match(text, start, end)
    header = match.end() if match else start
    if style in ("'", '"'):
        return Body(min(header + 1, end), max(end - 1, header), header, style)
    if style in ("|", ">"):
        line = _HEADER.match(text, header)
        return Body(min(line.end(), end) if line else end, end, header, style)
    return Body(header, end, header, "")


def parts(text: bytes, scalar: Body, value: str) -> Parts:
    """The parts of the decoded text; `value` is what the parser made of it (block scalars are measured by it)."""
    if scalar.style in ("|", ">"):
        return _trim(_block(text, scalar, value), len(value) - len(value.rstrip("\n")))
    if scalar.style == '"':
        return list(_flow(text, scalar, _DOUBLE))
    if scalar.style == "'":
        return list(_flow(text, scalar, _SINGLE))
    if not _BREAK.search(text, scalar.start, scalar.end):
        return [(text[scalar.start : scalar.end], scalar.start, scalar.end)]
    return list(_flow(text, scalar, _PLAIN))


def _flow(text: bytes, scalar: Body, tokens: re.Pattern[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Parts of a quoted or plain scalar: runs of text as they are, escapes and folded line breaks decoded."""
    start = scalar.start
    for match in tokens.finditer(text, scalar.start, scalar.end):
        if match.lastgroup in ("text", "other"):
            continue
        decoded = _decoded(match)
        if decoded == match[0]:
            continue
        if match.start() > start:
            yield text[start : match.start()], start, match.start()
        yield decoded, match.start(), match.end()
        start = match.end()
    if start < scalar.end:
        yield text[start : scalar.end], start, scalar.end


def _decoded(match: re.Match[bytes]) -> bytes:
    kind, token = match.lastgroup, match[0]
    if kind == "blank":
        breaks = len(_BREAK.findall(token))
        return token if not breaks else b" " if breaks == 1 else b"\n" * (breaks - 1)
    if kind == "joined":
        return b"\n" * (len(_BREAK.findall(token)) - 1)
    if kind == "quote":
        return b"'"
    if kind == "units":
        units = b"".join(bytes.fromhex(unit.decode()) for unit in token.split(b"\\u")[1:])
        return units.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
    if kind == "char":
        return _ESCAPES.get(match["char"], match["char"])
    code = int(match[kind or 0], 16)
    return chr(code).encode("utf-8", "surrogatepass") if code <= 0x10FFFF else token


def _block(text: bytes, scalar: Body, value: str) -> Parts:
    """Parts of a block scalar, without chomping: every line break that follows a line is there."""
    indent = _indent(text, scalar, value)
    found: Parts = []
    held: tuple[bytes, int, int] | None = None  # the break after the line before
    blanks: Parts = []
    was_blank = False
    for match in _LINE.finditer(text, scalar.start, scalar.end):
        start, stop, end = match.start(), match.end(1), match.end()
        content = min(start + indent, stop - len(text[start:stop].lstrip(b" ")))
        if start == end:
            break
        if content == stop and not text[start:stop].strip(b" "):
            blanks.append((b"\n", stop, end))
            continue
        is_blank = text[content : content + 1] in (b" ", b"\t")
        folds = scalar.style == ">" and held is not None and not was_blank and not is_blank
        if held is not None and not (folds and blanks):
            found.append((b" " if folds else b"\n", held[1], held[2]))
        found += blanks
        found.append((text[content:stop], content, stop))
        held, blanks, was_blank = (b"\n", stop, end), [], is_blank
    if held is not None:
        found.append(held)
    return found + blanks


def _indent(text: bytes, scalar: Body, value: str) -> int:
    """The indentation of a block scalar's text: what its first line with text has, less what the value has of it."""
    left = _VALUE_INDENT.match(value)
    if not left:
        return 0
    source = (_SOURCE_INDENT if value.startswith("{", left.end()) else _MASKED_INDENT).match(text, scalar.start, scalar.end)
    if not source or left.end() == len(value):
        return scalar.end - scalar.start
    return max(len(source[1]) - len(left[1]), 0)


def _trim(found: Parts, breaks: int) -> Parts:
    """Chomp: leave `breaks` line breaks at the end."""
    last = len(found)
    while last and found[last - 1][0] == b"\n":
        last -= 1
    return found[: last + breaks]
