"""Functions, parameters and comprehensions of a Python program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcilint.languages import python_nodes as py
from qcilint.languages import python_statement_nodes as st
from qcilint.languages.python_flows import PLAIN, TRUTH, Flow
from qcilint.languages.python_records import Bound, Function, Reading, Ref, Scope
from qcilint.languages.python_strings import dotted

if TYPE_CHECKING:
    from qcilint.languages.python_expressions import Expressions

_CALLERS = "callers may pass another value"


class Functions:
    """Reads what has parameters or loops of its own; what stands in it is read by `walk`."""

    def __init__(self, walk: Expressions) -> None:
        self.walk = walk

    def parameters(self, parameters: py.Parameters, scope: Scope) -> Scope:
        """Bind the parameters in `scope`; their defaults belong to the current one."""
        positional = (*parameters.posonly_params, *parameters.params)
        for index, parameter in enumerate((*positional, *parameters.kwonly_params)):
            is_receiver = scope.receiver_of is not None and index == 0 and bool(positional)
            reading = Reading()
            if parameter.default is not None:
                reading = self.walk.visit(parameter.default, PLAIN)
            self._annotation(parameter.annotation)
            ref = Ref(scope, self.walk.tree.name(parameter.name))
            bound = Bound(ref, self.walk.tree.start(parameter.name), reading, how="parameter", caveat=_CALLERS)
            if is_receiver:
                bound.how, bound.caveat = "receiver", ""
            self.walk.record.bounds.append(bound)
        for star in (parameters.star_arg, parameters.star_kwarg):
            if isinstance(star, py.Param):
                self._annotation(star.annotation)
                ref = Ref(scope, self.walk.tree.name(star.name))
                self.walk.record.bounds.append(Bound(ref, self.walk.tree.start(star.name), barred="takes any arguments"))
        return scope

    def _annotation(self, annotation: py.Annotation | None) -> None:
        if annotation is not None:
            self.walk.visit(annotation.annotation, Flow("other", "used as a type"))

    def define(self, node: st.FunctionDef) -> Scope:
        """Bind a function and its parameters; the scope of its body."""
        record, tree = self.walk.record, self.walk.tree
        names = [dotted(decorator) for decorator in node.decorators]
        for decorator in node.decorators:
            self.walk.visit(decorator, Flow("other", "used as a decorator"))
        name = tree.name(node.name)
        record.bounds.append(Bound(Ref(record.scope, name), tree.start(node.name), barred="defines a function of that name"))
        owner = record.scope if record.scope.kind == "class" else None
        is_static = owner is None or "staticmethod" in names
        scope = Scope("function", record.scope, receiver_of=None if is_static else owner)
        self.parameters(node.params, scope)
        self._annotation(node.returns)
        positional = [tree.name(each.name) for each in (*node.params.posonly_params, *node.params.params)]
        keywords = [tree.name(each.name) for each in (*node.params.params, *node.params.kwonly_params)]
        function = Function(name, scope, positional, keywords, owner, not is_static)
        function.barred = "" if all(names) else "its decorator is given more"
        record.functions.append(function)
        return scope

    def comprehension(self, node: py.Comprehension, flow: Flow) -> Reading:
        """`[element for …]`; what its elements may be."""
        part: py.CompFor | None = node.for_in
        first = self.walk.visit(node.for_in.iter, PLAIN)
        scope = Scope("comprehension", self.walk.record.scope)
        with self.walk.record.inside(scope):
            while part is not None:
                reading = first if part is node.for_in else self.walk.visit(part.iter, PLAIN)
                self.walk.targets.looped(part.target, reading)
                self.walk.visit_all([test.test for test in part.ifs], TRUTH)
                part = part.inner_for_in
            if isinstance(node, py.DictComp):
                self.walk.visit(node.key, Flow("apart", "used as a key"))
                self.walk.visit(node.value, flow)
                return Reading(unknown="a dictionary")
            element = self.walk.visit(node.elt, flow)
        return Reading(elements=element)
