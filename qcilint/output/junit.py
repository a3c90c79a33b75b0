"""JUnit XML for test views such as Prow's Spyglass: one test case for every rule, whether it found something or not.

Spyglass takes cases of one name as runs of one test, and calls those that both pass and fail flaky: so names are
stable, each stands once, and findings are listed within their rule's case.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from qcilint.discovery import printable
from qcilint.findings import Finding
from qcilint.output.paths import shown
from qcilint.output.run import Run
from qcilint.output.summary import count
from qcilint.output.wording import advice
from qcilint.results import FileResult

MOST_LINES = 500
"""Findings listed in one test case; the rest are counted."""


def render(run: Run) -> Iterator[str]:
    """The document. A rule fails where it has an error or a warning; notes are only told."""
    by_rule: dict[str, list[tuple[FileResult, Finding]]] = {rule.id: [] for rule in run.rules}
    for file, finding in run.listed():
        if not finding.kept:
            by_rule[finding.rule].append((file, finding))
    failed = sum(any(finding.fails for _, finding in found) for found in by_rule.values())
    unreadable = run.report.errors
    counts = {
        "tests": str(len(by_rule) + 1),
        "failures": str(failed),
        "errors": str(int(bool(unreadable))),
        "skipped": "0",
        "time": "0",
    }
    suites = Element("testsuites", {"name": "qcilint", **counts})
    suite = SubElement(suites, "testsuite", {"name": "qcilint", **counts})
    files = SubElement(suite, "testcase", classname="qcilint", name="every file can be read", time="0")
    if unreadable:
        error = SubElement(files, "error", message=f"{count(len(unreadable), 'file')} could not be read", type="unreadable")
        error.text = _listed([f"{shown(path)}: {printable(reason)}" for path, reason in unreadable])
    for rule in run.rules:
        case = SubElement(suite, "testcase", classname="qcilint", name=f"{rule.id} {rule.name}", time="0")
        _fill(case, by_rule[rule.id], rule.summary)
    indent(suites)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield tostring(suites, encoding="unicode")


def _fill(case: Element, found: list[tuple[FileResult, Finding]], summary: str) -> None:
    failing = [pair for pair in found if pair[1].fails]
    notes = [pair for pair in found if not pair[1].fails]
    if failing:
        files = len({file.source.path for file, _ in failing})
        told = f"{count(len(failing), 'finding')} in {count(files, 'file')}: {summary}"
        severity = "error" if any(finding.severity == "error" for _, finding in failing) else "warning"
        SubElement(case, "failure", message=told, type=severity).text = _listed([_line(*pair) for pair in failing])
    if notes:
        SubElement(case, "system-out").text = _listed([_line(*pair) for pair in notes])


def _line(file: FileResult, finding: Finding) -> str:
    line, column = file.source.position(finding.reference.start)
    return f"{shown(file.source.path)}:{line}:{column}: {finding.severity}: {advice(finding)}"


def _listed(lines: list[str]) -> str:
    more = len(lines) - MOST_LINES
    return "\n".join([*lines[:MOST_LINES], *([f"… and {more} more"] if more > 0 else [])])
