"""Sends edited lines through the commands of a pipeline: what a command does with a line hangs on no other line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qcilint.records import NamedTuple
from qcilint.scripts.fields import run
from qcilint.scripts.tools import HeldError, Options, Pair


class Step(NamedTuple):
    """A command of a pipeline."""

    tool: str
    options: Options | None
    """None for a command that is no tool."""
    named: frozenset[str]
    """The changed files that it may read."""
    reads_others: bool
    """It reads something else than the output of the command before it."""


class _Noticed(Exception):
    """The number of the command that notices an edit, and its expression."""


class _Feed:
    """Lines, of which it is known how many were taken."""

    def __init__(self, lines: Sequence[Pair]) -> None:
        self.lines, self.taken = lines, 0

    def __iter__(self) -> Iterator[Pair]:
        while self.taken < len(self.lines):
            self.taken += 1
            yield self.lines[self.taken - 1]


def noticed(lines: Sequence[Pair], into: Sequence[bool], steps: Sequence[Step]) -> dict[Pair, tuple[int, str]]:
    """The lines whose edit is noticed where they are sent into some commands of a pipeline.

    Each with the number of the first command that does, and with its expression.
    """
    found: dict[Pair, tuple[int, str]] = {}
    for stretch in _stretches(into, steps)[0]:
        feed = _Feed([line for line in lines if line not in found])
        while feed.taken < len(feed.lines):
            try:
                for _ in _through(stretch, feed):
                    pass
            except _Noticed as notice:
                found[feed.lines[feed.taken - 1]] = notice.args[0], notice.args[1]
    return found


def sent(lines: Sequence[Pair], into: Sequence[bool], steps: Sequence[Step]) -> list[Pair]:
    """What comes out of a pipeline that lines are sent into; nothing where it notices an edit."""
    out: list[Pair] = []
    stretches, comes_out = _stretches(into, steps)
    try:
        for stretch in stretches:
            out = list(_through(stretch, lines))
    except _Noticed:
        return []
    return out if comes_out else []


_Stretch = list[tuple[int, Step]]


def _stretches(into: Sequence[bool], steps: Sequence[Step]) -> tuple[list[_Stretch], bool]:
    """The commands that lines pass through from each that they enter on, and whether they come out of the last one."""
    found: list[_Stretch] = []
    passes = False
    for number, (enters, step) in enumerate(zip(into, steps, strict=True)):
        if enters:
            found.append([])
        passes = enters or (passes and not step.reads_others)
        if passes and step.options:
            found[-1].append((number, step))
    return found, passes


def _through(stretch: _Stretch, lines: Iterable[Pair]) -> Iterator[Pair]:
    """What comes out of some commands, one line after the other. Raises _Noticed."""
    flow: Iterable[Pair] = lines
    for number, step in stretch:
        flow = _step(number, step, flow)
    yield from flow


def _step(number: int, step: Step, lines: Iterable[Pair]) -> Iterator[Pair]:
    try:
        if step.options:
            yield from run(step.tool, step.options, lines)
    except HeldError as error:
        raise _Noticed(number, str(error) or step.tool) from None
