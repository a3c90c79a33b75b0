"""`qcilint baseline write|check|prune`: keeps the list of the findings that are allowed to be there still."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping

from qcilint import config_options
from qcilint.baseline import NAME, Baseline, Key, count, read, write
from qcilint.commands.selecting import tell_unlisted
from qcilint.config_files import ConfigError, shown
from qcilint.discovery import DiscoveryError, is_within, printable, select
from qcilint.engine import Linter
from qcilint.git import git_root
from qcilint.policy import Policy
from qcilint.results import Report

MOST_SHOWN = 20
"""Entries that a message lists."""

EPILOG = """\
A baseline lets a check pass while old findings are left: they are silent, and new ones are reported. It counts where
the configuration names it, `baseline = "qcilint-baseline.txt"`, or with `qcilint --baseline FILE`.

  write   make it from what is found now; one that is there already may not grow
  check   fail where entries are left of findings that are gone
  prune   take those entries out

Of entries of files that were not looked at (when PATHs are given) nothing is said, and they stay.

exit code:
  0  written, or nothing is stale
  1  check: entries are stale; write: the baseline would grow
  2  wrong usage, a file that cannot be read or written
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint baseline",
        description="Keep the list of the findings that are allowed to be there still.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("action", choices=("write", "check", "prune"), metavar="write|check|prune", help="what to do")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files or folders to look at (default: the folder that the baseline is in)"
    )
    parser.add_argument(
        "--file",
        metavar="FILE",
        type=config_options.given,
        help=f"the baseline (default: the one of the configuration, or {NAME} at the top of the repository)",
    )
    parser.add_argument("--allow-growth", action="store_true", help="with write: also take in new findings")
    config_options.add_files_to(parser.add_argument_group("configuration"))
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; returns the exit code."""
    config_options.check(parser(), options)
    if options.allow_growth and options.action != "write":
        parser().error("--allow-growth goes with write")
    try:
        return _run(options)
    except (ConfigError, DiscoveryError) as error:
        print(f"qcilint: error: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    policy = config_options.policy(options)
    path = _path(options, policy)
    old = read(path) if options.action != "write" or os.path.exists(path) else Baseline(path, {}, {})
    is_new = not os.path.exists(path)
    given = options.paths or [os.path.relpath(os.path.dirname(path))]
    report = _lint(given, policy)
    for broken, reason in report.errors:
        print(f"qcilint: error: {printable(broken)}: {reason}; the baseline stays as it is", file=sys.stderr)
    if report.errors:
        return 2
    files = [(file.source, file.findings) for file in report.files if _belongs(file.source.path, path, policy)]
    folder = os.path.dirname(path)
    found = count(files, folder)
    views = [os.path.realpath(each) for each in given]
    outside = {key: number for key, number in old.entries.items() if not _is_seen(key, folder, views)}
    inside = {key: number for key, number in old.entries.items() if key not in outside}
    if options.action == "write":
        return _write(path, inside, outside, found, may_grow=is_new or options.allow_growth)
    left = {key: min(number, found[key]) for key, number in inside.items() if found[key]}
    stale = [(key, number, found[key]) for key, number in inside.items() if found[key] < number]
    if options.action == "prune":
        if stale:
            write(path, outside | left)
        print(f"{shown(path)}: {_entries(len(stale))} pruned, {_findings(sum((outside | left).values()))} left")
        return 0
    for line in _listed([f"{_name(key)}: {number} in the baseline, {there} found" for key, number, there in sorted(stale)]):
        print(line)
    if stale:
        print(f"error: {_entries(len(stale))} of {shown(path)} stale; `qcilint baseline prune` takes out what is gone")
        return 1
    print(f"{shown(path)}: nothing is stale")
    return 0


def _write(path: str, inside: Mapping[Key, int], outside: dict[Key, int], found: Mapping[Key, int], *, may_grow: bool) -> int:
    grown = [(key, inside.get(key, 0), number) for key, number in found.items() if number > inside.get(key, 0)]
    if grown and not may_grow:
        for line in _listed([f"{_name(key)}: {before} in the baseline, {number} found" for key, before, number in sorted(grown)]):
            print(line)
        print(f"error: {shown(path)} would grow; fix what is new, or take it in with --allow-growth")
        return 1
    write(path, outside | dict(found))
    print(f"{shown(path)}: {_findings(sum(outside.values()) + sum(found.values()))}")
    return 0


def _path(options: argparse.Namespace, policy: Policy) -> str:
    """The absolute path of the baseline."""
    if options.file:
        return os.path.realpath(str(options.file))
    working = os.path.realpath(os.getcwd())
    return policy.of_folder(working).baseline_path or os.path.join(git_root(working) or working, NAME)


def _lint(paths: list[str], policy: Policy) -> Report:
    selection = select(paths)
    tell_unlisted(selection)
    config_options.leave_out(selection, policy, paths)
    policy.subtracts = False
    return Linter(policy.rules(), policy=policy).lint(selection)


def _belongs(path: str, baseline: str, policy: Policy) -> bool:
    """Whether the findings of a file are those of this baseline: it is another file, and its configuration names no other."""
    return os.path.realpath(path) != baseline and policy.of_source(path).baseline_path in ("", baseline)


def _is_seen(key: Key, folder: str, views: list[str]) -> bool:
    path = os.path.normpath(os.path.join(folder, key.path))
    return any(is_within(path, view) for view in views)


def _name(key: Key) -> str:
    return f"{printable(key.path)}: {key.rule} {printable(key.reference)}"


def _listed(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        yield f"… and {len(lines) - MOST_SHOWN} more"


def _findings(number: int) -> str:
    return f"{number} finding" if number == 1 else f"{number} findings"


def _entries(number: int) -> str:
    return f"{number} entry" if number == 1 else f"{number} entries"
