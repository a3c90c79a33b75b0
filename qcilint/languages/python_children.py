"""What stands in a node of a Python program's syntax tree, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint.languages.python_nodes import Node


def children(node: Node) -> Iterator[Node]:
    """The nodes in a node, in the order of the text."""
    for value in node:
        if isinstance(value, tuple):
            yield value
        elif isinstance(value, list):
            yield from value


def is_placed(node: Node) -> bool:
    """Whether its first items are where it stands."""
    fields: tuple[str, ...] = getattr(node, "_fields", ())
    return fields[:1] == ("start",)
