"""`qcilint rule new ID NAME`: a rule file to start from."""

from __future__ import annotations

import argparse
import os
import sys

from qcilint.discovery import printable
from qcilint.rule_keys import RuleError, check_names
from qcilint.rule_template import rule_file
from qcilint.ruleset import load_builtin


def run(options: argparse.Namespace) -> int:
    """Write the file; returns the exit code."""
    try:
        check_names("qcilint rule new", options.id, options.name)
    except RuleError as error:
        return _refuse(str(error))
    for rule in load_builtin().rules:
        if options.id == rule.id or options.name == rule.name:
            return _refuse(f"{rule.id} {rule.name} comes with qcilint; take another id and name")
    path = os.path.join(options.into, f"{options.id}.toml")
    try:
        os.makedirs(options.into, exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(rule_file(options.id, options.name))
    except FileExistsError:
        return _refuse(f"{printable(path)} is there already; it stays as it is")
    except OSError as error:
        return _refuse(f"{printable(path)}: {error.strerror}")
    print(f"{printable(path)}: change what is marked EDIT, then run `qcilint rule test {printable(path)}`")
    return 0


def _refuse(reason: str) -> int:
    print(f"qcilint: error: {reason}", file=sys.stderr)
    return 2
