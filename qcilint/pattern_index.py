"""Finds the patterns that match a reference without trying all of them: by the characters that they begin with."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.couplings import Pattern
from qcilint.possible import MANY, ONE, PART, shape, text_shape
from qcilint.reference import Reference

_HOST = re.compile(r"(?:[A-Za-z0-9.:-]|\\\.)+(?=/)")
_Mask = tuple[int, tuple[int, ...]]
"""How many characters a pattern begins with, and which of them may be any."""


def beginning(expression: str) -> str:
    """The characters that all matches of an expression begin with; ONE stands for any of them."""
    return "" if "|" in expression else shape(expression).partition(MANY)[0]


class PatternIndex:
    """The patterns of a repository, by their host, then by what their path begins with."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._by_host: dict[str, dict[_Mask, dict[str, list[int]]]] = {}
        for number, pattern in enumerate(patterns):
            for expression in pattern.expressions:
                match = _HOST.match(expression)
                host = match[0] if match and "|" not in expression else ""
                text = beginning(expression[len(host) :]) if host else ""
                mask = (len(text), tuple(at for at, char in enumerate(text) if char == ONE))
                self._by_host.setdefault(host, {}).setdefault(mask, {}).setdefault(text, []).append(number)
        self._hosts: dict[str, list[str]] = {}
        self._known: dict[str, list[Pattern]] = {}

    def matching(self, reference: Reference) -> list[Pattern]:
        """The patterns that match the text of a reference, in their order."""
        raw = reference.raw
        found = self._known.get(raw)
        if found is None:
            found = self._known[raw] = self._search(reference)
        return found

    def _search(self, reference: Reference) -> list[Pattern]:
        form = text_shape(reference.text)
        host, _, _ = form.partition("/")
        hosts = self._hosts.get(host)
        if hosts is None:
            is_open = PART in host
            hosts = [each for each in self._by_host if not each or is_open or re.fullmatch(each, host)]
            self._hosts[host] = hosts
        head, hole, _ = form[len(host) :].partition(PART)
        numbers: set[int] = set()
        for each in hosts:
            for (length, any_), found in self._by_host[each].items():
                start = _masked(head[:length], any_)
                if len(start) == length:
                    numbers.update(found.get(start, ()))
                elif hole:
                    numbers.update(number for text, some in found.items() if text.startswith(start) for number in some)
        raw, given = reference.raw, form if PART in form else ""
        return [self._patterns[number] for number in sorted(numbers) if self._patterns[number].matches(raw, given)]


def _masked(text: str, any_: Sequence[int]) -> str:
    """A text with ONE where any character may stand."""
    for at in any_:
        if at < len(text):
            text = f"{text[:at]}{ONE}{text[at + 1 :]}"
    return text
