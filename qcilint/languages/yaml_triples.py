"""Images whose registry, repository and tag are values of their own: Helm values and entries of a kustomization."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.bindings import Triple
from qcilint.languages.documents import KUSTOMIZE_KEYS, REGISTRY_KEYS, REPOSITORY_KEYS, TAG_KEYS
from qcilint.languages.yaml_names import Names, literal
from qcilint.languages.yaml_tree import Node
from qcilint.view import Span

HELM = "the chart's templates put registry, repository and tag together"
KUSTOMIZE = "kustomize puts newName and newTag together"

_EXTRA_KEY = re.compile(r"(?:image)?(?:digest|sha(?:256|512)?|.*(?:prefix|suffix))", re.IGNORECASE)
_HOST = re.compile(rb"(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(?::[0-9]+)?")
_PATH = re.compile(rb"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*")
_TAG = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def triples(names: Names, mappings: list[Node]) -> Iterator[Triple]:
    """The images that the mappings of a document describe by their parts."""
    finder = _Finder(names)
    entries: set[int] = set()
    for mapping in mappings:
        if _is_images(mapping):
            entries.update(map(id, mapping.entries("images")))
        if names.workflow:
            continue
        if found := finder.kustomize(mapping) if id(mapping) in entries else finder.helm(mapping):
            yield found


def _is_images(mapping: Node) -> bool:
    """Whether its `images` are those of a kustomization (kubectl.docs.kubernetes.io, "images")."""
    return mapping.text("kind") == "Kustomization" or any(entry.get(*KUSTOMIZE_KEYS) for entry in mapping.entries("images"))


class _Finder:
    """Reads triples off the mappings of one document."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.text = names.document.text

    def kustomize(self, entry: Node) -> Triple | None:
        """An entry of `images`."""
        name, problem = self._value(entry, "newName")
        tag, tag_problem = self._value(entry, "newTag")
        if name is None and not problem:
            name, problem = self._value(entry, "name")
            problem = problem or "the name must equal the image of the manifests"
        if name is None:
            return None
        if not problem and entry.get("newTag") is None:
            problem = "the tag is that of the manifests"
        return Triple(None, name, tag, KUSTOMIZE, self._extras(entry, ("newName", "newTag", "name")) or problem or tag_problem)

    def helm(self, mapping: Node) -> Triple | None:
        """A mapping of a chart's values."""
        registry, problem = self._value(mapping, *REGISTRY_KEYS)
        if problem or (registry is not None and not _HOST.match(self.text, *registry)):
            return None
        given = [self._value(mapping, key) for key in REPOSITORY_KEYS]
        found = [(span, issue) for span, issue in given if span and self._is_path(span, registry)]
        extras = self._extras(mapping, (*REGISTRY_KEYS, *REPOSITORY_KEYS, *TAG_KEYS))
        if not found or not (extras or mapping.get(*TAG_KEYS)):
            return None
        repository, problem = found[0]
        tag, tag_problem = self._value(mapping, *TAG_KEYS)
        if len(found) > 1:
            problem = "two of its keys may be the repository"
        elif registry and not _HOST.fullmatch(self.text, *registry):
            problem = "the registry is more than a host"
        elif tag is None or not _TAG.fullmatch(self.text, *tag):
            problem = tag_problem or "no plain tag stands beside it"
        return Triple(registry, repository, tag, HELM, extras or problem or tag_problem)

    def _is_path(self, span: Span, registry: Span | None) -> bool:
        """Whether it is `ns/name` beside a registry, or `host/ns/name` without one."""
        if registry is not None:
            return bool(_PATH.fullmatch(self.text, *span))
        host = _HOST.match(self.text, *span)
        at = host.end() if host else span[1]
        return self.text[at : at + 1] == b"/" and bool(_PATH.fullmatch(self.text, at + 1, span[1]))

    def _value(self, mapping: Node, *keys: str) -> tuple[Span | None, str]:
        """The value of the first of the keys that has one, and why it may not be touched."""
        for key in keys:
            for item in mapping.all(key):
                span, problem = literal(self.names.document, item, workflow=self.names.workflow)
                line = f"line {self.names.line(item.start)}"
                if item.aliases:
                    problem = f"also used through the alias *{item.aliases[0].value}"
                if span or problem:
                    return span, f"{line} {problem}" if problem and not item.aliases else problem
        return None, ""

    def _extras(self, mapping: Node, keys: tuple[str, ...]) -> str:
        """What stands beside the parts and keeps them from being all of the image."""
        for key, item in zip(mapping.keys, mapping.items, strict=False):
            if _EXTRA_KEY.fullmatch(key.value) and not (item.is_scalar and item.value in ("", "~", "null")):
                return f"line {self.names.line(key.start)} gives it a `{key.value}` too"
        if mapping.merges:
            return "other keys are merged in"
        twice = [key for key in keys if len(mapping.all(key)) > 1]
        given = (
            sum(mapping.get(key) is not None for key in TAG_KEYS),
            sum(mapping.get(key) is not None for key in REGISTRY_KEYS),
        )
        if twice or max(given) > 1:
            return f"`{twice[0]}` is given twice" if twice else "two of its keys may be the tag or the registry"
        around: Node | None = mapping
        while around is not None:
            if around.aliases:
                return f"also used through the alias *{around.aliases[0].value}"
            around = around.parent
        return ""
