"""What docs/install.md shows works, on a machine with nothing but the tools that it names. Needs PyPI."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from qcilint import __version__
from qcilint.completion import SHELLS

from .conftest import NEW, OLD
from .first_use import fresh_machine, here, run_all
from .pages import DOCS, assert_shown, sessions

PAGE = (DOCS / "install.md").read_text()
WAYS = {block.split()[1]: f"```console\n{block}```" for block in re.findall(r"```console\n(.*?)```", PAGE, re.S)}
UNREACHABLE = re.compile(r"No matching distribution|error sending request|Retrying|Connection")


class Machine:
    """A fresh machine with the tools that install things."""

    def __init__(self, folder: Path) -> None:
        self.environment = fresh_machine(folder)
        self.home = Path(self.environment["HOME"])
        tools = folder / "tools"
        tools.mkdir()
        for name in ("pipx", "uv", "pre-commit"):
            (tools / name).symlink_to(Path(sys.prefix) / "bin" / name)
        self.environment["PATH"] = f"{self.home}/.local/bin:{tools}:{self.environment['PATH']}"

    def run(self, *commands: str) -> list[tuple[str, int]]:
        """Run commands one after the other, as a user would. Skips the test where PyPI cannot be reached."""
        done = run_all(commands, self.environment)
        for printed, code in done:
            if code and UNREACHABLE.search(printed):
                pytest.skip(f"PyPI is out of reach:\n{printed}")
        return done


def test_the_page_shows_these_ways() -> None:
    assert list(WAYS) == ["pipx", "uv", "python3", "git"]


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_install(tmp_path: Path, way: str) -> None:
    wanted = list(sessions(WAYS[way]))
    assert wanted[-1][1] == f"qcilint {__version__}\n"
    for (command, shown), (printed, code) in zip(wanted, Machine(tmp_path).run(*(each for each, _ in wanted)), strict=True):
        assert code == 0, printed
        assert_shown(command, shown, printed)


def test_pre_commit_installs_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (settings,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    ((hook,),) = (each["hooks"] for each in YAML(typ="safe").load(settings)["repos"])
    root = machine.home / "mine"
    root.mkdir()
    (root / ".pre-commit-config.yaml").write_text(here(settings))
    (root / "pull.sh").write_text(f"podman pull {OLD}\n")
    *_, (printed, code) = machine.run("cd mine", "git init -q", "git add .", "pre-commit run --all-files")
    assert code == 1
    assert f"- hook id: {hook['id']}\n- files were modified by this hook" in printed
    assert (root / "pull.sh").read_text() == f"podman pull {NEW}\n"


def test_the_scripts_of_completion_get_where_shells_look(tmp_path: Path) -> None:
    (commands,) = (block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) if "qcilint completion" in block)
    machine = Machine(tmp_path)
    machine.environment["PATH"] += f":{Path(sys.prefix) / 'bin'}"
    assert all(code == 0 for _, code in machine.run(*commands.splitlines()))
    places = (".local/share/bash-completion/completions/qcilint", ".zfunc/_qcilint", ".config/fish/completions/qcilint.fish")
    for shell, place in zip(SHELLS, places, strict=True):
        assert f"qcilint completion {shell} > ~/{place}" in commands
        assert "campaign" in (machine.home / place).read_text()
