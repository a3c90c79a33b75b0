"""Fixes one linted file in memory: what `--fix`, a campaign and the examples of rules have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcilint.fixes import fix

if TYPE_CHECKING:
    from qcilint.engine import Linter
    from qcilint.findings import Finding
    from qcilint.results import FileResult


def fixed(linter: Linter, file: FileResult, *, unsafe: bool) -> tuple[bytes, list[Finding]]:
    """What a file would hold, and the findings that would be fixed. Raises FixError where the result does not hold up."""

    def relint(data: bytes) -> list[Finding]:
        return linter.relint(file, data).findings

    return fix(file.source.data, file.findings, relint, unsafe=unsafe, language=file.language)
