"""One image of a Dockerfile in two spellings: the old reference and its QCI form.

ci-operator finds the inputs of a Dockerfile by their text and replaces one spelling of an image; the other is pulled as it
stands (openshift/ci-tools `pkg/defaults/defaults.go`, `detectDockerfileInputs`).
"""

from __future__ import annotations

from collections.abc import Collection

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
    starts = neighbours.once(_pulled).get((context.region, tag), ())
    return Checked(reference, tuple((start, "the same image in its QCI form") for start in starts)) if starts else None


def _pulled(neighbours: Neighbours) -> dict[tuple[int | None, str], list[int]]:
    """Where images are pulled by their QCI form, by region and tag."""
    return starts_in_qci(neighbours, PULLED)


def starts_in_qci(neighbours: Neighbours, wheres: Collection[str]) -> dict[tuple[int | None, str], list[int]]:
    """Where QCI forms start that stand in one of these contexts, by region and tag."""
    found: dict[tuple[int | None, str], list[int]] = {}
    for reference, context in neighbours:
        if context.where in wheres and is_in_qci(reference):
            found.setdefault((context.region, reference.tag.raw), []).append(reference.start)
    return found


def is_in_qci(reference: Reference) -> bool:
    return reference.host == PROXY and f"{reference.namespace.raw}/{reference.name.raw}" == REPOSITORY


def qci_tag(reference: Reference) -> str:
    """The tag that a reference to an image stream tag has in QCI; empty where it has none."""
    try:
        return to_tag(StreamTag(reference.namespace.raw, reference.name.raw, reference.tag.raw or LATEST))
    except Unmappable:
        return ""
