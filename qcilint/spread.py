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
