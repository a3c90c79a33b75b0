"""Has the files of a long list searched in several processes, some hundred at a time."""

from __future__ import annotations

from marshal import dumps, loads

from qcilint import workers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from qcilint.scan import Teller, Verdict

CHUNK = 256
"""Files of one piece of work."""


def spread(scan: Callable[[int, int], list[Verdict]], total: int, jobs: int, tell: Teller | None) -> list[Verdict]:
    """What `scan` says of the files from one number to before another, for all files. Raises WorkerError."""
    size = max(1, min(CHUNK, total // (4 * jobs)), -(-total // workers.MOST_WORK))

    def told(done: int) -> None:
        if tell:
            tell(min(done * size, total), total, "files searched")

    results = workers.run(lambda at: dumps(scan(at * size, (at + 1) * size)), -(-total // size), jobs, told, decode=loads)
    return [verdict for result in results for verdict in result]
