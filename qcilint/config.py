"""What is in force for a file: the layers of its configuration, merged."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qcilint.config_files import COMMAND_LINE, Layer
from qcilint.discovery import is_within
from qcilint.records import NamedTuple, dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run without a configuration needs none of these
    from typing import Any

    from qcilint.ruleset import Rule, RuleSet


class Value(NamedTuple):
    """One value that is in force, and where it comes from."""

    value: Any
    layer: Layer | None
    """None for a default."""


class State(NamedTuple):
    """Whether a rule is on, and the place and words that decided."""

    is_on: bool
    why: str


class Verdict(NamedTuple):
    """What a configuration says of a finding: why it is silent (empty where it is not), and its severity."""

    silent: str
    severity: str


@dataclass(slots=True)
class Settings:
    """What one configuration says. Paths given to its methods are absolute."""

    layers: Sequence[Layer]
    """The furthest first: presets, extended files, the file itself, the command line."""
    rules: RuleSet
    path: str = ""
    """The configuration file, as it was found; empty without one."""
    states: Mapping[str, State] = field(default_factory=dict)
    _excludes: list[tuple[Layer, str, list[str], re.Pattern[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.states = _states(self.layers, self.rules)
        self._excludes = list(self._exclusions())
        for layer in self.layers:
            if layer.origin != COMMAND_LINE:  # its words may be those of a pack of another folder
                check_selectors(layer, self.rules)

    def values(self, key: str) -> list[Value]:
        """The values of a key that are in force, in order of precedence; the default where no layer sets it."""
        from qcilint.config_schema import KEYS, REPLACE, TABLE

        option = KEYS[key]
        set_ = [layer for layer in self.layers if key in layer.table]
        if not set_:
            return [Value(option.default, None)]
        if option.merge == REPLACE:
            return [Value(set_[-1].table[key], set_[-1])]
        if option.merge == TABLE:
            return [Value({name: value}, layer) for layer in reversed(set_) for name, value in layer.table[key].items()]
        found = [(layer.table[key], layer) for layer in set_]
        return [Value(each, layer) for value, layer in found for each in ([value] if isinstance(value, str) else value)]

    @property
    def baseline_path(self) -> str:
        """The absolute path of the baseline; empty without one."""
        return self._path("baseline")

    @property
    def catalog_path(self) -> str:
        """The absolute path of the catalogue; empty without one."""
        return self._path("catalog")

    def _path(self, key: str) -> str:
        for layer in reversed(self.layers):
            if key in layer.table:
                name: str = layer.table[key]
                return os.path.normpath(os.path.join(layer.folder or layer.base, name)) if name else ""
        return ""

    def one(self, key: str) -> Any:
        """The value of a key that has one."""
        return self.values(key)[0].value

    def excluded(self, path: str) -> str:
        """The pattern that excludes a file and its place, in words; empty where none does."""
        for layer, key, patterns, any_of_them in self._excludes:
            relative = layer.relative(path)
            if any_of_them.fullmatch(relative):
                pattern = next(each for each in patterns if path_pattern(each).fullmatch(relative))
                return f"{key} has {pattern!r} ({layer.place(key)})"
        return ""

    @property
    def excludes(self) -> bool:
        """Whether it excludes any file."""
        return bool(self._excludes)

    def _exclusions(self) -> Iterator[tuple[Layer, str, list[str], re.Pattern[str]]]:
        for key in ("exclude", "extend-exclude"):
            for value in self.values(key) if any(key in layer.table for layer in self.layers) else ():
                patterns = [value.value] if isinstance(value.value, str) else value.value
                if value.layer and patterns:
                    regexes = [f"(?:{path_pattern(each).pattern})" for each in patterns]
                    yield value.layer, key, patterns, re.compile("|".join(regexes), re.S)

    def verdict(self, rule_id: str, severity: str, path: str) -> Verdict:
        """What becomes of a finding of a rule, with the severity that the rule gives it, in a file."""
        rule, state = self.rules.by_id[rule_id], self.states[rule_id]
        if not state.is_on:
            return Verdict(f"{rule_id} is off: {state.why}", severity)
        if any(is_within(path, each) for layer in self.layers for each in layer.rule_paths()):
            return Verdict("a rule file: it names what is looked for", severity)
        for layer, pattern, selectors in self._tables("per-path-ignores"):
            if _fits(layer, pattern, path) and _strongest(selectors, rule)[0]:
                return Verdict(f"per-path-ignores has {pattern!r} ({layer.place('per-path-ignores')})", severity)
        if path == self.baseline_path:
            return Verdict("the baseline: it names what was there before", severity)
        if found := self._path_severity(rule, path):
            severity, place = found
            return Verdict(f"{rule_id} is off here: {place}" if severity == "off" else "", severity)
        return Verdict("", self.severity(rule) if severity == rule.severity else severity)

    def severity(self, rule: Rule) -> str:
        """The severity of a rule, whatever the path."""
        for layer in reversed(self.layers):
            table = layer.table.get("severity", {})
            exact, selector = _strongest(table, rule)
            if exact and table[selector] != "off":
                return str(table[selector])
        return rule.severity

    def _tables(self, key: str) -> Iterator[tuple[Layer, str, Any]]:
        """The patterns of a table of patterns, in order of precedence: of each its layer, itself, and what it holds."""
        for layer in reversed(self.layers):
            for pattern, content in layer.table.get(key, {}).items():
                yield layer, pattern, content

    def _path_severity(self, rule: Rule, path: str) -> tuple[str, str] | None:
        for layer, pattern, table in self._tables("per-path-severity"):
            if _fits(layer, pattern, path):
                exact, selector = _strongest(table, rule)
                place = f"per-path-severity of {pattern!r} ({layer.place('per-path-severity')})"
                return (table[selector], place) if exact else None
        return None


def _strongest(selectors: Iterable[str], rule: Rule) -> tuple[int, str]:
    from qcilint.selectors import strongest

    return strongest(selectors, rule)


def _fits(layer: Layer, pattern: str, path: str) -> bool:
    return bool(path_pattern(pattern).fullmatch(layer.relative(path)))


_patterns: dict[str, re.Pattern[str]] = {}


def path_pattern(pattern: str) -> re.Pattern[str]:
    """A path pattern as .gitignore has them: it matches a file, or a folder and everything below it."""
    if pattern not in _patterns:
        from qcilint.patterns import path_regex

        bare = pattern.removeprefix("./")
        both = [path_regex(bare).pattern, *([] if bare.endswith("/") else [path_regex(bare + "/").pattern])]
        _patterns[pattern] = re.compile("|".join(f"(?:{each})" for each in both), re.S)
    return _patterns[pattern]


def _states(layers: Sequence[Layer], rules: RuleSet) -> dict[str, State]:
    """Which rules are on. Each layer changes what those below it say; within one the most exact word decides."""
    states = dict.fromkeys(rules.by_id, State(True, "on unless something says otherwise"))
    for layer in layers:
        table = layer.table
        if "select" in table:
            states = dict.fromkeys(rules.by_id, State(False, f"not in select ({layer.place('select')})"))
        off = [selector for selector, severity in table.get("severity", {}).items() if severity == "off"]
        for rule_id, rule in rules.by_id.items():
            words = [
                (*_strongest(table.get(key, ()), rule), is_on, key)
                for key, is_on in (("select", True), ("extend-select", True), ("ignore", False))
            ]
            words.append((*_strongest(off, rule), False, "severity"))
            # Of equally exact words the one that turns off wins: False sorts before True.
            exact, word, is_on, key = min(words, key=lambda found: (-found[0], found[2]))
            if exact:
                states[rule_id] = State(is_on, f"{key} has {word!r} ({layer.place(key)})")
    return states


def check_selectors(layer: Layer, rules: RuleSet) -> None:
    """Refuse words that stand for no rule."""
    from qcilint.config_schema import suggestion
    from qcilint.selectors import unknown, words

    used: list[tuple[str, Iterable[str]]] = [(key, layer.table.get(key, ())) for key in ("select", "extend-select", "ignore")]
    used.append(("severity", layer.table.get("severity", {})))
    used += [("per-path-ignores", selectors) for selectors in layer.table.get("per-path-ignores", {}).values()]
    used += [("per-path-severity", table) for table in layer.table.get("per-path-severity", {}).values()]
    for key, selectors in used:
        word = unknown(selectors, rules.rules)
        if word is not None:
            hint = suggestion(word, words(rules.by_id))
            hint = hint if "mean" in hint else "; `qcilint rule` lists the rules"
            raise layer.error(key, f"{key}: no rule {word!r}{hint}")
