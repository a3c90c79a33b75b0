"""The diagnostic format of reviewdog, with suggestions.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. A column counts bytes of UTF-8, a range ends before its end.
Suggestions are what `--fix` would do, and nothing else: whoever accepts all of them gets the fixed file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qcilint.discovery import printable
from qcilint.edits import Edit
from qcilint.findings import Finding
from qcilint.fixes import edits_of
from qcilint.output.documents import text
from qcilint.output.paths import related
from qcilint.output.positions import region, utf8_bytes
from qcilint.output.run import Run
from qcilint.output.wording import message
from qcilint.results import FileResult
from qcilint.source import Source

_SEVERITY = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(run: Run) -> Iterator[str]:
    """The document; paths are relative to the working directory, as reviewdog has them."""
    diagnostics = []
    for file in run.report.files:
        safe = {id(finding) for finding in run.fixes(file, unsafe=False)}
        diagnostics += [_diagnostic(file, finding, is_fixed=id(finding) in safe) for finding in file.findings if not finding.kept]
    yield text({"source": {"name": "qcilint"}, "diagnostics": diagnostics}, len(diagnostics))


def _diagnostic(file: FileResult, finding: Finding, *, is_fixed: bool) -> dict[str, Any]:
    source, reference = file.source, finding.reference
    diagnostic: dict[str, Any] = {
        "message": message(finding),
        "location": {"path": source.path, "range": _range(source, reference.start, reference.end)},
        "severity": _SEVERITY[finding.severity],
        "code": {"value": finding.rule},
    }
    if finding.related:
        diagnostic["related_locations"] = [_related(file, *place) for place in finding.related]
    if is_fixed:
        diagnostic["suggestions"] = [_suggestion(source, edit) for edit in edits_of(source.data, finding)]
    return diagnostic


def _related(file: FileResult, path: str, line: int, what: str) -> dict[str, Any]:
    location: dict[str, Any] = {"path": related(file, path)}
    if line:
        location["range"] = {"start": {"line": line}}
    return {"message": printable(what), "location": location}


def _suggestion(source: Source, edit: Edit) -> dict[str, Any]:
    return {"range": _range(source, edit.start, edit.end), "text": edit.new.decode("utf-8", "surrogateescape")}


def _range(source: Source, start: int, end: int) -> dict[str, Any]:
    place = region(source, start, end, utf8_bytes)
    return {
        "start": {"line": place.line, "column": place.column},
        "end": {"line": place.end_line, "column": place.end_column},
    }
