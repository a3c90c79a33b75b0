"""A YAML text as trees of nodes with their byte ranges, one for each document; keys stay in order, equal ones too."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from qcilint import lazy as re
from qcilint.languages.yaml_excerpt import surroundings
from qcilint.languages.yaml_scalars import Body, Parts, body, parts
from qcilint.languages.yaml_source import Offset, Source, events, is_deep, mask_colons, mask_templates, unmask_colons
from qcilint.records import dataclass, field
from qcilint.view import Span

MERGE = "<<"
_DOCUMENT = re.compile(rb"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_TEXT_TAGS = (None, "", "!", "tag:yaml.org,2002:str")


@dataclass(slots=True, eq=False)
class Node:
    """A mapping, a sequence, a scalar, or an alias (whose `value` is the name of the anchor)."""

    kind: str
    start: int
    end: int
    value: str = ""
    style: str = ""
    anchor: str = ""
    tagged: bool = False
    """It has a tag that says it is no text."""
    parent: Node | None = None
    key: str = ""
    """The nearest key that leads here."""
    in_key: bool = False
    """It is a mapping key, or stands in one."""
    keys: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    """The items of a sequence, or the values of a mapping, one for each key."""
    aliases: list[Node] = field(default_factory=list)
    """The aliases that stand for it."""
    _index: dict[str, list[Node]] | None = None

    @property
    def is_mapping(self) -> bool:
        return self.kind == "mapping"

    @property
    def is_scalar(self) -> bool:
        return self.kind == "scalar"

    @property
    def is_block(self) -> bool:
        """It is a block scalar."""
        return self.style in ("|", ">")

    def all(self, *keys: str) -> list[Node]:
        """The values of these keys of a mapping, equal keys too."""
        if self._index is None:
            self._index = {}
            for key, item in zip(self.keys, self.items, strict=False):
                if key.is_scalar:
                    self._index.setdefault(key.value, []).append(item)
        return [item for key in keys for item in self._index.get(key, ())]

    def get(self, *keys: str) -> Node | None:
        """The first value of the first of these keys that there is."""
        return next(iter(self.all(*keys)), None)

    def text(self, *keys: str) -> str:
        """The scalar under the first of these keys that there is, or nothing."""
        item = self.get(*keys)
        return item.value if item and item.is_scalar else ""

    def entries(self, *keys: str) -> Iterator[Node]:
        """The items of the lists under these keys."""
        for item in self.all(*keys):
            if item.kind == "sequence":
                yield from item.items

    @property
    def merges(self) -> bool:
        """Other mappings are merged into it (https://yaml.org/type/merge.html)."""
        return bool(self.all(MERGE))


@dataclass(frozen=True, slots=True)
class Document:
    """One document."""

    text: bytes
    """The whole text around it."""
    root: Node
    exact: bool
    """The parser saw the very text. Otherwise templates were masked, or bytes are no text, and values are not certain."""
    masked: bool


class Decoded(NamedTuple):
    """The text of a scalar, with the way back."""

    text: bytes
    pieces: Parts
    starts: list[int]
    certain: bool
    """It equals what the parser made of the scalar."""

    def outer(self, start: int, end: int) -> Span:
        """The bytes that `start..end` of the text stand for."""
        return self._outer(start, at_end=False), self._outer(end - 1, at_end=True)

    def _outer(self, offset: int, *, at_end: bool) -> int:
        index = max(bisect_right(self.starts, offset) - 1, 0)
        text, start, end = self.pieces[index]
        if len(text) == end - start:
            return start + offset - self.starts[index] + at_end
        return end if at_end else start


def decode(document: Document, node: Node) -> Decoded:
    """The text of a scalar."""
    pieces = parts(document.text, scalar_body(document, node), node.value)
    text = b"".join(piece[0] for piece in pieces)
    certain = document.exact and text == node.value.encode("utf-8", "surrogatepass")
    return Decoded(text, pieces, [0, *accumulate(len(piece[0]) for piece in pieces)][:-1], certain)


def scalar_body(document: Document, node: Node) -> Body:
    """Where the text of a scalar stands."""
    return body(document.text, node.start, node.end, node.style)


def documents(text: bytes) -> list[Document]:
    """The documents of a text. One that no parser takes is left out."""
    found = _parse(text, (0, len(text)), thorough=False)
    if found is None:
        edges = [0, *(match.start() for match in _DOCUMENT.finditer(text)), len(text)]
        found = [each for bounds in pairwise(edges) for each in _parse(text, bounds, thorough=True) or ()]
    return found


def around(text: bytes, at: int) -> list[Document]:
    """The document in which byte `at` stands in a scalar, as far as that and the three collections around it go.

    Nothing where more of the text must be read to know that.
    """
    part = surroundings(text, Source(text, 0, len(text)), at)
    if part is None:
        return []
    return [Document(text, root, exact=True, masked=False) for root in _roots(part.chars, part.offset)]


def _roots(chars: str, offset: Offset) -> list[Node]:
    builder = _Builder(offset)
    for event in events(chars, pure=False):
        builder.take(event)
    return builder.roots


def _parse(text: bytes, bounds: Span, *, thorough: bool) -> list[Document] | None:
    source = Source(text, *bounds)
    if is_deep(source.chars):
        return None
    attempts = [source.chars]
    if thorough:
        attempts += [mask_colons(source.chars), mask_colons(mask_templates(source.chars))]
    for number, chars in enumerate(attempts):
        try:
            roots = _roots(chars, source.offset)
        except Exception:  # noqa: S112 - a parser refuses in many ways, and none of them may stop a run
            continue
        masked = number == 2
        return [Document(text, root, source.exact and not masked, masked) for root in roots]
    return None


class _Builder:
    """Builds trees from a parser's events."""

    def __init__(self, offset: Offset) -> None:
        from ruamel.yaml import events as kinds

        self.roots: list[Node] = []
        self._offset = offset
        self._open: list[Node] = []
        self._anchors: dict[str, Node] = {}
        self._ends = (kinds.MappingEndEvent, kinds.SequenceEndEvent)
        self._kinds = {
            kinds.MappingStartEvent: "mapping",
            kinds.SequenceStartEvent: "sequence",
            kinds.ScalarEvent: "scalar",
            kinds.AliasEvent: "alias",
        }

    def take(self, event: Any) -> None:
        """Take one event into account."""
        if kind := self._kinds.get(type(event)):
            self._node(event, kind)
        elif isinstance(event, self._ends):
            self._open.pop().end = self._offset(event.end_mark.index)

    def _node(self, event: Any, kind: str) -> None:
        start, end = self._offset(event.start_mark.index), self._offset(event.end_mark.index)
        node = Node(kind, start, end, anchor=event.anchor or "")
        if kind == "scalar":
            node.value, node.style = unmask_colons(event.value), event.style or ""
        node.tagged = kind != "alias" and event.tag not in _TEXT_TAGS
        self._place(node)
        if kind == "alias":
            node.value, node.anchor = node.anchor, ""
            if target := self._anchors.get(node.value):
                target.aliases.append(node)
        elif node.anchor:
            self._anchors[node.anchor] = node
        if kind in ("mapping", "sequence"):
            self._open.append(node)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.roots.append(node)
            return
        parent = self._open[-1]
        node.parent, node.key, node.in_key = parent, parent.key, parent.in_key
        if parent.is_mapping and len(parent.keys) == len(parent.items):
            node.in_key = True
            parent.keys.append(node)
            return
        if parent.is_mapping:
            node.key = parent.keys[-1].value if parent.keys[-1].is_scalar else ""
        parent.items.append(node)
