"""Runs one task for each of many things, each in a forked process of its own: a crash or a kill costs one of them only."""

from __future__ import annotations

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


@dataclass(slots=True)
class Done(Generic[Thing]):
    """What became of one thing: an answer, or an error."""

    thing: Thing
    answer: Any = None
    error: str = ""


@dataclass(slots=True)
class _Running(Generic[Thing]):
    thing: Thing
    pid: int


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
    waiting = list(reversed(things))
    running: dict[Connection, _Running[Thing]] = {}
    if waiting:
        gc.collect()
    gc.freeze()  # the children then leave the memory of the parent alone
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                thing = waiting.pop()
                connection, pid = _fork(thing, task, [*running])
                running[connection] = _Running(thing, pid)
            for ready in cast(list[Connection], wait(list(running))):
                state = running[ready]
                try:
                    kind, content = ready.recv()
                except EOFError:
                    kind, content = "dead", None
                if kind == "say":
                    say(state.thing, content)
                    continue
                del running[ready]
                ready.close()
                status = os.waitpid(state.pid, 0)[1]
                if kind == "dead":
                    content = f"the process ended with {os.waitstatus_to_exitcode(status)}, for want of memory perhaps; try again"
                yield Done(state.thing, content) if kind == "answer" else Done(state.thing, error=content)
    finally:
        for connection, state in running.items():
            os.kill(state.pid, signal.SIGTERM)
            os.waitpid(state.pid, 0)
            connection.close()
        gc.unfreeze()


def _fork(
    thing: Thing, task: Callable[[Thing, Callable[[str], None]], Any], others: Sequence[Connection]
) -> tuple[Connection, int]:
    """Start a process for one thing; returns where it answers, and its id."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        sender.close()
        return receiver, pid
    code = 1
    try:
        for other in (receiver, *others):
            other.close()
        locks.forget()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
        sender.send(_call(thing, task, sender))
        code = 0
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
