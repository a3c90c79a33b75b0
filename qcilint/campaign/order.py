"""Which changes come before which: as CAMPAIGN.toml says, and openshift/release before what it configures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter

from qcilint.campaign.errors import CampaignError
from qcilint.campaign.model import Change

RELEASE = "openshift/release"
"""Holds the configuration of every component: an alias there (`as`) is matched against the text of a Dockerfile, so the new
spelling has to be there before the Dockerfile has it."""
_CONFIG = re.compile(r"ci-operator/config/([^/]+/[^/]+)/")
_DOCKERFILE = re.compile(r"(?:.*/)?(?:[^/]*[.-])?(?:docker|container)file(?:[.-][^/]*)?", re.I)


def blockers(changes: Sequence[Change], after: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The ids of the changes that must be merged before each change, by its id; empty lists are left out.

    Raises CampaignError where changes would wait for each other.
    """
    found = {change.id: sorted(set(_before(change, changes, after))) for change in changes}
    waits = {key: value for key, value in found.items() if value}
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        raise CampaignError(f"after: these would wait for each other: {' → '.join(error.args[1])}") from None
    return waits


def _before(change: Change, changes: Sequence[Change], after: Mapping[str, Sequence[str]]) -> list[str]:
    wanted = [pattern for key, patterns in after.items() if _fits(change.repository, key) for pattern in patterns]
    names = [
        other.id
        for other in changes
        if other.repository != change.repository and any(_fits(other.repository, each) for each in wanted)
    ]
    if change.repository != RELEASE and any(_DOCKERFILE.fullmatch(path) for path in change.paths):
        names += [other.id for other in changes if other.repository == RELEASE and change.repository in configured(other)]
    return names


def configured(change: Change) -> set[str]:
    """The components whose configuration a change of openshift/release touches."""
    return {found[1] for path in change.paths if (found := _CONFIG.match(path))}


def ordered(changes: Sequence[Change], waits: Mapping[str, Sequence[str]]) -> list[Change]:
    """The changes, each after those that it waits for; openshift/release first, else by id."""
    by_id = {change.id: change for change in sorted(changes, key=lambda each: (each.repository != RELEASE, each.id))}
    result: list[Change] = []
    placed: set[str] = set()

    def place(change: Change) -> None:
        if change.id not in placed:
            placed.add(change.id)
            for before in waits.get(change.id, ()):
                place(by_id[before])
            result.append(change)

    for change in by_id.values():
        place(change)
    return result


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.lower(), pattern.lower())
