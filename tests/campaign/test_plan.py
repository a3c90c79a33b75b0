"""What a plan finds and leaves on disk."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.campaign.conftest import AFTER, BEFORE, World
from tests.conftest import NEW, OLD, git, git_environment, qcilint

CRLF = BEFORE.replace("\n", "\r\n").encode()
ODD = {
    "Dockerfile": BEFORE,
    "windows/Dockerfile": CRLF,
    "a b/Dockerfile": BEFORE,
    "é/Dockerfile": BEFORE + "# ü\n",
    "no-newline/Dockerfile": f"FROM {OLD}",
    'quote"d/Dockerfile': BEFORE,
    "latin/Dockerfile": BEFORE.encode() + b"# \xfc\n",
    "[x]/Dockerfile": BEFORE,
    "hack/run.sh": f"#!/bin/bash\npodman pull {OLD}\n",
}


def clone(world: World, name: str) -> Path:
    target = world.folder / "checkout"
    shutil.rmtree(target, ignore_errors=True)
    git(world.folder, "-c", "core.autocrlf=false", "clone", "-q", str(world.github.path(name)), str(target))
    return target


def contents(folder: Path) -> dict[str, bytes]:
    return {
        os.fsdecode(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_the_patch_does_what_fix_does(world: World) -> None:
    world.github.add("org/a", ODD)
    world.write("org/a", pull_request={"title": "NO-JIRA: Zieh Images – von QCI", "trailers": ["Assisted-by: a tool"]})
    world.run("plan")
    (change,) = world.plan()["changes"]
    assert len(change["files"]) == len(ODD)
    checkout = clone(world, "org/a")
    assert qcilint("--fix", cwd=checkout).returncode == 0
    fixed = contents(checkout)
    git(checkout, "checkout", "-q", ".")
    subprocess.run(
        ["git", "am", "-q", "--keep-cr", str(world.plan_folder / change["patch"])],
        cwd=checkout,
        check=True,
        env=git_environment(),
    )
    assert contents(checkout) == fixed
    assert fixed["Dockerfile"] == AFTER.encode()
    assert git(checkout, "log", "-1", "--format=%an <%ae>%n%B").strip() == (
        "Mia Example <mia@example.com>\nNO-JIRA: Zieh Images – von QCI\n\nChanges 9 references in 9 files. Made by\n\n    qcilint --fix\n\n"
        "Assisted-by: a tool\nSigned-off-by: Mia Example <mia@example.com>"
    )


def test_conversions_of_the_repository_do_not_reach_the_patch(world: World) -> None:
    attributes = "* text eol=crlf\n*.sh filter=lfs ident\nDockerfile working-tree-encoding=UTF-16\nmade/* linguist-generated\n"
    world.github.add(
        "org/a",
        {".gitattributes": attributes, "Dockerfile": BEFORE, "a.sh": f"# $Id$\npodman pull {OLD}\n", "made/Dockerfile": BEFORE},
    )
    world.write("org/a")
    world.run("plan")
    world.run("apply")
    assert world.github.file("org/a", "qcilint-demo-main", "Dockerfile") == AFTER
    assert world.github.file("org/a", "qcilint-demo-main", "a.sh") == f"# $Id$\npodman pull {NEW}\n"
    assert world.github.file("org/a", "qcilint-demo-main", "made/Dockerfile") == BEFORE


def test_why_something_was_left_is_said_everywhere(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE, "main.go": f'package main\n\nconst image = "{OLD}"\n'})
    world.write("org/a")
    assert "1 reference to fix, 1 left alone" in world.run("plan")
    (planned,) = world.plan()["repositories"]
    findings = json.loads((world.plan_folder / planned["findings"]).read_text())["findings"]
    (left,) = [finding for finding in findings if finding["outcome"] == "left"]
    reason = f"only with --unsafe-fixes: {left['reason']}"
    rows = list(csv.DictReader(io.StringIO((world.plan_folder / "references.csv").read_text())))
    assert [(row["path"], row["outcome"], row["reason"], row["change"]) for row in rows] == [
        ("Dockerfile", "fixed", "", "org/a@main"),
        ("main.go", "left", reason, ""),
    ]
    assert reason in (world.plan_folder / "report.html").read_text()
    assert f"- {reason}: `main.go:3`" in world.plan()["changes"][0]["body"]
    world.write("org/a", fix={"unsafe": True})
    assert "2 references to fix, 0 left alone" in world.run("plan")
    assert "\n    qcilint --fix --unsafe-fixes\n" in world.plan()["changes"][0]["message"]


def test_hostile_names_do_no_harm(world: World) -> None:
    script = "<script>alert(1)</script>/Dockerfile"
    world.github.add(
        "org/a", {script: BEFORE, "=cmd/Dockerfile": BEFORE, "@team/a.go": f'const a = "{OLD}"\n', "x\x1b[31m/Dockerfile": BEFORE}
    )
    world.write("org/a")
    out = world.run("plan")
    page = (world.plan_folder / "report.html").read_text()
    assert "<script" not in page
    table = (world.plan_folder / "references.csv").read_text()
    rows = [row["path"] for row in csv.DictReader(io.StringIO(table))]
    assert "'=cmd/Dockerfile" in rows
    assert "\x1b" not in out + page + table
    assert "\n/" not in world.plan()["changes"][0]["body"]
    world.run("apply")
    assert world.github.file("org/a", "qcilint-demo-main", script) == AFTER


def test_local_repositories(world: World) -> None:
    local = world.folder / "component"
    git(world.folder, "init", "-q", "-b", "main", str(local))
    for path, text in {"Dockerfile": BEFORE, "vendor/x/Dockerfile": BEFORE, "vendor/y/a.go": "package a\n"}.items():
        (local / path).parent.mkdir(parents=True, exist_ok=True)
        (local / path).write_text(text)
    git(local, "add", "-A")
    git(local, "commit", "-q", "-m", "start")
    (local / "Dockerfile").write_text("FROM scratch # not committed\n")
    world.write("./component", fix={"kept": True})
    world.run("plan")
    (change,) = world.plan()["changes"]
    (planned,) = world.plan()["repositories"]
    assert change["repository"] == str(local)
    assert re.fullmatch(r"local/component-[0-9a-f]{8}/fix.patch", change["patch"])
    assert planned["checked"] == 3
    assert git(local, "status", "--porcelain") == " M Dockerfile\n"
    assert "apply its patch there with git am" in world.run("apply", code=1)
    git(local, "checkout", "-q", ".")
    subprocess.run(["git", "am", "-q", str(world.plan_folder / change["patch"])], cwd=local, check=True, env=git_environment())
    assert (local / "Dockerfile").read_text() == AFTER
    git(local, "remote", "add", "origin", f"{world.github.url}/org/component.git")
    world.run("plan")
    assert world.plan()["repositories"][0]["repository"] == "org/component"


def test_a_local_plan_is_that_of_a_whole_checkout(world: World) -> None:
    """Files that need not be written for a local repository make no difference."""
    files = dict(ODD) | {
        "Makefile": f"update:\n\tsed -i 's|{OLD}|x|' images/Dockerfile\n",
        "images/Dockerfile": BEFORE,
        "vendor/a/Makefile": "x:\n\tsed -i 's|registry.ci.openshift.org/ocp/4.20:cli|x|' ../Dockerfile\n",
        "vendor/b/b.go": "package b\n",
        "deep/testdata/[1]*?/Dockerfile": BEFORE,
        "node_modules/x/Dockerfile": "FROM scratch\n",
    }
    world.github.add("org/a", files)
    world.write("org/a", str(world.github.path("org/a")), fix={"kept": True})
    world.run("plan")
    remote, local = sorted(world.plan()["repositories"], key=lambda each: bool(each["local"]))
    found = [json.loads((world.plan_folder / each["findings"]).read_text()) for each in (remote, local)]
    assert found[0] == found[1]
    assert len(found[0]["findings"]) > len(ODD)
    assert remote["checked"] == local["checked"] == len(files)
    first, second = world.plan()["changes"]
    assert first["content"] == second["content"]


SPLITS = {
    "path": ({"by": "path"}, {"a": 2, "b": 1, "top": 1}),
    "deeper path": ({"by": "path", "depth": 2}, {"a/x": 1, "a/y": 1, "b": 1, "top": 1}),
    "size": ({"by": "size", "files": 3}, {"1": 3, "2": 1}),
    "owner": ({"by": "owner"}, {"ann": 2, "ann, bob": 1, "no owner": 1}),
}


@pytest.mark.parametrize(("split", "parts"), SPLITS.values(), ids=SPLITS)
def test_splits(world: World, split: dict[str, object], parts: dict[str, int]) -> None:
    world.github.add(
        "org/a",
        {
            "Dockerfile": BEFORE,
            "a/OWNERS": "approvers: [Ann]\n",
            "a/x/Dockerfile": BEFORE,
            "a/y/Dockerfile": BEFORE,
            "a/y/OWNERS": "reviewers: [zoe]\n",
            "b/Dockerfile": BEFORE,
            "b/OWNERS": "filters:\n  '.*':\n    approvers: [bob, ann]\n",
        },
    )
    world.write("org/a", split=split, pull_request={"body": "{owners}\n\n{command}"})
    world.run("plan")
    changes = world.plan()["changes"]
    assert {change["part"]: len(change["files"]) for change in changes} == parts
    assert len({change["branch"] for change in changes}) == len({change["title"] for change in changes}) == len(parts)
    if split["by"] == "owner":
        assert any(change["body"].startswith("@ann @bob\n") for change in changes)
    world.run("apply")
    assert len(world.github.pulls["org/a"]) == len(parts)


def test_unknown_cycles_are_refused_and_the_old_plan_stays(world: World) -> None:
    for name in ("org/a", "org/b"):
        world.github.add(name, {"Dockerfile": BEFORE})
    world.write("org/a", "org/b")
    world.run("plan")
    before = world.plan()
    world.write("org/a", "org/b", more='[after]\n"org/a" = ["org/b"]\n"org/b" = ["org/*"]\n')
    assert "after: these would wait for each other: " in world.run("plan", code=2)
    assert world.plan() == before
    assert sorted(path.name for path in world.folder.glob("demo.plan*")) == ["demo.plan"]


def test_a_folder_that_is_no_plan_is_not_replaced(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE})
    world.write("org/a")
    world.plan_folder.mkdir()
    (world.plan_folder / "thesis.txt").write_text("x")
    assert (
        world.run("plan", code=2)
        == f"qcilint: error: {world.plan_folder}: is no plan of qcilint, and stays as it is; give another folder\n"
    )
    assert world.github.requests == []
    assert (world.plan_folder / "thesis.txt").read_text() == "x"


def test_a_second_plan_fetches_nothing_and_finds_the_same(world: World) -> None:
    world.github.add("org/a", ODD)
    world.write("org/a")
    world.run("plan")
    first, asked = world.plan(), len(world.github.requests)
    world.run("plan")
    assert all("info/refs" in request or "git-upload-pack" in request for request in world.github.requests[asked:])
    assert len(world.github.requests) - asked <= 2
    assert world.plan()["changes"][0]["content"] == first["changes"][0]["content"]
    assert world.plan()["repositories"] == first["repositories"]


@pytest.mark.parametrize("damage", ["partial", "objects", "lock", "work tree"])
def test_a_damaged_cache_is_made_anew(world: World, damage: str) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE, "qcilint.toml": "" if damage == "work tree" else "# none"})
    world.write("org/a")
    world.run("plan")
    (git_folder,) = (world.folder / "cache").rglob(".git")
    shutil.rmtree(world.folder / "cache" / "results")
    if damage == "partial":
        (git_folder / "qcilint-clone").write_text("part")
    elif damage == "objects":
        shutil.rmtree(git_folder / "objects")
    elif damage == "lock":
        world.github.commit("org/a", {"x": "y"})
        (git_folder / "index.lock").touch()
        (git_folder / "shallow.lock").touch()
    else:
        (git_folder.parent / "Dockerfile").write_text("half writ")
        (git_folder.parent / "left.sh").write_text(f"podman pull {OLD}")
    assert "1 reference to fix, 0 left alone" in world.run("plan")


def test_the_configuration_of_a_repository_counts(world: World) -> None:
    files = {
        ".qcilint.toml": 'extend-exclude = ["left/"]\n[per-path-ignores]\n"hack/*" = ["all"]\n',
        "Dockerfile": BEFORE,
        "left/Dockerfile": BEFORE,
        "hack/run.sh": f"podman pull {OLD}\n",
        ".gitattributes": "* text eol=crlf\n",
    }
    world.github.add("org/a", files)
    world.write("org/a", str(world.github.path("org/a")))
    world.run("plan")
    assert [[file["path"] for file in change["files"]] for change in world.plan()["changes"]] == [["Dockerfile"]] * 2
    world.github.commit("org/a", {".qcilint.toml": "extend-exclude = 3\n"})
    assert "failed: .qcilint.toml:1: extend-exclude must be a list" in world.run("plan", code=1)


def test_what_attributes_mark_as_generated_is_left_alone(world: World) -> None:
    world.github.add("org/a", {".gitattributes": "made/** linguist-generated\n", "made/Dockerfile": BEFORE, "Dockerfile": BEFORE})
    world.write("org/a", str(world.github.path("org/a")))
    world.run("plan")
    assert [[file["path"] for file in change["files"]] for change in world.plan()["changes"]] == [["Dockerfile"]] * 2
    world.github.commit("org/a", {".gitattributes": "other/** linguist-generated\n"})
    world.run("plan")
    assert [len(change["files"]) for change in world.plan()["changes"]] == [2, 2]


def test_hosts_that_are_written_with_backslashes_are_found(world: World) -> None:
    world.github.add("org/a", {"hack/check.sh": "grep -q 'registry\\.ci\\.openshift\\.org/ocp/4\\.20:cli' Dockerfile\n"})
    world.write(str(world.github.path("org/a")), fix={"kept": True})
    world.run("plan")
    (planned,) = world.plan()["repositories"]
    findings = json.loads((world.plan_folder / planned["findings"]).read_text())["findings"]
    assert [finding["path"] for finding in findings] == ["hack/check.sh"]


def test_progress_in_ci_is_plain_lines(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE})
    world.github.add("org/b", {"Dockerfile": "FROM scratch\n"})
    world.write("org/a", "org/b")
    lines = world.run("plan", "--jobs", "1").splitlines()
    assert "[1/2] org/a: 1 fixed in 1 file, 0 left" in lines
    assert "[2/2] org/b: nothing to do" in lines
