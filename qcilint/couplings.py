"""Couplings: text in a repository that other text of it looks for, or must equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcilint import lazy
from qcilint.ci_operator.aliases import SHOWN, is_about_others
from qcilint.context import Context
from qcilint.couplings_names import DOCKERFILE, PROXY, named
from qcilint.filetypes import POWERSHELL
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.possible import may_match, shape
from qcilint.records import dataclass, field, replace
from qcilint.reference import Reference
from qcilint.source import Source
from qcilint.view import Span

TYPE_CHECKING = False
if TYPE_CHECKING:  # most files hold no pattern
    from qcilint.couplings_config import ManagedFiles

PATTERN_FLAWS = ("regex", "wildcard")
EQUAL = frozenset({INPUT_ALIAS, "used-in-pattern", "value:operator.substitutions.pullspec"})
"""Contexts whose text something compares byte for byte with the text of other files."""
QUERIES = (".jq", ".yq")
PROGRAMS = (".sed", ".awk", *QUERIES)
"""Suffixes of files whose text is a program of a matching tool."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text that something in the repository looks for."""

    path: str
    line: int
    text: str
    expressions: tuple[str, ...]
    """Regular expressions, one for each dialect it may be written in; one of them has to match the beginning of a reference."""
    operands: tuple[str, ...] = ()
    """The files and folders it is looked for in; empty where that is not known."""
    files: tuple[re.Pattern[str], ...] = ()
    """What the path of a file that it is looked for in matches; empty where that is not known."""
    exact: bool = False
    """It is a complete reference and nothing else, its dots perhaps escaped."""
    span: Span = (0, 0)
    """Where the text of an exact pattern stands in its file, in bytes."""
    verbatim: bool = False
    """Compared as text, before any variable has a value."""
    _regexes: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)
    _shapes: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        regexes: list[re.Pattern[str]] = []
        shapes: list[str] = []
        for expression in self.expressions:
            shapes.append(shape(expression))
            try:
                regexes.append(re.compile(expression))
            except (re.error, OverflowError):
                continue
        object.__setattr__(self, "_regexes", tuple(regexes) if len(regexes) == len(shapes) else ())
        object.__setattr__(self, "_shapes", tuple(shapes))

    @property
    def plain(self) -> str:
        """The reference that an exact pattern is."""
        return self.text.replace("\\.", ".") if self.exact else ""

    def matches(self, raw: str, given: str) -> bool:
        """Whether the text of a reference is, or may become, one that begins with what is looked for.

        `given` is its shape (see `possible.text_shape`) where it has holes.
        """
        for regex in self._regexes:
            if regex.match(raw):
                return True
        if self._regexes and (self.verbatim or not given):
            return False
        return any(may_match(each, given or raw) for each in self._shapes)

    def may_read(self, path: str) -> bool:
        """Whether the file at the repository path may be one of those it is looked for in."""
        if path == self.path:
            return True
        if self.files:
            return any(regex.search(path) for regex in self.files)
        return not self.operands or any(_is_operand(path, operand) for operand in self.operands)


def _is_operand(path: str, operand: str) -> bool:
    """Whether a command with this operand may read the file: by its name from anywhere in the tree, or in a folder."""
    from fnmatch import fnmatchcase

    name = re.sub(r"\A(?:\.{0,2}/)+", "", operand).rstrip("/")
    if name in ("", ".", ".."):
        return True
    globs = (name, "*/" + name, name + "/*", "*/" + name + "/*")
    return any(fnmatchcase(path, glob) for glob in globs)


