"""Counts: by rule, by kind of file, by what can be done and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from qcilint.findings import Finding
from qcilint.results import FileResult, Report


def render(report: Report) -> Iterator[str]:
    """Tables of all references of a run, kept ones included."""
    pairs = [(file, finding) for file in report.files for finding in file.findings]
    yield f"{report.checked} files checked, {report.binary} binary, {len(report.files)} with references, {len(pairs)} references"
    yield from _table("by rule", _by_rule(pairs))
    yield from _table("by kind of file", _counted(pairs, lambda file, _: file.language))
    yield from _table("why not fixed unasked", _reasons(pairs))


def _by_rule(pairs: list[tuple[FileResult, Finding]]) -> list[tuple[str, Counter[str]]]:
    return _counted(pairs, lambda _, finding: f"{finding.rule} {finding.name}" if finding.rule else "(no rule)")


def _counted(
    pairs: Iterable[tuple[FileResult, Finding]], key: Callable[[FileResult, Finding], str]
) -> list[tuple[str, Counter[str]]]:
    counts: dict[str, Counter[str]] = {}
    for file, finding in pairs:
        name = key(file, finding)
        counts.setdefault(name, Counter())["kept" if finding.kept else finding.level] += 1
    return sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))


def _reasons(pairs: Iterable[tuple[FileResult, Finding]]) -> list[tuple[str, Counter[str]]]:
    return _counted(
        [pair for pair in pairs if pair[1].reason and (pair[1].kept or pair[1].level != "safe")],
        lambda _, finding: finding.reason,
    )


def _table(title: str, rows: list[tuple[str, Counter[str]]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"{'total':>7} {'safe':>6} {'unsafe':>7} {'no fix':>7} {'kept':>6}  {title}"
    for name, count in rows:
        yield f"{sum(count.values()):>7} {count['safe']:>6} {count['unsafe']:>7} {count['none']:>7} {count['kept']:>6}  {name}"
