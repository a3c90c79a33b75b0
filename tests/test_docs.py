"""What the documents show is what the tool prints."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from qcilint.ruleset import load_builtin

from .conftest import git, qcilint

ROOT = Path(__file__).parent.parent


def test_the_output_in_the_readme_is_real(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "example")
    git(tmp_path / "example", "init", "-q")
    (shown,) = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    for session in re.split(r"(?m)^\$ ", shown)[1:]:
        command, _, output = session.partition("\n")
        real = qcilint(*command.split()[1:], cwd=tmp_path / "example").stdout.decode()
        for part in re.split(r"(?m)^…\n", output):
            assert part.strip("\n") in real, command


def test_the_readme_lists_every_rule() -> None:
    text = (ROOT / "README.md").read_text()
    assert re.findall(r"(?m)^\| (QCI\d+) ([\w-]+) \|", text) == [(rule.id, rule.name) for rule in load_builtin().by_id.values()]
