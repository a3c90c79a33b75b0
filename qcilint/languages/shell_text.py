"""The text of shell words after quote removal, and of here-documents as the command gets it; for `View.build`."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.languages.shell_syntax import Heredoc, Word

_ESCAPE = re.compile(rb"\\(\r?\n|.)", re.S)
_DOUBLE_ESCAPE = re.compile(rb"\\(?:([\"\\$`])|\r?\n)")
_HEREDOC_ESCAPE = re.compile(rb"\\(?:([\\$`])|\r?\n)")
_CONTROL = {b"n": b"\n", b"t": b"\t", b"r": b"\r"}


def unquoted(text: bytes, word: Word) -> Iterator[tuple[bytes, int, int]]:
    """The text of a word after quote removal, with where it comes from; expansions stay as they are."""
    at = word.start
    for part in (*word.parts, None):
        stop = part.start if part else word.end
        yield from _unescaped(text, at, stop, _ESCAPE)
        if part is None:
            return
        inner = part.start + (2 if text[part.start : part.start + 1] == b"$" else 1)
        last = max(inner, part.end - 1)
        if part.kind == "double":
            yield from _unescaped(text, inner, last, _DOUBLE_ESCAPE)
        elif part.kind == "single":
            yield text[inner:last], inner, last
        elif part.kind == "ansi":
            for piece, first, stop in _unescaped(text, inner, last, _ESCAPE):
                escaped = text[first : first + 1] == b"\\"
                yield _CONTROL.get(piece, piece) if escaped else piece, first, stop
        else:
            yield text[part.start : part.end], part.start, part.end
        at = part.end


def _unescaped(text: bytes, start: int, end: int, escape: re.Pattern[bytes]) -> Iterator[tuple[bytes, int, int]]:
    at = start
    for match in escape.finditer(text, start, end):
        if match.start() > at:
            yield text[at : match.start()], at, match.start()
        kept = match[1] or b""
        yield b"" if kept in (b"\n", b"\r\n") else kept, match.start(), match.end()
        at = match.end()
    if at < end:
        yield text[at:end], at, end


def body(text: bytes, heredoc: Heredoc) -> Iterator[tuple[bytes, int, int]]:
    """The text of a here-document as the command gets it."""
    starts = [heredoc.start]
    if heredoc.tabs:
        starts = [match.end() for match in re.compile(rb"^\t*", re.M).finditer(text, heredoc.start, heredoc.end)]
    ends = [text.rfind(b"\n", 0, start) + 1 for start in starts[1:]]
    for start, end in zip(starts, [*ends, heredoc.end], strict=True):
        if heredoc.quoted:
            yield text[start:end], start, end
        else:
            yield from _unescaped(text, start, end, _HEREDOC_ESCAPE)
