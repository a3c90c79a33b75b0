"""The last few tokens of program text, counted back from the one that is read: their text, their kind, dotted names."""

from __future__ import annotations

from collections import deque

from qcilint.languages.code_lexer import Token

KEYWORDS = frozenset(
    b"return in of case yield await typeof else and or not if elif while for do throw raise assert when is go"
    b" defer var let const val def new func function".split()
)
_RECENT = 24


class Recent:
    """The last tokens of a text."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.tokens: deque[Token] = deque(maxlen=_RECENT)

    def word(self, back: int) -> bytes:
        """The text of a recent token: 1 is the last one."""
        if back > len(self.tokens):
            return b""
        token = self.tokens[-back]
        return self.text[token.start : token.end] if token.kind in ("name", "op") else b"\0"

    def kind(self, back: int) -> str:
        """The kind of a recent token."""
        return self.tokens[-back].kind if back <= len(self.tokens) else ""

    def dotted(self, back: int) -> tuple[str, int]:
        """The dotted name that ends at recent token `back`, and the token before it."""
        names: list[str] = []
        while self.kind(back) == "name" and self.word(back) not in KEYWORDS:
            names.append(self.word(back).decode("utf-8", "replace"))
            back += 1
            if self.word(back) == b"?":
                back += 1
            if self.word(back) not in (b".", b"->") and not (self.word(back) == self.word(back + 1) == b":"):
                break
            back += 1 if self.word(back) != b":" else 2
        return ".".join(reversed(names)), back
