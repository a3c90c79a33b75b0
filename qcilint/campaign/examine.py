"""Lints one repository of a campaign and says what a fix would change, without writing into it."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable
from copy import copy
from importlib.resources import files
from typing import Any

import qcilint
from qcilint.campaign.clones import ATTRIBUTES, WHOLE, Cache, Tip
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.repositories import Repository
from qcilint.campaign.reviewing import reviewed
from qcilint.campaign.settings import Fix
from qcilint.campaign.snapshot import Snapshot, work_tree
from qcilint.config_files import ConfigError
from qcilint.config_options import leave_out
from qcilint.discovery import Selection, Target, select
from qcilint.engine import Linter
from qcilint.index import Index, load, of
from qcilint.policy import Policy
from qcilint.records import dataclass
from qcilint.replacing import replace_file
from qcilint.results import Report
from qcilint.ruleset import RuleSet, load_builtin
from qcilint.scan import Scanner
from qcilint.source import Source
from qcilint.workers import WorkerError

VERSION = 3
"""Of the stored results; raised when their form changes."""


@dataclass(frozen=True, slots=True)
class Level:
    """How far fixes go and what is listed."""

    fix: Fix
    known: str = ""
    """Changes with what is known of images (`reviewing.check`)."""

    @property
    def unsafe(self) -> bool:
        return self.fix.unsafe

    @property
    def kept(self) -> bool:
        return self.fix.kept


Result = dict[str, Any]
"""`commit`, `branch`, `checked`, `findings` (as `--format json --show-kept`, each with its `outcome`), `files` (each with
`path`, `mode`, `old` and `new` blob, number of `references`, `diff` as Latin-1,
`owners`, `approvers`, `reviewers`) and `errors` (path and reason)."""


def examine(repository: Repository, tip: Tip, cache: Cache, level: Level, say: Callable[[str], None]) -> Result:
    """The result for the newest commit of a repository, which is kept in the store. Raises ChangeError."""
    with cache.lock(repository, tip.branch):
        say("fetching")
        tip, snapshot = cache.snapshot(repository, tip, scanner(level.kept))
        say("checking")
        wanted = work_tree(snapshot)
        if wanted:
            snapshot.root = cache.checkout(repository, tip, ATTRIBUTES if wanted == "attributes" else WHOLE)
        try:
            return store(cache.folder, level, lint(snapshot, tip, level, configured=wanted == "all"))
        except (ConfigError, WorkerError) as error:
            raise ChangeError(str(error)) from None


def preload() -> None:
    """Import and build what linting needs, once for all forked workers: the examples of the rules touch most of it."""
    import qcilint.holds
    import qcilint.output.diff
    import qcilint.output.json  # noqa: F401
    from qcilint.facts import Facts
    from qcilint.fixing import fixed

    one = _linter(False)
    scanner(False)
    for rule in one.rules.rules:
        for example in rule.examples:
            source = Source(example.path, example.before.encode(), example.path)
            if analysis := one.analyst.analyse(source, Target(example.path, "", example.path)):
                facts = Facts()
                analysis.add_to(facts)
                result = one.judge(analysis, facts)
                fixed(one, result, unsafe=True)


@functools.cache
def rules() -> RuleSet:
    """The rules that come with qcilint, read once."""
    return load_builtin()


@functools.cache
def _linter(kept: bool) -> Linter:
    return Linter(rules(), thorough=kept)


@functools.cache
def _index() -> Index:
    return load() or of(rules())


@functools.cache
def scanner(kept: bool) -> Scanner:
    """What tells the files that matter, made once."""
    made = Scanner(_index(), follow=False, thorough=kept)
    made.hurry()
    return made


def lint(snapshot: Snapshot, tip: Tip, level: Level, *, configured: bool) -> Result:
    """Lint a commit. `configured`: it has configurations of qcilint, and its root is a work tree to find them in.

    Raises ConfigError.
    """
    report, linter = _in_its_own_way(snapshot, level) if configured else _as_it_comes(snapshot, level)
    result: Result = {"commit": tip.commit, "branch": tip.branch, "checked": report.checked, "findings": [], "errors": []}
    result["errors"] += report.errors
    changed = _fixed(report, linter, level, result)
    from qcilint.output.json import finding_object

    done = {id(finding) for _, _, chosen in changed.values() for finding in chosen}
    for file in report.files:
        for finding in file.findings:
            if finding.about == "catalog":
                continue  # the reason of the fix says it
            outcome = "kept" if finding.kept else "fixed" if id(finding) in done else "left"
            result["findings"].append({**finding_object(file, finding), "outcome": outcome})
    result["files"] = _files(snapshot, changed)
    return result


def _as_it_comes(snapshot: Snapshot, level: Level) -> tuple[Report, Linter]:
    linter = copy(_linter(level.kept))  # what it has compiled is shared
    paths = list(snapshot.entries)
    named = {paths[number] for number in _index().named(paths)}
    linter.staged = snapshot
    linter = reviewed(linter, level.fix)
    targets = [Target(path, snapshot.root, path) for path in paths if path in snapshot.open or path in named]
    selection = Selection(targets, whole={snapshot.root: True})
    selection.pass_over(snapshot.root, paths)
    return linter.lint(selection), linter


def _in_its_own_way(snapshot: Snapshot, level: Level) -> tuple[Report, Linter]:
    """Lint a work tree as `qcilint` does there; it becomes the working directory."""
    os.chdir(snapshot.root)
    selection, policy = select(["."]), Policy(rules, {})
    leave_out(selection, policy, ["."])
    linter = reviewed(Linter(policy.rules(), thorough=level.kept, policy=None if policy.is_plain else policy), level.fix)
    return linter.lint(selection), linter


_Changed = dict[str, tuple[bytes, bytes, list[Any]]]
"""Per path: the bytes before, those after, and the findings that were fixed."""


def _fixed(report: Report, linter: Linter, level: Level, result: Result) -> _Changed:
    from qcilint.edits import FixError
    from qcilint.fixing import fixed

    changed: _Changed = {}
    for file in report.files:
        before = file.source.data
        try:
            after, chosen, _ = fixed(linter, file, unsafe=level.unsafe)
        except FixError as error:
            result["errors"].append((file.source.repo_path, f"not fixed: {error}"))
            continue
        if after != before:
            changed[file.source.repo_path] = (before, after, chosen)
    return changed


def _files(snapshot: Snapshot, changed: _Changed) -> list[dict[str, Any]]:
    if not changed:
        return []
    from qcilint.campaign.people import People
    from qcilint.output.diff import unified

    people = People(snapshot.held)
    files = []
    for path, (before, after, chosen) in changed.items():
        mode, old = snapshot.entries[path].mode, snapshot.entries[path].name
        new = blob(after, len(old))
        lines = list(unified(path, before, after))
        left, right = (line[4:].removesuffix(b"\n").removesuffix(b"\t") for line in lines[:2])
        head = b"diff --git %s %s\nindex %s..%s %s\n" % (left, right, old.encode(), new.encode(), mode.encode())
        diff = (head + b"".join(lines)).decode("latin-1")
        names = {"owners": people.owners(path), "approvers": people.approvers(path), "reviewers": people.reviewers(path)}
        files.append({"path": path, "mode": mode, "old": old, "new": new, "references": len(chosen), **names, "diff": diff})
    return files


def blob(data: bytes, length: int) -> str:
    """The name that git gives these bytes; `length` 40 or 64 digits, by the hash of the repository."""
    kind = hashlib.sha256 if length == 64 else functools.partial(hashlib.sha1, usedforsecurity=False)
    return kind(b"blob %d\0" % len(data) + data).hexdigest()


@functools.cache
def _code() -> str:
    """A digest of the code and the rules: results of other versions are not used."""
    digest = hashlib.sha256(f"{VERSION} {qcilint.__version__}".encode())
    for package in ("qcilint", "qcilint.rules"):
        base = str(files(package))
        for folder, folders, names in os.walk(base):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".py", ".toml")):
                    status = os.stat(os.path.join(folder, name))
                    digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _place(folder: str, tip: Tip, level: Level) -> str:
    key = hashlib.sha256(f"{_code()} {tip.commit} {level.unsafe:d}{level.kept:d} {level.known}".encode()).hexdigest()
    return os.path.join(folder, "results", key[:2], key + ".json")


def stored(folder: str, tip: Tip, level: Level) -> Result | None:
    """The stored result for a commit, or None; what a registry said may be another thing now."""
    if level.fix.verify:
        return None
    try:
        with open(_place(folder, tip, level), encoding="ascii") as file:
            result: Result = json.load(file)
    except (OSError, ValueError):
        return None
    return result | {"branch": tip.branch}


def store(folder: str, level: Level, result: Result) -> Result:
    """Keep a result, in one step; one with errors is not kept. Returns it as it will be read again."""
    text = json.dumps(result)
    if not result["errors"]:
        path = _place(folder, Tip(result["branch"], result["commit"]), level)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace_file(path, (text.encode("ascii"),))
    loaded: Result = json.loads(text)
    return loaded
