"""The parameters of functions that a makefile defines: `$(1)` in `NAME` gets the arguments of every `$(call NAME,…)`
(GNU make manual, 8.7)."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.languages.make_mentions import Call, Mention
from qcilint.languages.make_reach import Reach
from qcilint.languages.make_values import Entry, Values

ELSEWHERE = "another makefile may call it"


class Calls:
    """The parameters that a makefile uses, and the calls that give them values."""

    def __init__(self, calls: Sequence[Call], values: Values, reach: Reach) -> None:
        self.values, self.reach, self.text = values, reach, values.text
        self.calls: dict[str, list[Call]] = {}
        for call in calls:
            self.calls.setdefault(call.name, []).append(call)
        assigned = values.placer.makefile.assigned
        self.expanded = {each.name for each in assigned if each.operator not in (b"=", b"?=")}
        """Variables whose text is not, or not only, expanded where they are called."""
        self.used: dict[str, dict[int, list[Mention]]] = {}
        """The uses of the parameters of each function, by number."""

    def place(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Give the functions the uses of their parameters; the rest are those of variables."""
        rest: list[Mention] = []
        for mention in mentions:
            number = _number(mention.name)
            if number and mention.owner and mention.name not in self.values.entries:
                self.used.setdefault(mention.owner, {}).setdefault(number, []).append(mention)
            else:
                rest.append(mention)
        return rest

    def entries(self, mentions: Sequence[Mention]) -> list[Entry]:
        """The parameters with their values; `mentions` are those of all variables."""
        plain = {mention.name: mention.start for mention in mentions if not mention.is_call}
        leak = min((plain[name] for name in self.used if name in plain), default=None)
        found: list[Entry] = []
        for name, numbers in self.used.items():
            calls = self.calls.get(name, [])
            reason = self._flaw(name, plain)
            if not reason and leak is not None:
                reason = f"{self.values.line(leak)} uses a function without $(call …)"
            for number, uses in numbers.items() if calls else ():
                entry = Entry(str(number), caveats={ELSEWHERE: None}, barred=reason)
                for mention in uses:
                    entry.add(mention)
                for call in calls:
                    self._argument(entry, call, number)
                found.append(entry)
        return found

    def _flaw(self, name: str, plain: dict[str, int]) -> str:
        """Why it is not known what a function gets."""
        if name in plain:
            return f"{self.values.line(plain[name])} uses {name} without $(call …)"
        if name in self.expanded:
            return f"{name} is not simply defined"
        return self.reach.reason(name)

    def _argument(self, entry: Entry, call: Call, number: int) -> None:
        """The value that a call gives a parameter."""
        line = self.values.line(call.expansion.start)
        if not call.is_plain:
            entry.bar(f"{line} changes what {call.name} gives")
        if number > len(call.arguments):
            entry.bar(f"{line} leaves it empty")
            return
        span = call.arguments[number - 1]
        raw = self.text[slice(*span)]
        if not raw.strip():
            entry.bar(f"{line} leaves it empty")
        elif raw != raw.strip():
            entry.bar(f"{line} puts a blank beside it")
        elif flaw := self.values.flaw(span):
            entry.bar(f"{line} sets it to {flaw}")
        elif call.unit is not None and call.unit.name == call.name:
            entry.bar(f"{line} calls {call.name} from itself")
        entry.values.append(span)


def _number(name: str) -> int:
    """The number of a parameter; 0 for any other name."""
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 4 and not name.startswith("0") else 0
