"""Texts of a Python program that are put together from several pieces: which can be told, and what follows for their names."""

from __future__ import annotations

from collections.abc import Callable

from qcilint.bindings import Join
from qcilint.languages.python_entries import Entry
from qcilint.languages.python_records import Mention, Reading, Record, Stretch, Sum
from qcilint.languages.python_values import Values
from qcilint.view import Span


class Sums:
    """Sorts the sums of a program, and says which names cannot be told because of them."""

    def __init__(self, record: Record, values: Values, line: Callable[[int], int]) -> None:
        self.values, self.line = values, line
        self.entries = list(values.entries.known.values())
        joined = [found for found in record.sums if self._is_joined(found)]
        self._follow_added()
        self._follow()
        self.joined = [found for found in joined if not found.silent]

    def joins(self, shown: set[int]) -> tuple[Join, ...]:
        """The sums whose pieces are all known; `shown` are the identities of the mentions that are told of."""
        return tuple(sorted(Join(found.start, found.end, _pieces(found, shown)) for found in self.joined))

    def _is_joined(self, found: Sum) -> bool:
        """Whether every piece of a sum is known; where not, what stands at its seams is not."""
        operands = [piece for piece in found.pieces if isinstance(piece, Mention)]
        targets = [self.values.target(mention) for mention in operands]
        is_known = all(each in self.values.filled and each not in self.values.lists for each in targets)
        if found.whole and is_known and not found.glued:
            return True
        for mention in found.mentions():
            if mention in operands or any(mention.touches):
                mention.become("other", "joined with what cannot be read off")
        return False

    # A name that is set to a sum has no value that stands anywhere, so it is not told of.

    def _follow(self) -> None:
        """The pieces of a sum must not change where its name is taken apart or added to."""
        for entry, note in self._upwards({entry: note for entry in self.entries if (note := self._trouble(entry))}).items():
            for reading in _readings(entry):
                for found in reading.sums:
                    found.silent = True
                    for mention in found.mentions():
                        mention.become("other", note)

    def _follow_added(self) -> None:
        """A text that more is added to does not end where its literal does."""
        added = {entry: note for entry in self.entries if entry not in self.values.lists and (note := self._added(entry))}
        for entry, note in self._upwards(added).items():
            for reading in _readings(entry):
                for stretch in reading.stretches:
                    for mention in stretch.fields:
                        if mention.touches[1]:
                            mention.become("other", note)

    def _upwards(self, notes: dict[Entry, str]) -> dict[Entry, str]:
        """What is said of names, and of the names that they get their values from."""
        todo = list(notes)
        while todo:
            entry = todo.pop()
            for reading in _readings(entry):
                for mention in (*reading.mentions, *reading.iterated):
                    source = self.values.target(mention)
                    if source is not None and source not in notes:
                        notes[source] = notes[entry]
                        todo.append(source)
        return notes

    def _added(self, entry: Entry) -> str:
        at = next((bound.at for bound in entry.bounds if bound.how == "addition"), None)
        return "" if at is None else f"a part of {entry.name}, and line {self.line(at)} adds to it"

    def _trouble(self, entry: Entry) -> str:
        """What is done with a name other than handing on its whole value."""
        for mention in entry.mentions:
            if mention.kind != "plain" or not mention.alone:
                what = mention.note or "it stands beside other text"
                return f"a part of {entry.name}, of which in line {self.line(mention.start)}: {what}"
        for bound in entry.bounds:
            if bound.barred:
                return f"a part of {entry.name}, and line {self.line(bound.at)} {bound.barred}"
        return ""


def _readings(entry: Entry) -> list[Reading]:
    """What a name is set to, and the elements of lists that it is set to."""
    return [each for bound in entry.bounds for each in (bound.reading, bound.reading.elements) if each is not None]


def _pieces(found: Sum, shown: set[int]) -> tuple[Span, ...]:
    pieces: list[Span] = []
    for piece in found.pieces:
        at = piece.start
        for field in sorted(piece.fields, key=lambda each: each.start) if isinstance(piece, Stretch) else ():
            if id(field) in shown:
                pieces += [(at, field.start), (field.start, field.end)]
                at = field.end
        pieces.append((at, piece.end))
    return tuple(piece for piece in pieces if piece[0] < piece[1])
