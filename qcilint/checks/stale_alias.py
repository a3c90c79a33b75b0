"""An input alias of ci-operator, and whether its list holds the QCI form of the same image already."""

from __future__ import annotations

from qcilint.checks import Checked, Neighbours
from qcilint.checks.half_migrated import is_in_qci, qci_tag
from qcilint.context import Context
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.reference import Reference

BESIDE = "beside-qci"
"""The label of an alias that has its QCI form beside it."""


def check(reference: Reference, context: Context, neighbours: Neighbours, _data: bytes) -> Checked:
    """The reference; labelled where the new spelling stands in the same list."""
    tag = qci_tag(reference)
    places = tuple(
        (other.start, "its QCI form")
        for other, around in neighbours
        if tag and around.where == INPUT_ALIAS and around.region == context.region and is_in_qci(other) and other.tag.raw == tag
    )
    return Checked(reference, places, (BESIDE,) if places else ())
