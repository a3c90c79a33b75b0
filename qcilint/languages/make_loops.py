"""The names that `$(foreach …)` gives the words of a list, and lists that are only looped over (GNU make manual, 8.5)."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.languages.make_mentions import Loop, Mention
from qcilint.languages.make_values import Entry, Values
from qcilint.records import dataclass, field
from qcilint.view import Span

_MOST_NAMES = 20
"""A list that more names loop over is not read."""


@dataclass(slots=True, eq=False)
class _Group:
    """Loops whose name is one: the values of each reach the uses of all."""

    entry: Entry
    loops: list[Loop] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    """The variables that are looped over, and the line of the loop."""


class Loops:
    """The loops of a makefile. `entries` has the variables that are assigned, and gets the loops whose names are not local."""

    def __init__(self, loops: Sequence[Loop], values: Values) -> None:
        self.values, self.text = values, values.text
        self.by_name: dict[str, list[Loop]] = {}
        for loop in loops:
            self.by_name.setdefault(loop.name, []).append(loop)
        self.by_start = {loop.expansion.start: loop for loop in loops}
        self.groups: list[_Group] = []
        self.alone: set[str] = set()
        """Names that are mentioned in the bodies of their loops and nowhere else."""

    def local(self) -> list[Entry]:
        """The names that hold in their loops alone."""
        known = {id(entry) for entry in self.values.entries.values()}
        return [group.entry for group in self.groups if id(group.entry) not in known]

    def place(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Give the loops their mentions; the rest are those of other variables."""
        owned: dict[int, list[Mention]] = {}
        outside: dict[str, list[Mention]] = {name: [] for name in self.values.entries}
        rest: list[Mention] = []
        for mention in mentions:
            if mention.name in self.by_name and (loop := self._loop_of(mention)) is not None:
                owned.setdefault(loop.expansion.start, []).append(mention)
            else:
                outside.setdefault(mention.name, []).append(mention)
                rest.append(mention)
        for name, loops in self.by_name.items():
            is_assigned = name in self.values.entries
            self._group(name, loops, owned, is_loose=name in outside)
            if name not in outside:
                self.values.assume_single(name)
                self.alone.add(name)
            elif not is_assigned:
                self._outside(self.values.entries[name], outside[name])
        return rest

    def _outside(self, entry: Entry, mentions: Sequence[Mention]) -> None:
        """A loop's name outside of it: the loop may get there through the variable in whose value it stands, or not."""
        for mention in mentions:
            reason = f"{self.values.line(mention.start)} uses it outside of its loop"
            if mention.owner:
                entry.warn(reason)
            else:
                entry.bar(reason)

    def _loop_of(self, mention: Mention) -> Loop | None:
        """The innermost loop of its name in whose body a mention stands."""
        around = mention.around
        while around is not None:
            loop = self.by_start.get(around.start)
            if loop is not None and loop.name == mention.name and mention.start > around.commas[1]:
                return loop
            around = around.parent
        return None

    def _group(self, name: str, loops: list[Loop], owned: dict[int, list[Mention]], *, is_loose: bool) -> None:
        lists = [self._lists(loop) for loop in loops]
        is_shared = len(set().union(*lists)) < sum(map(len, lists))
        shared: _Group | None = None
        for loop, names in zip(loops, lists, strict=True):
            if shared is None or not (is_loose or is_shared):
                shared = _Group(self.values.entries.setdefault(name, Entry(name)) if is_loose else Entry(name))
                self.groups.append(shared)
            shared.loops.append(loop)
            shared.lists.update(dict.fromkeys(names, self.values.line(loop.expansion.start)))
            for mention in owned.get(loop.expansion.start, []):
                shared.entry.add(mention)

    def _lists(self, loop: Loop) -> set[str]:
        """The variables whose words a loop goes over."""
        names = {self.values.exact(word) for word in self.values.words(loop.list)}
        return {name for name in names if name in self.values.entries and name not in self.by_name}

    def resolve(self) -> None:
        """Give the names their values, and take out the lists that are nothing but looped over."""
        takers: dict[str, list[_Group]] = {}
        for group in self.groups:
            for name in group.lists:
                takers.setdefault(name, []).append(group)
        for group in self.groups:
            for loop in group.loops:
                self._words(group.entry, loop.list, takers)
        for name, groups in takers.items():
            self._list(name, groups)

    def _words(self, entry: Entry, span: Span, takers: dict[str, list[_Group]]) -> None:
        line = self.values.line(span[0])
        for word in self.values.words(span):
            name = self.values.exact(word)
            if name in takers:
                continue
            if name and name not in self.alone:
                entry.bar(f"{line} loops over {self.values.shown(word)}, which is set elsewhere")
            self._word(entry, word)

    def _word(self, entry: Entry, word: Span) -> None:
        if flaw := self.values.flaw_of_word(word):
            entry.bar(f"{self.values.line(word[0])} loops over {flaw}")
        entry.values.append(word)

    def _list(self, name: str, groups: list[_Group]) -> None:
        """The words of a variable are values of the names that loop over it."""
        source = self.values.entries[name]
        whole = next((mention for mention in source.mentions if not mention.is_listed), None)
        words = [word for value in source.values for word in self.values.words(value)]
        for group in groups:
            for word in words if len(groups) <= _MOST_NAMES else ():
                self._word(group.entry, word)
            for caveat in source.caveats:
                group.entry.warn(caveat)
            if source.barred or source.is_quoted:
                group.entry.bar(f"it has the words of {name}: {source.barred or 'quotes are a part of them'}")
            elif whole is not None or source.uses:
                at = whole.start if whole is not None else source.uses[0].start
                group.entry.bar(f"{self.values.line(at)} uses the list {name} as a whole")
            elif len(groups) > 1:
                other = next(each for each in groups if each is not group)
                group.entry.bar(f"{other.lists[name]} loops over the same list by another name")
        if whole is None and not source.uses:
            del self.values.entries[name]
            return
        for mention in source.mentions:
            if mention.is_listed:
                mention.kind, mention.note = "other", "looped over"
