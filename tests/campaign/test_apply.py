"""From a plan to merged pull requests, against real repositories and a GitHub on loopback."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from tests.campaign.conftest import AFTER, BEFORE, World
from tests.campaign.fake_github import LOGIN, TOKEN, Fault
from tests.conftest import git

BRANCH = "qcilint-demo-main"


def planned(world: World, *names: str, **sections: dict[str, object]) -> None:
    """Repositories with one Dockerfile each, planned."""
    for name in names:
        world.github.add(name, {"Dockerfile": BEFORE, "README.md": "# A\n"})
    world.write(*names, **sections)
    world.run("plan")


def test_from_a_list_to_merged(world: World) -> None:
    world.github.add("org/clean", {"Dockerfile": "FROM scratch\n"})
    planned(world, "org/a", "org/b")
    world.write("org/a", "org/b", "org/clean")
    assert "planned 2 pull requests for 3 repositories: 2 references to fix, 0 left alone" in world.run("plan")
    assert world.run("apply").endswith("opened 2, updated 0; failed 0, waiting 0\n")
    for name in ("org/a", "org/b"):
        assert world.github.branches(name) == ["main", BRANCH]
        assert world.github.file(name, BRANCH, "Dockerfile") == AFTER
        assert world.github.file(name, "main", "Dockerfile") == BEFORE
        message = git(world.github.path(name), "log", "-1", "--format=%an <%ae>%n%B", BRANCH)
        assert message.startswith(
            "Mia Example <mia@example.com>\nNO-JIRA: Pull CI images from QCI\n\nChanges 1 reference in 1 file."
        )
        assert "\n    qcilint --fix\n" in message
        assert message.rstrip().endswith("Signed-off-by: Mia Example <mia@example.com>")
        (pull,) = world.github.pulls[name]
        assert (pull["title"], pull["base"], pull["draft"]) == ("NO-JIRA: Pull CI images from QCI", "main", False)
        world.github.merge(name, 1)
    assert world.run("status").endswith("2 merged\n")
    assert world.run("apply").endswith("opened 0, updated 0; failed 0, waiting 0\n")
    assert "planned 0 pull requests" in world.run("plan")


def test_applied_twice_nothing_happens(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    before = len(world.github.requests)
    world.run("apply")
    assert world.github.requests[before:] == []


def test_lost_state_doubles_nothing(world: World) -> None:
    """Without the state the branch is a stranger's: it is not touched, and there is no second pull request."""
    planned(world, "org/a")
    world.run("apply")
    (world.folder / "demo.sqlite3").unlink()
    sha = world.github.ref("org/a", BRANCH)
    assert f"branch {BRANCH} of org/a holds {sha[:12]}, which this campaign did not make" in world.run("apply", code=1)
    assert world.github.ref("org/a", BRANCH) == sha
    assert len(world.github.pulls["org/a"]) == 1


def test_a_moved_file_is_refused_and_another_is_not(world: World) -> None:
    planned(world, "org/a", "org/b", "org/gone")
    world.github.commit("org/a", {"README.md": "# B\n", "new": "x"})
    world.github.commit("org/b", {"Dockerfile": BEFORE + "# moved\n"})
    world.github.commit("org/gone", {"Dockerfile": None})
    out = world.run("apply", code=1)
    assert "org/b@main: failed: main has moved on in Dockerfile; run plan or sync again" in out
    assert "org/gone@main: failed: main has moved on in Dockerfile" in out
    assert out.endswith("opened 1, updated 0; failed 2, waiting 0\n")
    assert git(world.github.path("org/a"), "merge-base", "main", BRANCH).strip() == world.github.ref("org/a", "main")
    assert world.github.branches("org/b") == ["main"]
    world.run("plan")
    assert world.run("apply", "--only", "failed").endswith("opened 1, updated 0; failed 0, waiting 0\n")
    assert world.github.file("org/b", BRANCH, "Dockerfile") == AFTER + "# moved\n"


def test_a_patch_that_was_edited_is_refused(world: World) -> None:
    planned(world, "org/a")
    patch = world.plan_folder / world.plan()["changes"][0]["patch"]
    patch.write_text(patch.read_text().replace("RUN true", "RUN evil"))
    assert "was edited after the plan" in world.run("apply", code=1)
    assert world.github.branches("org/a") == ["main"]


