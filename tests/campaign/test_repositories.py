"""Which repositories a campaign is about."""

from __future__ import annotations

import pytest

from tests.campaign.conftest import BEFORE, World
from tests.campaign.fake_github import Fault
from tests.conftest import git


def keys(world: World) -> list[str]:
    return sorted(each["key"] for each in world.plan()["repositories"])


def test_a_list_in_many_spellings(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE})
    world.github.add("org/b.x", {"Dockerfile": BEFORE})
    git(world.github.path("org/a"), "branch", "release-4.20", "main")
    host = world.github.url.removeprefix("http://")
    (world.folder / "list.txt").write_text(
        f"# ours\n\norg/a@release-4.20  # the old one\n{host}/org/b.x\n{world.github.url}/org/b.x.git\n"
    )
    world.write("org/a", "ORG/A", repositories={"file": "list.txt"})
    world.run("plan")
    assert keys(world) == ["org/a", "org/a@release-4.20", "org/b.x"]
    assert {change["base"] for change in world.plan()["changes"] if change["repository"] == "org/a"} == {"main", "release-4.20"}


@pytest.mark.parametrize("entry", ["a", "org/..", "org/a/b", "https://elsewhere.example.com/org/a", "-x/y", "org/a@-x y", ""])
def test_what_is_no_repository(world: World, entry: str) -> None:
    world.write(entry)
    assert "is no repository; write owner/name, owner/name@branch or ./path" in world.run("plan", code=2)


def test_an_organisation_without_archives_and_forks(world: World) -> None:
    for name in ("a", "b", "skip-me"):
        world.github.add(f"org/{name}", {"Dockerfile": BEFORE})
    world.github.add("org/old", {"Dockerfile": BEFORE}, archived=True)
    world.github.add("org/copy", {"Dockerfile": BEFORE}, parent="other/copy")
    world.write(repositories={"organization": "org", "exclude": ["*/skip-*"]})
    out = world.run("plan")
    assert keys(world) == ["org/a", "org/b"]
    for line in (
        "passed over: org/old: archived",
        "passed over: org/copy: a fork; list it by name to include it",
        "passed over: org/skip-me: excluded by */skip-*",
    ):
        assert line in out


def test_searches(world: World) -> None:
    for name in ("a", "b"):
        world.github.add(f"org/{name}", {"Dockerfile": BEFORE})
    world.github.code = {"registry.ci org:org": ["org/a", "org/a"], "topic:ci": ["org/b"]}
    world.github.total_count = 2400
    world.write(repositories={"code_search": "registry.ci org:org", "repository_search": "topic:ci"})
    out = world.run("plan")
    assert keys(world) == ["org/a", "org/b"]
    assert "passed over: search topic:ci: GitHub shows only the first 1,000 of 2,400 results" in out


def test_an_organisation_that_is_not_there(world: World) -> None:
    world.write(repositories={"organization": "nobody"})
    assert "repositories.organization: GitHub knows no organisation 'nobody'" in world.run("plan", code=2)
    world.github.faults = [Fault("GET", "/orgs/", 401, {}, {"message": "Bad credentials"})]
    assert "401 Bad credentials" in world.run("plan", code=2)


def test_one_that_fails_does_not_stop_the_others(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE})
    bare = world.github.add("org/empty", {"x": "y"})
    git(bare, "update-ref", "-d", "refs/heads/main")
    world.write("org/a", "org/missing", "org/empty", "org/a@nowhere")
    out = world.run("plan", code=1)
    assert "planned 1 pull request for 4 repositories" in out
    assert "failed: org/a@nowhere: no branch nowhere" in out
    assert "failed: org/empty: empty: there is no commit" in out
    assert "failed: org/missing: git ls-remote: fatal: " in out


def test_shards_are_planned_apart_and_merged(world: World) -> None:
    names = [f"org/{letter}" for letter in "abcdefg"]
    for name in names:
        world.github.add(name, {"Dockerfile": BEFORE})
    world.write(*names)
    world.run("plan")
    whole = world.plan()
    for index in (1, 2, 3):
        world.run("plan", "--shard", f"{index}/3", "--into", f"part{index}")
    assert "part 2/3, 3/3" not in world.run("merge", "part1", "part2", "part3")
    merged = world.plan()
    assert [change["id"] for change in merged["changes"]] == [change["id"] for change in whole["changes"]]
    assert [change["content"] for change in merged["changes"]] == [change["content"] for change in whole["changes"]]
    assert merged["repositories"] == whole["repositories"]
    assert (world.plan_folder / "references.csv").read_text().count("\n") == 1 + len(names)
    assert "opened 7" in world.run("apply")


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (["part1"], "shard 2/2 is missing"),
        (["part1", "part1"], "part1: shard 1/2, as part1; give each shard once"),
        (["part1", "part9"], "part9/plan.json: there is no plan"),
        (["part1", "odd"], "shards of different counts: 1/2, 1/3"),
        (["demo.plan"], "demo.plan: is the plan that the result goes to"),
    ],
)
def test_shards_that_do_not_fit(world: World, folders: list[str], said: str) -> None:
    world.write("org/a")
    world.github.add("org/a", {"x": "y"})
    world.run("plan")
    world.run("plan", "--shard", "1/2", "--into", "part1")
    world.run("plan", "--shard", "1/3", "--into", "odd")
    assert said in world.run("merge", *folders, code=2)


@pytest.mark.parametrize("text", ["0/2", "3/2", "x", "1"])
def test_what_is_no_shard(world: World, text: str) -> None:
    world.write("org/a")
    assert "is no shard; write I/N" in world.run("plan", "--shard", text, code=2)


def test_a_shard_is_not_applied(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE})
    world.write("org/a")
    world.run("plan", "--shard", "1/1")
    assert "only shard 1/1; put the shards together with qcilint campaign merge" in world.run("apply", code=2)
