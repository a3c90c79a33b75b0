"""The strings and the logical lines of a Python program: what its tree is built with besides what `ast` says."""

from __future__ import annotations

from bisect import bisect_left

from qcilint import lazy as re
from qcilint.languages.code_lexer import PYTHON_PREFIX, Token, python_string, quoted, tripled
from qcilint.records import NamedTuple

QUOTED = b"|".join(form(quote, closed=True) for form in (tripled, quoted) for quote in (b'"', b"'"))
_MARK = re.compile(rb"#[^\r\n]*|%s|[()\[\]{}\n\"']" % QUOTED)
_PREFIX = re.compile(PYTHON_PREFIX + rb"\Z")
_BOM = b"\xef\xbb\xbf"
_FORM_FEED = re.compile(rb"(\r?\n|\A)\f")
_TO_ASCII = bytes(byte if byte < 0x80 else ord("x") for byte in range(256))


def bom_length(text: bytes) -> int:
    """How many bytes of a text are its byte order mark."""
    return len(_BOM) if text.startswith(_BOM) else 0


def same_length_ascii(text: bytes) -> str:
    """The text with one ASCII character for each byte, so that characters count bytes.

    libcst counts the bytes of a UTF-8 copy of other encodings and forgets a form feed before a statement;
    strings and names keep their places whatever letters they hold.
    """
    without_feeds = _FORM_FEED.sub(lambda match: b" " + match[1] if match[1] else b"\n", text).replace(b"\f", b" ")
    return without_feeds.translate(_TO_ASCII).decode("ascii")


class Unread(Exception):
    """A program that has to be read by other means."""


class Scan(NamedTuple):
    """What there is in a program."""

    strings: list[Token]
    starts: list[int]
    """Where they start."""
    long_lines: list[tuple[int, int]]
    """Logical lines that may have more than so many tokens."""

    def within(self, start: int, end: int) -> list[Token]:
        """The strings that start in a stretch of the text."""
        first = bisect_left(self.starts, start)
        return self.strings[first : bisect_left(self.starts, end, first)]

    def moved(self, by: int) -> Scan:
        """The same in a text that begins earlier."""
        strings = [
            Token(kind, start + by, end + by, inner + by, outer + by, escapes, template)
            for kind, start, end, inner, outer, escapes, template in self.strings
        ]
        return Scan(strings, [start + by for start in self.starts], self.long_lines)


def scan(text: bytes, most: int) -> Scan:
    """Look through a program that is ASCII; `most`: tokens of a logical line that are not too many.

    Raises Unread for what is no Python, for a carriage return that ends a line by itself.
    """
    strings: list[Token] = []
    long_lines: list[tuple[int, int]] = []
    depth = line = left_out = 0
    for match in _MARK.finditer(text):
        start, end = match.span()
        mark = text[start]
        if mark == 0x0A:
            if not depth and text[start - 1 : start] != b"\\" and text[start - 2 : start] != b"\\\r":
                if end - line - left_out > most:
                    long_lines.append((line, end))
                line, left_out = end, 0
        elif mark == 0x23:
            left_out += end - start
        elif mark in b"\"'":
            if end - start == 1:
                raise Unread
            prefix = _PREFIX.search(text, max(0, start - 3), start)
            strings.append(python_string(text, prefix.start() if prefix else start, end))
            left_out += end - start - 1
        elif mark in b"([{":
            depth += 1
        else:
            depth -= 1
            if depth < 0:
                raise Unread
    if len(text) - line - left_out > most:
        long_lines.append((line, len(text)))
    return Scan(strings, [token.start for token in strings], long_lines)
