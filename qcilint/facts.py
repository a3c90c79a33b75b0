"""Facts of a repository that no single file shows.

* placeholders: the strings of `image-references` files, which stay equal wherever they are repeated;
* patterns: text that something elsewhere looks for, or must equal;
* made names: images that the repository itself builds, tags or pushes;
* included scripts: the variables that they assign are seen by others;
* generated files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qcilint.context import Context
from qcilint.couplings import DOCUMENTS, PATTERN_FLAWS, Pattern, is_expectation, patterns
from qcilint.generated import has_generated_header
from qcilint.reference import Reference
from qcilint.source import Source

Related = list[tuple[str, int, str]]
Place = tuple[str, int]
"""Repository path and line."""

MADE = frozenset(
    {"command:push", "command:tag-target", "command:build-target", "command:copy-target", "build-output", "call:build-image"}
)
"""Contexts in which an image gets a name."""


@dataclass(slots=True)
class Facts:
    """What is known of one repository."""

    placeholders: set[str] = field(default_factory=set)
    patterns: list[Pattern] = field(default_factory=list)
    made: dict[str, Place] = field(default_factory=dict)
    """Reference text → the command that builds, tags or pushes an image of this name."""
    included: dict[str, Place] = field(default_factory=dict)
    """File name of a script or makefile → what sources or includes it."""
    written: dict[str, Place] = field(default_factory=dict)
    """Repository path of a generated file → what writes it."""
    scripts: dict[str, bytes] = field(default_factory=dict)
    """Repository path → bytes of the makefiles and shell scripts that name a file with references."""
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
        if reference.raw in self.made:
            labels.append("made-here")
            related.append((*self.made[reference.raw], "builds, tags, loads or pushes an image of this name"))
        name = path.rsplit("/", 1)[-1]
        if name in self.included:
            labels.append("included")
            related.append((*self.included[name], "includes this file"))
        if reference.name and reference.flaw not in PATTERN_FLAWS:
            for pattern in self.patterns:
                if pattern.regex.match(reference.raw) and pattern.may_read(path):
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
        self.patterns += patterns(source, references, contexts)
        if is_expectation(path):
            return
        for reference, context in zip(references, contexts, strict=True):
            names = set(context.names())
            if reference.name and MADE & names and not DOCUMENTS & names:
                self.made.setdefault(reference.raw, (path, source.line(reference.start)))
