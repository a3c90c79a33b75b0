"""One ci-operator configuration: the parts that say what it builds and where it publishes.

Source of the fields and their types: openshift/ci-tools `pkg/api/types.go` (`ReleaseBuildConfiguration`,
`PromotionConfiguration`, `PromotionTarget`, `ImageConfiguration`) and `pkg/validation/config.go`
(`validatePromotionConfiguration`, `ValidateImages`). Keys that are not needed here are not looked at, known or not. Two old forms
are read too, since checkouts of any age hold them: the target directly below `promotion` (dropped by ci-operator in February
2024) and `images` as a plain list (dropped in April 2026).
"""

from __future__ import annotations

import os

from qcilint.ci_operator.nodes import FALSE, TRUE, Mapping, Node, NodeError, Scalar, Sequence, compose
from qcilint.records import dataclass

KNOWN = frozenset(
    {"base_images", "base_rpm_images", "binary_build_commands", "build_root", "build_roots", "canonical_go_repository"}
    | {"external_images", "images", "operator", "promotion", "prowgen", "raw_steps", "releases", "resources"}
    | {"rpm_build_commands", "tag_specification", "test_binary_build_commands", "tests", "zz_generated_metadata"}
)
"""Top-level keys of which a ci-operator configuration has at least one."""
READ = frozenset({"binary_build_commands", "images", "promotion", "zz_generated_metadata"})
"""The top-level keys that are looked at."""
_TARGET = ("namespace", "name", "tag", "tag_by_commit", "excluded_images", "additional_images", "disabled")


class ConfigError(Exception):
    """A configuration that cannot be used: its path, the line (from 1), what is wrong there and what to do."""

    def __init__(self, path: str, line: int, problem: str) -> None:
        super().__init__(problem)
        self.path, self.line, self.problem = path, line, problem


@dataclass(frozen=True, slots=True)
class Metadata:
    """The branch a configuration is for."""

    org: str = ""
    repo: str = ""
    branch: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that is built: its `to`, and the line of that."""

    to: str
    line: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A name with its line; for an additional image also the pipeline tag that it comes from."""

    name: str
    line: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where images are published: `namespace/name:<component>` with a name, else `namespace/<component>:tag`."""

    namespace: str
    name: str
    tag: str
    line: int
    excluded: tuple[Named, ...] = ()
    additional: tuple[Named, ...] = ()
    tag_by_commit: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Promotion:
    """What is done with the images after a merge."""

    line: int
    targets: tuple[Target, ...]
    registry_override: str = ""
    disable_build_cache: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """A ci-operator configuration."""

    path: str
    metadata: Metadata
    images: tuple[Image, ...] = ()
    promotion: Promotion | None = None
    build_cache: Named | None = None
    """`binary_build_commands`, where it has some: their result is kept as the build cache."""
    warnings: tuple[tuple[int, str], ...] = ()
    """Lines and what is odd there, though it can be read."""


def load(path: str, data: bytes) -> Config:
    """The configuration that a file's bytes hold. Raises ConfigError."""
    return of_tree(path, tree(path, data, READ))


def tree(path: str, data: bytes, wanted: frozenset[str]) -> Mapping:
    """The tree of a configuration, with the values of the `wanted` top-level keys. Raises ConfigError."""
    try:
        root = compose(data, wanted)
        if root is None or (isinstance(root, Scalar) and root.is_null):
            raise NodeError(1, "it is empty: no ci-operator configuration")
        if not isinstance(root, Mapping) or KNOWN.isdisjoint(root.entries):
            raise NodeError(root.line, "no ci-operator configuration: it has none of its keys, such as images or promotion")
    except NodeError as error:
        raise ConfigError(path, error.line, error.problem) from None
    return root


def of_tree(path: str, root: Mapping) -> Config:
    """The configuration that a tree with the values of `READ` holds. Raises ConfigError."""
    try:
        return _Reader(path, root).config()
    except NodeError as error:
        raise ConfigError(path, error.line, error.problem) from None


