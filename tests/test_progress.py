"""Progress: on a terminal only, after a second only, and gone in the end."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from qcilint import workers
from qcilint.index import load
from qcilint.progress import Progress, wanted
from qcilint.scan import scan

from .conftest import OLD, git, git_environment

CLEAR = "\r\x1b[K"


class Clock:
    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def shown(step: float) -> list[str]:
    stream = io.StringIO()
    progress = Progress(stream, Clock(step))
    for number in range(2000):
        progress.tell(number, 2000, "files read")
    progress.close()
    return stream.getvalue().split(CLEAR)


def test_a_short_run_shows_nothing() -> None:
    assert shown(0.0001) == [""]


def test_a_long_run_shows_its_way_seldom_and_takes_it_back() -> None:
    lines = shown(1 / 128)
    assert lines[0] == lines[-1] == ""
    assert lines[1] == "qcilint: 127 of 2,000 files read"
    assert 100 < len(lines) < 200


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, True), ({"CI": "true"}, False), ({"TERM": "dumb"}, False)],
    ids=["terminal", "CI", "dumb"],
)
def test_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool) -> None:
    for name, value in ({"CI": "", "TERM": "xterm"} | environment).items():
        monkeypatch.setenv(name, value)
    master, slave = pty.openpty()
    with os.fdopen(master), os.fdopen(slave, "w") as terminal:
        assert wanted(terminal) is expected
    assert not wanted(io.StringIO())


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_piece_of_work_is_told_once(jobs: int) -> None:
    told: list[int] = []
    assert workers.run(lambda number: bytes([number]), 9, jobs, told.append) == [bytes([number]) for number in range(9)]
    assert told == list(range(1, 10))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_search_tells_how_many_files_are_searched(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "x").write_text("x\n")
    index = load()
    assert index is not None
    told: list[tuple[int, int, str]] = []
    scan([str(tmp_path / "x")] * 1000, index, jobs, follow=True, tell=lambda *what: told.append(what))
    assert told[-1] == (1000, 1000, "files searched")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert len(told) > 3


EAGER = "from qcilint import progress; progress.FIRST = progress.EVERY = 0.0; from qcilint.start import entry; entry()"
"""A run that shows progress from its beginning."""


def on_a_terminal(root: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output, and what a terminal got of standard error."""
    master, slave = pty.openpty()
    known = {key: value for key, value in git_environment().items() if key != "CI"}
    process = subprocess.Popen(
        [sys.executable, "-c", EAGER, *arguments], cwd=root, stdout=subprocess.PIPE, stderr=slave, text=True,
        env=known | {"TERM": "xterm"} | environment,
    )  # fmt: skip
    os.close(slave)
    output = process.stdout.read() if process.stdout else ""
    said = b""
    try:
        while piece := os.read(master, 65536):
            said += piece
    except OSError:
        pass  # the other end of a terminal that is closed
    os.close(master)
    return process.wait(), output, said.decode()


def test_a_run_on_a_terminal_shows_progress_and_leaves_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "Dockerfile").write_text(f"FROM {OLD}\n")
    for number in range(400):
        (tmp_path / f"{number}").write_text("x\n")
    code, output, said = on_a_terminal(tmp_path)
    assert (code, "QCI103" in output) == (1, True)
    assert "401 of 401 files searched" in said
    assert "qcilint: 1 of 1 files judged" in said
    assert said.endswith(CLEAR)
    assert on_a_terminal(tmp_path, CI="true") == (1, output, "")
    assert on_a_terminal(tmp_path, "--no-progress") == (1, output, "")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    code, output, said = on_a_terminal(tmp_path)
    assert (code, output) == (0, "no findings in 401 files\n")
    assert "401 of 401 files searched" in said
    assert said.endswith(CLEAR)
