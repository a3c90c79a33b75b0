"""Work that is spread over processes: the results of one process, in order, and no hang whatever happens to a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qcilint import workers
from qcilint.workers import WorkerError, run

PARENT = os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 3, 500, workers.MOST_WORK])
def test_results_come_in_order(jobs: int, count: int) -> None:
    assert run(lambda number: b"%d" % number, count, jobs) == [b"%d" % number for number in range(count)]


def test_the_work_is_done_elsewhere() -> None:
    done = set(run(lambda _: b"%d" % os.getpid(), 40, 3))
    assert b"%d" % PARENT not in done


def test_results_may_be_larger_than_a_pipe() -> None:
    assert run(lambda number: bytes([number]) * 3_000_000, 6, 3) == [bytes([number]) * 3_000_000 for number in range(6)]


def test_an_error_of_the_work_is_raised_here() -> None:
    def work(number: int) -> bytes:
        if number == 3:
            raise KeyError("three")
        return b""

    with pytest.raises(KeyError, match="three"):
        run(work, 10, 2)


def children() -> set[str]:
    """The processes that this one has started and not waited for: also those of other tests."""
    return {pid for listing in Path("/proc/self/task").glob("*/children") for pid in listing.read_text().split()}


@pytest.mark.parametrize("how", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(3)], ids=["killed", "ended"])
@pytest.mark.parametrize("victims", [1, 2])
def test_a_process_that_dies_is_told(how: object, victims: int) -> None:
    def work(number: int) -> bytes:
        if number < victims and os.getpid() != PARENT:
            how()  # type: ignore[operator]
        time.sleep(0.01)
        return b"x" * 100_000

    before = children()
    with pytest.raises(WorkerError, match=r"a worker process (was killed \(signal 9\)|ended with 3), .*try --jobs 1"):
        run(work, 20, 2)
    assert children() == before


def test_no_more_numbers_than_a_pipe_holds() -> None:
    with pytest.raises(ValueError, match="4097 pieces of work; 4096 is the limit"):
        run(lambda _: b"", 4097, 2)


def test_without_fork_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert run(lambda _: b"%d" % os.getpid(), 3, 2) == [b"%d" % PARENT] * 3


INTERRUPTED = """
import os, signal, sys, time
from qcilint.workers import run
def work(number):
    if number == 0:
        os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60)
    return b""
try:
    run(work, 4, 2)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interrupt_ends_the_processes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "interrupted\n"
    assert done.stderr == ""


def test_the_processors_that_may_be_used_are_counted() -> None:
    assert 1 <= workers.default_jobs() <= (os.cpu_count() or 1)
