"""What is said of findings between judging and reporting: which are silent, and what that means for the fixes of others.

A silent finding stays in the list, marked as kept: a fix is verified against every reference of a file, and
`--show-kept` gives the reason.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from qcilint.agreement import settle_equal_texts
from qcilint.config import Settings
from qcilint.findings import Finding
from qcilint.source import Source


def apply(findings: Sequence[Finding], source: Source, settings: Settings) -> None:
    """Do to the findings of one file what its configuration asks for."""
    path = os.path.realpath(source.path)
    silent: list[tuple[Finding, str]] = []
    for finding in findings:
        if finding.kept or finding.rule not in settings.rules.by_id:
            continue
        verdict = settings.verdict(finding.rule, finding.severity, path)
        finding.severity = finding.severity if verdict.silent else verdict.severity
        if verdict.silent:
            silent.append((finding, verdict.silent))
    silence(findings, silent, "configuration", source)


def silence(findings: Sequence[Finding], silent: Sequence[tuple[Finding, str]], kind: str, source: Source) -> None:
    """Make findings silent, each for its reason; `kind` says what does it. What was to change with one of them stays too."""
    groups: dict[tuple[str, int], Finding] = {}
    for finding, reason in silent:
        if finding.group is not None and finding.replacement is not None:
            groups.setdefault(finding.group, finding)
        finding.refuse(reason)
        finding.kept, finding.silenced, finding.group, finding.edits = True, kind, None, ()
    is_done = not silent
    while not is_done:
        for finding in findings:
            if finding.group in groups:
                other = groups[finding.group]
                line = source.line(other.reference.start)
                finding.refuse(f"changes only together with line {line}, which stays: {other.reason}")
                finding.group, finding.edits = None, ()
        grouped = [(finding, finding.group) for finding in findings if finding.group is not None]
        settle_equal_texts(findings, source)
        groups = {group: finding for finding, group in grouped if finding.group is None}
        is_done = not groups
