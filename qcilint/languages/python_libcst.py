"""Reads Python programs with libcst: what its grammar knows and that of the running Python does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qcilint.languages import python_nodes, python_statement_nodes
from qcilint.languages.python_nodes import ComparisonTarget, FormattedString, FormattedStringExpression, Integer, Node, Other
from qcilint.languages.python_statement_nodes import Del, ExceptHandler, Import, Module

if TYPE_CHECKING:
    from libcst import CSTNode
    from libcst.metadata import CodeSpan

_NUMBERS = ("Integer", "Float", "Imaginary", "Ellipsis")
_BLOCKS = ("IndentedBlock", "SimpleStatementSuite", "SimpleStatementLine", "Else", "Finally")
_WITHOUT_EFFECT = ("Pass", "Break", "Continue")
_SIGNS = {
    "Equal": "==",
    "NotEqual": "!=",
    "LessThan": "<",
    "LessThanEqual": "<=",
    "GreaterThan": ">",
    "GreaterThanEqual": ">=",
    "In": "in",
    "NotIn": "not in",
    "Is": "is",
    "IsNot": "is not",
}
"""Operators that compare."""


def read(text: str, offset: int) -> Module:
    """The tree of a program all of whose characters are ASCII; `offset` is added to its positions.

    Raises whatever libcst does, and ValueError for a program of which libcst loses a character, as the white space between
    `except (A, B)` and its colon: all that follows stands elsewhere than it says.
    """
    from libcst import parse_module
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    module = parse_module(text)
    if module.code.rstrip() != text.rstrip():
        raise ValueError("libcst reads another text")
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    reader = _Reader(wrapper.resolve(ByteSpanPositionProvider), offset)
    return Module(offset, offset + len(text), reader.block(wrapper.module))


class _Reader:
    """Makes nodes of those of libcst; methods that begin with an underscore and a capital are named after these."""

    def __init__(self, positions: Mapping[CSTNode, CodeSpan], offset: int) -> None:
        self.positions, self.offset = positions, offset

    def node(self, node: Any) -> Any:
        """The same node."""
        name = type(node).__name__
        handler: Callable[[Any], Any] | None = getattr(self, f"_{name}", None)
        if handler is not None:
            return handler(node)
        if name in _NUMBERS:
            return Integer(*self._span(node))
        kind: Any = getattr(python_nodes, name, None) or getattr(python_statement_nodes, name, None)
        if kind is None:
            return Other(*self._span(node), [self.node(child) for child in node.children])
        return self._made(kind, node)

    def block(self, *nodes: Any) -> list[Node]:
        """The statements of a block; none where there is no block."""
        found: list[Node] = []
        for node in nodes:
            name = type(node).__name__
            if name in _BLOCKS:
                inner = node.body
                found += self.block(*inner) if isinstance(inner, Sequence) else self.block(inner)
            elif name == "Module":
                found += self.block(*node.body)
            elif node is not None and name not in _WITHOUT_EFFECT:
                found.append(self.node(node))
        return found

    def _span(self, node: Any) -> tuple[int, int]:
        position = self.positions.get(node)
        if position is None:
            return self.offset, self.offset
        start = position.start + self.offset
        return start, start + position.length

    def _made(self, kind: Any, node: Any, **given: Any) -> Any:
        """A node of a kind whose fields have the names that they have in libcst, but for those given."""
        given |= dict(zip(("start", "end"), self._span(node), strict=True))
        has_blocks = kind.__module__ == python_statement_nodes.__name__
        return kind(*(given[name] if name in given else self._value(name, node, has_blocks=has_blocks) for name in kind._fields))

    def _value(self, name: str, node: Any, *, has_blocks: bool) -> Any:
        value = getattr(node, name)
        if has_blocks and name in ("body", "orelse", "finalbody"):
            return self.block(value)
        if name == "operator":
            return type(value).__name__
        if isinstance(value, str) or value is None:
            return value
        if isinstance(value, Sequence):
            return [self.node(each) for each in value]
        return self.node(value) if hasattr(value, "children") else None  # what is not there may be a mark that says so

    # What is another node here

    def _ComparisonTarget(self, node: Any) -> Any:  # noqa: N802
        sign = _SIGNS.get(type(node.operator).__name__, "?")
        return ComparisonTarget(sign, self.node(node.comparator))

    def _FormattedString(self, node: Any) -> Any:  # noqa: N802
        return FormattedString(*self._span(node), self._filled(node.parts))

    def _FormattedStringExpression(self, node: Any) -> Any:  # noqa: N802
        format_spec = None if node.format_spec is None else self._filled(node.format_spec)
        expression = self.node(node.expression)
        return FormattedStringExpression(*self._span(node), expression, node.conversion, format_spec, node.equal is not None)

    def _filled(self, parts: Sequence[Any]) -> list[FormattedStringExpression]:
        return [self.node(part) for part in parts if type(part).__name__ == "FormattedStringExpression"]

    def _Parameters(self, node: Any) -> Any:  # noqa: N802
        star = node.star_arg if type(node.star_arg).__name__ == "Param" else None
        return self._made(python_nodes.Parameters, node, star_arg=self.node(star) if star else None)

    def _Del(self, node: Any) -> Any:  # noqa: N802
        target = node.target
        is_list = type(target).__name__ == "Tuple" and not target.lpar
        targets = [element.value for element in target.elements] if is_list else [target]
        return Del(*self._span(node), [self.node(each) for each in targets])

    def _names(self, node: Any) -> Any:
        """`global` and `nonlocal`"""
        names = [self.node(item.name) for item in node.names]
        return self._made(getattr(python_statement_nodes, type(node).__name__), node, names=names)

    _Global = _Nonlocal = _names

    def _Import(self, node: Any) -> Any:  # noqa: N802
        names = None if not isinstance(node.names, Sequence) else [self._bound(alias) for alias in node.names]
        return Import(*self._span(node), names)

    _ImportFrom = _Import

    def _bound(self, alias: Any) -> Any:
        """The name that an import sets."""
        name = alias.asname.name if alias.asname else alias.name
        while type(name).__name__ == "Attribute":
            name = name.value
        return self.node(name)

    def _Raise(self, node: Any) -> Any:  # noqa: N802
        return self._made(python_statement_nodes.Raise, node, cause=self.node(node.cause.item) if node.cause else None)

    def _WithItem(self, node: Any) -> Any:  # noqa: N802
        return self._made(python_statement_nodes.WithItem, node, asname=self._as(node.asname))

    def _ExceptHandler(self, node: Any) -> Any:  # noqa: N802
        return self._made(ExceptHandler, node, name=self._as(node.name))

    _ExceptStarHandler = _ExceptHandler

    def _as(self, asname: Any) -> Any:
        return self.node(asname.name) if asname else None

    def _TryStar(self, node: Any) -> Any:  # noqa: N802
        return self._made(python_statement_nodes.Try, node)

    def _definition(self, node: Any) -> Any:
        decorators = [self.node(each.decorator) for each in node.decorators]
        made = self._made(getattr(python_statement_nodes, type(node).__name__), node, decorators=decorators)
        return made._replace(start=self._span(node.decorators[0])[0]) if decorators else made

    _FunctionDef = _ClassDef = _definition
