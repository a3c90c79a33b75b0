"""The images that a ci-operator configuration builds from Dockerfiles, and the inputs that it gives them.

Source of the fields: openshift/ci-tools `pkg/api/types.go` (`ProjectDirectoryImageBuildStepConfiguration`, `ImageBuildInputs`);
of the path of a Dockerfile: `pkg/defaults/defaults.go` (`readDockerfileForImage`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from qcilint.ci_operator.config import ConfigError, Metadata, metadata_of
from qcilint.ci_operator.nodes import Mapping, Node, NodeError, Scalar, Sequence, compose
from qcilint.qci import StreamTag
from qcilint.records import dataclass, field

READ = frozenset({"base_images", "images", "zz_generated_metadata"})


@dataclass(frozen=True, slots=True)
class Build:
    """One image."""

    to: str
    dockerfile: str
    """Path in the repository; empty for a literal, and for one that is built from another repository (`ref`)."""
    replaces_last: bool
    """`from` is set: it replaces the image of the last FROM."""
    inputs: dict[str, dict[str, int]]
    """Alias → the texts under its `as`, each with its line."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Builds:
    """What one configuration says of its images."""

    path: str
    metadata: Metadata
    base_images: dict[str, StreamTag] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Base image → the line that it begins in."""
    builds: tuple[Build, ...] = ()


def load(path: str, data: bytes) -> Builds:
    """The images of a configuration; parts of an unexpected form are left out. Raises ConfigError where it is no YAML."""
    try:
        root = compose(data, READ)
    except NodeError as error:
        raise ConfigError(path, error.line, error.problem) from None
    if not isinstance(root, Mapping):
        return Builds(path, metadata_of(path))
    given = root.get("zz_generated_metadata")
    metadata = metadata_of(path)
    if isinstance(given, Mapping):
        metadata = Metadata(*(_text(given, key) for key in ("org", "repo", "branch", "variant")))
    images = root.get("images")
    items = images.get("items") if isinstance(images, Mapping) else images
    entries = dict(_entries(root.get("base_images")))
    bases = {alias: _stream_tag(base) for alias, base in entries.items()}
    lines = {alias: base.line for alias, base in entries.items()}
    builds = tuple(_build(item) for item in (items.items if isinstance(items, Sequence) else ()) if isinstance(item, Mapping))
    return Builds(path, metadata, bases, lines, builds)


def _build(item: Mapping) -> Build:
    path = posixpath.normpath(posixpath.join(_text(item, "context_dir"), _text(item, "dockerfile_path") or "Dockerfile"))
    elsewhere = item.get("dockerfile_literal") is not None or _text(item, "ref")
    inputs = {alias: dict(_texts(entry.get("as"))) for alias, entry in _entries(item.get("inputs"))}
    return Build(_text(item, "to"), "" if elsewhere else path, bool(_text(item, "from")), inputs, item.line)


def _entries(node: Node | None) -> Iterator[tuple[str, Mapping]]:
    for key, (_, value) in node.entries.items() if isinstance(node, Mapping) else ():
        if isinstance(value, Mapping):
            yield key, value


def _texts(node: Node | None) -> Iterator[tuple[str, int]]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            yield item.string, item.line


def _stream_tag(node: Mapping) -> StreamTag:
    return StreamTag(_text(node, "namespace"), _text(node, "name"), _text(node, "tag"))


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.string if isinstance(value, Scalar) else ""
