"""`qcilint rule [ID…]` lists or explains rules; `rule new`, `rule test` and `rule docs` are for those who write them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from qcilint import config_options
from qcilint.config_files import ConfigError
from qcilint.discovery import printable
from qcilint.ruleset import Rule, RuleSet

ACTIONS = ("explain", "new", "test", "docs")
"""First words that are actions; no rule can be called so, as an id ends in a number and a name has a hyphen."""

EPILOG = """\
`qcilint rule QCI103` is short for `qcilint rule explain QCI103`, and `qcilint rule` alone lists the rules.

exit code:
  0  done; test: every example holds; docs --check: every page is as it should be
  1  test: an example does not hold; docs --check: pages are stale
  2  wrong usage, no such rule, a rule file or a configuration that cannot be used
"""


class _Parser(argparse.ArgumentParser):
    """Takes `explain` for granted where no action is named."""

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        words = list(sys.argv[1:] if args is None else args)
        is_named = bool(words) and (words[0] in ACTIONS or words[0] in ("-h", "--help"))
        return super().parse_args(words if is_named else ["explain", *words], namespace)


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = _Parser(
        prog="qcilint rule",
        description="List the rules, explain some of them, or write, test and document rules of your own.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", parser_class=argparse.ArgumentParser, title="actions"
    )

    def action(name: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, description=text[0].upper() + text[1:] + ".", help=text, allow_abbrev=False)

    explain = action("explain", "list the rules that are known here, or explain some of them")
    explain.add_argument("ids", nargs="*", metavar="ID", help="rule ids or names")
    config_options.add_files_to(explain.add_argument_group("configuration, whose `rules` and `packs` count too"))
    new = action("new", "write a rule file to start from")
    new.add_argument("id", metavar="ID", help="capital letters and a number, as OLD001")
    new.add_argument("name", metavar="NAME", help="two words or more with hyphens, as old-example-registry")
    new.add_argument("--into", metavar="DIR", default=".", help="the folder of the file (default: the current one)")
    test = action("test", "try every example of the rules, each in several forms")
    docs = action("docs", "write one Markdown page a rule, and an index")
    for each in (test, docs):
        each.add_argument(
            "paths", nargs="*", metavar="PATH", help="rule files, or folders of them (default: the rules that come with qcilint)"
        )
    docs.add_argument("--into", metavar="DIR", default="docs/rules", help="where to write them (default: docs/rules)")
    docs.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is not as it would be written")
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; returns the exit code."""
    try:
        if options.action != "explain":
            return int(import_module(f"qcilint.commands.rule_{options.action}").run(options))
        config_options.check(parser(), options)
        return _explain(options, _known(options))
    except ConfigError as error:
        print(f"qcilint: error: {error}", file=sys.stderr)
        return 2


def _known(options: argparse.Namespace) -> RuleSet:
    """The rules that are in force in the current folder, turned on or not. Raises ConfigError."""
    policy = config_options.policy(options)
    return policy.of_folder(os.path.realpath(".")).rules


def _explain(options: argparse.Namespace, rules: RuleSet) -> int:
    if not options.ids:
        width = max(len(rule.name) for rule in rules.rules)
        for rule in rules.by_id.values():
            print(f"{rule.id}  {rule.name:{width}} {rule.severity:8} {rule.summary}")
        return 0
    for wanted in options.ids:
        found = _find(rules, wanted)
        if found is None:
            names = [name for rule in rules.by_id.values() for name in (rule.id, rule.name)]
            close = get_close_matches(wanted, [*names, *ACTIONS], 1)
            hint = f"did you mean {close[0]}?" if close else "`qcilint rule` lists them"
            print(f"qcilint: error: no rule '{printable(wanted)}'; {hint}", file=sys.stderr)
            return 2
        for line in explain(found):
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
    if rule.hosts:
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
