"""What else is copied to QCI: `core-services/image-mirroring/_config.yaml` of openshift/release.

Sources, both of openshift/ci-tools: `pkg/controller/quay_io_ci_images_distributor/supplemental_images.go` (the fields, what is
valid, which sources are ignored, how patterns of ART's images match) and `cmd/ci-images-mirror/main.go` (where a copy goes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qcilint.ci_operator.config import ConfigError
from qcilint.ci_operator.nodes import Mapping, Node, NodeError, Scalar, Sequence, compose
from qcilint.qci import APP_CI, FACES, REPOSITORY, StreamTag, Unmappable, from_tag
from qcilint.records import dataclass, field

PATH = "core-services/image-mirroring/_config.yaml"
SECTIONS = ("supplementalCIImages", "qciToAppCIImages", "ignoredSources", "artImages")


@dataclass(frozen=True, slots=True)
class Copied:
    """An image that is copied to QCI, or from there."""

    image: StreamTag
    line: int
    source: str = ""
    """The pullspec that it is a copy of; empty for one of QCI."""
    ignored: str = ""
    """Why it is not copied, where its source is ignored."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Images of ART: every image stream tag of the namespace whose name and tag hold the expressions is copied."""

    namespace: str
    name: str
    tag: str
    line: int


@dataclass(frozen=True, slots=True)
class Broken:
    """An image of app.ci that is copied by none of these sections, and why."""

    image: StreamTag
    line: int
    reason: str


@dataclass(slots=True)
class Mirroring:
    """What the file says."""

    supplemental: list[Copied] = field(default_factory=list)
    to_app_ci: list[Copied] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)


def load(path: str, data: bytes) -> Mirroring:
    """What the bytes of the file say. Raises ConfigError."""
    try:
        root = compose(data, frozenset(SECTIONS))
        if not isinstance(root, Mapping):
            raise NodeError(1, f"no mapping with {', '.join(SECTIONS)}; name the file of openshift/release")
        return _read(root)
    except NodeError as error:
        raise ConfigError(path, error.line, error.problem) from None


def _read(root: Mapping) -> Mirroring:
    found = Mirroring()
    for name, (key, _) in root.entries.items():
        if name not in SECTIONS:
            found.warnings.append((key.line, f"{name} is not known and not looked at; known: {', '.join(SECTIONS)}"))
    ignored = dict(_ignored(root.get("ignoredSources")))
    for pullspec, (reason, line) in ignored.items():
        if pullspec.startswith(f"{APP_CI}/") and (image := _stream_tag(pullspec.removeprefix(f"{APP_CI}/"))):
            found.broken.append(Broken(image, line, reason))
    for target, line, value in _targets(root.get("supplementalCIImages"), "supplementalCIImages"):
        source = _source(value, line)
        if not source:
            raise NodeError(line, f"{target} of supplementalCIImages has no source; give it an image, or namespace, name and tag")
        found.supplemental.append(Copied(target, line, source, ignored.get(source, ("", 0))[0]))
    for target, line, value in _targets(root.get("qciToAppCIImages"), "qciToAppCIImages"):
        pullspec = _text(value, "image") if isinstance(value, Mapping) else ""
        held = _held(pullspec) if pullspec else target
        if held and f"{APP_CI}/{held}" not in ignored:
            found.to_app_ci.append(Copied(held, line))
    for line, item in _items(root.get("artImages"), "artImages"):
        found.patterns.append(_pattern(item, line))
    return found


def _ignored(node: Node | None) -> Iterator[tuple[str, tuple[str, int]]]:
    """Pullspecs that are not copied, each with the reason and the line."""
    for line, item in _items(node, "ignoredSources"):
        source = _source(item, line)
        if not source:
            raise NodeError(line, "an entry of ignoredSources has no source; give it an image, or namespace, name and tag")
        yield source, (_text(item, "reason") or "no reason is given", line)


def _pattern(item: Mapping, line: int) -> Pattern:
    namespace, name, tag = (_text(item, key) or _text(item, key.capitalize()) for key in ("namespace", "name", "tag"))
    if not namespace or not name:
        raise NodeError(line, f"an entry of artImages has no {'name' if namespace else 'namespace'}; give it one")
    for text in (name, tag):
        try:
            compiled(text)
        except re.error as error:
            raise NodeError(line, f"artImages: {text!r} is no regular expression that can be read: {error}; correct it") from None
    return Pattern(namespace, name, tag, line)


def compiled(expression: str) -> Callable[[str], object]:
    """A test of a text by an expression, which may match anywhere, as in Go: classes such as `\\d` are ASCII. Raises re.error."""
    return re.compile(expression, re.ASCII).search


def _targets(node: Node | None, section: str) -> Iterator[tuple[StreamTag, int, Node]]:
    if node is None:
        return
    if not isinstance(node, Mapping):
        raise NodeError(node.line, f"{section} is no mapping; give it keys namespace/name:tag")
    for name, (key, value) in node.entries.items():
        image = _stream_tag(name)
        if image is None:
            raise NodeError(key.line, f"{section}: {name!r} is no namespace/name:tag; correct it")
        yield image, key.line, value


def _items(node: Node | None, section: str) -> Iterator[tuple[int, Mapping]]:
    if node is None:
        return
    if not isinstance(node, Sequence):
        raise NodeError(node.line, f"{section} is no list; make it one")
    for item in node.items:
        if not isinstance(item, Mapping):
            raise NodeError(item.line, f"an entry of {section} is no mapping; make it one")
        yield item.line, item


def _source(node: Node, line: int) -> str:
    """The pullspec of a source: its `image`, else the image stream tag of app.ci. Nothing where it names none."""
    if not isinstance(node, Mapping):
        raise NodeError(line, "a source that is no mapping; give it an image, or namespace, name and tag")
    image = StreamTag(_text(node, "namespace"), _text(node, "name"), _text(node, "tag"))
    return _text(node, "image") or (f"{APP_CI}/{image}" if all(image) else "")


def _stream_tag(text: str) -> StreamTag | None:
    """`namespace/name:tag`, with one slash and one colon."""
    namespace, _, rest = text.partition("/")
    name, _, tag = rest.partition(":")
    image = StreamTag(namespace, name, tag)
    return image if all(image) and not any(mark in part for part in image for mark in "/:@") else None


def _held(pullspec: str) -> StreamTag | None:
    """The image stream tag of a pullspec of QCI; None for a digest, which says nothing of a tag."""
    tag = next((pullspec.removeprefix(start) for host in FACES if pullspec.startswith(start := f"{host}/{REPOSITORY}:")), "")
    try:
        return from_tag(tag)
    except Unmappable:
        return None


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.string if isinstance(value, Scalar) else ""
