"""How deep a Python program nests, by its tokens."""

from __future__ import annotations

from functools import lru_cache

from qcilint import lazy as re
from qcilint.languages.code_lexer import Token, tokens
from qcilint.languages.python_scan import Scan

MAX_NESTING = 200
"""libcst recurses for each bracket and operator, in C and in Python: deep enough, it overflows the stack and crashes."""
_IN_BRACES = re.compile(rb"\{\{|\}\}|[{}]|\w+|[^\w\s{}]")


@lru_cache(2)
def is_shallow(text: bytes) -> bool:
    """Whether no expression nests or chains more operators than a parser can be trusted with."""
    return _is_shallow(text)


def is_scanned_shallow(text: bytes, scanned: Scan) -> bool:
    """The same of a valid program, asked faster: a logical line has no more tokens than bytes outside of strings."""
    if text.count(b"elif") > MAX_NESTING:
        return _is_shallow(text)
    templates = (each for each in scanned.strings if each.template and each.outer - each.inner > MAX_NESTING)
    return all(_most_in_braces(text, each) <= MAX_NESTING for each in templates) and all(
        _is_shallow(text[start:end]) for start, end in scanned.long_lines
    )


def _is_shallow(text: bytes) -> bool:
    counts = [0]
    total = end = branches = 0
    joined = False
    for token in tokens("python", text):
        if token.kind == "unclosed" or (token.template and _most_in_braces(text, token) > MAX_NESTING):
            return False
        word = text[token.start : token.end] if token.kind in ("op", "name") else b""
        if len(counts) == 1 and not joined and b"\n" in text[end : token.start]:
            total, counts = 0, [0]
        end, joined = token.end, word == b"\\"
        branches += word == b"elif"
        if word in (b",", b";"):
            total -= counts[-1]
            counts[-1] = 0
        elif word in (b")", b"]", b"}"):
            total -= counts.pop() if len(counts) > 1 else 0
        elif token.kind != "comment":
            counts[-1] += 1
            total += 1
        if word in (b"(", b"[", b"{"):
            counts.append(0)
        if total > MAX_NESTING or branches > MAX_NESTING:
            return False
    return True


def _most_in_braces(text: bytes, token: Token) -> int:
    """The most words and operators in one replacement field of an f-string."""
    most = depth = count = 0
    for match in _IN_BRACES.finditer(text, token.inner, token.outer):
        mark = match[0]
        if mark in (b"{{", b"}}") and not depth:
            continue
        depth = max(0, depth + mark.count(b"{") - mark.count(b"}"))
        count = count + 1 if depth else 0
        most = max(most, count)
    return most
