"""A code quality report for GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint.discovery import printable
from qcilint.output.documents import text
from qcilint.output.fingerprints import Marks
from qcilint.output.paths import from_top
from qcilint.output.run import Run
from qcilint.output.wording import message

_SEVERITY = {"error": "major", "warning": "minor", "note": "info"}


def render(run: Run) -> Iterator[str]:
    """The report, one issue for every finding; its fingerprint stays when lines move."""
    marks = Marks()
    issues = []
    for file, finding in run.listed():
        if finding.kept:
            continue
        path, start, end = from_top(file), finding.reference.start, finding.reference.end
        issues.append(
            {
                "type": "issue",
                "description": message(finding),
                "check_name": finding.rule,
                "categories": ["Compatibility"],
                "severity": _SEVERITY[finding.severity],
                "fingerprint": marks.of(path, finding),
                "location": {
                    "path": printable(path),
                    "lines": {"begin": file.source.line(start), "end": file.source.line(end)},
                },
            }
        )
    yield text(issues, len(issues))
