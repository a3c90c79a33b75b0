"""What is written down about the names of a Python program while its tree is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from qcilint.records import dataclass, field
from qcilint.view import Span


@dataclass(eq=False, slots=True)
class Scope:
    """A block with names of its own."""

    kind: str
    """`module`, `class`, `function` or `comprehension`."""
    parent: Scope | None = None
    bound: set[str] = field(default_factory=set)
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Names declared `global` or `nonlocal`."""
    bases: list[str] = field(default_factory=list)
    """Of a class: its base classes, empty for what is no plain name."""
    sealed: str = ""
    """Of a class: why its attributes are not what its body says."""
    receiver_of: Scope | None = None
    """Of a method: the class whose objects, or which itself, its first parameter is."""


class Ref(NamedTuple):
    """A name as it stands in a scope, or an attribute of what the name `receiver` stands for (empty: of anything else)."""

    scope: Scope
    name: str
    receiver: str | None = None


@dataclass(eq=False, slots=True)
class Mention:
    """One place where a name is used."""

    ref: Ref
    start: int
    end: int
    kind: str = "plain"
    note: str = ""
    touches: tuple[bool, bool] = (False, False)
    """In a literal: the word around it reaches the start, the end of the literal."""
    alone: bool = True
    """No other text may stand beside it."""
    dropped: bool = False

    def become(self, kind: str, note: str) -> None:
        """Take a worse kind; the first note of a kind is kept."""
        if self.kind == "plain" or (self.kind == "apart" and kind == "other"):
            self.kind, self.note = kind, note


@dataclass(eq=False, slots=True)
class Stretch:
    """The content of a string literal."""

    start: int
    end: int
    exact: bool
    """Its bytes are its text."""
    fields: list[Mention] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Sum:
    """A text put together from literals and names that do not stand side by side."""

    start: int
    end: int
    pieces: list[Stretch | Mention]
    whole: bool
    """The pieces are all of it."""
    glued: bool = False
    """Other text is added to it."""
    silent: bool = False
    """It goes where its parts must not change."""

    def mentions(self) -> list[Mention]:
        """All names in it."""
        return [each for piece in self.pieces for each in (piece.fields if isinstance(piece, Stretch) else [piece])]


@dataclass(eq=False, slots=True)
class Reading:
    """What an expression may give."""

    texts: list[Span] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    """The literals of the texts that names are put into."""
    mentions: list[Mention] = field(default_factory=list)
    """Names whose value it may be."""
    sums: list[Sum] = field(default_factory=list)
    elements: Reading | None = None
    """Of a list: what its elements may be."""
    iterated: list[Mention] = field(default_factory=list)
    """Names of lists whose elements it goes through."""
    unknown: str = ""
    """What else it may be, as in "line 3 sets it to the result of a call"."""
    missing: str = ""
    """The same, for a value that a following `or` stands in for."""
    caveat: str = ""

    def merge(self, other: Reading) -> Reading:
        """Either of both."""
        elements = self.elements or other.elements
        if self.elements and other.elements:
            elements = self.elements.merge(other.elements)
        return Reading(
            self.texts + other.texts,
            self.stretches + other.stretches,
            self.mentions + other.mentions,
            self.sums + other.sums,
            elements,
            self.iterated + other.iterated,
            self.unknown or other.unknown,
            self.missing or other.missing,
            self.caveat or other.caveat,
        )


@dataclass(eq=False, slots=True)
class Bound:
    """A place that gives a name a value."""

    ref: Ref
    at: int
    reading: Reading = field(default_factory=Reading)
    barred: str = ""
    """What it does instead, as in "line 3 imports it"."""
    how: str = "assignment"
    """`assignment`, `addition`, `loop`, `parameter`, `argument`, `receiver`, `import` or `class`."""
    caveat: str = ""
    made: Scope | None = None
    """The class that a `class` statement makes."""


class Argument(NamedTuple):
    """An argument of a call."""

    keyword: str
    star: bool
    reading: Reading
    at: int


@dataclass(eq=False, slots=True)
class Call:
    """A call of something that has a name."""

    ref: Ref
    arguments: list[Argument]
    at: int


@dataclass(eq=False, slots=True)
class Function:
    """A function with its parameters."""

    name: str
    scope: Scope
    positional: list[str]
    keywords: list[str]
    """Those that a keyword may set."""
    owner: Scope | None
    """The class in whose body it is defined."""
    binds_first: bool
    """A method whose first parameter is not given by its caller."""
    barred: str = ""


@dataclass(eq=False, slots=True)
class Record:
    """Everything written down."""

    scope: Scope = field(default_factory=lambda: Scope("module"))
    bounds: list[Bound] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    passed: list[tuple[Ref, int]] = field(default_factory=list)
    """Names given to a call along with other arguments."""
    named: list[tuple[str, int]] = field(default_factory=list)
    """Names that stand in strings."""
    stars: list[tuple[Scope, int]] = field(default_factory=list)
    """Imports of everything from a module."""
    any_name: list[tuple[int, str]] = field(default_factory=list)
    """Where names are read or set that the text does not show."""
    any_attribute: list[tuple[int, str]] = field(default_factory=list)

    @contextmanager
    def inside(self, scope: Scope) -> Iterator[Scope]:
        """Go on in an inner scope."""
        outer, self.scope = self.scope, scope
        yield scope
        self.scope = outer

    def mention(self, mention: Mention) -> Mention:
        """Write down a use."""
        self.mentions.append(mention)
        return mention
