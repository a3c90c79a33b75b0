"""How the time of qcilint grows: with twice the files, and with twice the references in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measuring import Case, Command
from benchmarks.tree import Tree, make

LIMIT = 2.1
"""Twice the work may take so much longer."""
STEPS = 3
"""Files of references: a quarter of the most, half of it, all."""


def cases(into: Path, files: int, references: int, seed: int, qcilint: str) -> Iterator[Case]:
    """Cases in which each command has twice the work of the one before it."""
    half, whole = make(into / "half", max(100, files // 2), seed), make(into / "whole", files, seed)
    for title, options in (("Twice the files", ()), ("Twice the files, one process", ("--jobs", "1"))):
        yield Case(title, into, tuple(_of_tree(tree, qcilint, options, step) for step, tree in enumerate((half, whole))))
    yield _of_file("Twice the references in one YAML file", into / "references.yaml", references, _yaml, (qcilint,))
    yield _of_file("Twice the references in one script, to fix", into / "references.sh", references, _shell, (qcilint, "--fix"))


def _of_tree(tree: Tree, qcilint: str, options: tuple[str, ...], step: int) -> Command:
    words = ("sh", "-c", 'cd "$0" && exec "$@"', str(tree.root), qcilint, *options)
    return Command(f"{tree.files:,} files", words, target=LIMIT**step if step else None)


def _of_file(title: str, path: Path, most: int, text: Callable[[int], str], words: tuple[str, ...]) -> Case:
    """The same file with more and more references, written anew for each run."""

    def writer(count: int) -> Callable[[], object]:
        return lambda: path.write_text(text(count))

    counts = [most >> step for step in reversed(range(STEPS))]
    commands = tuple(
        Command(f"{count:,} references", (*words, path.name), before=writer(count), target=LIMIT**step if step else None)
        for step, count in enumerate(counts)
    )
    return Case(title, path.parent, commands)


def _yaml(count: int) -> str:
    """A list of images, of which each is another one."""
    return "".join(f"- name: n{n}\n  image: registry.ci.openshift.org/ocp/4.{n % 25}:name-{n}\n" for n in range(count))


def _shell(count: int) -> str:
    """A script that reads as many images."""
    return "#!/bin/sh\n" + "".join(f"oc image extract registry.ci.openshift.org/ocp/4.{n % 25}:name-{n}\n" for n in range(count))
