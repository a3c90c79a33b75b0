"""Tests that read a file of the repository and expect a text in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from qcilint import lazy as re
from qcilint.reference import Reference
from qcilint.source import Source

_READS = re.compile(rb"\b(?:ReadFile|ReadAll|Open|open|read_text|read_bytes|readFile|readFileSync|golden|Golden)\b")
_QUOTED = re.compile(rb"[\"'`]([A-Za-z0-9_./-]{3,200})[\"'`]")


class Expectations:
    """The references that tests hold, with the files that each test names."""

    def __init__(self) -> None:
        self._by_text: dict[str, list[tuple[str, int]]] = {}
        self._names: dict[str, frozenset[str]] = {}

    def add(self, source: Source, references: Sequence[Reference]) -> None:
        """Note a test, if it reads files at all."""
        path = source.repo_path
        if not _READS.search(source.data) or re.search(r"(?:\A|/)(?:vendor|node_modules)/", path):
            return
        self._names[path] = frozenset(match[1].decode() for match in _QUOTED.finditer(source.data))
        for reference in references:
            if reference.name and not reference.flaw:
                self._by_text.setdefault(reference.raw, []).append((path, source.line(reference.start)))

    def of(self, text: str, path: str) -> Iterator[tuple[str, int]]:
        """The tests that name the file at `path` and expect this very text; one place for each test."""
        seen: set[str] = set()
        for test, line in self._by_text.get(text, ()):
            if test not in seen and test != path and self._reads(test, path):
                seen.add(test)
                yield test, line

    def _reads(self, test: str, path: str) -> bool:
        """A test names a file from its own folder, from the top of the tree, or by its parts (`Join("..", "Dockerfile")`)."""
        names, folder, base = self._names[test], posixpath.dirname(test), posixpath.basename(path)
        is_above = (folder + "/").startswith(posixpath.dirname(path) + "/") or not posixpath.dirname(path)
        if base in names and (is_above or names.issuperset(path.split("/"))):
            return True
        return any(
            name.endswith("/" + base)
            and path in (posixpath.normpath(posixpath.join(folder, name)), posixpath.normpath(name.lstrip("/")))
            for name in names
        )
