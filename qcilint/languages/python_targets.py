"""What statements and comprehensions of a Python program set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcilint.languages import python_nodes as py
from qcilint.languages.python_flows import PLAIN, Flow
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_records import Bound, Reading
from qcilint.records import replace

if TYPE_CHECKING:
    from qcilint.languages.python_expressions import Expressions


class Targets:
    """Writes down what is set; what stands in it is read by `walk`."""

    def __init__(self, walk: Expressions) -> None:
        self.walk = walk

    def store(self, target: Node, reading: Reading, *, barred: str = "", how: str = "assignment") -> None:
        """`target` is set to what was read, or in a way that does not tell."""
        if isinstance(target, py.Name | py.Attribute):
            self._bind(target, reading, barred, how)
        elif isinstance(target, py.Subscript):
            self.change(target.value, "changes a part of it")
            self.walk.indices(target)
        elif isinstance(target, py.Tuple | py.List):
            for element in target.elements:
                self.store(element.value, Reading(), barred=barred or "sets it together with other names", how=how)
        else:
            self.walk.visit(target, Flow("other", "set in a way that is not understood"))

    def _bind(self, target: py.Name | py.Attribute, reading: Reading, barred: str, how: str) -> None:
        self.walk.record.bounds.append(Bound(self.walk.ref(target), self.walk.tree.start(target), reading, barred, how))
        if isinstance(target, py.Attribute):
            self.walk.receiver(target)

    def change(self, node: Node, barred: str, how: str = "assignment") -> None:
        """A value is changed in place."""
        if self.walk.is_simple(node):
            self.store(node, Reading(), barred=barred, how=how)
        else:
            self.walk.visit(node, Flow("other", "changed in place"))

    def loop(self, target: Node, iterable: Node) -> None:
        """`for target in iterable`; the names of the target belong to the current scope."""
        self.looped(target, self.walk.visit(iterable, PLAIN))

    def looped(self, target: Node, reading: Reading) -> None:
        """`target` is set to one element of what was read after the other."""
        lists = reading.mentions + reading.iterated
        elements = reading.elements or Reading()
        barred = ""
        if reading.texts or reading.sums or reading.unknown or reading.missing:
            barred = f"loops over {reading.unknown or reading.missing or 'the letters of a text'}"
        elif elements.elements is not None or elements.iterated:
            barred = "loops over lists"
        if not isinstance(target, py.Name):
            for mention in lists:
                mention.become("other", "looped over with several names")
            self.store(target, Reading(), barred=barred, how="loop")
            return
        unknown = elements.unknown or elements.missing
        found = replace(elements, elements=None, iterated=lists, unknown=unknown, missing="")
        self.store(target, found, barred=barred, how="loop")
