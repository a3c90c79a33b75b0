"""Rule packs: rule files of the linted repository, and those of installed packages. Data only; no code of theirs is run."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from qcilint.config_files import ConfigError, Layer, shown
from qcilint.ruleset import SHARED, Rule, RuleError, RuleSet, parse_rules

GROUP = "qcilint.rules"
"""The entry-point group of installed packs: `acme = "acme_rules"` names a package that holds rule files."""


def with_packs(builtin: RuleSet, layers: Iterable[Layer]) -> RuleSet:
    """The rules that come with qcilint and those of the packs that layers name. Raises ConfigError."""
    texts: dict[str, dict[str, str]] = {}
    for layer in layers:
        for name in layer.table.get("packs", ()):
            texts[f"pack {name}"] = _installed(name, layer)
        for path in layer.rule_paths():
            texts[path] = _local(path, layer)
    found: dict[str, tuple[str, Rule]] = {rule.id: ("qcilint", rule) for rule in builtin.rules}
    names = {rule.name: rule.id for rule in builtin.rules}
    for origin, pack in texts.items():
        for rule in _parsed(pack, shown(origin) if os.path.isabs(origin) else origin):
            if rule.id in found or rule.name in names:
                other = rule.id if rule.id in found else names[rule.name]
                raise ConfigError(
                    f"{_shown(origin)}: rule {rule.id} {rule.name}: {other} of {_shown(found[other][0])} has this id or name;"
                    " give one of them another"
                )
            found[rule.id], names[rule.name] = (origin, rule), rule.id
    return RuleSet(rule for _, rule in found.values())


def _shown(origin: str) -> str:
    return shown(origin) if os.path.isabs(origin) else origin


def _local(path: str, layer: Layer) -> dict[str, str]:
    """File names and texts of a folder of rule files, or of one."""
    if os.path.isdir(path):
        paths = sorted(Path(path).glob("*.toml"))
        if not paths:
            raise layer.error("rules", f"{shown(path)}: no *.toml in this folder; `rules` names rule files, or folders of them")
    elif os.path.isfile(path):
        paths = [Path(path)]
    else:
        raise layer.error("rules", f"{shown(path)}: no such file or folder")
    texts = {}
    for each in paths:
        try:
            texts[SHARED if each.name == SHARED else shown(str(each))] = each.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise layer.error("rules", f"{shown(str(each))}: {error}") from None
    return texts


def _installed(name: str, layer: Layer) -> dict[str, str]:
    """File names and texts of an installed pack."""
    from importlib.metadata import entry_points

    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        from qcilint.config_schema import suggestion

        there = suggestion(name, points) if points else "; none is installed"
        raise layer.error("packs", f"no rule pack {name!r} is installed{there}")
    try:
        folder = files(points[name].value)
        texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")}
    except (ImportError, OSError, UnicodeDecodeError) as error:
        raise layer.error("packs", f"the rule pack {name!r} ({points[name].value}) cannot be read: {error}") from None
    return {SHARED if key == SHARED else f"pack {name}/{key}": text for key, text in texts.items()}


def _parsed(texts: Mapping[str, str], origin: str) -> list[Rule]:
    """The rules of a pack. Its cases may draw on the lists that come with qcilint, besides its own."""
    own = texts.get(SHARED)
    texts = {name: text for name, text in texts.items() if name != SHARED}
    try:
        tables = {name: _table(name, text) for name, text in texts.items()}
        shared = _cases(files("qcilint.rules").joinpath(SHARED).read_text("utf-8"), SHARED)
        if own is not None:
            shared |= _cases(own, f"{origin}/{SHARED}")
        for name, table in tables.items():
            check_types(name, table)
        return parse_rules(texts, shared)
    except RuleError as error:
        raise ConfigError(str(error)) from None


def _table(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: no valid TOML: {error}") from None


def _cases(text: str, name: str) -> dict[str, Any]:
    cases = _table(name, text).get("cases", {})
    if not (isinstance(cases, dict) and all(isinstance(rows, list) for rows in cases.values())):
        raise RuleError(f"{name}: 'cases' must be a table of lists: write [[cases.<name>]]")
    for rows in cases.values():
        check_types(name, {"case": rows})
    return cases


_STRINGS = ("id", "name", "severity", "summary", "why", "check", "fix", "to", "note", "advice", "use", "path", "before", "after")
_FLAGS = ("together", "keep", "unsafe")
_TABLES = ("case", "example")


def check_types(name: str, table: Mapping[str, Any]) -> None:
    """Refuse values of a wrong type in a rule file. Raises RuleError; unknown keys are left to `parse_rules`."""
    for key, value in table.items():
        wanted = (
            "a string"
            if key in _STRINGS and not isinstance(value, str)
            else "true or false"
            if key in _FLAGS and not isinstance(value, bool)
            else "a whole number"
            if key == "priority" and (not isinstance(value, int) or isinstance(value, bool))
            else "a list of tables: write [[" + key + "]]"
            if key in _TABLES and not (isinstance(value, list) and all(isinstance(each, dict) for each in value))
            else "a list of hosts"
            if key == "hosts" and not _are_strings(value)
            else "a list of texts such as 'What it is: https://example.com'"
            if key == "references"
            and not (isinstance(value, list) and all(isinstance(each, str) and ": http" in each for each in value))
            else "a table of patterns"
            if key in ("when", "unless") and not _is_when(value)
            else "a table of texts"
            if key == "files" and not (isinstance(value, dict) and all(isinstance(each, str) for each in value.values()))
            else ""
        )
        if wanted:
            raise RuleError(f"{name}: {key!r} must be {wanted}")
        for each in value if key in _TABLES else ():
            check_types(name, each)
            if key == "example" and not {"path", "before"} <= each.keys():
                raise RuleError(f"{name}: an example needs a 'path' and 'before'")
    if any(len(host.split("/")[0]) < MIN_HOST or "." not in host for host in table.get("hosts", ())):
        raise RuleError(f"{name}: 'hosts' holds names such as registry.example.com: a dot, and {MIN_HOST} characters or more")
    if "about" in table:
        raise RuleError(f"{name}: 'about' is for rules that come with qcilint; a rule pack is about hosts: leave it out")
    if table.get("check"):
        raise RuleError(f"{name}: 'check' names code of qcilint; a rule pack is data only: leave it out")


MIN_HOST = 4
"""Characters; a shorter text stands in every file."""


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each for each in value)


def _is_when(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, str) or (isinstance(each, list) and all(isinstance(one, str) for one in each)) for each in value.values()
    )
