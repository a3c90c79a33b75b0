"""Killed at any moment, a run goes on where it was: no pull request twice, none lost.

Each step that others can see is a request, so the server kills the process at a request: before it is carried out, or after it and
before the answer. `QCILINT_CRASHES=200` injects as many crashes; the default is a few.
"""

from __future__ import annotations

import os
import signal
from random import Random

import pytest

from tests.campaign.conftest import AFTER, BEFORE, World
from tests.campaign.fake_github import LOGIN

CRASHES = int(os.environ.get("QCILINT_CRASHES", "12"))
REPOSITORIES = 4


def crash(world: World, rng: Random, furthest: int, *arguments: str) -> bool:
    """Run a command that is killed at one of the next requests; says whether it was."""
    github = world.github
    github.killed = False
    github.kill_at = (len(github.requests) + rng.randint(1, furthest), rng.choice(("before", "after")))
    process = world.start(*arguments)
    github.pid = process.pid
    process.wait()  # git, if it was at work, is still at work when the next run starts
    github.kill_at = (0, "")
    if process.returncode not in (0, -signal.SIGKILL):
        pytest.fail(f"{arguments} ended with {process.returncode}: {process.communicate()}")
    return github.killed


def until_done(world: World, rng: Random, furthest: int, limit: int, *arguments: str) -> int:
    """Crash again and again until a run ends by itself, and then run to the end; returns the number of crashes."""
    crashes = 0
    while crashes < limit and crash(world, rng, furthest, *arguments):
        crashes += 1
    world.run(*arguments)
    return crashes


@pytest.mark.parametrize("fork", ["", LOGIN], ids=["origin", "fork"])
def test_no_pull_request_is_doubled_or_lost(world: World, fork: str) -> None:
    rng, github = Random(f"crashes {fork}"), world.github
    crashes = campaigns = 0
    goal = (CRASHES + 1) // 2
    share = max(2, goal // 3)  # of each step, so that a few crashes touch all of them
    while crashes < goal:
        names = [f"org{campaigns}/{letter}" for letter in "abcd"[:REPOSITORIES]]
        campaigns += 1
        for name in names:
            github.add(name, {"Dockerfile": BEFORE, "hack/run.sh": "#!/bin/sh\n", "other": "1"})
        world.write(*names, pull_request={"fork": fork, "labels": ["ok"], "reviewers": ["ann"]})
        world.run("plan")
        crashes += until_done(world, rng, 25, share, "apply")
        for name in names:
            (pull,) = github.pulls[name]
            assert (pull["state"], pull["labels"], pull["reviewers"]) == ("open", ["ok"], ["ann"])
            push_to = f"{fork}/{name.split('/')[1]}" if fork else name
            assert github.branches(push_to) == ["main", "qcilint-demo-main"]
            assert github.file(push_to, "qcilint-demo-main", "Dockerfile") == AFTER
        # The files move on, and every branch is made anew: crashes here must not double anything either.
        for name in names:
            github.commit(name, {"Dockerfile": "# moved\n" + BEFORE})
        crashes += until_done(world, rng, 25, share, "sync")
        for name in names:
            (pull,) = github.pulls[name]
            push_to = f"{fork}/{name.split('/')[1]}" if fork else name
            assert github.file(push_to, "qcilint-demo-main", "Dockerfile") == "# moved\n" + AFTER
        assert set(world.states().values()) == {"open"}
        crashes += until_done(world, rng, 12, share, "close", "--yes")
        assert all(pull["state"] == "closed" for name in names for pull in github.pulls[name])
        for name in names:
            assert github.branches(f"{fork}/{name.split('/')[1]}" if fork else name) == ["main"]
        world.forget()
        if fork:
            github.forget(fork)
    print(f"{crashes} crashes in {campaigns} campaigns")
