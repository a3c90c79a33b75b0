"""What statements and comprehensions of a Python program set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcilint.languages.python_flows import PLAIN, Flow
from qcilint.languages.python_records import Bound, Reading
from qcilint.records import replace

if TYPE_CHECKING:
    import libcst as cst

    from qcilint.languages.python_expressions import Expressions


class Targets:
    """Writes down what is set; what stands in it is read by `walk`."""

    def __init__(self, walk: Expressions) -> None:
        self.walk = walk

    def store(self, target: cst.CSTNode, reading: Reading, *, barred: str = "", how: str = "assignment") -> None:
        """`target` is set to what was read, or in a way that does not tell."""
        import libcst as cst

        if isinstance(target, cst.Name | cst.Attribute):
            self._bind(target, reading, barred, how)
        elif isinstance(target, cst.Subscript):
            self.change(target.value, "changes a part of it")
            self.walk.indices(target)
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self.store(element.value, Reading(), barred=barred or "sets it together with other names", how=how)
        else:
            self.walk.visit(target, Flow("other", "set in a way that is not understood"))

    def _bind(self, target: cst.Name | cst.Attribute, reading: Reading, barred: str, how: str) -> None:
        import libcst as cst

        self.walk.record.bounds.append(Bound(self.walk.ref(target), self.walk.tree.start(target), reading, barred, how))
        if isinstance(target, cst.Attribute):
            self.walk.receiver(target)

    def change(self, node: cst.CSTNode, barred: str, how: str = "assignment") -> None:
        """A value is changed in place."""
        if self.walk.is_simple(node):
            self.store(node, Reading(), barred=barred, how=how)
        else:
            self.walk.visit(node, Flow("other", "changed in place"))

    def loop(self, target: cst.CSTNode, iterable: cst.CSTNode) -> None:
        """`for target in iterable`; the names of the target belong to the current scope."""
        self.looped(target, self.walk.visit(iterable, PLAIN))

    def looped(self, target: cst.CSTNode, reading: Reading) -> None:
        """`target` is set to one element of what was read after the other."""
        import libcst as cst

        lists = reading.mentions + reading.iterated
        elements = reading.elements or Reading()
        barred = ""
        if reading.texts or reading.sums or reading.unknown or reading.missing:
            barred = f"loops over {reading.unknown or reading.missing or 'the letters of a text'}"
        elif elements.elements is not None or elements.iterated:
            barred = "loops over lists"
        if not isinstance(target, cst.Name):
            for mention in lists:
                mention.become("other", "looped over with several names")
            self.store(target, Reading(), barred=barred, how="loop")
            return
        unknown = elements.unknown or elements.missing
        found = replace(elements, elements=None, iterated=lists, unknown=unknown, missing="")
        self.store(target, found, barred=barred, how="loop")
