"""Reads the statements of Python programs with the parser of the running Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qcilint import lazy as re
from qcilint.languages import python_statement_nodes as nodes
from qcilint.languages.python_ast import ExpressionMaker
from qcilint.languages.python_nodes import Annotation, Name, Node
from qcilint.languages.python_scan import Unread

_DEFINED = re.compile(rb"(?:async\b(?:\s|\\\r?\n)*)?(?:def|class)\b(?:\s|\\\r?\n)*")
_CAUGHT = re.compile(rb"(?:\s|\\\r?\n|#[^\n]*|\))*as\b(?:\s|\\\r?\n)*")
_WORD = re.compile(rb"\w+")
_WITHOUT_EFFECT = ("Pass", "Break", "Continue")


class Maker(ExpressionMaker):
    """Makes nodes of those of `ast`; methods that begin with an underscore and a capital are named after these."""

    def block(self, found: Sequence[Any]) -> list[Node]:
        """The statements of a block."""
        return [self.node(node) for node in found if type(node).__name__ not in _WITHOUT_EFFECT]

    def _word(self, pattern: re.Pattern[bytes], start: int, name: str) -> Name:
        """The name that follows a keyword."""
        match = pattern.match(self.text, start)
        if match is None or not self.text.startswith(name.encode(), match.end()):
            raise Unread
        return self.name_at(match.end(), name)

    # Small statements

    def _Expr(self, node: Any) -> Node:  # noqa: N802
        return nodes.Expr(*self.span(node), self.node(node.value))

    def _Assign(self, node: Any) -> Node:  # noqa: N802
        targets = [nodes.AssignTarget(self.node(target)) for target in node.targets]
        return nodes.Assign(*self.span(node), targets, self.node(node.value))

    def _AnnAssign(self, node: Any) -> Node:  # noqa: N802
        annotation = Annotation(self.node(node.annotation))
        return nodes.AnnAssign(*self.span(node), self.node(node.target), annotation, self._maybe(node.value))

    def _AugAssign(self, node: Any) -> Node:  # noqa: N802
        return nodes.AugAssign(*self.span(node), self.node(node.target), self.node(node.value))

    def _Delete(self, node: Any) -> Node:  # noqa: N802
        return nodes.Del(*self.span(node), self._each(node.targets))

    def _elsewhere(self, node: Any) -> list[Name]:
        start, end = self.span(node)
        words = [*_WORD.finditer(self.text, start, end)][1:]
        if [word[0].decode() for word in words] != node.names:
            raise Unread
        return [self.name_at(word.start(), word[0].decode()) for word in words]

    def _Global(self, node: Any) -> Node:  # noqa: N802
        return nodes.Global(*self.span(node), self._elsewhere(node))

    def _Nonlocal(self, node: Any) -> Node:  # noqa: N802
        return nodes.Nonlocal(*self.span(node), self._elsewhere(node))

    def _Import(self, node: Any) -> Node:  # noqa: N802
        is_star = node.names[0].name == "*"
        return nodes.Import(*self.span(node), None if is_star else [self._bound(alias) for alias in node.names])

    _ImportFrom = _Import

    def _bound(self, alias: Any) -> Name:
        """The name that an import sets."""
        start, end = self.span(alias)
        if alias.asname is not None:
            return self.name_at(end - len(alias.asname), alias.asname)
        return self.name_at(start, alias.name.partition(".")[0])

    def _Return(self, node: Any) -> Node:  # noqa: N802
        return nodes.Return(*self.span(node), self._maybe(node.value))

    def _Raise(self, node: Any) -> Node:  # noqa: N802
        return nodes.Raise(*self.span(node), self._maybe(node.exc), self._maybe(node.cause))

    def _Assert(self, node: Any) -> Node:  # noqa: N802
        return nodes.Assert(*self.span(node), self.node(node.test), self._maybe(node.msg))

    # Compound statements

    def _If(self, node: Any) -> Node:  # noqa: N802
        return nodes.If(*self.span(node), self.node(node.test), self.block(node.body), self.block(node.orelse))

    def _While(self, node: Any) -> Node:  # noqa: N802
        return nodes.While(*self.span(node), self.node(node.test), self.block(node.body), self.block(node.orelse))

    def _For(self, node: Any) -> Node:  # noqa: N802
        target, looped = self.node(node.target), self.node(node.iter)
        return nodes.For(*self.span(node), target, looped, self.block(node.body), self.block(node.orelse))

    _AsyncFor = _For

    def _With(self, node: Any) -> Node:  # noqa: N802
        items = [nodes.WithItem(self.node(item.context_expr), self._maybe(item.optional_vars)) for item in node.items]
        return nodes.With(*self.span(node), items, self.block(node.body))

    _AsyncWith = _With

    def _Try(self, node: Any) -> Node:  # noqa: N802
        handlers = [self._handler(handler) for handler in node.handlers]
        return nodes.Try(*self.span(node), self.block(node.body), handlers, self.block(node.orelse), self.block(node.finalbody))

    _TryStar = _Try

    def _handler(self, node: Any) -> nodes.ExceptHandler:
        name = None if node.name is None else self._word(_CAUGHT, self.span(node.type)[1], node.name)
        return nodes.ExceptHandler(self._maybe(node.type), name, self.block(node.body))

    def _FunctionDef(self, node: Any) -> Node:  # noqa: N802
        start, end = self._definition(node)
        name = self._word(_DEFINED, self.span(node)[0], node.name)
        decorators, parameters = self._each(node.decorator_list), self.parameters(node.args)
        return nodes.FunctionDef(start, end, decorators, name, parameters, self.annotation(node.returns), self.block(node.body))

    _AsyncFunctionDef = _FunctionDef

    def _ClassDef(self, node: Any) -> Node:  # noqa: N802
        start, end = self._definition(node)
        name = self._word(_DEFINED, self.span(node)[0], node.name)
        bases, keywords = self.arguments(node.bases, ()), self.arguments((), node.keywords)
        return nodes.ClassDef(start, end, self._each(node.decorator_list), name, bases, keywords, self.block(node.body))

    def _definition(self, node: Any) -> tuple[int, int]:
        """Where a definition stands with its decorators. Raises Unread for one with parameters for types."""
        if getattr(node, "type_params", None):
            raise Unread
        start, end = self.span(node)
        return self.starts[node.decorator_list[0].lineno - 1] if node.decorator_list else start, end
