"""What a shell script consists of: scripts, commands, words, and the parts of words."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.records import dataclass, field
from qcilint.view import Span


@dataclass(slots=True, eq=False)
class Part:
    """A part of a word that is more than plain text, with what is inside it."""

    kind: str
    """`single`, `double`, `ansi`, `parameter`, `substitution`, `arithmetic`, `array`, `hole` or `escape`."""
    start: int
    end: int
    parts: Sequence[Part] = ()
    words: Sequence[Word] = ()
    """The elements of an array, and the comments among them."""
    comments: Sequence[Span] = ()
    script: Script | None = None
    name: bytes = b""
    operator: bytes = b""
    argument: int = 0
    """Where the text after the operator of a parameter begins."""


@dataclass(slots=True, eq=False)
class Word:
    start: int
    end: int
    parts: Sequence[Part]


@dataclass(slots=True, eq=False)
class Heredoc:
    """The body of a here-document, without its terminator."""

    command: Command
    quoted: bool
    tabs: bool
    delimiter: bytes
    start: int = 0
    end: int = 0
    parts: Sequence[Part] = ()


@dataclass(slots=True, eq=False)
class Command:
    """A simple command, or the head of a compound one (`for`, `case`, `[[`)."""

    kind: str = "simple"
    words: list[Word] = field(default_factory=list)
    redirects: list[tuple[bytes, Word]] = field(default_factory=list)
    next: Command | None = None
    """The command that reads what this one writes."""
    body: Span | None = None
    """From `do` to `done`, for a loop."""


@dataclass(slots=True, eq=False)
class Place:
    """A word and the part it plays: `word`, `redirect` or `pattern` (of `case`)."""

    word: Word
    command: Command
    role: str
    index: int


@dataclass(slots=True, eq=False)
class Script:
    """The words, comments, here-documents and marks of one script, each in ascending order."""

    start: int
    end: int = 0
    places: list[Place] = field(default_factory=list)
    comments: list[Span] = field(default_factory=list)
    heredocs: list[Heredoc] = field(default_factory=list)
    marks: list[tuple[int, bytes]] = field(default_factory=list)
    """Where reserved words, control operators and the line feeds that end commands stand. Two names are not as written:
    `arm` for the `)` after the pattern of `case`, `function` for every definition."""
