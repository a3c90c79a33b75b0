"""The Kubernetes objects of a YAML file, with the places where their values stand.

A file that Go templates make no YAML gives none: it becomes a manifest elsewhere. Several documents, lists (`kind: List`,
`RoleBindingList`) and the objects of an OpenShift `Template` are taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qcilint.records import dataclass
from qcilint.view import Span

_MOST_NESTED = 3
"""Lists within lists that are taken apart."""


class ManifestError(ValueError):
    """A file that is no YAML; the text says what is wrong, `offset` where, in bytes."""

    def __init__(self, offset: int, problem: str) -> None:
        super().__init__(problem)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar: its text, and the bytes `span` of the file that it stands in, quotes included."""

    text: str
    span: Span


class Manifest:
    """One object."""

    def __init__(self, node: Any, offset: Any) -> None:
        self._node, self._offset = node, offset

    def value(self, *keys: str) -> Value | None:
        """The scalar at the end of a way of keys; None where there is none."""
        node = self._at(keys)
        if node is None or node.id != "scalar" or (node.style is None and node.value in ("", "~", "null")):
            return None
        return Value(node.value, (self._offset(node.start_mark.index), self._offset(node.end_mark.index)))

    def text(self, *keys: str) -> str:
        """The text of that scalar; empty where there is none."""
        found = self.value(*keys)
        return found.text if found else ""

    def items(self, *keys: str) -> list[Manifest]:
        """The mappings of the list at the end of a way of keys."""
        node = self._at(keys)
        entries = node.value if node is not None and node.id == "sequence" else []
        return [Manifest(each, self._offset) for each in entries if each.id == "mapping"]

    def _at(self, keys: tuple[str, ...]) -> Any:
        node = self._node
        for key in keys:
            if node is None or node.id != "mapping":
                return None
            node = next((value for name, value in node.value if name.value == key), None)
        return node

    @property
    def kind(self) -> str:
        return self.text("kind")

    @property
    def name(self) -> str:
        return self.text("metadata", "name")

    @property
    def namespace(self) -> str:
        return self.text("metadata", "namespace")


def manifests(data: bytes) -> list[Manifest]:
    """The objects of a file. Raises ManifestError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from qcilint.languages.yaml_source import Source, is_deep

    source = Source(data, 0, len(data))
    if is_deep(source.chars):
        return []
    try:
        nodes = list(YAML(typ="safe", pure=False).compose_all(source.chars))
        return [
            found
            for node in nodes
            if node is not None and node.id == "mapping"
            for found in _objects(Manifest(node, source.offset), 0)
        ]
    except YAMLError as error:
        if b"{{" in data:
            return []
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise ManifestError(source.offset(mark.index) if mark else 0, str(problem)) from None
    except RecursionError:
        return []


def _objects(found: Manifest, depth: int) -> Iterator[Manifest]:
    """An object, or those that it lists."""
    items = found.items("objects") if found.kind == "Template" else found.items("items") if found.kind.endswith("List") else []
    if not items or depth == _MOST_NESTED:
        yield found
    for item in items if depth < _MOST_NESTED else ():
        yield from _objects(item, depth + 1)
