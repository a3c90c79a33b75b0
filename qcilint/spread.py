"""Spreads work on the items of a long list over processes, some of them at a time, and gives what they say in order."""

from __future__ import annotations

import marshal

from qcilint import workers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType
    from typing import TypeVar

    T = TypeVar("T")

_ALONE = 0.02
"""Seconds: what takes less, or will, is not worth a process. To start some takes as long."""
_CHUNK = 8
"""Items of one piece of shared work."""


def share(work: Callable[[int, int], list[T]], total: int, jobs: int, tell: Callable[[int], None] | None = None) -> Iterator[T]:
    """As `spread`, but only what is not done in a short time goes to other processes: they share what was imported until then.

    What `work` says need not be plain data. Raises WorkerError.
    """
    from time import monotonic

    at, began = 0, monotonic()
    while at < total and (jobs == 1 or (took := monotonic() - began) < _ALONE or took * (total - at) < _ALONE * at):
        stop = min(at + _CHUNK, total)
        yield from work(at, stop)
        at = stop
        if tell:
            tell(at)
    if at < total:
        import pickle

        told = (lambda done: tell(at + done)) if tell else None
        yield from spread(lambda start, stop: work(at + start, at + stop), total - at, _CHUNK, jobs, told, pickle)


def spread(
    work: Callable[[int, int], list[T]],
    total: int,
    size: int,
    jobs: int,
    tell: Callable[[int], None] | None = None,
    codec: ModuleType = marshal,
) -> Iterator[T]:
    """What `work` says of the items from one number to before another, for all below `total`, about `size` at a time.

    `tell` is told how many items are done. `codec` has `dumps` and `loads` for what is said: `pickle` where it is no plain data.
    Raises WorkerError.
    """
    size = max(1, min(size, total // (4 * jobs)), -(-total // workers.MOST_WORK))

    def piece(at: int) -> bytes:
        said: bytes = codec.dumps(work(at * size, min((at + 1) * size, total)))
        return said

    def told(done: int) -> None:
        if tell:
            tell(min(done * size, total))

    for result in workers.run(piece, -(-total // size), jobs, told, decode=codec.loads):
        yield from result
