"""Texts made of stretches that stand apart in a file: takes names and spans, gives what a place may read as."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import product

from qcilint import lazy as re
from qcilint.bindings import Binding, Use
from qcilint.records import NamedTuple, dataclass, replace
from qcilint.reference import HOLE, Part, Reference, Text, parse_text, split_path
from qcilint.view import Span

MOST_ALTERNATIVES = 64
"""Values that one place may have; of a place with more, nothing is said."""
DEEPEST = 8
"""How many names deep a value may rest on others."""
_SEPARATOR = re.compile(rb"[/:@]")
_REFERENCE = re.compile(r"[A-Za-z0-9_./:@-]*")
_GLUED = re.compile(r"[A-Za-z0-9_.@})\]-]\Z")


class Stretch(NamedTuple):
    """A literal (`style` empty), a variable, or a variable whose value follows (`opened`), at bytes `start..end` of the file."""

    text: str
    style: str
    start: int
    end: int
    opened: bool = False


Reading = tuple[Stretch, ...]
"""One text that a place may stand for."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One reference that a place may stand for, and the stretches it is made of."""

    reference: Reference
    stretches: Reading


class Reader:
    """Reads texts with the values of their names in place."""

    def __init__(self, data: bytes, bindings: Sequence[Binding]) -> None:
        self.data = data
        self.by_use: dict[Span, tuple[Binding, Use]] = {}
        for binding in bindings:
            for use in binding.uses:
                self.by_use.setdefault((use.start, use.end), (binding, use))
        self._separated: dict[int, bool] = {}

    def read(self, pieces: Sequence[Span]) -> list[Reading] | None:
        """Everything that the pieces, one after the other, may read as; None where that is too much."""
        return self._readings(pieces, leading=True, depth=0)

    def _readings(self, pieces: Sequence[Span], *, leading: bool, depth: int) -> list[Reading] | None:
        options: list[list[Reading]] = []
        count = 1
        for index, span in enumerate(pieces):
            for part, start, end in self._parts(span):
                first = leading and index == 0 and start == span[0]
                readings = self._readings_of(part, start, end, leading=first, depth=depth)
                if readings is None:
                    return None
                options.append(readings)
                count *= len(readings)
                if count > MOST_ALTERNATIVES:
                    return None
        return [tuple(stretch for reading in chosen for stretch in reading) for chosen in product(*options)]

    def _parts(self, span: Span) -> list[tuple[Part, int, int]]:
        start, end = span
        if span in self.by_use:
            match = HOLE.fullmatch(self.data, start, end)
            style = (match.lastgroup or "").replace("_", "-") if match else "name"
            return [(Part(self.data[start:end].decode("utf-8", "surrogateescape"), style), start, end)]
        found: list[tuple[Part, int, int]] = []
        for part in parse_text(self.data[start:end]):
            length = len(part.text.encode("utf-8", "surrogateescape"))
            found.append((part, start, start + length))
            start += length
        return found

    def _readings_of(self, part: Part, start: int, end: int, *, leading: bool, depth: int) -> list[Reading] | None:
        binding = self.opened(start, end) if part.is_hole else None
        if binding is None or not (leading or self._is_separated(binding, depth)):
            return [(Stretch(part.text, part.style, start, end),)]
        if depth >= DEEPEST:
            return None
        found: list[Reading] = []
        for value in binding.values:
            readings = self._readings([value], leading=leading, depth=depth + 1)
            if readings is None or len(found) > MOST_ALTERNATIVES:
                return None
            found += [(Stretch(part.text, part.style, start, end, opened=True), *reading) for reading in readings]
        return found

    def opened(self, start: int, end: int) -> Binding | None:
        """The name whose value stands, plainly, at a use."""
        binding, use = self.by_use.get((start, end), (None, None))
        return binding if binding and binding.values and use and use.kind == "plain" else None

    def _is_separated(self, binding: Binding, depth: int) -> bool:
        """Whether a value of the name holds a separator of a reference, itself or through other names."""
        known = self._separated.get(id(binding))
        if known is None:
            self._separated[id(binding)] = False  # for a name that rests on itself
            known = self._separated[id(binding)] = depth < DEEPEST and any(
                (inner is not None and self._is_separated(inner, depth + 1))
                if part.is_hole and (inner := self.opened(start, end)) is not None
                else not part.is_hole and bool(_SEPARATOR.search(part.text.encode("utf-8", "replace")))
                for value in binding.values
                for part, start, end in self._parts(value)
            )
        return known


def reference_in(reading: Reading, hosts: Sequence[Reference], place: Span) -> Alternative | None:
    """The reference that a reading holds; None where none of the known hosts stands in it, whole and at the start of a word.

    `hosts` are the located references in order; the reference gets the bytes of `place`.
    """
    before = ""
    for index, stretch in enumerate(reading):
        if not stretch.style and (located := _host_in(stretch, hosts)):
            offset = located.start - stretch.start
            if _GLUED.search(before + stretch.text[:offset]):
                return None
            taken = _taken(reading, index, offset)
            return Alternative(_reference(taken, located, place), taken)
        if not stretch.opened:
            before = stretch.text
    return None


def _host_in(stretch: Stretch, hosts: Sequence[Reference]) -> Reference | None:
    """The first located reference whose registry stands whole in a literal."""
    at = bisect_left(hosts, stretch.start, key=lambda reference: reference.start)
    if at == len(hosts) or hosts[at].start + len(hosts[at].registry) > stretch.end:
        return None
    return hosts[at]


def _taken(reading: Reading, index: int, offset: int) -> Reading:
    """The stretches of the reference that begins at `offset` of the literal `index`, up to the first byte that ends it."""
    taken = [stretch for stretch in reading[:index] if stretch.opened]
    for stretch in reading[index:]:
        if stretch.style:
            taken.append(stretch)
            continue
        text = stretch.text[offset:]
        match = _REFERENCE.match(text)
        kept = match[0] if match else ""
        is_cut = len(kept) < len(text)
        if is_cut:
            kept = kept.rstrip(".:@-_")
        start = stretch.start + offset
        taken.append(Stretch(kept, "", start, start + len(kept)))
        if is_cut:
            break
        offset = 0
    return tuple(taken)


def _reference(taken: Reading, located: Reference, place: Span) -> Reference:
    text = Text(Part(stretch.text, stretch.style) for stretch in taken if not stretch.opened and stretch.text)
    head, *rest = text
    path = Text(part for part in (Part(head.text[len(located.registry) :]), *rest) if part.text)
    reference = Reference(*place, text, located.host, located.port, transport=located.transport)
    if not path or path.raw == "/":
        return reference
    parts = split_path(path)
    is_malformed = bool(parts.problem) or not path.raw.startswith("/")
    return replace(
        reference,
        namespace=parts.namespace,
        name=parts.name,
        tag=parts.tag,
        digest=parts.digest,
        flaw="malformed" if is_malformed else "",
    )
