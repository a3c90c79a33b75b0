"""Facts of a repository that no single file shows.

* placeholders: the strings of `image-references` files, which stay equal wherever they are repeated;
* patterns: text that a sed, grep or comparison elsewhere looks for;
* written files: those that a Makefile or script of the repository generates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from qcilint.context import Context
from qcilint.reference import Reference
from qcilint.source import Source

Related = list[tuple[str, int, str]]
PATTERN_FLAWS = ("regex", "wildcard")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text that something in the repository looks for."""

    path: str
    line: int
    text: str
    regex: re.Pattern[str]
    operands: tuple[str, ...]
    """The files it is looked for in; empty where that is not known."""


@dataclass(slots=True)
class Facts:
    """What is known of one repository."""

    placeholders: set[str] = field(default_factory=set)
    patterns: list[Pattern] = field(default_factory=list)
    written: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Repository path of a generated file → path and line of what writes it."""
    marked: set[str] = field(default_factory=set)
    """Repository paths whose first lines say that they are generated."""

    def about(self, reference: Reference, path: str) -> tuple[list[str], Related]:
        """Context names that the facts add to a reference in the file at `path`, and the places that show it."""
        labels: list[str] = []
        related: Related = []
        if reference.raw in self.placeholders:
            labels.append("placeholder")
        if path in self.marked:
            labels.append("generated")
        if path in self.written:
            labels.append("generated")
            related.append((*self.written[path], "writes this file"))
        if reference.name and reference.flaw not in PATTERN_FLAWS:
            for pattern in self.patterns:
                if pattern.regex.match(reference.raw) and _may_read(pattern, path):
                    labels.append("coupled")
                    related.append((pattern.path, pattern.line, f"looks for {pattern.text}"))
        return labels, related

    def add(self, source: Source, references: Sequence[Reference], contexts: Sequence[Context]) -> None:
        """Collect the facts that one file gives."""
        path = source.repo_path
        if path.rsplit("/", 1)[-1] == "image-references":
            self.placeholders.update(reference.raw for reference in references if reference.name)
        if has_generated_header(source.data):
            self.marked.add(path)
        if is_expectation(path):
            return
        for reference, context in zip(references, contexts, strict=True):
            is_pattern = context.where == "pattern" or reference.flaw in PATTERN_FLAWS
            if is_pattern and (pattern := _pattern(source, reference, context)):
                self.patterns.append(pattern)


def is_expectation(path: str) -> bool:
    """Whether a file is a test: its comparisons are about values at run time, not about files of the repository."""
    name = path.rsplit("/", 1)[-1]
    return bool(re.search(r"_test\.\w+\Z|\Atest_", name)) or bool(re.search(r"(?:\A|/)(?:vendor|testdata|node_modules)/", path))


_BODY = re.compile(rb"(?:[A-Za-z0-9_./:@%+?*{}()|^$\\-]|\[[^\]\n]{0,80}\])*")


def _pattern(source: Source, reference: Reference, context: Context) -> Pattern | None:
    """What a pattern reference looks for, or None where it is about no path (`…/.*`, a bare host)."""
    body = _BODY.match(source.data, reference.start)
    text = (body[0] if body else b"").decode("utf-8", "replace")
    for delimiter in _delimiters(source.data, reference.start):
        text = re.split(r"(?<!\\)" + re.escape(delimiter), text, maxsplit=1)[0]
    text = text.replace("\\/", "/").replace("\\\\", "\\")
    text = _balanced(text).rstrip("\\^|$")
    path = re.sub(r"\\?\.", ".", text).partition("/")[2]
    if not re.match(r"[A-Za-z0-9_.-]*[A-Za-z0-9]", path.replace(".*", "").replace(".+", "")) or path.startswith(
        (".*", ".+", "[", "(")
    ):
        return None
    try:
        regex = re.compile(text)
    except re.error:
        regex = re.compile(re.escape(reference.raw))
    return Pattern(source.repo_path, source.line(reference.start), text, regex, context.operands)


def _delimiters(data: bytes, start: int) -> list[str]:
    """The delimiter of the sed expression that the reference stands in, if it does: what follows its `s`."""
    line = data[data.rfind(b"\n", 0, start) + 1 : start]
    openings = re.findall(rb"(?:\A|[\s'\";{])(?:[0-9,$]*)s([^A-Za-z0-9\s\\])", line[-400:])
    return [openings[-1].decode("latin-1")] if openings else []


def _balanced(text: str) -> str:
    """The text up to the first closing bracket that none opened."""
    depth = 0
    for index, char in enumerate(text):
        if index and text[index - 1] == "\\":
            continue
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0 or (char == "|" and not depth):
            return text[:index]
    return text


def _may_read(pattern: Pattern, path: str) -> bool:
    if path == pattern.path:
        return True
    if not pattern.operands:
        return True
    return any(
        fnmatchcase(path, operand)
        or fnmatchcase(path, "*/" + operand.removeprefix("./"))
        or fnmatchcase(path, operand.removeprefix("./"))
        for operand in (operand.lstrip("/") for operand in pattern.operands)
    )


_HEADER = re.compile(
    rb"(?i)do not edit|do not modify|generated (?:file|code|from|by)\b|code generated"
    rb"|(?:is|was|automatically|auto)[- ]?generated|@generated"
)
_COMMENT = re.compile(rb"\s*(?:#|//|/\*|\*|<!--|--|;|\(\*|\{/\*)")


def has_generated_header(data: bytes) -> bool:
    """Whether a comment among the first lines says that the file is generated."""
    for line in data[:4096].split(b"\n")[:12]:
        if (
            _COMMENT.match(line)
            and _HEADER.search(line)
            and not re.search(rb"(?i)\bto generate\b|generated (?:files|code) (?:is|are)|do not edit below", line)
        ):
            return True
    return False


_TARGET = re.compile(rb"^([A-Za-z0-9_./-]+)[ \t]*:(?![:=])[^\n]*\n((?:\t[^\n]*\n|[ \t]*\n|#[^\n]*\n)*)", re.M)
_REDIRECT = re.compile(rb"(?:(?<![0-9&>-])>{1,2}|\btee(?:[ \t]+-a)?)[ \t]*[\"']?(?:\./)?([A-Za-z0-9_./-]+)")


def written_files(path: str, data: bytes, candidates: Iterable[str]) -> dict[str, int]:
    """Which of `candidates` (repository paths) the Makefile or script at `path` writes, with the line."""
    wanted = set(candidates)
    folder = path.rpartition("/")[0]
    found: dict[str, int] = {}
    for target in _TARGET.finditer(data + b"\n"):
        if re.search(rb"(?:>|\btee|\bmv|\bcp|-o)[^\n]*(?:\$@|\$\(@\))", target[2]):
            _note(target[1], target.start(), data, folder, wanted, found)
    for redirect in _REDIRECT.finditer(data):
        _note(redirect[1], redirect.start(), data, folder, wanted, found)
    return found


def _note(name: bytes, offset: int, data: bytes, folder: str, wanted: set[str], found: dict[str, int]) -> None:
    relative = name.decode("utf-8", "replace").removeprefix("./")
    for candidate in (relative, f"{folder}/{relative}" if folder else relative):
        if candidate in wanted:
            found.setdefault(candidate, data.count(b"\n", 0, offset) + 1)
