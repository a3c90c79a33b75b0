"""What the tests of campaigns share: a GitHub on loopback, and a folder with a CAMPAIGN.toml."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.fake_github import TOKEN, FakeGitHub
from tests.conftest import NEW, OLD, git_environment

BEFORE, AFTER = f"FROM {OLD}\nRUN true\n", f"FROM {NEW}\nRUN true\n"


class World:
    """A GitHub, and somebody who migrates what is there."""

    def __init__(self, github: FakeGitHub, folder: Path) -> None:
        self.github, self.folder = github, folder
        folder.mkdir()
        self.file = folder / "campaign.toml"
        self.plan_folder = folder / "demo.plan"
        self.started: list[subprocess.Popen[bytes]] = []

    def write(self, *repositories: str, more: str = "", **sections: dict[str, Any]) -> None:
        """Write CAMPAIGN.toml. `more` is added as it is."""
        tables: dict[str, dict[str, Any]] = {
            "github": {"api": self.github.api, "git": self.github.url, "pause": "0s"},
            "repositories": {"list": list(repositories)} if repositories else {},
            "pull-request": {"author": "Mia Example <mia@example.com>"},
            "apply": {"pace": "0s"},
        }
        for name, values in sections.items():
            tables.setdefault(name.replace("_", "-"), {}).update({key.replace("_", "-"): value for key, value in values.items()})
        lines = ['name = "demo"', 'cache = "cache"']
        for name, values in tables.items():
            lines.append(f"[{name}]")
            lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in values.items()]
        self.file.write_text("\n".join(lines) + "\n" + more)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start the real command."""
        action, *rest = arguments
        process = subprocess.Popen(
            [sys.executable, "-m", "qcilint", "campaign", action, str(self.file), *rest],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env=git_environment() | {"PYTHONUTF8": "1", "GITHUB_TOKEN": TOKEN} | environment,
        )  # fmt: skip
        self.started.append(process)
        return process

    def run(self, *arguments: str, code: int = 0, **environment: str) -> str:
        """Run the real command; returns both outputs, which must not hold the token."""
        process = self.start(*arguments, **environment)
        self.github.pid = process.pid
        out, err = (text.decode() for text in process.communicate())
        assert process.returncode == code, out + err
        assert TOKEN not in out + err
        assert "Traceback" not in err
        return out + err

    def forget(self) -> None:
        """Start over: remove what a campaign has left on disk, but for the cache."""
        shutil.rmtree(self.plan_folder)
        (self.folder / "demo.sqlite3").unlink()

    def plan(self) -> Any:
        """The plan, as it is on disk."""
        return json.loads((self.plan_folder / "plan.json").read_text())

    def changes(self) -> dict[str, Any]:
        return {change["id"]: change for change in self.plan()["changes"]}

    def states(self) -> dict[str, str]:
        """What `status --offline` says, by change."""
        found = re.findall(r"(?m)^(\S+@[^:]+): (\w+)", self.run_any("status", "--offline"))
        return dict(found)

    def run_any(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate()
        return (out + err).decode()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with FakeGitHub(tmp_path / "github") as github:
        world = World(github, tmp_path / "work")
        yield world
        for process in world.started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        assert github.violations == []
