"""Completion scripts, in the shells themselves."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from qcilint.cli import COMMANDS

from ..conftest import qcilint

CASES = [
    pytest.param("qcilint cam", {"campaign"}, id="a command"),
    pytest.param("qcilint --unsafe", {"--unsafe-fixes"}, id="an option"),
    pytest.param("qcilint --format sa", {"sarif"}, id="a choice"),
    pytest.param("qcilint rule t", {"test"}, id="a command of a command"),
    pytest.param("qcilint rule docs --ch", {"--check"}, id="an option of a command of a command"),
    pytest.param("qcilint rule docs --into ot", {"other/"}, id="a folder as the value of an option"),
    pytest.param("qcilint campaign apply --dr", {"--draft", "--dry-run"}, id="two options"),
    pytest.param("qcilint completion ", {"bash", "zsh", "fish"}, id="a choice without an option"),
    pytest.param("qcilint ot", {"other/"}, id="a path"),
    pytest.param("qcilint --fix rule", set(), id="no command behind an option"),
    pytest.param("qcilint baseline pr", {"prune"}, id="an action"),
]

_BASH = """
source ./script
COMP_WORDS=($1)
[[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_qcilint
printf '%s\\n' "${COMPREPLY[@]}"
"""
_ZSH = """
compdef() { :; }
compadd() { shift; print -l -- $@; }
_files() { print -l -- *(N); }
_describe() { print -l -- ${(P)@[-1]%%:*}; }
source ./script
words=(${(s: :)1})
[[ $1 == *' ' ]] && words+=('')
CURRENT=${#words}
_qcilint
"""
_FISH = "source ./script; complete -C $argv[1]"


def script(shell: str, folder: Path) -> None:
    done = qcilint("completion", shell, cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    (folder / "script").write_bytes(done.stdout)
    (folder / "other").mkdir()


def completed(arguments: list[str], folder: Path) -> list[str]:
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line.partition("\t")[0] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_bash(tmp_path: Path, line: str, wanted: set[str]) -> None:
    script("bash", tmp_path)
    found = completed(["bash", "--norc", "-c", _BASH, "bash", line], tmp_path)
    assert {word + "/" if (tmp_path / word).is_dir() else word for word in found} == wanted


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_zsh(tmp_path: Path, line: str, wanted: set[str]) -> None:
    """The functions of zsh that filter by what is typed are stood in for: the words that they are given must hold what is wanted."""
    script("zsh", tmp_path)
    found = completed(["zsh", "-f", "-c", _ZSH, "zsh", line], tmp_path)
    typed = line.rpartition(" ")[2]
    assert {word + "/" if word == "other" else word for word in found if word.startswith(typed)} == wanted


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_fish(tmp_path: Path, line: str, wanted: set[str]) -> None:
    script("fish", tmp_path)
    assert set(completed(["fish", "--no-config", "-c", _FISH, line], tmp_path)) == wanted


def test_every_command_is_completed(tmp_path: Path) -> None:
    script("bash", tmp_path)
    assert set(COMMANDS) <= set(completed(["bash", "--norc", "-c", _BASH, "bash", "qcilint "], tmp_path))


def test_a_shell_that_is_not_known(tmp_path: Path) -> None:
    assert qcilint("completion", "csh", cwd=tmp_path).returncode == 2
