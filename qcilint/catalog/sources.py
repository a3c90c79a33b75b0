"""Which catalogue counts for a file: the one that its configuration names, or that of a checkout of openshift/release."""

from __future__ import annotations

import os
from collections.abc import Callable

from qcilint.catalog import document
from qcilint.catalog.model import Catalog


class Catalogs:
    """Catalogues, each read or made once, when it is first asked for."""

    def __init__(self, path_for: Callable[[str], str], checkout: str, jobs: int, tell: Callable[[str], None]) -> None:
        """`path_for` gives the path of the catalogue that a configuration names for a file; empty for none. `checkout`: the top
        of a checkout of openshift/release, for the other files; empty without one. `tell` takes lines about its making.
        """
        self._path_for, self._checkout, self._jobs, self._tell = path_for, checkout, jobs, tell
        self._known: dict[str, Catalog | None] = {}

    def of(self, path: str) -> Catalog | None:
        """The catalogue for a file as the user named it; None where there is none. Raises CatalogError, or WorkerError."""
        named = self._path_for(path)
        if not (named or self._checkout):
            return None
        if named not in self._known:
            self._known[named] = document.read(named) if named else self._of_checkout()
        return self._known[named]

    def _of_checkout(self) -> Catalog | None:
        from qcilint.catalog.checkout import catalog_of

        return catalog_of(self._checkout, self._jobs, os.environ, self._tell)
