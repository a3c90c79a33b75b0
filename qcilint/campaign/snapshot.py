"""The files of one commit as git has them: nothing is written to disk, and no filter or conversion of line ends is run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader

from qcilint.campaign.gitcli import Git, GitError
from qcilint.discovery import printable
from qcilint.records import dataclass, field
from qcilint.repository import is_read
from qcilint.scan import OPEN, Scanner

_PIECE = 4 << 20
"""Bytes that are read at once."""
_ROOM = b"\n\n\n"
"""What a scanner looks at behind the last file."""
MOST_KEPT = 32 << 20
"""Bytes of files that are kept in memory, whatever they hold; of the others only those that are likely to be asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file in a commit."""

    mode: str
    name: str
    """Of its blob."""


class Blobs(Mapping[str, bytes]):
    """Path → content of the regular files of a commit."""

    def __init__(self, git: Git, folder: str, entries: Mapping[str, Entry]) -> None:
        self._git, self._folder, self._entries = git, folder, entries
        self._kept: dict[str, tuple[bytes | bytearray, int, int]] = {}

    def keep(self, name: str, data: bytes | bytearray, start: int, stop: int) -> None:
        """Remember where the content of a blob is."""
        self._kept[name] = (data, start, stop)

    def __getitem__(self, path: str) -> bytes:
        name = self._entries[path].name
        if name not in self._kept:
            return self._git(self._folder, "cat-file", "blob", name)
        data, start, stop = self._kept[name]
        return bytes(memoryview(data)[start:stop])

    def __contains__(self, path: object) -> bool:
        return path in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(slots=True)
class Snapshot:
    """A commit, in the place of a work tree."""

    root: str
    """The folder that stands for the top of it."""
    entries: dict[str, Entry]
    """Path → its regular files, sorted."""
    held: Blobs
    open: set[str] = field(default_factory=set)
    """The files about which a rule may have something to say."""


def read(git: Git, folder: str, commit: str, scanner: Scanner, root: str) -> Snapshot:
    """Read and search all files of a commit of the repository in `folder`. Raises GitError."""
    entries = dict(sorted(_listed(git, folder, commit)))
    snapshot = Snapshot(root, entries, Blobs(git, folder, entries))
    paths: dict[str, list[str]] = {}
    for path, entry in entries.items():
        paths.setdefault(entry.name, []).append(path)
    try:
        _search(snapshot, _contents(git, folder, list(paths)), paths, scanner)
    except _Missing as error:
        remedy = "in a partial or damaged clone, `git fetch --refetch` brings it"
        raise GitError(f"{printable(paths[error.name][0])}: git does not have its content; {remedy}", "") from None
    return snapshot


class _Missing(Exception):
    """git does not have a blob."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _search(
    snapshot: Snapshot,
    contents: Iterator[tuple[bytearray, list[tuple[int, int]]]],
    paths: Mapping[str, Sequence[str]],
    scanner: Scanner,
) -> None:
    """Remember the contents of files, and tell those that matter."""
    names, size, at = list(paths), 0, 0
    for data, places in contents:
        numbers = list(range(at, at + len(places)))
        verdicts = scanner.verdicts(data, numbers, [start for start, _ in places], len(data) - len(_ROOM))
        found = {number for number, kind in verdicts if kind == OPEN}
        for number, (start, stop) in zip(numbers, places, strict=True):
            name = names[number]
            if number in found:
                snapshot.open.update(paths[name])
            if size <= MOST_KEPT:
                snapshot.held.keep(name, data, start, stop)
            elif number in found or any(map(is_read, paths[name])):
                snapshot.held.keep(name, bytes(memoryview(data)[start:stop]), 0, stop - start)
        size += len(data)
        at += len(places)


def _listed(git: Git, folder: str, commit: str) -> Iterator[tuple[str, Entry]]:
    """The regular files: links and submodules are not ours."""
    for line in git.lines(folder, "ls-tree", "-r", "-z", commit):
        about, path = line.split("\t", 1)
        mode, _, name = about.split(" ")
        if mode.startswith("100"):
            yield path, Entry(mode, name)


def _contents(git: Git, folder: str, names: list[str]) -> Iterator[tuple[bytearray, list[tuple[int, int]]]]:
    """The blobs in their order, many at a time: as git prints them, each with a line of its own before it, and where each is."""
    if not names:
        return
    with git.stream(folder, "cat-file", "--batch", "--buffer", given="".join(f"{name}\n" for name in names).encode()) as output:
        yield from _split(output)


def _split(output: BufferedReader) -> Iterator[tuple[bytearray, list[tuple[int, int]]]]:
    data, piece = bytearray(b"\n"), b"\n"
    while piece:
        piece = output.read(_PIECE)
        data += piece
        places, at = [], 1
        while (end := data.find(b"\n", at)) >= 0:
            words = data[at:end].split(b" ")
            if len(words) != 3:
                raise _Missing(words[0].decode())
            start, stop = end + 1, end + 1 + int(words[2])
            if stop >= len(data):
                break
            places.append((start, stop))
            at = stop + 1
        rest = data[at:]
        if places:
            del data[at:]
            data += _ROOM
            yield data, places
            data = bytearray(b"\n") + rest
    if len(data) > 1:
        raise GitError("git cat-file: ended in the middle of a file", "")


def work_tree(snapshot: Snapshot) -> str:
    """What has to be on disk to lint a commit: `""` for nothing, `attributes` for .gitattributes, `all` for everything.

    git reads attributes, and qcilint configurations and what they name, from a work tree only.
    """
    from qcilint.config_files import NAMES

    named: dict[str, list[str]] = {}
    for path in snapshot.entries:
        base = os.path.basename(path)
        if base in NAMES or base == ".gitattributes":
            named.setdefault(base, []).append(path)
    for name in NAMES:
        if any(name != NAMES[-1] or b"qcilint" in snapshot.held[path] for path in named.get(name, ())):
            return "all"
    attributes = named.get(".gitattributes", ()) if snapshot.open else ()
    if ".gitattributes" in attributes and any(b"linguist-generated" in snapshot.held[path] for path in attributes):
        return "attributes"
    return ""
