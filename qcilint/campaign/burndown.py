"""Every reference of a plan as one row of a CSV file: what is left of a migration, and why."""

from __future__ import annotations

import csv
import os

from qcilint.campaign import model, texts
from qcilint.campaign.model import Plan
from qcilint.discovery import printable

NAME = "references.csv"
COLUMNS = (
    *("repository", "branch", "commit", "path", "line", "column", "rule", "severity", "reference", "context"),
    *("outcome", "fix", "replacement", "reason", "change"),
)


def write(folder: str, plan: Plan) -> None:
    """Write the file, sorted by repository, then as qcilint reports."""
    change_of = {(change.repository, change.base, path): change.id for change in plan.changes for path in change.paths}
    with open(os.path.join(folder, NAME), "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for planned, finding in model.findings(folder, plan):
            fixed = finding["outcome"] == "fixed"
            change = change_of.get((planned.repository, planned.base, finding["path"]), "") if fixed else ""
            rows.writerow(
                _cell(cell)
                for cell in (
                    *(planned.repository, planned.base, planned.commit),
                    *(finding["path"], finding["line"], finding["column"], finding["rule"], finding["severity"]),
                    *(finding["reference"], finding["context"], finding["outcome"], finding["fix"]),
                    finding["replacement"] or "",
                    "" if fixed else texts.why(finding),
                    change,
                )
            )


def _cell(value: object) -> object:
    """Text that no spreadsheet takes for a formula, and that is safe to print."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
