"""Judges the references of one file: which rule and case apply, and what that means for an edit."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from qcilint.context import Context
from qcilint.facts import Facts
from qcilint.findings import Finding
from qcilint.reference import FLAWS, Reference
from qcilint.rewrite import Refusal, render
from qcilint.ruleset import Choice, RuleSet, choose

PULLED_BY_DOCKERFILE = ("from", "copy-from", "mount-from", "arg-default", "default", "instruction:from")
"""Contexts whose old spelling would keep a Dockerfile half migrated."""


def judge(references: Sequence[Reference], contexts: Sequence[Context], path: str, rules: RuleSet, facts: Facts) -> list[Finding]:
    """A finding for each reference of the file at `path` (relative to its repository), in order."""
    findings = [_finding(reference, context, path, rules, facts) for reference, context in zip(references, contexts, strict=True)]
    _resolve_followers(findings)
    _resolve_dockerfiles(findings)
    return findings


def _finding(reference: Reference, context: Context, path: str, rules: RuleSet, facts: Facts) -> Finding:
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
            finding.related = related if finding.level == "none" else []
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


def _resolve_followers(findings: list[Finding]) -> None:
    """A follower takes the level of the best fix that a reference of the same text in this file has."""
    leaders: dict[str, Finding] = {}
    for finding in findings:
        if finding.replacement is not None and not finding.follows and not finding.kept:
            best = leaders.get(finding.reference.raw)
            if best is None or (best.level == "unsafe" and finding.level == "safe"):
                leaders[finding.reference.raw] = finding
    for finding in findings:
        if not finding.follows:
            continue
        leader = leaders.get(finding.reference.raw)
        if leader is None:
            finding.replacement = None
            continue
        group = leader.group or ("text", leader.reference.start)
        leader.group = finding.group = group
        finding.level, finding.severity, finding.together = leader.level, leader.severity, leader.together
        finding.reason = leader.reason
        if leader.replacement is not None:
            finding.replacement = leader.replacement


def _resolve_dockerfiles(findings: list[Finding]) -> None:
    """One group for each Dockerfile text; where a reference of it must stay, none is fixed unasked."""
    regions: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.context.region is not None and finding.together:
            regions.setdefault(finding.context.region, []).append(finding)
    for region, members in regions.items():
        moving = {finding.reference.raw for finding in members if finding.level == "safe"}
        blocker = next((f for f in members if f.level != "safe" and (_is_pulled(f) or _is_repeated(f, moving))), None)
        for finding in members:
            if finding.replacement is None:
                continue
            if finding.level == "safe" and blocker is not None:
                finding.level = "unsafe"
                finding.reason = (
                    f"another image of this Dockerfile stays ({blocker.reference.raw}): it is fixed as a whole or not at all"
                )
            finding.group = ("dockerfile", region) if finding.level == "safe" else None


def _is_pulled(finding: Finding) -> bool:
    names = (finding.context.where, *finding.context.labels)
    return bool(finding.reference.name) and any(name in PULLED_BY_DOCKERFILE or name.startswith("command:") for name in names)


def _is_repeated(finding: Finding, moving: set[str]) -> bool:
    """An image that would stand in the Dockerfile in both spellings."""
    return finding.reference.raw in moving and finding.context.where != "comment"
