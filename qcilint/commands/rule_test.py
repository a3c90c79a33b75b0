"""`qcilint rule test [PATH…]`: tries the examples of rules, and shows what does not hold."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from difflib import unified_diff

from qcilint.discovery import printable
from qcilint.examples import VARIANTS, Bench, Failure, missing, try_example
from qcilint.output.summary import count
from qcilint.rule_files import named_rules
from qcilint.ruleset import Example, Rule

ALL_HOLD, SOME_FAIL = 0, 1


def run(options: argparse.Namespace) -> int:
    """Try every example, print how each rule fares; returns the exit code. Raises ConfigError."""
    rules, wanted = named_rules(options.paths)
    bench = Bench(rules)
    failed = 0
    for rule in wanted:
        problems = list(missing(rule))
        failed += len(problems)
        for number, example in enumerate(rule.examples, 1):
            lines = list(_try(bench, rule, example))
            if lines:
                problems += [f"example {number} ({printable(example.path)}): {lines[0]}", *lines[1:]]
                failed += 1
        print(f"{rule.id} {rule.name}: {'failed' if problems else count(len(rule.examples), 'example') + ' passed'}")
        for line in problems:
            print(f"  {line}")
    total = sum(len(rule.examples) for rule in wanted)
    forms = f"{count(total, 'example')} of {count(len(wanted), 'rule')}, each in up to {len(VARIANTS)} forms"
    print(f"error: {count(failed, 'failure')} in {forms}" if failed else f"passed: {forms}")
    return SOME_FAIL if failed else ALL_HOLD


def _try(bench: Bench, rule: Rule, example: Example) -> Iterator[str]:
    """What does not hold, each with the forms that it fails in and the difference in the first of them."""
    found: dict[str, tuple[Failure, list[str]]] = {}
    for variant in VARIANTS:
        for failure in try_example(bench, rule.id, example, variant):
            found.setdefault(failure.reason, (failure, []))[1].append(variant)
    for failure, variants in found.values():
        yield f"{failure.reason} ({'in every form' if len(variants) == len(VARIANTS) else ', '.join(variants)})"
        yield from _difference(failure)


def _difference(failure: Failure) -> Iterator[str]:
    """The two texts of a failure as a unified diff, safe to print."""
    expected, found = (text.decode("utf-8", "backslashreplace").split("\n") for text in (failure.expected, failure.found))
    for line in unified_diff(expected, found, "expected", "found", lineterm=""):
        yield f"  {line[:1]}{printable(line[1:])}"
