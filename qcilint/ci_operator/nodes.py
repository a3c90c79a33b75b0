"""A YAML document as a tree that knows its lines, and reads its scalars as ci-operator does.

ci-operator reads YAML with sigs.k8s.io/yaml: YAML 1.1 scalars, and a number or a truth value where a field is a string becomes
its text (`convertToJSONableObject`): an unquoted `4.20` is `4.2`, and `y` is `true` (gopkg.in/yaml.v2 `resolve.go`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from qcilint.languages.yaml_source import unmask_colons
from qcilint.records import dataclass, field

TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"})
FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"})
NULL = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?")
_LETTERS = frozenset("abcdeghijklmpqrsuvwxz")
"""First letters of words that are text whatever follows."""
_MERGE = "<<"


class NodeError(ValueError):
    """What is wrong with a document, and the line (from 1) where."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line, self.problem = line, problem


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value; `line` counts from 1."""

    line: int
    text: str
    is_plain: bool = False
    """Neither quoted nor tagged, so it may be a number, a truth value or nothing."""

    @property
    def is_null(self) -> bool:
        return self.is_plain and self.text in NULL

    @property
    def string(self) -> str:
        """What ci-operator reads where it expects a string."""
        if not self.is_plain or self.text[:1] in _LETTERS:
            return self.text
        if self.text in NULL:
            return ""
        if self.text in TRUE | FALSE:
            return "true" if self.text in TRUE else "false"
        return _number(self.text)


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys and values, in order."""

    line: int
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    merged: list[Node] = field(default_factory=list)
    """What `<<` names, until the mapping is complete."""

    def get(self, key: str) -> Node | None:
        """The value of a key; None where it is missing or null."""
        entry = self.entries.get(key)
        return None if entry is None or (isinstance(entry[1], Scalar) and entry[1].is_null) else entry[1]


Node = Scalar | Sequence | Mapping


def _number(text: str) -> str:
    """A plain scalar as Go prints the number that it is; any other text as it stands."""
    if _INTEGER.fullmatch(text):
        digits = text.replace("_", "").lower().lstrip("+")
        sign, bare = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
        base = 16 if bare.startswith("0x") else 2 if bare.startswith("0b") else 8 if re.match(r"0o?[0-7]", bare) else 10
        try:
            return sign + str(int(bare, base))
        except ValueError:
            return sign + str(int(bare)) if bare.isdigit() else text
    if _FLOAT.fullmatch(text) and any(character.isdigit() for character in text):
        value = float(text.replace("_", ""))
        # Go writes a float of 32 bits, with an exponent where it is large or small; no name of an image looks like those.
        is_short = value == 0 or (1e-4 <= abs(value) < 1e6 and sum(map(str.isdigit, text)) <= 6)
        return repr(value).removesuffix(".0") if is_short else text
    return text


