"""How pull requests fare, what is made anew, and what is cleaned up."""

from __future__ import annotations

import pytest

from tests.campaign.conftest import AFTER, BEFORE, World
from tests.campaign.fake_github import Fault
from tests.conftest import git

BRANCH = "qcilint-demo-main"


@pytest.fixture
def applied(world: World) -> World:
    """Three pull requests."""
    names = ("org/a", "org/b", "org/c")
    for name in names:
        world.github.add(name, {"name": name, "Dockerfile": BEFORE, "b/Dockerfile": BEFORE})
    world.write(*names)
    world.run("plan")
    world.run("apply")
    return world


def test_status_of_all_kinds(applied: World) -> None:
    github = applied.github
    assert applied.run("status").endswith("\n3 open\n")
    head = github.ref("org/a", BRANCH)
    github.statuses[head] = [{"context": f"ci/ok-{number}", "state": "success"} for number in range(120)]
    github.statuses[head] += [{"context": "ci/prow/images", "state": "failure"}, {"context": "tide", "state": "pending"}]
    github.check_runs[head] = [{"name": "build", "conclusion": "timed_out"}, {"name": "lint", "conclusion": None}]
    github.pulls["org/b"][0]["mergeable"] = False
    github.pulls["org/c"][0]["state"] = "closed"
    url = f"{github.url}/org"
    assert applied.run("status", code=1) == (
        f"org/a@main: open, {url}/a/pull/1, failing: build, ci/prow/images\n"
        f"org/b@main: open, {url}/b/pull/1, conflict\n"
        f"org/c@main: closed, {url}/c/pull/1\n"
        "2 open, 1 closed\n"
    )
    asked = len(github.requests)
    assert "org/b@main: open" in applied.run("status", "--offline", code=1)
    assert len(github.requests) == asked
    github.statuses.clear()
    github.check_runs.clear()
    github.pulls["org/b"][0]["mergeable"] = True
    assert applied.run("status").endswith("2 open, 1 closed\n")


def test_status_that_github_refuses(applied: World) -> None:
    applied.github.faults = [Fault("GET", "org/b/pulls/1", 404, {}, {"message": "Not Found"})]
    out = applied.run("status", code=1)
    assert "org/b@main: GET " in out
    assert "404 Not Found" in out


def test_status_before_anything(world: World) -> None:
    world.write("org/a")
    assert world.run("status") == "nothing was applied yet\n"


def test_sync_makes_the_fix_anew(applied: World) -> None:
    github = applied.github
    old = github.ref("org/b", BRANCH)
    assert applied.run("sync") == "updated 0; failed 0\n"
    github.commit("org/a", {"Dockerfile": "# new\n" + BEFORE, "c/Dockerfile": BEFORE})
    shown = applied.run("sync", "--dry-run")
    assert "org/a@main: main has moved on in Dockerfile: making the fix again" in shown
    assert "org/a@main: would push" in shown
    assert github.file("org/a", BRANCH, "Dockerfile") == AFTER
    assert not list(applied.folder.glob("demo.plan.*"))
    out = applied.run("sync")
    assert "org/a@main: push" in out
    assert "updated 1; failed 0" in out
    for path, text in {"Dockerfile": "# new\n" + AFTER, "b/Dockerfile": AFTER, "c/Dockerfile": AFTER}.items():
        assert github.file("org/a", BRANCH, path) == text
    assert git(github.path("org/a"), "rev-list", "--count", f"main..{BRANCH}").strip() == "1"
    assert "Changes 3 references in 3 files." in github.pulls["org/a"][0]["body"]
    assert github.ref("org/b", BRANCH) == old
    assert len(github.all_pulls()) == 3
    assert applied.run("sync") == "updated 0; failed 0\n"


def test_sync_of_a_conflict_without_a_move(applied: World) -> None:
    """GitHub says so for a while after a push: nothing is pushed that is there already."""
    applied.github.pulls["org/a"][0]["mergeable"] = False
    old = applied.github.ref("org/a", BRANCH)
    assert "org/a@main: GitHub cannot merge it: making the fix again" in applied.run("sync")
    assert applied.github.ref("org/a", BRANCH) == old


def test_sync_where_nothing_is_left(applied: World) -> None:
    applied.github.commit("org/a", {"Dockerfile": AFTER, "b/Dockerfile": None})
    assert "org/a@main: nothing is left to do here: close it" in applied.run("sync")
    assert "org/a@main: open" in applied.run("status", code=1)
    assert "closed 1, deleted 1 branches" in applied.run("close", "--yes", "--only", "org/a@main")
    assert applied.github.pulls["org/a"][0]["state"] == "closed"


def test_sync_of_some_only(applied: World) -> None:
    for name in ("org/a", "org/b"):
        applied.github.commit(name, {"Dockerfile": "# new\n" + BEFORE})
    applied.run("sync", "--only", "org/a")
    assert applied.github.file("org/a", BRANCH, "Dockerfile") == "# new\n" + AFTER
    assert applied.github.file("org/b", BRANCH, "Dockerfile") == AFTER


def test_close_needs_to_be_confirmed(applied: World) -> None:
    github = applied.github
    github.merge("org/c", 1)
    out = applied.run("close")
    assert "org/a@main: would close #1" in out
    assert f"org/a@main: would delete branch {BRANCH} of org/a" in out
    assert "org/c@main" not in out
    assert "would have closed 2, deleted 2 branches; failed 0\nnothing was done: give --yes to do it" in out
    assert [pull["state"] for pull in github.all_pulls()] == ["open", "open", "closed"]
    assert "closed 2, deleted 2 branches; failed 0" in applied.run("close", "--yes")
    assert [pull["state"] for pull in github.all_pulls()] == ["closed"] * 3
    assert [github.branches(name) for name in ("org/a", "org/b", "org/c")] == [["main"]] * 3
    assert applied.states() == {"org/a@main": "closed", "org/b@main": "closed", "org/c@main": "merged"}
    assert "closed 0, deleted 0 branches; failed 0" in applied.run("close", "--yes")


def test_close_keeps_what_it_cannot_close(applied: World) -> None:
    applied.github.faults = [Fault("PATCH", "org/a/pulls/1", 403, {}, {"message": "Must have admin rights"})]
    out = applied.run("close", "--yes", code=1)
    assert "org/a@main: failed: PATCH" in out
    assert "closed 1" not in out
    assert applied.github.branches("org/a") == ["main", BRANCH]
    assert applied.github.branches("org/b") == ["main"]
