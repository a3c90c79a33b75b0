"""Applies suppression comments, and says which of them are of no use."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.context import Context
from qcilint.directives import Covering, Directive, find
from qcilint.edits import Edit
from qcilint.filters import silence
from qcilint.findings import Finding
from qcilint.reference import Part, Reference, Text
from qcilint.ruleset import Rule, RuleSet
from qcilint.source import Source

RULE = "QCI001"
"""The rule about the comments themselves; no comment suppresses it."""


def apply(findings: list[Finding], source: Source, language: str, rules: RuleSet) -> None:
    """Make silent what the comments of a file suppress, and add a finding for each that suppresses nothing or is not right."""
    directives = find(source, language)
    if not directives:
        return
    used = _suppress(findings, source, directives)
    rule, later = rules.by_id.get(RULE), rules.about_catalog
    if later is not None:  # only a catalogue can tell
        used |= {(each.start, word) for each in directives for word in each.ids or () if word in (later.id, later.name)}
    if rule is not None:
        findings += [found for each in directives if (found := _finding(each, used, source, language, rules, rule))]
        findings.sort(key=lambda finding: finding.reference.start)


def suppress(findings: Sequence[Finding], source: Source, language: str) -> None:
    """Make silent what the comments of a file suppress, of findings that come after the others."""
    _suppress(findings, source, find(source, language))


def _suppress(findings: Sequence[Finding], source: Source, directives: Sequence[Directive]) -> set[tuple[int, str]]:
    """The comments that suppress something: where each starts, and the word of it that does."""
    used: set[tuple[int, str]] = set()
    covering = Covering(directives)
    silent: list[tuple[Finding, str]] = []
    for finding in findings:
        if finding.kept or not finding.rule:
            continue
        line = source.line(finding.reference.start)
        for directive in covering.of(line):
            word = next((each for each in directive.ids or () if _stands_for(each, finding)), None)
            if word is not None and not (directive.of_file and not directive.is_at_top):
                used.add((directive.start, word))
                silent.append((finding, f"suppressed: {directive.reason or f'in line {directive.line}, which gives no reason'}"))
                break
    silence(findings, silent, "suppression", source)
    return used


def _stands_for(word: str, finding: Finding) -> bool:
    return word == finding.name or word.upper() == finding.rule


def _finding(
    directive: Directive, used: set[tuple[int, str]], source: Source, language: str, rules: RuleSet, rule: Rule
) -> Finding | None:
    words = directive.ids or ()
    useless = [word for number, word in enumerate(words) if (directive.start, word) not in used or word in words[:number]]
    if words and not useless:
        return None
    edit = _edit(directive, useless, source)
    new = edit.new.decode("utf-8", "replace").strip() if edit else None
    end = directive.end or source.line_span(directive.line)[1]
    text = source.data[directive.start : end].decode("utf-8", "surrogateescape")
    return Finding(
        reference=Reference(directive.start, end, Text((Part(text),)), ""),
        context=Context("comment", language),
        rule=rule.id,
        name=rule.name,
        severity=rule.severity,
        message=rule.summary,
        level="safe" if edit else "none",
        replacement=new,
        reason=_reason(directive, useless, rules),
        edits=(edit,) if edit else (),
        about="comments",
    )


def _reason(directive: Directive, useless: Sequence[str], rules: RuleSet) -> str:
    if not directive.ids:
        return "it names no rule, and suppresses nothing; name the rules: ignore[QCI102]"
    if directive.of_file and not directive.is_at_top:
        return "ignore-file counts among the first lines only, before anything but comments; move it there"
    names = {rule.id for rule in rules.rules} | {rule.name for rule in rules.rules}
    unknown = [word for word in useless if word not in names and word.upper() not in names]
    if unknown:
        from qcilint.config_schema import suggestion

        hint = suggestion(unknown[0], sorted(names))
        return f"no rule {unknown[0]!r}" + (hint if "mean" in hint else "; `qcilint rule` lists them")
    what = "in this file" if directive.of_file else "there"
    return f"no finding of {', '.join(dict.fromkeys(useless))} {what}"


def _edit(directive: Directive, useless: Sequence[str], source: Source) -> Edit | None:
    """What takes useless words out of a comment, and with the last of them the comment; nothing where that is not certain."""
    if not directive.ids or (directive.of_file and not directive.is_at_top) or not directive.end:
        return None
    data = source.data
    left = [
        word for word in dict.fromkeys(directive.ids) if word not in useless or directive.ids.count(word) > useless.count(word)
    ]
    if left:
        start, end = directive.ids_span
        return Edit(start, end, data[start:end], ", ".join(left).encode())
    start, end = directive.start, directive.end
    line_start, line_end = source.line_span(directive.line)
    if directive.is_alone:
        start, end = line_start, data.find(b"\n", line_end) + 1 or len(data)
        if end == len(data) and not data.endswith(b"\n"):  # the last line: the end of the one before it goes
            start = len(data[:start].rstrip(b"\n").rstrip(b"\r")) if data[:start].endswith(b"\n") else start
    else:
        before = data[line_start:start].rstrip()
        start = line_start + len(before)
        if not before:  # another comment follows it in a line of its own
            end += len(data[end:line_end]) - len(data[end:line_end].lstrip())
            start = directive.start
    return Edit(start, end, data[start:end], b"")
