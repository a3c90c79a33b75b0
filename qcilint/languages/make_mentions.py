"""What the expansions of a makefile name, and what becomes of a value where it stands; `make_scan` finds them."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint.languages.make_functions import PLAIN, SETTLING, is_function, role
from qcilint.languages.make_lexer import Expansion, Unit
from qcilint.languages.makefile import Placer
from qcilint.records import dataclass, field
from qcilint.view import Span


@dataclass(slots=True, eq=False)
class Mention:
    """One place where a variable is named."""

    name: str
    start: int
    end: int
    kind: str = "plain"
    note: str = ""
    unit: Unit | None = None
    around: Expansion | None = None
    default: Span | None = None
    """What stands here where the variable is empty."""
    is_later: bool = False
    """`$$NAME`: make leaves it to the shell, or to `$(eval …)`."""
    is_call: bool = False
    """`$(call NAME,…)`."""
    is_listed: bool = False
    """A word of the list of a `$(foreach …)`, and no more."""

    @property
    def owner(self) -> str:
        """The variable in whose value it stands."""
        return self.unit.name if self.unit is not None else ""


@dataclass(slots=True, eq=False)
class Region:
    """A unit, or the text between two, with its expansions by where they begin."""

    start: int
    end: int
    unit: Unit | None
    expansions: list[Expansion]
    by_start: dict[int, Expansion] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Call:
    """`$(call NAME,…)`."""

    name: str
    arguments: list[Span]
    expansion: Expansion
    unit: Unit | None
    is_plain: bool
    """What it gives stands as it is."""


@dataclass(slots=True, eq=False)
class Loop:
    """`$(foreach NAME,LIST,BODY)`."""

    name: str
    expansion: Expansion
    list: Span


@dataclass(slots=True, eq=False)
class Mentions:
    """What the expansions of a makefile name."""

    found: list[Mention] = field(default_factory=list)
    computed: list[tuple[str, str, int]] = field(default_factory=list)
    """Names that are put together: how they begin, how they end, and where that stands."""
    calls: list[Call] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    evals: list[Expansion] = field(default_factory=list)
    bound: list[tuple[str, int]] = field(default_factory=list)
    """Names that `$(let …)` binds, and where."""
    broken: set[str] = field(default_factory=set)
    """Variables in whose value an expansion is left open, or goes on where it is not looked for."""
    too_deep: int | None = None
    """Where expansions nest too deep to be told apart."""
    whole: set[Span] = field(default_factory=set)
    """`$(or $(NAME),…)` and the like, which are one use of a name."""


def regions(placer: Placer) -> Iterator[Region]:
    """The units of a makefile, comments apart, and what stands between them."""
    makefile, at = placer.makefile, 0
    for unit in makefile.units:
        if unit.start > at:
            yield _region(at, unit.start, None, makefile.expansions(at, unit.start))
        if unit.kind != "comment":
            yield _region(unit.start, unit.end, unit, placer.expansions(unit))
        at = max(at, unit.end)
    yield _region(at, len(placer.text), None, makefile.expansions(at, len(placer.text)))


def _region(start: int, end: int, unit: Unit | None, expansions: list[Expansion]) -> Region:
    return Region(start, end, unit, expansions, {expansion.start: expansion for expansion in expansions})


def effect(around: Expansion | None, at: int, unit: Unit | None, text: bytes, inner: bytes = b"") -> tuple[str, str]:
    """What becomes of the text at `at` in the expansions and the unit around it: the kind of use, and a note.

    `inner` is the function that gives this text.
    """
    worst, is_settled = PLAIN, inner in SETTLING
    while around is not None:
        found = role(around, at, text)
        if around.function == b"eval" and inner == b"call":
            found = PLAIN
        if found[0] == "other":
            return found
        worst = worst if worst != PLAIN else found
        if _is_in_list(around, at, text):
            return worst
        called = is_function(around, text)
        is_settled = is_settled or (called and around.function in SETTLING)
        inner, around = around.function, around.parent
    last = _in_unit(unit, is_settled)
    return last if last[0] == "other" or worst == PLAIN else worst


def _is_in_list(loop: Expansion, at: int, text: bytes) -> bool:
    """Whether the text at `at` becomes a value of the name of a loop, and nothing else."""
    if loop.function != b"foreach" or not is_function(loop, text) or len(loop.commas) < 2:
        return False
    return loop.commas[0] < at < loop.commas[1]


def _in_unit(unit: Unit | None, is_settled: bool) -> tuple[str, str]:
    if unit is None:
        return "other", "a part of a name, or of the start of a command"
    if unit.kind == "condition":
        return "apart", "compared in a condition"
    if unit.kind == "rule":
        return "other", "names a target or a prerequisite"
    if unit.kind == "text" and not is_settled:
        return "other", "stands on a line that is no assignment, rule or recipe"
    return PLAIN
