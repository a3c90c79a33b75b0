"""Runs one task for each of many things, in forked processes: one that crashes or is killed costs what it was at, no more."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar, cast

from qcilint.campaign import locks
from qcilint.campaign.errors import CampaignError, ChangeError

Thing = TypeVar("Thing")
_MOST_THINGS = 100
"""What one process does before another takes its place: what it remembers must not grow for ever."""
_SELDOM = (100_000, 20, 100)
"""Objects between two runs of the garbage collector: most of what is made stays until its task is done."""


@dataclass(slots=True)
class Done(Generic[Thing]):
    """What became of one thing: an answer, or an error."""

    thing: Thing
    answer: Any = None
    error: str = ""


@dataclass(slots=True)
class _Worker:
    """A process, and the number of the thing that it is at."""

    pid: int
    number: int
    done: int = 0


def default_jobs() -> int:
    """Processes at the same time: more than processors, for much of the time is spent waiting for the network."""
    return min(16, 4 * (os.cpu_count() or 1))


def run(
    things: Sequence[Thing],
    task: Callable[[Thing, Callable[[str], None]], Any],
    jobs: int,
    say: Callable[[Thing, str], None] = lambda _thing, _text: None,
) -> Iterator[Done[Thing]]:
    """Call `task` with each thing and a function to say what it is doing; yields in the order in which they end.

    What a task returns is pickled. Its ChangeError becomes the error; any other exception is one, too.
    """
    waiting = list(reversed(range(len(things))))
    running: dict[Connection, _Worker] = {}
    if waiting:
        gc.collect()
    gc.freeze()  # the children then leave the memory of the parent alone
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                number = waiting.pop()
                connection, pid = _fork(things, task, [*running])
                running[connection] = _Worker(pid, number)
                _send(connection, number)
            for ready in cast(list[Connection], wait(list(running))):
                worker = running[ready]
                thing = things[worker.number]
                try:
                    kind, content = ready.recv()
                except (EOFError, ConnectionError):
                    del running[ready]
                    yield Done(
                        thing, error=f"the process ended with {_end(ready, worker)}, for want of memory perhaps; try again"
                    )
                    continue
                if kind == "say":
                    say(thing, content)
                    continue
                worker.done += 1
                if waiting and worker.done < _MOST_THINGS:
                    worker.number = waiting.pop()
                    _send(ready, worker.number)
                else:
                    del running[ready]
                    _send(ready, None)
                    _end(ready, worker)
                yield Done(thing, content) if kind == "answer" else Done(thing, error=content)
    finally:
        for connection, worker in running.items():
            os.kill(worker.pid, signal.SIGTERM)
            _end(connection, worker)
        gc.unfreeze()


def _send(connection: Connection, number: int | None) -> None:
    with contextlib.suppress(OSError):  # a process that is gone is noticed at the next look at its connection
        connection.send(number)


def _end(connection: Connection, worker: _Worker) -> int:
    """Wait for a process that ends; how it ended."""
    status = os.waitpid(worker.pid, 0)[1]
    connection.close()
    return os.waitstatus_to_exitcode(status)


def _fork(
    things: Sequence[Thing], task: Callable[[Thing, Callable[[str], None]], Any], others: Sequence[Connection]
) -> tuple[Connection, int]:
    """Start a process that is told numbers of things; returns the connection to it, and its id."""
    ours, theirs = multiprocessing.Pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        theirs.close()
        return ours, pid
    code = 1
    try:
        for other in (ours, *others):
            other.close()
        locks.forget()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
        gc.set_threshold(*_SELDOM)
        while (number := theirs.recv()) is not None:
            theirs.send(_call(things[number], task, theirs))
        code = 0
    except (EOFError, OSError):
        pass  # the parent is gone
    finally:
        os._exit(code)


def _call(thing: Thing, task: Callable[[Thing, Callable[[str], None]], Any], sender: Connection) -> tuple[str, Any]:
    try:
        return "answer", task(thing, lambda text: sender.send(("say", text)))
    except (ChangeError, CampaignError) as error:
        return "error", str(error)
    except Exception as error:
        if os.environ.get("QCILINT_DEBUG"):
            import traceback

            traceback.print_exc()
        return "error", f"internal error: {type(error).__name__}: {error}"
