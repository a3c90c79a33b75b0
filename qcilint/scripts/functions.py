"""Functions of make that look into a text, tried on a line before and after an edit (gnu.org, "Functions for String
Substitution and Analysis")."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.records import NamedTuple
from qcilint.scripts.differences import changed, parts
from qcilint.scripts.tools import Pair
from qcilint.scripts.words import balanced

_CALL = re.compile(
    r"\$[({](?:(?P<name>findstring|filter-out|filter|subst|patsubst|notdir|dir|basename|suffix)[ \t]+"
    r"|(?P<value>[\w.-]+):(?=[^={}()\n]+=))"
)
_CONDITION = re.compile(r"(?m)^[ \t]*(?:else[ \t]+)?(ifn?eq)[ \t]+(?=\()")
_NEAR = 1000
_MAX_TEXT = 200


class Call(NamedTuple):
    """A call of a function."""

    name: str
    given: list[str]
    """What it is given in front of the text."""
    text: str
    """The text that it looks into."""
    shown: str

    def notices(self, pair: Pair) -> bool:
        """Whether it makes another thing of a line, or of the word of it that changes, after the edit."""
        old, new = pair
        if old == new:
            return False
        first, _second = (self.given[0] if self.given else ""), (self.given[1] if len(self.given) > 1 else "")
        if self.name == "findstring":
            return (first in old) != (first in new)
        if self.name in ("filter", "filter-out"):
            return any(_matches(each, old) != _matches(each, new) for each in first.split())
        if self.name == "subst":
            return (bool(first) and any(first in part for part in parts(old, new))) or (first in old) != (first in new)
        if self.name == "patsubst":
            return _is_replaced(first, *_words(old, new))
        if self.name == "equal":
            return first in (old, _words(old, new)[0])
        return True


def calls(text: str) -> Iterator[tuple[int, Call]]:
    """The calls of a makefile, with their places."""
    for match in _CALL.finditer(text):
        opener = match.start() + 1
        end = balanced(text, opener, opener + _NEAR)
        inner = text[match.end() : end - 1]
        if match["value"]:  # $(NAME:OLD=NEW)
            old, _, new = inner.partition("=")
            given = [old if "%" in old else "%" + old, new]
            call = Call("patsubst", given, f"$({match['value']})", text[match.start() : end][:_MAX_TEXT])
        else:
            *given, last = _arguments(
                inner, {"findstring": 2, "filter": 2, "filter-out": 2, "subst": 3, "patsubst": 3}.get(match["name"], 1)
            )
            call = Call(match["name"], [each.strip() or " " for each in given], last, text[match.start() : end][:_MAX_TEXT])
        yield match.start(), call
    for match in _CONDITION.finditer(text):
        end = balanced(text, match.end(), match.end() + _NEAR)
        sides = _arguments(text[match.end() + 1 : end - 1], 2)
        for one, other in (sides, sides[::-1]) if len(sides) == 2 else ():
            yield match.start(), Call("equal", [one.strip()], other, match[1] + " " + text[match.end() : end][:_MAX_TEXT])


def _arguments(text: str, most: int) -> list[str]:
    """The arguments of a call, divided at the commas that stand in no parentheses."""
    out, level = [""], 0
    for char in text:
        level += (char in "({") - (char in ")}")
        if char == "," and not level and len(out) < most:
            out.append("")
        else:
            out[-1] += char
    return out


def _words(old: str, new: str) -> Pair:
    """The words of two lines that differ."""
    start, end = changed(old, new)
    begin = max(old.rfind(space, 0, start) for space in " \t") + 1
    stops = [at for space in " \t" if (at := old.find(space, len(old) - end)) >= 0]
    rest = len(old) - min(stops, default=len(old))
    return old[begin : len(old) - rest], new[begin : len(new) - rest]


def _stem(pattern: str, word: str) -> str | None:
    """What the `%` of a pattern stands for; None where a word does not match."""
    head, percent, tail = pattern.partition("%")
    if not percent:
        return "" if word == pattern else None
    if len(word) < len(head) + len(tail) or not (word.startswith(head) and word.endswith(tail)):
        return None
    return word[len(head) : len(word) - len(tail)]


def _matches(pattern: str, line: str) -> bool:
    return any(_stem(pattern, word) is not None for word in line.split())


def _is_replaced(pattern: str, old: str, new: str) -> bool:
    """Whether a pattern matches only one of two words, or what it leaves of them is not the part that differs."""
    before, after = _stem(pattern, old), _stem(pattern, new)
    if before is None or after is None:
        return before is not after
    was, becomes = parts(old, new)
    return before != after and (was not in before or becomes not in after)
