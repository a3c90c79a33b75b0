"""The syntax tree of a Python program: from the running Python's parser where that reads it, else from libcst's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from qcilint.languages import python_libcst
from qcilint.languages.code_lexer import Token, tokens
from qcilint.languages.python_ast import parsed
from qcilint.languages.python_ast_statements import Maker
from qcilint.languages.python_depth import MAX_NESTING, is_scanned_shallow, is_shallow
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_scan import Unread, bom_length, same_length_ascii, scan
from qcilint.languages.python_statement_nodes import Module
from qcilint.view import Span

MAX_SIZE = 400_000
"""Larger files are read as tokens: libcst takes about five seconds for a megabyte."""
MOST_PROGRAMS = 2
"""Programs that are remembered: both who asks for contexts and who asks for names reads them."""
UNREADABLE = (Unread, SyntaxError, ValueError, RecursionError, MemoryError)
"""What the running Python's parser raises, and what is read by libcst."""


class Program:
    """A program that the running Python reads."""

    def __init__(self, text: bytes) -> None:
        """Raises one of UNREADABLE."""
        offset = bom_length(text)
        read = same_length_ascii(text[offset:])
        same = b" " * offset + read.encode()
        if b"\r" in same.replace(b"\r\n", b""):
            raise Unread
        self.scan = scan(same, MAX_NESTING)
        if not is_scanned_shallow(same, self.scan):
            raise Unread
        self._statements: list[Any] = parsed(read, "exec").body
        starts = [offset]
        at = same.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = same.find(b"\n", at + 1)
        self._maker = Maker(same, starts, self.scan)
        self._ends = [self._maker.span(statement)[1] for statement in self._statements]
        self._made: dict[int, list[Node]] = {}
        self.length = len(text)

    def module(self) -> Module:
        """The whole tree. Raises Unread."""
        return Module(0, self.length, [node for number in range(len(self._statements)) for node in self._at(number)])

    def around(self, offsets: Sequence[int]) -> Module:
        """The tree without the top-level statements in which none of these bytes stands. Raises Unread."""
        wanted = sorted({bisect_left(self._ends, offset + 1) for offset in offsets})
        return Module(0, self.length, [node for number in wanted if number < len(self._ends) for node in self._at(number)])

    def _at(self, number: int) -> list[Node]:
        if number not in self._made:
            self._made[number] = self._maker.block(self._statements[number : number + 1])
        return self._made[number]


@lru_cache(MOST_PROGRAMS)
def program_of(text: bytes) -> Program:
    """A program as the running Python reads it. Raises one of UNREADABLE."""
    return Program(text)


@lru_cache(MOST_PROGRAMS)
def _by_libcst(text: bytes) -> Module:
    offset = bom_length(text)
    return python_libcst.read(same_length_ascii(text[offset:]), offset)


def module_of(text: bytes) -> Module:
    """The whole tree of a program. Raises whatever libcst does, and ValueError for what is not to be given to it."""
    try:
        return program_of(text).module()
    except UNREADABLE:
        if not is_shallow(text):
            raise ValueError from None
        return _by_libcst(text)


def module_with(text: bytes, spans: Sequence[Span]) -> Module | None:
    """The same, of which the top-level statements are enough in whose strings a span begins; None where none does."""
    try:
        program = program_of(text)
        kept = _starting_in(program.scan.strings, spans)
        return program.around(kept) if kept else None
    except UNREADABLE:
        return module_of(text) if _starting_in(tokens("python", text), spans) else None


def _starting_in(found: Iterable[Token], spans: Sequence[Span]) -> list[int]:
    """Where the strings start in which one of the spans begins."""
    starts = [start for start, _ in spans]
    return [
        token.start
        for token in found
        if token.kind == "string" and bisect_right(starts, token.end - 1) > bisect_right(starts, token.start - 1)
    ]
