"""`qcilint rule [ID]`: lists the rules, or explains one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from difflib import get_close_matches

from qcilint.ruleset import Rule, RuleSet, load_builtin


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint rule", description="List the rules, or explain some of them.", allow_abbrev=False
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help="rule ids or names")
    return parser


def run(options: argparse.Namespace) -> int:
    """Print the list, or what one rule says; returns the exit code."""
    rules = load_builtin()
    if not options.ids:
        for rule in rules.by_id.values():
            print(f"{rule.id}  {rule.name:32} {rule.severity:8} {rule.summary}")
        return 0
    for wanted in options.ids:
        rule_ = _find(rules, wanted)
        if rule_ is None:
            names = [name for rule in rules.by_id.values() for name in (rule.id, rule.name)]
            close = get_close_matches(wanted, names, 1)
            hint = f"did you mean {close[0]}?" if close else "`qcilint rule` lists them"
            print(f"qcilint: error: no rule {wanted!r}; {hint}", file=sys.stderr)
            return 2
        for line in explain(rule_):
            print(line)
    return 0


def _find(rules: RuleSet, wanted: str) -> Rule | None:
    return rules.by_id.get(wanted.upper()) or next((rule for rule in rules.rules if rule.name == wanted), None)


def explain(rule: Rule) -> Iterator[str]:
    """What a rule is about, with its examples, as lines of text."""
    yield f"{rule.id} {rule.name} ({rule.severity})"
    yield rule.summary
    yield ""
    yield from rule.why.splitlines()
    yield ""
    yield f"Hosts: {', '.join(rule.hosts)}"
    for example in rule.examples:
        outcome = "kept, not reported" if example.keep else "reported, not fixed" if example.after is None else "fixed"
        if example.after is not None and example.unsafe:
            outcome = "fixed with --unsafe-fixes"
        yield ""
        for path, text in example.files.items():
            yield f"{path}: beside it"
            yield from (f"    {line}" for line in text.strip("\n").splitlines())
        yield f"{example.path}: {outcome}"
        yield from (
            f"  - {line}" if example.after is not None else f"    {line}" for line in example.before.strip("\n").splitlines()
        )
        if example.after is not None:
            yield from (f"  + {line}" for line in example.after.strip("\n").splitlines())
    yield ""
