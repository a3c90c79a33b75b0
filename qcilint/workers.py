"""Spreads numbered pieces of work over processes that are forked from this one, and gathers their results in order.

A thread pool would share one interpreter lock, and the pools of the standard library cost more to start than most runs take.
Each process takes the next number from one pipe and writes its results to a pipe of its own; this process drains all of these
at once, so that no process waits for another.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_NUMBER = 4
_HEADER = 12
"""Bytes in front of a result: its number and its length; a length of all ones says that the work failed."""
_FAILED = (1 << 64) - 1
MOST_WORK = 4096
"""Pieces of work whose numbers fit into any pipe at once (64 KiB on Linux, 16 KiB elsewhere): handing them out never waits."""
_READ = 1 << 20
_MISSING = object()
"""The result of a piece that no process did."""


class WorkerError(Exception):
    """A process ended before its work was done; the text says how, and the remedy."""


def default_jobs() -> int:
    """The processors that this process may use: those of its affinity, within the limit of its control group (cgroup v2)."""
    try:
        count = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        count = os.cpu_count() or 1
    return max(1, min(count, _cgroup_limit() or count))


def _cgroup_limit() -> int:
    """The processors that the quota of the control group allows, rounded up; 0 for no limit that can be read."""
    try:
        with open("/sys/fs/cgroup/cpu.max", "rb") as file:
            quota, period = file.read().split()
        return -(-int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return 0


def run(
    work: Callable[[int], bytes],
    count: int,
    jobs: int,
    tell: Callable[[int], None] | None = None,
    *,
    decode: Callable[[bytes], Any] = bytes,
) -> list[Any]:
    """What `decode` makes of the results of `work(0)` to `work(count - 1)`, in order; it is asked as soon as there is a result.

    `tell` is called with the number of pieces that are done. Done in this process where there is one job, little work, or no way
    to fork. An exception of the work is raised here, as if it had been done here. Raises WorkerError where a process is killed.
    """
    jobs = min(jobs, count)
    if jobs <= 1 or not hasattr(os, "fork"):
        return _one_by_one(work, count, tell, decode)
    if count > MOST_WORK:
        raise ValueError(f"{count} pieces of work; {MOST_WORK} is the limit")
    return _Pool(work, count, tell, decode).run(jobs)


def _one_by_one(
    work: Callable[[int], bytes], count: int, tell: Callable[[int], None] | None, decode: Callable[[bytes], Any]
) -> list[Any]:
    results = []
    for number in range(count):
        results.append(decode(work(number)))
        if tell:
            tell(number + 1)
    return results


class _Pool:
    def __init__(
        self, work: Callable[[int], bytes], count: int, tell: Callable[[int], None] | None, decode: Callable[[bytes], Any]
    ) -> None:
        self._work, self._tell, self._decode, self._done = work, tell, decode, 0
        self._results: list[Any] = [_MISSING] * count
        self._children: list[int] = []
        self._pending: dict[int, bytearray] = {}
        """Descriptor to read from → what it gave and is not yet complete."""

    def run(self, jobs: int) -> list[Any]:
        numbers, feed = os.pipe()
        try:
            for _ in range(jobs):
                self._fork(numbers, feed)
            os.close(numbers)
            numbers = -1
            self._feed(feed)
            os.close(feed)
            feed = -1
            self._drain()
        except BaseException:
            self._stop()
            raise
        finally:
            for descriptor in (numbers, feed, *self._pending):
                if descriptor >= 0:
                    os.close(descriptor)
        self._wait()
        return [self._decode(self._work(number)) if result is _MISSING else result for number, result in enumerate(self._results)]

    def _feed(self, feed: int) -> None:
        try:
            text = b"".join(number.to_bytes(_NUMBER, "little") for number in range(len(self._results)))
            while text:
                text = text[os.write(feed, text) :]
        except BrokenPipeError:
            pass  # every process is gone; what they leave undone is noticed

    def _fork(self, numbers: int, feed: int) -> None:
        source, sink = os.pipe()
        self._pending[source] = bytearray()
        child = os.fork()
        if child:
            os.close(sink)
            self._children.append(child)
            return
        code = 1
        try:
            os.close(feed)
            for other in self._pending:
                os.close(other)
            while number := os.read(numbers, _NUMBER):
                _answer(sink, self._work, int.from_bytes(number, "little"))
            code = 0
        except BaseException:  # noqa: S110
            pass  # this process is a copy: nothing of it may run on
        finally:
            os._exit(code)

    def _drain(self) -> None:
        from select import poll

        poller = poll()
        for descriptor in self._pending:
            poller.register(descriptor)
        while self._pending:
            for descriptor, _ in poller.poll():
                piece = os.read(descriptor, _READ)
                if piece:
                    self._take(self._pending[descriptor], piece)
                else:
                    poller.unregister(descriptor)
                    os.close(descriptor)
                    del self._pending[descriptor]

    def _take(self, pending: bytearray, piece: bytes) -> None:
        """Take the complete results out of what a process gave so far."""
        pending += piece
        while len(pending) >= _HEADER:
            number = int.from_bytes(pending[:_NUMBER], "little")
            length = int.from_bytes(pending[_NUMBER:_HEADER], "little")
            size = 0 if length == _FAILED else length
            if len(pending) < _HEADER + size:
                return
            if length != _FAILED:
                self._results[number] = self._decode(bytes(pending[_HEADER : _HEADER + size]))
                self._done += 1
                if self._tell:
                    self._tell(self._done)
            del pending[: _HEADER + size]

    def _wait(self) -> None:
        """Collect the processes. Raises WorkerError for one that did not end by itself."""
        for code in [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in self._children]:
            if code:
                how = f"was killed (signal {-code})" if code < 0 else f"ended with {code}"
                raise WorkerError(f"a worker process {how}, perhaps for want of memory; try --jobs 1")

    def _stop(self) -> None:
        """End the processes that are still at work."""
        from signal import SIGKILL

        for child in self._children:
            try:
                os.kill(child, SIGKILL)
                os.waitpid(child, 0)
            except OSError:
                pass  # it has ended already


def _answer(sink: int, work: Callable[[int], bytes], number: int) -> None:
    try:
        result = work(number)
        answer = number.to_bytes(_NUMBER, "little") + len(result).to_bytes(8, "little") + result
    except Exception:
        answer = number.to_bytes(_NUMBER, "little") + _FAILED.to_bytes(8, "little")
    view = memoryview(answer)
    while view:
        view = view[os.write(sink, view) :]
