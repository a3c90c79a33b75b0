"""Loads rules from TOML and decides which case of them applies to a reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from qcilint import index
from qcilint.hosts import LABEL, host_regex
from qcilint.reference import Reference
from qcilint.rule import Case as Case
from qcilint.rule import Example as Example
from qcilint.rule import Rule as Rule
from qcilint.rule_keys import RuleError as RuleError
from qcilint.rule_keys import check_keys, check_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SEVERITIES = ("error", "warning", "note")
FIXES = ("safe", "unsafe", "none", "follow", "append")
"""How a case is fixed; `append`: the replacement becomes an item of its own in the list around, which is safe."""
PARTS = ("registry", "namespace", "name", "tag", "digest")
WHEN = (*PARTS, "where", "path")
MOST_KNOWN = 10_000
"""Repositories whose rules are remembered."""
ABOUT = ("comments", "files", "catalog")
"""What a rule without hosts is about: suppression comments; whole files, whose cases the labels of its check decide; images of
fixes that no catalogue has."""
SHARED = "_cases.toml"
"""The file of named case lists that rules draw on with `use`."""


class RuleSet:
    """Rules in the order in which they are asked."""

    def __init__(self, rules: Iterable[Rule], known: index.Index | None = None) -> None:
        """`known`: what a search for the hosts of these very rules needs to know, where that is known already."""
        self.index = known
        self.rules = tuple(sorted(rules, key=lambda rule: (-rule.priority, rule.id)))
        self.by_id = {rule.id: rule for rule in sorted(self.rules, key=lambda rule: rule.id)}
        self.about_files = tuple(rule for rule in self.rules if rule.about == "files")
        self.about_catalog = next((rule for rule in self.rules if rule.about == "catalog"), None)
        self._applicable: dict[tuple[str, str, str, str, str], list[Rule]] = {}

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(host for rule in self.rules for host in rule.hosts))

    def applicable(self, reference: Reference) -> list[Rule]:
        """The rules that name the host of a reference."""
        key = (reference.host, reference.port, reference.flaw, reference.namespace.raw, reference.name.raw)
        found = self._applicable.get(key)
        if found is None:
            if len(self._applicable) > MOST_KNOWN:
                self._applicable.clear()
            found = [rule for rule in self.rules if any(names_host(host, reference) for host in rule.hosts)]
            self._applicable[key] = found
        return found


def names_host(pattern: str, reference: Reference) -> bool:
    """Whether a host pattern of a rule (`host[:port][/repository]`) is where a reference points to."""
    registry, _, repository = pattern.partition("/")
    found = reference.registry if ":" in registry else reference.host
    if reference.flaw in ("regex", "encoded"):
        return bool(re.fullmatch(host_regex(pattern), reference.host.encode()))
    if not _is_host(registry, found):
        return False
    if not repository or not reference.name:
        return True
    namespace = reference.namespace.raw
    return repository == (f"{namespace}/{reference.name.raw}" if namespace else reference.name.raw)


def _is_host(pattern: str, host: str) -> bool:
    """Whether a host is one that a pattern stands for, in any spelling of its dots."""
    head, star, tail = pattern.partition("*")
    if "\\" in host or "[" in host or "%" in host or "*" in tail:
        return host.startswith(head.partition(".")[0]) and bool(re.fullmatch(host_regex(pattern), host.encode()))
    if not star:
        return host == pattern
    middle = host[len(head) : -len(tail) or None]
    return bool(middle) and host == head + middle + tail and not middle.strip(LABEL)


def load_builtin() -> RuleSet:
    """The rules that come with qcilint."""
    tables = index.tables()
    if tables is not None:
        return RuleSet(_rules(tables, are_checked=True), index.load())
    from importlib.resources import files

    texts = {entry.name: entry.read_text("utf-8") for entry in files("qcilint.rules").iterdir() if entry.name.endswith(".toml")}
    return RuleSet(parse_rules(texts))


def parse_rules(texts: Mapping[str, str], given: Mapping[str, Any] | None = None) -> list[Rule]:
    """Rules from file names and TOML texts; `_cases.toml` and `given` hold lists that cases draw on. Raises RuleError."""
    return _rules(parse_tables(texts), given)


def parse_tables(texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What TOML texts hold, by file name in order. Raises RuleError."""
    import tomllib

    tables = {}
    for name, text in sorted(texts.items()):
        try:
            tables[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RuleError(f"{name}: no valid TOML: {error}") from None
    return tables


def _rules(
    tables: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any] | None = None, *, are_checked: bool = False
) -> list[Rule]:
    """`are_checked`: nothing is wrong with the tables, so that cases and examples may be made when they are asked for."""
    shared = {**(given or {}), **tables.get(SHARED, {}).get("cases", {})}
    rules = [_rule(name, table, shared, is_checked=are_checked) for name, table in tables.items() if name != SHARED]
    ids = [rule.id for rule in rules]
    for rule in rules:
        if ids.count(rule.id) > 1:
            raise RuleError(f"two rules have the id {rule.id}; give one of them another")
    return rules


