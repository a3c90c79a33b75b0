"""An input alias of ci-operator, and whether its list holds the QCI form of the same image already."""

from __future__ import annotations

from qcilint.checks import Checked, Neighbours
from qcilint.checks.half_migrated import qci_tag, starts_in_qci
from qcilint.context import Context
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.reference import Reference

BESIDE = "beside-qci"
"""The label of an alias that has its QCI form beside it."""


def check(reference: Reference, context: Context, neighbours: Neighbours, _data: bytes) -> Checked:
    """The reference; labelled where the new spelling stands in the same list."""
    tag = qci_tag(reference)
    starts = neighbours.once(_aliases).get((context.region, tag), ()) if tag else ()
    return Checked(reference, tuple((start, "its QCI form") for start in starts), (BESIDE,) if starts else ())


def _aliases(neighbours: Neighbours) -> dict[tuple[int | None, str], list[int]]:
    """Where input aliases name images by their QCI form, by region and tag."""
    return starts_in_qci(neighbours, (INPUT_ALIAS,))
