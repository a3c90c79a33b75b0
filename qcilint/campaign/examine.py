"""Lints one repository of a campaign and says what a fix would change, without writing into it."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import qcilint
from qcilint.campaign.clones import Cache, Tip
from qcilint.campaign.gitcli import Git
from qcilint.campaign.owners import approvers
from qcilint.campaign.repositories import Repository
from qcilint.discovery import select
from qcilint.engine import FileResult, Linter, Report
from qcilint.ruleset import load_builtin

VERSION = 1
"""Of the stored results; raised when their form changes."""


@dataclass(frozen=True, slots=True)
class Level:
    """How far fixes go and what is listed."""

    unsafe: bool
    kept: bool


Result = dict[str, Any]
"""`commit`, `branch`, `checked`, `findings` (as `--format json --show-kept`, each with its `outcome`), `files` (each with
`path`, `mode`, `old` and `new` blob, number of `references`, `diff` as Latin-1, `owners`) and `errors` (path and reason)."""


def examine(repository: Repository, cache: Cache, level: Level, say: Callable[[str], None]) -> Result:
    """The result for the newest commit of a repository, from the store where it is there. Raises ChangeError."""
    say("asking")
    tip = cache.tip(repository)
    if (known := stored(cache.folder, tip, level)) is not None:
        return known
    with cache.lock(repository, tip.branch):
        if repository.local and (result := _without_references(repository, tip, cache.git)):
            return store(cache.folder, level, result)
        say("fetching")
        tip = cache.checkout(repository, tip)
        say("checking")
        return store(cache.folder, level, lint(cache.place(repository, tip.branch), tip, cache.git, level))


def preload() -> None:
    """Import what linting needs, once for all forked workers."""
    import qcilint.composition
    import qcilint.facts
    import qcilint.fixes
    import qcilint.holds
    import qcilint.languages
    import qcilint.output.diff
    import qcilint.output.json
    import qcilint.settled  # noqa: F401

    linter(False)
    texts = {
        "Dockerfile": b"FROM %s\n",
        "a.py": b'A = "%s"\n',
        "a.yaml": b"a: %s\n",
        "a.sh": b"podman pull %s\n",
        "a.md": b"%s\n",
    }
    for path, text in texts.items():
        linter(False).lint_text(text % b"registry.ci.openshift.org/ocp/4.20:cli", path)


@functools.cache
def linter(kept: bool) -> Linter:
    """The linter, made once."""
    return Linter(load_builtin(), thorough=kept)


def _without_references(repository: Repository, tip: Tip, git: Git) -> Result | None:
    """The result for a commit that holds none of the hosts: no work tree is needed to know."""
    needles = [argument for needle in linter(False).prefilter.needles for argument in ("-e", os.fsdecode(needle))]
    if git.holds(repository.local, "grep", "--quiet", "-F", *needles, tip.commit):
        return None
    files = git(repository.local, "ls-tree", "-r", "-z", "--name-only", tip.commit).count(b"\0")
    return _result(tip, files)


def _result(tip: Tip, checked: int) -> Result:
    return {"commit": tip.commit, "branch": tip.branch, "checked": checked, "findings": [], "files": [], "errors": []}


def lint(folder: str, tip: Tip, git: Git, level: Level) -> Result:
    """Lint the work tree in `folder`, which becomes the working directory."""
    os.chdir(folder)
    report = linter(level.kept).lint(select(["."]))
    result = _result(tip, report.checked)
    result["errors"] += report.errors
    changed = _fixed(report, level, result)
    from qcilint.output.json import finding_object

    done = {id(finding) for _, _, chosen in changed.values() for finding in chosen}
    for file in report.files:
        for finding in file.findings:
            outcome = "kept" if finding.kept else "fixed" if id(finding) in done else "left"
            result["findings"].append({**finding_object(file, finding), "outcome": outcome})
    result["files"] = _files(folder, changed, git, result["errors"])
    return result


_Changed = dict[str, tuple[bytes, bytes, list[Any]]]
"""Per path: the bytes before, those after, and the findings that were fixed."""


def _fixed(report: Report, level: Level, result: Result) -> _Changed:
    from qcilint.edits import FixError
    from qcilint.fixes import fix

    def relinted(file: FileResult) -> Callable[[bytes], list[Any]]:
        return lambda data: linter(level.kept).relint(file, data).findings

    changed: _Changed = {}
    for file in report.files:
        before = file.source.data
        try:
            after, chosen = fix(before, file.findings, relinted(file), unsafe=level.unsafe)
        except FixError as error:
            result["errors"].append((file.source.repo_path, f"not fixed: {error}"))
            continue
        if after != before:
            changed[file.source.repo_path] = (before, after, chosen)
    return changed


def _files(folder: str, changed: _Changed, git: Git, errors: list[tuple[str, str]]) -> list[dict[str, Any]]:
    if not changed:
        return []
    from qcilint.output.diff import unified

    listing = git(folder, "ls-files", "--stage", "-z").split(b"\0")
    entries = {os.fsdecode(entry.split(b"\t", 1)[1]): entry.split(b" ", 2)[:2] for entry in listing if entry}
    owners = approvers(folder, changed)
    files = []
    for path, (before, after, chosen) in changed.items():
        mode, old = (part.decode() for part in entries[path])
        if blob(before, len(old)) != old:
            errors.append((path, "not fixed: its bytes in the work tree are not those of the commit"))
            continue
        new = blob(after, len(old))
        lines = list(unified(path, before, after))
        left, right = (line[4:].removesuffix(b"\n").removesuffix(b"\t") for line in lines[:2])
        head = b"diff --git %s %s\nindex %s..%s %s\n" % (left, right, old.encode(), new.encode(), mode.encode())
        diff = (head + b"".join(lines)).decode("latin-1")
        files.append(
            {"path": path, "mode": mode, "old": old, "new": new, "references": len(chosen), "owners": owners[path], "diff": diff}
        )
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
    key = hashlib.sha256(f"{_code()} {tip.commit} {level.unsafe:d}{level.kept:d}".encode()).hexdigest()
    return os.path.join(folder, "results", key[:2], key + ".json")


def stored(folder: str, tip: Tip, level: Level) -> Result | None:
    """The stored result for a commit, or None."""
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
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(temporary, path)
    loaded: Result = json.loads(text)
    return loaded
