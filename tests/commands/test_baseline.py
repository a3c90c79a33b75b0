"""`qcilint baseline`, as users run it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ..conftest import DEAD, NEW, OLD, Repository, git, git_environment, qcilint

FILES = {
    "Dockerfile": f"FROM {OLD}\n",
    "hack/pull.sh": f"podman pull {OLD}\npodman pull {OLD}\n",
    "docs/x.md": f"`{DEAD}`\n",
    "qcilint.toml": 'baseline = "qcilint-baseline.txt"\n',
}
NAME = "qcilint-baseline.txt"


def rows(root: Path) -> list[list[str]]:
    return [line.split("\t") for line in (root / NAME).read_text().splitlines() if not line.startswith("#")]


@pytest.fixture
def root(repository: Repository) -> Path:
    root = repository(FILES)
    done = qcilint("baseline", "write", cwd=root)
    assert (done.returncode, done.stdout.decode()) == (0, f"{NAME}: 4 findings\n")
    return root


def test_old_findings_are_silent_and_new_ones_are_not(root: Path) -> None:
    assert [row[:2] + row[3:] for row in rows(root)] == [
        ["Dockerfile", "QCI103", "1"], ["docs/x.md", "QCI101", "1"], ["hack/pull.sh", "QCI102", "2"],
    ]  # fmt: skip
    assert qcilint(cwd=root).returncode == 0
    assert qcilint(cwd=root / "hack").stdout == b"no findings in 1 file\n"
    assert qcilint("--fix", cwd=root).stdout == b"fixed 0 references in 0 files\n"
    assert git(root, "status", "--porcelain") == f"?? {NAME}\n"
    assert qcilint("--no-baseline", cwd=root).returncode == 1
    assert f"in the baseline ({NAME}:3)" in qcilint("--show-kept", cwd=root).stdout.decode()
    (root / "new.sh").write_text(f"podman pull {OLD}\n")
    assert b"error: 1 finding" not in (out := qcilint(cwd=root).stdout)
    assert b"new.sh:1:13: QCI102" in out
    (root / "Dockerfile").write_text(f"\n\nFROM {OLD}\n")
    assert qcilint("Dockerfile", cwd=root).returncode == 0


def test_without_a_configuration(repository: Repository) -> None:
    root = repository({"a/x.sh": f"podman pull {OLD}\n", "b/x": ""})
    assert qcilint("baseline", "write", cwd=root / "a").returncode == 0
    assert [row[0] for row in rows(root)] == ["a/x.sh"]
    assert qcilint(cwd=root).returncode == 1
    assert qcilint("--baseline", f"../{NAME}", "..", cwd=root / "b").returncode == 0
    # The list itself is nothing to check, whatever its name is.
    assert qcilint("baseline", "write", "--file", "other.list", cwd=root).returncode == 0
    assert qcilint("baseline", "write", "--file", "other.list", cwd=root).returncode == 0
    assert qcilint("--baseline", "other.list", cwd=root).returncode == 0


def test_it_can_only_shrink(root: Path) -> None:
    before = (root / NAME).read_bytes()
    (root / "new.sh").write_text(f"podman pull {OLD}\n")
    (root / "hack/pull.sh").write_text(f"podman pull {OLD}\n")
    done = qcilint("baseline", "write", cwd=root)
    assert done.returncode == 1
    assert f"new.sh: QCI102 {OLD}: 0 in the baseline, 1 found\nerror: {NAME} would grow" in done.stdout.decode()
    assert (root / NAME).read_bytes() == before
    done = qcilint("baseline", "check", cwd=root)
    assert done.returncode == 1
    assert f"hack/pull.sh: QCI102 {OLD}: 2 in the baseline, 1 found\nerror: 1 entry of {NAME} stale" in done.stdout.decode()
    assert (root / NAME).read_bytes() == before
    assert qcilint("baseline", "prune", cwd=root).stdout.decode() == f"{NAME}: 1 entry pruned, 3 findings left\n"
    assert [row[0] + row[3] for row in rows(root)] == ["Dockerfile1", "docs/x.md1", "hack/pull.sh1"]
    assert qcilint("baseline", "check", cwd=root).stdout.decode() == f"{NAME}: nothing is stale\n"
    assert qcilint("baseline", "write", "--allow-growth", cwd=root).returncode == 0
    assert [row[0] for row in rows(root)] == ["Dockerfile", "docs/x.md", "hack/pull.sh", "new.sh"]


def test_a_part_of_the_files_makes_nothing_else_stale(root: Path) -> None:
    (root / "Dockerfile").unlink()
    (root / "hack/pull.sh").write_text("true\n")
    before = (root / NAME).read_bytes()
    assert qcilint("baseline", "check", "docs", cwd=root).returncode == 0
    assert qcilint("baseline", "prune", "docs/x.md", cwd=root).returncode == 0
    assert qcilint("baseline", "write", "docs", cwd=root).returncode == 0
    assert (root / NAME).read_bytes() == before
    assert qcilint("baseline", "prune", "hack", cwd=root).returncode == 0
    assert [row[0] for row in rows(root)] == ["Dockerfile", "docs/x.md"]
    # A file that is gone is seen from its folder.
    assert qcilint("baseline", "check", cwd=root).returncode == 1
    assert qcilint("baseline", "prune", cwd=root).returncode == 0
    assert [row[0] for row in rows(root)] == ["docs/x.md"]


def test_a_folder_with_a_baseline_of_its_own(root: Path) -> None:
    (root / "hack/qcilint.toml").write_text('baseline = "mine.txt"\n')
    assert b"hack/mine.txt: no such file; `qcilint baseline write` makes a baseline" in qcilint(cwd=root).stderr
    assert qcilint("baseline", "write", cwd=root / "hack").returncode == 0
    assert qcilint(cwd=root).returncode == 0
    assert qcilint("baseline", "write", cwd=root).returncode == 0
    assert [row[0] for row in rows(root)] == ["Dockerfile", "docs/x.md"]


def test_two_branches_that_fix_different_things_merge(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "baseline")
    for branch, name in (("a", "Dockerfile"), ("b", "hack/pull.sh")):
        git(root, "checkout", "-q", "-b", branch, "main")
        (root / name).write_text(FILES[name].replace(OLD, NEW))
        assert qcilint("baseline", "prune", cwd=root).returncode == 0
        git(root, "commit", "-qam", branch)
    # git itself takes neighbouring lines for a conflict; its driver for such lists does not.
    (root / ".git/info/attributes").write_text(f"{NAME} merge=union\n")
    subprocess.run(["git", "merge", "-q", "--no-edit", "a"], cwd=root, check=True, env=git_environment())
    assert qcilint("baseline", "prune", cwd=root).returncode == 0
    assert [row[0] for row in rows(root)] == ["docs/x.md"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--file", "gone"], "gone: no such file; `qcilint baseline write` makes a baseline"),
        (["check", "--allow-growth"], "--allow-growth goes with write"),
        (["write", "gone"], "gone: no such file or folder"),
        (["shrink"], "invalid choice: 'shrink'"),
        ([], "the following arguments are required"),
        (["check", "--file", "broken"], "broken:1: no entry"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "broken").write_text("x\n")
    done = qcilint("baseline", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_broken_baseline_stops_a_run(root: Path) -> None:
    (root / NAME).write_text("<<<<<<< ours\n")
    done = qcilint(cwd=root)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{NAME}:1: no entry: a merge conflict is left" in done.stderr.decode()


def test_the_page_shows_real_output(repository: Repository) -> None:
    page = (Path(__file__).parent.parent.parent / "docs/baseline.md").read_text()
    root = repository({name: text for name, text in FILES.items() if name != "docs/x.md"})
    (shown,) = re.findall(r"```console\n(.*?)```", page, re.S)
    for session in re.split(r"(?m)^\$ ", shown)[1:]:
        command, _, output = session.partition("\n")
        if command.startswith("qcilint"):
            assert qcilint(*command.split()[1:], cwd=root).stdout.decode() == output, command
        else:
            subprocess.run(command, shell=True, cwd=root, check=True)
