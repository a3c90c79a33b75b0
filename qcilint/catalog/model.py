"""The catalogue: the images that QCI should hold, each with the places that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from qcilint.ci_operator.promotion import COMMIT
from qcilint.qci import StreamTag, Unmappable, readings

PROMOTED, INPUT, SUPPLEMENTAL, TO_APP_CI, ART, WITHHELD, IGNORED = KINDS = (
    "promoted", "input", "supplemental", "to-app-ci", "art", "withheld", "ignored",
)  # fmt: skip
"""Why an image is in QCI: a configuration publishes it; it is a test input, copied from app.ci; it is a copy of one from
elsewhere; it is copied back to app.ci; a pattern of ART's images. And why it is not: built, but not published; its source is
ignored."""
HELD = frozenset({PROMOTED, INPUT, SUPPLEMENTAL, TO_APP_CI})
"""Kinds that say that one certain image is in QCI."""
KNOWN, POSSIBLE, BROKEN, UNKNOWN = "known", "possible", "broken", "unknown"
_HASH = re.compile(r"[0-9a-f]{40}")


class Origin(NamedTuple):
    """One place that says something of an image, a stream or a pattern."""

    kind: str
    path: str
    """Relative to the top of openshift/release."""
    line: int
    detail: str = ""
    """Where the copy comes from, or why the image is not there."""

    @property
    def place(self) -> str:
        """To print."""
        return f"{self.path}:{self.line}"


class Pattern(NamedTuple):
    """Image stream tags of a namespace that are copied, if app.ci has them: expressions for the name and the tag."""

    namespace: str
    name: str
    tag: str
    origin: Origin

    def fits(self, image: StreamTag) -> bool:
        """Whether an image is one of them."""
        from qcilint.ci_operator.mirroring import compiled

        return (
            image.namespace == self.namespace
            and bool(compiled(self.name)(image.name))
            and (not self.tag or bool(compiled(self.tag)(image.tag)))
        )


class Answer(NamedTuple):
    """What a catalogue says of an image."""

    state: str
    """`known`; `possible`: in QCI if app.ci has it; `broken`: not copied, for a reason that `origins` have; `unknown`."""
    image: StreamTag
    origins: tuple[Origin, ...] = ()
    """The strongest first; those of an unknown image say why it is not published."""
    inputs: int = 0
    """How many places test with it; `origins` has the first of them."""

    @property
    def public_source(self) -> str:
        """A pullspec of the same image that needs no login of OpenShift CI; empty where there is none."""
        sources = (origin.detail for origin in self.origins if origin.kind == SUPPLEMENTAL)
        return next((source for source in sources if is_public(source)), "")


@dataclass(slots=True)
class Known:
    """All that is known of one image or stream."""

    origins: tuple[Origin, ...]
    inputs: int = 0


@dataclass
class Catalog:
    """What QCI should hold."""

    images: Mapping[StreamTag, Known]
    streams: Mapping[StreamTag, Known]
    """Whole streams that are tested with, without a tag: whatever app.ci has of them is copied."""
    patterns: Sequence[Pattern] = ()
    commit: str = ""
    """Of openshift/release; empty outside git."""
    date: str = ""
    """Of that commit, in UTC (ISO 8601)."""
    path: str = ""
    """The file that it was read from."""
    configurations: int = 0
    _answers: dict[StreamTag, Answer] = field(default_factory=dict, repr=False)

    def look(self, image: StreamTag) -> Answer:
        """What is known of an image."""
        if image not in self._answers:
            self._answers[image] = self._look(image)
        return self._answers[image]

    def look_up(self, tag: str) -> Answer | None:
        """What is known of a tag of QCI, which may be that of several images; None where it is none's."""
        try:
            answers = [self.look(image) for image in readings(tag)]
        except Unmappable:
            return None
        if answers[0].state == BROKEN:
            return answers[0]
        return next((answer for state in (KNOWN, POSSIBLE) for answer in answers if answer.state == state), answers[0])

    def _look(self, image: StreamTag) -> Answer:
        known = self.images.get(image)
        if known is None and _HASH.fullmatch(image.tag):
            known = self.images.get(image._replace(tag=COMMIT))  # published once for each commit
        origins = known.origins if known else ()
        kinds = {origin.kind for origin in origins}
        inputs = known.inputs if known else 0
        if IGNORED in kinds and PROMOTED not in kinds:
            return Answer(BROKEN, image, tuple(sorted(origins, key=lambda origin: origin.kind != IGNORED)), inputs)
        if kinds & HELD:
            return Answer(KNOWN, image, origins, inputs)
        stream = self.streams.get(image._replace(tag=""))
        possible = stream.origins if stream else ()
        possible += tuple(pattern.origin for pattern in self.patterns if pattern.fits(image))
        if possible:
            return Answer(POSSIBLE, image, possible + origins, stream.inputs if stream else 0)
        return Answer(UNKNOWN, image, origins)

    @cached_property
    def tags(self) -> dict[tuple[str, str], list[str]]:
        """Namespace and name → the tags that are in QCI."""
        found: dict[tuple[str, str], list[str]] = {}
        for image, known in self.images.items():
            kinds = {origin.kind for origin in known.origins}
            if kinds & HELD and (IGNORED not in kinds or PROMOTED in kinds):
                found.setdefault((image.namespace, image.name), []).append(image.tag)
        return found


_PRIVATE = re.compile(
    r"(?:[\w.-]+\.)?ci\.openshift\.org/|quay\.io/openshift/ci[:@]|qci-|registry\.build\d+|registry\.redhat\.io/|brew\."
)


def is_public(pullspec: str) -> bool:
    """Whether a pullspec is known to need no login: neither one of OpenShift CI nor one of Red Hat's registry."""
    return not _PRIVATE.match(pullspec)
