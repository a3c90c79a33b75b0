"""Python: strings by their place in the syntax tree of libcst.

Comments, files that libcst refuses (Python 2, templates) and files too large for it are read as tokens.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages import code, embedded
from qcilint.languages.code_lexer import Token, python_string, tokens
from qcilint.languages.python_parts import strings_with, with_only
from qcilint.languages.python_strings import Place, place_of, text_expression, vector_items
from qcilint.languages.remote_calls import labelled
from qcilint.view import Span

if TYPE_CHECKING:
    import libcst
    from libcst.metadata import CodeSpan

MAX_SIZE = 400_000
"""Larger files are read as tokens: libcst takes about five seconds for a megabyte."""
MOST_MODULES = 2
"""Programs that are remembered: both who asks for contexts and who asks for names reads them."""
_BOM = b"\xef\xbb\xbf"
_FORM_FEED = re.compile(rb"(\r?\n|\A)\f")
_TO_ASCII = bytes(byte if byte < 0x80 else ord("x") for byte in range(256))


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a Python file."""
    found = _parsed(text, spans) if len(text) <= MAX_SIZE else {}
    rest = [index for index in range(len(spans)) if index not in found]
    if rest:
        found |= zip(rest, code.contexts_in("python", text, [spans[index] for index in rest]), strict=True)
    return labelled("python", text, spans, [found[index] for index in range(len(spans))])


def _parsed(text: bytes, spans: Sequence[Span]) -> dict[int, Context]:
    """The contexts of the references in strings, by their index, as far as libcst can say."""
    kept = strings_with(text, spans)
    if not kept or not is_shallow(text):
        return {}
    try:
        strings = _Strings(text, spans, kept)
        strings.find()
    except Exception:  # libcst raises more than it documents, and deep expressions exceed the recursion limit
        return {}
    return strings.read()


@lru_cache(MOST_MODULES)
def module_of(text: bytes) -> tuple[libcst.Module, Mapping[libcst.CSTNode, CodeSpan]]:
    """The syntax tree of a program, which nobody changes, and where its nodes stand, a byte order mark left out.

    Raises whatever libcst does.
    """
    from libcst import parse_module
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    bom = len(_BOM) if text.startswith(_BOM) else 0
    wrapper = MetadataWrapper(parse_module(same_length_ascii(text[bom:])), unsafe_skip_copy=True)
    return wrapper.module, wrapper.resolve(ByteSpanPositionProvider)


def same_length_ascii(text: bytes) -> str:
    """The text with one ASCII character for each byte, so that characters count bytes.

    libcst counts the bytes of a UTF-8 copy of other encodings and forgets a form feed before a statement;
    strings and names keep their places whatever letters they hold.
    """
    without_feeds = _FORM_FEED.sub(lambda match: b" " + match[1] if match[1] else b"\n", text).replace(b"\f", b" ")
    return without_feeds.translate(_TO_ASCII).decode("ascii")


MAX_NESTING = 200
"""libcst recurses for each bracket and operator, in C and in Python: deep enough, it overflows the stack and crashes."""
_IN_BRACES = re.compile(rb"\{\{|\}\}|[{}]|\w+|[^\w\s{}]")


@lru_cache(MOST_MODULES)
def is_shallow(text: bytes) -> bool:
    """Whether no expression nests or chains more operators than libcst can be trusted with."""
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


