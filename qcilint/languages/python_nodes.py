"""The expressions in a Python program's syntax tree, and what every node has.

Nodes bear the names, and in the main the fields, of the nodes of libcst (https://libcst.readthedocs.io/en/latest/nodes.html),
with these differences: they know where they stand, in bytes of the text, parentheses around them left out; there is no white
space and no punctuation; blocks are lists of statements. Their first fields are `start` and `end`, but for nodes that only tell
what another one is there for, as an argument of a call does. All sequences are lists, so that a tuple in a node is a node.
"""

from __future__ import annotations

from typing import Any

from qcilint.records import NamedTuple

Node = tuple[Any, ...]


class Other(NamedTuple):
    """A node that nothing needs to be known of."""

    start: int
    end: int
    inner: list[Node]


class Name(NamedTuple):
    start: int
    end: int
    value: str


class Attribute(NamedTuple):
    start: int
    end: int
    value: Node
    attr: Name


class Integer(NamedTuple):
    """Any number, or `...`."""

    start: int
    end: int


class SimpleString(NamedTuple):
    start: int
    end: int
    prefix: str
    raw_value: str


class FormattedStringExpression(NamedTuple):
    start: int
    end: int
    expression: Node
    conversion: str | None
    format_spec: list[FormattedStringExpression] | None
    """The expressions in it."""
    equal: bool


class FormattedString(NamedTuple):
    start: int
    end: int
    parts: list[FormattedStringExpression]
    """The expressions in it."""


class TemplatedString(NamedTuple):
    start: int
    end: int
    parts: list[Node]


class ConcatenatedString(NamedTuple):
    start: int
    end: int
    left: Node
    right: Node


# Displays and comprehensions


class Element(NamedTuple):
    value: Node


class StarredElement(NamedTuple):
    value: Node


class List(NamedTuple):
    start: int
    end: int
    elements: list[Element | StarredElement]


class Tuple(NamedTuple):
    start: int
    end: int
    elements: list[Element | StarredElement]


class Set(NamedTuple):
    start: int
    end: int
    elements: list[Element | StarredElement]


class DictElement(NamedTuple):
    key: Node
    value: Node


class StarredDictElement(NamedTuple):
    value: Node


class Dict(NamedTuple):
    start: int
    end: int
    elements: list[DictElement | StarredDictElement]


class CompIf(NamedTuple):
    test: Node


class CompFor(NamedTuple):
    target: Node
    iter: Node
    ifs: list[CompIf]
    inner_for_in: CompFor | None


class GeneratorExp(NamedTuple):
    start: int
    end: int
    elt: Node
    for_in: CompFor


class ListComp(NamedTuple):
    start: int
    end: int
    elt: Node
    for_in: CompFor


class SetComp(NamedTuple):
    start: int
    end: int
    elt: Node
    for_in: CompFor


class DictComp(NamedTuple):
    start: int
    end: int
    key: Node
    value: Node
    for_in: CompFor


# Operators


class UnaryOperation(NamedTuple):
    start: int
    end: int
    operator: str
    """The name of its node in libcst, so also below."""
    expression: Node


class BinaryOperation(NamedTuple):
    start: int
    end: int
    left: Node
    operator: str
    right: Node


class BooleanOperation(NamedTuple):
    start: int
    end: int
    left: Node
    operator: str
    right: Node


class ComparisonTarget(NamedTuple):
    operator: str
    """Its text."""
    comparator: Node


class Comparison(NamedTuple):
    start: int
    end: int
    left: Node
    comparisons: list[ComparisonTarget]


class IfExp(NamedTuple):
    start: int
    end: int
    body: Node
    test: Node
    orelse: Node


class NamedExpr(NamedTuple):
    start: int
    end: int
    target: Node
    value: Node


class Await(NamedTuple):
    start: int
    end: int
    expression: Node


class From(NamedTuple):
    item: Node


class Yield(NamedTuple):
    start: int
    end: int
    value: Node | None


# Calls, parts and functions


class Arg(NamedTuple):
    star: str
    keyword: Name | None
    value: Node


class Call(NamedTuple):
    start: int
    end: int
    func: Node
    args: list[Arg]


class Index(NamedTuple):
    value: Node


class Slice(NamedTuple):
    lower: Node | None
    upper: Node | None
    step: Node | None


class SubscriptElement(NamedTuple):
    slice: Index | Slice


class Subscript(NamedTuple):
    start: int
    end: int
    value: Node
    slice: list[SubscriptElement]


class Annotation(NamedTuple):
    annotation: Node


class Param(NamedTuple):
    name: Name
    annotation: Annotation | None
    default: Node | None


class Parameters(NamedTuple):
    posonly_params: list[Param]
    params: list[Param]
    star_arg: Param | None
    kwonly_params: list[Param]
    star_kwarg: Param | None


class Lambda(NamedTuple):
    start: int
    end: int
    params: Parameters
    body: Node


Comprehension = GeneratorExp | ListComp | SetComp | DictComp
