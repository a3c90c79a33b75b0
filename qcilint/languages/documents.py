"""What YAML and JSON have in common: a tree of mappings and sequences, and the names of the places in it."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.context import UNKNOWN, Context
from qcilint.records import dataclass
from qcilint.reference import TRANSPORTS

INPUT_ALIAS = "input-alias"
"""The place of a text that is compared byte for byte with the FROM of a Dockerfile."""
FRAGMENT = "fragment"
"""Label of an input alias in what may be a part of a ci-operator configuration."""
GENERATOR = "ci.openshift.io/generator"
"""The label of a Prow job that says what generated it (openshift/ci-tools `pkg/jobconfig/files.go`)."""
MAX_KEYS = 64
"""Keys of a path that are kept; deeper text has the path of what is around it."""
MAX_KEY = 120
"""Characters of a key that are kept."""

# Top-level keys of a ci-operator configuration: ReleaseBuildConfiguration in openshift/ci-tools, pkg/api/types.go.
_SHARED_KEYS = frozenset(("images", "operator", "releases", "resources"))
"""Keys that a kustomization or the values of a Helm chart have too: alone, they tell nothing."""
CI_OPERATOR_KEYS = _SHARED_KEYS | frozenset(
    (
        "base_images",
        "base_rpm_images",
        "binary_build_commands",
        "build_root",
        "canonical_go_repository",
        "external_images",
        "promotion",
        "raw_steps",
        "rpm_build_commands",
        "tag_specification",
        "test_binary_build_commands",
        "tests",
        "zz_generated_metadata",
    ),
)
_ALIASES_UNDER = ("images", "build_root", "raw_steps")
"""Keys of a configuration with inputs, whatever else it has."""
REGISTRY_KEYS = ("registry", "imageRegistry")
REPOSITORY_KEYS = ("repository", "imageRepository", "image", "imageName", "name")
TAG_KEYS = ("tag", "imageTag")
"""Keys of a mapping that gives an image by its parts, as the values of a Helm chart do."""
KUSTOMIZE_KEYS = ("newName", "newTag")
"""Keys of an entry of `images` in a kustomization (kubectl.docs.kubernetes.io, "images")."""
_PARTS = frozenset((*REGISTRY_KEYS, *REPOSITORY_KEYS, *TAG_KEYS, *KUSTOMIZE_KEYS))
_TRANSPORTS = frozenset(transport.encode() for transport in TRANSPORTS)
_PAYLOAD_ANNOTATION = b"release.openshift.io/"


@dataclass(slots=True, eq=False)
class Node:
    """A mapping or a sequence."""

    parent: Node | None
    keys: tuple[str, ...]
    """The keys that lead here, without indices."""
    mapping: bool
    in_key: bool = False
    """It is a mapping key, or stands in one."""
    top: Node | None = None
    """The top collection of the document, unless it is this one."""
    pending: str | None = None
    """The key that was read, while its value is awaited."""
    api_version: bool = False
    kind: str = ""
    generator: str = ""
    """What generated it: the label GENERATOR of a Prow job."""
    root_keys: frozenset[str] = frozenset()
    """Of a document's top mapping: which of CI_OPERATOR_KEYS it has."""
    target: str = ""
    """Of an operation of a JSON patch (RFC 6902): where its value goes."""

    def path(self) -> tuple[str, ...]:
        """The keys that lead to the next value."""
        if self.pending is None or self.pending == "<<" or len(self.keys) >= MAX_KEYS:
            return self.keys
        return (*self.keys, self.pending)

    def child(self, *, mapping: bool) -> Node:
        """The collection that begins here."""
        in_key = self.in_key or (self.mapping and self.pending is None)
        return Node(self, self.path(), mapping, in_key, self.root)

    def set_key(self, key: str) -> None:
        """Note a key that was read."""
        self.pending = key[:MAX_KEY]
        if self.parent is None and key in CI_OPERATOR_KEYS:
            self.root_keys |= {key}

    def set_value(self, value: str) -> None:
        """Note the value of the pending key."""
        if self.mapping and self.pending == "kind":
            self.kind = value[:MAX_KEY]
        elif self.mapping and self.pending == "apiVersion":
            self.api_version = True
        elif self.pending == GENERATOR and self.parent is not None:
            self.parent.generator = value[:MAX_KEY]
        elif self.mapping and self.pending == "path" and value.startswith("/"):
            self.target = value[:MAX_KEY]
        self.pending = None

    def labels(self) -> tuple[str, ...]:
        """Labels of the objects around this node: the innermost, then that of the document."""
        node: Node | None = self
        for _ in range(MAX_KEYS):
            if node is None or node.is_object:
                break
            node = node.parent
        labels = [f"kind:{each.kind}" for each in (node, self.root) if each is not None and each.is_object]
        labels += ["ci-operator-config"] if self.root.is_ci_operator else []
        labels += (
            [FRAGMENT] if not self.root.is_ci_operator and _is_of_input(self.keys) and self.keys[0] in _ALIASES_UNDER else []
        )
        labels += ["prowgen"] if self._generator() == "prowgen" else []
        return tuple(dict.fromkeys(labels))

    def _generator(self) -> str:
        node: Node | None = self
        for _ in range(MAX_KEYS):
            if node is None or node.generator:
                break
            node = node.parent
        return node.generator if node else ""

    @property
    def is_object(self) -> bool:
        """Whether it is a Kubernetes object."""
        return self.api_version and bool(self.kind)

    @property
    def is_ci_operator(self) -> bool:
        return is_configuration(self.root_keys)

    @property
    def root(self) -> Node:
        """The top collection of the document."""
        return self.top or self


