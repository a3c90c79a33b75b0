"""SARIF 2.1.0, for GitHub code scanning and other viewers: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qcilint.discovery import printable
from qcilint.findings import Finding
from qcilint.fixes import edits_of
from qcilint.output.documents import text
from qcilint.output.fingerprints import Marks, line_hashes
from qcilint.output.paths import from_top
from qcilint.output.positions import region, utf16_units
from qcilint.output.run import Run
from qcilint.output.summary import count
from qcilint.output.wording import change, markdown, message
from qcilint.results import FileResult
from qcilint.source import Source

if TYPE_CHECKING:
    from qcilint.output.run import RuleText

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""Results in a run that GitHub takes: "SARIF results exceed limits", docs.github.com."""
_ROOT = "%SRCROOT%"
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
"""GitHub's `problem.severity`."""
_NO_RULE = "left-alone"
"""The rule of a reference that is left alone and that no rule is about: every result must name one (SARIF 2.1.0, 3.27.5)."""
_RANK = {"error": 0, "warning": 1, "note": 2}


def render(run: Run) -> Iterator[str]:
    """The document. Too many results are cut to what GitHub takes, the least severe first."""
    wanted = [finding for _, finding in run.listed()]
    if len(wanted) > MOST_RESULTS:
        run.warn(
            f"SARIF holds {count(MOST_RESULTS, 'result')} a run: {len(wanted) - MOST_RESULTS} of {len(wanted)} were left out"
        )
        wanted = sorted(wanted, key=_rank)[:MOST_RESULTS]
    chosen = {id(finding) for finding in wanted}
    index = {rule.id: number for number, rule in enumerate(run.rules)}
    marks = Marks()
    results: list[dict[str, Any]] = []
    for file in run.report.files:
        findings = [finding for finding in file.findings if id(finding) in chosen]
        if findings:
            results += _results(file, findings, run.fixes(file, unsafe=True), index, marks)
    driver = {
        "name": "qcilint",
        "semanticVersion": run.version,
        "rules": [_rule(rule) for rule in run.rules],
    }
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "utf16CodeUnits",
                "invocations": [_invocation(run)],
                "results": results,
            }
        ],
    }
    yield text(document, len(results))


def _rank(finding: Finding) -> int:
    return 3 if finding.kept else _RANK[finding.severity]


def _rule(rule: RuleText) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.summary}\n\n{rule.why}", "markdown": markdown(rule)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"problem.severity": _PROBLEM[rule.severity], "precision": "very-high", "tags": ["maintainability"]},
    }


def _invocation(run: Run) -> dict[str, Any]:
    return {
        "executionSuccessful": not run.report.errors,
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": f"{printable(path)}: {printable(reason)}"}}
            for path, reason in run.report.errors
        ],
    }


def _results(
    file: FileResult, findings: Sequence[Finding], fixes: Sequence[Finding], index: dict[str, int], marks: Marks
) -> Iterator[dict[str, Any]]:
    path = from_top(file)
    groups = _groups(fixes)
    hashes = line_hashes(file.source, {file.source.line(finding.reference.start) for finding in findings})
    for finding in findings:
        reference, is_kept = finding.reference, finding.kept and not finding.silenced
        location = _location(file.source, path, reference.start, reference.end)
        result: dict[str, Any] = {
            "ruleId": finding.rule or _NO_RULE,
            "level": "none" if is_kept else finding.severity,
            "kind": "informational" if is_kept else "fail",
            "message": {"text": _plain(message(finding))},
            "locations": [location],
            "partialFingerprints": {
                "primaryLocationLineHash": hashes[file.source.line(reference.start)],
                "qcilintReference/v1": marks.of(path, finding),
            },
            "properties": {"context": finding.context.where, "level": finding.level},
        }
        if finding.rule in index:
            result["ruleIndex"] = index[finding.rule]
        if finding.silenced:
            kind = "inSource" if finding.silenced == "suppression" else "external"
            result["suppressions"] = [{"kind": kind, "justification": _plain(printable(finding.reason))}]
        if places := [_related(number, *place) for number, place in enumerate(finding.related, 1)]:
            result["relatedLocations"] = places
        if (group := groups.get(id(finding))) and (fix := _fix(file, path, finding, group)):
            result["fixes"] = [fix]
        yield result


def _location(source: Source, path: str, start: int, end: int) -> dict[str, Any]:
    written = source.data[start:end].decode("utf-8", "replace")
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(path),
            "region": {**_region(source, start, end), "snippet": {"text": written}},
        }
    }


def _region(source: Source, start: int, end: int) -> dict[str, int]:
    place = region(source, start, end, utf16_units)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(os.fsencode(path), safe="/"), "uriBaseId": _ROOT}


def _related(number: int, path: str, line: int, what: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(path)}
    if line:
        place["region"] = {"startLine": line}
    return {"id": number, "physicalLocation": place, "message": {"text": _plain(printable(what))}}


def _groups(fixes: Sequence[Finding]) -> dict[int, list[Finding]]:
    """What is fixed together with each finding, itself included, by the finding's identity."""
    groups: dict[object, list[Finding]] = {}
    for finding in fixes:
        groups.setdefault(finding.group or id(finding), []).append(finding)
    return {id(finding): group for group in groups.values() for finding in group}


def _fix(file: FileResult, path: str, finding: Finding, group: Sequence[Finding]) -> dict[str, Any] | None:
    """The fix of a finding, with that of its whole group: viewers apply one fix at a time."""
    edits = sorted({edit for other in group for edit in edits_of(file.source.data, other)})
    try:
        replacements = [
            {"deletedRegion": _region(file.source, edit.start, edit.end), "insertedContent": {"text": edit.new.decode()}}
            for edit in edits
        ]
    except UnicodeDecodeError:
        return None
    together = f", with {count(len(group) - 1, 'other')} of this group" if len(group) > 1 else ""
    return {
        "description": {"text": _plain(f"{change(finding)} ({finding.level}{together})")},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": replacements}],
    }


def _plain(text: str) -> str:
    """A text whose brackets are no link: SARIF 2.1.0, 3.11.6."""
    return re.sub(r"([\\[\]])", r"\\\1", text) if "](" in text else text
