"""The syntax tree of a Python program, with places in bytes."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from typing import TYPE_CHECKING

from qcilint.languages.python import MAX_SIZE, is_shallow, module_of
from qcilint.view import Span

if TYPE_CHECKING:
    import libcst as cst

_BOM = b"\xef\xbb\xbf"


class Tree:
    """A program that libcst reads. Raises whatever libcst does, and ValueError for what it is not to be given."""

    def __init__(self, text: bytes) -> None:
        if len(text) > MAX_SIZE or not is_shallow(text):
            raise ValueError
        self.text = text
        self._bom = len(_BOM) if text.startswith(_BOM) else 0
        self.module, self._positions = module_of(text)
        self._breaks = [at for at, byte in enumerate(text) if byte == 0x0A]

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands, parentheses around it left out."""
        position = self._positions[node]
        start = position.start + self._bom
        return start, start + position.length

    def start(self, node: cst.CSTNode) -> int:
        """Where a node begins."""
        return self.span(node)[0]

    def line(self, offset: int) -> int:
        """The number of a line, from 1."""
        return bisect_left(self._breaks, offset) + 1

    def name(self, node: cst.Name) -> str:
        """A name as Python compares it (https://docs.python.org/3/reference/lexical_analysis.html#identifiers)."""
        start, end = self.span(node)
        return unicodedata.normalize("NFKC", self.text[start:end].decode())

    def source(self, node: cst.CSTNode) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end].decode("utf-8", "replace")
