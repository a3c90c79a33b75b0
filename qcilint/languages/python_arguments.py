"""Which parameters the calls of a Python program give a value."""

from __future__ import annotations

from qcilint.languages.python_entries import MOST_CLASSES, Entries, Entry
from qcilint.languages.python_records import Bound, Call, Function, Reading, Ref, Scope

MOST_FUNCTIONS = 20
"""Functions of one name that calls are told apart for."""


class Arguments:
    """Gives parameters the values that calls in the same text pass."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.by_name: dict[str, list[Function]] = {}
        for function in entries.record.functions:
            self.by_name.setdefault(function.name, []).append(function)
        self.constructors: dict[Scope | None, list[Function]] = {}
        for function in self.by_name.get("__init__", []):
            self.constructors.setdefault(function.owner, []).append(function)
        self.classes: dict[str, list[Scope]] = {}
        for bound in entries.record.bounds:
            if bound.made is not None:
                self.classes.setdefault(bound.ref.name, []).append(bound.made)

    def give(self) -> None:
        """Enter what every call passes."""
        for function in self.entries.record.functions:
            if function.barred:
                self._bar(function, self._names(function), 0, function.barred)
        for call in self.entries.record.calls:
            if call.arguments:
                self._call(call)
        for ref, at in self.entries.record.passed:
            for function in self._named(ref, at):
                self._bar(function, self._names(function), at, f"line {self.entries.line(at)} passes its function on")

    def _bar_all(self, functions: list[Function], at: int) -> None:
        for function in functions:
            self._bar(function, self._names(function), at, f"line {self.entries.line(at)} may pass it another value")

    @staticmethod
    def _names(function: Function) -> list[str]:
        return list(dict.fromkeys((*function.positional, *function.keywords)))

    def _named(self, ref: Ref, at: int) -> list[Function]:
        """The functions that a name or an attribute may be; where they are too many, nothing can be said of them any more."""
        functions = self.by_name.get(ref.name, [])
        if len(functions) > MOST_FUNCTIONS:
            self._bar_all(functions, at)
            functions = self.by_name[ref.name] = []
        if ref.receiver is not None:
            return [each for each in functions if each.owner is not None and not self.entries.is_foreign(ref)]
        entry = self.entries.of(ref)
        return [each for each in functions if entry is not None and self._entry(each) is entry]

    def _entry(self, function: Function) -> Entry | None:
        parent = function.scope.parent
        return self.entries.entry(parent, function.name) if parent is not None else None

    def _call(self, call: Call) -> None:
        made = self.entries.made(call.ref)
        if made is not None:
            is_shown = all(None not in self.entries.bases(each) for each in self.entries.lineage(made))
            for function in self._constructors(made):
                self._pass(function, call, 1 if is_shown else None)
            return
        constructors = [each for scope in self.classes.get(call.ref.name, ()) for each in self._constructors(scope)]
        for function in constructors:
            self._pass(function, call, None)
        if len(constructors) > MOST_FUNCTIONS:
            self._bar_all(constructors, call.at)
            del self.classes[call.ref.name]
        for function in self._named(call.ref, call.at):
            self._pass(function, call, self._offset(function, call.ref))

    def _constructors(self, made: Scope) -> list[Function]:
        """What is called when an object of a class is made."""
        found: list[Function] = []
        seen: list[Scope] = []
        todo = [made]
        while todo and len(seen) < MOST_CLASSES:
            scope = todo.pop()
            if scope not in seen:
                seen.append(scope)
                own = self.constructors.get(scope, [])
                found += own
                todo += [base for base in self.entries.bases(scope) if base is not None and not own]
        return found

    def _offset(self, function: Function, ref: Ref) -> int | None:
        """How many parameters come before the first argument; None where that depends on what the receiver is."""
        if ref.receiver is None:
            return 0 if function.owner is None else None
        if not function.binds_first:
            return 0
        return 1 if self.entries.is_receiver(ref) else None

    def _pass(self, function: Function, call: Call, offset: int | None) -> None:
        line = self.entries.line(call.at)
        for index, argument in enumerate(call.arguments):
            if argument.star:
                self._bar(function, self._names(function), call.at, f"line {line} passes arguments that it does not show")
            elif argument.keyword:
                if argument.keyword in function.keywords:
                    self._give(function, argument.keyword, argument.at, argument.reading)
            elif offset is None:
                names = function.positional[index : index + 2]
                self._bar(function, names, call.at, f"line {line} may pass it another value")
            elif index + offset < len(function.positional):
                self._give(function, function.positional[index + offset], argument.at, argument.reading)

    def _give(self, function: Function, name: str, at: int, reading: Reading) -> None:
        self.entries.entry(function.scope, name).bounds.append(Bound(Ref(function.scope, name), at, reading, how="argument"))

    def _bar(self, function: Function, names: list[str], at: int, note: str) -> None:
        for name in names:
            self.entries.entry(function.scope, name).bar(at, note)
