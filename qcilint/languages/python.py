"""Python: strings by their place in the syntax tree.

Comments, files that no parser reads (Python 2, templates) and files too large for one are read as tokens.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from qcilint.context import Context
from qcilint.languages import code, embedded
from qcilint.languages.code_lexer import python_string
from qcilint.languages.python_children import children, is_placed
from qcilint.languages.python_nodes import FormattedString, Node, SimpleString, TemplatedString
from qcilint.languages.python_program import MAX_SIZE, module_with
from qcilint.languages.python_strings import Place, place_of, text_expression, vector_items
from qcilint.languages.remote_calls import labelled
from qcilint.view import Span


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a Python file."""
    found = _parsed(text, spans) if len(text) <= MAX_SIZE else {}
    rest = [index for index in range(len(spans)) if index not in found]
    if rest:
        found |= zip(rest, code.contexts_in("python", text, [spans[index] for index in rest]), strict=True)
    return labelled("python", text, spans, [found[index] for index in range(len(spans))])


def _parsed(text: bytes, spans: Sequence[Span]) -> dict[int, Context]:
    """The contexts of the references in strings, by their index, as far as a tree can say."""
    try:
        module = module_with(text, spans)
        strings = None if module is None else _Strings(text, spans, module)
    except Exception:  # libcst raises more than it documents, and deep expressions exceed the recursion limit
        return {}
    return {} if strings is None else strings.read()


class _Strings:
    """The strings that hold references."""

    def __init__(self, text: bytes, spans: Sequence[Span], module: Node) -> None:
        self.text, self.spans = text, spans
        self.starts = [span[0] for span in spans]
        self.path: list[Node] = []
        self.places: list[tuple[Place, range]] = []
        self._descend(module, range(len(spans)))

    def read(self) -> dict[int, Context]:
        """The contexts of the references in the strings found."""
        result: dict[int, Context] = {}
        for place, indices in self.places:
            result.update(zip(indices, self._outer(place, indices), strict=True))
        self._nest(result)
        return result

    def _within(self, start: int, end: int, indices: range) -> range:
        first = bisect_left(self.starts, start, indices.start, indices.stop)
        return range(first, bisect_left(self.starts, end, first, indices.stop))

    def _descend(self, node: Node, indices: range) -> None:
        self.path.append(node)
        if isinstance(node, SimpleString):
            self._add(node, indices)
        elif isinstance(node, FormattedString | TemplatedString):
            known = len(self.places)
            self._children(node, indices)
            nested = {index for _, inside in self.places[known:] for index in inside}
            for index in indices:
                if index not in nested:
                    self._add(node, range(index, index + 1))
        else:
            self._children(node, indices)
        self.path.pop()

    def _children(self, node: Node, indices: range) -> None:
        for child in children(node):
            inside = self._within(child[0], child[1], indices) if is_placed(child) else indices
            if inside:
                self._descend(child, inside)

    def _add(self, leaf: SimpleString | FormattedString | TemplatedString, indices: range) -> None:
        is_string = python_string(self.text, leaf.start, leaf.end).kind == "string"
        if is_string and all(self.spans[index][1] <= leaf.end for index in indices):
            self.places.append((place_of(self.path), indices))

    def literal(self, node: Node, *, formatted: bool = False) -> embedded.Literal:
        """The literal of a string node; `formatted`: `.format` fills its braces."""
        token = python_string(self.text, node[0], node[1])
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

    def _nest_text(self, text: Node, indices: list[int], result: dict[int, Context]) -> None:
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


def _texts(group: list[tuple[Place, range]]) -> list[tuple[Node, list[int]]]:
    """The texts of a group of strings, each with the references in it."""
    texts: dict[int, tuple[Node, list[int]]] = {}
    for place, indices in group:
        texts.setdefault(id(place.text), (place.text, []))[1].extend(indices)
    return list(texts.values())
