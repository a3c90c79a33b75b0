"""Files that something in the repository compares with each other: they are changed alike or not at all."""

from __future__ import annotations

from qcilint.records import NamedTuple


class Family(NamedTuple):
    """Repository paths of files that have to stay alike, and the place that compares them."""

    paths: frozenset[str]
    path: str
    line: int