def test_a_foreign_commit_is_never_pushed_over(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    theirs = world.github.commit("org/a", {"theirs": "x"}, BRANCH)
    world.github.commit("org/a", {"Dockerfile": BEFORE + "# moved\n"})
    assert "which this campaign did not make" in world.run("sync", code=1)
    assert "which this campaign did not make: left as it is" in world.run("close", "--yes", code=1)
    assert world.github.ref("org/a", BRANCH) == theirs
    assert world.github.pulls["org/a"][0]["state"] == "open"


def test_a_branch_that_was_there_before_is_left_alone(world: World) -> None:
    planned(world, "org/a")
    git(world.github.path("org/a"), "branch", BRANCH, "main")
    assert "which this campaign did not make; rename or delete it" in world.run("apply", code=1)
    assert world.github.ref("org/a", BRANCH) == world.github.ref("org/a", "main")


def test_the_default_branch_is_never_touched(world: World) -> None:
    planned(world, "org/a")
    world.github.repos["org/a"].default_branch = BRANCH
    assert "is a branch that others work on" in world.run("apply", code=1)
    assert world.github.branches("org/a") == ["main"]


def test_so_many_may_be_open(world: World) -> None:
    planned(world, "org/a", "org/b", "org/c")
    assert world.run("apply", "--max-open", "2").endswith(
        "as many pull requests are open as may be (2): 1 change left for later\nopened 2, updated 0; failed 0, waiting 1\n"
    )
    assert world.github.branches("org/c") == ["main"]
    assert world.run("apply", "--max-open", "2").endswith("opened 0, updated 0; failed 0, waiting 1\n")
    world.github.merge("org/a", 1)
    assert world.run("apply", "--max-open", "2").endswith("opened 1, updated 0; failed 0, waiting 0\n")


def test_the_pace_is_kept_over_runs(world: World) -> None:
    planned(world, "org/a", "org/b", "org/c")
    world.run("apply", "--max-open", "1")
    assert re.search(r"would wait 3[456]\d\d s before the next pull request", world.run("apply", "--pace", "1h", "--dry-run"))


def test_drafts(world: World) -> None:
    planned(world, "org/a", "org/b")
    assert "open a draft of 'NO-JIRA: Pull CI images from QCI' for main" in world.run("apply", "--draft")
    assert all(pull["draft"] for pull in world.github.all_pulls())


def test_a_dry_run_says_what_then_happens(world: World) -> None:
    planned(world, "org/a", "org/b")
    said = world.run("apply", "--dry-run")
    assert world.github.all_pulls() == []
    assert world.github.branches("org/a") == ["main"]
    assert not (world.folder / "demo.sqlite3").exists()
    assert not any(
        request.startswith(("POST /api", "PATCH", "DELETE")) or "receive-pack" in request
        for request in world.github.requests[:-2]
        if "upload" not in request
    )
    done = world.run("apply")
    assert [line.replace(": would ", ": ") for line in said.splitlines() if ": would " in line] == [
        line for line in done.splitlines() if re.search(r": (push|open '|fork)", line)
    ]
    assert said.endswith("would have opened 2, updated 0; failed 0, waiting 0\n")


@pytest.mark.parametrize("account", [LOGIN, "migrators"], ids=["own account", "organisation"])
def test_forks(world: World, account: str) -> None:
    planned(world, "org/a", pull_request={"fork": account})
    said = world.run("apply", "--dry-run")
    assert f"org/a@main: would fork org/a to {account}" in said
    assert f"{account}/a" not in world.github.repos
    world.run("apply")
    assert world.github.branches("org/a") == ["main"]
    assert world.github.branches(f"{account}/a") == ["main", BRANCH]
    assert world.github.pulls["org/a"][0]["owner"] == account
    posted = [body for body in world.github.bodies if "default_branch_only" in body]
    assert posted == [{"default_branch_only": True} | ({} if account == LOGIN else {"organization": account})]


def test_a_fork_that_lags_behind(world: World) -> None:
    """The fork lacks the commit that ours stands on, and our clone lacks the history: it is fetched."""
    planned(world, "org/a", pull_request={"fork": LOGIN})
    world.run("apply")
    for number in range(3):
        world.github.commit("org/a", {f"new{number}": "x", "Dockerfile": f"# {number}\n{BEFORE}"})
    git(world.github.path(f"{LOGIN}/a"), "config", "receive.shallowUpdate", "false")
    world.run("sync")
    assert world.github.file(f"{LOGIN}/a", BRANCH, "Dockerfile") == f"# 2\n{AFTER}"
    assert git(world.github.path(f"{LOGIN}/a"), "rev-list", "--count", BRANCH).strip() == "5"


def test_a_pull_request_with_the_same_title_is_no_twin(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    world.write("org/a", pull_request={"branch_prefix": "again"})
    world.run("plan")
    (world.folder / "demo.sqlite3").unlink()
    assert f"#1 has the same title, from branch {BRANCH}; close it, or change the title" in world.run("apply", code=1)
    assert len(world.github.pulls["org/a"]) == 1


def test_one_that_somebody_closed_stays_closed_unless_asked_for(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    world.github.pulls["org/a"][0]["state"] = "closed"
    world.run("status")
    world.run("apply")
    assert len(world.github.pulls["org/a"]) == 1
    assert world.run("apply", "--only", "closed").endswith("opened 1, updated 0; failed 0, waiting 0\n")
    assert [pull["state"] for pull in world.github.pulls["org/a"]] == ["closed", "open"]


def test_one_that_was_merged_before_it_was_written_down(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    world.github.merge("org/a", 1)
    with sqlite3.connect(world.folder / "demo.sqlite3") as database:
        database.execute("UPDATE change SET state = 'pushed', number = 0, url = ''")
    database.close()
    assert "org/a@main: merged: " in world.run("apply")
    assert len(world.github.pulls["org/a"]) == 1


def test_what_slides_back_is_planned_again(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    world.github.merge("org/a", 1)
    world.run("status")
    world.github.commit("org/a", {"new/Dockerfile": BEFORE})
    world.run("plan")
    assert world.run("apply").endswith("opened 1, updated 0; failed 0, waiting 0\n")
    assert [pull["state"] for pull in world.github.pulls["org/a"]] == ["closed", "open"]


def test_a_new_plan_updates_what_is_open(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    world.write("org/a", pull_request={"title": "OCPBUGS-1: Pull from QCI"})
    world.run("plan")
    assert world.run("apply").endswith("opened 0, updated 1; failed 0, waiting 0\n")
    assert [pull["title"] for pull in world.github.pulls["org/a"]] == ["OCPBUGS-1: Pull from QCI"]
    assert git(world.github.path("org/a"), "log", "-1", "--format=%s", BRANCH).strip() == "OCPBUGS-1: Pull from QCI"


def test_the_configuration_goes_before_the_dockerfile(world: World) -> None:
    config = "images:\n  items:\n  - dockerfile_literal: |\n      FROM registry.ci.openshift.org/ocp/4.20:cli\n    to: a\n"
    world.github.add("openshift/release", {"ci-operator/config/org/a/org-a-main.yaml": config, "hack/Dockerfile": BEFORE})
    planned(world, "org/a", "org/b", "org/c")
    world.write(
        "org/c",
        "org/a",
        "org/b",
        "openshift/release",
        split={"by": "path"},
        fix={"unsafe": True},
        more='[after]\n"org/c" = ["org/[b]"]\n',
    )
    world.run("plan")
    ids = [change["id"] for change in world.plan()["changes"]]
    assert ids[:2] == ["openshift/release@main#ci-operator", "openshift/release@main#hack"]
    assert ids.index("org/b@main#top") < ids.index("org/c@main#top")
    out = world.run("apply")
    assert "org/a@main#top: waits for openshift/release@main#ci-operator (open #1)" in out
    assert "org/c@main#top: waits for org/b@main#top (open #1)" in out
    assert out.endswith("opened 3, updated 0; failed 0, waiting 2\n")
    world.github.merge("openshift/release", 1)
    assert world.run("apply").endswith("opened 1, updated 0; failed 0, waiting 1\n")


FAULTS = {
    "a failure after it was opened": Fault("POST", "/pulls", 502, after=True),
    "no answer after it was opened": Fault("POST", "/pulls", 0, after=True, drop=True),
    "a failure before it was opened": Fault("POST", "/pulls", 500),
    "a rate limit": Fault("POST", "/pulls", 403, {"retry-after": "0"}, {"message": "secondary rate limit"}, times=2),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_opened_once_whatever_github_answers(world: World, fault: Fault) -> None:
    planned(world, "org/a")
    world.github.faults = [Fault(**{name: getattr(fault, name) for name in fault.__dataclass_fields__})]
    assert "opened 1, updated 0; failed 0, waiting 0\n" in world.run("apply")
    assert len(world.github.pulls["org/a"]) == 1


def test_refusals_are_written_down_and_the_others_go_on(world: World) -> None:
    planned(world, "org/a", "org/b", "org/c")
    world.github.repos["org/a"].archived = True
    world.github.faults = [Fault("POST", "org/b/pulls", 403, {}, {"message": "Resource not accessible by personal access token"})]
    out = world.run("apply", code=1)
    assert "org/a@main: failed: org/a is archived" in out
    assert "org/b@main: failed: POST" in out
    assert out.endswith("opened 1, updated 0; failed 2, waiting 0\n")
    assert world.states() == {"org/a@main": "failed", "org/b@main": "failed", "org/c@main": "open"}
    assert world.run("apply", "--only", "org/b").endswith("opened 1, updated 0; failed 0, waiting 0\n")


def test_the_token_is_nowhere(world: World, tmp_path: Path) -> None:
    """Not on a command line, not in a file, not in what is said; git gets it for its host alone."""
    programs, log = tmp_path / "bin", tmp_path / "commands"
    programs.mkdir()
    real = os.popen("command -v git").read().strip()
    (programs / "git").write_text(f'#!/bin/sh\necho "$@" >> {log}\nenv | grep -c GIT_CONFIG_VALUE >> {log}\nexec {real} "$@"\n')
    (programs / "git").chmod(stat.S_IRWXU)
    (world.folder / "token").write_text(TOKEN + "\n")
    world.github.add("org/a", {"Dockerfile": BEFORE})
    world.write("org/a", "org/missing", github={"token_file": "token"}, pull_request={"fork": LOGIN})
    path = {"PATH": f"{programs}:{os.environ['PATH']}", "GITHUB_TOKEN": "", "GIT_TRACE": "1"}
    world.run("plan", code=1, **path)
    world.run("apply", **path)
    world.run("status", **path)
    world.run("close", "--yes", **path)
    assert "push" in log.read_text()
    for file in [log, *(path for path in world.folder.rglob("*") if path.is_file() and path.name != "token")]:
        data = file.read_bytes()
        assert TOKEN.encode() not in data, file
        assert b"eC1hY2Nlc3MtdG9rZW4" not in data, file
    assert any(header.get("Authorization", "").startswith("Basic ") for header in world.github.headers)


@pytest.mark.parametrize(
    ("token", "said"),
    [("", "no GitHub token: set GITHUB_TOKEN, or github.token-file"), ("a b", "holds characters that no token has")],
)
def test_tokens_that_cannot_be_used(world: World, token: str, said: str) -> None:
    planned(world, "org/a")
    assert said in world.run("apply", code=2, GITHUB_TOKEN=token)


def test_two_runs_do_not_meet(world: World) -> None:
    planned(world, "org/a")
    world.run("apply")
    import fcntl

    with (world.folder / "demo.sqlite3.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another qcilint campaign is under way" in world.run("apply", code=2)


def test_an_interrupt_says_so_and_nothing_is_lost(world: World) -> None:
    planned(world, "org/a", "org/b")
    process = world.start("apply", "--pace", "1h")
    deadline = time.monotonic() + 60
    assert process.stdout
    out = b""
    while b"before the next pull request" not in out and time.monotonic() < deadline:
        out += process.stdout.readline()
    assert "open" in world.run("status")  # may be asked meanwhile
    process.send_signal(2)
    _, err = process.communicate()
    assert b"before the next pull request" in out
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert world.run("apply").endswith("opened 1, updated 0; failed 0, waiting 0\n")


def test_other_files_are_no_state(world: World) -> None:
    planned(world, "org/a")
    (world.folder / "demo.sqlite3").write_text("hello, this is no database at all, however long it is\n" * 100)
    assert "it is no state of a campaign, or damaged" in world.run("apply", code=2)
    (world.folder / "demo.sqlite3").unlink()
    with sqlite3.connect(world.folder / "demo.sqlite3") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    assert "written by a newer qcilint" in world.run("apply", code=2)


def test_what_is_open_is_updated_though_no_more_may_be_open(world: World) -> None:
    planned(world, "org/b")
    world.run("apply")
    world.github.add("org/a", {"Dockerfile": BEFORE})
    world.write("org/a", "org/b", pull_request={"title": "OCPBUGS-1: Pull from QCI"})
    world.run("plan")
    assert world.run("apply", "--max-open", "1").endswith("opened 0, updated 1; failed 0, waiting 1\n")
    assert world.github.pulls["org/b"][0]["title"] == "OCPBUGS-1: Pull from QCI"
