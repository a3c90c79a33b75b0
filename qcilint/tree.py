"""The files around a file, for rules about whole files: what is tracked in a folder, and what it holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from qcilint.git import git_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Made = TypeVar("_Made")
LARGEST = 1_000_000
"""Bytes; a larger file is not looked at."""


class Tree:
    """The files of a repository, as they are in the work tree, or in the index where that counts."""

    def __init__(self, root: str, held: Mapping[str, bytes] | None = None) -> None:
        """`root`: absolute. `held`: path → content of the files whose content in the index counts; None without the index."""
        self._root, self._held = root, held
        self._below: dict[str, list[str]] = {}
        self._data: dict[str, bytes] = {}
        self._made: dict[str, object] = {}

    def below(self, folder: str) -> list[str]:
        """The tracked and unignored files below a folder (`a/b/`) that are there, sorted; all files outside git."""
        if folder not in self._below:
            self._below[folder] = sorted(self._listed(folder))
        return self._below[folder]

    def read(self, path: str) -> bytes:
        """The bytes of a file; none where it is a link, too large, or cannot be read."""
        if path not in self._data:
            self._data[path] = self._read(path)
        return self._data[path]

    def once(self, key: str, make: Callable[[], _Made]) -> _Made:
        """What `make` gives, which is asked once for a key. A key stands for one type."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]

    def over(self, path: str, data: bytes) -> Tree:
        """The same files, of which one holds these bytes."""
        if self.read(path) == data:
            return self
        return Given({path: data}, self)

    def _listed(self, folder: str) -> list[str]:
        top = os.path.join(self._root, folder)
        names = git_files(self._root, folder, untracked=self._held is None)
        if names is None:
            found = ((where, name) for where, _, files in os.walk(top) for name in files)
            names = [os.path.relpath(os.path.join(where, name), self._root).replace(os.sep, "/") for where, name in found]
        held = self._held or {}
        return [name for name in names if name in held or os.path.isfile(os.path.join(self._root, name))]

    def _read(self, path: str) -> bytes:
        from qcilint.source import read

        if self._held and path in self._held:
            return self._held[path]
        full = os.path.join(self._root, path)
        try:
            return b"" if os.path.islink(full) or os.path.getsize(full) > LARGEST else read(full)
        except OSError:
            return b""


class Given(Tree):
    """Files that are given as bytes, over those of another tree."""

    def __init__(self, files: Mapping[str, bytes], under: Tree | None = None) -> None:
        super().__init__("")
        self._files, self._under = files, under

    def _listed(self, folder: str) -> list[str]:
        under = self._under.below(folder) if self._under else []
        return [*{*under, *(path for path in self._files if path.startswith(folder))}]

    def _read(self, path: str) -> bytes:
        if path in self._files:
            return self._files[path]
        return self._under.read(path) if self._under else b""
