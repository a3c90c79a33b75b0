"""What the statements of a Python program do with names."""

from __future__ import annotations

from collections.abc import Iterable

from qcilint.languages import python_nodes as py
from qcilint.languages import python_statement_nodes as st
from qcilint.languages.python_children import children
from qcilint.languages.python_expressions import Expressions
from qcilint.languages.python_flows import PLAIN, TRUTH, Flow
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_records import Bound, Reading, Ref, Scope
from qcilint.languages.python_strings import dotted
from qcilint.languages.python_tree import Tree

# Base classes that make something else of the attributes that a class body sets.
_MAKERS = frozenset(
    {
        "Enum",
        "StrEnum",
        "IntEnum",
        "Flag",
        "IntFlag",
        "NamedTuple",
        "TypedDict",
        "BaseModel",
        "BaseSettings",
        "Model",
        "Structure",
    }
)


class Statements:
    """Reads statements; methods that begin with an underscore and a capital are named after the nodes of libcst."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.walk = Expressions(tree)
        self.record, self.targets = self.walk.record, self.walk.targets

    def read(self, node: Node) -> None:
        """Write down the names of a statement, or of what stands in it."""
        getattr(self, f"_{type(node).__name__}", self._other)(node)

    def block(self, *blocks: Iterable[Node]) -> None:
        """All statements of some blocks."""
        for block in blocks:
            for statement in block:
                self.read(statement)

    def _other(self, node: Node) -> None:
        """A statement that is newer than this module."""
        raise NotImplementedError(type(node).__name__)

    # Assignments

    def _Assign(self, node: st.Assign) -> None:  # noqa: N802
        reading = self.walk.visit(node.value, PLAIN)
        barred = "sets several names at once" if len(node.targets) > 1 else ""
        for target in node.targets:
            self.targets.store(target.target, reading if not barred else Reading(), barred=barred)

    def _AnnAssign(self, node: st.AnnAssign) -> None:  # noqa: N802
        self.walk.visit(node.annotation.annotation, Flow("other", "used as a type"))
        if node.value is not None:
            self.targets.store(node.target, self.walk.visit(node.value, PLAIN))
        else:
            self.targets.store(node.target, Reading())

    def _AugAssign(self, node: st.AugAssign) -> None:  # noqa: N802
        self.targets.change(node.target, "adds to it", "addition")
        flow = Flow("other", "added to another text", deep=True)
        if isinstance(node.value, py.List | py.Tuple | py.ListComp):
            self.walk.visit(node.value, PLAIN)
        elif self.walk.texts.read(node.value, PLAIN, glued=True) is None:
            self.walk.visit(node.value, flow)

    def _Del(self, node: st.Del) -> None:  # noqa: N802
        for target in node.targets:
            self.targets.store(target, Reading(), barred="deletes it")

    def _TypeAlias(self, node: st.TypeAlias) -> None:  # noqa: N802
        self.targets.store(node.name, Reading(), barred="makes it a type")
        self.walk.visit(node.value, Flow("other", "used as a type"))

    def _elsewhere(self, node: st.Global | st.Nonlocal) -> None:
        for item in node.names:
            self.record.scope.elsewhere[self.tree.name(item)] = type(node).__name__.lower()

    _Global = _Nonlocal = _elsewhere

    def _Import(self, node: st.Import) -> None:  # noqa: N802
        if node.names is None:
            self.record.stars.append((self.record.scope, self.tree.start(node)))
        for name in node.names or ():
            self.targets.store(name, Reading(), barred="imports it", how="import")

    # Expressions in statements

    def _Expr(self, node: st.Expr) -> None:  # noqa: N802
        self.walk.visit(node.value, PLAIN)

    def _Return(self, node: st.Return) -> None:  # noqa: N802
        if node.value is not None:
            self.walk.visit(node.value, PLAIN)

    def _Raise(self, node: st.Raise) -> None:  # noqa: N802
        if node.exc is not None:
            self.walk.visit(node.exc, PLAIN)
        if node.cause is not None:
            self.walk.visit(node.cause, PLAIN)

    def _Assert(self, node: st.Assert) -> None:  # noqa: N802
        self.walk.visit(node.test, TRUTH)
        if node.msg is not None:
            self.walk.visit(node.msg, PLAIN)

    # Blocks

    def _test(self, node: st.If | st.While) -> None:
        self.walk.visit(node.test, TRUTH)
        self.block(node.body, node.orelse)

    _If = _While = _test

    def _For(self, node: st.For) -> None:  # noqa: N802
        self.targets.loop(node.target, node.iter)
        self.block(node.body, node.orelse)

    def _With(self, node: st.With) -> None:  # noqa: N802
        for item in node.items:
            self.walk.visit(item.item, PLAIN)
            if item.asname is not None:
                self.targets.store(item.asname, Reading(), barred="sets it to what a with statement gives")
        self.block(node.body)

    def _Try(self, node: st.Try) -> None:  # noqa: N802
        self.block(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.walk.visit(handler.type, PLAIN)
            if handler.name is not None:
                self.targets.store(handler.name, Reading(), barred="sets it to an exception")
            self.block(handler.body)
        self.block(node.orelse, node.finalbody)

    # Definitions

    def _FunctionDef(self, node: st.FunctionDef) -> None:  # noqa: N802
        with self.record.inside(self.walk.functions.define(node)):
            self.block(node.body)

    def _ClassDef(self, node: st.ClassDef) -> None:  # noqa: N802
        scope = Scope("class", self.record.scope)
        line = self.tree.line(self.tree.start(node.name))
        for decorator in node.decorators:
            self.walk.visit(decorator, Flow("other", "used as a decorator"))
            scope.sealed = f"line {line} makes its class with a decorator"
        for argument in (*node.bases, *node.keywords):
            self.walk.visit(argument.value, Flow("other", "used as a base class"))
            name = dotted(argument.value).rpartition(".")[2]
            if argument.keyword is not None or argument.star or name in _MAKERS:
                scope.sealed = f"line {line} makes its class in a way of its own"
            scope.bases.append(self.tree.name(argument.value) if isinstance(argument.value, py.Name) else "")
        ref = Ref(self.record.scope, self.tree.name(node.name))
        barred = "defines a class of that name"
        self.record.bounds.append(Bound(ref, self.tree.start(node.name), barred=barred, how="class", made=scope))
        with self.record.inside(scope):
            self.block(node.body)

    # Patterns

    def _Match(self, node: st.Match) -> None:  # noqa: N802
        self.walk.visit(node.subject, Flow("apart", "matched with patterns"))
        for case in node.cases:
            self._pattern(case.pattern)
            if case.guard is not None:
                self.walk.visit(case.guard, TRUTH)
            self.block(case.body)

    def _pattern(self, node: Node) -> None:
        bound: Iterable[Node | None] = ()
        inner: Iterable[Node] = children(node)
        if isinstance(node, st.MatchValue):
            self.walk.visit(node.value, Flow("apart", "matched with patterns"))
            inner = ()
        elif isinstance(node, st.MatchAs | st.MatchStar):
            bound = [node.name]
        elif isinstance(node, st.MatchMapping):
            bound = [node.rest]
        elif isinstance(node, st.MatchMappingElement):
            self.walk.visit(node.key, Flow("apart", "matched with patterns"))
            inner = [node.pattern]
        elif isinstance(node, st.MatchClass):
            self.walk.visit(node.cls, Flow("other", "used as a pattern"))
            inner = [*node.patterns, *(each.pattern for each in node.kwds)]
        for name in bound:
            if name is not None:
                self.targets.store(name, Reading(), barred="sets it by a pattern")
        for child in inner:
            if not isinstance(child, py.Name):
                self._pattern(child)