def compose(data: bytes, wanted: Container[str]) -> Node | None:
    """The tree of a document; None where it is empty. Raises NodeError, with the line, where it is no YAML.

    Of a mapping at the top only the `wanted` keys have their values, the others are null: most of a configuration is tests.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NodeError(data[: error.start].count(b"\n") + 1, "it is not UTF-8; save it as UTF-8") from None
    try:
        return _composed(text, wanted)
    except _AnchorSkipped:
        return _composed(text, None)


def _composed(text: str, wanted: Container[str] | None) -> Node | None:
    from ruamel.yaml.error import YAMLError

    from qcilint.languages.yaml_source import events, is_deep, mask_colons

    if is_deep(text):
        raise NodeError(1, "too many brackets are open at once; write it without them")
    try:
        return _Composer(events(text, pure=False), wanted).compose()
    except YAMLError as error:
        # `[registry.example.com/a:b]` is a list of one text to ci-operator, and a mistake to the C parser.
        if (masked := mask_colons(text)) != text:
            return _composed(masked, wanted)
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise NodeError(mark.line + 1 if mark else 1, f"no valid YAML: {problem}; correct it") from None


class _AnchorSkipped(Exception):
    """An alias may name something in a part that was skipped."""


class _Composer:
    """Builds the tree from the parser's events."""

    def __init__(self, stream: Iterator[Any], wanted: Container[str] | None) -> None:
        self.stream, self.wanted = stream, wanted
        self.root: Node | None = None
        self.open: list[tuple[Sequence | Mapping, Scalar | None]] = []
        """The collections around the next event, each with the key that waits for its value."""
        self.anchors: dict[str, Node] = {}
        self.documents = 0
        self.has_skipped = False

    def compose(self) -> Node | None:
        """Take every event; the tree of the document."""
        takers = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }
        for event in self.stream:
            taker = takers.get(event.__class__.__name__)
            if taker is not None:
                taker(event)
        return self.root

    def _mapping(self, event: Any) -> None:
        self._start(event, Mapping(_line(event)))

    def _sequence(self, event: Any) -> None:
        self._start(event, Sequence(_line(event)))

    def _start(self, event: Any, opened: Sequence | Mapping) -> None:
        if self.wanted is not None and len(self.open) == 1:
            key = self.open[0][1]
            if key is not None and key.text not in self.wanted and key.text != _MERGE:
                self._add(Scalar(opened.line, "", is_plain=True), opened.line)
                self._skip()
                return
        self._anchor(event, opened)
        self._add(opened, opened.line)
        self.open.append((opened, None))

    def _skip(self) -> None:
        """Pass over the collection that was just opened."""
        self.has_skipped = True
        depth = 1
        for event in self.stream:
            kind = event.__class__.__name__
            if self.anchors and getattr(event, "anchor", None) and kind != "AliasEvent":
                raise _AnchorSkipped  # it may give an anchor another meaning
            if kind == "ScalarEvent":
                continue
            if kind in ("MappingStartEvent", "SequenceStartEvent"):
                depth += 1
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                depth -= 1
                if not depth:
                    return

    def _end(self, _: Any) -> None:
        node = self.open.pop()[0]
        if isinstance(node, Mapping):
            _merge(node)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise NodeError(_line(event), "a second YAML document; ci-operator reads one a file")

    def _alias(self, event: Any) -> None:
        name = str(event.anchor)
        if name not in self.anchors:
            if self.has_skipped:
                raise _AnchorSkipped
            raise NodeError(_line(event), f"nothing has the anchor *{name}")
        self._add(self.anchors[name], _line(event))

    def _scalar(self, event: Any) -> None:
        is_plain = event.style in (None, "") and not event.tag
        node = Scalar(_line(event), unmask_colons(event.value), is_plain)
        self._anchor(event, node)
        self._add(node, node.line)

    def _anchor(self, event: Any, node: Node) -> None:
        if event.anchor:
            self.anchors[str(event.anchor)] = node

    def _add(self, node: Node, line: int) -> None:
        if not self.open:
            self.root = node
            return
        parent, key = self.open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is None:
            if not isinstance(node, Scalar):
                raise NodeError(line, "a key that is a list or a mapping; keys are names")
            self.open[-1] = (parent, node)
        else:
            self.open[-1] = (parent, None)
            _set(parent, key, node)


def _set(parent: Mapping, key: Scalar, node: Node) -> None:
    if key.text == _MERGE and key.is_plain:
        parent.merged.append(node)
        return
    name = key.string
    if name in parent.entries:
        first = parent.entries[name][0].line
        raise NodeError(key.line, f"the key {name!r} stands here a second time (first in line {first}); remove one")
    parent.entries[name] = (key, node)


def _merge(mapping: Mapping) -> None:
    """Take over what the merge keys name; the mapping's own keys win."""
    for named in mapping.merged:
        for source in named.items if isinstance(named, Sequence) else [named]:
            if isinstance(source, Mapping):
                for name, entry in source.entries.items():
                    mapping.entries.setdefault(name, entry)
    mapping.merged.clear()


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