_RULE_KEYS = {"id", "name", "severity", "hosts", "summary", "why", "case", "example", "when", "priority", "together", "check"}
_RULE_KEYS |= {"about", "references", "files"}
_CASE_KEYS = {"when", "unless", "fix", "to", "note", "advice", "keep", "severity"}
_NEEDED = {"": ("hosts", "case"), "files": ("files", "check", "case")}
"""What a rule must have besides, by what it is about."""
_EXAMPLE_KEYS = {"path", "before", "after", "keep", "unsafe", "files"}


def _check(name: str, table: Mapping[str, Any]) -> None:
    """Refuse a table that is no rule, whatever its cases and examples are. Raises RuleError."""
    check_keys(name, table, _RULE_KEYS)
    about = table.get("about", "")
    if about and about not in ABOUT:
        raise RuleError(f"{name}: about {about!r} is none of {', '.join(ABOUT)}")
    for key in ("id", "name", "severity", "summary", "why", *_NEEDED.get(about, ())):
        if not table.get(key):
            raise RuleError(f"{name}: {key!r} is missing")
    check_names(name, table["id"], table["name"])
    if table["severity"] not in SEVERITIES:
        raise RuleError(f"{name}: severity {table['severity']!r} is none of {', '.join(SEVERITIES)}")


def _rule(name: str, table: Mapping[str, Any], shared: Mapping[str, Any], *, is_checked: bool) -> Rule:
    def make_cases() -> tuple[Case, ...]:
        return tuple(case for entry in table.get("case", ()) for case in _cases(name, entry, shared))

    def make_examples() -> tuple[Example, ...]:
        return tuple(_example(name, entry) for entry in table.get("example", ()))

    made = None
    if not is_checked:
        _check(name, table)
        made = make_cases(), make_examples()
    return Rule(
        id=table["id"],
        name=table["name"],
        severity=table["severity"],
        hosts=tuple(table.get("hosts", ())),
        summary=table["summary"].strip(),
        why=table["why"].strip(),
        make_cases=(lambda: made[0]) if made else make_cases,
        make_examples=(lambda: made[1]) if made else make_examples,
        when=_when(name, table.get("when", {})),
        priority=table.get("priority", 0),
        together=table.get("together", False),
        check=table.get("check", ""),
        about=table.get("about", ""),
        files=tuple(table.get("files", ())),
        references=tuple(table.get("references", ())),
    )


def _example(name: str, entry: Mapping[str, Any]) -> Example:
    check_keys(name, entry, _EXAMPLE_KEYS)
    return Example(**entry)


def _cases(name: str, entry: Mapping[str, Any], shared: Mapping[str, Any]) -> list[Case]:
    """The case of one table, or the shared ones that it names; its own keys apply to each of those."""
    if "use" in entry:
        if entry["use"] not in shared:
            raise RuleError(f"{name}: no list of cases {entry['use']!r} in {SHARED}")
        own = {key: value for key, value in entry.items() if key != "use"}
        return [case for row in shared[entry["use"]] for case in _cases(name, {**row, **own}, shared)]
    check_keys(name, entry, _CASE_KEYS)
    fix = entry.get("fix", "none")
    if fix not in FIXES:
        raise RuleError(f"{name}: fix {fix!r} is none of {', '.join(FIXES)}")
    if (fix == "none") == bool(entry.get("to")):
        raise RuleError(f"{name}: a case has 'to' if and only if its fix is not 'none'")
    if fix in ("none", "unsafe") and not entry.get("note"):
        raise RuleError(f"{name}: a case that is not fixed, or not safely, needs a 'note' that says why")
    severity = entry.get("severity", "")
    if severity and severity not in SEVERITIES:
        raise RuleError(f"{name}: severity {severity!r} is none of {', '.join(SEVERITIES)}")
    return [
        Case(
            when=_when(name, entry.get("when", {})),
            unless=_when(name, entry.get("unless", {})),
            fix=fix,
            to=entry.get("to", ""),
            note=entry.get("note", ""),
            advice=entry.get("advice", ""),
            keep=entry.get("keep", False),
            severity=severity,
        )
    ]


def _when(name: str, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    check_keys(name, table, set(WHEN))
    return {key: tuple([value] if isinstance(value, str) else value) for key, value in table.items()}
