"""What the expressions of a Python program do with names, and what they may give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qcilint.languages import python_nodes as py
from qcilint.languages.python_calls import Calls
from qcilint.languages.python_children import children
from qcilint.languages.python_flows import PLAIN, TRUTH, Flow
from qcilint.languages.python_functions import Functions
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_records import Bound, Mention, Reading, Record, Ref, Scope
from qcilint.languages.python_targets import Targets
from qcilint.languages.python_texts import Template, Texts, parts_of
from qcilint.view import Span

if TYPE_CHECKING:
    from qcilint.languages.python_tree import Tree

_CONSTANTS = ("None", "True", "False")
_DYNAMIC = frozenset({"globals", "locals", "eval", "exec"})
_INNARDS = frozenset({"__dict__", "__globals__", "f_globals", "f_locals", "__getattribute__", "modules"})


class Expressions:
    """Reads expressions; methods that begin with an underscore and a capital are named after the nodes of libcst."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.record = tree, Record()
        self.texts, self.calls = Texts(self), Calls(self)
        self.targets, self.functions = Targets(self), Functions(self)

    def visit(self, node: Node, flow: Flow) -> Reading:
        """Write down the names in an expression whose value goes to `flow`; what it may give."""
        reading: Reading | None = None
        name = type(node).__name__
        if name in ("SimpleString", "FormattedString", "ConcatenatedString", "BinaryOperation", "Call"):
            reading = self.texts.read(node, flow if flow.kind != "truth" else PLAIN)
        if reading is None:
            handler = getattr(self, f"_{name}", self._other)
            reading = handler(node, flow)
        return reading

    def visit_all(self, nodes: Iterable[Node], flow: Flow) -> list[Reading]:
        """All of them go to `flow`."""
        return [self.visit(node, flow) for node in nodes]

    @staticmethod
    def embedded(note: str, flow: Flow) -> Flow:
        """The flow of what becomes a part of a text."""
        return Flow("other", flow.note if flow.kind == "other" else note, deep=True)

    @staticmethod
    def below(flow: Flow, kind: str, note: str) -> Flow:
        """A flow within another one, which may be worse."""
        return flow if flow.kind == "other" else Flow(kind, note)

    def _other(self, node: Node, flow: Flow) -> Reading:
        """An expression of which nothing is known."""
        for child in children(node):
            self.visit(child, self.below(flow, "other", "used in a way that is not understood"))
        return Reading(unknown="something that is not understood")

    # Names

    def is_simple(self, node: Node) -> bool:
        """Whether it is a name, or an attribute of one."""
        if isinstance(node, py.Attribute):
            return isinstance(node.value, py.Name) and node.value.value not in _CONSTANTS
        return isinstance(node, py.Name) and node.value not in _CONSTANTS

    def simple(self, node: Node, flow: Flow, span: Span | None = None, note: str = "") -> Mention | None:
        """Write down a name, or an attribute of one, whose value stands at `span`; None if it is neither."""
        if not self.is_simple(node):
            return None
        start, end = span or self.tree.span(node)
        kind = flow.kind if flow.kind != "truth" else "plain"
        mention = Mention(self.ref(node), start, end, kind, flow.note)
        if note:
            mention.become("other", note)
        if isinstance(node, py.Attribute):
            self.receiver(node)
        else:
            self._notice(node)
        return self.record.mention(mention)

    def ref(self, node: Node) -> Ref:
        """What a name or an attribute refers to."""
        if isinstance(node, py.Attribute):
            receiver = self.tree.name(node.value) if isinstance(node.value, py.Name) else ""
            return Ref(self.record.scope, self.tree.name(node.attr), receiver)
        return Ref(self.record.scope, self.tree.name(node) if isinstance(node, py.Name) else "")

    def receiver(self, node: py.Attribute) -> None:
        """What stands before the dot."""
        flow = Flow("other", f"its .{node.attr.value} is used")
        if node.attr.value in _INNARDS:
            self.record.any_attribute.append((self.tree.start(node.attr), f"uses {node.attr.value}"))
            if node.attr.value != "__dict__":
                self.record.any_name.append((self.tree.start(node.attr), f"uses {node.attr.value}"))
        if isinstance(node.value, py.Name):
            self.simple(node.value, flow)
        else:
            self.visit(node.value, flow)

    def called(self, node: py.Attribute) -> None:
        """A method is called."""
        self.record.mention(Mention(self.ref(node), *self.tree.span(node), "other", "called"))

    def _notice(self, node: Node) -> None:
        """Look out for functions that reach names by other ways."""
        if isinstance(node, py.Name) and node.value in _DYNAMIC:
            self.record.any_name.append((self.tree.start(node), f"uses {node.value}()"))

    def _Name(self, node: py.Name, flow: Flow) -> Reading:  # noqa: N802
        if node.value == "None":
            return Reading()
        if node.value in _CONSTANTS:
            return Reading(unknown="a truth value")
        self._notice(node)
        if flow.kind == "truth":
            return Reading(unknown="something that is not understood")
        mention = self.simple(node, flow)
        return Reading(mentions=[mention] if mention else [])

    def _Attribute(self, node: py.Attribute, flow: Flow) -> Reading:  # noqa: N802
        if flow.kind == "truth" and self.is_simple(node):
            self.receiver(node)
            return Reading(unknown="something that is not understood")
        if (mention := self.simple(node, flow)) is not None:
            return Reading(mentions=[mention])
        start, end = self.tree.span(node)
        self.record.mention(Mention(self.ref(node), start, end, "other", "read from another object"))
        self.receiver(node)
        return Reading(unknown="an attribute of another object")

    # Literals

    def _Integer(self, node: Node, flow: Flow) -> Reading:  # noqa: N802, ARG002
        return Reading(unknown="a number")

    _Float = _Imaginary = _Ellipsis = _Integer

    def _sequence(self, node: py.List | py.Tuple | py.Set, flow: Flow) -> Reading:
        elements = Reading()
        for element in node.elements:
            elements = elements.merge(self.visit(element, flow))
        return Reading(elements=elements)

    _List = _Tuple = _Set = _sequence

    def _Element(self, node: py.Element, flow: Flow) -> Reading:  # noqa: N802
        return self.visit(node.value, flow)

    def _StarredElement(self, node: Node, flow: Flow) -> Reading:  # noqa: N802
        self.visit(node.value, self.below(flow, "other", "unpacked with *"))  # type: ignore[attr-defined]
        return Reading(unknown="what is unpacked")

    def _Dict(self, node: py.Dict, flow: Flow) -> Reading:  # noqa: N802
        for element in node.elements:
            if isinstance(element, py.DictElement):
                self.visit(element.key, self.below(flow, "apart", "used as a key"))
                self.visit(element.value, flow)
            else:
                self.visit(element.value, self.below(flow, "other", "unpacked with **"))
        return Reading(unknown="a dictionary")

    # Operators

    def _BinaryOperation(self, node: py.BinaryOperation, flow: Flow) -> Reading:  # noqa: N802
        if node.operator == "Add":
            return self._added([part[0] for part in parts_of(node) if not isinstance(part, Template)], flow)
        if node.operator == "Modulo":
            self.visit(node.left, self.below(flow, "other", "filled as a template"))
            self.visit(node.right, self.embedded("fills a template that stands elsewhere", flow))
        else:
            sign = node.operator
            sign = "/" if sign == "Divide" else f"the operator {sign}"
            for side in (node.left, node.right):
                self.visit(side, self.embedded(f"joined with {sign}", flow))
        return Reading(unknown="the result of an operator")

    def _added(self, operands: Sequence[Node], flow: Flow) -> Reading:
        """A sum that holds no text: of lists, or of numbers."""
        for operand in operands:
            if isinstance(operand, py.List | py.Tuple | py.ListComp):
                self.visit(operand, flow)
            else:
                self.visit(operand, self.embedded("added to something else", flow))
        return Reading(unknown="a sum")

    def _BooleanOperation(self, node: py.BooleanOperation, flow: Flow) -> Reading:  # noqa: N802
        left, right = self.visit(node.left, flow), self.visit(node.right, flow)
        if node.operator == "And":
            return Reading(unknown="one of several values")
        left.missing = ""
        return left.merge(right)

    def _UnaryOperation(self, node: py.UnaryOperation, flow: Flow) -> Reading:  # noqa: N802
        is_not = node.operator == "Not"
        self.visit(node.expression, TRUTH if is_not else self.below(flow, "other", "calculated with"))
        return Reading(unknown="a truth value" if is_not else "a number")

    def _Comparison(self, node: py.Comparison, flow: Flow) -> Reading:  # noqa: N802, ARG002
        targets = node.comparisons
        with_none = all(isinstance(each.comparator, py.Name) and each.comparator.value == "None" for each in targets)
        sign = targets[0].operator
        apart = TRUTH if with_none else Flow("apart", f"compared with {sign}")
        self.visit_all([node.left, *(each.comparator for each in targets)], apart)
        return Reading(unknown="a truth value")

    def _IfExp(self, node: py.IfExp, flow: Flow) -> Reading:  # noqa: N802
        self.visit(node.test, TRUTH)
        return self.visit(node.body, flow).merge(self.visit(node.orelse, flow))

    def _Subscript(self, node: py.Subscript, flow: Flow) -> Reading:  # noqa: N802
        self.visit(node.value, self.below(flow, "apart", f"taken apart with {self.tree.source(node)[-20:]}"))
        self.indices(node)
        return Reading(unknown="a part of another value")

    def indices(self, node: py.Subscript) -> None:
        """What stands in the brackets."""
        for element in node.slice:
            index = element.slice
            bounds: list[Node | None] = [index.value] if isinstance(index, py.Index) else []
            if isinstance(index, py.Slice):
                bounds = [index.lower, index.upper, index.step]
            self.visit_all([bound for bound in bounds if bound is not None], Flow("apart", "used as a key"))

    def _Call(self, node: py.Call, flow: Flow) -> Reading:  # noqa: N802
        return self.calls.read(node, flow)

    def _Await(self, node: py.Await, flow: Flow) -> Reading:  # noqa: N802
        self.visit(node.expression, flow)
        return Reading(unknown="the result of a call")

    def _Yield(self, node: py.Yield, flow: Flow) -> Reading:  # noqa: N802
        if isinstance(node.value, py.From):
            self.visit(node.value.item, self.below(flow, "other", "given on element by element"))
        elif node.value is not None:
            self.visit(node.value, flow)
        return Reading(unknown="what is sent to it")

    def _NamedExpr(self, node: py.NamedExpr, flow: Flow) -> Reading:  # noqa: N802
        self.visit(node.value, flow)
        scope = self.record.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        name = self.ref(node.target).name
        self.record.bounds.append(Bound(Ref(scope, name), self.tree.start(node), barred="sets it within an expression"))
        return Reading(unknown="an assignment within an expression")

    # Scopes

    def _Lambda(self, node: py.Lambda, flow: Flow) -> Reading:  # noqa: N802, ARG002
        with self.record.inside(self.functions.parameters(node.params, Scope("function", self.record.scope))):
            self.visit(node.body, PLAIN)
        return Reading(unknown="a function")

    def _comprehension(self, node: py.Comprehension, flow: Flow) -> Reading:
        return self.functions.comprehension(node, flow)

    _GeneratorExp = _ListComp = _SetComp = _DictComp = _comprehension
