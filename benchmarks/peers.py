"""How long qcilint takes beside the tools that people would use in its place, in the same rounds.

`python -m benchmarks.peers [--files N] [--rounds N] [--qcilint PATH]` prints Markdown tables. A tool that is not installed is
named as missing; nothing is estimated. Give it a qcilint that is installed from a wheel: the finder of an editable
installation costs every Python process as much as all of a small run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.passes import Cost, run_command
from benchmarks.tree import FILES, MOST_FILES, SEED, environment, file_count, make

ROUNDS = 7
SHORT = 10
"""Runs of a command that takes milliseconds, in each round."""
OLD = "registry.ci.openshift.org"
NEEDLES = ("-e", "ci.openshift.org", "-e", "quay.io/openshift/ci")
DOCKERFILE = f"FROM {OLD}/ocp/4.20:cli AS cli\nFROM {OLD}/ocp/4.20:base-rhel9\nCOPY --from=cli /usr/bin/oc /usr/bin/\n"


class Command(NamedTuple):
    """One way of doing the work."""

    name: str
    words: tuple[str, ...]
    codes: tuple[int, ...] = (0, 1)
    needs: str = ""
    """The tool that must be installed."""
    before: Callable[[], object] | None = None
    """What restores the files."""


class Case(NamedTuple):
    """A piece of work; the first command that is installed is what the others are compared with."""

    title: str
    folder: Path
    commands: tuple[Command, ...]
    runs: int = 1


def cases(into: Path, count: int, seed: int, qcilint: str) -> Iterator[Case]:
    """The cases, each with its files."""
    python = str(Path(qcilint).resolve().parent / "python")
    python = python if os.path.exists(python) else sys.executable
    search = (
        Command("rg -l -j2", ("rg", "-l", "-j2", "-F", *NEEDLES), needs="rg"),
        Command("git grep -l", ("git", "grep", "-l", "-F", *NEEDLES), needs="git"),
    )
    clean = make(into / "clean", count, seed, clean=True)
    whole = Command("qcilint", (qcilint,))
    yield Case(
        f"a tree with nothing wrong in it ({clean.files:,} files, {clean.size / 1e6:,.0f} MB)", clean.root, (*search, whole)
    )
    tree = make(into / "tree", count, seed)
    replace = ("sh", "-c", f"rg -l0 -j2 -F {OLD} | xargs -0 -P2 sed -i 's/{OLD}/&/'")
    alone = Command("qcilint --jobs 1", (qcilint, "--jobs", "1"))
    commands = (*search, Command("rg -l0, xargs -P2 sed -i", replace, needs="rg"), whole, alone)
    yield Case(f"a tree with {tree.old / tree.files:.1%} hits, full report", tree.root, commands)
    few = into / "few"
    few.mkdir()
    names = [f"{number}.py" for number in range(10)]
    for name in names:
        (few / name).write_text("".join(f"NAME_{line} = {line}\n" for line in range(200)))
    nothing = Command("python -c pass", (python, "-c", "pass"))
    ruff = Command("ruff check", ("ruff", "check", "--no-cache", "-q", *names), needs="ruff")
    cached = Command("ruff check, with its cache", ("ruff", "check", "-q", *names), needs="ruff")
    yield Case("ten clean files, as a hook", few, (nothing, ruff, cached, Command("qcilint", (qcilint, *names))), SHORT)
    one = into / "one"
    one.mkdir()
    fixed = Command("qcilint --fix", (qcilint, "--fix", "Dockerfile"), before=lambda: (one / "Dockerfile").write_text(DOCKERFILE))
    yield Case("one Dockerfile to fix", one, (nothing, fixed), SHORT)


def measure(case: Case, rounds: int) -> Mapping[str, list[Cost]]:
    """The costs of each command, round by round; a round begins with another command each time."""
    commands = [command for command in case.commands if not command.needs or shutil.which(command.needs)]
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for number in range(rounds + 1):
        for command in commands[number % len(commands) :] + commands[: number % len(commands)]:
            spent = [_run(command, case.folder) for _ in range(case.runs)]
            middle = Cost(*(statistics.median(values) for values in zip(*spent, strict=True)))
            costs[command.name].append(middle)
    return {name: found[1:] for name, found in costs.items()}


def _run(command: Command, folder: Path) -> Cost:
    if command.before:
        command.before()
    return run_command(command.words, folder, environment(), command.codes)[0]


def table(case: Case, costs: Mapping[str, Sequence[Cost]]) -> Iterator[str]:
    """A row for each command; the ratios are medians of those of the rounds."""
    first = next(iter(costs))
    yield f"### {case.title[0].upper()}{case.title[1:]}"
    yield ""
    yield f"| | wall time | / {first} | lowest to highest | processor time | / {first} | most memory |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for command in case.commands:
        if command.name not in costs:
            yield f"| {command.name} | {command.needs} is not installed | | | | | |"
            continue
        mine, base = costs[command.name], costs[first]
        wall = [one.wall / other.wall for one, other in zip(mine, base, strict=True)]
        cpu = [one.cpu / max(other.cpu, 1e-6) for one, other in zip(mine, base, strict=True)]
        times = [statistics.median(cost[index] for cost in mine) for index in range(3)]
        spread = f"{min(wall):.2f} to {max(wall):.2f}"
        ratio, share = statistics.median(wall), statistics.median(cpu)
        yield (
            f"| {command.name} | {times[0] * 1e3:,.0f} ms | **{ratio:.2f}** | {spread} "
            f"| {times[1] * 1e3:,.0f} ms | {share:.2f} | {times[2] / 1e6:,.0f} MB |"
        )


def main() -> None:
    """Make the files and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description="How long do other tools take?")
    parser.add_argument("--files", type=file_count, default=FILES, metavar="N", help=f"100 to {MOST_FILES} (default: {FILES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"(default: {ROUNDS})")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"(default: {SEED})")
    beside = Path(sys.executable).parent / "qcilint"
    parser.add_argument("--qcilint", default=str(beside), metavar="PATH", help=f"the program to measure (default: {beside})")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    if not shutil.which(options.qcilint):
        parser.error(f"--qcilint: {options.qcilint} is no program")
    version = subprocess.run([options.qcilint, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{version}; {os.cpu_count()} processors; {options.rounds} rounds; load {os.getloadavg()[0]:.1f} when it began.\n")
    with tempfile.TemporaryDirectory(prefix="qcilint-") as temporary:
        for case in cases(Path(temporary), options.files, options.seed, os.path.abspath(options.qcilint)):
            print("\n".join(table(case, measure(case, options.rounds))), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
