"""One line a finding, in the form of compiler messages, which editors and other tools know how to read."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint.output.paths import shown
from qcilint.output.run import Run
from qcilint.output.wording import advice

_COLOUR = {"error": "red", "warning": "yellow", "note": "cyan"}


def render(run: Run) -> Iterator[str]:
    """`path:line:column: severity: reference, and what to do with it [rule]`, with the column in characters."""
    for file, finding in run.listed():
        line, column = file.source.position(finding.reference.start)
        place = run.paint("bold", f"{shown(file.source.path)}:{line}:{column}:")
        kind = run.paint("dim", "kept") if finding.kept else run.paint(_COLOUR[finding.severity], finding.severity)
        rule = f" [{finding.rule}]" if finding.rule else ""
        yield f"{place} {kind}: {advice(finding)}{rule}"
