"""The values of the names of a Python program: which of them can be read off, and what bars the rest."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence

from qcilint.languages.python_entries import Entries, Entry
from qcilint.languages.python_records import Bound, Mention, Record, Scope
from qcilint.records import dataclass, field
from qcilint.view import Span

_ATTRIBUTE_HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__slots__", "__set_name__")


@dataclass(eq=False, slots=True)
class Value:
    """What one place says of a name."""

    bound: Bound
    texts: list[Span]
    aliases: list[Mention]
    """Names that have the same value; of a loop, lists that it goes through."""
    loops: list[Mention] = field(default_factory=list)


class Values:
    """Sorts what was written down of every name."""

    def __init__(self, record: Record, entries: Entries, line: Callable[[int], int]) -> None:
        self.record, self.entries, self.line = record, entries, line
        self.of: dict[Entry, list[Value]] = {}
        self.lists: set[Entry] = set()
        self.mixed: set[Entry] = set()
        """Names that are texts at one place and lists at another."""
        self.filled: set[Entry] = set()
        """Names with at least one value."""
        for entry in entries.known.values():
            self._sort(entry)
        self._fill()
        for entry, values in self.of.items():
            for value in values:
                self._drop_unfilled(entry, value)
        self._bar_from_afar()
        self._bar_shared()

    def _sort(self, entry: Entry) -> None:
        values: list[Value] = []
        kinds: set[bool] = set()
        for bound in entry.bounds:
            line, reading = self.line(bound.at), bound.reading
            if bound.barred:
                entry.bar(bound.at, f"line {line} {bound.barred}")
            source = reading.elements or reading
            for caveat in (bound.caveat, reading.caveat, source.caveat):
                if caveat:
                    entry.caveats[caveat] = None
            is_mixed = source.elements is not None or reading.texts or reading.mentions or reading.sums or reading.caveat
            if reading.elements is not None and is_mixed:
                entry.bar(bound.at, f"line {line} sets it to different kinds of things")
            unknown = source.unknown or source.missing or reading.unknown or reading.missing
            if reading.iterated and bound.how != "loop":
                unknown = unknown or "a list made of another one"
            if unknown:
                entry.bar(bound.at, f"line {line} {'takes it from' if bound.how == 'loop' else 'sets it to'} {unknown}")
            loops = reading.iterated if bound.how == "loop" else []
            value = Value(bound, [span for span in source.texts if span[0] < span[1]], list(source.mentions), list(loops))
            values.append(value)
            if value.texts or value.aliases or loops or source.sums:
                kinds.add(reading.elements is not None)
        if True in kinds:
            self.lists.add(entry)
            if False in kinds:
                self.mixed.add(entry)
                entry.bar(entry.bounds[0].at, f"line {self.line(entry.bounds[0].at)} sets it to different kinds of things")
        self.of[entry] = values

    def target(self, mention: Mention) -> Entry | None:
        """The name that a mention is of."""
        return self.entries.of_mention.get(id(mention))

    def _may_give(self, mention: Mention, *, is_loop: bool) -> Entry | None:
        """The name whose values a name takes over."""
        target = self.target(mention)
        return target if target is not None and (target in self.lists) == is_loop and mention.kind == "plain" else None

    def _fill(self) -> None:
        """Find the names with values: literals, or the values of names that have some."""
        takers: dict[Entry, list[Entry]] = {}
        for entry, values in self.of.items():
            for value in values:
                for mentions, is_loop in ((value.aliases, False), (value.loops, True)):
                    for mention in mentions:
                        if target := self._may_give(mention, is_loop=is_loop):
                            takers.setdefault(target, []).append(entry)
        todo = [entry for entry, values in self.of.items() if any(value.texts for value in values)]
        while todo:
            entry = todo.pop()
            if entry not in self.filled:
                self.filled.add(entry)
                todo += takers.get(entry, [])

    def _drop_unfilled(self, entry: Entry, value: Value) -> None:
        """A value taken from a name that has none, or is a list, cannot be read off."""
        for mentions, is_loop in ((value.aliases, False), (value.loops, True)):
            for mention in list(mentions):
                target = self._may_give(mention, is_loop=is_loop)
                if target is entry:
                    mentions.remove(mention)
                    mention.dropped = value.bound.how == "assignment"
                elif target is None or target not in self.filled:
                    mentions.remove(mention)
                    what = "loops over" if is_loop else "sets it to"
                    line = self.line(value.bound.at)
                    entry.bar(value.bound.at, f"line {line} {what} {mention.ref.name}, which this text does not show")
                    if is_loop and target is None and self.target(mention) in self.filled:
                        mention.become("apart", "its letters are looped over")

    # What bars a name wherever it is set

    def _bar_from_afar(self) -> None:
        for entry in self.entries.known.values():
            for at, what in self.record.any_name[:1]:
                entry.bar(at, f"line {self.line(at)} {what}")
            if entry.scope is None:
                for at, what in self.record.any_attribute[:1]:
                    entry.bar(at, f"line {self.line(at)} {what}")
                self._bar_attribute(entry)
        for name, at in self.record.named:
            for scope in (None, self.entries.module):
                if found := self.entries.known.get((scope, name)):
                    found.bar(at, f"line {self.line(at)} names it in a string")
        stars: dict[Scope, list[int]] = {}
        for scope, at in self.record.stars:
            stars.setdefault(scope, []).append(at)
        for entry in self.entries.known.values():
            if entry.scope in stars and entry.bounds:
                self._star(entry, stars[entry.scope])

    def _star(self, entry: Entry, places: Sequence[int]) -> None:
        """`from module import *` sets names that are not shown; the first before a name is set is told, and the first after."""
        first = bisect(places, min(bound.at for bound in entry.bounds))
        if first:
            entry.caveats[f"line {self.line(places[0])} may import another value"] = None
        if first < len(places):
            entry.bar(places[first], f"line {self.line(places[first])} imports names that it does not show")

    def _bar_attribute(self, entry: Entry) -> None:
        at = entry.bounds[0].at if entry.bounds else 0
        if entry.name.startswith("__") and not entry.name.endswith("__"):
            entry.bar(at, "its name is another one outside of its class")
        for hook in _ATTRIBUTE_HOOKS:
            if (found := self.entries.known.get((None, hook))) and found.bounds:
                entry.bar(found.bounds[0].at, f"line {self.line(found.bounds[0].at)} defines {hook}")
        for bound in entry.bounds:
            owner = bound.ref.scope if bound.ref.receiver is None else self.entries.class_of(bound.ref)
            for each in self.entries.lineage(owner) if owner else ():
                if each.sealed:
                    entry.bar(bound.at, each.sealed)
                if None in self.entries.bases(each):
                    entry.caveats["a base class may give it another value"] = None

    def _bar_shared(self) -> None:
        """A value that several names get at one place cannot change for one of them."""
        owners: dict[Span, Entry] = {}
        for entry, values in self.of.items():
            for value in values:
                for span in (*value.texts, *((each.start, each.end) for each in (*value.aliases, *value.loops))):
                    other = owners.setdefault(span, entry)
                    if other is not entry:
                        for each in (entry, other):
                            each.bar(span[0], f"line {self.line(span[0])} gives the same value to several names")
