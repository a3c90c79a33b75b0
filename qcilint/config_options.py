"""The options of the command line that say which configuration is in force, and what they do to a selection of files."""

from __future__ import annotations

import os
from collections.abc import Collection

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from qcilint.config import Settings
    from qcilint.discovery import Selection
    from qcilint.policy import Policy


def given(text: str) -> str:
    """The value of an option, which must not be empty: a variable of a script that was never set would change what is done."""
    if not text.strip():
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("the value is empty; give one, or leave the option out")
    return text


def _pattern(text: str) -> str:
    if given(text).startswith("!"):
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(f"no pattern brings back what another leaves out: {text!r}")
    return text


def add_files_to(group: argparse._ArgumentGroup) -> None:
    """Add the options that say which configuration file counts."""
    group.add_argument(
        "--config", metavar="FILE", type=given, help="use this file or preset instead of the ones beside the checked files"
    )
    group.add_argument("--isolated", action="store_true", help="use no configuration file")


def add_baseline_to(group: argparse._ArgumentGroup) -> None:
    """Add the options that say which baseline is subtracted."""
    group.add_argument(
        "--baseline", metavar="FILE", type=given, help="be silent about what this list has (`qcilint baseline write`)"
    )
    group.add_argument("--no-baseline", dest="baseline", action="store_const", const="", help="subtract no baseline")


def add_catalog_to(group: argparse._ArgumentGroup) -> None:
    """Add the options that say which catalogue fixes are looked up in."""
    group.add_argument(
        "--catalog", metavar="FILE", type=given, help="look up what fixes name in this list (`qcilint catalog build`)"
    )
    group.add_argument("--no-catalog", dest="catalog", action="store_const", const="", help="look nothing up")


def add_to(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options to a parser, as a group of their own."""
    from argparse import BooleanOptionalAction

    group = parser.add_argument_group("configuration (docs/configuration.md; `qcilint config` shows what is in force)")
    add_files_to(group)
    group.add_argument(
        "--select", metavar="RULES", type=given, action="append", help="rules that are on, and no others: QCI101,QCI2 or all"
    )
    group.add_argument("--extend-select", metavar="RULES", action="append", help="rules that are on besides")
    group.add_argument("--ignore", metavar="RULES", action="append", help="rules that are off")
    group.add_argument(
        "--exclude",
        metavar="PATTERN",
        type=_pattern,
        action="append",
        help="also leave out these files, written as in .gitignore",
    )
    group.add_argument(
        "--force-exclude",
        action=BooleanOptionalAction,
        help="leave out excluded files even where they are named (what pre-commit needs)",
    )
    return group


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if options.config and options.isolated:
        parser.error("--config names a configuration and --isolated wants none: give one of them")
    why = getattr(options, "add_ignores", None)
    if why is None:
        return
    if options.fix or options.diff or options.stdin_filename or options.no_suppressions:
        parser.error("--add-ignores writes comments: it goes without --fix, --diff, --stdin-filename and --no-suppressions")
    if options.format != "full" or options.output or options.statistics or options.show_kept:
        parser.error("--add-ignores writes comments: --format, --output, --statistics and --show-kept do not apply")
    if options.verify or options.verify_required:
        parser.error("--add-ignores comments on every finding, whether its image exists or not: it goes without --verify")
    if not why.strip() or not why.isprintable() or any(mark in why for mark in ("--", "*/", "#", "//", "\\")):
        parser.error("--add-ignores wants a reason in one line, without '--', '*/', '#', '//' and backslashes")


def policy(options: argparse.Namespace) -> Policy:
    """The policy that these options ask for. Raises ConfigError."""
    from qcilint.policy import Policy
    from qcilint.ruleset import load_builtin

    flags: dict[str, Any] = {}
    for key in ("select", "extend-select", "ignore"):
        given = getattr(options, key.replace("-", "_"), None)
        if given is not None:
            flags[key] = [word for text in given for word in text.split(",") if word]
    if getattr(options, "exclude", None):
        flags["extend-exclude"] = options.exclude
    for key in ("force-exclude", "unsafe-fixes", "baseline", "catalog"):
        if getattr(options, key.replace("-", "_"), None) is not None:
            flags[key] = getattr(options, key.replace("-", "_"))
    return Policy(load_builtin, flags, config=options.config, isolated=options.isolated)


def leave_out(selection: Selection, policy: Policy, named: Collection[str]) -> int:
    """Take the excluded files out of a selection, and make targets of those that other rules may apply to.

    Tells how many are left out. `named` are the paths that the user gave. A repository of which something is left out does not
    count as selected whole: what the excluded files say of the others is looked up. Raises ConfigError.
    """
    for folder in [path for path in selection.unreadable if _excludes_all(os.path.realpath(path), policy)]:
        del selection.unreadable[folder]
    settings = _excluding(selection, policy)
    if selection.passes_over and not policy.is_plain:
        selection.look_at_all()
        settings = _excluding(selection, policy)
    if not settings:
        return 0
    kept = []
    explicit = frozenset(named)
    for target in selection.targets:
        path = f"{target.root}/{target.repo_path}"
        found = settings.get(path.rpartition("/")[0])
        if found and found.excluded(path) and (target.path not in explicit or found.one("force-exclude")):
            selection.whole[target.root] = False
        else:
            kept.append(target)
    count = len(selection.targets) - len(kept)
    selection.targets = kept
    return count


def _excludes_all(folder: str, policy: Policy) -> bool:
    settings = policy.of(folder)
    return bool(settings.layers and settings.excluded(f"{folder}/any"))


def _excluding(selection: Selection, policy: Policy) -> dict[str, Settings]:
    """The settings that leave something out, by their absolute folder."""
    from qcilint.config_files import NAMES

    tops: dict[str, str | None] = {}
    settings: dict[str, Settings] = {}
    for root, below in sorted(selection.folders(NAMES)):
        if root not in tops:
            tops[root] = root if os.access(os.path.join(root, ".git"), os.F_OK) else None
        folder = f"{root}/{below}"[:-1]
        mine = policy.of_folder(folder, tops[root])
        if mine.excludes:
            settings[folder] = mine
    return settings


def is_left_out(path: str, policy: Policy) -> bool:
    """Whether a file that is named is excluded all the same. Raises ConfigError."""
    real = os.path.realpath(path)
    settings = policy.of(real)
    return bool(settings.layers and settings.excluded(real) and settings.one("force-exclude"))
