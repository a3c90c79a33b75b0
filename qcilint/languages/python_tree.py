"""The syntax tree of a Python program, with places in bytes."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left

from qcilint import lazy as re
from qcilint.languages import python_nodes as py
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_program import MAX_SIZE, module_of
from qcilint.view import Span

_BREAK = re.compile(rb"\n")


class Tree:
    """A program. Raises whatever libcst does, and ValueError for what it is not to be given."""

    def __init__(self, text: bytes) -> None:
        if len(text) > MAX_SIZE:
            raise ValueError
        self.text = text
        self.module, self._is_ascii = module_of(text), text.isascii()
        self._breaks = [match.start() for match in _BREAK.finditer(text)]

    def span(self, node: Node) -> Span:
        """Where a node stands, parentheses around it left out."""
        return node[0], node[1]

    def start(self, node: Node) -> int:
        """Where a node begins."""
        return self.span(node)[0]

    def line(self, offset: int) -> int:
        """The number of a line, from 1."""
        return bisect_left(self._breaks, offset) + 1

    def name(self, node: py.Name) -> str:
        """A name as Python compares it (https://docs.python.org/3/reference/lexical_analysis.html#identifiers)."""
        if self._is_ascii:
            return node.value
        start, end = self.span(node)
        return unicodedata.normalize("NFKC", self.text[start:end].decode())

    def source(self, node: Node) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end].decode("utf-8", "replace")
