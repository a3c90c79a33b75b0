"""Reads the expressions of Python programs with the parser of the running Python."""

from __future__ import annotations

import warnings
from _ast import PyCF_ONLY_AST
from collections.abc import Callable, Sequence
from typing import Any

from qcilint import lazy as re
from qcilint.languages import python_nodes as nodes
from qcilint.languages.code_lexer import Token
from qcilint.languages.python_fstrings import fields
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_scan import Scan, Unread, scan

_BLANK = re.compile(rb"(?:\s|\\\r?\n|#[^\n]*)*")
_OPENING = re.compile(rb"[(]|#[^\n]*")
_CLOSING = re.compile(rb"[)]|#[^\n]*")
_CLOSED = re.compile(rb"(?:\s|\\\r?\n|#[^\n]*|\))*")
_PLAIN = re.compile(rb"(?!yield\Z)[A-Za-z_]\w*")
# fmt: off
_BINARY = {
    "Add": "Add", "Sub": "Subtract", "Mult": "Multiply", "MatMult": "MatrixMultiply", "Div": "Divide", "Mod": "Modulo",
    "Pow": "Power", "LShift": "LeftShift", "RShift": "RightShift", "BitOr": "BitOr", "BitXor": "BitXor", "BitAnd": "BitAnd",
    "FloorDiv": "FloorDivide",
}
_UNARY = {"Not": "Not", "USub": "Minus", "UAdd": "Plus", "Invert": "BitInvert"}
_SIGNS = {
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not", "In": "in",
    "NotIn": "not in",
}
# fmt: on


