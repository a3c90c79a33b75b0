"""Annotations of a GitHub workflow run, as workflow commands.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from qcilint.discovery import printable
from qcilint.output.paths import from_top
from qcilint.output.positions import characters, region
from qcilint.output.run import Run
from qcilint.output.wording import message

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def render(run: Run) -> Iterator[str]:
    """A command for every finding, errors first: a step shows only so many annotations of each kind."""
    for kind, command in _COMMAND.items():
        for file, finding in run.listed():
            if finding.severity != kind or finding.kept:
                continue
            line, column, end_line, end_column = region(file.source, finding.reference.start, finding.reference.end, characters)
            values = {"file": from_top(file), "line": line, "endLine": end_line, "col": column, "endColumn": end_column}
            values["title"] = f"{finding.rule} {finding.name}"
            properties = ",".join(f"{key}={_property(str(value))}" for key, value in values.items())
            yield f"::{command} {properties}::{_data(message(finding))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    """A value before the `::`. A path keeps its real characters: the runner undoes this escaping, and no other."""
    escaped = text.encode("utf-8", "backslashreplace").decode().replace("%", "%25")
    for char in "\r\n:,":
        escaped = escaped.replace(char, f"%{ord(char):02X}")
    return "".join(char if char.isprintable() else printable(char) for char in escaped)
