"""Holds back the edits of files that a script of the repository works on, where its outcome would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcilint.facts import Facts
from qcilint.findings import Finding
from qcilint.fixes import apply, edit_of
from qcilint.scripts.matching import Change, held
from qcilint.source import Source


def hold(files: Sequence[tuple[Source, list[Finding]]], facts: Facts) -> None:
    """Take back the safe fixes of each file that a script of `facts` reads with an expression that their edits would break."""
    findings = {source.repo_path: found for source, found in files}
    changes = [change for source, found in files for change in _changes(source, found)]
    if not changes:
        return
    for path, data in facts.scripts.items():
        for row in held(path, data, changes):
            for finding in findings[row.path]:
                if finding.level == "safe" and not finding.kept:
                    finding.level, finding.replacement = "none", None
                    finding.reason = "a script reads this file with an expression that the new text would not satisfy"
                    finding.related.append((row.script, row.line, f"looks for {row.text}"))


def _changes(source: Source, findings: list[Finding]) -> Iterator[Change]:
    """The lines that the safe fixes of a file change, before and after."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.level == "safe" and not finding.kept:
            by_line.setdefault(source.line(finding.reference.start), []).append(finding)
    for line, found in by_line.items():
        start, end = source.line_span(line)
        edits = [edit_of(source.data, finding) for finding in found]
        shifted = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in edits]
        old = source.data[start:end]
        yield Change(source.repo_path, old, apply(old, shifted))
