"""`qcilint config`, as users run it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from qcilint.config_schema import json_schema, reference

from ..conftest import Repository, git, qcilint

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/configuration.md").read_text()


def test_what_is_in_force_and_why(repository: Repository) -> None:
    root = repository({
        "a/x": "", "a/y": "",
        "qcilint.toml": 'extend = "art"\nexclude = ["a/x"]\n[per-path-severity]\n"a/" = { QCI102 = "note", QCI104 = "off" }\n',
    })  # fmt: skip
    document = json.loads(qcilint("config", "--format", "json", "--ignore", "QCI2", "a/x", cwd=root).stdout)
    assert document["configuration"] == ["preset art", "qcilint.toml", "command line"]
    assert document["excluded"] == "exclude has 'a/x' (qcilint.toml:2)"
    settings = [(each["key"], each["value"], each["from"]) for each in document["settings"]]
    assert ("ignore", "QCI103", "preset art") in settings
    assert ("ignore", "QCI2", "command line") in settings
    assert ("select", ["all"], "default") in settings
    rules = {each["id"]: (each["on"], each["severity"], each["why"]) for each in document["rules"]}
    assert rules["QCI101"] == (True, "error", "")
    assert rules["QCI102"] == (True, "note", "")
    assert rules["QCI103"] == (False, "warning", "ignore has 'QCI103' (preset art)")
    assert rules["QCI104"] == (False, "off", "per-path-severity of 'a/' (qcilint.toml:3)")
    assert rules["QCI203"] == (False, "error", "ignore has 'QCI2' (command line)")
    assert json.loads(qcilint("config", "--format", "json", "a/y", cwd=root).stdout)["excluded"] is None


def test_without_a_configuration(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    done = qcilint("config", cwd=tmp_path)
    assert done.returncode == 0
    assert b"configuration: none" in done.stdout
    assert b" off " not in done.stdout


def test_wrong_use(tmp_path: Path) -> None:
    for arguments, message in (
        (["gone"], b"gone: no such file or folder"),
        (["--format", "markdown"], b"goes with `qcilint config schema`"),
        (["schema", "--format", "text"], b"as json or markdown"),
    ):
        done = qcilint("config", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert message in done.stderr


def test_the_schema(tmp_path: Path) -> None:
    assert json.loads(qcilint("config", "schema", cwd=tmp_path).stdout) == json_schema()
    markdown = qcilint("config", "schema", "--format", "markdown", cwd=tmp_path).stdout.decode()
    assert markdown.strip("\n") == "\n".join(reference()).strip("\n")


def _example(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "docs/example", tmp_path / "example")
    git(tmp_path / "example", "init", "-q")
    return tmp_path / "example"


def test_the_output_in_the_page_is_real(tmp_path: Path) -> None:
    root = _example(tmp_path)
    (root / "qcilint.toml").write_text(
        re.findall(r"```toml\n# qcilint.toml\n(.*?)```", PAGE, re.S)[0].join(["# qcilint.toml\n", ""])
    )
    (shown,) = re.findall(r"```console\n\$ qcilint (.*?)\n(.*?)```", PAGE, re.S)
    real = qcilint(*shown[0].split(), cwd=root).stdout.decode()
    for part in re.split(r"(?m)^…\n", shown[1]):
        assert part.strip("\n") in real


def test_the_rule_in_the_page_works(tmp_path: Path) -> None:
    root = _example(tmp_path)
    (root / "ci/rules").mkdir(parents=True)
    (rule,) = re.findall(r"```toml\n(# ci/rules/OLD001.toml\n.*?)```", PAGE, re.S)
    (root / "ci/rules/OLD001.toml").write_text(rule)
    (root / "qcilint.toml").write_text('rules = ["ci/rules"]\n')
    (root / "x.Dockerfile").write_text("FROM registry.old.example.com/a/b:c\n")
    qcilint("--fix", "x.Dockerfile", cwd=root)
    assert (root / "x.Dockerfile").read_text() == "FROM registry.new.example.org/a/b:c\n"
