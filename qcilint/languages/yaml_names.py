"""The names that a YAML document gives values, with the part of the document in which each holds, and its scalars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.bindings import Binding, Use
from qcilint.languages.yaml_definitions import (
    PARAMS,
    Definition,
    arguments,
    definitions,
    is_compose,
    is_open,
    is_template,
    is_workflow,
)
from qcilint.languages.yaml_scalars import parts
from qcilint.languages.yaml_tree import Document, Node, scalar_body
from qcilint.records import dataclass, field
from qcilint.source import Source
from qcilint.view import Span

_NULL = re.compile(rb"~|null|Null|NULL")
# Readers print a number anew, `4.20` as `4.2`; these they print as they are written.
_NUMBER = re.compile(
    rb"[-+]?(?:0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    rb"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_SAME = re.compile(rb"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,8}[1-9])?")
_HINTS = frozenset(("with", "when", "lifecycle", "env", "params", "parameters"))
_FILLED_BY_TEMPLATE = ("objects", "labels", "message")
_CHILDREN = ("pipelineSpec", "taskSpec")


@dataclass(slots=True, eq=False)
class Name:
    """A name and all that is known of it."""

    family: str
    name: str
    scope: Node
    first: int
    """Where it gets its first value."""
    values: dict[Span, None] = field(default_factory=dict)
    uses: dict[Span, Use] = field(default_factory=dict)
    caveats: dict[str, None] = field(default_factory=dict)
    barred: str = ""
    blocks: set[int] = field(default_factory=set)
    """The identities of the collections that define it."""

    def use(self, use: Use) -> None:
        """Note a mention. Of two at one place, the worse counts."""
        span = (use.start, use.end)
        known = self.uses.get(span)
        if known is None or known.kind == "plain":
            self.uses[span] = use

    def bar(self, reason: str) -> None:
        """Note why nothing can be said of it."""
        self.barred = self.barred or reason

    def binding(self) -> Binding:
        """As the composer takes it."""
        uses = sorted(self.uses.values())
        return Binding(self.name, tuple(sorted(self.values)), tuple(uses), "; ".join(self.caveats), self.barred)


@dataclass(slots=True, eq=False)
class Frame:
    """The names of one mapping, and those around it."""

    parent: Frame | None
    names: dict[tuple[str, str], Name] = field(default_factory=dict)
    folded: dict[tuple[str, str], Name] = field(default_factory=dict)
    """The same by names in lower case."""
    wholesale: set[str] = field(default_factory=set)
    """Families of which some expression takes all names."""

    def find(self, family: str, name: str, *, fold: bool = False) -> Name | None:
        """What a name means here."""
        frame: Frame | None = self
        while frame is not None:
            table = frame.folded if fold else frame.names
            if found := table.get((family, name.lower() if fold else name)):
                return found
            frame = frame.parent
        return None

    def around(self) -> Iterator[Frame]:
        """This frame and those around it."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent


class Copies(NamedTuple):
    """The aliases that stand for something: from the first to the last, and one of them."""

    start: int
    end: int
    alias: Node


class Place(NamedTuple):
    """A scalar and what holds there."""

    node: Node
    frame: Frame
    hints: frozenset[str] = frozenset()
    """Which of the telling keys lead here."""
    merged: bool = False
    """A mapping around it may define more names than it shows."""
    copies: Copies | None = None
    filled: bool | None = None
    """In a template: whether it fills in parameters here."""


