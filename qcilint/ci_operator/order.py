"""First the input aliases, of ci-operator or of a build, then the Dockerfile: no fix may part it from what replaces its images.

With both spellings in a list of aliases every order of merging is right (openshift/ci-tools `pkg/defaults/defaults.go`,
`detectDockerfileInputs`, skips what stands in any `as`; openshift/builder replaces what equals one).
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.ci_operator.aliases import Alias
from qcilint.facts import Facts
from qcilint.findings import Finding
from qcilint.source import Source

REASON = (
    "an input alias ({alias.path}, line {alias.line}) replaces an image of this Dockerfile by its text:"
    " append the new spelling there first (QCI301)"
)


def withhold(files: Sequence[tuple[Source, list[Finding]]], facts: Facts) -> None:
    """Make each fix unsafe whose text an input alias holds, unless the list of the alias holds the new spelling, or gets it too.

    One that was unsafe for another reason gets this reason besides.
    What is withheld is noted in `facts`, for when the file is linted again.
    """
    added = {
        (source.repo_path, finding.reference.raw, finding.replacement)
        for source, findings in files
        for finding in findings
        if finding.appends and finding.fixable(unsafe=False)
    }
    for source, findings in files:
        missing: dict[str, Alias] = {}
        known: dict[tuple[str, str | None], Alias | None] = {}
        for finding in findings:
            if finding.aliases and finding.level in ("safe", "unsafe") and not (finding.appends or finding.kept):
                change = finding.reference.raw, finding.replacement
                if change not in known:
                    known[change] = next((alias for alias in finding.aliases if not _is_met(alias, *change, added)), None)
                alias = known[change]
                if alias is not None and finding.level == "safe":
                    missing[finding.reference.raw] = alias
                elif alias is not None and (warning := REASON.format(alias=alias)) not in finding.reason:
                    finding.reason = f"{finding.reason}; {warning}" if finding.reason else warning
        _spread(findings, missing)
        for text, alias in missing.items():
            facts.withheld[source.repo_path, text] = REASON.format(alias=alias)
        for finding in findings:
            if finding.reference.raw in missing:
                finding.withhold(facts.withheld[source.repo_path, finding.reference.raw])


def _spread(findings: Sequence[Finding], missing: dict[str, Alias]) -> None:
    """Add to `missing` what may only change together with it: the other texts of a Dockerfile, and those of their group.

    The groups of two Dockerfiles in one file may have been joined by an alias that gets its new spelling: that binds each of
    them to the alias, not to the other.
    """
    by_unit: dict[tuple[str, int], list[Finding]] = {}
    by_text: dict[str, list[tuple[str, int]]] = {}
    for finding in findings:
        if finding.group is not None and finding.level == "safe" and not finding.appends:
            unit = ("dockerfile", finding.context.region) if finding.context.region is not None else finding.group
            by_unit.setdefault(unit, []).append(finding)
            by_text.setdefault(finding.reference.raw, []).append(unit)
    pending = list(missing)
    while pending:
        text = pending.pop()
        for unit in by_text.pop(text, ()):
            for finding in by_unit.pop(unit, ()):
                if finding.reference.raw not in missing:
                    missing[finding.reference.raw] = missing[text]
                    pending.append(finding.reference.raw)


def _is_met(alias: Alias, text: str, replacement: str | None, added: set[tuple[str, str, str | None]]) -> bool:
    return replacement in alias.beside or (alias.path, text, replacement) in added
