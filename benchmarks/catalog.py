"""What `qcilint catalog build` costs over listing and reading the same files, in one run: a first build, and one after a change.

`python -m benchmarks.catalog [--files N] [--rounds N] [--jobs N]` makes a tree like openshift/release and prints a table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.tree import environment, make
from qcilint.catalog.build import build
from qcilint.catalog.cache import RACY_NS, Cache
from qcilint.catalog.document import write
from qcilint.ci_operator.mirroring import PATH
from qcilint.ci_operator.tested import is_step
from qcilint.workers import default_jobs

FILES, ROUNDS = 31_000, 3
"""31,000 files hold some 5,000 configurations."""
MIRRORING = "supplementalCIImages:\n  ci/a:b: {image: 'quay.io/example/a:b'}\nartImages:\n- {namespace: ocp, name: ^builder$}\n"


def listed(root: Path) -> int:
    """What has to be done at least: `git ls-files`, and one read of each file that counts. Gives their number."""
    command = ["git", "ls-files", "-z", "ci-operator/config", "ci-operator/step-registry"]
    names = subprocess.run(command, cwd=root, env=environment(), check=True, stdout=subprocess.PIPE).stdout.split(b"\0")
    wanted = [name for name in map(os.fsdecode, names) if name.startswith("ci-operator/config/") or is_step(name)]
    wanted = [name for name in wanted if name.endswith(".yaml")]
    for name in wanted:
        (root / name).read_bytes()
    return len(wanted)


def measure(root: Path, folder: Path, rounds: int, jobs: int) -> dict[str, float]:
    """Seconds of each way, the median of the rounds; they take turns."""
    kept, target = folder / "cache.json", str(folder / "qci.json")
    config = next((root / "ci-operator/config").rglob("*.yaml"))

    def full() -> None:
        kept.unlink(missing_ok=True)
        cached()

    def cached() -> None:
        cache = Cache(str(kept))
        write(build(str(root), cache, jobs).catalog, target)
        cache.save()

    def changed() -> None:
        config.write_bytes(config.read_bytes() + b"#\n")
        cached()

    time.sleep(RACY_NS / 1e9 + 0.1)  # files that have just been made are in doubt
    ways: dict[str, Callable[[], object]] = {
        "list and read": lambda: listed(root),
        "first build": full,
        "after a change": changed,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}


def main() -> None:
    """Make a tree, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalog", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=FILES, metavar="N", help=f"files of the tree (default: {FILES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"(default: {ROUNDS})")
    parser.add_argument("--jobs", type=int, default=default_jobs(), metavar="N", help="processes at the same time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qcilint-catalog-") as folder:
        root = Path(folder) / "release"
        make(root, options.files)
        (root / PATH).parent.mkdir(parents=True, exist_ok=True)
        (root / PATH).write_text(MIRRORING)
        configs = sum(1 for _ in (root / "ci-operator/config").rglob("*.yaml"))
        found = measure(root, Path(folder), options.rounds, options.jobs)
        print(f"{configs:,} configurations, {listed(root):,} files read, {options.jobs} processes")
    print("\n| | seconds | times list and read |\n|---|---:|---:|")
    for name, seconds in found.items():
        print(f"| {name} | {seconds:.2f} | {seconds / found['list and read']:.1f} |")


if __name__ == "__main__":
    main()
