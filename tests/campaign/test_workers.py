"""Forked workers, and what is shown of them."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qcilint.campaign import workers
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.progress import Progress


def task(thing: int, say: Callable[[str], None]) -> int:
    say(f"at {thing}")
    if thing == 3:
        raise ChangeError("three is refused")
    if thing == 4:
        raise ValueError("four")
    if thing == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return thing * 10


@pytest.mark.parametrize("jobs", [1, 3, 50])
def test_one_that_dies_costs_itself_only(jobs: int) -> None:
    said: list[tuple[int, str]] = []
    done = {each.thing: each for each in workers.run(range(8), task, jobs, lambda thing, text: said.append((thing, text)))}
    assert {thing: each.answer for thing, each in done.items() if not each.error} == {0: 0, 1: 10, 2: 20, 6: 60, 7: 70}
    assert done[3].error == "three is refused"
    assert done[4].error == "internal error: ValueError: four"
    assert done[5].error == "the process ended with -9, for want of memory perhaps; try again"
    assert sorted(said) == [(thing, f"at {thing}") for thing in range(8)]


def leave_early() -> None:
    running = workers.run(range(8), task, 4)
    next(running)
    running.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_is_left_early_leaves_no_process() -> None:
    """In a process of its own: other tests may have left a server running in this one."""
    command = "from tests.campaign.test_workers import leave_early; leave_early()"
    subprocess.run([sys.executable, "-c", command], cwd=Path(__file__).parents[2], check=True)


def test_plain_lines_are_only_those_that_stay() -> None:
    stream = io.StringIO()
    progress = Progress(stream, 2)
    progress.begin("org/a", "fetching")
    progress.end("org/a", "1 fixed\x1b[31m")
    progress.end("org/b", "nothing to do")
    progress.close()
    assert stream.getvalue() == "[1/2] org/a: 1 fixed\\x1b[31m\n[2/2] org/b: nothing to do\n"


def test_a_terminal_shows_what_is_at_work_and_ends_clean() -> None:
    stream = io.StringIO()
    progress = Progress(stream, 2, live=True)
    progress.begin("org/a", "fetching")
    progress.begin("org/b", "checking")
    progress.end("org/a", "1 fixed")
    progress.close()
    shown = stream.getvalue()
    assert "  org/a: fetching\n  0 of 2 done\n" in shown
    assert "[1/2] org/a: 1 fixed\n  org/b: checking\n  1 of 2 done\n" in shown
    assert shown.endswith("\x1b[2F\x1b[J")
