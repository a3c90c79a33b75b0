"""What a rule file says: a rule, its cases and its examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qcilint.patterns import match_paths
from qcilint.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_PATHS = 1_000
"""Files whose cases are remembered."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a rule: when it applies, and what is to be done."""

    when: Mapping[str, tuple[str, ...]]
    unless: Mapping[str, tuple[str, ...]]
    fix: str = "none"
    to: str = ""
    note: str = ""
    advice: str = ""
    """A template, as `to`, of what could be written by hand; shown, never made an edit."""
    keep: bool = False
    """The use is legitimate: nothing is reported, `--show-kept` lists it with the note."""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what becomes of it: `after` where it is fixed, `keep` where nothing may be reported."""

    path: str
    before: str
    after: str | None = None
    keep: bool = False
    unsafe: bool = False
    """`after` is what `--unsafe-fixes` gives."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Other files of the repository that matter: path → text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its file has it."""

    id: str
    name: str
    severity: str
    hosts: tuple[str, ...]
    summary: str
    why: str
    make_cases: Callable[[], tuple[Case, ...]] = field(repr=False, compare=False)
    """Gives the cases: a run asks for those of a few rules only."""
    make_examples: Callable[[], tuple[Example, ...]] = field(default=tuple, repr=False, compare=False)
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    priority: int = 0
    """Of several rules for one host the one with the highest priority whose case matches decides."""
    together: bool = False
    """References of one Dockerfile are fixed together or not at all."""
    check: str = ""
    """A module of `qcilint.checks` that must agree before a case is looked at."""
    about: str = ""
    """What it is about: empty for references, else one of `qcilint.ruleset.ABOUT`."""
    files: tuple[str, ...] = ()
    """Path patterns of the files that a rule about whole files is about."""
    references: tuple[str, ...] = ()
    """Where to read more, for the documentation: `What it is: https://…`."""
    _made: dict[str, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _at: dict[str, tuple[Case, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The first one that matches decides."""
        if "cases" not in self._made:
            self._made["cases"] = self.make_cases()
        return self._made["cases"]

    @property
    def examples(self) -> tuple[Example, ...]:
        """The tests of the rule, which its documentation shows."""
        if "examples" not in self._made:
            self._made["examples"] = self.make_examples()
        return self._made["examples"]

    def cases_at(self, path: str) -> tuple[Case, ...]:
        """The cases that may apply in the file at a repository path."""
        found = self._at.get(path)
        if found is None:
            if len(self._at) >= MOST_PATHS:
                self._at.clear()
            found = tuple(case for case in self.cases if "path" not in case.when or match_paths(case.when["path"], path))
            self._at[path] = found
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule and the case that decide, and what the `*` of the case's patterns stand for."""

    rule: Rule
    case: Case
    captures: Mapping[str, tuple[str, ...]]
