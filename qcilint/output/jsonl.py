"""Findings for programs that read line by line: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from qcilint.output.json import finding_object
from qcilint.output.run import Run


def render(run: Run) -> Iterator[str]:
    """A line for every finding, each as `$defs/finding` of the schema has it."""
    for file, finding in run.listed():
        yield json.dumps(finding_object(file, finding), ensure_ascii=True)
