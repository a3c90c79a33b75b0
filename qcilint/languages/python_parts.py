"""The top-level statements of a Python program that hold references in strings: only these need a syntax tree."""

from __future__ import annotations

import warnings
from bisect import bisect_right
from collections.abc import Sequence

from qcilint.languages.code_lexer import tokens
from qcilint.view import Span

_BOM = b"\xef\xbb\xbf"
_GO_ON = frozenset({b"else", b"elif", b"except", b"finally"})
"""Words at the start of a line that go on with the statement above it."""


def strings_with(text: bytes, spans: Sequence[Span]) -> list[int]:
    """Where the strings start in which one of the spans begins."""
    starts = [start for start, _ in spans]
    return [
        token.start
        for token in tokens("python", text)
        if token.kind == "string" and bisect_right(starts, token.end - 1) > bisect_right(starts, token.start - 1)
    ]


def with_only(text: bytes, kept: Sequence[int], read: str) -> bytes:
    """The text with comments in place of the top-level statements in which none of the bytes `kept` stands.

    `read` is the text as a parser gets it: where Python itself does not accept all of it, nothing is left out, so that
    a program that is not valid is not valid without some of its statements either.
    """
    starts = _statements(text)
    wanted = {bisect_right(starts, at) - 1 for at in kept}
    ends = [*starts[1:], len(text)]
    if not starts or b"\r" in text.replace(b"\r\n", b"") or len(wanted) == len(starts) or not _is_valid(read):
        return text
    parts = [text[: starts[0]]]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        parts.append(text[start:end] if number in wanted else b"#" * (end - start - 1) + b"\n")
    return b"".join(parts)


def _statements(text: bytes) -> list[int]:
    """Where the top-level statements begin, decorators included."""
    starts: list[int] = []
    first = len(_BOM) if text.startswith(_BOM) else 0
    depth = 0
    word = b""
    is_decorated = False
    for token in tokens("python", text):
        if token.kind == "comment":
            continue
        before, word = word, text[token.start : token.end] if token.kind in ("op", "name") else b""
        if not depth and before != b"\\" and (token.start == first or text[token.start - 1 : token.start] == b"\n"):
            if not (is_decorated or word in _GO_ON):
                starts.append(token.start)
            is_decorated = word == b"@"
        if word in (b"(", b"[", b"{"):
            depth += 1
        elif word in (b")", b"]", b"}"):
            depth -= 1
    return starts


def _is_valid(text: str) -> bool:
    """Whether Python accepts a program."""
    import ast

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except Exception:  # what is not valid, and what nests too deep
            return False
    return True