def parsed(source: str, mode: str) -> Any:
    """The tree of `ast`. Raises SyntaxError, and what nests too deep: ValueError, RecursionError or MemoryError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, "<text>", mode, PyCF_ONLY_AST, dont_inherit=True)


class ExpressionMaker:
    """Makes nodes of those of `ast`; methods that begin with an underscore and a capital are named after these."""

    def __init__(self, text: bytes, starts: Sequence[int], found: Scan) -> None:
        """`text`: as it is parsed, in the same length; `starts`: where its lines start; `found`: its strings."""
        self.text, self.starts, self.scan = text, starts, found
        self._handlers: dict[type, Callable[[Any], Node]] = {}

    def node(self, node: Any) -> Node:
        """The same node. Raises Unread for what is not known here."""
        kind = type(node)
        handler = self._handlers.get(kind)
        if handler is None:
            handler = self._handlers[kind] = getattr(self, f"_{kind.__name__}", self._unknown)
        return handler(node)

    @staticmethod
    def _unknown(node: Any) -> Node:
        raise Unread(type(node).__name__)

    def span(self, node: Any) -> tuple[int, int]:
        """Where a node stands; parentheses of tuples and generators belong to them."""
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def _each(self, found: Sequence[Any]) -> list[Node]:
        return [self.node(node) for node in found]

    def _maybe(self, node: Any) -> Any:
        return None if node is None else self.node(node)

    # Names and literals

    def _Name(self, node: Any) -> nodes.Name:  # noqa: N802
        return nodes.Name(*self.span(node), node.id)

    def name_at(self, start: int, name: str) -> nodes.Name:
        """A name that begins at `start`."""
        return nodes.Name(start, start + len(name), name)

    def _Attribute(self, node: Any) -> Node:  # noqa: N802
        start, end = self.span(node)
        return nodes.Attribute(start, end, self.node(node.value), self.name_at(end - len(node.attr), node.attr))

    def _Constant(self, node: Any) -> Node:  # noqa: N802
        value = node.value
        if isinstance(value, str | bytes):
            return self._strings(node)
        if value is None or isinstance(value, bool):
            return nodes.Name(*self.span(node), repr(value))
        return nodes.Integer(*self.span(node))

    def _strings(self, node: Any) -> Node:
        """Literals side by side."""
        start, end = self.span(node)
        literals = self.scan.within(start, end)
        if not literals or literals[0].start != start or literals[-1].end != end:
            raise Unread
        made = self._literal(literals[-1])
        for left, right in zip(literals[-2::-1], literals[:0:-1], strict=True):
            if not _BLANK.fullmatch(self.text, left.end, right.start):
                raise Unread
            made = nodes.ConcatenatedString(left.start, end, self._literal(left), made)
        return made

    _JoinedStr = _strings

    def _literal(self, token: Token) -> Node:
        prefix = self.text[token.start : token.inner].rstrip(b"\"'").decode()
        if token.kind != "string" or "t" in prefix.lower():
            raise Unread
        if token.template:
            return nodes.FormattedString(token.start, token.end, fields(self.text, token.inner, token.outer, self._field))
        return nodes.SimpleString(token.start, token.end, prefix, self.text[token.inner : token.outer].decode())

    def _field(self, start: int, end: int) -> Node:
        """The expression in a field of an f-string."""
        inside = self.text[start:end]
        if _PLAIN.fullmatch(inside):
            return nodes.Name(start, end, inside.decode())
        tree = parsed(f"({inside.decode()})", "eval").body
        lines = [start - 1, *(start + at + 1 for at, byte in enumerate(inside) if byte == 0x0A)]
        maker = ExpressionMaker(self.text, lines, scan(inside, len(inside)).moved(start))
        if maker.span(tree)[0] < start:
            raise Unread  # a tuple or generator without parentheses
        return maker.node(tree)

    # Displays and comprehensions

    def _elements(self, found: Sequence[Any]) -> list[nodes.Element | nodes.StarredElement]:
        return [
            nodes.StarredElement(self.node(node.value)) if type(node).__name__ == "Starred" else nodes.Element(self.node(node))
            for node in found
        ]

    def _List(self, node: Any) -> Node:  # noqa: N802
        return nodes.List(*self.span(node), self._elements(node.elts))

    def _Set(self, node: Any) -> Node:  # noqa: N802
        return nodes.Set(*self.span(node), self._elements(node.elts))

    def _Tuple(self, node: Any) -> Node:  # noqa: N802
        span = self._inside(*self.span(node)) if self._is_parenthesized(node) else self.span(node)
        return nodes.Tuple(*span, self._elements(node.elts))

    def _is_parenthesized(self, node: Any) -> bool:
        """Whether parentheses belong to a tuple, and not to its first element."""
        start, end = self.span(node)
        if self.text[start : start + 1] != b"(" or self.text[end - 1 : end] != b")":
            return False
        if not node.elts:
            return True
        first, last = self.span(node.elts[0])
        opened = _OPENING.findall(self.text, start, first).count(b"(")
        return opened > _CLOSING.findall(self.text, last, self._after(last, end)).count(b")")

    def _after(self, at: int, end: int) -> int:
        """Where something else follows than white space and closing parentheses."""
        match = _CLOSED.match(self.text, at, end)
        return match.end() if match else at

    def _inside(self, start: int, end: int) -> tuple[int, int]:
        blank = _BLANK.match(self.text, start + 1, end)
        return blank.end() if blank else start + 1, end - 1

    def _Dict(self, node: Any) -> Node:  # noqa: N802
        elements: list[nodes.DictElement | nodes.StarredDictElement] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                elements.append(nodes.StarredDictElement(self.node(value)))
            else:
                elements.append(nodes.DictElement(self.node(key), self.node(value)))
        return nodes.Dict(*self.span(node), elements)

    def _loops(self, generators: Sequence[Any]) -> nodes.CompFor:
        inner: nodes.CompFor | None = None
        for each in reversed(generators):
            ifs = [nodes.CompIf(self.node(test)) for test in each.ifs]
            inner = nodes.CompFor(self.node(each.target), self.node(each.iter), ifs, inner)
        if inner is None:
            raise Unread
        return inner

    def _GeneratorExp(self, node: Any) -> Node:  # noqa: N802
        return nodes.GeneratorExp(*self._inside(*self.span(node)), self.node(node.elt), self._loops(node.generators))

    def _ListComp(self, node: Any) -> Node:  # noqa: N802
        return nodes.ListComp(*self.span(node), self.node(node.elt), self._loops(node.generators))

    def _SetComp(self, node: Any) -> Node:  # noqa: N802
        return nodes.SetComp(*self.span(node), self.node(node.elt), self._loops(node.generators))

    def _DictComp(self, node: Any) -> Node:  # noqa: N802
        return nodes.DictComp(*self.span(node), self.node(node.key), self.node(node.value), self._loops(node.generators))

    # Operators

    def _UnaryOp(self, node: Any) -> Node:  # noqa: N802
        return nodes.UnaryOperation(*self.span(node), _UNARY[type(node.op).__name__], self.node(node.operand))

    def _BinOp(self, node: Any) -> Node:  # noqa: N802
        left, right = self.node(node.left), self.node(node.right)
        return nodes.BinaryOperation(*self.span(node), left, _BINARY[type(node.op).__name__], right)

    def _BoolOp(self, node: Any) -> Node:  # noqa: N802
        start, end = self.span(node)
        operator = type(node.op).__name__
        made = self.node(node.values[0])
        for value in node.values[1:]:
            made = nodes.BooleanOperation(start, end, made, operator, self.node(value))
        return made

    def _Compare(self, node: Any) -> Node:  # noqa: N802
        targets = [
            nodes.ComparisonTarget(_SIGNS[type(operator).__name__], self.node(value))
            for operator, value in zip(node.ops, node.comparators, strict=True)
        ]
        return nodes.Comparison(*self.span(node), self.node(node.left), targets)

    def _IfExp(self, node: Any) -> Node:  # noqa: N802
        return nodes.IfExp(*self.span(node), self.node(node.body), self.node(node.test), self.node(node.orelse))

    def _NamedExpr(self, node: Any) -> Node:  # noqa: N802
        return nodes.NamedExpr(*self.span(node), self.node(node.target), self.node(node.value))

    def _Await(self, node: Any) -> Node:  # noqa: N802
        return nodes.Await(*self.span(node), self.node(node.value))

    def _Yield(self, node: Any) -> Node:  # noqa: N802
        return nodes.Yield(*self.span(node), self._maybe(node.value))

    def _YieldFrom(self, node: Any) -> Node:  # noqa: N802
        return nodes.Yield(*self.span(node), nodes.From(self.node(node.value)))

    # Calls, parts and functions

    def arguments(self, positional: Sequence[Any], keywords: Sequence[Any]) -> list[nodes.Arg]:
        """The arguments of a call or a class, in the order of the text."""
        found: list[tuple[int, nodes.Arg]] = []
        for node in positional:
            is_starred = type(node).__name__ == "Starred"
            argument = nodes.Arg("*" if is_starred else "", None, self.node(node.value if is_starred else node))
            found.append((self.span(node)[0], argument))
        for node in keywords:
            start = self.span(node)[0]
            name = None if node.arg is None else self.name_at(start, node.arg)
            found.append((start, nodes.Arg("" if name else "**", name, self.node(node.value))))
        if keywords:
            found.sort(key=_place)
        return [argument for _, argument in found]

    def _Call(self, node: Any) -> Node:  # noqa: N802
        return nodes.Call(*self.span(node), self.node(node.func), self.arguments(node.args, node.keywords))

    def _Subscript(self, node: Any) -> Node:  # noqa: N802
        part = node.slice
        parts = part.elts if type(part).__name__ == "Tuple" and part.elts and not self._is_parenthesized(part) else [part]
        elements = [nodes.SubscriptElement(self._part(each)) for each in parts]
        return nodes.Subscript(*self.span(node), self.node(node.value), elements)

    def _part(self, node: Any) -> nodes.Index | nodes.Slice:
        kind = type(node).__name__
        if kind == "Slice":
            return nodes.Slice(self._maybe(node.lower), self._maybe(node.upper), self._maybe(node.step))
        return nodes.Index(self.node(node.value if kind == "Starred" else node))

    def annotation(self, node: Any) -> nodes.Annotation | None:
        """An annotation, if there is one."""
        return None if node is None else nodes.Annotation(self.node(node))

    def parameters(self, given: Any) -> nodes.Parameters:
        """The parameters of a function."""
        positional = [*given.posonlyargs, *given.args]
        defaults = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
        made = [self._parameter(*pair) for pair in zip(positional, defaults, strict=True)]
        keywords = [self._parameter(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
        count = len(given.posonlyargs)
        star = self._parameter(given.vararg) if given.vararg else None
        stars = self._parameter(given.kwarg) if given.kwarg else None
        return nodes.Parameters(made[:count], made[count:], star, keywords, stars)

    def _parameter(self, node: Any, default: Any = None) -> nodes.Param:
        name = self.name_at(self.span(node)[0], node.arg)
        return nodes.Param(name, self.annotation(node.annotation), self._maybe(default))

    def _Lambda(self, node: Any) -> Node:  # noqa: N802
        return nodes.Lambda(*self.span(node), self.parameters(node.args), self.node(node.body))


def _place(pair: tuple[int, Node]) -> int:
    return pair[0]
