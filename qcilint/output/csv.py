"""One row for every reference, kept ones too: the burn-down of a migration, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from qcilint.discovery import printable
from qcilint.findings import Finding
from qcilint.output.paths import shown
from qcilint.output.run import Run
from qcilint.output.wording import is_offered
from qcilint.results import FileResult

COLUMNS = (
    "path", "line", "column", "rule", "severity", "level", "kept", "context", "namespace", "name", "tag", "reference",
    "replacement", "reason",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@")
"""A cell that starts so is a formula to a spreadsheet."""


def render(run: Run) -> Iterator[str]:
    """A header and the rows (RFC 4180 with line feeds); columns count characters."""
    yield _line(COLUMNS)
    for file in run.report.files:
        for finding in file.findings:
            yield _line(_row(file, finding))


def _row(file: FileResult, finding: Finding) -> tuple[str | int, ...]:
    reference = finding.reference
    line, column = file.source.position(reference.start)
    path = file.source.path
    texts = (
        reference.namespace.raw,
        reference.name.raw,
        reference.tag.raw,
        reference.raw,
        (finding.replacement or "") if is_offered(finding) else "",
        finding.reason,
    )
    return (
        shown(f"./{path}" if path.startswith(_FORMULA) else path),
        line,
        column,
        finding.rule,
        finding.severity,
        finding.level,
        "yes" if finding.kept else "no",
        finding.context.where,
        *(_harmless(printable(text)) for text in texts),
    )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: tuple[str | int, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()
