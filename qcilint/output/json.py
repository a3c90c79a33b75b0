"""Findings for programs: one JSON document, versioned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from qcilint.edits import Edit
from qcilint.engine import FileResult
from qcilint.findings import Finding
from qcilint.fixes import edits_of

VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields do not raise it."""


def render(files: Iterable[FileResult], *, show_kept: bool, fixed: dict[str, int]) -> Iterator[str]:
    """The document, as text. Columns count characters, offsets bytes; undecodable bytes of paths are `\\udcXX`."""
    findings = [_finding(file, finding) for file in files for finding in file.findings if not finding.kept or show_kept]
    document = {
        "version": VERSION,
        "findings": findings,
        "fixed": [{"path": path, "edits": count} for path, count in fixed.items()],
    }
    yield json.dumps(document, indent=2, ensure_ascii=True)


def _finding(file: FileResult, finding: Finding) -> dict[str, Any]:
    reference = finding.reference
    line, column = file.source.position(reference.start)
    end_line, end_column = file.source.position(reference.end)
    is_offered = finding.replacement is not None and finding.level != "none"
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
        "replacement": finding.replacement if is_offered else None,
        "edits": [_edit(edit) for edit in edits_of(file.source.data, finding)] if is_offered else [],
        "group": "{}:{}".format(*finding.group) if finding.group and is_offered else None,
        "fix": finding.level,
        "reason": finding.reason,
        "kept": finding.kept,
        "related": [{"path": path, "line": number, "message": what} for path, number, what in finding.related],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {"byte_offset": edit.start, "byte_length": edit.end - edit.start, "new": edit.new.decode("utf-8", "surrogateescape")}
