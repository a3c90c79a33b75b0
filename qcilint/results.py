"""What a run found: files with their findings."""

from __future__ import annotations

from qcilint.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.facts import Facts
    from qcilint.findings import Finding
    from qcilint.scope import ChangedFile
    from qcilint.source import Source


@dataclass(slots=True)
class FileResult:
    """One file that holds references."""

    source: Source
    language: str
    findings: list[Finding]
    facts: Facts
    unsafe: bool = False
    """Unsafe fixes are made here, too."""
    changed: ChangedFile | None = None
    """Which lines count, where not all do."""


@dataclass(slots=True)
class Report:
    """All that a run found."""

    files: list[FileResult] = field(default_factory=list)
    checked: int = 0
    binary: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Files that could not be read: path and reason."""
