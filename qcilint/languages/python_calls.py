"""Calls in a Python program: where their arguments go to, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcilint.languages import python_nodes as py
from qcilint.languages.code_lexer import python_string
from qcilint.languages.python_flows import ENVIRONMENT, ITERATORS, Flow, argument_flow, receiver_flow
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_records import Argument, Call, Reading
from qcilint.languages.python_strings import dotted

if TYPE_CHECKING:
    from qcilint.languages.python_expressions import Expressions

_NAMERS = frozenset(
    {"getattr", "setattr", "hasattr", "delattr", "attrgetter", "patch", "object", "multiple", "delitem", "setitem"}
)
"""Functions that are given the name of a name."""
_LOOKUPS = frozenset({"get", "pop", "setdefault"})
_CLIENTS = ("requests", "session", "client", "http", "httpx", "urllib")
_LONGEST = 24
"""Bytes of a call that a note shows."""


class Calls:
    """Reads calls; what stands in them is read by `walk`."""

    def __init__(self, walk: Expressions) -> None:
        self.walk = walk

    def read(self, node: py.Call, flow: Flow) -> Reading:
        """Write down a call whose value goes to `flow`; what it may give."""
        callee = dotted(node.func)
        self._callee(node, flow)
        is_method = isinstance(node.func, py.Attribute)
        inner = argument_flow(callee, is_method=is_method, joins_words=self._joins_words(node), flow=flow)
        readings: list[Reading] = []
        is_lookup = callee.rpartition(".")[2] in _LOOKUPS and is_method and not callee.lower().startswith(_CLIENTS)
        for index, argument in enumerate(node.args):
            through = Flow("other", "unpacked with " + argument.star) if argument.star else inner
            if is_lookup and index == 0:
                through = self.walk.below(through, "apart", "used as a key")
            readings.append(self.walk.visit(argument.value, through))
        self._record(node, readings)
        self._names(node, callee)
        return self._result(node, callee, readings)

    def _callee(self, node: py.Call, flow: Flow) -> None:
        function = node.func
        if not isinstance(function, py.Attribute):
            self.walk.visit(function, Flow("other", "called"))
            return
        method = function.attr.value
        start, end = self.walk.tree.span(node)
        shown = self.walk.tree.source(node).rpartition(f".{method}")[2] if end - start < 200 else ""
        call = method + (shown if len(shown) <= _LONGEST and "\n" not in shown else "()")
        is_text = not self.walk.is_simple(function.value)
        through = receiver_flow(method, call, is_text=is_text, has_arguments=bool(node.args), flow=flow)
        if self.walk.is_simple(function.value):
            self.walk.visit(function.value, through)
            self.walk.called(function)
        elif method == "join":
            self.walk.visit(function.value, self.walk.embedded("joined with .join", flow))
        else:
            self.walk.visit(function.value, through)
            self.walk.called(function)

    def _joins_words(self, node: py.Call) -> bool:
        """`" ".join(…)`"""
        function = node.func
        if not (isinstance(function, py.Attribute) and function.attr.value == "join"):
            return False
        return (
            isinstance(function.value, py.SimpleString)
            and function.value.raw_value in (" ", "\\n")
            and not any(self.walk.is_simple(argument.value) for argument in node.args)
        )

    def _record(self, node: py.Call, readings: list[Reading]) -> None:
        if not isinstance(node.func, py.Name | py.Attribute):
            return
        arguments = [
            Argument(
                argument.keyword.value if argument.keyword else "",
                bool(argument.star),
                reading,
                self.walk.tree.start(argument.value),
            )
            for argument, reading in zip(node.args, readings, strict=True)
        ]
        at = self.walk.tree.start(node)
        self.walk.record.calls.append(Call(self.walk.ref(node.func), arguments, at))
        if len(node.args) > 1:
            for argument in node.args:
                if self.walk.is_simple(argument.value):
                    self.walk.record.passed.append((self.walk.ref(argument.value), at))

    def _names(self, node: py.Call, callee: str) -> None:
        """Names that stand in strings, and names that nobody can know."""
        last = callee.rpartition(".")[2]
        at = self.walk.tree.start(node)
        if last == "vars":
            (self.walk.record.any_attribute if node.args else self.walk.record.any_name).append((at, "uses vars()"))
        if last not in _NAMERS:
            return
        texts = [argument.value for argument in node.args[:2] if isinstance(argument.value, py.SimpleString)]
        for text in texts:
            token = python_string(self.walk.tree.text, *self.walk.tree.span(text))
            name = self.walk.tree.text[token.inner : token.outer].decode("utf-8", "replace").rpartition(".")[2]
            self.walk.record.named.append((name, at))
        self.walk.record.named += [(argument.keyword.value, at) for argument in node.args if argument.keyword]
        if not texts and last.endswith(("attr", "attrgetter")):
            self.walk.record.any_attribute.append((at, f"uses {last}() with a name that is not shown"))

    def _result(self, node: py.Call, callee: str, readings: list[Reading]) -> Reading:
        result = Reading(unknown="the result of a call")
        if callee in ENVIRONMENT:
            return self._environment(node, readings)
        if len(readings) == 1 and not (node.args[0].star or node.args[0].keyword):
            if callee == "str":
                return readings[0] if not readings[0].elements else result
            if callee in ITERATORS:
                return self._iterated(readings[0]) or result
        if not node.args and isinstance(node.func, py.Attribute) and node.func.attr.value == "split":
            return self._words(node.func.value) or result
        return result

    @staticmethod
    def _iterated(reading: Reading) -> Reading | None:
        """`sorted(…)`"""
        if reading.texts or reading.sums or reading.unknown or reading.missing or not (reading.elements or reading.mentions):
            return None
        return Reading(elements=reading.elements, iterated=reading.mentions + reading.iterated)

    @staticmethod
    def _environment(node: py.Call, readings: list[Reading]) -> Reading:
        """`os.environ.get("NAME", "default")`"""
        caveat = "the environment may override it"
        if any(argument.star for argument in node.args):
            return Reading(unknown="a variable of the environment")
        for argument, reading in zip(node.args[1:], readings[1:], strict=True):
            if argument.keyword is None or argument.keyword.value == "default":
                reading.caveat = reading.caveat or caveat
                return reading
        return Reading(missing="a variable of the environment", caveat=caveat)

    def _words(self, node: Node) -> Reading | None:
        """The words of a literal, where white space alone tells them apart."""
        if not isinstance(node, py.SimpleString):
            return None
        token = python_string(self.walk.tree.text, *self.walk.tree.span(node))
        text = self.walk.tree.text[token.inner : token.outer]
        if (
            "b" in node.prefix.lower()
            or not text.isascii()
            or any(byte < 0x20 and byte != 0x0A for byte in text)
            or b"\\" in text
        ):
            return None
        spans = []
        at = token.inner
        for word in text.split():
            start = self.walk.tree.text.index(word, at)
            at = start + len(word)
            spans.append((start, at))
        return Reading(elements=Reading(texts=spans))
