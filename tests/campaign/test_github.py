"""Requests to the REST API: rate limits, failures that pass, redirects, and where the token goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcilint.campaign.credentials import Credentials
from qcilint.campaign.github import GitHubClient, GitHubError
from qcilint.campaign.settings import GitHub
from tests.campaign.fake_github import TOKEN, FakeGitHub, Fault


class Client(GitHubClient):
    """Notes its waits and does not wait."""

    def __init__(self, github: FakeGitHub, pause: float = 1.0, max_wait: float = 3600.0) -> None:
        self.waits: list[float] = []
        self.said: list[str] = []
        settings = GitHub(api=github.api, git=github.url, pause=pause, max_wait=max_wait)
        super().__init__(settings, Credentials(TOKEN, github.url), self.said.append, self.waits.append)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub(tmp_path / "github") as github:
        github.add("org/a", {"README.md": "a"})
        yield github


SECONDARY = {"message": "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."}
LIMITS = {
    "retry-after": (Fault("GET", "/user", 403, {"retry-after": "7"}, SECONDARY), [7.0]),
    "429 with retry-after": (Fault("GET", "/user", 429, {"retry-after": "3"}), [3.0]),
    "a secondary limit without a time": (Fault("GET", "/user", 403, {}, SECONDARY, times=3), [60.0, 120.0, 240.0]),
    "429 without a time": (Fault("GET", "/user", 429), [60.0]),
    "too quickly": (Fault("GET", "/user", 422, {}, {"message": "was submitted too quickly"}), [60.0]),
}


@pytest.mark.parametrize(("fault", "waits"), LIMITS.values(), ids=LIMITS)
def test_rate_limits_are_waited_for(github: FakeGitHub, fault: Fault, waits: list[float]) -> None:
    client = Client(github)
    fault.times = fault.times or 1
    github.faults = [Fault(fault.method, fault.path, fault.status, fault.headers, fault.body, fault.times)]
    assert client.get("/user")["login"]
    assert client.waits == waits
    assert all(said.startswith("GitHub's rate limit: waiting") for said in client.said)


def test_the_primary_limit_is_waited_for_until_its_reset(github: FakeGitHub) -> None:
    client = Client(github)
    reset = int(time.time()) + 100
    github.faults = [Fault("GET", "/user", 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)})]
    client.get("/user")
    assert len(client.waits) == 1
    assert 90 < client.waits[0] <= 101


def test_a_wait_that_is_too_long_ends_the_run(github: FakeGitHub) -> None:
    client = Client(github, max_wait=10)
    github.faults = [Fault("GET", "/user", 429, {"retry-after": "11"})]
    with pytest.raises(GitHubError, match=r"asks for a wait of 11 s, and github\.max-wait is over"):
        client.get("/user")
    assert client.waits == []


def test_failures_that_pass_are_tried_again_where_that_does_no_harm(github: FakeGitHub) -> None:
    client = Client(github)
    github.faults = [Fault("GET", "/user", 502, {}, {"message": "Server Error"}, times=2)]
    assert client.get("/user")["login"]
    assert client.waits == [1.0, 2.0]
    github.faults = [Fault("POST", "/forks", 502)]
    with pytest.raises(GitHubError) as caught:
        client.post("/repos/org/a/forks", {})
    assert caught.value.may_pass
    assert sum(request.startswith("POST") for request in github.requests) == 1


def test_changes_are_a_pause_apart(github: FakeGitHub) -> None:
    client = Client(github, pause=5.0)
    client.post("/repos/org/a/forks", {})
    client.post("/repos/org/a/forks", {})
    first, second = client.waits
    assert first == 0.0 or first < 5.0
    assert 4.0 < second <= 5.0


def test_a_refusal_says_what_github_said(github: FakeGitHub) -> None:
    body = {
        "message": "Validation Failed",
        "errors": [{"field": "head", "code": "invalid"}, {"message": "No commits between"}, "x\x1b[31m"],
    }
    github.faults = [Fault("GET", "/user", 422, {}, body)]
    with pytest.raises(GitHubError) as caught:
        Client(github).get("/user")
    assert str(caught.value) == f"GET {github.api}/user: 422 Validation Failed; head: invalid; No commits between; x\\x1b[31m"


def test_a_repository_that_moved_is_followed(github: FakeGitHub) -> None:
    github.moved["org/old"] = "org/a"
    assert Client(github).get("/repos/org/old")["full_name"] == "org/a"


def test_the_token_follows_no_redirect_to_another_host(github: FakeGitHub, tmp_path: Path) -> None:
    with FakeGitHub(tmp_path / "other") as other:
        github.faults = [Fault("GET", "/user", 302, {"Location": f"{other.api}/user"})]
        with pytest.raises(GitHubError, match="redirects to another host"):
            Client(github).get("/user")
        assert other.requests == []


def test_no_answer_and_no_json(github: FakeGitHub) -> None:
    client = Client(github)
    client.settings = GitHub(api="http://127.0.0.1:1", pause=0.0)
    with pytest.raises(GitHubError, match="no answer"):
        client.get("/user")
    client.settings = GitHub(api=f"{github.url}/org/a.git/HEAD?", pause=0.0)
    with pytest.raises(GitHubError, match=r"is no JSON; check github\.api"):
        client.get("")


def test_pages_are_followed(github: FakeGitHub) -> None:
    for number in range(7):
        github.add(f"many/{number}", {"a": "a"})
    found = [each["full_name"] for page in Client(github).pages("/orgs/many/repos", per_page="3") for each in page]
    assert found == [f"many/{number}" for number in range(7)]
    assert sum("/orgs/many/repos" in request for request in github.requests) == 3


def test_the_token_is_taken_out_of_texts() -> None:
    secret = Credentials(TOKEN, "https://example.com")
    (value,) = [value for key, value in secret.git_environment({}).items() if key == "GIT_CONFIG_VALUE_0"]
    assert TOKEN not in secret.redact(f"a {TOKEN} b {value}")
    assert value.split()[-1] not in secret.redact(value)
    assert TOKEN not in repr(secret)
    assert (
        secret.git_environment({"GITHUB_TOKEN": TOKEN, "GIT_CONFIG_COUNT": "2"})["GIT_CONFIG_KEY_2"]
        == "http.https://example.com/.extraHeader"
    )
