"""The QCI tag, `namespace_name_tag`: the mapping both ways, and its limits.

Sources: openshift/ci-tools `pkg/api/promotion.go` (`QuayImage`: the parts joined with underscores, no escaping,
no truncation) and `pkg/dockerfile/extract.go` (`orgRepoTagFromQuayProxyTag`: the inverse splits at the first two
underscores).
"""

from __future__ import annotations

from qcilint.records import NamedTuple
from qcilint.reference import MAX_TAG, Reference, parse

PROXY = "quay-proxy.ci.openshift.org"
REPOSITORY = "openshift/ci"
FACES = (PROXY, "quay.io", "qci-pull-through-cache-us-east-1-ci.apps.ci.l2s4.p1.openshiftapps.com")
"""Hosts that serve the repository of QCI: the proxy, the registry itself, the cache of the build clusters."""
APP_CI = "registry.ci.openshift.org"
LATEST = "latest"
OTHER_SCHEMES = ("rc_payload__", "art__", "art-builder-", "remove__")
"""Beginnings of QCI tags that do not name an image stream tag, yet are used on purpose: release payloads, ART's images."""


class StreamTag(NamedTuple):
    """An image stream tag of app.ci."""

    namespace: str
    name: str
    tag: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}:{self.tag}"


class Unmappable(ValueError):
    """There is no QCI form, or no way back; the text says why."""


def to_tag(image: StreamTag) -> str:
    """The QCI tag of an image stream tag. Raises Unmappable."""
    if not all(image):
        raise Unmappable("a part of namespace/name:tag is missing")
    joined = "_".join(image)
    if len(joined) > MAX_TAG:
        raise Unmappable(f"the QCI tag would have {len(joined)} characters; {MAX_TAG} is the limit")
    return joined


def from_tag(tag: str) -> StreamTag:
    """The image stream tag that ci-operator reads in a QCI tag. Raises Unmappable.

    Ambiguous where the image stream name holds an underscore: the second underscore ends the name.
    """
    if tag.startswith(OTHER_SCHEMES):
        raise Unmappable("names no image stream tag: a release payload or an image of ART")
    parts = tag.split("_", 2)
    if len(parts) < 3 or not all(parts):
        raise Unmappable("no namespace_name_tag: fewer than two underscores, or an empty part")
    return StreamTag(*parts)


def is_qci(reference: Reference) -> bool:
    """Whether a reference points to a host of QCI: whatever the proxy serves, and its repository elsewhere."""
    repository = f"{reference.namespace.raw}/{reference.name.raw}"
    return reference.host == PROXY or (reference.host in FACES and repository == REPOSITORY)


def from_pullspec(reference: Reference) -> StreamTag:
    """The image stream tag that ci-operator reads in a QCI pullspec. Raises Unmappable."""
    if f"{reference.namespace.raw}/{reference.name.raw}" != REPOSITORY:
        raise Unmappable(f"the repository is not {REPOSITORY}")
    if reference.digest:
        raise Unmappable("a digest: which image stream tag it was cannot be read from it")
    if not reference.tag:
        raise Unmappable("no tag: the repository of QCI holds all images")
    if reference.tag.holes:
        raise Unmappable("its tag holds a variable, so where the namespace and the name end cannot be told")
    return from_tag(reference.tag.raw)


def readings(tag: str) -> list[StreamTag]:
    """Every image stream tag that has this QCI tag, the one that ci-operator reads first. Raises Unmappable.

    A namespace of Kubernetes holds no underscore, an image stream name may: `ci_my_image_latest` is `ci/my:image_latest`
    or `ci/my_image:latest`.
    """
    first = from_tag(tag)
    words = first.tag.split("_")
    longer = [
        StreamTag(first.namespace, "_".join([first.name, *words[:end]]), "_".join(words[end:])) for end in range(1, len(words))
    ]
    return [first, *(image for image in longer if is_stream_tag(image))]


def is_stream_tag(image: StreamTag) -> bool:
    """Whether the parts follow the grammar of a pullspec."""
    try:
        found = parse(f"{APP_CI}/{image}")
    except ValueError:
        return False
    return (found.namespace.raw, found.name.raw, found.tag.raw) == image and not found.text.holes


def round_trips(image: StreamTag) -> bool:
    """Whether ci-operator reads the same image back from the QCI tag."""
    try:
        return from_tag(to_tag(image)) == image
    except Unmappable:
        return False