_OF_BUILD = ("source", "images", "as")
"""Keys of an input alias of a build (build.openshift.io, ImageSource.As)."""


def is_configuration(keys: frozenset[str]) -> bool:
    """Whether a text with these of CI_OPERATOR_KEYS at its top is a ci-operator configuration."""
    return len(keys) >= 2 and not keys <= _SHARED_KEYS


def where(keys: tuple[str, ...], *, ci_operator: bool, listed: bool = False, node: Node | None = None) -> str:
    """The name of the place of a value in the collection `node`, which may be an item of a list."""
    if keys[-1:] in (("as",), ("value",)) and _patched(keys, node)[-3:] == _OF_BUILD:
        return INPUT_ALIAS
    if ci_operator and listed and keys[-1:] == ("as",):  # the only `as` that is a list, perhaps where its anchor is
        return INPUT_ALIAS
    if _is_of_input(keys) and (ci_operator or keys[0] in _ALIASES_UNDER):
        return INPUT_ALIAS
    return "value:" + ".".join(keys)


def _is_of_input(keys: tuple[str, ...]) -> bool:
    """Whether it is the `as` of an input, as far as the three innermost keys tell."""
    return len(keys) >= 3 and keys[-1] == "as" and keys[-3] == "inputs"


def _patched(keys: tuple[str, ...], node: Node | None) -> tuple[str, ...]:
    """The keys that lead to a value where the operation of a JSON patch around it puts it; without one, its own."""
    for _ in range(MAX_KEYS):
        if node is None:
            break
        inside = keys[len(node.keys) :]
        if node.target and inside[:1] == ("value",):
            target = tuple(key for key in node.target.split("/") if key and key != "-" and not key.isdigit())
            return (*target, *inside[1:])
        node = node.parent
    return keys


def may_be_part(context: Context) -> bool:
    """Whether a reference in a YAML text may be a part of an image that others stand beside, as far as its context tells."""
    if context.where == UNKNOWN or "low-confidence" in context.labels:
        return True
    values = [name for name in context.names() if name.startswith("value:")]
    return any(name.count(".") >= MAX_KEYS - 1 or re.split("[.:]", name)[-1] in _PARTS for name in values)


def text_labels(text: bytes) -> tuple[str, ...]:
    """Labels that hold for all of a text."""
    return ("payload-manifest",) if _PAYLOAD_ANNOTATION in text else ()


def is_transport(prefix: bytes) -> bool:
    """Whether the text before a reference is nothing, or a transport."""
    return not prefix or prefix.replace(b"\\/", b"/") in _TRANSPORTS


_EDGES = (b"", b" ", b"\t", b"\n", b"\r", b'"', b"'", b"`")


def is_word(text: bytes, start: int, end: int) -> bool:
    """Whether `start..end` is a word of a comment: blanks or quotes around it, a transport apart."""
    return text[end : end + 1] in _EDGES and (
        text[max(start - 1, 0) : start] in _EDGES or any(text.endswith(transport, 0, start) for transport in _TRANSPORTS)
    )
