"""Commands that do the same work, in turns: what each takes, and the medians of the ratios of the rounds."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.passes import KIB, Cost, run_command
from benchmarks.tree import environment

BESIDE = Path(sys.executable).parent
"""Where the tools of the environment are that this runs in."""


class Command(NamedTuple):
    """One way of doing the work."""

    name: str
    words: tuple[str, ...]
    codes: tuple[int, ...] = (0, 1)
    needs: str = ""
    """The tool that must be installed, here or in `PATH`."""
    before: Callable[[], object] | None = None
    """What restores the files; its time does not count."""
    target: float | None = None
    """The ratio to the first command that is wanted at most."""


class Case(NamedTuple):
    """A piece of work; the first command is what the others are compared with."""

    title: str
    folder: Path
    commands: tuple[Command, ...]
    runs: int = 1
    """How often a command is run in each round; the median counts."""


class Row(NamedTuple):
    """What one command took, over all rounds: medians."""

    name: str
    missing: str = ""
    """The tool that is not installed; nothing else is known then."""
    cost: Cost = Cost(0, 0, 0)
    wall: float = 0
    """Wall time over that of the first command: the median of the ratios of the rounds."""
    lowest: float = 0
    highest: float = 0
    cpu: float = 0
    """The same of processor time."""
    target: float | None = None


class Result(NamedTuple):
    """The rows of a case; those that were measured are compared with the first of these."""

    title: str
    rows: tuple[Row, ...]

    @property
    def base(self) -> str:
        """What the ratios are to."""
        return next((row.name for row in self.rows if not row.missing), "")


def variables() -> Mapping[str, str]:
    """The environment of every command: no settings of the user, bytecode is kept, tools of this environment come first."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "QCILINT_DEBUG")
    kept = {key: value for key, value in environment().items() if key not in dropped}
    return kept | {"PATH": f"{BESIDE}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONUTF8": "1"}


def measure(case: Case, rounds: int) -> Result:
    """Run every command in every round, after one round that does not count; each round begins with another command."""
    path = variables()["PATH"]
    commands = [command for command in case.commands if not command.needs or shutil.which(command.needs, path=path)]
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for number in range(rounds + 1):
        for command in commands[number % len(commands) :] + commands[: number % len(commands)]:
            spent = [_run(command, case.folder) for _ in range(case.runs if number else 1)]
            costs[command.name].append(Cost(*(statistics.median(values) for values in zip(*spent, strict=True))))
    return Result(case.title, tuple(_rows(case, {name: found[1:] for name, found in costs.items()})))


def _run(command: Command, folder: Path) -> Cost:
    if command.before:
        command.before()
    cost = run_command(command.words, folder, variables(), command.codes)[0]
    # The system counts what this process holds for every process that it starts.
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB
    return cost if cost.memory > floor * 1.02 else cost._replace(memory=0)


def _rows(case: Case, costs: Mapping[str, Sequence[Cost]]) -> Iterator[Row]:
    base = next(iter(costs.values()))
    for command in case.commands:
        if command.name not in costs:
            yield Row(command.name, missing=command.needs)
            continue
        mine = costs[command.name]
        wall = [one.wall / other.wall for one, other in zip(mine, base, strict=True)]
        cpu = [one.cpu / max(other.cpu, 1e-6) for one, other in zip(mine, base, strict=True)]
        middle = Cost(*(statistics.median(values) for values in zip(*mine, strict=True)))
        ratios = statistics.median(wall), min(wall), max(wall), statistics.median(cpu)
        yield Row(command.name, "", middle, *ratios, command.target)
