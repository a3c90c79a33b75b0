"""Whether a variable surely has a value where it is used: takes settings and calls, answers for offsets.

What is not sure may come from the environment of the script (Bash Reference Manual, 3.7.4), or be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qcilint.languages.shell_blocks import Block

_DEEPEST = 100
_MOST_CALLS = 50
"""How deep functions may call each other."""


class Point(NamedTuple):
    """An offset and the innermost block around it."""

    block: Block
    offset: int


class Visit(NamedTuple):
    """A call of a function, and the innermost block around it."""

    block: Block
    start: int
    end: int
    is_detached: bool
    """It runs in a shell of its own: what the function does to variables is lost."""


def _is_defined(body: Block, call: Visit) -> bool:
    """Whether the function with a body surely exists where it is called."""
    around: Block | None = call.block
    for _ in range(_DEEPEST):
        if around is None or body.parent is None:
            break
        if around.real is body.parent.real:
            return body.end <= call.start
        around = around.parent
    return False


class Reach:
    """What one name is known to have."""

    def __init__(
        self, settings: Iterable[Point], calls: Mapping[str, list[Visit]], secret: frozenset[str], sealed: frozenset[str]
    ) -> None:
        self.calls = calls
        """Function name → where it is called."""
        self.secret = secret
        """Functions that are called in other ways too, or have several bodies."""
        self.known: dict[int, tuple[Block, int]] = {}
        """By the identity of a block: from which offset on the name has a value."""
        self._functions: dict[str, bool] = {}
        self._missing: dict[int, int] = {}
        """By the identity of a choice: how many of its branches do not give the name a value."""
        self.sealed = secret | sealed
        """Functions after which nothing is known: also those in which the name is local."""
        todo = list(settings)
        while todo:
            todo += self._add(*todo.pop())

    def _add(self, block: Block, offset: int) -> list[Point]:
        """Note that the name has a value in a block from an offset on; gives what follows from that elsewhere."""
        block = block.real
        known = self.known.get(id(block))
        if known and known[1] <= offset:
            return []
        self.known[id(block)] = block, offset
        follows: list[Point] = []
        choice = block.choice
        if choice and choice.complete and known is None and not block.leaves:
            if id(choice) not in self._missing:
                self._missing[id(choice)] = sum(not each.leaves for each in choice.branches)
            self._missing[id(choice)] -= 1
            if not self._missing[id(choice)]:
                follows.append(Point(choice.parent, choice.end))
        if block.is_function and not block.is_subshell and block.function not in self.sealed:
            follows += [
                Point(call.block, call.end)
                for call in self.calls.get(block.function, ())
                if not call.is_detached and _is_defined(block, call)
            ]
        return follows

    def is_sure(self, block: Block, offset: int, depth: int = 0) -> bool:
        """Whether the name surely has a value at an offset."""
        around: Block | None = block
        for _ in range(_DEEPEST):
            if around is None:
                break
            known = self.known.get(id(around.real))
            if known and known[1] <= offset:
                return True
            around = around.parent
        return bool(block.function) and depth < _MOST_CALLS and self._at_calls(block.function, depth)

    def _at_calls(self, function: str, depth: int) -> bool:
        """Whether the name surely has a value wherever a function is called."""
        if function not in self._functions:
            self._functions[function] = False  # for a function that calls itself
            calls = [] if function in self.secret else self.calls.get(function, [])
            self._functions[function] = bool(calls) and all(self.is_sure(call.block, call.start, depth + 1) for call in calls)
        return self._functions[function]
