"""Where the time of a check goes: a clock around the entry of each stage, then cProfile for the functions.

`python -m benchmarks.stages` in the folder to look at prints both as one JSON document. The clock counts processor time, and
each moment once: what a stage calls of another belongs to the other. Under cProfile calls are dearer than they are, so that
its figures serve to find functions, not to compare stages.
"""

from __future__ import annotations

import contextlib
import cProfile
import functools
import json
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, TypedDict

STAGES = (
    ("rules: load", "qcilint.ruleset", "load_builtin"),
    ("discovery", "qcilint.discovery", "select"),
    ("scan: read and search", "qcilint.engine", "scan"),
    ("read", "qcilint.source", "read"),
    ("prefilter", "qcilint.prefilter", "Prefilter.may_matter"),
    ("locate", "qcilint.locate", "Locator.locate"),
    ("language of a file", "qcilint.filetypes", "language_of"),
    ("contexts: {}", "qcilint.languages", "contexts"),
    ("facts: collect", "qcilint.facts", "Facts.add"),
    ("facts: scripts", "qcilint.repository", "read_scripts"),
    ("facts: look up", "qcilint.facts", "Facts.about"),
    ("judge", "qcilint.judge", "judge"),
    ("scripts: hold", "qcilint.holds", "hold"),
    ("output", "qcilint.output.json", "render"),
)
"""Name, module and function of each stage; `{}` is the first argument."""
REST = "the rest: start, options, loops"
FUNCTIONS = 15


class Row(TypedDict):
    """A function of the profile."""

    name: str
    calls: int
    own: float
    whole: float


class Costs(TypedDict):
    """What this module prints."""

    stages: dict[str, tuple[float, int]]
    """Seconds and calls."""
    missing: list[str]
    """Stages that qcilint has no longer under this name."""
    functions: list[Row]


class Clock:
    """Counts the time of stages that call each other."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._open = [REST]
        self._since = time.process_time()

    def _turn(self) -> None:
        now = time.process_time()
        self.spent[self._open[-1]] = self.spent.get(self._open[-1], 0.0) + now - self._since
        self._since = now

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time within as that of a stage."""
        self._turn()
        self._open.append(name)
        self.calls[name] = self.calls.get(name, 0) + 1
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time counted; a generator is run to its end."""

        @functools.wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            with self.stage(name.format(*arguments[:1])):
                result = function(*arguments, **options)
                return iter(list(result)) if isinstance(result, Iterator) else result

        return timed


def install(clock: Clock) -> list[str]:
    """Put the clock around every stage; returns those that are missing."""
    missing = []
    import_module("qcilint.commands.check")
    for name, module_name, path in STAGES:
        try:
            owner: Any = import_module(module_name)
            *outer, attribute = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            original = getattr(owner, attribute)
        except (ImportError, AttributeError):
            missing.append(f"{name} ({module_name}.{path})")
            continue
        timed = clock.wrap(name, original)
        setattr(owner, attribute, timed)
        for other in [module for key, module in sys.modules.items() if key.startswith("qcilint")]:
            if getattr(other, attribute, None) is original:
                setattr(other, attribute, timed)
    return missing


def check() -> None:
    """Run the whole check here, its output thrown away."""
    from qcilint.cli import main

    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        main(["--jobs", "1", "--format", "json"])


def profile() -> list[Row]:
    """The functions of a whole check with the most time of their own."""
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(check)
    rows: list[Row] = []
    entries: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    for (file, line, function), (_, calls, own, whole, _) in entries.items():
        name = f"{_short(file)}:{line} {function}" if line else function
        rows.append({"name": name, "calls": calls, "own": own, "whole": whole})
    return sorted(rows, key=lambda row: -row["own"])[:FUNCTIONS]


def _short(file: str) -> str:
    for mark in ("/site-packages/", "/qcilint/qcilint/"):
        if mark in file:
            return file.rpartition(mark)[2]
    return "/".join(file.split("/")[-3:])


def main() -> None:
    """Profile, then clock a run; modules are loaded when the clock runs."""
    functions = profile()
    clock = Clock()
    missing = install(clock)
    with clock.stage(REST):
        check()
    costs: Costs = {
        "stages": {name: (seconds, clock.calls.get(name, 1)) for name, seconds in clock.spent.items()},
        "missing": missing,
        "functions": functions,
    }
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
