"""Checks that a table of cases cannot say, one a module.

A check has one function `check(reference, context, neighbours, data)`: all references of the file, and its bytes. It gives
the reference to judge (perhaps with its parts read anew) and the places that show why, or None where the rule does not apply.
One that never applies to a reference without variables says `ONLY_WITH_HOLES = True`: then valid QCI references can be told by
their line alone.

The check of a rule about whole files has one function `find(path, data, tree)`: the repository path of a file, its bytes, and the
files around it. It gives what it finds there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module

from qcilint.context import Context
from qcilint.records import NamedTuple
from qcilint.reference import Reference
from qcilint.tree import Tree
from qcilint.view import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


class Neighbours(list[tuple[Reference, Context]]):
    """All references of a file, and where they stand."""

    def __init__(self, all_: Sequence[tuple[Reference, Context]]) -> None:
        super().__init__(all_)
        self._made: dict[Callable[..., object], object] = {}

    def once(self, make: Callable[..., T], *given: bytes) -> T:
        """What a function makes of them, and of the bytes of their file: it is asked once for each file."""
        if make not in self._made:
            self._made[make] = make(self, *given)
        found: T = self._made[make]  # type: ignore[assignment]
        return found


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
    found: Check = import_module(f"qcilint.checks.{name}").check
    return found


class Found(NamedTuple):
    """What the check of a whole file found."""

    span: Span
    """The bytes that it is said of; never none."""
    label: str
    """Stands for `where` in the cases of the rule."""
    detail: str
    """Put in front of the note of the case."""
    places: tuple[tuple[str, int, str], ...] = ()
    """Other places that show it: path, line (0: none), what stands there."""


FileCheck = Callable[[str, bytes, Tree], Iterator[Found]]


@cache
def about_files(name: str) -> FileCheck:
    """The check of a module for a rule about whole files."""
    found: FileCheck = import_module(f"qcilint.checks.{name}").find
    return found
