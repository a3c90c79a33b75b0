"""Finds the patterns that match a reference without trying all of them: by the literal text that they begin with."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.couplings import Pattern
from qcilint.possible import PART, text_shape
from qcilint.reference import Reference

_LITERAL = re.compile(r"(?:[A-Za-z0-9_/:@-]|\\[^A-Za-z0-9])*")
_HOST = re.compile(r"(?:[A-Za-z0-9.:-]|\\\.)+(?=/)")


def literal(expression: str) -> str:
    """The plain text that all matches of an expression begin with."""
    if "|" in expression:
        return ""
    match = _LITERAL.match(expression)
    end = match.end() if match else 0
    found = re.sub(r"\\(.)", r"\1", expression[:end])
    return found[:-1] if expression[end : end + 1] in ("*", "?", "{", "+") else found


class PatternIndex:
    """The patterns of a repository, by their host, then by the text that its path begins with."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._by_host: dict[str, dict[str, list[int]]] = {}
        for number, pattern in enumerate(patterns):
            for expression in pattern.expressions:
                match = _HOST.match(expression)
                host = match[0] if match and "|" not in expression else ""
                found = self._by_host.setdefault(host, {})
                found.setdefault(literal(expression[len(host) :]) if host else "", []).append(number)
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
        shape = text_shape(reference.text)
        host, _, _ = shape.partition("/")
        hosts = self._hosts.get(host)
        if hosts is None:
            is_open = PART in host
            hosts = [each for each in self._by_host if not each or is_open or re.fullmatch(each, host)]
            self._hosts[host] = hosts
        path = shape[len(host) :]
        head, hole, _ = path.partition(PART)
        numbers: set[int] = set()
        for each in hosts:
            found = self._by_host[each]
            for end in range(len(head) + 1):
                numbers.update(found.get(head[:end], ()))
            if hole:
                numbers.update(number for key, some in found.items() if key.startswith(head) for number in some)
            if not each:
                numbers.update(found.get("", ()))
        raw, given = reference.raw, shape if PART in shape else ""
        return [self._patterns[number] for number in sorted(numbers) if self._patterns[number].matches(raw, given)]