def patterns(source: Source, references: Sequence[Reference], contexts: Sequence[Context]) -> Iterator[Pattern]:
    """The patterns that stand in one file."""
    path = source.repo_path
    if is_expectation(path):
        return
    managed: ManagedFiles | None = None
    constants: frozenset[str] | None = None
    for reference, context in zip(references, contexts, strict=True):
        names = set(context.names())
        keys = [name.rsplit(".", 1)[-1].removeprefix("value:") for name in names if name.startswith("value:")]
        if found := named(source, reference, names):
            yield _whole(source, reference, found.expression, files=found.files, verbatim=found.exact)
        elif context.where == "pattern" or reference.flaw in PATTERN_FLAWS or _SEARCHED & set(keys):
            managed = managed or _managed_files(source)
            of_updater = not {*_UPDATED, *_NAMED}.isdisjoint(keys)
            if pattern := _pattern(
                source, reference, _with_files(source, context), managed.files(reference.start), always=of_updater
            ):
                yield pattern
        elif not reference.name and ("trustedRegistries" in keys or _is_trusted(source.data, reference.start)):
            if not PROXY.search(source.data):
                yield _whole(source, reference, re.escape(reference.raw) + "/", files=(DOCKERFILE,))
        elif reference.name and (patched := _patched(source, reference.start)):
            yield _whole(source, reference, re.escape(reference.raw) + r"\Z", operands=(patched,), verbatim=True)
        elif reference.name and reference.tag and "key" in names and names & {"json", "yaml"}:
            yield _whole(source, reference, re.escape(reference.raw) + r"\Z", files=(DOCKERFILE,), verbatim=True)
        elif reference.name and EQUAL & names and (context.where != INPUT_ALIAS or SHOWN & names):
            yield _equal(source, reference, names)
        elif reference.name and _UPDATED & set(keys):
            # Renovate and Dependabot update images that have this name, whatever their tag.
            yield _whole(source, reference, re.escape(reference.raw) + r"(?:[:@]|\Z)")
        elif "comment" not in names and _is_sought(source, reference):
            if pattern := _pattern(source, reference, context):
                yield pattern
        elif assigned := [name.partition(":")[2] for name in names if name.startswith("assignment:")]:
            if constants is None:
                from qcilint.couplings_code import matched_constants

                constants = matched_constants(context.language, source.data)
            if constants & set(assigned) and (pattern := _pattern(source, reference, context)):
                yield pattern


def _with_files(source: Source, context: Context) -> Context:
    """The context of a pattern with the files that the operands of its command stand for."""
    if not any(_OPEN.search(operand) for operand in context.operands):
        return context
    from qcilint.scripts.assigned import files

    return replace(context, operands=files(source.data.decode("latin-1"), context.operands))


_OPEN = lazy.compile(r"[$`*?\[{]")


def _managed_files(source: Source) -> ManagedFiles:
    from qcilint.couplings_config import ManagedFiles

    return ManagedFiles(source)


def partners_of(reference: Reference, path: str, matching: Sequence[Pattern]) -> tuple[int, ...]:
    """Where the patterns that match a reference start, if both sides can change together; empty otherwise.

    That is certain for a document that shows a Dockerfile beside its input aliases: nothing else compares the two. In a real
    configuration the old spelling of an alias stays, because other branches still have it.
    """
    here = all(each.path == path and each.operands == (path,) and each.exact and each.plain == reference.raw for each in matching)
    return tuple(each.span[0] for each in matching) if here and not path.startswith("ci-operator/") else ()


def is_expectation(path: str) -> bool:
    """Whether a file is a test: its comparisons are about values at run time, not about files of the repository."""
    name = path.rsplit("/", 1)[-1]
    if any(f"/{folder}/" in f"/{path}" for folder in ("vendor", "testdata", "node_modules")):
        return True
    return name.endswith(_PROGRAM) and bool(_TEST.search(name))


_PROGRAM = (".go", ".py", ".js", ".jsx", ".ts", ".tsx")
_TEST = lazy.compile(r"_test\.(?:go|py)\Z|\Atest_\w+\.py\Z|\.(?:test|spec)\.[jt]sx?\Z")
_UPDATED = frozenset({"matchPackageNames", "matchDepNames", "excludePackageNames", "excludeDepNames", "dependency-name"})
"""Keys of Renovate and Dependabot whose values are image names (docs.renovatebot.com/configuration-options, `packageRules`)."""
_NAMED = frozenset({"matchPackagePatterns", "matchPackagePrefixes", "matchDepPatterns", "matchDepPrefixes"})
_REPLACED = ("regexp", "regex", "search_string")
EDIT_KEY = "|".join((*_REPLACED, "insertbefore", "insertafter", "before", "after", "pattern-regex", "pattern-not-regex")).encode()
"""An expression for keys of Ansible's modules that edit files (docs.ansible.com/ansible/latest/collections/ansible/builtin)."""
EXPECTED_KEY = rb"contents|contains|stdout|expected(?:Contents|Output)"
"""An expression for keys of goss and of container-structure-test: what has to stand in a file, or in what a command prints."""
_SEARCHED = _NAMED.union(_REPLACED, ("matchStrings",))
"""Keys of Renovate, and of modules of Ansible that edit files, whose values are regular expressions or beginnings of names."""


