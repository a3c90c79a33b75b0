"""Input aliases: the texts under `inputs.*.as` that ci-operator compares with the FROM of a Dockerfile, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcilint.context import Context
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.records import NamedTuple
from qcilint.reference import Reference
from qcilint.source import Source

SHOWN = frozenset({"fence", "indented-code", "prose", "comment"})
"""Contexts of text that only shows something."""
_CONFIGURATIONS = "ci-operator/config/"
_OWN = "ci-operator/config/openshift/release/"


class Alias(NamedTuple):
    """A text in a list of input aliases."""

    path: str
    line: int
    beside: frozenset[str]
    """The references in its list, itself included."""
    about: frozenset[str] = frozenset()
    """The repository paths of the Dockerfiles that it is about, where that is known."""

    def may_concern(self, path: str) -> bool:
        """Whether it can be about a Dockerfile text in the file `path`."""
        if self.about:
            return path in self.about
        return self.path == path or not is_about_others(self.path)


def aliases(source: Source, references: Sequence[Reference], contexts: Sequence[Context]) -> Iterator[tuple[str, Alias]]:
    """Each reference of a file that is an input alias, with what is known of its list."""
    lists: dict[int | None, list[Reference]] = {}
    for reference, context in zip(references, contexts, strict=True):
        if context.where == INPUT_ALIAS and SHOWN.isdisjoint(context.names()):
            lists.setdefault(context.region, []).append(reference)
    for members in lists.values():
        texts = frozenset(member.raw for member in members)
        for member in members:
            yield member.raw, Alias(source.repo_path, source.line(member.start), texts)


def is_own(path: str) -> bool:
    """Whether a file is a configuration in openshift/release that builds Dockerfiles of openshift/release."""
    return path.startswith(_OWN)


def is_about_others(path: str) -> bool:
    """Whether a file is a configuration in openshift/release that builds the Dockerfiles of another repository."""
    return path.startswith(_CONFIGURATIONS) and not is_own(path)
