"""The changed lines of a run, as scripts are asked about them."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.scripts.files import Paths
from qcilint.scripts.regexes import MAX_LINE
from qcilint.scripts.tools import Pair


class Change(NamedTuple):
    """A line of a file before and after the edit, without its line end."""

    path: str
    old: bytes
    new: bytes
    kind: str = ""
    """Changes of different kinds are tried apart."""


class Held(NamedTuple):
    """The edit of a file is held by an expression of a script."""

    path: str
    script: str
    line: int
    text: str
    kind: str = ""


Changed = tuple[str, str]
"""The path of a file, in the spelling of `latin`, and the kind of a change of it."""


class Lines:
    """The changed lines of some files, in the spelling in which a script is read (see `latin`)."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self.by_file: dict[Changed, list[Pair]] = {}
        for change in changes:
            pair = change.old[:MAX_LINE].decode("latin-1"), change.new[:MAX_LINE].decode("latin-1")
            self.by_file.setdefault((latin(change.path), change.kind), []).append(pair)
        self.paths = Paths(path for path, _ in self.by_file)
        self.order = {changed: number for number, changed in enumerate(self.by_file)}
        self._of: dict[frozenset[str], list[Changed]] = {}
        self._different: dict[frozenset[str], list[Pair]] = {}

    def of(self, paths: frozenset[str]) -> list[Changed]:
        """The changes of some files."""
        if paths not in self._of:
            self._of[paths] = [changed for changed in self.by_file if changed[0] in paths]
        return self._of[paths]

    def different(self, paths: frozenset[str]) -> list[Pair]:
        """Each line of some files once."""
        if paths not in self._different:
            self._different[paths] = list(dict.fromkeys(pair for changed in self.of(paths) for pair in self.by_file[changed]))
        return self._different[paths]


class Changes:
    """The changes of a run, by the name of their file."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.every = changes
        self.by_name: dict[bytes, list[Change]] = {}
        self.by_stem: dict[bytes, list[bytes]] = {}
        for change in changes:
            name = posixpath.basename(change.path).encode("utf-8", "surrogateescape")
            if name not in self.by_name:
                self.by_stem.setdefault(re.split(rb"[.-]", name)[0], []).append(name)
            self.by_name.setdefault(name, []).append(change)

    @cached_property
    def lines(self) -> Lines:
        """Those of all files, for the scripts that search whole folders."""
        return Lines(self.every)

    def named(self, names: Collection[bytes]) -> Lines:
        """Those of the files that have one of these names."""
        return Lines(change for name in self.by_name if name in names for change in self.by_name[name])


def latin(path: str) -> str:
    """A path with one character for each byte, as the text of a script is read."""
    return path.encode("utf-8", "surrogateescape").decode("latin-1")


def path_of(latin: str) -> str:
    """The path again."""
    return latin.encode("latin-1").decode("utf-8", "surrogateescape")
