"""What tests share: linting a text without files, and real git repositories in temporary folders."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qcilint.examples import Bench
from qcilint.ruleset import load_builtin

NEW = "quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_cli"
OLD = "registry.ci.openshift.org/ocp/4.20:cli"
DEAD = "registry.svc.ci.openshift.org/ocp/4.20:cli"

BENCH = Bench(load_builtin())
LINTER = BENCH.linter
lint, fixed = BENCH.lint, BENCH.fixed


def git(folder: Path, *arguments: str) -> str:
    """Run a real git command."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, env=git_environment())
    return done.stdout


def git_environment() -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return environment | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com",
    }  # fmt: skip


Repository = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Makes a git repository with these files, all committed."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "repository"
        root.mkdir()
        git(root, "init", "-q", "-b", "main")
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "start")
        return root

    return make


def qcilint(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "qcilint", *arguments], cwd=cwd, input=stdin, capture_output=True, check=False,
        env=git_environment() | {"PYTHONUTF8": "1"} | environment,
    )  # fmt: skip


def unprivileged(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the real command as somebody for whom the modes of files count: root without that privilege."""
    command = [sys.executable, "-m", "qcilint", *arguments]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may read everything, and there is no setpriv")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    environment = git_environment() | {"PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