class _Strings:
    """The strings that hold references."""

    def __init__(self, text: bytes, spans: Sequence[Span], kept: Sequence[int]) -> None:
        """`kept`: where the strings start that hold spans."""
        import libcst

        self.bom = len(_BOM) if text.startswith(_BOM) else 0
        self.text, self.spans, self.libcst = text, spans, libcst
        read = same_length_ascii(text[self.bom :])
        self.module, self.positions = module_of(with_only(text, kept, read))
        self.starts = [span[0] for span in spans]
        self.path: list[libcst.CSTNode] = []
        self.places: list[tuple[Place, range]] = []

    def find(self) -> None:
        """Find the strings and their places."""
        self._descend(self.module, range(len(self.spans)))

    def read(self) -> dict[int, Context]:
        """The contexts of the references in the strings found."""
        result: dict[int, Context] = {}
        for place, indices in self.places:
            result.update(zip(indices, self._outer(place, indices), strict=True))
        self._nest(result)
        return result

    def _range(self, node: libcst.CSTNode) -> Span | None:
        position = self.positions.get(node)
        if position is None or isinstance(node, self.libcst.Param):  # the position of a parameter leaves out its default
            return None
        start, end = position.start + self.bom, position.start + position.length + self.bom
        # Decorators stand before the position of what they decorate, and of the block that it begins.
        first = node.body[0] if isinstance(node, self.libcst.IndentedBlock) and node.body else node
        decorators = getattr(first, "decorators", ())
        if decorators and (decorator := self.positions.get(decorators[0])) is not None:
            start = decorator.start + self.bom
        return start, end

    def _within(self, span: Span, indices: range) -> range:
        first = bisect_left(self.starts, span[0], indices.start, indices.stop)
        last = bisect_left(self.starts, span[1], first, indices.stop)
        return range(first, last)

    def _descend(self, node: libcst.CSTNode, indices: range) -> None:
        cst = self.libcst
        self.path.append(node)
        if isinstance(node, cst.SimpleString):
            self._add(indices)
        elif isinstance(node, cst.FormattedString | cst.TemplatedString):
            known = len(self.places)
            self._children(node, indices)
            nested = {index for _, inside in self.places[known:] for index in inside}
            for index in indices:
                if index not in nested:
                    self._add(range(index, index + 1))
        else:
            self._children(node, indices)
        self.path.pop()

    def _children(self, node: libcst.CSTNode, indices: range) -> None:
        for child in node.children:
            span = self._range(child)
            inside = indices if span is None else self._within(span, indices)
            if inside:
                self._descend(child, inside)

    def _add(self, indices: range) -> None:
        leaf = self.path[-1]
        start, end = self._range(leaf) or (0, 0)
        if all(self.spans[index][1] <= end for index in indices) and python_string(self.text, start, end).kind == "string":
            self.places.append((place_of(self.path), indices))

    def literal(self, node: libcst.CSTNode, *, formatted: bool = False) -> embedded.Literal:
        """The literal of a string node; `formatted`: `.format` fills its braces."""
        start, end = self._range(node) or (0, 0)
        token = python_string(self.text, start, end)
        return embedded.Literal(*token[1:5], token.escapes, token.template or formatted)

    def _outer(self, place: Place, indices: range) -> list[Context]:
        literal = self.literal(place.leaf)
        return [
            Context(
                place.where,
                "python",
                place.labels,
                not place.concatenated and embedded.is_whole(self.text, literal.inner, literal.outer, self.spans[index]),
                literal.escapes,
            )
            for index in indices
        ]

    # Texts inside the strings

    def _nest(self, result: dict[int, Context]) -> None:
        """Replace the contexts of references in commands and documents by the contexts they have there."""
        by_text: dict[int, list[tuple[Place, range]]] = {}
        for place, indices in self.places:
            if place.where == "string" and not embedded.is_shown(place.labels):
                by_text.setdefault(id(place.vector or place.text), []).append((place, indices))
        for group in by_text.values():
            if not self._nest_vector(group, result):
                for text, its in _texts(group):
                    self._nest_text(text, its, result)

    def _nest_vector(self, group: list[tuple[Place, range]], result: dict[int, Context]) -> bool:
        """Whether the strings are the arguments of a command."""
        place = group[0][0]
        if place.vector is None:
            return False
        items = [None if node is None else self.literal(node) for node in vector_items(place.vector)]
        items += [None] * place.open_ended
        if not items or items[0] is None:
            return False
        indices = [index for _, inside in group for index in inside]
        spans, outer = [self.spans[index] for index in indices], [result[index] for index in indices]
        found = embedded.argument_vector(self.text, items, spans, outer)
        if found is None:
            return False
        result.update(zip(indices, found, strict=True))
        return True

    def _nest_text(self, text: libcst.CSTNode, indices: list[int], result: dict[int, Context]) -> None:
        parts: list[embedded.Part] = []
        at = 0
        for node, formatted in text_expression(text):
            if isinstance(node, str):
                parts.append((b"${%s}" % node.encode(), at, at))
                continue
            literal = self.literal(node, formatted=formatted)
            parts += literal.parts(self.text)
            at = literal.end
        outer = [result[index] for index in indices]
        result.update(zip(indices, embedded.contexts(parts, [self.spans[index] for index in indices], outer), strict=True))


def _texts(group: list[tuple[Place, range]]) -> list[tuple[libcst.CSTNode, list[int]]]:
    """The texts of a group of strings, each with the references in it."""
    texts: dict[int, tuple[libcst.CSTNode, list[int]]] = {}
    for place, indices in group:
        texts.setdefault(id(place.text), (place.text, []))[1].extend(indices)
    return list(texts.values())
