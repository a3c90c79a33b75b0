"""Who may be asked about the files of a repository: the people of its OWNERS files, with the aliases resolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qcilint.output.owners import Owners, aliases

ALIASES = "OWNERS_ALIASES"
"""At the top of a repository (https://www.kubernetes.dev/docs/guide/owners/)."""


class People:
    """Looks people up in the files of one commit; names are in lower case, for GitHub does not tell them apart."""

    def __init__(self, held: Mapping[str, bytes]) -> None:
        self._approvers, self._reviewers = Owners(held), Owners(held, "reviewers")
        self._aliases = aliases(held.get(ALIASES, b""))

    def owners(self, path: str) -> list[str]:
        """The approvers of a file as they are written, sorted: an alias stands for its people."""
        return sorted({name.lower() for name in self._approvers.of("", path)})

    def approvers(self, path: str) -> list[str]:
        """The accounts that approve a file, sorted."""
        return sorted(set(self._resolved(self._approvers.of("", path))))

    def reviewers(self, path: str) -> list[str]:
        """The accounts that review a file, in the order of OWNERS; its approvers where nobody else does."""
        return list(dict.fromkeys(self._resolved(self._reviewers.of("", path)))) or self.approvers(path)

    def _resolved(self, names: Iterable[str]) -> list[str]:
        return [person.lower() for name in names for person in self._aliases.get(name.lower(), (name,))]


def chosen(files: Sequence[Mapping[str, Any]], most: int, taken: Iterable[str]) -> list[str]:
    """The reviewers of the most files, who are not among the `taken`; of equals those that OWNERS names first."""
    without = {name.lower() for name in taken}
    counts = Counter(name for file in files for name in file["reviewers"] if name not in without)
    return [name for name, _ in counts.most_common(most)]
