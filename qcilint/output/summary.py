"""The last line for people: how many findings, and which flag fixes how many of them."""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qcilint.results import Report


def summary(report: Report, *, fixing: bool, fixed: Mapping[str, int]) -> str:
    """The line. `fixed` holds how many references were fixed in each changed file."""
    parts = [f"fixed {count(sum(fixed.values()), 'reference')} in {count(len(fixed), 'file')}"] if fixing else []
    findings = [finding for file in report.files for finding in file.findings if not finding.kept]
    if not findings:
        return ", ".join(parts) or f"no findings in {count(report.checked, 'file')}"
    files = sum(any(not finding.kept for finding in file.findings) for file in report.files)
    kind = next(level for level in ("error", "warning", "note") if any(finding.severity == level for finding in findings))
    safe = sum(finding.fixable(unsafe=file.unsafe) for file in report.files for finding in file.findings)
    more = sum(finding.fixable(unsafe=True) for finding in findings) - safe
    help_ = [f"{safe} fixable with --fix"] if safe else []
    if more:
        help_.append(f"{more} more with --unsafe-fixes" if safe else f"{more} fixable with --fix --unsafe-fixes")
    tail = f" ({', '.join(help_)})" if help_ else ""
    left = " left" if fixing else ""
    return "; ".join([*parts, f"{kind}: {count(len(findings), 'finding')}{left} in {count(files, 'file')}{tail}"])


def count(number: int, what: str) -> str:
    """A number with its noun."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
