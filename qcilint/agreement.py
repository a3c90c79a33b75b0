"""What the references of one file owe each other: which of them may only be fixed together.

* a comment, or the source of a tag command, is fixed as the reference that it repeats;
* one text is changed everywhere in a file or nowhere;
* the images of one Dockerfile are changed together or not at all;
* a text and what it is compared with are changed together;
* a sentence that tells old and new apart keeps both;
* a command is not changed unasked above its pasted output, which says what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcilint import lazy as re
from qcilint.findings import Finding
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.source import Source

Group = tuple[str, int]

PULLED_BY_DOCKERFILE = ("from", "copy-from", "mount-from", "arg-default", "default", "instruction:from")
"""Contexts whose old spelling would keep a Dockerfile half migrated."""

_MOST_LINES = 10
"""Lines that a reason names."""

_FENCE = re.compile(rb"^[ \t>]*(?:```|~~~)", re.M)
"""The end of a block of code in a document."""

SAID = frozenset({"prose", "inline-code", "comment", "heading", "link-text", "docstring"})
"""Contexts of text that people read."""


def settle(findings: list[Finding], source: Source) -> None:
    """Change levels, groups and reasons of the findings of one file so that they agree."""
    _settle_shown_mappings(findings, source)
    _settle_followers(findings)
    settle_equal_texts(findings, source)
    _settle_sessions(findings, source)
    _settle_dockerfiles(findings, source)
    _settle_partners(findings, source)
    _settle_aliases(findings)


def _settle_aliases(findings: list[Finding]) -> None:
    """One group for a Dockerfile text and the input aliases of the same file that get its new spelling."""
    aliases = [finding for finding in findings if finding.appends]
    if not aliases:
        return
    by_text: dict[str, list[Finding]] = {}
    members: dict[Group, list[Finding]] = {}
    for finding in findings:
        by_text.setdefault(finding.reference.raw, []).append(finding)
        if finding.group is not None:
            members.setdefault(finding.group, []).append(finding)
    same: dict[str, list[Finding]] = {}
    for alias in aliases:
        same.setdefault(alias.reference.raw, []).append(alias)
    for text, each in same.items():
        groups = {finding.group for finding in by_text[text] if finding.group is not None and finding.level == "safe"}
        first = min(groups, default=None)
        moved = [finding for group in groups - {first} for finding in members.pop(group) if finding.group == group]
        for finding in (*moved, *each):
            finding.group = first
        if first is not None:
            members[first] += [*moved, *each]


def _settle_partners(findings: list[Finding], source: Source) -> None:
    """One group for a text and what it is compared with, or no fix for any of them."""
    by_start = {finding.reference.start: finding for finding in findings}
    sides: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.partners and finding.reference.start not in finding.partners:
            sides.setdefault(finding.reference.raw, []).append(finding)
    for raw, members in sides.items():
        told = {id(each.partners): each.partners for each in members}.values()  # mostly one for all
        others = [by_start.get(start) for start in dict.fromkeys(start for starts in told for start in starts)]
        partners = [other for other in others if other is not None and other.reference.raw == raw]
        replacement = members[0].replacement
        is_certain = len(partners) == len(others) and all(member.replacement == replacement for member in members)
        for side, other_side in ((members, partners), (partners, members)):
            lines = list(dict.fromkeys(str(source.line(other.reference.start)) for other in other_side))
            more = f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
            reason = f"compared with the same text in line {', '.join(lines[:_MOST_LINES])}{more}: both change together"
            for finding in side:
                finding.group = ("pair", members[0].reference.start) if is_certain and replacement else None
                finding.replacement, finding.level = (replacement, "unsafe") if finding.group else (None, "none")
                if finding.group:
                    finding.kept, finding.follows, finding.reason = False, False, reason


def _settle_shown_mappings(findings: list[Finding], source: Source) -> None:
    """In prose, a reference beside its own QCI form is there to be told from it."""
    said = [each for each in findings if each.replacement is not None and not SAID.isdisjoint(each.context.names())]
    if not said:
        return
    paths = {(source.line(each.reference.start), path) for each in findings for path in _paths(each.reference.raw)}
    for finding in said:
        new = (finding.replacement or "").partition("/")[2]
        if (source.line(finding.reference.start), new) in paths:
            finding.refuse("its QCI form stands beside it: the text tells one from the other")


def _paths(text: str) -> Iterator[str]:
    """What follows each slash of a text."""
    at = text.find("/")
    while at >= 0:
        yield text[at + 1 :]
        at = text.find("/", at + 1)


def _settle_followers(findings: list[Finding]) -> None:
    """A follower takes the level of the best fix that a reference of the same text in this file has."""
    leaders: dict[str, Finding] = {}
    for finding in findings:
        if finding.replacement is not None and not (finding.follows or finding.kept or finding.appends or finding.composed):
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


def settle_equal_texts(findings: Sequence[Finding], source: Source) -> None:
    """Where one text has to stay at one place of a file, it is not changed unasked at another.

    A command that names no tag means `latest`. Input aliases apart: `ci_operator.order` looks after those.
    """
    staying: dict[str, Finding] = {}
    for finding in findings:
        shown = finding.context.where == "comment" or "output" in finding.context.labels
        reference = finding.reference
        if finding.level != "safe" and reference.name and not shown and finding.context.where != INPUT_ALIAS:
            staying.setdefault(reference.raw, finding)
            if finding.context.where.startswith("command:") and not (reference.tag or reference.digest):
                staying.setdefault(f"{reference.raw}:latest", finding)
    for finding in findings:
        other = staying.get(finding.reference.raw)
        if finding.level == "safe" and other is not None and not finding.appends:
            line = source.line(other.reference.start)
            finding.level = "unsafe"
            finding.group = None
            finding.reason = f"the same text stays in line {line}, and both may have to be equal there: {other.reason}"


def _settle_sessions(findings: list[Finding], source: Source) -> None:
    """A command is not changed unasked where the output under it, in the same block of code, repeats its reference."""
    answers: dict[str, int] = {}  # where the next output that repeats a text stands
    for finding in reversed(findings):
        raw, start = finding.reference.raw, finding.reference.start
        if "output" in finding.context.labels:
            answers[raw] = start
        elif finding.level == "safe" and raw in answers and not _FENCE.search(source.data, start, answers[raw]):
            finding.level, finding.group = "unsafe", None
            finding.reason = f"the output in line {source.line(answers[raw])} repeats it: both must change together"


def _settle_dockerfiles(findings: list[Finding], source: Source) -> None:
    """One group for each Dockerfile text; where a reference of it must stay, none is fixed unasked."""
    regions: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.context.region is not None and finding.together:
            regions.setdefault(finding.context.region, []).append(finding)
    for region, members in regions.items():
        blockers = [finding for finding in members if finding.level != "safe" and _is_pulled(finding)]
        first = next((number for number, each in enumerate(blockers) if not _may_be_apart(each)), len(blockers))
        of_image = {_image(each): number for number, each in reversed([*enumerate(blockers)])}
        for finding in members:
            if finding.replacement is None or finding.composed is not None:
                continue
            number = min(first, of_image.get(_image(finding), first))
            if finding.level == "safe" and number < len(blockers):
                blocker = blockers[number]
                line = source.line(blocker.reference.start)
                finding.level = "unsafe"
                finding.reason = (
                    f"another image of this Dockerfile stays (line {line}: {blocker.reference.raw}):"
                    " it is fixed as a whole or not at all"
                )
            finding.group = ("dockerfile", region) if finding.level == "safe" else None


def _may_be_apart(blocker: Finding) -> bool:
    """Whether an image may stay although other images of its Dockerfile change.

    Harm is only done where one image stands in both spellings. An image that a script of the repository rewrites, or that
    variables make up, is not what ci-operator finds in the text; every other one is taken for a part of the same decision.
    """
    return blocker.is_coupled or blocker.composed is not None


def _image(finding: Finding) -> tuple[str, str, str]:
    reference = finding.reference
    return reference.namespace.raw, reference.name.raw, reference.tag.raw


def _is_pulled(finding: Finding) -> bool:
    names = (finding.context.where, *finding.context.labels)
    return bool(finding.reference.name) and any(name in PULLED_BY_DOCKERFILE or name.startswith("command:") for name in names)
