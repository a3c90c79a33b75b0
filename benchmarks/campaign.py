"""What planning a campaign costs, against a shell loop of clone, sed and commit over the same repositories, in one run.

`python -m benchmarks.campaign [--repositories N] [--files N] [--rounds N] [--into DIR]` prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from benchmarks import scripts, texts
from benchmarks.filling import WORDS
from benchmarks.tree import environment

ROOT = Path(__file__).parent.parent
REPOSITORIES, FILES, ROUNDS = 300, 600, 3
_GO = '// Package {word} does {word} things.\npackage {word}\n\nimport (\n\t"context"\n\t"fmt"\n)\n\n{functions}'
_FUNCTION = """\
// {name} reconciles the {word} of a cluster, and says what it did.
func {name}(ctx context.Context, name string) error {{
	if err := ctx.Err(); err != nil {{
		return fmt.Errorf("{word} %s: %w", name, err)
	}}
	return nil
}}

"""
LOOP = r"""
set -e
while read -r source; do
  target=$2/$(basename "$source")
  git clone --quiet "$source" "$target"
  cd "$target"
  old='registry(\.svc)?\.ci\.openshift\.org/([a-z0-9-]+)/([a-z0-9.-]+):'
  if files=$(git grep -l -I -E "$old"); then
    sed -i -E "s#$old#quay-proxy.ci.openshift.org/openshift/ci:\\2_\\3_#g" $files
    git commit --quiet --all --message 'Pull CI images from QCI'
  fi
done < "$1"
"""


def files(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """The files of a component: much Go, most of it vendored; some scripts, manifests and documents; a few old references."""
    rng = Random(seed)
    yield "Dockerfile", texts.dockerfile(rng, True)
    yield "Dockerfile.rhel", texts.dockerfile(rng, True)
    yield "Makefile", texts.makefile(rng, seed % 2 == 0)
    yield "README.md", texts.markdown(rng, seed % 3 == 0)
    yield "OWNERS", texts.owners(rng, False)
    for index in range(count // 50):
        yield f"hack/{WORDS[index % len(WORDS)]}-{index}.sh", scripts.script(rng, index == 0)
        yield f"manifests/{index:02}.yaml", texts.cluster(rng, False)
        yield f"docs/{index:02}.md", texts.markdown(rng, False)
    for index in range(count - 5 - 3 * (count // 50)):
        word = rng.choice(WORDS).replace("-", "")
        functions = "".join(_FUNCTION.format(name=f"Do{number}", word=word) for number in range(rng.randint(2, 40)))
        folder = f"vendor/example.com/{word}{index % 40}" if index % 3 else f"pkg/{word}{index % 20}"
        yield f"{folder}/{word}_{index}.go", _GO.format(word=word, functions=functions)


def make(folder: Path, repositories: int, count: int) -> list[Path]:
    """Make the repositories, bare as on a server."""
    made = []
    for seed in range(repositories):
        bare = folder / f"component-{seed:03}.git"
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        stream = [b"commit refs/heads/main\ncommitter Benchmark <benchmark@example.com> 1767225600 +0000\ndata 5\ntree\n"]
        for path, text in files(seed, count):
            data = text.encode()
            stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
        importing = ["git", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
        subprocess.run(importing, cwd=bare, env=environment(), input=b"".join(stream), check=True)
        made.append(bare)
    return made


def git(folder: Path, *arguments: str) -> None:
    """Run git."""
    subprocess.run(["git", *arguments], cwd=folder, env=environment(), check=True)


class Cost(NamedTuple):
    """What a command took, in seconds."""

    time: float
    processor: float
    """On all cores, in user and system mode."""


def cost(arguments: list[str], folder: Path) -> Cost:
    """What a command takes."""
    who = {f"GIT_{role}_{key}": "b@example.com" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    settings = environment() | who | {"PYTHONPATH": str(ROOT), "CI": "1"}
    os.sync()
    start, used = time.perf_counter(), _processor()
    done = subprocess.run(arguments, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{arguments[:5]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return Cost(time.perf_counter() - start, _processor() - used)


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


BASE = "shell loop: clone, sed, commit"


def measure(folder: Path, sources: list[Path]) -> Iterator[tuple[str, Cost]]:
    """Each way, and what it took: one round."""
    for name in ("cache", "benchmark.plan", "loop"):
        shutil.rmtree(folder / name, ignore_errors=True)
    names = folder / "repositories.txt"
    names.write_text("".join(f"{path}\n" for path in sources))
    (folder / "campaign.toml").write_text(
        'name = "benchmark"\ncache = "cache"\n[repositories]\nfile = "repositories.txt"\n'
        '[pull-request]\nauthor = "Benchmark <benchmark@example.com>"\n'
    )
    plan = [sys.executable, "-P", "-m", "qcilint", "campaign", "plan", "campaign.toml"]
    yield "plan, cold: nothing in the cache", cost(plan, folder)
    (folder / "loop").mkdir()
    yield BASE, cost(["bash", "-c", LOOP, "loop", str(names), str(folder / "loop")], folder)
    yield "plan, warm: the same commits", cost(plan, folder)
    for source in sources[::20]:
        advance(source)
    yield "plan, warm: one repository in 20 has a new commit", cost(plan, folder)


def advance(bare: Path) -> None:
    """A new commit."""
    stream = b"commit refs/heads/main\ncommitter B <b@example.com> 1767225700 +0000\ndata 4\nnext\nfrom refs/heads/main^0\n"
    stream += b"M 100644 inline NEWS\ndata 4\nnews\n"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=bare, env=environment(), input=stream, check=True)


def main() -> None:
    """Make the repositories, and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description="What does planning a campaign cost?")
    parser.add_argument("--repositories", type=int, default=REPOSITORIES, metavar="N", help=f"(default: {REPOSITORIES})")
    parser.add_argument("--files", type=int, default=FILES, metavar="N", help=f"files of each, at least 60 (default: {FILES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"(default: {ROUNDS})")
    parser.add_argument("--into", type=Path, metavar="DIR", help="work in this empty folder, and leave it there")
    options = parser.parse_args()
    if options.repositories < 1 or options.files < 60 or options.rounds < 1:
        parser.error("at least 1 repository of 60 files, and 1 round")
    with tempfile.TemporaryDirectory(prefix="qcilint-") as temporary:
        folder = (options.into or Path(temporary)).absolute()
        (folder / "sources").mkdir(parents=True)
        sources = make(folder / "sources", options.repositories, options.files)
        rounds = [dict(measure(folder, sources)) for _ in range(options.rounds)]
    print(f"{options.repositories} repositories of {options.files} files, {os.cpu_count()} cores.", end=" ")
    print("Medians of the rounds; ratios are those within a round.\n")
    print("| | time | shell loop / this | processor time | shell loop / this |\n|---|---:|---:|---:|---:|")
    for name in rounds[0]:
        print(f"| {name} | {_cells(rounds, name, 'time')} | {_cells(rounds, name, 'processor')} |")


def _cells(rounds: list[dict[str, Cost]], name: str, kind: str) -> str:
    seconds = [getattr(each[name], kind) for each in rounds]
    ratios = [getattr(each[BASE], kind) / getattr(each[name], kind) for each in rounds]
    return f"{median(seconds):.1f} s | **{median(ratios):.1f}**"


if __name__ == "__main__":
    main()
