"""The values of an instruction that may be an image: takes the instruction, gives places, and contexts of what is in them.

FROM, COPY --from, ADD --from, RUN --mount, and the values of ARG, ENV and LABEL.
"""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.dockerfile_commands import Command, from_image
from qcilint.languages.dockerfile_stages import Stages
from qcilint.languages.dockerfile_words import ARGUMENT, BACKSLASH, unquoted, words
from qcilint.records import NamedTuple
from qcilint.reference import TRANSPORTS
from qcilint.view import Span, View

LANGUAGE = "dockerfile"
PULLING_MOUNTS = (b"bind", b"cache")
"""The types of RUN --mount that take files from an image."""
_DEFAULT = re.compile(rb"\$\{[A-Za-z_]\w*:?-")
_NAME = re.compile(rb"[A-Za-z_]\w*(?==)")
_QUOTES = re.compile(rb"[\\'\"`]")
_MOST_QUOTES = 100
"""A flag with more quotes than this is not taken apart."""
_CSV_FIELD = re.compile(rb"\"((?:[^\"]|\"\")*+)\"(?=,|\Z)|([^\",]*+)(?=,|\Z)")
_MOST_BEFORE = 200
"""Longest `${NAME:-` and transport that is looked for before a reference."""


def context_at(where: str, *labels: str, whole: bool = True) -> Context:
    """A context in a Dockerfile."""
    return Context(where, LANGUAGE, labels, whole=whole, region=0)


class Place(NamedTuple):
    """Bytes `start..end` of an instruction, quotes included, that hold an image or another value."""

    start: int
    end: int
    where: str
    labels: tuple[str, ...] = ()
    escape: bytes = BACKSLASH


class Values:
    """The values of one instruction, for the build stages so far."""

    def __init__(self, stages: Stages, text: bytes, parsed: Command) -> None:
        self.stages = stages
        self.source = stages.source
        self.text = text
        self.parsed = parsed

    def places(self) -> Iterator[Place]:
        """The places of this instruction whose meaning is known, in ascending order."""
        if self.parsed.name == "from":
            image, _ = from_image(self.text, self.parsed)
            if image and self.text[slice(*image)].lower() not in self.stages.shells:
                yield Place(*image, "from", escape=self.source.escape)
        elif self.parsed.name in ("copy", "add"):
            yield from self._copies()
        elif self.parsed.name == "run":
            yield from self._mounts()
        elif self.parsed.name in ("arg", "env", "label"):
            yield from self._pairs()

    def _is_stage(self, name: bytes) -> bool:
        return name.lower() in self.stages.names

    def _copies(self) -> Iterator[Place]:
        for flag in self.parsed.flags:
            value = unquoted(self.text, flag.start, flag.end, BACKSLASH).text
            if flag.name == b"from" and not self._is_stage(value):
                yield Place(flag.start, flag.end, "copy-from")

    def _mounts(self) -> Iterator[Place]:
        for flag in self.parsed.flags:
            raw = self.text[flag.start : flag.end]
            if flag.name != b"mount" or len(_QUOTES.findall(raw)) > _MOST_QUOTES:
                continue
            value = unquoted(self.text, flag.start, flag.end, BACKSLASH)
            fields = _csv(value.text)
            types = [value.text[start:end].lower() for key, start, end in fields if key == b"type"] or [b"bind"]
            for key, start, end in fields:
                image = value.text[start:end]
                if key == b"from" and image and types[-1] in PULLING_MOUNTS and not self._is_stage(image):
                    yield Place(value.outward(start), value.outward(end - 1) + 1, "mount-from")

    def _pairs(self) -> Iterator[Place]:
        """The values of ARG, ENV and LABEL: `NAME=value …`, or the old `ENV NAME value`."""
        name, escape = self.parsed.name, self.source.escape
        for number, (start, end) in enumerate(words(self.text, self.parsed.start, self.parsed.end, escape)):
            equals = self.text.find(b"=", start, end)
            if equals < 0 and number == 0 and name != "arg":
                value = ARGUMENT.search(self.text, end, self.parsed.end)
                if value:
                    yield Place(value.start(), self.parsed.end, f"{name}-value", escape=escape)
                return
            if equals < 0:
                continue
            if name != "arg":
                yield Place(equals + 1, end, f"{name}-value", escape=escape)
            elif variable := _NAME.match(self.text, start, equals + 1):
                labels: tuple[str, ...] = (f"arg:{variable[0].decode()}",)
                if self.stages.is_global and variable[0] in self.stages.from_variables:
                    labels += ("from-variable",)
                yield Place(equals + 1, end, "arg-default", labels, escape)


def in_value(place: Place, value: View, span: Span) -> Context:
    """The context of a reference in a value, which `value` shows without quotes."""
    inner = value.inward(span)
    if inner is None or inner[0] > _MOST_BEFORE:
        return context_at(place.where, *place.labels, whole=False)
    before, ends = value.text[: inner[0]], inner[1] == len(value.text)
    if place.where in ("copy-from", "mount-from") and b"$" in value.text[slice(*inner)]:
        ends = False  # BuildKit expands no variables here, buildah does: the text does not tell
    default = _DEFAULT.match(before) if before.startswith(b"${") else None
    if default and value.text[inner[1] : inner[1] + 2] == b"}" and _is_transport(before[default.end() :]):
        return context_at(place.where, *place.labels, "default", whole=False)
    return context_at(place.where, *place.labels, whole=ends and _is_transport(before))


def _csv(text: bytes) -> list[tuple[bytes, int, int]]:
    """The `key=value` fields of a CSV line, with the span of each value; none when it is no valid CSV."""
    found: list[tuple[bytes, int, int]] = []
    at = 0
    while match := _CSV_FIELD.match(text, at):
        group = 1 if match[1] is not None else 2
        key, _, value = match[group].partition(b"=")
        found.append((key.lower(), match.end(group) - len(value), match.end(group)))
        at = match.end() + 1
        if at > len(text):
            return found
    return []


def _is_transport(text: bytes) -> bool:
    return not text or text.decode("latin-1") in TRANSPORTS