class _Reader:
    """Reads one tree; collects what is odd on the way."""

    def __init__(self, path: str, root: Mapping) -> None:
        self.path, self.root = path, root
        self.warnings: list[tuple[int, str]] = []

    def config(self) -> Config:
        images = self._images()
        promotion = self._promotion()
        commands = self.root.get("binary_build_commands")
        cache = Named("bin", commands.line) if isinstance(commands, Scalar) and commands.string else None
        return Config(self.path, self._metadata(), images, promotion, cache, tuple(self.warnings))

    def _metadata(self) -> Metadata:
        given = self._mapping(self.root, "zz_generated_metadata", "zz_generated_metadata")
        if given is None:
            return metadata_of(self.path)
        return Metadata(*(self._string(given, key, "zz_generated_metadata") for key in ("org", "repo", "branch", "variant")))

    def _images(self) -> tuple[Image, ...]:
        given = self.root.get("images")
        if isinstance(given, Mapping):
            items = self._sequence(given, "items", "images.items")
        else:
            items = self._sequence(self.root, "images", "images")
            if items:
                self._warn(
                    self.root.entries["images"][0].line, "images is a plain list: today's ci-operator reads images.items only"
                )
        images: dict[str, Image] = {}
        for item in items:
            if not isinstance(item, Mapping):
                raise NodeError(item.line, f"an image is {_kind(item)}; make it a mapping with `to`")
            to = self._string(item, "to", "an image")
            if not to:
                raise NodeError(item.line, "an image without `to`; give it the name of the image")
            line = item.entries["to"][0].line
            if to in images:
                raise NodeError(line, f"a second image {to!r} (first in line {images[to].line}); remove or rename one")
            images[to] = Image(to, line, self._bool(item, "optional", "an image"))
        return tuple(images.values())

    def _promotion(self) -> Promotion | None:
        given = self._mapping(self.root, "promotion", "promotion")
        if given is None:
            return None
        line = self.root.entries["promotion"][0].line
        targets = []
        old = [key for key in _TARGET if given.get(key) is not None]
        if old:
            self._warn(
                given.entries[old[0]][0].line, f"promotion.{old[0]} is the old form: today's ci-operator reads promotion.to only"
            )
        if old and ("namespace" in old or given.get("to") is None):
            targets.append(self._target(given, "promotion"))
        for index, item in enumerate(self._sequence(given, "to", "promotion.to")):
            if not isinstance(item, Mapping):
                raise NodeError(
                    item.line, f"promotion.to[{index}] is {_kind(item)}; make it a mapping with `namespace` and `name` or `tag`"
                )
            targets.append(self._target(item, f"promotion.to[{index}]"))
        return Promotion(
            line,
            tuple(targets),
            self._string(given, "registry_override", "promotion"),
            self._bool(given, "disable_build_cache", "promotion"),
        )

    def _target(self, given: Mapping, where: str) -> Target:
        namespace, name, tag = (self._string(given, key, where) for key in ("namespace", "name", "tag"))
        if not namespace:
            raise NodeError(
                given.line, f"{where} has no namespace; give it one (tag_specification stopped being the default in 2019)"
            )
        if bool(name) == bool(tag):
            both = "both name and tag" if name else "neither name nor tag"
            raise NodeError(given.line, f"{where} has {both}; give it one of them")
        additional = []
        entries = self._mapping(given, "additional_images", f"{where}.additional_images")
        for key, (at, value) in entries.entries.items() if entries else ():
            if not isinstance(value, Scalar) or not value.string:
                raise NodeError(
                    at.line, f"{where}.additional_images.{key} is {_kind(value)}; give the name of the image it comes from"
                )
            additional.append(Named(key, at.line, value.string))
        excluded = []
        for item in self._sequence(given, "excluded_images", f"{where}.excluded_images"):
            if not isinstance(item, Scalar):
                raise NodeError(item.line, f"{where}.excluded_images holds {_kind(item)}; give names of images")
            excluded.append(Named(item.string, item.line))
        return Target(
            namespace,
            name,
            tag,
            given.line,
            tuple(excluded),
            tuple(additional),
            self._bool(given, "tag_by_commit", where),
            self._bool(given, "disabled", where),
        )

    def _warn(self, line: int, what: str) -> None:
        self.warnings.append((line, what))

    def _string(self, parent: Mapping, key: str, where: str) -> str:
        value = parent.get(key)
        if value is None:
            return ""
        if not isinstance(value, Scalar):
            raise NodeError(value.line, f"{key} of {where} is {_kind(value)}; give a text")
        if value.string != value.text:
            self._warn(value.line, f"{key}: {value.text} is read as {value.string!r}: put quotes around it")
        return value.string

    def _bool(self, parent: Mapping, key: str, where: str) -> bool:
        value = parent.get(key)
        if value is None:
            return False
        if not isinstance(value, Scalar) or not value.is_plain or value.text not in TRUE | FALSE:
            shown = f"the text {value.text!r}" if isinstance(value, Scalar) else _kind(value)
            raise NodeError(value.line, f"{key} of {where} is {shown}; write true or false, without quotes")
        return value.text in TRUE

    def _mapping(self, parent: Mapping, key: str, where: str) -> Mapping | None:
        value = parent.get(key)
        if value is not None and not isinstance(value, Mapping):
            raise NodeError(value.line, f"{where} is {_kind(value)}; make it a mapping")
        return value

    def _sequence(self, parent: Mapping, key: str, where: str) -> list[Node]:
        value = parent.get(key)
        if value is None:
            return []
        if not isinstance(value, Sequence):
            raise NodeError(value.line, f"{where} is {_kind(value)}; make it a list")
        return value.items


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return "empty" if not node.string else "a single value"
    return "a list" if isinstance(node, Sequence) else "a mapping"


def metadata_of(path: str) -> Metadata:
    """What the path `…/ORG/REPO/ORG-REPO-BRANCH[__VARIANT].yaml` says; nothing where it is not of that form.

    Source: openshift/ci-tools `pkg/config/load.go` (`InfoFromPath`).
    """
    folder, name = os.path.split(os.path.abspath(path))
    org, repo = os.path.basename(os.path.dirname(folder)), os.path.basename(folder)
    stem, prefix = os.path.splitext(name)[0], f"{org}-{repo}-"
    if not stem.startswith(prefix):
        return Metadata()
    branch, mark, variant = stem.removeprefix(prefix).rpartition("__")
    return Metadata(org, repo, branch, variant) if mark else Metadata(org, repo, variant)
