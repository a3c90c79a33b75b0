"""Writes suppression comments: the places where one may stand, tried in order until one does what it is to do."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from qcilint.context import Context
from qcilint.directives import Covering, Directive, block, continued, find
from qcilint.edits import Edit, apply
from qcilint.filetypes import TEMPLATE_SUFFIXES
from qcilint.findings import Finding
from qcilint.languages import difference
from qcilint.source import Source

NO_COMMENT = "no comment can stand here; name the file under per-path-ignores in the configuration"


class Left(NamedTuple):
    """Findings of a line for which no comment can be written."""

    line: int
    rules: tuple[str, ...]


def add(
    source: Source, language: str, findings: Sequence[Finding], relint: Callable[[bytes], list[Finding]], why: str
) -> tuple[bytes, list[Left]]:
    """The bytes with a comment for every reported finding, and those that got none. References and their contexts stay.

    `relint` gives the findings of other bytes in the place of the file; `why` is the reason to write, one line.
    """
    writer = _Writer(source, language, findings, relint, why)
    writer.write(range(len(writer.references)))
    return writer.source.data, sorted(writer.left)


class _Writer:
    """Writes comments into one file; its findings keep their numbers."""

    def __init__(
        self, source: Source, language: str, findings: Sequence[Finding], relint: Callable[[bytes], list[Finding]], why: str
    ) -> None:
        self.source, self._language, self._relint, self._why = source, language, relint, why
        self.references = _ignorable(findings)
        self.left: list[Left] = []

    def write(self, numbers: Iterable[int]) -> None:
        """Write comments for those findings that are reported: all at once, or else for the lower half of the lines first."""
        lines: dict[int, list[int]] = {}
        for number in numbers:
            if not self.references[number].kept:
                lines.setdefault(self.source.line(self.references[number].reference.start), []).append(number)
        if not lines or self._written(lines):
            return
        if len(lines) == 1:
            ((line, here),) = lines.items()
            self.left.append(Left(line, self._rules(here)))
            return
        middle = sorted(lines)[len(lines) // 2]
        self.write(number for line, here in lines.items() if line >= middle for number in here)
        self.write(number for line, here in lines.items() if line < middle for number in here)

    def _written(self, lines: Mapping[int, list[int]]) -> bool:
        """Write one comment for each line, in the first place where it does what it is to do; False where that cannot be."""
        places = _Places(self.source, self._language)
        ways = {line: [*places.edits(line, self._context(here), self._rules(here), self._why)] for line, here in lines.items()}
        tried = dict.fromkeys(lines, 0)
        while all(tried[line] < len(ways[line]) for line in lines):
            edits = {ways[line][tried[line]] for line in lines}
            if len({edit.start for edit in edits}) < len(edits):
                return False  # one comment for several lines is to name what each of them needs
            data = apply(self.source.data, sorted(edits))
            after = _ignorable(self._relint(data))
            stays = _stay(self.references, after) and not difference(self._language, self.source.data, data, ())
            wrong = [line for line, here in lines.items() if not (stays and all(_is_silent(after[n]) for n in here))]
            if not wrong:
                self.source, self.references = Source(self.source.path, data, self.source.repo_path), after
                return True
            if not stays and len(lines) > 1:
                return False
            for line in wrong:
                tried[line] += 1
        return False

    def _context(self, numbers: Sequence[int]) -> Context:
        return self.references[numbers[0]].context

    def _rules(self, numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple(sorted({self.references[number].rule for number in numbers}))


def _ignorable(findings: Sequence[Finding]) -> list[Finding]:
    """Those that a comment is written for: one about the image of a fix goes with that of the reference."""
    return [finding for finding in findings if finding.about in ("", "files")]


def _is_silent(finding: Finding) -> bool:
    return finding.silenced == "suppression"


def _stay(before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    """Whether every reference stands where it stood."""
    return len(before) == len(after) and all(
        old.reference.raw == new.reference.raw and old.context.names() == new.context.names()
        for old, new in zip(before, after, strict=True)
    )


class _Places:
    """Where comments may stand in a file."""

    def __init__(self, source: Source, language: str) -> None:
        self._source, self._language = source, language
        self._covering = Covering(find(source, language))
        self._outer: dict[int, int] = {}
        """Line → the nearest line above it that opens what it stands in."""
        last = source.line(len(source.data))
        for number in range(1, last + 1) if language in ("yaml", "markdown") else ():
            self._outer.update(dict.fromkeys(block(source, number, language, last), number))

    def edits(self, line: int, context: Context, rules: Sequence[str], why: str) -> Iterator[Edit]:
        """Ways to silence rules in a line, the best first."""
        source, language = self._source, self._language
        existing = next((each for each in self._covering.of(line) if each.ids and not each.of_file), None)
        if existing:
            yield _extended(source, existing, rules)
        outer, first = self._outer.get(line), continued(source, line)[0]
        text = f"qcilint: ignore[{', '.join(rules)}] {why}"
        opener, closer = comment_marks(source.repo_path or source.path, language)
        if opener and outer and language == "yaml":
            yield _behind(source, outer, f"{opener} {text}{closer}")
        if opener and outer and language == "markdown":
            yield _above(source, outer, f"{opener} {text}{closer}")
        inner, inner_closer = comment_marks("", context.language) if context.language != language else ("", "")
        for mark, end in ((opener, closer), (inner, inner_closer)):
            if not mark:
                continue
            comment = f"{mark} {text}{end}"
            if _may_follow(source, line, language if mark == opener else context.language):
                yield _behind(source, line, comment)
            if not _FIRST_LINES.match(source.data[slice(*source.line_span(first))].lstrip(b"\xef\xbb\xbf")):
                yield _above(source, first, comment)


_FIRST_LINES = re.compile(rb"#!|#[ \t]*(?:syntax|escape|check)[ \t]*=|<\?|<!DOCTYPE|%YAML")
"""Lines that count only where no comment stands above them (docs.docker.com/reference/dockerfile, "Parser directives")."""


def _extended(source: Source, existing: Directive, rules: Sequence[str]) -> Edit:
    start, end = existing.ids_span
    words = dict.fromkeys((*(existing.ids or ()), *rules))
    return Edit(start, end, source.data[start:end], ", ".join(words).encode())


def _behind(source: Source, line: int, comment: str) -> Edit:
    start, end = source.line_span(line)
    at = start + len(source.data[start:end].rstrip())
    return Edit(at, at, b"", b"  " + comment.encode())


def _above(source: Source, line: int, comment: str) -> Edit:
    start, end = source.line_span(line)
    data = source.data
    if start == 0 and data.startswith(b"\xef\xbb\xbf"):
        start = 3
    text = data[start:end]
    indent = text[: len(text) - len(text.lstrip(b" \t"))]
    return Edit(start, start, b"", indent + comment.encode() + (b"\r\n" if data[end : end + 2] == b"\r\n" else b"\n"))


_HASH = ("#", "")
_NONE = ("", "")
"""No comment that qcilint knows of, or markup and code in one file: where the one ends is not looked into."""
_STYLES = {
    "dockerfile": _HASH, "yaml": _HASH, "shell": _HASH, "make": _HASH, "python": _HASH, "ini": _HASH,
    "go": ("//", ""), "javascript": ("//", ""), "code": ("//", ""), "groovy": ("//", ""), "markdown": ("<!--", " -->"),
}  # fmt: skip
_OF_SUFFIX = {
    ".adoc": ("//", ""), ".asciidoc": ("//", ""), ".rst": ("..", ""), ".json5": ("//", ""), ".jsonc": ("//", ""),
    ".html": ("<!--", " -->"), ".xml": ("<!--", " -->"), ".sql": ("--", ""), ".lua": ("--", ""), ".css": ("/*", " */"),
    ".htm": ("<!--", " -->"), ".svg": ("<!--", " -->"), ".mdx": ("{/*", " */}"), ".bat": ("rem", ""), ".cmd": ("rem", ""),
    ".jsonnet": ("//", ""), ".libsonnet": ("//", ""), ".scss": ("//", ""),
    ".jsx": _NONE, ".tsx": _NONE, ".vue": _NONE, ".svelte": _NONE, ".tex": _NONE,
    ".tf": _HASH, ".tfvars": _HASH, ".hcl": _HASH, ".rb": _HASH, ".pl": _HASH, ".spec": _HASH, ".bzl": _HASH,
    ".ps1": _HASH, ".r": _HASH, ".cmake": _HASH, ".nix": _HASH, ".awk": _HASH,
}  # fmt: skip


def comment_marks(path: str, language: str) -> tuple[str, str]:
    """What opens and closes a comment; nothing where none is known. A template is written as what it makes."""
    name = posixpath.basename(path).lower()
    while name.endswith(TEMPLATE_SUFFIXES):
        name = posixpath.splitext(name)[0]
    if name == "cmakelists.txt":
        return _HASH
    return _OF_SUFFIX.get(posixpath.splitext(name)[1]) or _STYLES.get(language, _NONE)


def _may_follow(source: Source, line: int, language: str) -> bool:
    """Whether a comment may stand behind what is in a line. Behind a value in a makefile it would leave a blank in the value."""
    start, end = source.line_span(line)
    text = source.data[start:end]
    if text.rstrip().endswith(b"\\") or language in ("dockerfile", "ini", "text", "json"):
        return False
    return language != "make" or text.startswith(b"\t")
