"""Findings on their way from the process that judged a file to the one that asked: without what both of them have."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.analysis import Analysis
from qcilint.findings import Finding

Packed = list[tuple[int, Finding]]
"""Findings; in front of each the number of its reference and context in the analysis, -1 where it has others."""


def pack(analysis: Analysis, findings: Sequence[Finding]) -> Packed:
    """Take the references and contexts of an analysis out of the findings."""
    numbers = {id(reference): number for number, reference in enumerate(analysis.references)}
    packed: Packed = []
    for finding in findings:
        number = numbers.get(id(finding.reference), -1)
        if number >= 0 and finding.context is analysis.contexts[number]:
            finding.reference = finding.context = None  # type: ignore[assignment]  # until it arrives
        else:
            number = -1
        packed.append((number, finding))
    return packed


def unpack(analysis: Analysis, packed: Packed) -> list[Finding]:
    """The findings, with those of the same analysis here."""
    for number, finding in packed:
        if number >= 0:
            finding.reference, finding.context = analysis.references[number], analysis.contexts[number]
    return [finding for _, finding in packed]
