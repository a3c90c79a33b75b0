"""What a process says and how it ends where its surroundings fail: its streams, its working directory, the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import NEW, OLD, git_environment

PULL = f"podman pull {OLD}\n"
FULL = Path("/dev/full")


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `qcilint` is the real command, without the variable that turns buffers off."""
    start = f'qcilint() {{ "{sys.executable}" -m qcilint "$@"; }}\n'
    known = {name: value for name, value in git_environment().items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        ["sh", "-c", start + line], cwd=folder, env=known | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", ["", "clean.sh", "--format json", "--diff", "--format csv", "rule", "map ocp/4.20:cli"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_finds_no_room(tmp_path: Path, arguments: str, unbuffered: str) -> None:
    (tmp_path / "a.sh").write_text(PULL)
    (tmp_path / "clean.sh").write_text("true\n")
    done = shell(f"qcilint {arguments} > {FULL}", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 2
    assert done.stderr.endswith("qcilint: error: the output cannot be written: No space left on device\n")
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("qcilint >&-", 2, "qcilint: error: the output cannot be written: Bad file descriptor\n"),
        ("qcilint clean.sh >&-", 2, "qcilint: error: the output cannot be written: Bad file descriptor\n"),
        ("qcilint --fix >&- 2>&-", 2, ""),
        ("qcilint 2>&-", 1, ""),
        ("qcilint <&- >&- 2>&-", 2, ""),
        ("qcilint --files-from - <&-", 2, "qcilint: error: -: Bad file descriptor; --files-from names a list of paths\n"),
        ("qcilint --stdin-filename a.sh <&-", 2, "Bad file descriptor\n"),
    ],
)
def test_closed_streams(tmp_path: Path, line: str, code: int, message: str) -> None:
    (tmp_path / "a.sh").write_text(PULL)
    (tmp_path / "clean.sh").write_text("true\n")
    done = shell(line, tmp_path)
    assert done.returncode == code
    assert done.stderr.endswith(message) if message else done.stderr == ""
    assert "Traceback" not in done.stderr
    assert (tmp_path / "a.sh").read_text() == (PULL.replace(OLD, NEW) if "--fix" in line else PULL)


def test_git_is_asked_though_streams_are_closed(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text(PULL)
    (tmp_path / "ignored.sh").write_text(PULL)
    (tmp_path / ".gitignore").write_text("ignored.sh\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, env=git_environment(), check=True)
    done = shell("qcilint --format concise <&- 2>&-", tmp_path)
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["a.sh"]


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    done = shell("mkdir gone && cd gone && rmdir ../gone && qcilint", tmp_path)
    assert done.returncode == 2
    assert done.stderr == "qcilint: error: the working directory is gone; change to one that is there\n"


def test_a_traceback_for_those_who_ask_for_one(tmp_path: Path) -> None:
    done = shell(f"qcilint > {FULL}", tmp_path, QCILINT_DEBUG="1")
    assert "Traceback" in done.stderr
