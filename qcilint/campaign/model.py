"""The plan on disk: `plan.json`, and for each repository its findings and patches. Read back, it is checked."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from qcilint.campaign.errors import CampaignError, ChangeError
from qcilint.discovery import printable

VERSION = 1
INDEX = "plan.json"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file that a change patches."""

    path: str
    mode: str
    old: str
    """Name of its blob before the change."""
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One pull request to be."""

    id: str
    """`owner/name@branch`, with `#part` where the repository is split."""
    repository: str
    """`owner/name`; the path of a local repository that has no remote on GitHub."""
    base: str
    """The branch that it is for."""
    part: str
    branch: str
    """The branch that it is on."""
    commit: str
    """What was planned on."""
    title: str
    body: str
    """Of the pull request."""
    message: str
    """Of the commit."""
    author: str
    date: int
    patch: str
    """The file of the patch, relative to the plan."""
    digest: str
    """SHA-256 of the patch."""
    content: str
    """SHA-256 of the message and the diffs: the same for the same change at another time."""
    references: int
    files: tuple[Blob, ...]
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    """Accounts, and teams as `organisation/team`."""
    assignees: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """What it patches."""
        return tuple(file.path for file in self.files)


@dataclass(frozen=True, slots=True)
class Planned:
    """What was found in one repository."""

    key: str
    """As it was named: with `@branch` if that was given."""
    repository: str
    local: str
    base: str
    commit: str
    checked: int
    fixed: int
    left: int
    findings: str
    """The file of the findings, relative to the plan."""
    error: str = ""
    """Why it could not be planned; the other fields are empty then."""


@dataclass(slots=True)
class Plan:
    """All of it."""

    campaign: str
    date: int
    qcilint: str
    unsafe: bool
    shard: str = ""
    repositories: list[Planned] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    """In the order in which they are to be made."""
    waits: dict[str, list[str]] = field(default_factory=dict)
    """The ids of the changes that must be merged before a change."""


def dump(plan: Plan, folder: str) -> None:
    """Write the index of a plan."""
    with open(os.path.join(folder, INDEX), "w", encoding="ascii") as file:
        json.dump({"version": VERSION, **asdict(plan)}, file, indent=1)
        file.write("\n")


def load(folder: str) -> Plan:
    """Read the index of a plan. Raises CampaignError."""
    path = os.path.join(folder, INDEX)
    shown = printable(path)
    try:
        with open(path, encoding="ascii") as file:
            table = json.load(file)
    except FileNotFoundError:
        raise CampaignError(f"{shown}: there is no plan; make one with qcilint campaign plan") from None
    except (OSError, ValueError) as error:
        raise CampaignError(f"{shown}: cannot be read: {error}; make the plan again") from None
    try:
        if table.pop("version") != VERSION:
            raise CampaignError(f"{shown}: made by another version of qcilint; make the plan again")
        table["repositories"] = [Planned(**each) for each in table["repositories"]]
        table["changes"] = [_change(each) for each in table["changes"]]
        table["skipped"] = [(str(name), str(reason)) for name, reason in table["skipped"]]
        return Plan(**table)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise CampaignError(f"{shown}: is no plan of qcilint; make the plan again") from None


def findings(folder: str, plan: Plan) -> Iterator[tuple[Planned, dict[str, Any]]]:
    """Every finding of a plan with its repository. Raises CampaignError."""
    for planned in plan.repositories:
        if not planned.findings:
            continue
        path = os.path.join(folder, planned.findings)
        try:
            with open(path, encoding="ascii") as file:
                listed = json.load(file)["findings"]
        except (OSError, ValueError, KeyError, TypeError):
            raise CampaignError(f"{printable(path)}: cannot be read; make the plan again") from None
        for finding in listed:
            yield planned, finding


def _change(table: dict[str, Any]) -> Change:
    files = tuple(Blob(**each) for each in table.pop("files"))
    for key in ("labels", "reviewers", "assignees"):
        table[key] = tuple(map(str, table.get(key, ())))
    return Change(**table, files=files)


def patch_bytes(folder: str, change: Change) -> bytes:
    """The patch as it was reviewed. Raises ChangeError where the file is not the one that was planned."""
    if posixpath.isabs(change.patch) or ".." in change.patch.split("/"):
        raise ChangeError(f"{printable(change.patch)}: the plan names a file outside it")
    try:
        with open(os.path.join(folder, change.patch), "rb") as file:
            data = file.read()
    except OSError as error:
        raise ChangeError(f"{printable(change.patch)}: {error.strerror}; make the plan again") from None
    if digest(data) != change.digest:
        raise ChangeError(f"{printable(change.patch)}: was edited after the plan; make the plan again, or leave the change out")
    return data


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
