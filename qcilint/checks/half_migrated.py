"""One image of a Dockerfile in two spellings: the old reference and its QCI form.

ci-operator finds the inputs of a Dockerfile by their text and replaces one spelling of an image; the other is pulled as it
stands (openshift/ci-tools `pkg/defaults/defaults.go`, `detectDockerfileInputs`).
"""

from __future__ import annotations

from qcilint.checks import Checked, Neighbours
from qcilint.context import Context
from qcilint.qci import LATEST, PROXY, REPOSITORY, StreamTag, Unmappable, to_tag
from qcilint.reference import Reference

PULLED = ("from", "copy-from", "mount-from")


def check(reference: Reference, context: Context, neighbours: Neighbours, _data: bytes) -> Checked | None:
    """The reference, where its Dockerfile names the same image by its QCI form too."""
    tag = qci_tag(reference)
    if not tag or context.region is None or context.where not in PULLED:
        return None
    places = tuple(
        (other.start, "the same image in its QCI form")
        for other, around in neighbours
        if around.region == context.region and around.where in PULLED and is_in_qci(other) and other.tag.raw == tag
    )
    return Checked(reference, places) if places else None


def is_in_qci(reference: Reference) -> bool:
    return reference.host == PROXY and f"{reference.namespace.raw}/{reference.name.raw}" == REPOSITORY


def qci_tag(reference: Reference) -> str:
    """The tag that a reference to an image stream tag has in QCI; empty where it has none."""
    try:
        return to_tag(StreamTag(reference.namespace.raw, reference.name.raw, reference.tag.raw or LATEST))
    except Unmappable:
        return ""