def _is_trusted(data: bytes, start: int) -> bool:
    """Whether a host stands behind an option or a key that says which registries hadolint trusts (its rule DL3026)."""
    line = data[max(data.rfind(b"\n", 0, start) + 1, start - 200) : start]
    return b"rusted" in line and bool(re.search(rb"(?i)trusted[-_]?registr(?:y|ies)\b[^\n]*\Z", line))


def _patched(source: Source, start: int) -> str:
    """The file that a patch changes or keeps the line of byte `start` in; empty where there is none."""
    if (
        not source.repo_path.endswith((".patch", ".diff"))
        or source.data[source.data.rfind(b"\n", 0, start) + 1 : start][:1] == b"+"
    ):
        return ""
    headers = re.findall(rb"(?m)^--- (?:a/)?([^\t\r\n]+)", source.data[:start])
    return headers[-1].decode("utf-8", "surrogateescape") if headers else ""


def _is_sought(source: Source, reference: Reference) -> bool:
    """Whether a program of a matching tool, or a script of PowerShell, looks for a reference that stands in it."""
    if source.repo_path.endswith(POWERSHELL):
        from qcilint.scripts.powershell import is_compared

        return is_compared(source.data[max(reference.start - 400, 0) : reference.start])
    return source.repo_path.endswith(PROGRAMS) and not is_replacement(source, reference)


def is_replacement(source: Source, reference: Reference) -> bool:
    """Whether a reference stands in the right half of a substitution; in a program of jq, whether it is a value that is set."""
    start = source.data.rfind(b"\n", 0, reference.start) + 1
    before = source.data[max(start, reference.start - 400) : reference.start]
    if source.repo_path.endswith(QUERIES):
        return bool(_SET_BY_JQ.search(before)) and source.data[reference.end : reference.end + 2] != b'":'
    return bool(re.search(rb"(?:\A|[\s;{0-9$/])s([^A-Za-z0-9\s\\])(?:(?!\1)[^\\]|\\.)*\1(?:(?!\1)[^\\]|\\.)*\Z", before))


_SET_BY_JQ = lazy.compile(rb"(?:(?<![=!<>])=|[:;])[ \t]*\"[^\"\n]*\Z")


def _whole(
    source: Source,
    reference: Reference,
    expression: str,
    *,
    operands: tuple[str, ...] = (),
    files: tuple[re.Pattern[str], ...] = (),
    verbatim: bool = False,
) -> Pattern:
    """The pattern that a plain reference is."""
    holes = "".join("[^/:@\\s]*" if part.is_hole else re.escape(part.text) for part in reference.text)
    expressions = (expression, expression.replace(re.escape(reference.raw), holes, 1)) if reference.text.holes else (expression,)
    stands_here = source.data[reference.start : reference.end] == reference.raw.encode("utf-8", "surrogateescape")
    complete = bool(reference.tag or reference.digest) and not reference.text.holes and not reference.flaw and stands_here
    return Pattern(
        source.repo_path, source.line(reference.start), reference.raw, expressions, operands, files,
        exact=complete, span=(reference.start, reference.end), verbatim=verbatim,
    )  # fmt: skip


def _equal(source: Source, reference: Reference, names: set[str]) -> Pattern:
    """A text that must stay equal elsewhere; an input alias that a document shows is about that document."""
    path = source.repo_path
    operands = (path,) if (is_about_others(path) and "used-in-pattern" not in names) or SHOWN & names else ()
    # An alias is compared with the text of a Dockerfile as it is written (openshift/builder, pkg/build/builder/common.go).
    return _whole(source, reference, re.escape(reference.raw) + r"\Z", operands=operands, verbatim=INPUT_ALIAS in names)


def _pattern(
    source: Source, reference: Reference, context: Context, files: tuple[re.Pattern[str], ...] = (), *, always: bool = False
) -> Pattern | None:
    """What a pattern reference looks for; None where it is about every path of the host (`…/.*`) in no file that is named.

    `always`: the latter is meant, too.
    """
    if not reference.flaw and not source.data.startswith(reference.host.encode(), reference.start):
        # Put together from parts that stand elsewhere.
        return _whole(source, reference, re.escape(reference.raw), operands=context.operands) if reference.name else None
    from qcilint.expressions import read_expression

    found = read_expression(source.data, reference.start)
    is_named = bool(files) or any(operand.strip("./") for operand in context.operands)
    if not (is_named or always or found.names_path):
        return None
    return Pattern(
        source.repo_path, source.line(reference.start), found.text, found.expressions or (re.escape(reference.raw),),
        context.operands, files, exact=found.exact, span=found.span, verbatim=found.is_about_files and not is_named,
    )  # fmt: skip
