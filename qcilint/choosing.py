"""Which case of a rule applies to a reference."""

from __future__ import annotations

from collections.abc import Mapping

from qcilint.patterns import glob, match_names, match_paths, match_texts
from qcilint.reference import Reference
from qcilint.rule import Choice, Rule


def stands_for(rule: Rule, names: tuple[str, ...]) -> bool:
    """Whether a rule is about references in a context with these names."""
    return "where" not in rule.when or match_names(rule.when["where"], names)


def choose(rule: Rule, reference: Reference, names: tuple[str, ...], path: str) -> Choice | None:
    """The first case of `rule` that matches, or None. `names` are the context names that hold, `path` the repository path."""
    if _matches(rule.when, reference, names, path) is None:
        return None
    for case in rule.cases_at(path):
        captures = _matches(case.when, reference, names, path)
        if captures is not None and not (case.unless and _matches(case.unless, reference, names, path) is not None):
            return Choice(rule, case, captures)
    return None


def parts_match(when: Mapping[str, tuple[str, ...]], reference: Reference, path: str) -> bool:
    """Whether a condition holds, whatever the context may be."""
    return _matches({key: patterns for key, patterns in when.items() if key != "where"}, reference, (), path) is not None


def _matches(
    when: Mapping[str, tuple[str, ...]], reference: Reference, names: tuple[str, ...], path: str
) -> dict[str, tuple[str, ...]] | None:
    captures: dict[str, tuple[str, ...]] = {}
    for key, patterns in when.items():
        if key == "where":
            if not match_names(patterns, names):
                return None
        elif key == "path":
            if not match_paths(patterns, path):
                return None
        elif key == "registry":
            if not any(glob(pattern)(reference.registry) is not None for pattern in patterns):
                return None
        else:
            found = match_texts(patterns, getattr(reference, key))
            if found is None:
                return None
            captures[key] = found
    return captures
