"""Every form of references, with its traps and near misses: what a fix makes of it, what stays, and what is said of that."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from qcilint.discovery import select
from qcilint.findings import Finding

from .conftest import LINTER, Repository, fixed, lint, qcilint
from .forms import (
    Case,
    Entry,
    Repo,
    Table,
    Why,
    configurations,
    doubtful,
    names,
    near,
    outside,
    readers,
    repositories,
    right,
    spell,
    traps,
    uses,
    wary,
    watched,
)

TABLES: list[Table] = [right.TABLE, doubtful.TABLE, names.TABLE, outside.TABLE, uses.TABLE, repositories.TABLE]
FORMS = (
    "from", "command", "dockerfile-in-string", "holes", "docs", "no-tag", "variable-value", "yaml-value", "go-string", "comment",
    "qci-malformed", "input-alias", "coupled", "matcher", "placeholder", "payload", "dated-or-digest", "farm-or-ephemeral",
    "bare-host", "composed", "repository", "url", "mirror", "push-or-output", "truncated-or-schematic", "quay-direct", "qci",
    "test-data", "generated", "vendored",
)  # fmt: skip
NEVER = FORMS[FORMS.index("input-alias") :]
"""Forms in which a rewrite of the reference alone is never right."""
ENTRIES = [(form, entry) for table in TABLES for form, entries in table.items() for entry in entries]
ENTRIES += [(f"trap {number}", entry) for number, entries in traps.TRAPS.items() for entry in entries]
ENTRIES += [("near", entry) for entry in near.NEAR]
ENTRIES += [("ci-operator", entry) for entry in configurations.CI_OPERATOR]
ENTRIES += [("wary", entry) for entry in wary.WARY]
ENTRIES += [("watched", entry) for entry in watched.WATCHED]
ENTRIES += [("readers", entry) for entry in readers.READERS]
CASES = [pytest.param(entry, id=f"{form}: {entry.id}") for form, entry in ENTRIES if isinstance(entry, Case)]
REPOS = [pytest.param(entry, id=f"{form}: {entry.id}") for form, entry in ENTRIES if isinstance(entry, Repo)]


def check(findings: Sequence[Finding], stays: Sequence[Why], doubts: Sequence[str] | None = None) -> None:
    """Compare what is said with what should be said."""
    said = [(finding.kept, finding.reason) for finding in findings if not finding.fixable(unsafe=True)]
    assert len(said) == len(stays), said
    for (kept, reason), why in zip(said, stays, strict=True):
        assert why.reason in reason
        assert kept is why.silent, reason
    if doubts is not None:
        unsure = [finding.reason for finding in findings if finding.fixable(unsafe=True) and not finding.fixable(unsafe=False)]
        assert len(unsure) == len(doubts), unsure
        for reason, doubt in zip(unsure, doubts, strict=True):
            assert doubt in reason


@pytest.mark.parametrize("case", CASES)
def test_text(case: Case) -> None:
    before = spell(case.before).encode()
    assert fixed(before, case.path).decode() == spell(case.safe)
    assert fixed(before, case.path, unsafe=True).decode() == spell(case.unsafe)
    assert fixed(spell(case.unsafe).encode(), case.path, unsafe=True).decode() == spell(case.unsafe)


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_of_it(case: Case) -> None:
    check(lint(spell(case.before).encode(), case.path).findings, case.stays, case.doubts)


@pytest.mark.parametrize("case", REPOS)
def test_repository(case: Repo, repository: Repository) -> None:
    root = repository({path: spell(text) for path, text in case.files.items()})
    report = LINTER.lint(select([os.fspath(root)]))
    findings = {file.source.repo_path: file.findings for file in report.files}
    for path in case.files:
        if path in case.stays:
            check(findings.get(path, []), case.stays[path])
        else:
            assert all(finding.fixable(unsafe=True) for finding in findings.get(path, [])), path
    for flags, changed in [(("--fix",), case.safe), (("--fix", "--unsafe-fixes"), {**case.safe, **case.unsafe})]:
        assert qcilint(*flags, cwd=root).returncode in (0, 1)
        after = {path: (root / path).read_text(encoding="utf-8") for path in case.files}
        assert after == {path: spell(changed.get(path, text)) for path, text in case.files.items()}


def entries_of(form: str) -> list[Entry]:
    return [entry for each, entry in ENTRIES if each == form]


def test_every_form_has_its_table() -> None:
    assert sorted(form for table in TABLES for form in table) == sorted(FORMS)
    assert sorted(traps.TRAPS) == list(range(1, 26))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_shows_where_the_line_runs(form: str) -> None:
    entries = entries_of(form)
    assert any("fixed" in entry.kinds for entry in entries)
    assert sum("left" in entry.kinds for entry in entries) >= (3 if form in NEVER else 1)
    assert len({entry.id for entry in entries}) == len(entries)
