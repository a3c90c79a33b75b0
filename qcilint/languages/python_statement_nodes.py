"""The statements in a Python program's syntax tree; see `python_nodes`."""

from __future__ import annotations

from qcilint.languages.python_nodes import Annotation, Arg, Name, Node, Parameters
from qcilint.records import NamedTuple

# Small statements


class Expr(NamedTuple):
    start: int
    end: int
    value: Node


class AssignTarget(NamedTuple):
    target: Node


class Assign(NamedTuple):
    start: int
    end: int
    targets: list[AssignTarget]
    value: Node


class AnnAssign(NamedTuple):
    start: int
    end: int
    target: Node
    annotation: Annotation
    value: Node | None


class AugAssign(NamedTuple):
    start: int
    end: int
    target: Node
    value: Node


class Del(NamedTuple):
    start: int
    end: int
    targets: list[Node]


class TypeAlias(NamedTuple):
    start: int
    end: int
    name: Name
    value: Node


class Global(NamedTuple):
    start: int
    end: int
    names: list[Name]


class Nonlocal(NamedTuple):
    start: int
    end: int
    names: list[Name]


class Import(NamedTuple):
    """`import …` and `from … import …`."""

    start: int
    end: int
    names: list[Name] | None
    """What it binds; None for `*`."""


class Return(NamedTuple):
    start: int
    end: int
    value: Node | None


class Raise(NamedTuple):
    start: int
    end: int
    exc: Node | None
    cause: Node | None


class Assert(NamedTuple):
    start: int
    end: int
    test: Node
    msg: Node | None


# Compound statements


class Module(NamedTuple):
    start: int
    end: int
    body: list[Node]


class If(NamedTuple):
    start: int
    end: int
    test: Node
    body: list[Node]
    orelse: list[Node]


class While(NamedTuple):
    start: int
    end: int
    test: Node
    body: list[Node]
    orelse: list[Node]


class For(NamedTuple):
    start: int
    end: int
    target: Node
    iter: Node
    body: list[Node]
    orelse: list[Node]


class WithItem(NamedTuple):
    item: Node
    asname: Node | None


class With(NamedTuple):
    start: int
    end: int
    items: list[WithItem]
    body: list[Node]


class ExceptHandler(NamedTuple):
    type: Node | None
    name: Name | None
    body: list[Node]


class Try(NamedTuple):
    start: int
    end: int
    body: list[Node]
    handlers: list[ExceptHandler]
    orelse: list[Node]
    finalbody: list[Node]


class FunctionDef(NamedTuple):
    start: int
    end: int
    decorators: list[Node]
    name: Name
    params: Parameters
    returns: Annotation | None
    body: list[Node]


class ClassDef(NamedTuple):
    start: int
    end: int
    decorators: list[Node]
    name: Name
    bases: list[Arg]
    keywords: list[Arg]
    body: list[Node]


# Patterns


class MatchValue(NamedTuple):
    start: int
    end: int
    value: Node


class MatchAs(NamedTuple):
    start: int
    end: int
    pattern: Node | None
    name: Name | None


class MatchStar(NamedTuple):
    start: int
    end: int
    name: Name | None


class MatchMappingElement(NamedTuple):
    key: Node
    pattern: Node


class MatchMapping(NamedTuple):
    start: int
    end: int
    elements: list[MatchMappingElement]
    rest: Name | None


class MatchKeywordElement(NamedTuple):
    key: Name
    pattern: Node


class MatchClass(NamedTuple):
    start: int
    end: int
    cls: Node
    patterns: list[Node]
    kwds: list[MatchKeywordElement]


class MatchCase(NamedTuple):
    pattern: Node
    guard: Node | None
    body: list[Node]


class Match(NamedTuple):
    start: int
    end: int
    subject: Node
    cases: list[MatchCase]
