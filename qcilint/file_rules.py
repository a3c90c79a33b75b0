"""Rules about whole files: their files name no registry, so that they are told by their paths."""

from __future__ import annotations

from qcilint.checks import Found, about_files
from qcilint.context import Context
from qcilint.findings import Finding
from qcilint.patterns import match_paths
from qcilint.reference import Part, Reference, Text
from qcilint.ruleset import Case, Rule, RuleSet
from qcilint.source import Source
from qcilint.tree import LARGEST, Tree

WHERE = "file"
"""The context of what is said of a file."""


def findings(source: Source, language: str, rules: RuleSet, tree: Tree) -> list[Finding]:
    """What the rules about whole files say of a source; `tree` holds the files around it."""
    if len(source.data) > LARGEST:
        return []
    return [
        _finding(found, case, rule, source, language)
        for rule in rules.about_files
        if match_paths(rule.files, source.repo_path)
        for found in about_files(rule.check)(source.repo_path, source.data, tree.over(source.repo_path, source.data))
        if (case := _case(rule, found.label)) is not None
    ]


def _case(rule: Rule, label: str) -> Case | None:
    return next((case for case in rule.cases if label in case.when.get("where", (label,))), None)


def _finding(found: Found, case: Case, rule: Rule, source: Source, language: str) -> Finding:
    start, end = found.span
    text = source.data[start:end].decode("utf-8", "surrogateescape")
    return Finding(
        reference=Reference(start, end, Text((Part(text),)), ""),
        context=Context(f"{WHERE}:{found.label}", language),
        rule=rule.id,
        name=rule.name,
        severity=case.severity or rule.severity,
        message=rule.summary,
        level="none",
        replacement=None,
        reason=f"{found.detail}: {case.note}",
        kept=case.keep,
        about="files",
        related=list(found.places),
    )
