"""The words that stand for rules: ids, names, beginnings of ids, and `all`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qcilint import lazy as re
from qcilint.ruleset import Rule

ALL = "all"
_EXACT = 1000
_BEGINNING = re.compile(r"[A-Za-z]+[0-9]*")


def exactness(selector: str, rule: Rule) -> int:
    """How exactly a word stands for a rule; 0 where it does not."""
    if selector == rule.name or selector.upper() == rule.id:
        return _EXACT
    if selector == ALL:
        return 1
    if _BEGINNING.fullmatch(selector) and rule.id.startswith(selector.upper()):
        return 1 + len(selector)
    return 0


def strongest(selectors: Iterable[str], rule: Rule) -> tuple[int, str]:
    """The word that stands for a rule most exactly; 0 and nothing where none does."""
    return max(((exactness(selector, rule), selector) for selector in selectors), default=(0, ""), key=lambda found: found[0])


def unknown(selectors: Iterable[str], rules: Iterable[Rule]) -> str | None:
    """The first word that stands for no rule."""
    known = list(rules)
    return next((each for each in selectors if each != ALL and not any(exactness(each, rule) for rule in known)), None)


def words(rules: Mapping[str, Rule]) -> list[str]:
    """What may be written, for suggestions."""
    return [word for rule in rules.values() for word in (rule.id, rule.name)]
