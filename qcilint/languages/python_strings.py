"""What the syntax tree of a Python program says of a string: who gets it, and what is joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qcilint.languages import python_nodes as py
from qcilint.languages import python_statement_nodes as st
from qcilint.languages.callees import JOINERS, MATCHERS, RUNNERS
from qcilint.languages.embedded import MAX_ARGUMENTS
from qcilint.languages.python_nodes import Node

# Calls whose result is the text of their argument, and methods that give the text they are called on.
_TRANSPARENT = frozenset({"dedent", "cleandoc", "Template", "str", "bytes", "_", "Path"})
_TRANSPARENT_METHODS = frozenset({"encode", "decode", "strip", "lstrip", "rstrip", "lower", "split"})
_LOOKUPS = frozenset({"get", "pop", "setdefault", "getenv", "getattr"})
_CLIENTS = ("requests", "session", "client", "http", "httpx", "urllib")


class Place(NamedTuple):
    """Where a string stands."""

    leaf: Node
    """The string literal."""
    text: Node
    """The expression it is part of the text of: a concatenation, or itself."""
    where: str
    labels: tuple[str, ...]
    concatenated: bool
    vector: Node | None
    """The list or call of whose elements it is one."""
    open_ended: bool
    """More is added to that list."""


def place_of(path: Sequence[Node]) -> Place:
    """The place of the string at the end of `path`, which begins at the module."""
    climb = _Climb(path[-1])
    for parent in reversed(path[:-1]):
        if not climb.step(parent):
            break
        climb.node = parent
    labels = tuple(dict.fromkeys(climb.labels))
    if climb.concatenated:
        labels = (*labels, "concatenated")
    where = climb.where
    if where == "pattern":
        labels = ("string", *labels)
    vector = None if climb.concatenated else climb.vector
    return Place(path[-1], climb.text, where, labels, climb.concatenated, vector, climb.open_ended)


class _Climb:
    """Goes up from a string, collecting what the syntax around it says."""

    def __init__(self, leaf: Node) -> None:
        self.node = self.text = leaf
        self.where = "string"
        self.labels = ["formatted"] if type(leaf).__name__ in ("FormattedString", "TemplatedString") else []
        self.concatenated = False
        self.in_list = False
        self.vector: Node | None = None
        self.open_ended = False
        self.argument: Node | None = None
        self.method = ""

    def step(self, parent: Node) -> bool:
        """Take in what `parent` says of `node`; whether to climb on."""
        handler = getattr(self, f"_{type(parent).__name__}", None)
        return bool(handler and handler(parent))

    def _say(self, *labels: str) -> bool:
        self.labels += labels
        return False

    def _pattern(self, *labels: str) -> bool:
        self.where = "pattern"
        return self._say(*labels)

    # Handlers are named after the nodes of libcst.

    def _ConcatenatedString(self, parent: Node) -> bool:  # noqa: N802
        self.concatenated, self.text = True, parent
        return True

    def _BinaryOperation(self, parent: py.BinaryOperation) -> bool:  # noqa: N802
        if self.in_list:
            self.open_ended = True
            if self.node is parent.right:
                self.vector = None
            return True
        operator = parent.operator
        if operator == "Modulo" and self.node is parent.left:
            self.labels.append("formatted")
        else:
            self.concatenated = True
        if operator not in ("Add", "Modulo") or (operator == "Modulo" and self.node is parent.right):
            return False
        self.text = parent
        return True

    def _Attribute(self, parent: py.Attribute) -> bool:  # noqa: N802
        self.method = parent.attr.value
        return self.node is parent.value

    def _Call(self, parent: py.Call) -> bool:  # noqa: N802
        if self.node is parent.func:
            return self._method(parent)
        return self._argument(parent)

    def _method(self, call: py.Call) -> bool:
        """`"REF".method(…)`."""
        method, self.method = self.method, ""
        if method == "format":
            self.labels.append("formatted")
            if not self.in_list:
                self.text = call
            return True
        if method == "join":
            self.concatenated = True
            return False
        if method in _TRANSPARENT_METHODS and (not call.args or method.endswith("code")):
            return True
        return self._pattern() if method.lower() in MATCHERS else False

    def _Arg(self, parent: py.Arg) -> bool:  # noqa: N802
        if parent.keyword is not None:
            self.labels.append(f"keyword:{parent.keyword.value}")
        self.argument = parent
        return True

    def _argument(self, call: py.Call) -> bool:
        """`callee(…, "REF", …)`."""
        callee = dotted(call.func)
        last = callee.rpartition(".")[2]
        place = next((index for index, argument in enumerate(call.args) if argument is self.argument), 0)
        self.labels.append(f"argument:{callee}")
        if callee == "shlex.split" or last in _TRANSPARENT:
            return True
        if last in _LOOKUPS and not callee.lower().startswith(_CLIENTS):
            return self._pattern("dict-key") if place == 0 and not self.in_list else self._say("default")
        if last.lower() in MATCHERS:
            return self._pattern()
        if last.lower() in JOINERS:
            self.concatenated = not (last == "join" and self.in_list and _separator(call) == " ")
        if self.vector is None and not self.in_list and RUNNERS.fullmatch(last) and len(call.args) > 1:
            self.vector = call
        return False

    def _Element(self, parent: Node) -> bool:  # noqa: N802, ARG002
        if "element" not in self.labels:
            self.labels.append("element")
        self.in_list = True
        return True

    def _sequence(self, parent: Node) -> bool:
        if self.vector is None:
            self.vector = parent
        return True

    _List = _Tuple = _sequence

    def _Set(self, parent: Node) -> bool:  # noqa: N802, ARG002
        return True

    _Dict = _Set

    def _DictElement(self, parent: py.DictElement) -> bool:  # noqa: N802
        if self.node is parent.key:
            return self._pattern("dict-key")
        self.labels.append(f"dict-value:{_name(parent.key)}")
        self.in_list = True
        return True

    def _matched(self, parent: Node) -> bool:  # noqa: ARG002
        return self._pattern()

    _Comparison = _ComparisonTarget = _MatchValue = _Subscript = _matched

    def _Index(self, parent: Node) -> bool:  # noqa: N802, ARG002
        return self._pattern("subscript")

    def _Assign(self, parent: st.Assign) -> bool:  # noqa: N802
        return self._say(*(_assigned(target.target) for target in parent.targets))

    def _NamedExpr(self, parent: py.NamedExpr) -> bool:  # noqa: N802
        self.labels.append(_assigned(parent.target))
        return True

    def _AnnAssign(self, parent: st.AnnAssign) -> bool:  # noqa: N802
        return self._say(_assigned(parent.target))

    def _AugAssign(self, parent: st.AugAssign) -> bool:  # noqa: N802
        self.concatenated |= not self.in_list
        return self._say(_assigned(parent.target))

    def _Param(self, parent: py.Param) -> bool:  # noqa: N802
        return self._say("default", f"parameter:{parent.name.value}")

    def _returned(self, parent: Node) -> bool:  # noqa: ARG002
        return self._say("return")

    _Return = _Yield = _Lambda = _returned

    def _Expr(self, parent: Node) -> bool:  # noqa: N802, ARG002
        if not set(self.labels) - {"formatted"}:
            self.where = "docstring"
        return False

    def _IfExp(self, parent: py.IfExp) -> bool:  # noqa: N802
        return self.node is not parent.test

    def _BooleanOperation(self, parent: py.BooleanOperation) -> bool:  # noqa: N802
        if self.node is parent.right and parent.operator == "Or":
            self.labels.append("default")
        return True

    def _For(self, parent: st.For) -> bool:  # noqa: N802
        return self._say(f"loop:{_name(parent.target)}")

    def _FormattedStringExpression(self, parent: Node) -> bool:  # noqa: N802, ARG002
        self.concatenated = True
        return False


def dotted(node: Node) -> str:
    """The dotted name of a callee; what is no name in it is left out."""
    names: list[str] = []
    while isinstance(node, py.Attribute):
        names.append(node.attr.value)
        node = node.value
    if isinstance(node, py.Name):
        names.append(node.value)
    return ".".join(reversed(names))


def _name(node: Node) -> str:
    if isinstance(node, py.SimpleString):
        return node.raw_value[:200]
    return dotted(node)


def _assigned(target: Node) -> str:
    if isinstance(target, py.Subscript) and isinstance(target.slice[0].slice, py.Index):
        return f"dict-value:{_name(target.slice[0].slice.value)}"
    return f"assignment:{dotted(target)}"


def _separator(call: py.Call) -> str:
    function = call.func
    if isinstance(function, py.Attribute) and isinstance(function.value, py.SimpleString):
        return function.value.raw_value
    return ""


def text_expression(node: Node) -> list[tuple[Node | str, bool]]:
    """The literals of a text in order, each with whether `.format` fills it; other parts are names of variables."""
    pieces: list[tuple[Node | str, bool]] = []
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        part, formatted = stack.pop()
        if isinstance(part, py.SimpleString | py.FormattedString | py.TemplatedString):
            pieces.append((part, formatted))
        elif isinstance(part, py.BinaryOperation) and part.operator == "Modulo":
            stack.append((part.left, formatted))
        elif isinstance(part, py.ConcatenatedString | py.BinaryOperation):
            stack += [(part.right, formatted), (part.left, formatted)]
        elif isinstance(part, py.Call) and isinstance(part.func, py.Attribute) and part.func.attr.value == "format":
            stack.append((part.func.value, True))
        else:
            pieces.append((dotted(part).rpartition(".")[2] or "x", False))
    return pieces


def vector_items(vector: Node) -> list[Node | None]:
    """The items of a list, a tuple or the arguments of a call; None for what is no literal. Empty when there are too many."""
    items: list[Node | None] = []
    values: list[Node] = []
    if isinstance(vector, py.Call):
        values = [argument if argument.star else argument.value for argument in vector.args if argument.keyword is None]
    elif isinstance(vector, py.List | py.Tuple):
        values = [element if isinstance(element, py.StarredElement) else element.value for element in vector.elements]
    if len(values) > MAX_ARGUMENTS:
        return items
    for value in values:
        items.append(value if isinstance(value, py.SimpleString | py.FormattedString) else None)
    return items
