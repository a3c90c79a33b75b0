"""The images that fixes replace, and those that they name instead."""

from __future__ import annotations

from typing import NamedTuple

from qcilint.findings import Finding
from qcilint.qci import LATEST
from qcilint.reference import parse


class Image(NamedTuple):
    """An image of a registry."""

    host: str
    repository: str
    reference: str
    """A tag or a digest."""

    def __str__(self) -> str:
        return f"{self.host}/{self.repository}{'@' if ':' in self.reference else ':'}{self.reference}"


class Pair(NamedTuple):
    """What a fix replaces, and by what; None where a text names no single image."""

    old: Image | None
    new: Image | None
    text: str
    """The new pullspec."""


def pairs_of(finding: Finding) -> list[Pair]:
    """The images that the fix of a finding replaces and names; none without a fix."""
    if finding.kept or finding.about or finding.level == "none" or finding.replacement is None:
        return []
    if finding.composed is None or not finding.replacements:
        return [Pair(image_of(finding.reference.raw), image_of(finding.replacement), finding.replacement)]
    return [
        Pair(image_of(each.reference.raw), image_of(new), new)
        for each, new in zip(finding.composed.alternatives, finding.replacements, strict=False)
    ]


def image_of(pullspec: str) -> Image | None:
    """The image that a pullspec names; None where it holds a variable or is no pullspec."""
    try:
        reference = parse(pullspec)
    except ValueError:
        return None
    if reference.text.holes or not reference.name:
        return None
    path = [part.raw for part in (reference.namespace, reference.name) if part]
    return Image(reference.registry, "/".join(path), reference.digest.raw or reference.tag.raw or LATEST)
