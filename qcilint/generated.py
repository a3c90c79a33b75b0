"""Files that are made by something: by their own words, or by a Makefile or script of the repository."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from fnmatch import fnmatchcase

from qcilint import lazy as re

_HEADER = re.compile(
    rb"(?i)do not (?:edit|modify|change)\b(?! below)|\bcode generated\b|@generated|\bgenerated file\b"
    rb"|\bauto(?:matically)?[- ]?generated\b|\A\W*generated (?:by|from|with|using)\b"
    rb"|\b(?:this|the) (?:docker|container)?file (?:is|was|has been) generated\b|\bis generated (?:by|from)\b"
)
_OPENINGS = (b"/*", b"<!--")
_COMMENTS = (*_OPENINGS, b"#", b"//", b"*", b"--", b";", b"(*", b"{/*")
LONGEST_HEADER = 80
"""Lines of a file's first comment that are read: a licence may stand before the words."""


def has_generated_header(data: bytes) -> bool:
    """Whether the comment at the top of a file says that the file is generated."""
    inside = False
    for line in data[:16384].split(b"\n")[:LONGEST_HEADER]:
        text = line.lstrip()
        inside = inside or text.startswith(_OPENINGS)
        if text and not inside and not text.startswith(_COMMENTS) and not line.startswith((b"\xef\xbb\xbf", b"---", b"{{")):
            return False
        lowered = line.lower()
        if (b"generated" in lowered or b"do not" in lowered) and _HEADER.search(line.lstrip(b" \t#/*;-!<{(")):
            return True
        if b"*/" in line or b"-->" in line:
            inside = False
    return False


_NAME = rb"[\"']?(?:\./)?([A-Za-z0-9_./-]+)"
_WRITES = (
    re.compile(rb"(?:(?<![0-9&>-])>|\btee)[ \t]*" + _NAME),
    re.compile(rb"(?<![\w-])(?:-o|--output|--out|--destination)[ =]" + _NAME),
    re.compile(rb"\bopen\([ ]*[frb]?" + _NAME + rb"[\"']?,[ ]*(?:mode=)?[\"'][wx]"),
    re.compile(rb"\b(?:Path\([ ]*[fr]?)?" + _NAME + rb"[\"']?\)?\.write_(?:text|bytes)\("),
    re.compile(rb"\bshutil\.(?:copy\w*|move)\([^,\n]{1,80},[ ]*[fr]?" + _NAME),
)
_CONSTANT = re.compile(rb"^([A-Za-z_]\w*)[ ]*=[ ]*(?:(?:pathlib\.)?Path\()?[fr]?" + _NAME + rb"[\"']\)?[ ]*$", re.M)


_STEMS = (b"Dockerfile", b"Containerfile")
_DOCUMENTS = (b".json", b".yaml", b".yml")
_FEW = 40
"""Names that are looked for one by one; of more, only the endings are."""


class Candidates:
    """Repository paths of the files that matter, found by the words of a script."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self._names = frozenset(os.fsencode(posixpath.basename(path)) for path in self.paths)
        self._stems = [stem for stem in _STEMS if any(stem in name for name in self._names)]
        documents = [name for name in self._names if name.endswith(_DOCUMENTS)]
        self.signs = (*(documents if len(documents) <= _FEW else _DOCUMENTS), *self._stems)
        """One of these stands in a text that names a Dockerfile or a document of them: a quick first question."""

    def may_be_named(self, data: bytes) -> bool:
        """Whether a text names one of the files, or Dockerfiles in general where one of them is a Dockerfile."""
        return any(stem in data for stem in self._stems) or self.are_named(data)

    def may_be(self, path: bytes) -> bool:
        """Whether a path or glob may be one of the files."""
        name = path.rpartition(b"/")[2]
        if b"*" in name and name.strip(b"*."):
            return any(fnmatchcase(os.fsdecode(each), os.fsdecode(name)) for each in self._names)
        return name in self._names

    def are_named(self, data: bytes) -> bool:
        """Whether one of the file names stands in a script."""
        return not self._names.isdisjoint(_WORD.findall(data))


_WORD = re.compile(rb"[\w.+@-]+")


def written_files(path: str, data: bytes, candidates: Candidates) -> dict[str, int]:
    """Which of the files the Python program at `path` writes, with the line."""
    found: dict[str, int] = {}
    constants = {match[1]: match[2] for match in _CONSTANT.finditer(data)}
    folder = posixpath.dirname(path)
    for writes in _WRITES:
        for match in writes.finditer(data):
            name = constants.get(match[1], match[1]).decode("utf-8", "replace").removeprefix("./")
            for place in (name, posixpath.join(folder, name)):
                if place in candidates.paths:
                    found.setdefault(place, data.count(b"\n", 0, match.start()) + 1)
                    break
    return found


_DIRECTIVE = re.compile(rb"^//go:generate[ \t]+([^\n]+)", re.M)


def directives(path: str, data: bytes, candidates: Candidates) -> dict[str, int]:
    """Which of the files the `go generate` directives of a Go file write, with the line (pkg.go.dev/cmd/go, "Generate Go files").

    A directive runs in the folder of its file.
    """
    found: dict[str, int] = {}
    if b"//go:generate" not in data:
        return found
    from qcilint.scripts.writes import script_writes

    for match in _DIRECTIVE.finditer(data):
        line = data.count(b"\n", 0, match.start()) + 1
        text = re.sub(rb"[ \t](-+\w*(?:out|output|o|destination)\w*)=", rb" \1 ", match[1]).replace(b" -out ", b" -o ")
        for place in script_writes(
            posixpath.join(posixpath.dirname(path), "Makefile.generate"), b"x:\n\t" + text + b"\n", candidates.paths
        ).files:
            found.setdefault(place, line)
    return found


_INCLUDES = re.compile(
    rb"^[ \t]*(?:-?include|sinclude)[ \t]+([^\n#]+)"
    rb"|(?:^[ \t]*|[;&|{(][ \t]*|[ \t](?:then|do)[ \t]+)(?:source|\.)[ \t]+([^\n;&|]+)",
    re.M,
)
_SUBSTITUTION = re.compile(rb"\$\([^()\n]*\)")


def included_files(data: bytes) -> dict[str, int]:
    """File names that a Makefile includes or a script sources, each with the line."""
    found: dict[str, int] = {}
    for match in _INCLUDES.finditer(data):
        text = _SUBSTITUTION.sub(b"x", match[1] or match[2])
        for word in text.split() if match[1] else text.split()[:1]:
            name = word.strip(b"\"')").rsplit(b"/", 1)[-1].decode("utf-8", "replace")
            if name:
                found.setdefault(name, data.count(b"\n", 0, match.start()) + 1)
    return found
