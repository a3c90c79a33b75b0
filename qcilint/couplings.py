"""Couplings: text in a repository that other text of it looks for, or must equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from qcilint.context import Context
from qcilint.reference import Reference
from qcilint.source import Source

PATTERN_FLAWS = ("regex", "wildcard")
EQUAL = frozenset({"input-alias", "used-in-pattern", "value:operator.substitutions.pullspec"})
"""Contexts whose text something compares byte for byte with the text of other files."""
DOCUMENTS = frozenset({"fence", "indented-code", "prose", "comment"})
"""Contexts of text that only shows something."""
LONGEST = 400
"""Bytes of a line before a reference that are looked at."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text that something in the repository looks for."""

    path: str
    line: int
    text: str
    regex: re.Pattern[str]
    operands: tuple[str, ...]
    """The files it is looked for in; empty where that is not known."""

    def may_read(self, path: str) -> bool:
        """Whether the file at the repository path may be one of those it is looked for in."""
        if path == self.path or not self.operands:
            return True
        names = (operand.lstrip("/").removeprefix("./") for operand in self.operands)
        return any(fnmatchcase(path, name) or fnmatchcase(path, "*/" + name) for name in names)


def patterns(source: Source, references: Sequence[Reference], contexts: Sequence[Context]) -> Iterator[Pattern]:
    """The patterns that stand in one file."""
    if is_expectation(source.repo_path):
        return
    for reference, context in zip(references, contexts, strict=True):
        names = set(context.names())
        if context.where == "pattern" or reference.flaw in PATTERN_FLAWS:
            if pattern := _pattern(source, reference, context):
                yield pattern
        elif reference.name and EQUAL & names:
            yield _equal(source, reference, names)
        elif reference.name and "value:images.name" in names and source.repo_path.rsplit("/", 1)[-1].startswith("kustomization"):
            # kustomize replaces the images of the manifests that have this name, whatever their tag.
            regex = re.compile(re.escape(reference.raw) + r"(?:[:@]|\Z)")
            yield Pattern(source.repo_path, source.line(reference.start), reference.raw, regex, ())


def is_expectation(path: str) -> bool:
    """Whether a file is a test: its comparisons are about values at run time, not about files of the repository."""
    name = path.rsplit("/", 1)[-1]
    is_test = re.search(r"_test\.(?:go|py)\Z|\Atest_\w+\.py\Z|\.(?:test|spec)\.[jt]sx?\Z", name)
    return bool(is_test or re.search(r"(?:\A|/)(?:vendor|testdata|node_modules)/", path))


def _equal(source: Source, reference: Reference, names: set[str]) -> Pattern:
    """A text that must stay equal elsewhere.

    Aliases of a configuration in openshift/release are about Dockerfiles of other repositories, or about text in the same file;
    those that a document shows are about that document.
    """
    path = source.repo_path
    is_central = path.startswith("ci-operator/config/") and not path.startswith("ci-operator/config/openshift/release/")
    operands = (path,) if (is_central and "used-in-pattern" not in names) or DOCUMENTS & names else ()
    regex = re.compile(re.escape(reference.raw) + r"\Z")
    return Pattern(path, source.line(reference.start), reference.raw, regex, operands)


_BODY = re.compile(rb"(?:[A-Za-z0-9_./:@%+?*{}()|^$\\-]|\[[^\]\n]{0,80}\])*")
_CLOSING = {"{": "}", "(": ")", "[": "]", "<": ">"}


def _pattern(source: Source, reference: Reference, context: Context) -> Pattern | None:
    """What a pattern reference looks for; None where it is about every path of the host (`…/.*`) in no file that is named."""
    body = _BODY.match(source.data, reference.start)
    text = (body[0] if body else b"").decode("utf-8", "replace")
    if delimiter := _delimiter(source.data, reference.start):
        text = re.split(r"(?<!\\)" + re.escape(_CLOSING.get(delimiter, delimiter)), text, maxsplit=1)[0]
    text = text.replace("\\/", "/").replace("\\\\", "\\")
    text = _balanced(text).rstrip("\\^|$")
    path = re.sub(r"\\?\.", ".", text).partition("/")[2]
    literal = path.replace(".*", "").replace(".+", "")
    if not context.operands and (path.startswith((".*", ".+", "[")) or not re.match(r"[(A-Za-z0-9_.-]*[A-Za-z0-9]", literal)):
        return None
    try:
        regex = re.compile(text)
    except re.error:
        regex = re.compile(re.escape(reference.raw))
    return Pattern(source.repo_path, source.line(reference.start), text, regex, context.operands)


def _delimiter(data: bytes, start: int) -> str:
    """The delimiter of the `s` expression or the `${name/…/…}` that the reference stands in, if it stands in one."""
    line = data[max(data.rfind(b"\n", 0, start) + 1, start - LONGEST) : start]
    if re.search(rb"\$\{[A-Za-z_][A-Za-z0-9_]*(?:\[[@*]\])?//?[^/}]*\Z", line):
        return "/"
    openings = re.findall(rb"(?:\A|[\s'\";{])(?:[0-9,$]*)s([^A-Za-z0-9\s\\])", line)
    return openings[-1].decode("latin-1") if openings else ""


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
