"""Fixes that are reviewed before they count: the images that they name are looked up, in a registry or in a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from qcilint.discovery import Selection
from qcilint.engine import Linter
from qcilint.findings import Finding
from qcilint.holds import hold
from qcilint.results import FileResult, Report
from qcilint.ruleset import Rule


class Reviewer(Protocol):
    """Knows something of images."""

    def ask(self, files: Iterable[FileResult], /) -> None:
        """Learn about the images that the fixes of these files name."""

    def apply(self, file: FileResult, /) -> FileResult:
        """Say in the findings of a file what is known, and change the fixes that it bears on; returns the file."""

    def summary(self) -> Iterable[str]:
        """Lines about the whole run."""


class ReviewedLinter(Linter):
    """A linter whose fixes name images that were looked up."""

    def __init__(self, linter: Linter, tell: Callable[[str], None]) -> None:
        """`tell` takes each line about the run."""
        self.__dict__.update(vars(linter))  # however it was set up
        self.reviewers: list[Reviewer] = []
        """In the order in which they speak."""
        self._tell = tell

    @property
    def processes(self) -> int:
        return 1  # a reviewer holds connections, and what it learns would be lost

    def lint(self, selection: Selection) -> Report:
        return self._reviewed(super().lint(selection))

    def lint_text(self, data: bytes, path: str) -> Report:
        return self._reviewed(super().lint_text(data, path))

    def relint(self, result: FileResult, data: bytes) -> FileResult:
        return self.reviewed(super().relint(result, data))

    def reviewed(self, file: FileResult) -> FileResult:
        """The file, with what the reviewers have to say."""
        for reviewer in self.reviewers:
            file = reviewer.apply(file)
        return file

    def silence(self, file: FileResult, findings: list[Finding]) -> None:
        """Make silent what comments and configurations ask for, of findings of a file that a reviewer adds."""
        from qcilint import silencing

        silencing.late(findings, file.source, file.language, self.policy, file.changed, suppressing=self.suppressing)

    def rule_about_catalog(self, path: str) -> Rule | None:
        """The rule about images that a catalogue does not have, for a file as the user named it."""
        return (self.policy.of_source(path).rules if self.policy else self.rules).about_catalog

    def _reviewed(self, report: Report) -> Report:
        for reviewer in self.reviewers:
            reviewer.ask(report.files)
            for file in report.files:
                reviewer.apply(file)
        for facts in {id(file.facts): file.facts for file in report.files}.values():
            # What was taken back may have to stay like a file where it was not.
            hold([(file.source, file.findings) for file in report.files if file.facts is facts], facts)
        for reviewer in self.reviewers:
            for line in reviewer.summary():
                self._tell(line)
        return report
