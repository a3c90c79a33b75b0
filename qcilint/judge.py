"""Judges the references of one file: which rule and case apply, and what that means for an edit."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from qcilint import agreement, fragments, logins
from qcilint.checks import Checked, Neighbours, named
from qcilint.choosing import choose, stands_for
from qcilint.composition import Composed, Compositions
from qcilint.context import Context
from qcilint.facts import Facts
from qcilint.findings import Finding
from qcilint.imports import Lent
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.reference import FLAWS, Reference, parse
from qcilint.rewrite import BESIDE_UNDERSCORE, MARKED, Refusal, render
from qcilint.rule import Choice
from qcilint.ruleset import Rule, RuleSet
from qcilint.source import Source


def judge(
    references: Sequence[Reference],
    contexts: Sequence[Context],
    source: Source,
    rules: RuleSet,
    facts: Facts,
    compositions: Compositions | None = None,
    borrowed: Sequence[tuple[Composed, list[Lent]]] = (),
) -> list[Finding]:
    """A finding for each reference of `source`, in order: those that stand whole in one place and those composed.

    `borrowed` are the references that it composes with names from other files.
    """
    composed = compositions or Compositions()
    judgement = _Judgement(source, rules, facts, Neighbours([*zip(references, contexts, strict=True), *composed.first()]))
    findings: list[Finding] = []
    for reference, context in zip(references, contexts, strict=True):
        whole = composed.parts.get(reference.start)
        if whole is None:
            findings.append(judgement.of(reference, context))
            if reference.start in composed.continued:
                line = source.line(composed.continued[reference.start])
                if findings[-1].replacement is not None:
                    findings[-1].refuse(f"line {line} puts more text behind it")
        elif whole != reference.start:
            findings.append(judgement.of_part(reference, context, source.line(whole)))
    findings += [judgement.of_composed(each) for each in composed.composed]
    findings += [judgement.of_borrowed(each, lent) for each, lent in borrowed]
    findings.sort(key=lambda finding: finding.reference.start)
    for finding in findings:
        if reason := facts.withheld.get((source.repo_path, finding.reference.raw)):
            finding.withhold(reason)
    agreement.settle(findings, source)
    fragments.settle(findings, source)
    logins.settle(findings, source)
    if composed.names.bindings or composed.composed:
        from qcilint import groups

        groups.settle(findings, composed, source, facts.imports.users)
    return findings


class _Judgement:
    """Judges references of one file, one at a time."""

    def __init__(self, source: Source, rules: RuleSet, facts: Facts, all_: Neighbours) -> None:
        self.source, self.rules, self.facts, self.all = source, rules, facts, all_

    def of(self, reference: Reference, context: Context) -> Finding:
        """The finding of a reference that stands in `context`."""
        path = self.source.repo_path
        labels, related, partners, aliases, told = self.facts.about(reference, path)
        names = (*context.names(), *_names_of(reference, context), *labels)
        if reference.flaw == "other-host":
            return _kept(reference, context, FLAWS["other-host"])
        for rule in self.rules.applicable(reference):
            # A check may look at the whole file: it is asked only where the rule applies at all.
            if rule.check and not stands_for(rule, names):
                continue
            checked = self._checked(rule, reference, context)
            if checked is None:
                continue
            names_ = (*names, *checked.labels)
            if choice := choose(rule, checked.reference, names_, path):
                finding = _decide(choice, checked.reference, reference, context)
                finding.is_coupled = not {"coupled", "held", "summed"}.isdisjoint(labels)
                finding.partners = partners
                finding.aliases = aliases if context.where != INPUT_ALIAS else ()
                finding.related = [(path, self.source.line(at), what) for at, what in checked.places]
                finding.related += told
                if finding.level == "none" and not finding.kept:
                    here = (path, self.source.line(reference.start))
                    finding.related += [place for place in related if place[:2] != here]
                if finding.appends:
                    self._append(finding)
                elif finding.replacement is not None and reference.text.holes:
                    _try_values(finding, rule, names, self.source)
                return finding
        return _kept(reference, context, "no rule is about this reference")

    def _append(self, finding: Finding) -> None:
        """Find the edit that adds the replacement to the list around the reference, or take the fix back."""
        from qcilint.languages import yaml_lists

        reference = finding.reference
        try:
            if finding.context.scope or reference.text.holes or finding.context.language != "yaml":
                raise yaml_lists.Unfit("it holds a variable, or its list is not YAML of this very file")
            finding.edits = (yaml_lists.append(self.source.data, reference.start, finding.replacement or ""),)
        except yaml_lists.Unfit as problem:
            finding.refuse(f"append the new spelling by hand: {problem}")

    def _checked(self, rule: Rule, reference: Reference, context: Context) -> Checked | None:
        if not rule.check:
            return Checked(reference)
        return named(rule.check)(reference, context, self.all, self.source.data)

    def of_composed(self, composed: Composed) -> Finding:
        """The finding of a composed reference: what holds for every reference that it may stand for."""
        found = [self.of(each.reference, composed.context) for each in composed.alternatives]
        worst = next((each for each in found if each.level == "none" and not each.kept), None)
        kept = next((each for each in found if each.kept), None)
        if worst is None and kept is not None and not all(each.kept for each in found):
            worst = next(each for each in found if not each.kept)
            worst.level, worst.replacement = "none", None
            worst.reason = f"one of its values makes it {kept.reference.raw}: {kept.reason}"
        finding = worst or next((each for each in found if each.level == "unsafe"), found[0])
        finding.composed = composed
        finding.templates = tuple(template for each in found for template in each.templates)
        finding.replacements = tuple(each.replacement for each in found if each.replacement is not None)
        if finding.follows:
            finding.follows, finding.replacement = False, None
        return finding

    def of_part(self, reference: Reference, context: Context, line: int) -> Finding:
        """The finding of a part of the reference that is composed in a line: silent, unless its host alone is wrong."""
        reason = f"a part of the reference in line {line}"
        finding = self.of(reference, context)
        if finding.kept or reference.name:
            return _kept(reference, context, reason)
        finding.reason = f"{reason}; {finding.reason}"
        return finding

    def of_borrowed(self, composed: Composed, lent: Sequence[Lent]) -> Finding:
        """The finding of a reference that rests on names which another file sets: nothing changes in one file alone."""
        finding = self.of_composed(composed)
        finding.composed, finding.templates = None, ()
        if not finding.kept:
            finding.level, finding.replacement = "none", None
            finding.reason = "; ".join(f"{each.name} is set in {each.path}, line {each.line}" for each in lent)
            finding.reason += ": both files must change together"
            finding.related += [
                (each.path, each.line, f"{each.name} is {each.value.decode('utf-8', 'replace')}") for each in lent
            ]
        return finding


def _kept(reference: Reference, context: Context, reason: str) -> Finding:
    return Finding(reference, context, "", "", "note", "", "none", None, reason, kept=True)


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
    if case.fix == "append":
        finding.appends, finding.level = True, "safe"
    if case.fix == "follow":
        finding.follows, finding.level = True, "none"
    if case.advice:
        with contextlib.suppress(Refusal):
            finding.reason += " " + render(case.advice, subject, choice.captures, context).raw
    if case.to and not case.keep:
        try:
            finding.replacement = render(case.to, subject, choice.captures, context).raw
            finding.templates = (case.to,)
            if finding.level == "safe" and BESIDE_UNDERSCORE.search(finding.replacement):
                finding.level, finding.reason = "unsafe", MARKED
        except Refusal as refusal:
            finding.refuse(str(refusal))
    return finding


def _try_values(finding: Finding, rule: Rule, names: tuple[str, ...], source: Source) -> None:
    """Take a fix back where a value that the file gives a variable makes it another image."""
    from qcilint.assignments import variants

    for text in variants(source.data, finding.reference):
        try:
            variant = parse(text)
        except ValueError:
            continue  # not a value of this variable after all
        choice = choose(rule, variant, names, source.repo_path)
        fix = choice.case.fix if choice else "none"
        if fix == "unsafe" and finding.level == "unsafe":
            continue
        if choice is None or fix not in ("safe", "follow"):
            note = choice.case.note if choice else "no rule is about it"
            finding.level = "unsafe" if fix == "unsafe" else "none"
            finding.replacement = finding.replacement if fix == "unsafe" else None
            finding.reason = f"this file gives its variable a value that makes it {variant.raw}: {note}"
            return
