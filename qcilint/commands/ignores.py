"""`qcilint --add-ignores WHY`: writes a suppression comment for every finding."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from qcilint.discovery import printable
from qcilint.edits import FixError
from qcilint.engine import Linter
from qcilint.fixes import write
from qcilint.ignores import NO_COMMENT, add
from qcilint.results import FileResult, Report

if TYPE_CHECKING:
    from qcilint.findings import Finding


def _findings(linter: Linter, file: FileResult, data: bytes) -> list[Finding]:
    return linter.relint(file, data).findings


def add_all(linter: Linter, report: Report, why: str) -> int:
    """Write the comments; returns the exit code: 1 where findings are left, 2 where a file cannot be written."""
    written = left = failed = 0
    for path, reason in report.errors:
        failed += 1
        print(f"qcilint: error: {printable(path)}: {reason}", file=sys.stderr)
    for file in report.files:
        before = file.source.data
        data, without = add(file.source, file.language, file.findings, partial(_findings, linter, file), why)
        for line, rules in without:
            left += 1
            print(f"{printable(file.source.path)}:{line}: {', '.join(rules)}: {NO_COMMENT}")
        if data == before:
            continue
        try:
            write(file.source.path, before, data)
        except FixError as error:
            failed += 1
            print(f"qcilint: error: {printable(file.source.path)}: no comments written: {error}", file=sys.stderr)
            continue
        written += 1
    files, lines = _count(written, "file"), _count(left, "line")
    print(f"wrote comments into {files}" + (f"; {lines} got none" if left else ""))
    return 2 if failed else 1 if left else 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
