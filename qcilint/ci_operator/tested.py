"""The images of app.ci that a ci-operator configuration tests with: those are copied to QCI.

Sources, both of openshift/ci-tools: `pkg/controller/quay_io_ci_images_distributor` (`testInputImageStreamTagFilterFactory`: an
image stream tag is copied where a configuration has it, or its whole stream, as an input) and `pkg/api/helper/imageextraction.go`
(`TestInputImageStreamTagsFromResolvedConfig`, `TestInputImageStreamsFromResolvedConfig`: which fields these are).

The configurations are resolved there: the steps of the registry are part of the tests. Here a step of the registry is looked at
by itself, whether a test uses it or not. `build_root.from_repository` names an image in another repository, which is not seen
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcilint.ci_operator.config import ConfigError, Metadata
from qcilint.ci_operator.nodes import TRUE, Mapping, Node, NodeError, Scalar, Sequence, compose
from qcilint.qci import StreamTag

READ = frozenset({"base_images", "base_rpm_images", "build_root", "releases", "tag_specification"})
"""Top-level keys of a configuration that are always looked at."""
STEPS = frozenset({"raw_steps", "tests"})
"""Those that are only looked at where the text has one of `MARKS`: they are most of it."""
MARKS = (b"from_image", b"input_image_tag_step")
_STEP_FILES = ("-ref.yaml", "-observer.yaml")


class Input(NamedTuple):
    """An image that is tested with; of a whole stream the tag is empty."""

    image: StreamTag
    line: int


def wanted(data: bytes) -> frozenset[str]:
    """The top-level keys that may name inputs."""
    return READ | STEPS if any(mark in data for mark in MARKS) else READ


def inputs_of(root: Mapping, metadata: Metadata) -> Iterator[Input]:
    """The inputs that the tree of a configuration names; what is not whole, which ci-operator refuses, is left out."""
    for key in ("base_images", "base_rpm_images"):
        yield from _references(root.get(key))
    build_root = root.get("build_root")
    if isinstance(build_root, Mapping):
        yield from _reference(build_root, "image_stream_tag")
        cache = build_root.get("use_build_cache")
        if isinstance(cache, Scalar) and cache.text in TRUE and metadata.branch:
            branch = f"{metadata.branch}-{metadata.variant}" if metadata.variant else metadata.branch
            yield Input(StreamTag("build-cache", f"{metadata.org}-{metadata.repo}", branch), cache.line)
    yield from _stream(root, "tag_specification")
    releases = root.get("releases")
    for _, release in releases.entries.values() if isinstance(releases, Mapping) else ():
        if isinstance(release, Mapping):
            yield from _stream(release, "integration")
    for key in sorted(STEPS):
        yield from _in_steps(root.get(key))


def is_step(path: str) -> bool:
    """Whether a file of the step registry may name an image."""
    return path.endswith(_STEP_FILES)


def of_step(path: str, data: bytes) -> list[Input]:
    """The images that a step, or an observer, of the registry runs in. Raises ConfigError."""
    if not any(mark in data for mark in MARKS):
        return []
    try:
        return list(_in_steps(compose(data, frozenset({"ref", "observer"}))))
    except NodeError as error:
        raise ConfigError(path, error.line, error.problem) from None


def _in_steps(node: Node | None) -> Iterator[Input]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _in_steps(item)
    elif isinstance(node, Mapping):
        yield from _reference(node, "from_image")
        tag_step = node.get("input_image_tag_step")
        if isinstance(tag_step, Mapping):
            yield from _reference(tag_step, "base_image")
        for _, value in node.entries.values():
            yield from _in_steps(value)


def _references(node: Node | None) -> Iterator[Input]:
    if isinstance(node, Mapping):
        for key in node.entries:
            yield from _reference(node, key)


def _reference(parent: Mapping, key: str) -> Iterator[Input]:
    value = parent.get(key)
    if isinstance(value, Mapping):
        image = StreamTag(_text(value, "namespace"), _text(value, "name"), _text(value, "tag"))
        if all(image):
            yield Input(image, parent.entries[key][0].line)


def _stream(parent: Mapping, key: str) -> Iterator[Input]:
    value = parent.get(key)
    if isinstance(value, Mapping):
        namespace, name = _text(value, "namespace"), _text(value, "name")
        if namespace and name:
            yield Input(StreamTag(namespace, name, ""), parent.entries[key][0].line)


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.string if isinstance(value, Scalar) else ""
