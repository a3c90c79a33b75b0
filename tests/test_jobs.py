"""`--jobs`: how many processes look at files changes the time only, never what is said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qcilint.discovery import select
from qcilint.engine import Linter
from tests.conftest import LINTER, NEW, OLD
from tests.test_quick import git, run

TEXTS = {
    "Dockerfile": f"ARG V=4.20\nFROM {OLD}\nFROM registry.ci.openshift.org/ocp/${{V}}:base\n",
    "run.sh": f"IMAGE={OLD}\npodman pull $IMAGE\npodman push {NEW}\nsed -i s/ocp/x/ ../0/Dockerfile\n",
    "a.yaml": f"image: {OLD}\nrun: |\n  podman pull {OLD}\n",
    "a.py": f'IMAGE = "{OLD}"\nrun(["podman", "pull", IMAGE])\n',
    "Makefile": f"R = registry.svc.ci.openshift.org\nx:\n\tpodman pull $(R)/ocp/4.20:cli {OLD}\n",
    "a.md": f"Use `{OLD}`.\n",
    "clean": f"image: {NEW}\n",
    "broken.yaml": f"a: [\nimage: {OLD}\n",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jobs")
    for number in range(60):
        (folder / str(number)).mkdir()
        for name, text in TEXTS.items():
            (folder / str(number) / name).write_text(text.replace("4.20", f"4.{number}"))
    (folder / "binary").write_bytes(b"\0" + OLD.encode())
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


AT_ONCE = "from qcilint import spread; from qcilint.start import entry; spread._ALONE = 0; entry()"


def run_at_once(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """A run that starts processes for any work."""
    command = [sys.executable, "-c", AT_ONCE, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


FORMS = [[], ["--format", "json"], ["--format", "json", "--show-kept"], ["--diff", "--unsafe-fixes"], ["--statistics"]]


@pytest.mark.parametrize("arguments", FORMS, ids=" ".join)
def test_the_output_is_that_of_one_process(tree: Path, arguments: list[str]) -> None:
    alone = run(tree, "--jobs", "1", *arguments)
    assert alone[0] == 1
    assert len(alone[1]) > 10_000
    assert run(tree, "--jobs", "2", *arguments) == alone
    assert run_at_once(tree, "--jobs", "7", *arguments) == alone


@pytest.mark.parametrize("options", [["--fix"], ["--fix", "--unsafe-fixes", "--format", "json"]], ids=" ".join)
def test_the_fix_is_that_of_one_process(tree: Path, tmp_path: Path, options: list[str]) -> None:
    """A file with a second name cannot be written: it is complained of in its place, and told as it was."""
    done = {}
    for jobs in ("1", "2", "7"):
        copy = tmp_path / jobs / "tree"
        shutil.copytree(tree, copy)
        os.link(copy / "30" / "Makefile", copy.parent / "second name")
        said = (run_at_once if jobs == "7" else run)(copy, "--jobs", jobs, *options)
        done[jobs] = said, {path.relative_to(copy): path.read_bytes() for path in copy.glob("[0-9]*/*")}
    assert done["1"][0][0] == 2
    assert done["1"][0][2].startswith("qcilint: error: 30/Makefile: not fixed: the file has other names (hard links)")
    assert done["1"][1][Path("31/Makefile")] != done["1"][1][Path("30/Makefile")].replace(b"4.30", b"4.31")
    assert done["2"] == done["1"]
    assert done["7"] == done["1"]


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be read by root")
def test_a_file_that_cannot_be_read_is_told_in_the_same_way(tree: Path) -> None:
    (tree / "7" / "run.sh").chmod(0)
    try:
        alone = run(tree, "--jobs", "1")
        assert (alone[0], alone[2]) == (2, "qcilint: error: 7/run.sh: Permission denied\n")
        assert run(tree, "--jobs", "3") == alone
    finally:
        (tree / "7" / "run.sh").chmod(0o644)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_vanishes_is_told(tmp_path: Path, jobs: int) -> None:
    for number in range(400):
        (tmp_path / str(number)).write_text(f"FROM {OLD}\n")
    selection = select([str(tmp_path)])
    (tmp_path / "17").unlink()
    report = Linter(LINTER.rules, jobs=jobs).lint(selection)
    assert report.errors == [(str(tmp_path / "17"), "No such file or directory")]
    assert (report.checked, len(report.files)) == (400, 399)
    assert [file.source.path for file in report.files] == sorted(file.source.path for file in report.files)


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "257", "1.5", "²"])
def test_a_wrong_number_is_refused(tmp_path: Path, text: str) -> None:
    code, output, errors = run(tmp_path, "--jobs", text)
    assert (code, output) == (2, "")
    assert f"argument --jobs: {text!r} is no number from 1 to 256" in errors


FAULT = """
import os, signal, sys
from qcilint import workers
from qcilint.start import entry
real, parent = workers.run, os.getpid()
def run(work, count, jobs, *tell, **decode):
    def fatal(number):
        if number == 1 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(number)
    return real(fatal, count, jobs, *tell, **decode)
workers.run = run
entry()
"""
"""A run of which one process is killed, as for want of memory."""


def test_a_killed_process_is_an_error(tree: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULT, "--jobs", "2"], cwd=tree, capture_output=True, text=True, timeout=60, check=False
    )
    told = "qcilint: error: a worker process was killed (signal 9), perhaps for want of memory; try --jobs 1\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
