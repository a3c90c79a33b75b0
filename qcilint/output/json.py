"""Findings for programs: one JSON document, versioned."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from qcilint.edits import Edit
from qcilint.findings import Finding
from qcilint.fixes import edits_of
from qcilint.output.documents import text
from qcilint.output.positions import characters, region
from qcilint.output.run import Run
from qcilint.output.wording import is_offered
from qcilint.results import FileResult

VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields do not raise it."""


def render(run: Run) -> Iterator[str]:
    """The document, as text. Columns count characters, offsets bytes; undecodable bytes of paths are `\\udcXX`."""
    findings = [finding_object(file, finding) for file, finding in run.listed()]
    document = {
        "version": VERSION,
        "tool": {"name": "qcilint", "version": run.version},
        "findings": findings,
        "fixed": [{"path": path, "edits": count} for path, count in run.fixed.items()],
        "errors": [{"path": path, "reason": reason} for path, reason in run.report.errors],
        "checked": run.report.checked,
    }
    yield text(document, len(findings))


def schema() -> str:
    """The JSON schema of the document; `#/$defs/finding` is a line of `jsonl`."""
    return files("qcilint.output").joinpath("qcilint.schema.json").read_text("utf-8").rstrip("\n")


def finding_object(file: FileResult, finding: Finding) -> dict[str, Any]:
    """One finding, as the schema has it."""
    reference = finding.reference
    line, column, end_line, end_column = region(file.source, reference.start, reference.end, characters)
    offered = is_offered(finding)
    return {
        "path": file.source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "byte_offset": reference.start,
        "byte_length": reference.end - reference.start,
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "reference": reference.raw,
        "registry": reference.registry,
        "namespace": reference.namespace.raw,
        "image": reference.name.raw,
        "tag": reference.tag.raw,
        "digest": reference.digest.raw,
        "context": finding.context.where,
        "written": file.source.data[reference.start : reference.end].decode("utf-8", "surrogateescape"),
        "replacement": finding.replacement if offered else None,
        "edits": [_edit(edit) for edit in edits_of(file.source.data, finding)] if offered else [],
        "group": "{}:{}".format(*finding.group) if finding.group and offered else None,
        "fix": finding.level,
        "reason": finding.reason,
        "verified": finding.verified or None,
        "note": finding.note,
        "kept": finding.kept,
        "related": [{"path": path, "line": number, "message": what} for path, number, what in finding.related],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {"byte_offset": edit.start, "byte_length": edit.end - edit.start, "new": edit.new.decode("utf-8", "surrogateescape")}
