"""Writes suppression comments: the places where one may stand, tried in order until one does what it is to do."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
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
    current, found = source, list(findings)
    left: list[Left] = []
    given_up: set[int] = set()
    while True:
        references = _ignorable(found)
        open_ = [n for n, finding in enumerate(references) if not finding.kept and n not in given_up]
        if not open_:
            return current.data, sorted(left)
        line = current.line(references[open_[-1]].reference.start)
        here = [n for n in open_ if current.line(references[n].reference.start) == line]
        rules = tuple(sorted({references[n].rule for n in here}))
        for edit in _edits(current, language, line, references[here[0]].context, rules, why):
            data = apply(current.data, [edit])
            after = _ignorable(relint(data))
            if _is_right(references, after, here) and not difference(language, current.data, data, ()):
                current, found = Source(source.path, data, source.repo_path), after
                break
        else:
            given_up.update(here)
            left.append(Left(line, rules))


def _ignorable(findings: Sequence[Finding]) -> list[Finding]:
    """Those that a comment is written for: one about the image of a fix goes with that of the reference."""
    return [finding for finding in findings if finding.about in ("", "files")]


def _is_right(before: Sequence[Finding], after: Sequence[Finding], wanted: Sequence[int]) -> bool:
    """Whether the wanted findings are silent now, and every reference stands where it stood."""
    if len(before) != len(after) or not all(after[n].silenced == "suppression" for n in wanted):
        return False
    rows = zip(before, after, strict=True)
    return all(old.reference.raw == new.reference.raw and old.context.names() == new.context.names() for old, new in rows)


def _edits(source: Source, language: str, line: int, context: Context, rules: Sequence[str], why: str) -> Iterator[Edit]:
    """Ways to silence rules in a line, the best first."""
    existing = next((each for each in Covering(find(source, language)).of(line) if each.ids and not each.of_file), None)
    if existing:
        yield _extended(source, existing, rules)
    last = source.line(len(source.data))
    outer = next((n for n in range(line - 1, 0, -1) if line in block(source, n, language, last)), 0)
    first = continued(source, line)[0]
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
