"""Composed references are fixed together with the values that they share, or not at all.

A value may only change where every use of its name is part of a reference that is fixed too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qcilint.alignment import edits_of, edits_of_triple, merged
from qcilint.bindings import Binding, Use
from qcilint.composition import Composed, Compositions
from qcilint.edits import Edit
from qcilint.enclosing import Enclosing
from qcilint.findings import Finding
from qcilint.rewrite import Refusal
from qcilint.source import Source
from qcilint.view import Span

MOST_PLACES = 5
"""Places that a finding names."""


Users = Mapping[tuple[str, str], tuple[str, int]]
"""Path and name of a definition → another file that uses the name, and the line."""


def settle(findings: Sequence[Finding], compositions: Compositions, source: Source, users: Users) -> None:
    """Give composed findings their edits and groups, or the reason why they get none."""
    groups = _Groups(compositions, source, users)
    for finding in findings:
        if finding.composed is not None:
            if not finding.kept:
                groups.add(finding)
        elif finding.replacement is not None:
            groups.warn(finding)
    for members in groups.connected():
        groups.settle(members)


class _Groups:
    def __init__(self, compositions: Compositions, source: Source, users: Users) -> None:
        self.names, self.source, self.users = compositions.names, source, users
        values = {value: binding for binding in self.names.bindings for value in binding.values}
        self._bindings, self._values_at = [*values.values()], Enclosing([*values])
        self.by_use: dict[Span, list[int]] = {}
        """Plain use → the numbers of its names."""
        for index, binding in enumerate(self.names.bindings):
            for use in binding.uses:
                if use.kind == "plain":
                    self.by_use.setdefault((use.start, use.end), []).append(index)
        self._apart = {
            id(binding): [use for use in binding.uses if use.kind == "apart"][:MOST_PLACES] for binding in self.names.bindings
        }
        """The first uses that take the value of a name apart, by its identity."""
        self.edits: dict[int, dict[Span, Edit]] = {}
        """By the identity of a finding."""
        self.changed: dict[int, list[Binding]] = {}
        self.findings: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Take in a composed finding: find its edits, and say what its names are."""
        composed = finding.composed
        assert composed is not None  # noqa: S101
        finding.related += self._values(composed)
        if finding.replacement is None or finding.level == "none":
            return
        try:
            edits = self._edits(finding, composed)
        except Refusal as refusal:
            finding.refuse(str(refusal))
            return
        self.edits[id(finding)] = edits
        self.changed[id(finding)] = [binding for binding in self._opened(composed) if self._changes(binding, edits)]
        self.findings.append(finding)

    def _edits(self, finding: Finding, composed: Composed) -> dict[Span, Edit]:
        if composed.triple is not None:
            return edits_of_triple(finding.replacement or "", composed.triple, self.source.data)
        pairs = zip(finding.templates, composed.alternatives, strict=True)
        return merged([edits_of(template, each, finding.context) for template, each in pairs])

    def _opened(self, composed: Composed) -> list[Binding]:
        """The names that a composed reference rests on."""
        found = {index for use in composed.uses for index in self.by_use.get(use, ())}
        return [self.names.bindings[index] for index in sorted(found)]

    @staticmethod
    def _changes(binding: Binding, edits: Iterable[Span]) -> bool:
        return any(low <= start and end <= high for start, end in edits for low, high in binding.values)

    def _values(self, composed: Composed) -> list[tuple[str, int, str]]:
        """The places where the values stand."""
        places = {
            (self.source.line(start), f"{binding.name} is {self.source.data[start:end].decode('utf-8', 'replace')}")
            for binding in self._opened(composed)
            for start, end in binding.values
        }
        return [(self.source.repo_path, line, what) for line, what in sorted(places)[:MOST_PLACES]]

    def warn(self, finding: Finding) -> None:
        """Name the places that take the value apart in which a whole reference stands; its fix is not certain then."""
        start, end = finding.reference.start, finding.reference.end
        for binding in self._holding(start, end):
            apart = self._apart[id(binding)]
            finding.related += [(self.source.repo_path, self.source.line(use.start), _note(binding, use)) for use in apart]
            if apart and finding.level == "safe":
                finding.level, finding.group = "unsafe", None
                finding.reason = f"{_note(binding, apart[0])} in line {self.source.line(apart[0].start)}"

    def _holding(self, start: int, end: int) -> list[Binding]:
        """The names in whose values bytes of the file stand."""
        return [self._bindings[number] for number in self._values_at.numbers(start, end)]

    def connected(self) -> Iterator[list[Finding]]:
        """The findings in sets that share a name whose value changes."""
        changing: dict[int, list[int]] = {}
        for number, finding in enumerate(self.findings):
            for binding in self.changed[id(finding)]:
                changing.setdefault(id(binding), []).append(number)
        seen = set[int]()
        for first in range(len(self.findings)):
            found, pending = list[int](), [first]
            while pending:
                number = pending.pop()
                if number not in seen:
                    seen.add(number)
                    found.append(number)
                    for binding in self.changed[id(self.findings[number])]:
                        pending += changing.pop(id(binding), ())
            if found:
                yield [self.findings[number] for number in sorted(found)]

    def settle(self, members: list[Finding]) -> None:
        """Decide one set: a group with a level, or nothing."""
        problem = next((found for member in members if (found := self._problem(member))), None)
        problem = problem or self._uncovered(members)
        try:
            merged([self.edits[id(member)] for member in members])
        except Refusal as refusal:
            problem = problem or (str(refusal), 0)
        if problem:
            for member in members:
                self._refuse(member, *problem)
            return
        start = min(member.reference.start for member in members)
        for member in members:
            member.edits = tuple(sorted(self.edits[id(member)].values()))
            member.group = ("names", start) if len(members) > 1 else None
            own = [*self._doubts(member), member.reason]
            member.reason = "; ".join(dict.fromkeys(doubt for doubt in own if doubt)) or _UNCERTAIN
            member.level = "unsafe"

    def _problem(self, member: Finding) -> tuple[str, int] | None:
        """Why the values of a reference may not change, and the byte where that stands."""
        composed = member.composed
        assert composed is not None  # noqa: S101
        if composed.triple is not None and composed.triple.barred:
            return composed.triple.barred, 0
        for binding in (*self._opened(composed), *self._holding(composed.start, composed.end)):
            start = binding.values[0][0]
            if binding.barred:
                return f"{binding.name} (line {self.source.line(start)}) cannot change: {binding.barred}", start
            if composed.stray is not None:
                line = self.source.line(composed.stray)
                return f"{binding.name} also gets another value, in line {line}", composed.stray
        return None

    def _uncovered(self, members: list[Finding]) -> tuple[str, int] | None:
        """A use of a name whose value changes that is in none of the references which are fixed with it."""
        covered = {use for each in members if each.composed for use in each.composed.uses}
        for binding in {id(each): each for member in members for each in self.changed[id(member)]}.values():
            if user := self.users.get((self.source.repo_path, binding.name)):
                return "{} is also used in {}, line {}".format(binding.name, *user), 0
            for use in binding.uses:
                if use.kind != "apart" and (use.start, use.end) not in covered:
                    what = use.note or "it stands there for itself, or in a reference that stays"
                    return f"{binding.name} is also used in line {self.source.line(use.start)}: {what}", use.start
        return None

    def _doubts(self, finding: Finding) -> list[str]:
        """Why the fix of a composed finding is not certain."""
        composed = finding.composed
        assert composed is not None  # noqa: S101
        if composed.triple is not None:
            return [composed.triple.caveat]
        doubts: list[str] = []
        for binding in (*self._opened(composed), *self._holding(composed.start, composed.end)):
            if binding.caveat:
                doubts.append(f"{binding.name} (line {self.source.line(binding.values[0][0])}): {binding.caveat}")
            doubts += [f"{_note(binding, use)} in line {self.source.line(use.start)}" for use in self._apart[id(binding)]]
        return doubts

    def _refuse(self, finding: Finding, reason: str, at: int) -> None:
        finding.refuse(reason)
        if at:
            finding.related.append((self.source.repo_path, self.source.line(at), "the reason stands here"))


_UNCERTAIN = "put together from several places: right if nothing else sets or uses them"


def _note(binding: Binding, use: Use) -> str:
    return f"{binding.name} is {use.note or 'taken apart'}"
