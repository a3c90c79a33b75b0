"""The hooks for pre-commit, run by the real pre-commit on real commits. Its environment is built once, from PyPI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import NEW, OLD, git, git_environment
from .pages import publish

PULL = f"oc image extract {OLD}\n"
FIXED = PULL.replace(OLD, NEW)


class Hooks:
    """A repository with the hooks, and the environment in which pre-commit keeps what it builds for them."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "hooks"
        self.environment = git_environment() | {"PRE_COMMIT_HOME": str(folder / "store"), "PRE_COMMIT_COLOR": "never"}
        if not self.source.exists():
            own = folder / f"hooks-{os.getpid()}"
            publish(own)
            try:
                own.rename(self.source)
            except OSError:
                shutil.rmtree(own)  # another process of this test run was faster
        self.revision = git(self.source, "rev-parse", "HEAD").strip()

    def configuration(self, hook: str, *settings: str) -> str:
        """A `.pre-commit-config.yaml` with one hook."""
        lines = [f"  - id: {hook}", *(f"    {setting}" for setting in settings)]
        return "\n".join(["repos:", f"- repo: {self.source}", f"  rev: {self.revision}", "  hooks:", *lines, ""])

    def pre_commit(self, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pre-commit itself."""
        command = [sys.executable, "-m", "pre_commit", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=self.environment)

    def commit(self, root: Path) -> subprocess.CompletedProcess[str]:
        """Commit what is staged, which runs the hook."""
        command = ["git", "commit", "-m", "x"]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=self.environment)

    def repository(self, root: Path, hook: str, *settings: str, **files: str) -> Path:
        """A repository that uses a hook, with these files committed before."""
        root.mkdir()
        git(root, "init", "-q", "-b", "main")
        write(root, {".pre-commit-config.yaml": self.configuration(hook, *settings)} | files)
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "start")
        done = self.pre_commit(root, "install", "--install-hooks")
        if "NewConnectionError" in done.stdout:
            pytest.skip("pre-commit cannot reach PyPI to build the environment of the hooks")
        assert done.returncode == 0, done.stdout + done.stderr
        return root


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def stage(root: Path, files: dict[str, str]) -> None:
    write(root, files)
    git(root, "add", "-A")


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    base = tmp_path_factory.getbasetemp()
    return Hooks(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


def test_a_clean_commit_passes_and_a_dirty_one_fails(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint", **{"old.sh": PULL})
    stage(root, {"clean.sh": "echo\n", "Dockerfile-dev": "FROM scratch\n"})
    done = hooks.commit(root)
    assert done.returncode == 0, done.stderr
    assert re.search(r"(?m)^qcilint\.+Passed$", done.stderr)
    stage(root, {"Dockerfile-dev": f"FROM {OLD}\n"})
    done = hooks.commit(root)
    assert done.returncode == 1
    assert "Dockerfile-dev:1:6: QCI103" in done.stderr
    assert f"help: → {NEW} (safe)" in done.stderr
    assert "old.sh" not in done.stderr
    assert (root / "Dockerfile-dev").read_text() == f"FROM {OLD}\n"


def test_fix_rewrites_and_the_next_commit_passes(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint-fix")
    stage(root, {"a.sh": PULL})
    done = hooks.commit(root)
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stderr
    assert "fixed 1 reference in 1 file" in done.stderr
    assert (root / "a.sh").read_text() == FIXED
    git(root, "add", "-A")
    assert hooks.commit(root).returncode == 0
    assert git(root, "show", "HEAD:a.sh") == FIXED


def test_what_is_not_staged_survives(hooks: Hooks, tmp_path: Path) -> None:
    filler = "echo\n" * 10
    root = hooks.repository(tmp_path / "r", "qcilint-fix", **{"a.sh": filler, "b.sh": "echo\n"})
    stage(root, {"a.sh": PULL + filler})
    write(root, {"a.sh": PULL + filler + "# not staged\n", "b.sh": PULL})
    assert hooks.commit(root).returncode == 1
    assert (root / "a.sh").read_text() == FIXED + filler + "# not staged\n"
    assert (root / "b.sh").read_text() == PULL
    assert git(root, "show", ":a.sh") == PULL + filler
    git(root, "checkout", "-q", "--", "b.sh")
    git(root, "add", "a.sh")
    assert hooks.commit(root).returncode == 0


def test_unstaged_changes_decide_nothing(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint", **{"a.sh": "echo\n"})
    stage(root, {"a.sh": PULL})
    write(root, {"a.sh": "echo\n"})
    assert hooks.commit(root).returncode == 1
    stage(root, {"a.sh": "echo a\n"})
    write(root, {"a.sh": PULL})
    assert hooks.commit(root).returncode == 0


def test_many_files_come_in_batches_and_each_knows_of_the_others(hooks: Hooks, tmp_path: Path) -> None:
    coupled = "x:\n\tsed -i 's#registry.ci.openshift.org/ocp/.*:cli#y#' zz/Dockerfile\n"
    root = hooks.repository(tmp_path / "r", "qcilint-fix", Makefile=coupled)
    stage(root, {f"{number:04}{'x' * 200}.sh": PULL for number in range(700)} | {"zz/Dockerfile": f"FROM {OLD}\n"})
    done = hooks.commit(root)
    assert done.returncode == 1
    fixed = [int(number) for number in re.findall(r"fixed (\d+) references? in", done.stderr)]
    assert len(fixed) > 1
    assert sum(fixed) == 700
    assert "zz/Dockerfile:1:6: QCI103" in done.stderr
    assert (root / "zz/Dockerfile").read_text() == f"FROM {OLD}\n"
    assert list(root.glob(".qcilint-*")) == []


@pytest.mark.parametrize("settings", [(), ("args: [--no-suppressions]",)], ids=["as it is", "with args"])
def test_excluded_files_are_left_out_though_they_are_named(hooks: Hooks, tmp_path: Path, settings: tuple[str, ...]) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint-fix", *settings, **{"qcilint.toml": 'exclude = ["gen/"]\n'})
    stage(root, {"gen/a.sh": PULL, "b.sh": "echo\n"})
    done = hooks.commit(root)
    assert done.returncode == 0, done.stderr
    assert (root / "gen/a.sh").read_text() == PULL
    stage(root, {"gen/a.sh": PULL * 2, "b.sh": PULL})
    assert hooks.commit(root).returncode == 1
    assert ((root / "gen/a.sh").read_text(), (root / "b.sh").read_text()) == (PULL * 2, FIXED)


def test_binary_files_and_links_are_not_passed(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint")
    (root / "image.bin").write_bytes(b"\0" + PULL.encode())
    (root / "link").symlink_to("image.bin")
    git(root, "add", "-A")
    done = hooks.commit(root)
    assert done.returncode == 0
    assert "(no files to check)Skipped" in done.stderr


def test_since_as_an_argument_judges_the_changed_lines_only(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint", "args: [--since, HEAD]", **{"a.sh": PULL})
    stage(root, {"a.sh": PULL + "echo\n"})
    assert hooks.commit(root).returncode == 0
    stage(root, {"a.sh": PULL + "echo\n" + PULL})
    done = hooks.commit(root)
    assert done.returncode == 1
    assert "a.sh:3:18" in done.stderr
    assert "a.sh:1:" not in done.stderr


def test_a_whole_run(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint", **{"a.sh": PULL, "b.sh": "echo\n"})
    done = hooks.pre_commit(root, "run", "--all-files")
    assert done.returncode == 1
    assert "a.sh:1:18: QCI102" in done.stdout


def test_the_hooks_can_be_tried(hooks: Hooks, tmp_path: Path) -> None:
    root = hooks.repository(tmp_path / "r", "qcilint", **{"a.sh": PULL, "b.sh": "echo\n"})
    tried = hooks.pre_commit(root, "try-repo", str(hooks.source), "qcilint", "--files", "b.sh")
    assert tried.returncode == 0, tried.stdout
    tried = hooks.pre_commit(root, "try-repo", str(hooks.source), "qcilint-fix", "--all-files")
    assert tried.returncode == 1
    assert (root / "a.sh").read_text() == FIXED
