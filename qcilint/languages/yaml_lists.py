"""Adds an item to the YAML list that a scalar stands in, in the list's own style."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qcilint import lazy as re
from qcilint.edits import Edit
from qcilint.languages.yaml_tree import Document, Node, around, documents

_ITEM = re.compile(rb"[ ]*-[ \t]+")
_QUOTES = ("'", '"')
_FEW = 4
"""Scalars of a text that are worth to be read apart from the rest."""


class Unfit(ValueError):
    """The list cannot be added to; the text says why."""


def append(text: bytes, at: int, value: str) -> Edit:
    """The edit that adds `value` to the list whose item holds byte `at` of `text`.

    In a list that is sorted the item goes where it belongs, otherwise behind the last. It is quoted as the item at `at`; `value`
    needs no escapes in any style. Raises Unfit.
    """
    item = _scalar(text, at)
    owner = item.parent
    if owner is None or owner.kind != "sequence":
        raise Unfit("it stands in no list")
    values, is_sorted = _texts(owner)
    if not values:
        raise Unfit("its list is shared, or holds more than plain texts")
    _refuse_claims(text, owner, item.value, value)
    index = bisect_left(values, value) if is_sorted else len(values)
    quote = item.style if item.style in _QUOTES else ""
    new = f"{quote}{value}{quote}".encode()
    return (
        _in_flow(text, owner, index, new) if text[owner.start : owner.start + 1] == b"[" else _in_block(text, owner, index, new)
    )


@lru_cache(maxsize=4)
def _texts(owner: Node) -> tuple[list[str], bool]:
    """The items of a list, none where they are not all plain texts or may be used elsewhere, and whether they are sorted."""
    if owner.anchor or owner.aliases or not all(each.is_scalar and not each.tagged for each in owner.items):
        return [], False
    values = [each.value for each in owner.items]
    return values, len(values) > 1 and values == sorted(values)


class _Scalars:
    """The scalars of a text, in order."""

    def __init__(self, trees: Sequence[Document]) -> None:
        self._found = [(document, node) for document in trees for node in _leaves(document.root)]
        self._starts = [node.start for _, node in self._found]

    def at(self, at: int) -> tuple[Document, Node] | None:
        """The scalar that byte `at` is in, and its document."""
        index = bisect_left(self._starts, at + 1) - 1
        return self._found[index] if index >= 0 and self._found[index][1].end >= at else None


class _Reader:
    """Finds scalars of a text, which it reads as a whole only if many are asked for, or if it must."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._asked = 0
        self._all: _Scalars | None = None

    def at(self, at: int) -> tuple[Document, Node] | None:
        """The scalar that byte `at` is in, and its document."""
        self._asked += 1
        if self._all is None and self._asked <= _FEW and (trees := around(self._text, at)):
            return _Scalars(trees).at(at)
        if self._all is None:
            self._all = _Scalars(documents(self._text))
        return self._all.at(at)


_reader = lru_cache(maxsize=2)(_Reader)


def _leaves(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_scalar:
            yield node
        # In the order of the text: a mapping's keys and values take turns.
        children = [each for pair in zip(node.keys, node.items, strict=False) for each in pair] if node.is_mapping else node.items
        pending += reversed(children)


def _scalar(text: bytes, at: int) -> Node:
    found = _reader(text).at(at)
    if found is None:
        raise Unfit("no parser takes the text around it")
    document, node = found
    if not document.exact or node.is_block or b"\n" in text[node.start : node.end]:
        raise Unfit("it is not written on one line, or the file holds templates")
    return node


def _refuse_claims(text: bytes, owner: Node, old: str, new: str) -> None:
    """Refuse where a sibling of the mapping that holds the list (another input of the same image) has one of the two texts."""
    mapping = owner.parent
    if mapping is None or mapping.parent is None:
        return
    claims = _claims(mapping.parent, owner.key)
    found = [entry for value in (old, new) for other, entry in claims.get(value, ()) if other is not mapping]
    if found:
        entry = min(found, key=lambda each: each.start)
        which, line = "the same" if entry.value == old else "the new", text.count(b"\n", 0, entry.start) + 1
        raise Unfit(f"another input of the same image holds {which} text (line {line})")


@lru_cache(maxsize=4)
def _claims(inputs: Node, key: str) -> dict[str, list[tuple[Node, Node]]]:
    """The first entries of each text under a key of the mappings in a node, of two of these mappings, each with its mapping."""
    found: dict[str, list[tuple[Node, Node]]] = {}
    for mapping in inputs.items:
        for entry in mapping.entries(key) if mapping.is_mapping else ():
            known = found.setdefault(entry.value, [])
            if len(known) < 2 and all(other is not mapping for other, _ in known):
                known.append((mapping, entry))
    return found


def _in_flow(text: bytes, owner: Node, index: int, new: bytes) -> Edit:
    items = owner.items
    between = text[items[0].end : items[1].start] if len(items) > 1 else b", "
    if b"#" in between or not between.lstrip().startswith(b","):
        between = b", "
    if index == 0:
        return Edit(items[0].start, items[0].start, b"", new + between)
    at = items[index - 1].end
    return Edit(at, at, b"", between + new)


def _in_block(text: bytes, owner: Node, index: int, new: bytes) -> Edit:
    near = owner.items[max(index - 1, 0)]
    start = text.rfind(b"\n", 0, near.start) + 1
    prefix = text[start : near.start]
    if not _ITEM.fullmatch(prefix):
        raise Unfit("its list is not written one item a line")
    end = text.find(b"\n", near.end) + 1
    ending = b"\r\n" if text[(end or text.find(b"\n") + 1) - 2 :][:2] == b"\r\n" else b"\n"
    if index == 0:
        return Edit(start, start, b"", prefix + new + ending)
    if end:
        return Edit(end, end, b"", prefix + new + ending)
    return Edit(len(text), len(text), b"", ending + prefix + new)
