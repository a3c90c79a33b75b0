"""What the statements of a Python program do with names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qcilint.languages.python_expressions import Expressions
from qcilint.languages.python_flows import PLAIN, TRUTH, Flow
from qcilint.languages.python_records import Bound, Reading, Ref, Scope
from qcilint.languages.python_strings import dotted
from qcilint.languages.python_tree import Tree

if TYPE_CHECKING:
    import libcst as cst

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

    def read(self, node: cst.CSTNode) -> None:
        """Write down the names of a statement, or of what stands in it."""
        getattr(self, f"_{type(node).__name__}", self._other)(node)

    def _block(self, node: cst.Module | cst.BaseSuite | cst.SimpleStatementLine) -> None:
        for statement in node.body:
            self.read(statement)

    _Module = _IndentedBlock = _SimpleStatementSuite = _SimpleStatementLine = _block

    def _nothing(self, node: cst.CSTNode) -> None:
        pass

    _Pass = _Break = _Continue = _nothing

    def _other(self, node: cst.CSTNode) -> None:
        """A statement that is newer than this module."""
        raise NotImplementedError(type(node).__name__)

    # Assignments

    def _Assign(self, node: cst.Assign) -> None:  # noqa: N802
        reading = self.walk.visit(node.value, PLAIN)
        barred = "sets several names at once" if len(node.targets) > 1 else ""
        for target in node.targets:
            self.targets.store(target.target, reading if not barred else Reading(), barred=barred)

    def _AnnAssign(self, node: cst.AnnAssign) -> None:  # noqa: N802
        self.walk.visit(node.annotation.annotation, Flow("other", "used as a type"))
        if node.value is not None:
            self.targets.store(node.target, self.walk.visit(node.value, PLAIN))
        else:
            self.targets.store(node.target, Reading())

    def _AugAssign(self, node: cst.AugAssign) -> None:  # noqa: N802
        import libcst as cst

        self.targets.change(node.target, "adds to it", "addition")
        flow = Flow("other", "added to another text", deep=True)
        if isinstance(node.value, cst.List | cst.Tuple | cst.ListComp):
            self.walk.visit(node.value, PLAIN)
        elif self.walk.texts.read(node.value, PLAIN, glued=True) is None:
            self.walk.visit(node.value, flow)

    def _Del(self, node: cst.Del) -> None:  # noqa: N802
        self.targets.store(node.target, Reading(), barred="deletes it")

    def _TypeAlias(self, node: cst.TypeAlias) -> None:  # noqa: N802
        self.targets.store(node.name, Reading(), barred="makes it a type")
        self.walk.visit(node.value, Flow("other", "used as a type"))

    def _elsewhere(self, node: cst.Global | cst.Nonlocal) -> None:
        for item in node.names:
            self.record.scope.elsewhere[self.tree.name(item.name)] = type(node).__name__.lower()

    _Global = _Nonlocal = _elsewhere

    def _import(self, node: cst.Import | cst.ImportFrom) -> None:
        import libcst as cst

        if isinstance(node.names, cst.ImportStar):
            self.record.stars.append((self.record.scope, self.tree.start(node)))
            return
        for alias in node.names:
            name: cst.CSTNode = alias.asname.name if alias.asname else alias.name
            while isinstance(name, cst.Attribute):
                name = name.value
            self.targets.store(name, Reading(), barred="imports it", how="import")

    _Import = _ImportFrom = _import

    # Expressions in statements

    def _Expr(self, node: cst.Expr) -> None:  # noqa: N802
        self.walk.visit(node.value, PLAIN)

    def _Return(self, node: cst.Return) -> None:  # noqa: N802
        if node.value is not None:
            self.walk.visit(node.value, PLAIN)

    def _Raise(self, node: cst.Raise) -> None:  # noqa: N802
        if node.exc is not None:
            self.walk.visit(node.exc, PLAIN)
        if node.cause is not None:
            self.walk.visit(node.cause.item, PLAIN)

    def _Assert(self, node: cst.Assert) -> None:  # noqa: N802
        self.walk.visit(node.test, TRUTH)
        if node.msg is not None:
            self.walk.visit(node.msg, PLAIN)

    # Blocks

    def _test(self, node: cst.If | cst.While) -> None:
        self.walk.visit(node.test, TRUTH)
        self._each(node.body, node.orelse)

    _If = _While = _test

    def _each(self, *nodes: cst.CSTNode | None) -> None:
        for node in nodes:
            if node is not None:
                self.read(node)

    def _Else(self, node: cst.Else | cst.Finally) -> None:  # noqa: N802
        self.read(node.body)

    _Finally = _Else

    def _For(self, node: cst.For) -> None:  # noqa: N802
        self.targets.loop(node.target, node.iter)
        self._each(node.body, node.orelse)

    def _With(self, node: cst.With) -> None:  # noqa: N802
        for item in node.items:
            self.walk.visit(item.item, PLAIN)
            if item.asname is not None:
                self.targets.store(item.asname.name, Reading(), barred="sets it to what a with statement gives")
        self.read(node.body)

    def _Try(self, node: cst.Try | cst.TryStar) -> None:  # noqa: N802
        self.read(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.walk.visit(handler.type, PLAIN)
            if handler.name is not None:
                self.targets.store(handler.name.name, Reading(), barred="sets it to an exception")
            self.read(handler.body)
        self._each(node.orelse, node.finalbody)

    _TryStar = _Try

    # Definitions

    def _FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        with self.record.inside(self.walk.functions.define(node)):
            self.read(node.body)

    def _ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
        import libcst as cst

        scope = Scope("class", self.record.scope)
        line = self.tree.line(self.tree.start(node.name))
        for decorator in node.decorators:
            self.walk.visit(decorator.decorator, Flow("other", "used as a decorator"))
            scope.sealed = f"line {line} makes its class with a decorator"
        for argument in (*node.bases, *node.keywords):
            self.walk.visit(argument.value, Flow("other", "used as a base class"))
            name = dotted(argument.value).rpartition(".")[2]
            if argument.keyword is not None or argument.star or name in _MAKERS:
                scope.sealed = f"line {line} makes its class in a way of its own"
            scope.bases.append(self.tree.name(argument.value) if isinstance(argument.value, cst.Name) else "")
        ref = Ref(self.record.scope, self.tree.name(node.name))
        barred = "defines a class of that name"
        self.record.bounds.append(Bound(ref, self.tree.start(node.name), barred=barred, how="class", made=scope))
        with self.record.inside(scope):
            self.read(node.body)

    # Patterns

    def _Match(self, node: cst.Match) -> None:  # noqa: N802
        self.walk.visit(node.subject, Flow("apart", "matched with patterns"))
        for case in node.cases:
            self._pattern(case.pattern)
            if case.guard is not None:
                self.walk.visit(case.guard, TRUTH)
            self.read(case.body)

    def _pattern(self, node: cst.CSTNode) -> None:
        import libcst as cst

        bound: Iterable[cst.CSTNode | None] = ()
        inner: Iterable[cst.CSTNode] = node.children
        if isinstance(node, cst.MatchValue):
            self.walk.visit(node.value, Flow("apart", "matched with patterns"))
            inner = ()
        elif isinstance(node, cst.MatchAs | cst.MatchStar):
            bound = [node.name]
        elif isinstance(node, cst.MatchMapping):
            bound = [node.rest]
        elif isinstance(node, cst.MatchMappingElement):
            self.walk.visit(node.key, Flow("apart", "matched with patterns"))
            inner = [node.pattern]
        elif isinstance(node, cst.MatchClass):
            self.walk.visit(node.cls, Flow("other", "used as a pattern"))
            inner = [*node.patterns, *(each.pattern for each in node.kwds)]
        for name in bound:
            if name is not None:
                self.targets.store(name, Reading(), barred="sets it by a pattern")
        for child in inner:
            if not isinstance(child, cst.Name):
                self._pattern(child)
