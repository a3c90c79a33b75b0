"""Labels, assignees and reviewers: asked for once, refused in words."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from tests.campaign.conftest import BEFORE, World
from tests.campaign.fake_github import LOGIN, Fault

OWNERS = "approvers: [ann, web-team]\nreviewers: [Zoe, web-team, migrator]\n"
ALIASES = "aliases:\n  web-team: [bob, Carl]\n"
PEOPLE: dict[str, Any] = {
    "labels": ["tide/merge-method-merge", "area/ci images"],
    "assignees": ["mia"],
    "reviewers": ["dora", "org/experts", "other/people"],
    "reviewers_from_owners": 2,
}


@pytest.fixture
def planned(world: World) -> World:
    world.github.add("org/a", {"Dockerfile": BEFORE, "b/Dockerfile": BEFORE, "OWNERS": OWNERS, "OWNERS_ALIASES": ALIASES})
    world.write("org/a", pull_request=PEOPLE | {"body": "{owners}"})
    world.run("plan")
    return world


def asked(world: World) -> list[str]:
    return [each for each in world.github.requests if "/issues/" in each or "requested_reviewers" in each]


def test_each_is_asked_for_once(planned: World) -> None:
    (change,) = planned.plan()["changes"]
    assert change["reviewers"] == ["dora", "org/experts", "other/people", "zoe", "bob"]
    assert change["body"] == "@ann @bob @carl\n"
    said = planned.run("apply", "--dry-run")
    assert "org/a@main: would ask for labels tide/merge-method-merge, area/ci images\n" in said
    assert "org/a@main: would ask for reviewers dora, org/experts, other/people, zoe, bob\n" in said
    assert asked(planned) == []
    planned.run("apply")
    (pull,) = planned.github.pulls["org/a"]
    assert pull["labels"] == PEOPLE["labels"]
    assert pull["assignees"] == ["mia"]
    assert (pull["reviewers"], pull["teams"]) == (["dora", "zoe", "bob"], ["experts"])
    before = asked(planned)
    planned.github.commit("org/a", {"Dockerfile": "# new\n" + BEFORE})
    planned.run("sync")
    assert asked(planned) == before


def test_only_what_is_new_is_asked_for(planned: World) -> None:
    planned.run("apply")
    before = len(asked(planned))
    planned.write(
        "org/a", pull_request=PEOPLE | {"labels": [*PEOPLE["labels"], "lgtm"], "reviewers": ["dora"], "body": "{owners}"}
    )
    planned.run("plan")
    assert planned.run("apply").count("ask for") == 1
    assert asked(planned)[before:] == ["POST /api/v3/repos/org/a/issues/1/labels"]
    assert planned.github.bodies[-1] == {"labels": ["lgtm"]}


def test_the_author_reviews_nothing(world: World) -> None:
    world.github.add("org/a", {"Dockerfile": BEFORE, "OWNERS": "approvers: [Migrator]\n"})
    world.write("org/a", pull_request={"reviewers_from_owners": 3, "reviewers": [LOGIN]})
    world.run("plan")
    world.run("apply")
    world.run("apply")
    assert asked(world) == []
    assert world.states() == {"org/a@main": "open"}


def test_refusals_are_said_and_tried_again(planned: World) -> None:
    planned.github.strangers = {"zoe", "mia"}
    planned.github.faults = [Fault("POST", "/labels", 403, {}, {"message": "Must have triage rights"})]
    out = planned.run("apply")
    assert "labels not set: POST " in out
    assert "403 Must have triage rights" in out
    assert "assignees not set: mia: not taken by GitHub" in out
    assert "reviewers not set: zoe: POST " in out
    assert planned.github.pulls["org/a"][0]["reviewers"] == ["dora", "bob"]
    assert "Must have triage rights" in planned.run("status", code=1)
    planned.github.strangers = set()
    before = len(planned.github.bodies)
    planned.run("apply")
    assert planned.github.bodies[before:] == [
        {"labels": PEOPLE["labels"]},
        {"assignees": ["mia"]},
        {"reviewers": ["zoe"], "team_reviewers": []},
    ]
    planned.run("status")
    assert len(planned.github.all_pulls()) == 1


def test_a_failure_that_passes_is_repeated(planned: World) -> None:
    planned.github.faults = [Fault("POST", "/labels", 502, after=True), Fault("POST", "/requested_reviewers", 0, drop=True)]
    planned.run("apply")
    (pull,) = planned.github.pulls["org/a"]
    assert pull["labels"] == PEOPLE["labels"]
    assert pull["reviewers"] == ["dora", "zoe", "bob"]


def test_a_state_of_the_version_before_is_brought_up_to_date(planned: World) -> None:
    planned.run("apply")
    with sqlite3.connect(planned.folder / "demo.sqlite3") as database:
        database.execute("ALTER TABLE change DROP COLUMN asked")
        database.execute("PRAGMA user_version = 1")
    database.close()
    assert "ask for labels" in planned.run("apply")
    with sqlite3.connect(planned.folder / "demo.sqlite3") as database:
        assert json.loads(database.execute("SELECT asked FROM change").fetchone()[0])["assignees"] == ["mia"]
        assert database.execute("PRAGMA user_version").fetchone()[0] == 2
    database.close()
