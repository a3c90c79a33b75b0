"""Tables of inputs for every form of references to the registries of OpenShift CI: what a fix makes of them, what it leaves.

In these tables `§` stands for registry.ci.openshift.org, `†` for registry.svc.ci.openshift.org, and `¤` for
quay-proxy.ci.openshift.org/openshift/ci.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SIGNS = {
    "§": "registry.ci.openshift.org",
    "†": "registry.svc.ci.openshift.org",
    "¤": "quay-proxy.ci.openshift.org/openshift/ci",
}
SUM = "sha256:" + "0123456789abcdef" * 4
"""A digest."""


def spell(text: str) -> str:
    """The text with hosts for the signs of the tables."""
    for sign, host in SIGNS.items():
        text = text.replace(sign, host)
    return text


@dataclass(frozen=True, slots=True)
class Why:
    """What is said of one reference that is left alone."""

    reason: str
    """A distinctive part of its reason."""
    silent: bool
    """Whether it is kept, not reported."""

    def __post_init__(self) -> None:
        if not self.reason:
            raise ValueError("every text holds an empty reason")


def told(reason: str) -> Why:
    """Left alone, and reported."""
    return Why(reason, silent=False)


def silent(reason: str) -> Why:
    """Left alone as legitimate."""
    return Why(reason, silent=True)


@dataclass(frozen=True, slots=True)
class Case:
    """One text, and what becomes of it."""

    id: str
    """Why it is here."""
    path: str
    before: str
    safe: str
    """After `--fix`."""
    unsafe: str
    """After `--fix --unsafe-fixes`."""
    doubts: tuple[str, ...]
    """A part of the reason of each fix that is unsafe, in order."""
    stays: tuple[Why, ...]
    """What is said of the references that no fix changes, in order."""

    @property
    def kinds(self) -> set[str]:
        """What it shows: `fixed`, `left`."""
        return ({"fixed"} if self.unsafe != self.before else set()) | ({"left"} if self.stays else set())


@dataclass(frozen=True, slots=True)
class Repo:
    """A whole repository, and what becomes of its files; those that are not named in a mapping do not change."""

    id: str
    files: Mapping[str, str]
    safe: Mapping[str, str]
    """Files that `--fix` changes, and how."""
    stays: Mapping[str, tuple[Why, ...]]
    """By file, what is said of the references that no fix changes, in order."""
    unsafe: Mapping[str, str]
    """Files that `--fix --unsafe-fixes` changes further."""

    @property
    def kinds(self) -> set[str]:
        """What it shows: `fixed`, `left`."""
        return ({"fixed"} if self.safe or self.unsafe else set()) | ({"left"} if any(self.stays.values()) else set())


Entry = Case | Repo
Table = Mapping[str, list[Entry]]
"""Form → its cases."""


def safe(name: str, path: str, before: str, after: str, *stays: Why) -> Case:
    """A text that `--fix` may change."""
    return Case(name, path, before, after, after, (), stays)


def unsafe(name: str, path: str, before: str, after: str, doubt: str | tuple[str, ...], *stays: Why) -> Case:
    """A text that only `--unsafe-fixes` may change."""
    return Case(name, path, before, before, after, (doubt,) if isinstance(doubt, str) else doubt, stays)


def left(name: str, path: str, text: str, *stays: Why) -> Case:
    """A text that nothing may change."""
    return Case(name, path, text, text, text, (), stays)


def repo(
    name: str,
    files: Mapping[str, str],
    fixed: Mapping[str, str],
    stays: Mapping[str, tuple[Why, ...]],
    unsafely: Mapping[str, str] | None = None,
) -> Repo:
    """A repository."""
    return Repo(name, files, fixed, stays, unsafely or {})
