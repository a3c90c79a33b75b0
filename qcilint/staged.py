"""What is staged: the files that the next commit changes, with the content that the index has of them.

Where the index differs from the work tree, the index counts for the facts of the repository too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from qcilint.discovery import DiscoveryError, Selection, Target, is_within, printable
from qcilint.git import git_root, run_git

_RAW = (
    "--no-optional-locks", "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-color", "--no-ext-diff",
    "--ignore-submodules=all",
)  # fmt: skip
_AT_ONCE = 64
"""Files whose contents are asked for at once."""
_HEAD = 8000
"""Bytes kept of a file that is no text: enough to tell."""


class Contents(Protocol):
    """Files that count as they are here, and not as the work tree has them."""

    @property
    def root(self) -> str:
        """The absolute top of the work tree."""

    @property
    def held(self) -> Mapping[str, bytes]:
        """Path → content."""


class Staged:
    """The index of one repository, beside its work tree."""

    def __init__(self, root: str) -> None:
        """`root` is the top of the work tree. Raises DiscoveryError where git cannot read it."""
        self.root = root
        changed, differing = run_git(root, *_RAW, "--cached"), run_git(root, *_RAW)
        if changed is None or differing is None:
            raise DiscoveryError(f"{printable(root)}: git cannot read this repository; `git status` there says why")
        staged: dict[str, str] = {}
        self.unmerged: list[str] = []
        """Staged in several versions: a conflict that is not resolved."""
        for _, mode, _, name, status, path in _rows(changed):
            if status == "U":
                self.unmerged.append(path)
            elif mode.startswith("100") and status != "D":
                staged[path] = name
        self.paths = sorted(staged)
        others = {path: name for mode, _, name, _, kind, path in _rows(differing) if mode.startswith("100") and kind != "U"}
        self.held: Mapping[str, bytes] = dict(_contents(root, staged | others))
        """Path → content, of the staged files and of those that are something else in the work tree."""

    def select(self, paths: Iterable[str]) -> Selection:
        """The staged files under `paths`. Raises DiscoveryError for a path that neither the disk nor the index has."""
        selection = Selection(whole={self.root: False})
        selection.skipped = [(path, "in conflict: resolve it, and `git add` it") for path in self.unmerged]
        known, seen = frozenset(self.paths), set[str]()
        for path in paths:
            real = os.path.normpath(os.path.join(os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path)))
            if not is_within(real, self.root):
                raise DiscoveryError(f"{printable(path)}: outside of {printable(self.root)}, whose index --staged looks at")
            inside = os.path.relpath(real, self.root).replace(os.sep, "/")
            names = [inside] if inside in known else self._below(inside)
            if not names and not os.path.lexists(path) and not self._is_tracked(inside):
                raise DiscoveryError(f"{printable(path)}: no such file or folder; check the path")
            for name in names:
                if name not in seen:
                    seen.add(name)
                    full = os.path.join(self.root, name)
                    shown = path if name == inside else full if os.path.isabs(path) else os.path.relpath(full)
                    selection.targets.append(Target(shown, self.root, name))
        return selection

    def _below(self, folder: str) -> list[str]:
        return [name for name in self.paths if folder == "." or name.startswith(folder + "/")]

    def _is_tracked(self, path: str) -> bool:
        """Whether the last commit or the index has a file, or a folder of files, which is staged to go or stays as it was."""
        return any(
            run_git(self.root, "--literal-pathspecs", *command, "--", path)
            for command in (("ls-files", "-z"), ("ls-tree", "-z", "HEAD"))
        )


def staged_here() -> Staged:
    """What is staged in the repository of the working directory. Raises DiscoveryError."""
    root = git_root(os.getcwd())
    if root is None:
        raise DiscoveryError("--staged: the working directory is in no git repository; name files instead")
    return Staged(root)


def _rows(listing: bytes) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Mode and name of the object, before and after, status and path, of each entry of `git diff --raw -z --no-renames`."""
    fields = iter(listing.split(b"\0"))
    for head in fields:
        if head.startswith(b":"):
            old_mode, mode, old_name, name, status = head[1:].decode("ascii").split(" ")
            yield old_mode, mode, old_name, name, status[:1], os.fsdecode(next(fields))


def _contents(root: str, names: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The content of each path, whose object in git has a name. Raises DiscoveryError where git lacks one."""
    listed = list(names.items())
    for at in range(0, len(listed), _AT_ONCE):
        chunk = listed[at : at + _AT_ONCE]
        answer = run_git(root, "cat-file", "--batch", given="".join(f"{name}\n" for _, name in chunk).encode())
        yield from zip((path for path, _ in chunk), _objects(answer or b"", chunk), strict=True)


def _objects(answer: bytes, chunk: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    at = 0
    for path, _ in chunk:
        end = answer.find(b"\n", at)
        words = answer[at:end].split(b" ")
        if end < 0 or len(words) != 3 or words[1] != b"blob":
            raise DiscoveryError(f"{printable(path)}: git does not have what is staged of it; `git fsck` says what is missing")
        size = int(words[2])
        data = answer[end + 1 : end + 1 + size]
        yield data[:_HEAD] if b"\0" in data[:_HEAD] else data
        at = end + 2 + size
