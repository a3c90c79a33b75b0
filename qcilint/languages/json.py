"""JSON, JSON lines, and JSON with comments: key paths of strings. Takes anything; nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.documents import Node, is_transport, is_word, text_labels, where
from qcilint.view import Span

# A string that is not closed ends with its line.
_TOKEN = re.compile(
    rb"\"(?P<string>(?:[^\"\\\n]|\\[^\n])*+)(?P<closed>\")?|(?P<comment>//[^\n]*+|/\*)|(?P<sign>[{}\[\],:])|(?P<bare>[A-Za-z_$][\w$.-]*+)",
)
_ESCAPE = re.compile(rb"((?:\\u[0-9A-Fa-f]{4})++)|\\(.)", re.DOTALL)
_CONTROL = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_Found = tuple[str, Node | None, tuple[str, ...], Span]
"""`key`, `value`, `comment` or `unknown`; the collection around it, its key path, and the range of its text."""


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each reference in a JSON text."""
    found, broken = _Walk(text, spans).run()
    labels = (*text_labels(text), *(("low-confidence",) if broken else ()))
    return [_context(text, span, place).adding(*labels) for span, place in zip(spans, found, strict=True)]


def _context(text: bytes, span: Span, found: _Found) -> Context:
    kind, node, keys, (start, end) = found
    labels = node.labels() if node else ()
    if kind == "comment":
        return Context("comment", "json", labels, is_word(text, *span))
    if kind == "unknown":
        return Context("unknown", "json", labels, whole=False)
    whole = span[1] == end and start <= span[0] <= start + 60 and is_transport(text[start : span[0]])
    root = node.root if node else None
    listed = node is not None and not node.mapping
    is_config = root is not None and root.is_ci_operator
    place = "key" if kind == "key" else where(keys, ci_operator=is_config, listed=listed, node=node)
    return Context(place, "json", labels, whole, escapes=True)


class _Walk:
    """The state of a walk over tokens."""

    def __init__(self, text: bytes, spans: Sequence[Span]) -> None:
        self._text = text
        self._spans = spans
        self._found: list[_Found] = []
        self._node: Node | None = None
        self._is_value = False
        self._broken = False

    def run(self) -> tuple[list[_Found], bool]:
        """Where each reference stands, and whether something of the text is wrong."""
        text, at = self._text, 0
        while match := _TOKEN.search(text, at):
            at = match.end()
            if match["sign"]:
                self._sign(match["sign"])
            elif match["comment"]:
                if match["comment"] == b"/*":
                    at = text.find(b"*/", at) + 2
                    at = at if at > 1 else len(text)
                self._take("comment", match.start(), at)
            elif match["bare"]:
                self._bare(match)
            else:
                self._broken = self._broken or not match["closed"]
                self._string(match)
        self._outside(len(text) + 1)
        missing: _Found = ("unknown", None, (), (0, 0))
        rest = [missing] * (len(self._spans) - len(self._found))
        return self._found + rest, self._broken or self._node is not None

    def _sign(self, sign: bytes) -> None:
        node = self._node
        if sign in b"{[":
            self._node = node.child(mapping=sign == b"{") if node else Node(None, (), mapping=sign == b"{")
            self._is_value = False
        elif sign in b"}]":
            self._broken = self._broken or node is None or node.mapping != (sign == b"}")
            self._node = node.parent if node else None
            self._is_value = True
            self._settle("")
        elif sign == b":":
            self._is_value = True
        else:
            self._settle("")
            self._is_value = False

    def _settle(self, value: str) -> None:
        """A value was read."""
        if self._node is not None and self._node.pending is not None:
            self._node.set_value(value)

    def _bare(self, match: re.Match[bytes]) -> None:
        if self._node is not None and self._node.mapping and not self._is_value:
            self._node.set_key(match[0].decode("utf-8", "replace"))

    def _string(self, match: re.Match[bytes]) -> None:
        node, span = self._node, match.span("string")
        is_key = node is not None and node.mapping and not self._is_value
        self._take("key" if is_key else "value", *span)
        if node is None or not node.mapping:
            return
        if is_key:
            node.set_key(_decode(match["string"][:2000]))
        elif node.pending is not None:
            node.set_value(_decode(match["string"][:2000]))

    def _take(self, kind: str, start: int, end: int) -> None:
        """Note the references that begin in `start..end`."""
        self._outside(start)
        if len(self._found) < len(self._spans) and self._spans[len(self._found)][0] < end:
            node = self._node
            found: _Found = (kind, node, node.path() if node else (), (start, end))
            while len(self._found) < len(self._spans) and self._spans[len(self._found)][0] < end:
                self._found.append(found)

    def _outside(self, end: int) -> None:
        while len(self._found) < len(self._spans) and self._spans[len(self._found)][0] < end:
            self._found.append(("unknown", self._node, (), (0, 0)))


def _decode(data: bytes) -> str:
    """The text of a string, escapes resolved."""
    return _ESCAPE.sub(_unescape, data).decode("utf-8", "replace")


def _unescape(match: re.Match[bytes]) -> bytes:
    if match[1]:
        units = b"".join(bytes.fromhex(unit.decode()) for unit in match[1].split(b"\\u")[1:])
        return units.decode("utf-16-be", "replace").encode()
    return _CONTROL.get(match[2], match[2])
