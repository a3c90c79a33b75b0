"""CAMPAIGN.toml: what a campaign is about. Wrong keys and values are refused by file, key and remedy."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from qcilint.campaign.errors import CampaignError
from qcilint.discovery import printable

DEFAULT_BODY = """\
OpenShift CI keeps its images in QCI (`quay.io/openshift/ci`) and pulls them through `quay-proxy.ci.openshift.org`. The tags of \
`registry.ci.openshift.org` are going stale, and `registry.svc.ci.openshift.org` is gone.

{summary}

Made by `{command}`. To change something, change it there and let it be made again: this branch is replaced then, unless \
somebody else has pushed to it.

{left}
"""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_AUTHOR = re.compile(r"[^<>\n]+ <[^<>\s]+@[^<>\s]+>")
_ACCOUNT = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*")
_TEAM = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*/[A-Za-z0-9_-]+")
LONGEST_LABEL, MOST_ASSIGNEES, MOST_REVIEWERS = 50, 10, 15
"""Limits of GitHub (docs.github.com/rest/issues; a label of more characters, or more people, are refused)."""
_TRAILER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: \S.*")
SPLITS = ("repository", "path", "owner", "size")
Section = TypeVar("Section")


@dataclass(frozen=True, slots=True)
class GitHub:
    """`[github]`: where the repositories are."""

    api: str = "https://api.github.com"
    git: str = "https://github.com"
    token_file: str = ""
    pause: float = field(default=1.0, metadata={"kind": "duration"})
    """Seconds between two requests that change something; GitHub asks for at least one."""
    max_wait: float = field(default=3600.0, metadata={"kind": "duration"})
    """The longest wait for a rate limit, in seconds."""


@dataclass(frozen=True, slots=True)
class Repositories:
    """`[repositories]`: which ones; every source adds to the others."""

    list: tuple[str, ...] = ()
    file: str = ""
    organization: str = ""
    code_search: str = ""
    repository_search: str = ""
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """`[fix]`: how far fixes may go, and what is listed."""

    unsafe: bool = False
    kept: bool = False
    """Also list legitimate references in files that hold no other."""
    catalog: str = ""
    """A catalogue of QCI: with it, or with `verify`, only fixes are made whose image is known."""
    verify: bool = False
    """Ask the registry about the images that fixes name."""
    verify_registry: tuple[str, ...] = ()
    """`HOST=URL`: ask another one."""
    ca_file: str = ""
    """Certificates to trust, too."""


@dataclass(frozen=True, slots=True)
class Split:
    """`[split]`: how the changes of one repository become pull requests."""

    by: str = "repository"
    depth: int = 1
    """Folders that make up the name of a part, for `path`."""
    files: int = 50
    """Most files of a part, for `size`."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """`[pull-request]`: what it says, and where its branch lives."""

    title: str = "NO-JIRA: Pull CI images from QCI"
    body: str = DEFAULT_BODY
    branch_prefix: str = "qcilint"
    fork: str = ""
    """Account or organisation that holds the forks; empty: branches are pushed to the repository itself."""
    draft: bool = False
    author: str = ""
    sign_off: bool = True
    trailers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    """Accounts, and teams as `organisation/team`."""
    reviewers_from_owners: int = 0
    """So many more, of those that the OWNERS files of the changed files name."""
    assignees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apply:
    """`[apply]`: how fast."""

    pace: float = field(default=60.0, metadata={"kind": "duration"})
    """Seconds between two newly opened pull requests."""
    max_open: int = 20
    """Pull requests open at the same time; 0: no limit."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One campaign."""

    path: str
    name: str
    plan: str
    """Folder of the plan; absolute, like `state` and `cache`."""
    state: str
    cache: str
    github: GitHub
    repositories: Repositories
    fix: Fix
    split: Split
    pull_request: PullRequest
    apply: Apply
    after: dict[str, tuple[str, ...]]
    """Patterns of repositories, each with those of the repositories that must be merged before."""


_SECTIONS: dict[str, type[Any]] = {
    "github": GitHub,
    "repositories": Repositories,
    "fix": Fix,
    "split": Split,
    "pull-request": PullRequest,
    "apply": Apply,
}
_TOP = ("name", "plan", "state", "cache", "after", *_SECTIONS)


