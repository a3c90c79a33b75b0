"""What contexts and repository facts cost: the whole check against a merely lexical one, in the same rounds.

`python -m benchmarks.passes [--files N] [--rounds N] [--into DIR | --tree DIR]` prints Markdown tables.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.stages import Costs
from benchmarks.tree import FILES, MOST_FILES, SEED, environment, file_count, make

ROOT = Path(__file__).parent.parent
ROUNDS = 5
TARGET = 1.5
KIB = 1 if sys.platform == "darwin" else 1024
"""Bytes of the unit in which the system tells the memory of a process."""
LEXICAL = ("-m", "benchmarks.lexical")
WHOLE = ("-m", "qcilint", "--jobs", "1", "--format", "json")
STAGES = ("-m", "benchmarks.stages")


class Cost(NamedTuple):
    """What one run took."""

    wall: float
    cpu: float
    """User and system time of the process and of those that it started."""
    memory: float
    """The most memory that the process held, in bytes."""


def run(arguments: Sequence[str], tree: Path, codes: Sequence[int] = (0,)) -> tuple[Cost, bytes]:
    """Run Python with these arguments in the tree; returns the cost and the output."""
    variables = environment() | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return run_command([sys.executable, "-P", *arguments], tree, variables, codes)


def run_command(
    words: Sequence[str], folder: Path, variables: Mapping[str, str], codes: Sequence[int] = (0,)
) -> tuple[Cost, bytes]:
    """Run a command in a folder; returns the cost and the output. Raises RuntimeError where it ends with another code."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        process = subprocess.Popen(words, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in codes:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {errors.read().decode()}")
        cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        return Cost(wall, cpu, usage.ru_maxrss * KIB), output.read()


def measure(tree: Path, rounds: int) -> tuple[list[Cost], list[Cost]]:
    """The costs of the lexical and of the whole check, round by round; who is first changes with each round."""
    lexical: list[Cost] = []
    whole: list[Cost] = []
    for number in range(rounds + 1):
        pair = [(LEXICAL, (0,), lexical), (WHOLE, (0, 1), whole)]
        for arguments, codes, costs in pair if number % 2 else reversed(pair):
            costs.append(run(arguments, tree, codes)[0])
        print(f"round {number} of {rounds}" if number else "warmed up", file=sys.stderr)
    return lexical[1:], whole[1:]


def ratio_table(lexical: Sequence[Cost], whole: Sequence[Cost]) -> Iterator[str]:
    """Medians of both ways, and the median of the ratios of the rounds."""
    yield "| | lexical | whole check | whole / lexical | lowest to highest |"
    yield "|---|---:|---:|---:|---:|"
    rows = (("wall time", 0, "s", 1.0), ("processor time", 1, "s", 1.0), ("most memory", 2, "MB", 1e6))
    for name, index, unit, scale in rows:
        few, all_ = [cost[index] / scale for cost in lexical], [cost[index] / scale for cost in whole]
        ratios = [b / a for a, b in zip(few, all_, strict=True)]
        middle = (
            f"{statistics.median(few):,.2f} {unit} | {statistics.median(all_):,.2f} {unit} | **{statistics.median(ratios):.2f}**"
        )
        yield f"| {name} | {middle} | {min(ratios):.2f} to {max(ratios):.2f} |"


def cost_tables(costs: Costs) -> Iterator[str]:
    """The stages, dearest first, and the functions."""
    total = sum(seconds for seconds, _ in costs["stages"].values())
    yield "| stage | share | processor time | calls |"
    yield "|---|---:|---:|---:|"
    for name, (seconds, calls) in sorted(costs["stages"].items(), key=lambda row: -row[1][0]):
        yield f"| {name} | {seconds / total:.1%} | {seconds:.3f} s | {calls:,} |"
    for name in costs["missing"]:
        yield f"| {name}: not found | | | |"
    yield ""
    yield "| function (under cProfile) | own time | with what it calls | calls |"
    yield "|---|---:|---:|---:|"
    for row in costs["functions"]:
        name = row["name"].replace("|", "\\|")
        yield f"| `{name}` | {row['own']:.2f} s | {row['whole']:.2f} s | {row['calls']:,} |"


def report(tree: Path, rounds: int) -> None:
    """Measure a tree and print the tables."""
    seen, holding, references = (int(number) for number in run(LEXICAL, tree)[1].split())
    print(f"{seen:,} files; {holding:,} of them hold {references:,} references to a host that some rule names.")
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, rounds: {rounds}.\n")
    print("\n".join(ratio_table(*measure(tree, rounds))))
    print(f"\nTarget: at most {TARGET}. Differences under 5 % mean nothing.\n")
    print("\n".join(cost_tables(json.loads(run(STAGES, tree)[1]))))


def main() -> None:
    """Make or take a tree, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.passes", description="What do contexts and facts cost?")
    parser.add_argument("--files", type=file_count, default=FILES, metavar="N", help=f"100 to {MOST_FILES} (default: {FILES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"(default: {ROUNDS})")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"(default: {SEED})")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--into", type=Path, metavar="DIR", help="make the tree in this empty folder, and leave it there")
    where.add_argument("--tree", type=Path, metavar="DIR", help="measure this checkout instead of a made tree")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    if options.tree:
        report(options.tree, options.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="qcilint-") as temporary:
        tree = make(options.into or Path(temporary) / "tree", options.files, options.seed)
        print(f"{tree}.")
        report(tree.root, options.rounds)


if __name__ == "__main__":
    main()
