"""References that no single place shows: `ARG REGISTRY=host` and `FROM ${REGISTRY}/ocp/4.20:cli`.

Takes the references that stand whole in one place and the names of the file, and puts together what the uses of
those names amount to. A composed reference knows every stretch of the file that it is made of.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from qcilint import lazy as re
from qcilint.bindings import Triple
from qcilint.context import Context
from qcilint.enclosing import Enclosing
from qcilint.languages import contexts as contexts_in
from qcilint.languages.documents import may_be_part
from qcilint.locate import flaw_of, tail, trim
from qcilint.names import Names, names_of
from qcilint.records import NamedTuple, dataclass, field, replace
from qcilint.reference import TRANSPORTS, Reference
from qcilint.stretches import Alternative, Reader, Reading, Stretch, reference_in
from qcilint.view import Span

_BOUND = ("assignment:", "arg-default", "env-value", "loop:")
_ASSIGNED = re.compile(r"(?:assignment|loop|arg):([A-Za-z_]\w*)\Z")
_CONTINUED = re.compile(rb"\$(?:[({]([\w\x80-\xff]+)[)}](?=[A-Za-z0-9_./:@$-])|([\w\x80-\xff]+)(?=[./:@$-]))")
_NO_VALUE = frozenset({"comment", "pattern", "key", "prose", "inline-code", "heading", "link-text", "link-url", "html-comment"})
"""Contexts of texts that are no value of a name."""
_GLUE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/@})]"
_CONCATENATED = "concatenated"
_YAML_NAMES = re.compile(rb"\$|[Tt]ag|newName|python")
"""What stands in a YAML text that puts names together: a variable, parts of an image, or a program in another language."""
_VARIABLE = re.compile(rb"\$[^\s|)\"'/,]")
"""A dollar that may begin a variable; one at the end of a pattern does not."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A place whose text only becomes a reference with the values of its names."""

    start: int
    end: int
    context: Context
    alternatives: tuple[Alternative, ...]
    """What it may stand for; more than one where a name has several values."""
    stray: int | None = None
    """Where one of its names gets a value that is no such reference: a byte of the file."""
    triple: Triple | None = None

    @property
    def uses(self) -> set[Span]:
        """The uses of names that it accounts for."""
        return _uses(self.alternatives)


@dataclass(frozen=True, slots=True)
class Compositions:
    """The composed references of a file."""

    composed: list[Composed] = field(default_factory=list)
    parts: dict[int, int] = field(default_factory=dict)
    """Start of a located reference that is only a part of a composed one → start of that one."""
    continued: dict[int, int] = field(default_factory=dict)
    """Start of a located reference in a value that more text follows somewhere → where that is."""
    names: Names = field(default_factory=Names)

    def first(self) -> list[tuple[Reference, Context]]:
        """The first reference that each place may stand for, and its context."""
        return [(each.alternatives[0].reference, each.context) for each in self.composed]


def compose(language: str, data: bytes, references: Sequence[Reference], contexts: Sequence[Context]) -> Compositions:
    """The composed references of a file, in order."""
    sound = [(reference, context) for reference, context in zip(references, contexts, strict=True) if not reference.flaw]
    opened = [context for reference, context in sound if _may_be_a_part(reference, context, data)]
    if not opened or (language == "yaml" and not _puts_together(data, opened, (context for _, context in sound))):
        return Compositions()
    names = names_of(language, data, opened)
    if not (names.bindings or names.triples):
        return Compositions()
    return _Composer(data, [reference for reference, _ in sound], names).compose(language)


def _puts_together(data: bytes, opened: Sequence[Context], contexts: Iterable[Context]) -> bool:
    """Whether a YAML text may put one of its references together."""
    if not _YAML_NAMES.search(data):
        return False
    is_program = any(language != "dockerfile" for context in opened for language, _ in context.scope)
    return is_program or bool(_VARIABLE.search(data)) or any(map(may_be_part, contexts))


def _may_be_a_part(reference: Reference, context: Context, data: bytes) -> bool:
    """Whether names may bear on a reference; a cheap question, since most files need not be asked for theirs."""
    if context.where in _NO_VALUE:
        return False
    if _is_incomplete(reference):
        is_part_of_text = context.language == "yaml" and not context.whole
        return bool(reference.text.holes) or not (is_part_of_text or context.where.startswith("command:"))
    if context.language == "python":
        return any(name.startswith(_BOUND) for name in context.names())
    if "taken-apart" in context.labels:
        return True
    given = [name for name in context.names() if name.startswith(("assignment:", "loop:", "arg:"))]
    names = [match[1] for name in given if (match := _ASSIGNED.match(name))]
    return bool(names) and not _continued_names(data).isdisjoint(name.encode() for name in names)


