"""A walk over YAML events: which scalar, comment or gap each reference stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from qcilint import lazy as re
from qcilint.languages.documents import Node
from qcilint.languages.yaml_nesting import is_argv
from qcilint.languages.yaml_scalars import Body, body
from qcilint.languages.yaml_source import Offset, unmask_colons
from qcilint.records import dataclass, field
from qcilint.view import Span

_COMMENT = re.compile(rb"(?<!\S)#|\{#|\{\{-?[ \t]*/\*")


@dataclass(slots=True)
class Leaf:
    """A scalar that holds references."""

    node: Node
    keys: tuple[str, ...]
    body: Body
    value: str
    is_key: bool
    first: int
    last: int
    """The references it holds: `first..last` of all."""
    item: int
    """Its place in its sequence, or -1."""


class Word(NamedTuple):
    """A scalar in a sequence, as the parser marks it."""

    start: int
    end: int
    style: str
    value: str


@dataclass(slots=True)
class Layout:
    """What the events said."""

    leaves: list[Leaf] = field(default_factory=list)
    comments: list[tuple[int, bool, Node]] = field(default_factory=list)
    """References outside of scalars: index, whether it is in a comment, and the document's top."""
    words: dict[int, list[Word | None]] = field(default_factory=dict)
    """The items of sequences that may be command lines, by the identity of their node."""
    nodes: list[Node] = field(default_factory=list)
    """Keeps those identities alive."""
    lists: dict[int, int] = field(default_factory=dict)
    """Where lists of input aliases begin (their first item with a reference), by the identity of their node."""


def walk(text: bytes, offset: Offset, spans: Sequence[Span], indices: range, stream: Iterable[Any]) -> Layout:
    """Walk the events and sort the references into scalars and what is between them; `offset` says what bytes marks mean."""
    from ruamel.yaml.events import (
        AliasEvent,
        DocumentStartEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
    )

    state = _Walk(text, spans, indices)
    for event in stream:
        kind = type(event)
        if kind is ScalarEvent:
            end = offset(event.end_mark.index)
            if end <= state.awaited and state.words is None:
                state.pass_over(end, event.value)
            else:
                state.scalar(offset(event.start_mark.index), end, event.style or "", unmask_colons(event.value))
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            state.open(mapping=kind is MappingStartEvent)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            state.close()
        elif kind is AliasEvent:
            state.alias(offset(event.start_mark.index), offset(event.end_mark.index))
        elif kind is DocumentStartEvent:
            state.document(offset(event.start_mark.index))
    state.outside(len(text))
    return state.found


class _Walk:
    """The state of a walk over events."""

    def __init__(self, text: bytes, spans: Sequence[Span], indices: range) -> None:
        self.found = Layout()
        self._text = text
        self._spans = spans
        self._next, self._stop = indices.start, indices.stop
        self._floor = 0
        self._comment = (0, 0)
        self._node: Node | None = None
        self._top = Node(None, (), mapping=False)
        self.words: list[Word | None] | None = None
        """The items of the sequence that is read, where it may be a command line."""
        self.awaited = 0
        """Where the next reference begins."""
        self._await()

    def _await(self) -> None:
        self.awaited = self._spans[self._next][0] if self._next < self._stop else len(self._text) + 1

    def document(self, start: int) -> None:
        self.outside(start)
        self._node, self._top, self.words = None, Node(None, (), mapping=False), None

    def open(self, *, mapping: bool) -> None:
        if self._node is None:
            self._node = Node(None, (), mapping)
            self._top = self._node
            return
        self._node = self._node.child(mapping=mapping)
        self.words = None
        if not mapping and self._node.keys and is_argv(self._node.keys[-1]):
            self.words = self.found.words[id(self._node)] = []
            self.found.nodes.append(self._node)

    def close(self) -> None:
        node = self._node
        self._node = node.parent if node else None
        self.words = self.found.words.get(id(self._node)) if self.found.words else None
        self._done("?", None)

    def alias(self, start: int, end: int) -> None:
        self.outside(start)
        self._floor = max(self._floor, end)
        self._done("*", None)

    def pass_over(self, end: int, value: str) -> None:
        """A scalar without a reference, as most are."""
        if end > self._floor:
            self._floor = end
        node = self._node
        if node is not None and node.mapping:
            if node.pending is None:
                node.set_key(unmask_colons(value))
            else:
                node.set_value(value)

    def scalar(self, start: int, end: int, style: str, value: str) -> None:
        if self.awaited < end:
            at = body(self._text, start, end, style)
            self.outside(at.start)
            first = self._next
            while self._next < self._stop and self._spans[self._next][0] < at.end:
                self._next += 1
            if self._next > first:
                self._await()
                self._leaf(at, value, first)
        self._floor = max(self._floor, end)
        self._done(value, Word(start, end, style, value))

    def _leaf(self, at: Body, value: str, first: int) -> None:
        node = self._node or self._top
        is_key = node.in_key or (node.mapping and node.pending is None)
        item = -1 if self.words is None else len(self.words)
        self.found.leaves.append(Leaf(node, node.path(), at, value, is_key, first, self._next, item))

    def _done(self, key: str, word: Word | None) -> None:
        """Go on in the collection around: a key was read, or a value."""
        node = self._node
        if node is None:
            return
        if not node.mapping:
            if self.words is not None:
                self.words.append(word)
        elif node.pending is None:
            node.set_key(key)
        else:
            node.set_value(word.value if word else "")

    def outside(self, end: int) -> None:
        """Take the references before `end`, which stand in no scalar."""
        while self._next < self._stop and self._spans[self._next][0] < end:
            start, stop = self._spans[self._next]
            if start >= self._comment[1]:
                self._seek_comment(start)
            inside = self._comment[0] <= start < self._comment[1]
            self.found.comments.append((self._next, inside, self._top))
            self._floor = max(self._floor, stop)
            self._next += 1
        self._await()

    def _seek_comment(self, start: int) -> None:
        """Find the comment that byte `start` stands in; there is none before the end of the last token."""
        text = self._text
        line = max(text.rfind(b"\n", self._floor, start), text.rfind(b"\r", self._floor, start)) + 1
        match = _COMMENT.search(text, max(line, self._floor), start)
        if match:
            ends = [at for at in (text.find(b"\n", start), text.find(b"\r", start)) if at >= 0]
            self._comment = (match.start(), min(ends, default=len(text)))
