"""`qcilint rule docs [PATH…]`: writes the pages of rules, or says which of them are stale."""

from __future__ import annotations

import argparse
import os
import sys

from qcilint.discovery import printable
from qcilint.output.summary import count
from qcilint.rule_files import named_rules
from qcilint.rule_pages import MARK, pages

DONE, STALE, FAILED = 0, 1, 2


def run(options: argparse.Namespace) -> int:
    """Write or check the pages; returns the exit code. Raises ConfigError."""
    wanted = pages(named_rules(options.paths)[1])
    try:
        there = _there(options.into)
        if options.check:
            return _check(options.into, wanted, there)
        foreign = [name for name in wanted if name in there and not there[name].startswith(MARK)]
        if foreign:
            path = printable(os.path.join(options.into, foreign[0]))
            print(f"qcilint: error: {path} is no page that qcilint made; move it away, or take another --into", file=sys.stderr)
            return FAILED
        return _write(options.into, wanted, there)
    except (OSError, UnicodeDecodeError) as error:
        print(f"qcilint: error: {printable(options.into)}: {error}", file=sys.stderr)
        return FAILED


def _there(folder: str) -> dict[str, str]:
    """The Markdown files of a folder: name → text."""
    found = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(".md"):
            with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
                found[name] = file.read()
    return found


def _left_over(wanted: dict[str, str], there: dict[str, str]) -> list[str]:
    """Pages of rules that are no more."""
    return [name for name, text in there.items() if name not in wanted and text.startswith(MARK)]


def _check(folder: str, wanted: dict[str, str], there: dict[str, str]) -> int:
    stale = [
        *(f"{name}: {'stale' if name in there else 'missing'}" for name in wanted if there.get(name) != wanted[name]),
        *(f"{name}: of no rule" for name in _left_over(wanted, there)),
    ]
    for line in stale:
        print(printable(os.path.join(folder, line)))
    if stale:
        print("error: run `qcilint rule docs` with the same arguments, without --check")
        return STALE
    print(f"{count(len(wanted), 'page')} as they should be")
    return DONE


def _write(folder: str, wanted: dict[str, str], there: dict[str, str]) -> int:
    os.makedirs(folder, exist_ok=True)
    changed = {name: text for name, text in wanted.items() if there.get(name) != text}
    for name, text in changed.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
    gone = _left_over(wanted, there)
    for name in gone:
        os.remove(os.path.join(folder, name))
    removed = f", {len(gone)} removed" if gone else ""
    print(f"{printable(folder)}: {count(len(wanted), 'page')}, {len(changed)} written{removed}")
    return DONE
