"""Lints one repository of a campaign and says what a fix would change, without writing into it."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import qcilint
from qcilint.campaign.clones import WHOLE, Cache, Tip
from qcilint.campaign.gitcli import Git
from qcilint.campaign.repositories import Repository
from qcilint.discovery import Target, select
from qcilint.engine import Linter
from qcilint.findings import Finding
from qcilint.repository import SKIPPED
from qcilint.results import FileResult, Report
from qcilint.ruleset import load_builtin
from qcilint.source import Source

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


def examine(repository: Repository, tip: Tip, cache: Cache, level: Level, say: Callable[[str], None]) -> Result:
    """The result for the newest commit of a repository, which is kept in the store. Raises ChangeError."""
    with cache.lock(repository, tip.branch):
        patterns: Sequence[str] = WHOLE
        if repository.local:
            hits = _hits(repository.local, tip, cache.git)
            if not hits:
                return store(cache.folder, level, _result(tip, _count(repository.local, tip, cache.git)))
            patterns = _patterns(hits)
        say("fetching")
        tip = cache.checkout(repository, tip, patterns)
        say("checking")
        folder = cache.place(repository, tip.branch)
        result = lint(folder, tip, cache.git, level)
        if patterns != WHOLE:
            result["checked"] = _count(folder, tip, cache.git)
        return store(cache.folder, level, result)


def preload() -> None:
    """Import and build what linting needs, once for all forked workers: the examples of the rules touch most of it."""
    import qcilint.holds
    import qcilint.output.diff
    import qcilint.output.json  # noqa: F401
    from qcilint.facts import Facts
    from qcilint.fixes import fix

    one = linter(False)
    for rule in one.rules.rules:
        for example in rule.examples:
            source = Source(example.path, example.before.encode(), example.path)
            if analysis := one.analyst.analyse(source, Target(example.path, "", example.path)):
                facts = Facts()
                analysis.add_to(facts)
                result = one.judge(analysis, facts)
                fix(source.data, result.findings, relinter(one, result), unsafe=True, language=result.language)


@functools.cache
def linter(kept: bool) -> Linter:
    """The linter, made once."""
    return Linter(load_builtin(), thorough=kept)


def _hits(folder: str, tip: Tip, git: Git) -> list[str]:
    """The files of a commit that hold one of the hosts, whatever a work tree holds."""
    needles = [argument for needle in linter(False).analyst.needles for argument in ("-e", os.fsdecode(needle))]
    prefix = f"{tip.commit}:"
    listing = git.lines(folder, "grep", "-l", "-z", "-F", *needles, tip.commit, codes=(0, 1))
    return [path.removeprefix(prefix) for path in listing]


def _patterns(hits: Sequence[str]) -> Sequence[str]:
    """What a work tree needs: of the folders whose files bear on nothing else, only those that hold a host themselves.

    The others were searched in the commit, and need not be written for that.
    """
    if any(not path.isprintable() for path in hits):
        return WHOLE
    inside = [path for path in hits if any(path.startswith(folder) or f"/{folder}" in path for folder in SKIPPED)]
    quoted = ["/" + re.sub(r"([*?\[\\]| $)", r"\\\1", path) for path in inside]
    return [*WHOLE, *(f"!**/{folder}" for folder in SKIPPED), *quoted]


def _count(folder: str, tip: Tip, git: Git) -> int:
    return len(git.lines(folder, "ls-tree", "-r", "-z", "--name-only", tip.commit))


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


def relinter(linter: Linter, file: FileResult) -> Callable[[bytes], list[Finding]]:
    """What lints other bytes in the place of a file."""
    return lambda data: linter.relint(file, data).findings


_Changed = dict[str, tuple[bytes, bytes, list[Any]]]
"""Per path: the bytes before, those after, and the findings that were fixed."""


def _fixed(report: Report, level: Level, result: Result) -> _Changed:
    from qcilint.edits import FixError
    from qcilint.fixes import fix

    changed: _Changed = {}
    for file in report.files:
        before = file.source.data
        try:
            after, chosen = fix(
                before, file.findings, relinter(linter(level.kept), file), unsafe=level.unsafe, language=file.language
            )
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
    from qcilint.output.owners import Owners

    listing = (entry.split("\t", 1) for entry in git.lines(folder, "ls-files", "--stage", "-z"))
    entries = {path: about.split(" ")[:2] for about, path in listing}
    owners = Owners()
    files = []
    for path, (before, after, chosen) in changed.items():
        mode, old = entries[path]
        if blob(before, len(old)) != old:
            errors.append((path, "not fixed: its bytes in the work tree are not those of the commit"))
            continue
        new = blob(after, len(old))
        approvers = sorted({name.lower() for name in owners.of(folder, path)})
        lines = list(unified(path, before, after))
        left, right = (line[4:].removesuffix(b"\n").removesuffix(b"\t") for line in lines[:2])
        head = b"diff --git %s %s\nindex %s..%s %s\n" % (left, right, old.encode(), new.encode(), mode.encode())
        diff = (head + b"".join(lines)).decode("latin-1")
        files.append(
            {"path": path, "mode": mode, "old": old, "new": new, "references": len(chosen), "owners": approvers, "diff": diff}
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
