"""What docs/campaign.md shows is what happens."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from qcilint.campaign import settings
from qcilint.campaign.state import Record
from qcilint.commands.campaign import parser
from tests.campaign.conftest import AFTER, BEFORE, World
from tests.campaign.fake_github import Fault
from tests.conftest import OLD, git, git_environment, qcilint

TEXT = (Path(__file__).parents[2] / "docs" / "campaign.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.S)


def masked(text: str) -> str:
    """Commits, URLs and times differ."""
    return re.sub(r"\b[0-9a-f]{12}\b", "COMMIT", re.sub(r"https?://[^/\s]+/", "URL/", text))


def tutorial(world: World) -> None:
    """The campaign of the tutorial, on the GitHub of the tests."""
    world.github.add("example/console", {"Dockerfile": BEFORE})
    world.github.add(
        "example/operator",
        {"Dockerfile": BEFORE, "hack/run.sh": f"podman pull {OLD}\n", "main.go": f'package main\n\nconst image = "{OLD}"\n'},
    )
    text = next(block for block in blocks("toml") if block.startswith("name"))
    tomllib.loads(text)
    world.file.write_text(
        f'cache = "cache"\n{text}[github]\napi = "{world.github.api}"\ngit = "{world.github.url}"\npause = "0s"\n'
    )


def shown(command: str) -> str:
    sessions = [session.partition("\n") for block in blocks("console") for session in re.split(r"(?m)^\$ ", block)[1:]]
    return next(output for line, _, output in sessions if line == command)


def test_the_tutorial(world: World) -> None:
    tutorial(world)
    planned = world.run("plan", "--jobs", "1")
    for line in shown("qcilint campaign plan CAMPAIGN.toml").splitlines():
        assert line in planned.splitlines()
    folder = world.folder / "qci-2026.plan"
    for name in (
        "report.html",
        "references.csv",
        "plan.json",
        "example/console/main/fix.patch",
        "example/console/main/findings.json",
    ):
        assert (folder / name).is_file()
    dry = world.run("apply", "--dry-run")
    assert masked(dry) == masked(shown("qcilint campaign apply CAMPAIGN.toml --dry-run").rstrip("\n") + "\n")
    done = world.run("apply", "--pace", "0s")
    assert shown("qcilint campaign apply CAMPAIGN.toml").strip().removeprefix("…\n") in done
    world.github.merge("example/console", 1)
    head = world.github.ref("mia-example/operator", "qcilint-qci-2026-main")
    world.github.statuses[head] = [{"context": "ci/prow/images", "state": "failure"}]
    expected = re.sub(r"/pull/\d+", "/pull/1", shown("qcilint campaign status CAMPAIGN.toml").strip())
    assert masked(world.run("status", code=1)).strip() == masked(expected)
    assert world.run("sync") == "updated 0; failed 0\n"
    assert "nothing was done: give --yes to do it" in world.run("close")
    world.run("close", "--yes")
    assert world.github.branches("mia-example/operator") == ["main"]


def test_every_command_is_one() -> None:
    commands = re.findall(r"(?m)^(?:\$ |- run: |    - run: )?qcilint campaign ([^#|>\n]*)", TEXT)
    assert len(commands) > 8
    for command in commands:
        words = command.replace("${{ matrix.shard }}", "1").split()
        assert parser().parse_args(words).action == words[0]


def test_the_shards_and_the_matrix(world: World) -> None:
    tutorial(world)
    (block,) = [block for block in blocks("sh") if "--shard" in block]
    matrix = next(block for block in blocks("yaml") if "matrix" in block)
    for line in block.splitlines():
        action, _, *rest = line.split()[2:]
        world.run(action, *rest)
        in_matrix = re.sub(r"\d/3 --into part-.", "${{ matrix.shard }}/3 --into part-${{ matrix.shard }}", line)
        assert f"run: {in_matrix}\n" in matrix
    assert "shard: [1, 2, 3]" in matrix
    assert "qcilint campaign plan CAMPAIGN.toml --shard ${{ matrix.shard }}/3 --into part-${{ matrix.shard }}" in matrix
    assert (world.folder / "qci-2026.plan" / "plan.json").is_file()


def defaults() -> dict[str, Any]:
    """Every key with its default, as the code has it."""
    found: dict[str, Any] = {}
    for section, kind in settings._SECTIONS.items():
        for item in fields(kind):
            found[f"{section}.{item.name.replace('_', '-')}"] = item.default
    return found


def test_every_key_is_described_with_its_default() -> None:
    table = TEXT.partition("## CAMPAIGN.toml")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"(?m)^\| `([\w.-]+)` \|([^|]*)\|", table))
    assert set(rows) == {"name", "plan", "state", "cache", "after", *defaults()}
    for key, default in defaults().items():
        said = rows[key].strip().strip("`")
        if isinstance(default, float):
            assert settings.duration(said) == default, key
        elif key not in ("pull-request.body", "pull-request.author"):
            assert said == (str(default).lower() if isinstance(default, bool) else "" if default in ("", ()) else str(default)), (
                key
            )


def test_every_column_of_the_state_is_described(world: World) -> None:
    tutorial(world)
    world.run("plan")
    world.run("apply", "--pace", "0s")
    table = TEXT.partition("## The state")[2].partition("\n## ")[0]
    described = {name for row in re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \|", table) for name in re.findall(r"`(\w+)`", row)}
    assert described == {item.name for item in fields(Record)}
    database = sqlite3.connect(world.folder / "qci-2026.sqlite3")
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    logged = {row[0] for row in database.execute("SELECT text FROM log")}
    database.close()
    assert tables == {"change", "made", "log", "setting"}
    assert logged == {"open #1"}
    assert all(f"`{name}`" in table for name in tables)


def test_the_script_for_other_tools(tmp_path: Path) -> None:
    script = re.search(r"cat > fix.sh <<'END'\n(.*?)END\n", TEXT, re.S)
    assert script
    assert f"sh -c '{script[1].splitlines()[1]}'" in TEXT
    (tmp_path / "Dockerfile").write_text(BEFORE)
    (tmp_path / "main.go").write_text(f'package main\n\nconst image = "{OLD}"\n')
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["sh", "-c", script[1]], cwd=tmp_path, check=False, env=git_environment() | {"PATH": path}, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "Dockerfile").read_text() == AFTER


def test_help_names_every_action(tmp_path: Path) -> None:
    shown = qcilint("campaign", "--help", cwd=tmp_path).stdout.decode()
    for action in ("plan", "merge", "apply", "status", "sync", "close"):
        assert re.search(rf"(?m)^  {action} +\w", shown)
        assert qcilint("campaign", action, "--help", cwd=tmp_path).returncode == 0
    assert b"campaign" in qcilint("--help", cwd=tmp_path).stdout


def test_a_check_imports_nothing_of_campaigns(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    code = "import sys; from qcilint.cli import main; main(['Dockerfile']); print([m for m in sys.modules if 'campaign' in m or m == 'sqlite3'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env=git_environment()
    )
    assert done.stdout.splitlines()[-1] == "[]"


def fields_of(document: str) -> dict[str, list[str]]:
    """The fields that the table of a document names, each with those inside it."""
    table = TEXT.partition(f"| field of `{document}` |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1:3] for row in table.splitlines()[2:]]
    return {
        name: re.findall(r"`([a-z_]+)`", about.partition(" of ")[0] if name not in ("files",) else about)
        for names, about in rows
        for name in re.findall(r"`([a-z_]+)`", names)
    }


def test_the_documents_for_programs(world: World) -> None:
    tutorial(world)
    world.file.write_text(
        world.file.read_text().replace("[repositories]", '[repositories]\nexclude = ["example/x*"]\nfile = "more"')
    )
    (world.folder / "more").write_text("example/xenon\nexample/none\n")
    process = world.start("plan", "--format", "json")
    planned = json.loads(process.communicate()[0])
    assert process.returncode == 1
    assert list(planned) == list(fields_of("plan"))
    for key in ("repositories", "pull_requests", "skipped"):
        assert all(list(each) == fields_of("plan")[key] for each in planned[key]), key
    assert (planned["fixed"], planned["left"], planned["failed"], len(planned["pull_requests"])) == (3, 1, 1, 2)
    assert planned["skipped"] == [{"name": "example/xenon", "reason": "excluded by example/x*"}]
    world.run("apply", "--pace", "0s", "--max-open", "1")
    world.github.pulls["example/console"][0]["mergeable"] = False
    for code, fault in ((1, []), (1, [Fault("GET", "/pulls/1", 404)])):
        world.github.faults = fault
        process = world.start("status", "--format", "json")
        told = json.loads(process.communicate()[0])
        assert process.returncode == code
        assert list(told) == list(fields_of("status"))
        assert all(list(each) == fields_of("status")["changes"] for each in told["changes"])
        assert [(each["id"], each["state"], each["conflict"], each["needs_a_look"]) for each in told["changes"]] == [
            ("example/console@main", "open", True, True),
            ("example/operator@main", "pending", False, False),
        ]
        assert [each["id"] for each in told["errors"]] == (["example/console@main"] if fault else [])
    assert told["counts"] == {"pending": 1, "pushed": 0, "open": 1, "merged": 0, "closed": 0, "failed": 0}
