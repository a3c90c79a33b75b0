"""The rules of files and folders that are named on the command line, beside those that come with qcilint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.resources import as_file, files

from qcilint.config_files import COMMAND_LINE, ConfigError, Layer, shown
from qcilint.packs import with_packs
from qcilint.ruleset import Rule, RuleSet, load_builtin


def named_rules(paths: Sequence[str]) -> tuple[RuleSet, list[Rule]]:
    """All rules that are in force when these rule files or folders are added, and those that were named; none: the built-in ones.

    A file that comes with qcilint may be named too. Raises ConfigError.
    """
    builtin = load_builtin()
    with as_file(files("qcilint.rules")) as folder:
        home = os.path.realpath(folder)
    wanted: list[Rule] = [] if paths else list(builtin.by_id.values())
    others = []
    for path in paths:
        real = os.path.realpath(path)
        if real == home:
            wanted += builtin.by_id.values()
        elif os.path.dirname(real) == home:
            wanted.append(_builtin(builtin, real))
        else:
            others.append(path)
    working = os.path.realpath(".")
    rules = with_packs(builtin, [Layer(COMMAND_LINE, working, {"rules": others}, working)]) if others else builtin
    return rules, wanted + [rule for rule in rules.by_id.values() if rule.id not in builtin.by_id]


def _builtin(builtin: RuleSet, path: str) -> Rule:
    found = builtin.by_id.get(os.path.basename(path).removesuffix(".toml"))
    if found is None:
        raise ConfigError(f"{shown(path)}: no rule file; `qcilint rule` lists the rules")
    return found
