"""Findings for people: where, what, the line with carets, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qcilint.discovery import printable
from qcilint.output.colour import Painter
from qcilint.output.paths import shown
from qcilint.output.summary import summary
from qcilint.output.wording import change, is_offered

if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.findings import Finding
    from qcilint.output.run import Run
    from qcilint.results import FileResult

_COLOUR = {"error": "red", "warning": "yellow", "note": "cyan"}
LONGEST_LINE = 160
"""Characters of a source line that are shown; a longer line is cut around the reference."""
_MOST_BYTES = 4 * LONGEST_LINE
"""Bytes that these characters may take on either side of a reference: of what is read, what is half a character is cut."""


def render(run: Run) -> Iterator[str]:
    """Some lines for every finding, in order, then the counts if wanted, and the summary."""
    for file, finding in run.listed():
        yield from _finding(file, finding, run.paint)
    if run.statistics:
        from qcilint.output import statistics

        yield from statistics.render(run.report)
        yield ""
    yield summary(run.report, fixing=run.fixing, fixed=run.fixed)


def _finding(file: FileResult, finding: Finding, paint: Painter) -> Iterator[str]:
    line, column = file.source.position(finding.reference.start)
    place = paint("bold", f"{shown(file.source.path)}:{line}:{column}:")
    if finding.kept:
        rule = f"{finding.rule} " if finding.rule else ""
        yield f"{place} {paint('dim', f'kept {rule}')}{printable(finding.reference.raw)}: {finding.reason}"
        return
    yield f"{place} {paint(_COLOUR[finding.severity], finding.rule)} {finding.message}"
    yield from _excerpt(file, finding, line, paint)
    if finding.composed is not None:
        yield f"   {paint('dim', 'is:')}   {printable(finding.reference.raw)}"
    yield from (
        f"   {paint('dim', 'see:')}  {printable(path)}:{number}: {printable(what)}" for path, number, what in finding.related
    )
    if is_offered(finding):
        yield f"   {paint('green', 'help:')} {change(finding)} ({finding.level}{_lines_of(file, finding)})"
    if finding.reason:
        label = "unsafe:" if is_offered(finding) and finding.level == "unsafe" else "note:"
        yield f"   {paint('cyan', label)} {printable(finding.reason)}"
    if finding.note:
        yield f"   {paint('cyan', 'note:')} {printable(finding.note)}"
    yield ""


def _lines_of(file: FileResult, finding: Finding) -> str:
    """The lines that the edits of a composed reference are in."""
    lines = sorted({file.source.line(edit.start) for edit in finding.edits})
    return f"; edits lines {', '.join(map(str, lines))}" if len(lines) > 1 else ""


def _excerpt(file: FileResult, finding: Finding, line: int, paint: Painter) -> Iterator[str]:
    start, end = file.source.line_span(line)
    data, reference = file.source.data, finding.reference
    stop = min(reference.end, end)
    before = _shown(data[max(start, reference.start - _MOST_BYTES) : reference.start])
    marked = _shown(data[reference.start : stop])
    after = _shown(data[stop : min(end, stop + _MOST_BYTES)])
    spare = max(LONGEST_LINE - len(marked), 40)
    if len(before) > spare // 2:
        before = "…" + before[-(spare // 2) :]
    if len(after) > spare // 2:
        after = after[: spare // 2] + "…"
    number = str(line)
    yield f"{paint('dim', f'{number:>5} |')} {before}{marked}{after}"
    yield f"{paint('dim', '      |')} {' ' * _width(before)}{paint(_COLOUR[finding.severity], '^' * max(_width(marked), 1))}"


def _shown(data: bytes) -> str:
    return printable(data.decode("utf-8", "backslashreplace").replace("\t", "    "))


def _width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
