"""The variables of a makefile: every value that its text gives them, and every mention of them.

Variables are global (GNU make manual, chapter 6): all assignments count, whatever branch or target they are in. Only the
names of `$(foreach …)` and the parameters of functions have scopes of their own.
"""

from __future__ import annotations

from qcilint.bindings import Binding, Bindings
from qcilint.languages.make_calls import Calls
from qcilint.languages.make_lexer import Assignment, Makefile
from qcilint.languages.make_loops import Loops
from qcilint.languages.make_mentions import Mention
from qcilint.languages.make_reach import Reach
from qcilint.languages.make_scan import mentions
from qcilint.languages.make_shell import settle
from qcilint.languages.make_values import Entry, Values, names_in, unquoted
from qcilint.languages.makefile import Placer

_READABLE = (b"=", b":=", b"::=", b"?=")
_UNREADABLE = {b"+=": "adds to it", b"!=": "sets it to the output of a command"}


def bindings(text: bytes) -> Bindings:
    """The variables of a makefile that have a value in it."""
    return Bindings(tuple(_Reader(text).read()))


class _Reader:
    """Reads one makefile."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.placer = Placer(Makefile(text))
        self.found = mentions(self.placer)
        self.values = Values(self.placer, self.found)
        self.reach = Reach(self.placer, self.found, self.values)

    def read(self) -> list[Binding]:
        entries = self.values.entries
        for assignment in self.placer.makefile.assigned:
            self._assign(entries.setdefault(assignment.name, Entry(assignment.name)), assignment)
        loops = Loops(self.found.loops, self.values)
        calls = Calls(self.found.calls, self.values, self.reach)
        known = self._known(set(loops.by_name))
        settled = settle(self.placer, known, self.reach)
        self._place(loops.place(calls.place(settled)))
        for entry in entries.values():
            self.reach.touch(entry)
        local = loops.local()
        for entry in local:
            entry.bar(self.reach.reason(entry.name))
        loops.resolve()
        local += calls.entries(settled)
        for entry in local:
            for mention in entry.mentions:
                if mention.default is not None:
                    self._read(entry, mention.default)
        found = [entry.binding() for entry in (*entries.values(), *local)]
        return sorted((binding for binding in found if binding.values), key=lambda binding: binding.values)

    def _known(self, loops: set[str]) -> list[Mention]:
        """The mentions of names that may have values here."""
        names = loops | set(self.values.entries) | {call.name for call in self.found.calls}
        names |= {mention.name for mention in self.found.found if mention.default is not None}
        return [mention for mention in self.found.found if mention.name in names or mention.name.isdecimal()]

    def _place(self, found: list[Mention]) -> None:
        """Give the variables their mentions, and the defaults that stand in these."""
        entries = self.values.entries
        for mention in found:
            if mention.default is not None:
                entry = entries.get(mention.name)
                if entry is None:
                    entry = entries[mention.name] = Entry(mention.name)
                    entry.warn("the environment or the command line may set it")
                self._read(entry, mention.default)
        for mention in found:
            if mention.name in entries:
                entries[mention.name].add(mention)

    def _assign(self, entry: Entry, assignment: Assignment) -> None:
        """Take in one value of a variable."""
        line, operator = self.values.line(assignment.start), assignment.operator
        if operator not in _READABLE:
            entry.bar(f"{line} {_UNREADABLE.get(operator, f'sets it with {operator.decode()}')}")
        if operator == b"?=":
            entry.warn("the environment or the command line may override it")
        elif b"override" not in assignment.modifiers:
            entry.warn(f"`make {entry.name}=…` may override it")
        if b"private" in assignment.modifiers:
            entry.warn(f"private on {line}: not every recipe sees it")
        if operator == b"!=":
            return
        span = (assignment.start, assignment.end)
        value, is_quoted = unquoted(span, self.text)
        if assignment.defined and b"\n" in self.text[slice(*span)]:
            entry.bar(f"{line} defines it over several lines")
            return
        if is_quoted:
            entry.is_quoted = True
            entry.warn(f"quotes are a part of its value on {line}")
        if self.text[value[1] + is_quoted : span[1]].strip(b"\r\n"):
            entry.is_padded = True
            entry.warn(f"a blank follows its value on {line}")
        entry.values.append(value)
        self._read(entry, value)

    def _read(self, entry: Entry, value: tuple[int, int]) -> None:
        """Say what keeps a value from being read off."""
        line = self.values.line(value[0])
        if value[0] == value[1]:
            entry.unreadable = entry.unreadable or f"{line} sets it to nothing"
        elif flaw := self.values.flaw(value):
            entry.unreadable = entry.unreadable or f"{line} sets it to {flaw}"
        if entry.name in names_in(self.text[slice(*value)]):
            entry.bar(f"{line} builds on its own value")
