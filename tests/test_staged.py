"""`--staged`: what the next commit holds, and not what the work tree holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import NEW, OLD, Repository, git, git_environment, qcilint

PULL = f"oc image extract {OLD}\n"


def found(root: Path, *arguments: str) -> list[str]:
    """`path:line` of what is reported."""
    done = qcilint("--staged", "--format", "json", *arguments, cwd=root)
    assert done.returncode in (0, 1), done.stderr
    return [f"{each['path']}:{each['line']}" for each in json.loads(done.stdout)["findings"] if not each["kept"]]


def stage(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text)
    git(root, "--literal-pathspecs", "add", "--", name)


def test_the_index_counts_and_the_work_tree_does_not(repository: Repository) -> None:
    root = repository({"old.sh": PULL, "a.sh": "a\n", "b.sh": "b\n"})
    stage(root, "a.sh", f"a\n{PULL}")
    (root / "a.sh").write_text("a\n")
    stage(root, "b.sh", "c\n")
    (root / "b.sh").write_text(PULL)
    (root / "untracked.sh").write_text(PULL)
    assert found(root) == ["a.sh:2"]
    shown = qcilint("--staged", cwd=root).stdout.decode()
    assert PULL in shown
    assert shown.endswith("warning: 1 finding in 1 file (1 fixable with --fix)\n")


def test_before_the_first_commit_and_from_a_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "sub").mkdir()
    stage(tmp_path, "sub/a.sh", PULL)
    stage(tmp_path, "b.sh", PULL)
    assert found(tmp_path) == ["b.sh:1", "sub/a.sh:1"]
    assert found(tmp_path / "sub") == ["a.sh:1"]
    assert found(tmp_path / "sub", "..") == ["../b.sh:1", "a.sh:1"]


@pytest.mark.parametrize("name", ["a b", "tab\t", "line\nend", 'q"', "é", ":x", "-x", "*"])
def test_odd_names(repository: Repository, name: str) -> None:
    root = repository({"y": "y\n"})
    stage(root, name, PULL)
    (root / name).unlink()
    assert found(root) == [f"{name}:1"]
    assert found(root, "--", name) == [f"{name}:1"]


def test_links_submodules_binaries_and_what_is_removed_are_passed_over(repository: Repository) -> None:
    root = repository({"gone.sh": PULL, "kept.sh": PULL})
    git(root, "rm", "-q", "gone.sh")
    (root / "link").symlink_to(OLD)
    (root / "binary").write_bytes(b"\0" + PULL.encode())
    (root / "sub").mkdir()
    git(root / "sub", "init", "-q")
    git(root / "sub", "commit", "-q", "--allow-empty", "-m", "x")
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "-A")
    assert found(root) == []
    assert found(root, "gone.sh", "kept.sh") == []


def test_a_conflict_is_told(repository: Repository) -> None:
    root = repository({"a.sh": "a\n"})
    git(root, "switch", "-q", "-c", "work")
    stage(root, "a.sh", PULL)
    git(root, "commit", "-q", "-m", "x")
    git(root, "switch", "-q", "main")
    stage(root, "a.sh", "b\n")
    git(root, "commit", "-q", "-m", "x")
    subprocess.run(["git", "merge", "-q", "work"], cwd=root, capture_output=True, check=False, env=git_environment())
    stage(root, "b.sh", PULL)
    done = qcilint("--staged", cwd=root)
    assert (done.returncode, done.stdout.splitlines()[0][:7]) == (1, b"b.sh:1:")
    assert b"skipped a.sh: in conflict: resolve it, and `git add` it" in done.stderr


def test_excludes_and_configuration_apply(repository: Repository) -> None:
    root = repository({"qcilint.toml": 'exclude = ["gen/"]\nforce-exclude = true\n[severity]\nQCI102 = "note"\n', "gen/x": "x\n"})
    stage(root, "gen/a.sh", PULL)
    assert found(root, "gen/a.sh") == []
    stage(root, "a.sh", PULL)
    assert qcilint("--staged", cwd=root).returncode == 0
    assert found(root) == ["a.sh:1"]


def test_the_rest_of_the_repository_counts_as_it_is_in_the_index(repository: Repository) -> None:
    coupled = "x:\n\tsed -i 's#registry.ci.openshift.org/ocp/.*:cli#y#' Dockerfile\n"
    root = repository({"Makefile": coupled, "Dockerfile": "x\n"})
    stage(root, "Dockerfile", f"FROM {OLD}\n")
    assert b"nothing to change" in qcilint("--staged", "--diff", cwd=root).stderr
    (root / "Makefile").write_text("x:\n")  # not staged: the commit still has it
    assert b"nothing to change" in qcilint("--staged", "--diff", cwd=root).stderr
    git(root, "add", "Makefile")
    (root / "Makefile").write_text(coupled)  # back in the work tree only
    (root / "other.mk").write_text(coupled)
    assert b"1 file would be changed" in qcilint("--staged", "--diff", cwd=root).stderr


def test_the_diff_applies_to_the_index(repository: Repository) -> None:
    root = repository({"a.sh": "a\n"})
    stage(root, "a.sh", PULL)
    (root / "a.sh").write_text("something else\n")
    done = qcilint("--staged", "--diff", cwd=root)
    assert done.returncode == 1
    subprocess.run(["git", "apply", "--cached"], cwd=root, input=done.stdout, check=True)
    assert git(root, "show", ":a.sh") == PULL.replace(OLD, NEW)
    assert (root / "a.sh").read_text() == "something else\n"


def test_a_hook_sees_what_the_commit_holds(repository: Repository) -> None:
    root = repository({"a.sh": "a\n", "b.sh": "b\n"})
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -m qcilint --staged --format concise\n")
    hook.chmod(0o755)
    stage(root, "b.sh", PULL)
    (root / "a.sh").write_text("c\n")
    git(root, "commit", "-q", "-m", "only a.sh, though b.sh is staged", "a.sh")
    (root / "sub").mkdir()
    command = ["git", "commit", "-q", "-m", "x"]
    done = subprocess.run(command, cwd=root / "sub", capture_output=True, check=False, env=git_environment())
    assert done.returncode == 1
    assert b"b.sh:1:18" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fix"], "run `qcilint --fix FILE…` (or --add-ignores) on the files, then `git add` them"),
        (["--add-ignores", "x"], "--staged writes nothing"),
        (["--stdin-filename", "x"], "it goes without --since and --staged"),
        (["nowhere"], "nowhere: no such file or folder; check the path"),
        ([".."], "outside of"),
    ],
)
def test_wrong_use(repository: Repository, arguments: list[str], message: str) -> None:
    done = qcilint("--staged", *arguments, cwd=repository({"a": "a\n"}))
    assert done.returncode == 2
    assert message in " ".join(done.stderr.decode().split())


def test_outside_of_git(tmp_path: Path) -> None:
    done = qcilint("--staged", cwd=tmp_path)
    assert done.returncode == 2
    assert b"--staged: the working directory is in no git repository; name files instead" in done.stderr