def load(path: str) -> Settings:
    """Read a CAMPAIGN.toml. Raises CampaignError by file, key and remedy."""
    shown = printable(path)
    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except OSError as error:
        raise CampaignError(f"{shown}: {error.strerror}; give the path of a CAMPAIGN.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CampaignError(f"{shown}: no valid TOML: {error}") from None
    return _Reader(shown, os.path.dirname(os.path.abspath(path))).settings(path, table)


def duration(text: str) -> float:
    """Seconds of `500ms`, `30s`, `5m` or `2h`. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no duration; write 500ms, 30s, 5m or 2h")
    return float(found[1]) * _UNITS[found[2]]


class _Reader:
    """Turns tables into settings, and complains of what it does not know."""

    def __init__(self, shown: str, folder: str) -> None:
        self.shown, self.folder = shown, folder

    def refuse(self, key: str, problem: str) -> CampaignError:
        return CampaignError(f"{self.shown}: {printable(key)}: {problem}")

    def settings(self, path: str, table: dict[str, Any]) -> Settings:
        self._known(table, _TOP, "")
        name = self._value("name", str, table.get("name", ""), "")
        if not _NAME.fullmatch(name):
            raise self.refuse(
                "name", "give the campaign a name of letters, digits, '.', '_' and '-'; it is a part of branch names"
            )
        sections = {key.replace("-", "_"): self._section(key, kind, table.get(key, {})) for key, kind in _SECTIONS.items()}
        named_files = (("github", "token_file"), ("repositories", "file"), ("fix", "catalog"), ("fix", "ca_file"))
        for section, item in named_files:
            if named := getattr(sections[section], item):
                sections[section] = replace(sections[section], **{item: self._absolute(named)})
        settings = Settings(
            path=os.path.abspath(path),
            name=name,
            plan=self._place("plan", table, f"{name}.plan"),
            state=self._place("state", table, f"{name}.sqlite3"),
            cache=self._place("cache", table, _default_cache()),
            after=self._after(table.get("after", {})),
            **sections,
        )
        self._check(settings)
        return settings

    def _place(self, key: str, table: dict[str, Any], default: str) -> str:
        return self._absolute(self._value(key, str, table.get(key, default), ""))

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.folder, os.path.expanduser(path)))

    def _known(self, table: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in allowed:
                close = get_close_matches(key, allowed, 1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(allowed)}"
                raise self.refuse(where + key, f"no such key; {hint}")

    def _section(self, key: str, kind: type[Section], table: Any) -> Section:
        if not isinstance(table, dict):
            raise self.refuse(key, f"must be a table: [{key}]")
        known = {item.name.replace("_", "-"): item for item in fields(kind)}  # type: ignore[arg-type]
        self._known(table, tuple(known), f"{key}.")
        values = {}
        for name, value in table.items():
            item = known[name]
            default = () if item.default is MISSING else item.default
            wanted = str if item.metadata.get("kind") == "duration" else type(default)
            values[item.name] = self._value(f"{key}.{name}", wanted, value, item.metadata.get("kind", ""))
        return kind(**values)

    def _value(self, key: str, wanted: type[Any], value: Any, kind: str) -> Any:
        if wanted is tuple:
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                raise self.refuse(key, "must be a list of strings")
            return tuple(value)
        if type(value) is not wanted:
            names = {str: "a string", bool: "true or false", int: "a whole number"}
            raise self.refuse(key, f"must be {names[wanted]}, not {value!r}")
        if kind == "duration":
            try:
                return duration(value)
            except ValueError as error:
                raise self.refuse(key, str(error)) from None
        return value

    def _after(self, table: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(table, dict):
            raise self.refuse("after", 'must be a table: [after] with "owner/name" = ["owner/other"]')
        return {key: self._value(f"after.{key}", tuple, value, "") for key, value in table.items()}

    def _check(self, settings: Settings) -> None:
        split, request = settings.split, settings.pull_request
        if split.by not in SPLITS:
            close = get_close_matches(split.by, SPLITS, 1)
            hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(SPLITS)}"
            raise self.refuse("split.by", f"{split.by!r} is no way to split; {hint}")
        for key, value in (("split.depth", split.depth), ("split.files", split.files)):
            if value < 1:
                raise self.refuse(key, "must be at least 1")
        if settings.apply.max_open < 0:
            raise self.refuse("apply.max-open", "must be at least 0; 0 is no limit")
        for key, url in (("github.api", settings.github.api), ("github.git", settings.github.git)):
            if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", url):
                raise self.refuse(key, f"{url!r} is no http(s) URL without credentials")
        if not request.title.strip() or "\n" in request.title:
            raise self.refuse("pull-request.title", "must be one line of text")
        if not _NAME.fullmatch(request.branch_prefix):
            raise self.refuse("pull-request.branch-prefix", "letters, digits, '.', '_' and '-' only")
        if request.fork and not _NAME.fullmatch(request.fork):
            raise self.refuse(
                "pull-request.fork", "the name of an account or organisation; leave it out to push to the repository"
            )
        if request.author and not _AUTHOR.fullmatch(request.author):
            raise self.refuse("pull-request.author", "write it as 'Name <mail@example.com>'")
        for trailer in request.trailers:
            if not _TRAILER.fullmatch(trailer):
                raise self.refuse("pull-request.trailers", f"{trailer!r} is no trailer; write 'Key: value'")
        self._check_people(request)
        chosen = settings.repositories
        if not (chosen.list or chosen.file or chosen.organization or chosen.code_search or chosen.repository_search):
            raise self.refuse("repositories", "names none: give list, file, organization, code-search or repository-search")

    def _check_people(self, request: PullRequest) -> None:
        for label in request.labels:
            if not label.strip() or len(label) > LONGEST_LABEL or not label.isprintable():
                raise self.refuse("pull-request.labels", f"{label!r} is no label; write 1 to {LONGEST_LABEL} characters")
        for key, names, most in (
            ("reviewers", request.reviewers, MOST_REVIEWERS),
            ("assignees", request.assignees, MOST_ASSIGNEES),
        ):
            for name in names:
                if not (_ACCOUNT.fullmatch(name) or (key == "reviewers" and _TEAM.fullmatch(name))):
                    teams = ", or organisation/team" if key == "reviewers" else ""
                    raise self.refuse(f"pull-request.{key}", f"{name!r} is no account; write it without @{teams}")
            if len(names) > most:
                raise self.refuse(f"pull-request.{key}", f"{len(names)}, and GitHub takes {most} at most")
        if not 0 <= request.reviewers_from_owners <= MOST_REVIEWERS:
            raise self.refuse("pull-request.reviewers-from-owners", f"must be from 0 to {MOST_REVIEWERS}")


def _default_cache() -> str:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return os.path.join(base, "qcilint", "campaign")