class Names:
    """The names and scalars of one document."""

    def __init__(self, document: Document, lines: Source, top: Frame) -> None:
        self.document = document
        self.workflow = is_workflow(document.root)
        self.compose = not self.workflow and is_compose(document.root)
        self.names: list[Name] = []
        self.places: list[Place] = []
        self.mappings: list[Node] = []
        self.by_name: dict[tuple[str, str], list[Name]] = {}
        self.top = top
        """The names that hold in all of the text."""
        self._lines = lines
        self._given: dict[int, list[Definition]] = {}
        self._walk()

    def line(self, offset: int) -> int:
        """The number of a line."""
        return self._lines.line(offset)

    def _walk(self) -> None:
        todo = [Place(self.document.root, self.top)]
        while todo:
            place = _aliased(todo.pop())
            node = place.node
            if node.is_scalar:
                self.places.append(place)
                continue
            if node.is_mapping:
                self.mappings.append(node)
                place = self._enter(place)
            for item in reversed((*node.keys, *node.items)):
                todo.append(self._below(place, item))

    def _below(self, place: Place, item: Node) -> Place:
        hints, filled = place.hints, place.filled
        if item.key in _HINTS:
            hints |= {item.key}
        if is_template(place.node):
            filled = item.key in _FILLED_BY_TEMPLATE
        return place._replace(node=item, hints=hints, filled=filled)

    def _enter(self, place: Place) -> Place:
        """Take the definitions of a mapping into account."""
        node, frame = place.node, Frame(place.frame)
        for definition in self._given.pop(id(node), ()):
            self._define(definition, place, frame)
        for definition in definitions(node, workflow=self.workflow):
            self._define(definition, place, frame)
        given = list(arguments(node))
        child = node.get(*_CHILDREN)
        if child is not None:
            self._given[id(child)] = given
        for definition in given if child is None else ():  # who takes it is elsewhere
            self._define(definition, place, Frame(None))
        kept = frame if frame.names else place.frame
        return place._replace(frame=kept, merged=place.merged or is_open(node))

    def _define(self, definition: Definition, place: Place, frame: Frame) -> None:
        key = (definition.family, definition.name)
        # But for Tekton, an inner value may hide an outer one, or give way to it: they count as one.
        name = frame.names.get(key) if definition.family == PARAMS else frame.find(*key)
        if name is None:
            name = self.add(definition.family, definition.name, place.node, definition.entry.start, frame)
        name.caveats[definition.caveat] = None
        name.blocks.add(id(definition.block))
        if definition.barred:
            name.bar(f"line {self.line(definition.entry.start)} {definition.barred}")
        for value in definition.values:
            self.give(name, value)
            self._note_aliases(name, value, place)

    def add(self, family: str, name: str, scope: Node, first: int, frame: Frame) -> Name:
        """A new name."""
        new = Name(family, name, scope, first)
        frame.names[family, name] = new
        frame.folded[family, name.lower()] = new
        self.by_name.setdefault((family, name), []).append(new)
        self.names.append(new)
        return new

    def give(self, name: Name, value: Node) -> None:
        """Read a value off, or say why that is not possible."""
        span, problem = literal(self.document, value, workflow=self.workflow)
        if problem:
            name.bar(f"line {self.line(value.start)} {problem}")
        if span:
            name.values[span] = None

    def _note_aliases(self, name: Name, value: Node, place: Place) -> None:
        """A value that stands elsewhere too, through an alias for it or for something around it."""
        node: Node | None = value
        aliases = [place.copies.alias] if place.copies else []
        while node is not None and node is not place.node:
            aliases += node.aliases[:1]
            node = node.parent
        for alias in aliases:
            name.use(Use(alias.start, alias.end, "other", f"also used through the alias *{alias.value}"))


def _aliased(place: Place) -> Place:
    """The place with the aliases of its own node taken into account."""
    aliases = place.node.aliases
    if not aliases:
        return place
    known = place.copies or Copies(aliases[0].start, aliases[0].end, aliases[0])
    start, end = min(known.start, aliases[0].start), max(known.end, aliases[-1].end)
    return place._replace(copies=Copies(start, end, aliases[0]))


def literal(document: Document, node: Node, *, workflow: bool) -> tuple[Span | None, str]:
    """The bytes of a value, or None where it has none; and what its line does that keeps it from being read off."""
    if node.kind == "alias":
        return None, f"takes it from the alias *{node.value}"
    if not node.is_scalar:
        return None, "gives it a list or a mapping"
    if node.tagged:
        return None, "gives it a value with a tag"
    if node.is_block:
        return None, "gives it a block of text"
    body = scalar_body(document, node)
    raw = document.text[body.start : body.end]
    pieces = parts(document.text, body, node.value)
    if b"".join(piece[0] for piece in pieces) != raw or b"\n" in raw or b"\r" in raw:
        return None, "writes it with escapes or on several lines"
    if not raw or (not node.style and _NULL.fullmatch(raw)):
        return None, ""
    if not node.style and _NUMBER.fullmatch(raw) and not _SAME.fullmatch(raw):
        return None, "gives it a number, which readers may print in another way"
    return (body.start, body.end), _computed(raw, workflow=workflow)


_EXPRESSION = re.compile(rb"\$\{\{[ \t]*[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*[ \t]*\}\}")
_TEMPLATE = re.compile(rb"\{\{|\{%")


def _computed(raw: bytes, *, workflow: bool) -> str:
    """What keeps a value from being what it looks like: an expression that is more than a name, a template."""
    rest = _EXPRESSION.sub(b"", raw) if workflow else raw
    return "lets a template or an expression compute it" if _TEMPLATE.search(rest) else ""
