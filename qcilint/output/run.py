"""What a format is given: all that a run found, and what there is to say about its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from qcilint.output.colour import Painter
from qcilint.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from typing import Protocol

    from qcilint.findings import Finding
    from qcilint.results import FileResult, Report

    class ExampleText(Protocol):
        """An example of a rule."""

        @property
        def path(self) -> str: ...
        @property
        def before(self) -> str: ...
        @property
        def after(self) -> str | None: ...

    class RuleText(Protocol):
        """What formats say of a rule."""

        @property
        def id(self) -> str: ...
        @property
        def name(self) -> str: ...
        @property
        def severity(self) -> str: ...
        @property
        def summary(self) -> str: ...
        @property
        def why(self) -> str: ...
        @property
        def examples(self) -> Sequence[ExampleText]: ...

    class Fixes(Protocol):
        """Gives the findings of a file that can be fixed, all of them together: the fixes were tried and hold up."""

        def __call__(self, file: FileResult, /, *, unsafe: bool) -> Sequence[Finding]: ...


def no_fixes(_: FileResult, *, unsafe: bool) -> Sequence[Finding]:  # noqa: ARG001
    """For runs that offer no fix."""
    return ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run, ready to be shown."""

    report: Report
    rules: Sequence[RuleText] = ()
    """Every rule in force, by id."""
    version: str = ""
    """Of qcilint."""
    show_kept: bool = False
    """Also list what is left alone, in the formats that list findings only."""
    fixing: bool = False
    fixed: Mapping[str, int] = field(default_factory=dict)
    """Path of each changed file, and how many references were fixed there."""
    statistics: bool = False
    paint: Painter = field(default_factory=lambda: Painter(on=False))
    fixes: Fixes = no_fixes
    warn: Callable[[str], None] = lambda _: None
    """Tells the user what a format had to leave out."""

    def listed(self) -> Iterator[tuple[FileResult, Finding]]:
        """The findings in order; kept references only where asked for."""
        for file in self.report.files:
            for finding in file.findings:
                if not finding.kept or self.show_kept:
                    yield file, finding

    def findings(self) -> list[Finding]:
        """What is reported, in order, kept references left out."""
        return [finding for file in self.report.files for finding in file.findings if not finding.kept]
