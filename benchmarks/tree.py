"""Makes a git repository like openshift/release: the same seed gives the same bytes, and the same commit.

`python -m benchmarks.tree --into DIR [--files N] [--seed S]`
"""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks import scripts, texts
from benchmarks.filling import WORDS
from benchmarks.jobs import jobs

FILES = 20_000
SEED = 1
MOST_FILES = 205_800
"""As many as openshift/release has."""


class Kind(NamedTuple):
    """A kind of file."""

    share: float
    """Of all files, in percent."""
    old: float
    """How many of them hold references to the old registries, in percent."""
    path: str
    """`{org}`, `{repo}`, `{branch}`, `{step}` and `{number}` are filled in; it is different for each number."""
    text: Callable[[Random, bool], str]


_CONFIG, _JOBS, _STEPS = "ci-operator/config/{org}/{repo}", "ci-operator/jobs/{org}/{repo}", "ci-operator/step-registry/{folder}"
KINDS = (
    Kind(16, 4, _CONFIG + "/{org}-{repo}-release-4.{branch}.yaml", texts.config),
    Kind(5, 0, _CONFIG + "/part{branch}/OWNERS", texts.owners),
    Kind(10, 0.5, _JOBS + "/{org}-{repo}-release-4.{branch}-presubmits.yaml", jobs),
    Kind(4, 0, _JOBS + "/part{branch}/OWNERS", texts.owners),
    Kind(13, 1.5, _STEPS + "/{step}-ref.yaml", texts.ref),
    Kind(13, 9, _STEPS + "/{step}-commands.sh", scripts.commands),
    Kind(15, 0, _STEPS + "/{step}-ref.metadata.json", texts.metadata),
    Kind(8.5, 0, _STEPS + "/OWNERS", texts.owners),
    Kind(5, 0, _STEPS + "/{step}-chain.yaml", texts.chain),
    Kind(3, 0, "core-services/prow/02_config/{org}/{repo}-{branch}/_prowconfig.yaml", texts.prow),
    Kind(1.5, 10, "core-services/{org}/{repo}-{branch}.yaml", texts.service),
    Kind(0.4, 70, "core-services/image-mirroring/{org}/mapping_{repo}_{branch}", texts.mapping),
    Kind(4, 6, "clusters/build-clusters/{org}/{repo}-{branch}.yaml", texts.cluster),
    Kind(0.4, 40, "images/{org}/{repo}-{branch}/Dockerfile", texts.dockerfile),
    Kind(0.5, 20, "docs/{org}/{repo}-{branch}.md", texts.markdown),
    Kind(0.2, 30, "hack/{org}/{repo}-{branch}.sh", scripts.script),
    Kind(0.2, 20, "hack/{org}/{repo}_{branch}.py", texts.python),
    Kind(0.1, 50, "projects/{org}/{repo}-{branch}/Makefile", texts.makefile),
    Kind(0.2, 30, "test/{org}/testdata/{repo}-{branch}.yaml", texts.testdata),
)


@dataclass(frozen=True, slots=True)
class Tree:
    """What was made."""

    root: Path
    files: int
    size: int
    """Bytes of all files."""
    old: int
    """How many files hold references to the old registries."""
    commit: str

    def __str__(self) -> str:
        counted = f"{self.files:,} files, {self.size / 1e6:,.0f} MB"
        return f"{counted}; {self.old:,} of them hold old references; commit {self.commit[:12]}"


def files(count: int, seed: int, *, clean: bool = False) -> Iterator[tuple[str, bytes, bool]]:
    """Path, content, and whether old references stand in it; in none of them where the tree is to be clean."""
    due = 0.5
    for kind, number in _kinds(count):
        for index in range(number):
            due += kind.old / 100
            old = due >= 1
            due -= old
            old = old and not clean
            # Seeded by its name: a file is the same whatever the others are.
            yield _path(kind, index), kind.text(Random(f"{seed}/{kind.path}/{index}"), old).encode(), old


def _kinds(count: int) -> list[tuple[Kind, int]]:
    """How many files of each kind; at least one, and `count` together."""
    total = sum(kind.share for kind in KINDS)
    numbers = [max(1, int(count * kind.share / total)) for kind in KINDS]
    numbers[0] += count - sum(numbers)
    if numbers[0] < 1:
        raise ValueError(f"{count} files are too few: every kind needs one")
    return list(zip(KINDS, numbers, strict=True))


def _path(kind: Kind, index: int) -> str:
    number, branch = divmod(index, 8)
    high, low = divmod(number, len(WORDS))
    org, repo = WORDS[(low * 7 + high) % len(WORDS)], f"{WORDS[low]}-{WORDS[high % len(WORDS)]}{high // len(WORDS) or ''}"
    step = f"{WORDS[low]}-{WORDS[(low + high) % len(WORDS)]}-{WORDS[branch]}{high}"
    return kind.path.format(org=org, repo=repo, branch=branch + 12, step=step, folder=step.replace("-", "/"))


def make(root: Path, count: int = FILES, seed: int = SEED, *, clean: bool = False) -> Tree:
    """Make the repository in the folder `root`, which must be empty or missing; a clean one holds nothing to report."""
    if root.exists() and any(root.iterdir()):
        raise FileExistsError(f"{root} is not empty")
    root.mkdir(parents=True, exist_ok=True)
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "config", "core.autocrlf", "false")
    number = size = old = 0
    importing = subprocess.Popen(
        ["git", "-c", "pack.compression=1", "fast-import", "--quiet", "--depth=0"],
        cwd=root, env=environment(), stdin=subprocess.PIPE,
    )  # fmt: skip
    assert importing.stdin
    with importing.stdin as stream:
        stream.write(b"commit refs/heads/main\ncommitter Benchmark <benchmark@example.com> 1767225600 +0000\ndata 5\ntree\n")
        for path, data, holds in files(count, seed, clean=clean):
            mode = b"100755" if path.endswith(".sh") else b"100644"
            stream.write(b"M %s inline %s\ndata %d\n%s\n" % (mode, path.encode(), len(data), data))
            number, size, old = number + 1, size + len(data), old + holds
        stream.write(b"done\n")
    if importing.wait():
        raise subprocess.CalledProcessError(importing.returncode, "git fast-import")
    _git(root, "reset", "--quiet", "--hard", "main")
    return Tree(root, number, size, old, _git(root, "rev-parse", "HEAD"))


def environment() -> dict[str, str]:
    """The environment for git: no settings of the user, no other repository."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def file_count(text: str) -> int:
    """The value of `--files`."""
    count = int(text.replace(",", "").replace("_", ""))
    if not 100 <= count <= MOST_FILES:
        raise argparse.ArgumentTypeError(f"between 100 and {MOST_FILES}")
    return count


def main() -> None:
    """Make a tree and say what it holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tree", description="Make a tree like openshift/release.")
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="an empty or missing folder")
    parser.add_argument("--files", type=file_count, default=FILES, metavar="N", help=f"100 to {MOST_FILES} (default: {FILES})")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"(default: {SEED})")
    options = parser.parse_args()
    print(make(options.into, options.files, options.seed))


if __name__ == "__main__":
    main()
