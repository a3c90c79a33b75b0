"""Pull requests, forks and checks: what a campaign asks of GitHub, in its own terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qcilint.campaign.errors import ChangeError
from qcilint.campaign.github import GitHubClient, GitHubError
from qcilint.records import dataclass

FORK_WAITS = (1, 2, 4, 8, 15, 30, 60, 60, 60, 60)
"""Seconds, in units of `github.pause`, until a new fork is there: GitHub makes it in up to five minutes
(docs.github.com/rest/repos/forks)."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request."""

    number: int
    url: str
    state: str
    """`open`, `merged` or `closed`."""
    title: str
    author: str
    branch: str
    head: str
    """The newest commit of its branch."""
    head_repository: str
    conflict: bool


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository as GitHub describes it."""

    name: str
    default_branch: str
    archived: bool
    parent: str
    """What it is a fork of, or empty."""


class Pulls:
    """Asks GitHub."""

    def __init__(self, client: GitHubClient) -> None:
        self.client = client

    def remote(self, name: str) -> Remote | None:
        """A repository; None where there is none that the token may see."""
        try:
            return _remote(self.client.get(f"/repos/{name}"))
        except GitHubError as error:
            if error.status == 404:
                return None
            raise

    def fork_of(self, name: str, account: str) -> Remote | None:
        """The fork of a repository that has its name in an account."""
        there = self.remote(f"{account}/{name.split('/')[1]}")
        return there if there and there.parent.lower() == name.lower() else None

    def fork(self, name: str, account: str, login: str) -> Remote:
        """Make a fork of a repository in an account; GitHub answers with the one that is there, if there is one."""
        body = {"default_branch_only": True} | ({} if account.lower() == login.lower() else {"organization": account})
        made = str(self.client.post(f"/repos/{name}/forks", body)["full_name"])
        for wait in FORK_WAITS:
            if found := self.remote(made):
                return found
            self.client.sleep(wait * self.client.settings.pause)
        raise ChangeError(f"the fork {made} is not there yet; run the command again in a few minutes")

    def login(self) -> str:
        """The account of the token; empty for a token that belongs to no account, such as that of an app."""
        try:
            return str(self.client.get("/user")["login"])
        except GitHubError as error:
            if error.status in (401, 403):
                return ""
            raise

    def of_branch(self, name: str, owner: str, branch: str) -> list[Pull]:
        """Every pull request from a branch, the newest first."""
        query = {"head": f"{owner}:{branch}", "state": "all", "sort": "created", "direction": "desc"}
        return [_pull(each) for page in self.client.pages(f"/repos/{name}/pulls", **query) for each in page]

    def open_of_base(self, name: str, base: str) -> Iterator[Pull]:
        """The open pull requests for a branch."""
        for page in self.client.pages(f"/repos/{name}/pulls", state="open", base=base):
            yield from (_pull(each) for each in page)

    def get(self, name: str, number: int) -> Pull:
        """One pull request."""
        return _pull(self.client.get(f"/repos/{name}/pulls/{number}"))

    def create(self, name: str, *, title: str, body: str, head: str, base: str, draft: bool) -> Pull:
        """Open one. Raises GitHubError."""
        values = {"title": title, "body": body, "head": head, "base": base, "draft": draft, "maintainer_can_modify": True}
        return _pull(self.client.post(f"/repos/{name}/pulls", values))

    def describe(self, name: str, number: int, title: str, body: str) -> None:
        """Give one another title and body."""
        self.client.patch(f"/repos/{name}/pulls/{number}", {"title": title, "body": body})

    def label(self, name: str, number: int, labels: Sequence[str]) -> None:
        """Give one labels besides those that it has. Raises GitHubError."""
        self.client.add(f"/repos/{name}/issues/{number}/labels", {"labels": list(labels)})

    def assign(self, name: str, number: int, accounts: Sequence[str]) -> set[str]:
        """Assign accounts; returns all that are assigned now, in lower case. Raises GitHubError."""
        answer = self.client.add(f"/repos/{name}/issues/{number}/assignees", {"assignees": list(accounts)})
        return {str(each["login"]).lower() for each in answer["assignees"]}

    def request(self, name: str, number: int, reviewers: Sequence[str]) -> None:
        """Ask accounts, and teams as `organisation/team`, for a review. Raises GitHubError."""
        body = {
            "reviewers": [each for each in reviewers if "/" not in each],
            "team_reviewers": [each.split("/")[1] for each in reviewers if "/" in each],
        }
        self.client.add(f"/repos/{name}/pulls/{number}/requested_reviewers", body)

    def close(self, name: str, number: int) -> None:
        """Close one."""
        self.client.patch(f"/repos/{name}/pulls/{number}", {"state": "closed"})

    def failing(self, name: str, commit: str) -> list[str]:
        """The names of the failing statuses and check runs of a commit, sorted."""
        bad: set[str] = set()
        for page in self.client.pages(f"/repos/{name}/commits/{commit}/status"):
            bad |= {str(each["context"]) for each in page["statuses"] if each["state"] in ("failure", "error")}
        for page in self.client.pages(f"/repos/{name}/commits/{commit}/check-runs"):
            bad |= {str(each["name"]) for each in page["check_runs"] if each["conclusion"] in _FAILING}
        return sorted(bad)


_FAILING = ("failure", "timed_out", "action_required", "startup_failure")


def _pull(answer: dict[str, Any]) -> Pull:
    head = answer["head"]
    merged = bool(answer.get("merged_at"))
    return Pull(
        number=int(answer["number"]),
        url=str(answer["html_url"]),
        state="merged" if merged else str(answer["state"]),
        title=str(answer["title"]),
        author=str((answer.get("user") or {}).get("login", "")),
        branch=str(head["ref"]),
        head=str(head["sha"]),
        head_repository=str((head.get("repo") or {}).get("full_name", "")),
        conflict=answer.get("mergeable") is False or answer.get("mergeable_state") == "dirty",
    )


def _remote(answer: dict[str, Any]) -> Remote:
    return Remote(
        name=str(answer["full_name"]),
        default_branch=str(answer["default_branch"]),
        archived=bool(answer.get("archived")),
        parent=str((answer.get("parent") or {}).get("full_name", "")),
    )
