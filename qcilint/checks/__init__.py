"""Checks that a table of cases cannot say, one a module.

A check has one function `check(reference, context, neighbours, data)`: all references of the file, and its bytes. It gives
the reference to judge (perhaps with its parts read anew) and the places that show why, or None where the rule does not apply.
One that never applies to a reference without variables says `ONLY_WITH_HOLES = True`: then valid QCI references can be told by
their line alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import NamedTuple, cast

from qcilint.context import Context
from qcilint.reference import Reference

Neighbours = Sequence[tuple[Reference, Context]]


class Checked(NamedTuple):
    """What a check found."""

    reference: Reference
    places: tuple[tuple[int, str], ...] = ()
    """Bytes of the file, and what stands there."""
    labels: tuple[str, ...] = ()
    """Further context names that hold."""


Check = Callable[[Reference, Context, Neighbours, bytes], Checked | None]


@cache
def named(name: str) -> Check:
    """The check of a module."""
    return cast(Check, import_module(f"qcilint.checks.{name}").check)
