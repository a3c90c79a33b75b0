"""Judges the references of one file: which rule and case apply, and what that means for an edit."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from qcilint.agreement import settle
from qcilint.assignments import variants
from qcilint.context import Context
from qcilint.facts import Facts
from qcilint.findings import Finding
from qcilint.reference import FLAWS, Reference, parse
from qcilint.rewrite import Refusal, render
from qcilint.ruleset import Choice, Rule, RuleSet, choose
from qcilint.source import Source


def judge(
    references: Sequence[Reference], contexts: Sequence[Context], source: Source, rules: RuleSet, facts: Facts
) -> list[Finding]:
    """A finding for each reference of `source`, in order."""
    findings = [
        _finding(reference, context, source, rules, facts) for reference, context in zip(references, contexts, strict=True)
    ]
    settle(findings, source)
    return findings


def _finding(reference: Reference, context: Context, source: Source, rules: RuleSet, facts: Facts) -> Finding:
    path = source.repo_path
    labels, related = facts.about(reference, path)
    names = (*context.names(), *_names_of(reference, context), *labels)
    if reference.flaw == "other-host":
        return Finding(reference, context, "", "", "note", "", "none", None, FLAWS["other-host"], kept=True)
    for rule in rules.applicable(reference):
        subject: Reference | None = reference
        if rule.check:
            subject = import_module(f"qcilint.checks.{rule.check}").check(reference)
        if subject is not None and (choice := choose(rule, subject, names, path)):
            finding = _decide(choice, subject, reference, context)
            if finding.level == "none" and not finding.kept:
                here = (path, source.line(reference.start))
                finding.related = [place for place in related if place[:2] != here]
            if finding.level == "safe" and reference.text.holes:
                _try_values(finding, rule, names, source)
            return finding
    return Finding(reference, context, "", "", "note", "", "none", None, "no rule is about this reference", kept=True)


def _names_of(reference: Reference, context: Context) -> list[str]:
    """Context names that come from the reference itself."""
    names = [reference.flaw] if reference.flaw else []
    if not context.whole:
        names.append("partial")
    if reference.escaped:
        names.append("escaped")
    if context.escapes:
        names.append("escapes")
    return names


def _decide(choice: Choice, subject: Reference, reference: Reference, context: Context) -> Finding:
    rule, case = choice.rule, choice.case
    finding = Finding(
        reference=reference,
        context=context,
        rule=rule.id,
        name=rule.name,
        severity=case.severity or rule.severity,
        message=rule.summary,
        level=case.fix,
        replacement=None,
        reason=case.note,
        kept=case.keep,
        together=rule.together,
    )
    if case.fix == "follow":
        finding.follows, finding.level = True, "none"
    if case.to and not case.keep:
        try:
            finding.replacement = render(case.to, subject, choice.captures, context).raw
        except Refusal as refusal:
            finding.level, finding.follows, finding.reason = "none", False, str(refusal)
    return finding


def _try_values(finding: Finding, rule: Rule, names: tuple[str, ...], source: Source) -> None:
    """Take a safe fix back where a value that the file gives a variable makes it another image."""
    for text in variants(source.data, finding.reference):
        try:
            variant = parse(text)
        except ValueError:
            continue  # not a value of this variable after all
        choice = choose(rule, variant, names, source.repo_path)
        fix = choice.case.fix if choice else "none"
        if choice is None or fix not in ("safe", "follow"):
            note = choice.case.note if choice else "no rule is about it"
            finding.level = "unsafe" if fix == "unsafe" else "none"
            finding.replacement = finding.replacement if fix == "unsafe" else None
            finding.reason = f"this file gives its variable a value that makes it {variant.raw}: {note}"
            return
