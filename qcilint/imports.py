"""Names that a script takes from a file it sources, or a makefile from one it includes.

`hack/common.sh` says `REGISTRY=registry.ci.openshift.org`, `hack/e2e.sh` sources it and pulls `${REGISTRY}/ocp/4.20:cli`. Such a
reference is reported where it is used; as two files would have to change at once, neither is fixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from qcilint.composition import Composed, compose
from qcilint.filetypes import language_of
from qcilint.generated import included_files
from qcilint.languages import contexts
from qcilint.records import NamedTuple
from qcilint.reference import Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qcilint.analysis import Analysis

LANGUAGES = {"shell": b'%s="%s"\n', "make": b"%s := %s\n"}
"""Languages whose files include others, and how an assignment is written in them."""
DEEPEST = 5
"""How many files deep an inclusion is followed."""


class Lent(NamedTuple):
    """A name and its value in a file that others include."""

    name: str
    value: bytes
    path: str
    line: int


class Imports:
    """Which names the scripts of a repository take from files that they include."""

    def __init__(self) -> None:
        self.borrowed: dict[str, list[Lent]] = {}
        """Repository path of a script → the names that it takes from elsewhere and mentions."""
        self.users: dict[tuple[str, str], tuple[str, int]] = {}
        """Path and name of a definition → one script that mentions it, with the line."""

    def connect(self, analyses: Iterable[Analysis], scripts: Mapping[str, bytes]) -> None:
        """Find out which of `scripts` (path → bytes) mention names that the analysed files lend them."""
        lent: dict[str, list[Lent]] = {}
        for analysis in analyses:
            if found := _lent(analysis):
                lent.setdefault(analysis.source.repo_path.rsplit("/", 1)[-1], []).extend(found)
        if not lent:
            return
        includes = {path: set(included_files(data)) for path, data in scripts.items()}
        by_name: dict[str, list[str]] = {}
        for path in scripts:
            by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        for path, data in scripts.items():
            for name in _reached(path, includes, by_name):
                for each in lent.get(name, ()):
                    if each.path != path and (mention := _mention(each.name, data)):
                        self.borrowed.setdefault(path, []).append(each)
                        line = data.count(b"\n", 0, mention.start()) + 1
                        self.users.setdefault((each.path, each.name), (path, line))


def _lent(analysis: Analysis) -> list[Lent]:
    """The names of a file whose values hold a reference, or a part of one."""
    language, data = analysis.language, analysis.source.data
    if language not in LANGUAGES:
        return []
    starts = {reference.start for reference in analysis.references if not reference.flaw}
    return [
        Lent(binding.name, data[start:end], analysis.source.repo_path, analysis.source.line(start))
        for binding in analysis.compositions.names.bindings
        for start, end in binding.values
        if start in starts
    ]


def _reached(path: str, includes: Mapping[str, set[str]], by_name: Mapping[str, Sequence[str]]) -> set[str]:
    """The names of the files that a script includes, itself or through others."""
    reached: set[str] = set()
    waiting = [path]
    for _ in range(DEEPEST):
        names = {name for each in waiting for name in includes.get(each, ())} - reached
        reached |= names
        waiting = [other for name in names for other in by_name.get(name, ())]
    return reached


def _mention(name: str, data: bytes) -> re.Match[bytes] | None:
    return re.search(rb"\$[({]?%s\b" % re.escape(name.encode()), data)


def composed_in(
    path: str, data: bytes, lent: Sequence[Lent], locate: Callable[[bytes], list[Reference]]
) -> list[tuple[Composed, list[Lent]]]:
    """The references that a script composes with names from elsewhere, each with those names.

    The assignments are read as if they stood at the end of the script, so that all offsets stay those of the file.
    """
    language = language_of(path, data[:4096])
    if language not in LANGUAGES:
        return []
    text = data + b"\n" + b"".join(LANGUAGES[language] % (each.name.encode(), each.value) for each in lent)
    references = locate(text)
    spans = [(reference.start, reference.end) for reference in references]
    found: list[tuple[Composed, list[Lent]]] = []
    for composed in compose(language, text, references, contexts(language, text, spans)).composed:
        stretches = [stretch for each in composed.alternatives for stretch in each.stretches]
        names = {stretch.text.strip("${}()") for stretch in stretches if stretch.opened}
        if composed.end <= len(data) and any(stretch.start >= len(data) for stretch in stretches):
            found.append((composed, [each for each in lent if each.name in names]))
    return found
