"""Files that are made by something: by their own words, or by a Makefile or script of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEADER = re.compile(
    rb"(?i)do not (?:edit|modify|change)\b(?! below)|\bcode generated\b|@generated|\bgenerated file\b"
    rb"|\bauto(?:matically)?[- ]?generated\b|\A\W*generated (?:by|from|with|using)\b"
    rb"|\b(?:this|the) (?:docker|container)?file (?:is|was|has been) generated\b|\bis generated (?:by|from)\b"
)
_COMMENT = re.compile(rb"\s*(?:#|//|/\*|\*|<!--|--|;|\(\*|\{/\*)")
_OPEN = re.compile(rb"\s*(?:/\*|<!--)")
LONGEST_HEADER = 80
"""Lines of a file's first comment that are read: a licence may stand before the words."""


def has_generated_header(data: bytes) -> bool:
    """Whether the comment at the top of a file says that the file is generated."""
    inside = False
    for line in data[:16384].split(b"\n")[:LONGEST_HEADER]:
        inside = inside or bool(_OPEN.match(line))
        if line.strip() and not inside and not _COMMENT.match(line) and not line.startswith((b"\xef\xbb\xbf", b"---", b"{{")):
            return False
        if _HEADER.search(line.lstrip(b" \t#/*;-!<{(")):
            return True
        if b"*/" in line or b"-->" in line:
            inside = False
    return False


_TARGET = re.compile(rb"^([A-Za-z0-9_./-]+)[ \t]*:(?![:=])[^\n]*\n((?:\t[^\n]*\n|[ \t]*\n|#[^\n]*\n)*)", re.M)
# A folder in front that is a variable (`"${ROOT}"/images/Dockerfile`) is left out.
_NAME = rb"[\"']?(?:\$(?:\{[^}\n]{1,60}\}|\([^)\n]{1,60}\)|[A-Za-z_]+)[\"']?/|\./)?([A-Za-z0-9_./-]+)"
_WRITES = (
    re.compile(rb"(?:(?<![0-9&>-])>{1,2}|\btee(?:[ \t]+-a)?)[ \t]*" + _NAME),
    re.compile(rb"(?<![\w-])(?:-o|--output|--out|--destination)[ =]" + _NAME),
    re.compile(rb"\bopen\([ ]*[frb]?" + _NAME + rb"[\"'],[ ]*(?:mode=)?[\"'][wax]"),
    re.compile(rb"\bPath\([ ]*[fr]?" + _NAME + rb"[\"']\)\.write_"),
)


def written_files(path: str, data: bytes, candidates: Iterable[str]) -> dict[str, int]:
    """Which of `candidates` (repository paths) the Makefile or script at `path` writes, with the line."""
    wanted = set(candidates)
    folder = path.rpartition("/")[0]
    found: dict[str, int] = {}
    for target in _TARGET.finditer(data + b"\n"):
        if re.search(rb"(?:>|\btee|\bmv|\bcp|-o)[^\n]*(?:\$@|\$\(@\))", target[2]):
            _note(target[1], target.start(), data, folder, wanted, found)
    for writes in _WRITES:
        for match in writes.finditer(data):
            _note(match[1], match.start(), data, folder, wanted, found)
    return found


def _note(name: bytes, offset: int, data: bytes, folder: str, wanted: set[str], found: dict[str, int]) -> None:
    relative = name.decode("utf-8", "replace").removeprefix("./")
    for candidate in (relative, f"{folder}/{relative}" if folder else relative):
        if candidate in wanted:
            found.setdefault(candidate, data.count(b"\n", 0, offset) + 1)


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