@lru_cache(1)
def _continued_names(data: bytes) -> frozenset[bytes]:
    """The names in a text that other text may stand right behind an expansion of."""
    return frozenset(name for names in _CONTINUED.findall(data) for name in names)


class _Draft(NamedTuple):
    """A composed reference before it is known where it stands."""

    place: Span
    probe: Span
    """The bytes whose context counts."""
    alternatives: tuple[Alternative, ...]
    stray: int | None = None
    is_join: bool = False
    triple: Triple | None = None


class _Composer:
    def __init__(self, data: bytes, hosts: Sequence[Reference], names: Names) -> None:
        self.data, self.hosts, self.names = data, hosts, names
        self.by_start = {reference.start: reference for reference in hosts}
        self.reader = Reader(data, names.bindings)
        self.values = sorted({value for binding in names.bindings if binding.uses for value in binding.values})
        self.value_starts = [start for start, _ in self.values]
        self.texts = self._texts()

    def compose(self, language: str) -> Compositions:
        drafts = [draft for draft in self._drafts() if draft.alternatives[0].reference.name]
        resting: dict[int, int] = {}
        for draft in drafts:
            for start in {stretch.start for each in draft.alternatives for stretch in each.stretches}:
                resting[start] = resting.get(start, 0) + 1
        roots = sorted((draft for draft in drafts if self._is_root(draft, resting)), key=lambda draft: draft.place)
        parts = self._parts(roots)
        return Compositions(self._placed(language, roots), parts, self._continued(parts), self.names)

    def _is_root(self, draft: _Draft, resting: Mapping[int, int]) -> bool:
        """Whether it is a reference by itself: a value is not where others rest on it, nor where it has no namespace."""
        if draft.triple is not None or not self._in_value(draft.place):
            return True
        return bool(draft.alternatives[0].reference.namespace) and resting[draft.place[0]] == 1

    # ── what may be composed ─────────────────────────────────────────────────────────────────────────────────

    def _drafts(self) -> Iterator[_Draft]:
        for triple in self.names.triples:
            if draft := self._triple(triple):
                yield draft
        taken: list[Span] = []
        for join in self.names.joins:
            readings = self.reader.read(join.pieces)
            transport = next((each for each in TRANSPORTS if self.data.startswith(each.encode(), join.start)), "")
            if readings and (draft := self._draft((join.start + len(transport), join.end), readings, is_join=True)):
                taken.append((join.start, join.end))
                yield draft
        within = Enclosing(taken)
        end = 0
        for start, stop in self.texts:
            if start < end or within.holds(start, start + 1):
                continue
            end = stop
            readings = self.reader.read([(start, stop)])
            if readings and (draft := self._draft((start, stop), readings, is_join=False)):
                yield draft

    def _texts(self) -> list[Span]:
        """The reference texts around the uses of names, in order."""
        texts = {(reference.start, reference.end) for reference in self.hosts}
        for binding in self.names.bindings:
            for use in binding.uses:
                if use.kind == "plain" and use.start < use.end and not self._is_glued(use.start):
                    end = trim(self.data, use.end, tail(self.data, use.end)[0])
                    texts.add((use.start, end))
        return sorted(texts, key=lambda text: (text[0], -text[1]))

    def _is_glued(self, start: int) -> bool:
        """Whether other text stands right before a use, so that it is not the start of a reference."""
        if self.data[max(0, start - 1) : start] not in _GLUE or start == 0:
            return False
        return not any(self.data.endswith(transport.encode(), max(0, start - 40), start) for transport in TRANSPORTS)

    def _draft(self, place: Span, readings: Sequence[Reading], *, is_join: bool) -> _Draft | None:
        if place in self.reader.by_use:
            return None  # a value as it stands: it is judged where it is given
        found = [reference_in(reading, self.hosts, place) for reading in readings]
        alternatives = tuple(each for each in found if each)
        if not alternatives or all(self._stands_whole(each) for each in alternatives):
            return None
        stray = next((_first_value(reading) for reading, each in zip(readings, found, strict=True) if not each), None)
        literals = [stretch for each in alternatives for stretch in each.stretches if _is_within(stretch, place)]
        probe = max(literals, key=lambda stretch: stretch.end - stretch.start, default=None) if is_join else None
        flaw = "" if is_join else flaw_of(self.data, *place)
        if flaw:
            alternatives = tuple(replace(each, reference=replace(each.reference, flaw=flaw)) for each in alternatives)
        return _Draft(place, (probe.start, probe.end) if probe else place, alternatives, stray, is_join)

    def _stands_whole(self, alternative: Alternative) -> bool:
        """Whether the reference stands whole in one place, so that nothing is composed."""
        literals = [stretch for stretch in alternative.stretches if not stretch.opened]
        located = self.by_start.get(literals[0].start)
        return located is not None and all(located.start <= stretch.start and stretch.end <= located.end for stretch in literals)

    def _triple(self, triple: Triple) -> _Draft | None:
        spans = [span for span in (triple.registry, triple.repository, triple.tag) if span]
        stretches: list[Stretch] = []
        for index, span in enumerate(spans):
            if index:
                is_tag = span == triple.tag
                stretches.append(Stretch(":" if is_tag else "/", "", span[0], span[0], opened=False))
            stretches += [stretch for reading in self.reader.read([span]) or [] for stretch in reading if not stretch.opened]
        place = triple.repository
        alternative = reference_in(tuple(stretches), self.hosts, place)
        return _Draft(place, place, (alternative,), triple=triple) if alternative else None

    # ── where it stands ──────────────────────────────────────────────────────────────────────────────────────

    def _in_value(self, place: Span) -> bool:
        at = bisect_right(self.value_starts, place[0]) - 1
        return any(start <= place[0] and place[1] <= end for start, end in self.values[max(0, at - 8) : at + 1])

    def _placed(self, language: str, roots: Sequence[_Draft]) -> list[Composed]:
        probes = sorted({draft.probe for draft in roots})
        disjoint = [probe for before, probe in zip([(0, 0), *probes], probes, strict=False) if probe[0] >= before[1]]
        known = dict(zip(disjoint, contexts_in(language, self.data, disjoint), strict=True))
        placed = []
        for draft in roots:
            context = known.get(draft.probe)
            if context is None:
                continue
            if draft.is_join:
                labels = tuple(label for label in context.labels if label != _CONCATENATED)
                context = replace(context, labels=labels, whole=True)
            if draft.triple is not None:
                context = context.adding("composed")
            placed.append(Composed(*draft.place, context, draft.alternatives, draft.stray, draft.triple))
        return placed

    def _parts(self, roots: Sequence[_Draft]) -> dict[int, int]:
        """The located references that are parts of composed ones, and stand for nothing by themselves."""
        composed = {use for draft in roots for use in _uses(draft.alternatives)}
        alone = {
            value[0]
            for binding in self.names.bindings
            if any(use.kind == "plain" and (use.start, use.end) not in composed for use in binding.uses)
            for value in binding.values
        }
        parts: dict[int, int] = {}
        for draft in roots:
            for alternative in draft.alternatives:
                for stretch in alternative.stretches:
                    located = None if stretch.style else self.by_start.get(stretch.start)
                    if located and (_is_incomplete(located) or located.start not in alone or located.start == draft.place[0]):
                        parts.setdefault(located.start, draft.place[0])
        return parts

    def _continued(self, parts: Mapping[int, int]) -> dict[int, int]:
        texts = Enclosing([*self.texts, *((join.start, join.end) for join in self.names.joins)])
        found: dict[int, int] = {}
        for binding in self.names.bindings:
            located = [start for start, _ in binding.values if start in self.by_start and start not in parts]
            for use in binding.uses if located else ():
                if use.kind == "plain" and texts.holds(use.start, use.end, wider=True):
                    found.update(dict.fromkeys(located, use.start))
        return found


def _uses(alternatives: Sequence[Alternative]) -> set[Span]:
    return {(stretch.start, stretch.end) for each in alternatives for stretch in each.stretches if stretch.opened}


def _is_incomplete(reference: Reference) -> bool:
    return not (reference.namespace and reference.name and (reference.tag or reference.digest))


def _is_within(stretch: Stretch, place: Span) -> bool:
    return not stretch.style and place[0] <= stretch.start and stretch.end <= place[1] and stretch.start < stretch.end


def _first_value(reading: Reading) -> int:
    """Where the value stands that makes a reading no reference."""
    return next((stretch for stretch in reading if not stretch.opened), reading[0]).start
