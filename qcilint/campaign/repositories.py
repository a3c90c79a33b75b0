"""Which repositories a campaign is about: named, listed in a file, of an organisation, found by a search, or local."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from qcilint.campaign.errors import CampaignError
from qcilint.campaign.github import GitHubClient, GitHubError
from qcilint.campaign.settings import Settings
from qcilint.discovery import printable
from qcilint.records import dataclass

SEARCH_LIMIT = 1000
"""GitHub shows no more results of one search (docs.github.com/rest/search/search)."""
_FULL_NAME = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9_-]*/(?!\.{1,2}(?:@|$))[A-Za-z0-9._-]+?)(?:\.git)?(?:@(?P<branch>[^\s@~^:?*\[\\]+))?"
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository to plan for."""

    name: str
    """`owner/name`, or the path of a local repository."""
    branch: str = ""
    """Empty: the default branch, or for a local repository what is checked out."""
    local: str = ""
    """Absolute path of a local repository."""

    @property
    def key(self) -> str:
        """What it is called in messages and in the plan."""
        return f"{self.name}@{self.branch}" if self.branch else self.name


@dataclass(slots=True)
class Chosen:
    """The repositories of a campaign, and those that were passed over."""

    repositories: list[Repository]
    skipped: list[tuple[str, str]]
    """Name and reason."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several equal parts of the repositories, which does not depend on what else is listed."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """`I/N`, counted from 1. Raises ValueError."""
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(f"{text!r} is no shard; write I/N, from 1/N to N/N")
        return cls(int(found[1]), int(found[2]))

    def holds(self, repository: Repository) -> bool:
        """Whether a repository is in this shard; all branches of one repository are in the same."""
        digest = hashlib.sha256(os.fsencode(repository.name.lower())).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1


def choose(settings: Settings, client: GitHubClient, shard: Shard | None = None) -> Chosen:
    """The repositories that the settings name, each once. Raises CampaignError and GitHubError."""
    chosen = Chosen([], [])
    seen: set[str] = set()
    for repository, reason in _every(settings, client, chosen):
        if repository.key.lower() in seen:
            continue
        seen.add(repository.key.lower())
        if shard and not shard.holds(repository):
            continue
        if not reason and (pattern := _excluded(repository.name, settings.repositories.exclude)):
            reason = f"excluded by {pattern}"
        if reason:
            chosen.skipped.append((repository.key, reason))
        else:
            chosen.repositories.append(repository)
    return chosen


def _every(settings: Settings, client: GitHubClient, chosen: Chosen) -> Iterator[tuple[Repository, str]]:
    """Each repository with the reason to skip it, if there is one."""
    wanted = settings.repositories
    folder = os.path.dirname(settings.path)
    for entry in wanted.list:
        yield _entry(entry, folder, settings, "repositories.list"), ""
    if wanted.file:
        yield from ((repository, "") for repository in _listed(wanted.file, settings))
    if wanted.organization:
        yield from ((_found(entry), _unfit(entry)) for entry in _organization(wanted.organization, client))
    for kind, query in (("code", wanted.code_search), ("repositories", wanted.repository_search)):
        if query:
            yield from ((_found(entry), _unfit(entry)) for entry in _search(kind, query, client, chosen))


def _entry(text: str, folder: str, settings: Settings, where: str) -> Repository:
    """A repository as people write it: `owner/name`, with `@branch`, as a URL, or a path with a `.`, `~` or `/` in front."""
    if text.startswith((".", "~", "/")):
        path = os.path.normpath(os.path.join(folder, os.path.expanduser(text)))
        if not os.path.isdir(path):
            raise CampaignError(f"{where}: {printable(text)}: no such folder; a local repository is given by its path")
        return Repository(path, "", path)
    base = settings.github.git.rstrip("/")
    host = re.sub(r"https?://", "", base)
    name = text.removeprefix(base + "/").removeprefix(host + "/").strip("/")
    found = _FULL_NAME.fullmatch(name)
    if not found:
        raise CampaignError(f"{where}: {printable(text)!r} is no repository; write owner/name, owner/name@branch or ./path")
    return Repository(found["name"], found["branch"] or "")


def _listed(path: str, settings: Settings) -> Iterator[Repository]:
    """The entries of a file, one a line; `#` starts a comment."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not in UTF-8"
        raise CampaignError(f"repositories.file: {printable(path)}: {reason}; it lists one repository a line") from None
    for number, line in enumerate(lines, 1):
        if entry := re.sub(r"(^|\s)#.*", "", line).strip():
            yield _entry(entry, os.path.dirname(path), settings, f"{printable(path)}:{number}")


def _organization(name: str, client: GitHubClient) -> Iterator[dict[str, Any]]:
    try:
        for page in client.pages(f"/orgs/{name}/repos", type="all", sort="full_name"):
            yield from page
    except GitHubError as error:
        if error.status == 404:
            raise CampaignError(f"repositories.organization: GitHub knows no organisation {printable(name)!r}") from None
        raise


def _search(kind: str, query: str, client: GitHubClient, chosen: Chosen) -> Iterator[dict[str, Any]]:
    """The repositories of a search, which may name one several times."""
    total = 0
    for page in client.pages(f"/search/{kind}", q=query):
        total = max(total, int(page["total_count"]))
        if page.get("incomplete_results"):
            chosen.skipped.append((f"search {query}", "GitHub's answer is incomplete: some repositories may be missing"))
        for item in page["items"]:
            yield item["repository"] if kind == "code" else item
    if total > SEARCH_LIMIT:
        reason = f"GitHub shows only the first {SEARCH_LIMIT:,} of {total:,} results: split the search, or list an organisation"
        chosen.skipped.append((f"search {query}", reason))


def _found(entry: dict[str, Any]) -> Repository:
    found = _FULL_NAME.fullmatch(str(entry["full_name"]))
    if not found or found["branch"]:
        raise CampaignError(f"GitHub names a repository {printable(str(entry['full_name']))!r}; check github.api")
    return Repository(found["name"])


def _unfit(entry: dict[str, Any]) -> str:
    """Why a repository that was not asked for by name is passed over."""
    for key, reason in (("archived", "archived"), ("disabled", "disabled"), ("fork", "a fork; list it by name to include it")):
        if entry.get(key):
            return reason
    return ""


def _excluded(name: str, patterns: tuple[str, ...]) -> str:
    return next((pattern for pattern in patterns if fnmatchcase(name.lower(), pattern.lower())), "")
