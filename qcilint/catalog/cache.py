"""What each file of a checkout said when it was last read, so that a build reads only what changed.

A file counts as unchanged where its size, inode and both times are the same, and these lie well before the build that read it:
else a change in the same tick of the clock could not be seen (git calls such entries racy). In doubt it is read again, and if its
content has the same hash, not parsed.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from qcilint import __version__
from qcilint.catalog import CatalogError
from qcilint.catalog.document import replace

FORMAT = 1
"""Raised whenever other rows are made of the same file."""
RACY_NS = 3_000_000_000
"""A file that changed less than this before a build, or since, is in doubt; file systems have ticks of up to two seconds."""


class Row(NamedTuple):
    """What one line of a file says of an image; of a whole stream the tag is empty."""

    kind: str
    namespace: str
    name: str
    tag: str
    line: int
    detail: str = ""


class Stamp(NamedTuple):
    """What the file system says of a file; times in nanoseconds."""

    size: int = -1
    inode: int = 0
    modified: int = 0
    changed: int = 0


class Entry(NamedTuple):
    """One file."""

    stamp: Stamp
    content: str
    """The hash of its bytes; empty where it could not be read."""
    rows: tuple[Row, ...]
    problem: str = ""
    line: int = 0
    """Of the problem."""

    @classmethod
    def of(cls, given: Any) -> Entry:
        """From JSON. Raises ValueError or TypeError where that is none."""
        found, content, rows, problem, line = given
        return cls(Stamp(*map(int, found)), content, tuple(Row(*row) for row in rows), problem, line)


def stamp(path: str) -> Stamp:
    """The stamp of a file. Raises OSError."""
    found = os.stat(path)
    return Stamp(found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def digest(data: bytes) -> str:
    """The hash of a content."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def path_for(root: str, environment: Mapping[str, str]) -> str:
    """Where the cache of a checkout is (XDG Base Directory Specification)."""
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(environment.get("HOME") or os.path.expanduser("~"), ".cache")
    name = digest(os.fsencode(os.path.realpath(root)))
    return os.path.join(base, "qcilint", "catalog", f"{name}.json")


class Cache:
    """The entries of a checkout, by path. What cannot be read counts as nothing."""

    def __init__(self, path: str = "") -> None:
        """Without a path, nothing is kept."""
        self.path = path
        self.entries: dict[str, Entry] = {}
        self._started = time.time_ns()
        self._believed = 0
        """When the build began that wrote the cache."""
        self._is_changed = False
        if path:
            self._load()

    def is_current(self, path: str, full: str) -> bool:
        """Whether a file is certainly as it was when its entry was made."""
        entry = self.entries.get(path)
        if entry is None or not entry.content:
            return False
        try:
            now = stamp(full)
        except OSError:
            return False
        return now == entry.stamp and max(now.modified, now.changed) < self._believed - RACY_NS

    def put(self, path: str, entry: Entry) -> None:
        """Keep what a file says."""
        self.entries[path] = entry
        self._is_changed = True

    def keep(self, paths: Collection[str]) -> None:
        """Forget every other file."""
        wanted = set(paths)
        if len(wanted) != len(self.entries):
            self.entries = {path: entry for path, entry in self.entries.items() if path in wanted}
            self._is_changed = True

    def save(self) -> str:
        """Write it, if anything is new; returns what went wrong, or nothing."""
        if not (self.path and self._is_changed):
            return ""
        document = {"format": [FORMAT, __version__], "started": self._started, "files": self.entries}
        try:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            replace(self.path, json.dumps(document, separators=(",", ":")))
        except OSError as error:
            return f"{self.path} cannot be written: {error.strerror}"
        except CatalogError as error:
            return str(error)
        return ""

    def _load(self) -> None:
        try:
            with open(self.path, encoding="utf-8") as file:
                document = json.load(file)
            if document["format"] == [FORMAT, __version__]:
                self.entries = {path: Entry.of(entry) for path, entry in document["files"].items()}
                self._believed = int(document["started"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.entries = {}
