"""Everything in a shell text that may name a variable: expansions, commands and here-documents, with what is around them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.languages.command_words import Argument
from qcilint.languages.shell import Placer
from qcilint.languages.shell_lexer import shell
from qcilint.languages.shell_syntax import Command, Heredoc, Part, Place, Script, Word
from qcilint.records import dataclass
from qcilint.source import Source

_HEAD = re.compile(
    rb"\$(?:\{(?P<prefix>[!#]?)(?P<braced>[A-Za-z_][A-Za-z0-9_]*+|[0-9]++|[@*#?$!-])(?P<index>\[[^\]\n]{0,200}\])?"
    rb"|(?P<plain>[A-Za-z_][A-Za-z0-9_]*+|[0-9@*#?$!-]))"
)
ASSIGNS = re.compile(rb"([A-Za-z_][A-Za-z0-9_]*+)(\[[^\]\n]{0,200}\])?(\+?)=")
ALL = (b"[@]", b"[*]")
"""Subscripts that stand for every element (bash manual, 6.7)."""


@dataclass(slots=True, eq=False)
class Layer:
    """A script, and what is done with what it writes."""

    script: Script
    outer: Layer | None = None
    captured: bool = False
    """It is a command substitution, or a process substitution."""


class Around(NamedTuple):
    """Where the parts of a word or of a here-document stand."""

    layer: Layer
    place: Place | None = None
    """The word."""
    word: Word | None = None
    """The same, or the element of an array."""
    quoted: bool = False
    holders: tuple[Part, ...] = ()
    """The parameters and calculations around them, outermost first."""


@dataclass(slots=True, eq=False)
class Expansion:
    """`$NAME`, `${NAME…}`, `$1`, `$@`."""

    part: Part
    name: str
    prefix: bytes
    """`!` or `#` before the name."""
    index: bytes
    """The subscript with its brackets."""
    operator: bytes
    layer: Layer
    place: Place | None
    """The word it stands in."""
    word: Word | None
    """The same, or the element of an array."""
    quoted: bool
    holders: tuple[Part, ...]
    """The parameters and calculations around it, outermost first."""

    @property
    def start(self) -> int:
        return self.part.start

    @property
    def end(self) -> int:
        return self.part.end

    @property
    def is_list(self) -> bool:
        """It stands for any number of words, even in double quotes."""
        return self.index in ALL or self.name in ("@", "*")

    @property
    def is_whole(self) -> bool:
        """Its word is nothing else, quotes apart."""
        if self.word is None or self.holders or len(self.word.parts) != 1:
            return False
        part = self.word.parts[0]
        if (part.start, part.end) != (self.word.start, self.word.end):
            return False
        return part is self.part or (part.kind == "double" and part.parts == [self.part] and _fills(part, self.part))


def _fills(double: Part, inner: Part) -> bool:
    return inner.start - double.start <= 2 and inner.end == double.end - 1


@dataclass(slots=True, eq=False)
class Step:
    """A command with at least one word."""

    command: Command
    layer: Layer
    head: int | None
    """Which of its words names what is run."""
    name: str
    """That word, where it holds no expansion."""

    @property
    def start(self) -> int:
        return self.command.words[0].start

    @property
    def end(self) -> int:
        return self.command.words[-1].end

    @property
    def is_simple(self) -> bool:
        return self.command.kind == "simple"


class Tree:
    """One shell text, read once."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.source = Source("", text)
        self.placer = Placer(shell(text))
        self.layers: list[Layer] = []
        self.steps: list[Step] = []
        self.heredocs: list[Heredoc] = []
        self.expansions: list[Expansion] = []
        self.calculations: list[tuple[Part, Layer]] = []
        """The bodies of `$((…))` and `((…))`."""
        self.opaque: list[Part] = []
        """Text in single quotes, and templates."""
        self._walk(self.placer.shell.script, None, captured=False)
        self.expansions.sort(key=lambda found: found.start)

    @cached_property
    def by_start(self) -> dict[int, Expansion]:
        """The expansions by where they begin."""
        return {found.start: found for found in self.expansions}

    @cached_property
    def _starts(self) -> list[int]:
        return [found.start for found in self.expansions]

    def between(self, start: int, end: int) -> list[Expansion]:
        """The expansions that begin in a stretch of the text."""
        return self.expansions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def line(self, offset: int) -> str:
        """`line 12`."""
        return f"line {self.source.line(offset)}"

    def raw(self, word: Word) -> bytes:
        """A word as it is written."""
        return self.text[word.start : word.end]

    def argument(self, step: Step, index: int) -> Argument:
        """A word of a simple command, its quotes removed."""
        return self.placer.call(step.command).words[index]

    def arguments(self, step: Step) -> Sequence[Argument]:
        """The words after the head of a simple command."""
        return [] if step.head is None else self.placer.call(step.command).words[step.head + 1 :]

    def _walk(self, script: Script, outer: Layer | None, *, captured: bool) -> None:
        layer = Layer(script, outer, captured)
        self.layers.append(layer)
        seen: set[int] = set()
        for place in script.places:
            command = place.command
            if id(command) not in seen and command.words:
                seen.add(id(command))
                self.steps.append(self._step(command, layer))
            if place.word.parts:
                self._parts(place.word.parts, Around(layer, place, place.word))
        for heredoc in script.heredocs:
            self.heredocs.append(heredoc)
            self._parts(heredoc.parts, Around(layer, quoted=True))

    def _step(self, command: Command, layer: Layer) -> Step:
        if command.kind != "simple":
            return Step(command, layer, None, "")
        for index, word in enumerate(command.words):
            if ASSIGNS.match(self.text, word.start, word.end):
                continue
            argument = self.placer.argument(word)
            if argument.text not in ("command", "builtin") or index + 1 == len(command.words):
                return Step(command, layer, index, argument.text if argument.literal else "")
        return Step(command, layer, None, "")

    def _parts(self, parts: Sequence[Part], around: Around) -> None:
        """Go through the parts of a word or of a here-document; `around` says where they stand."""
        for part in parts:
            if part.kind == "parameter":
                self.expansions.append(self._expansion(part, around))
                if part.parts:
                    self._parts(part.parts, around._replace(holders=(*around.holders, part)))
            elif part.kind == "substitution" and part.script is not None:
                self._walk(part.script, around.layer, captured=True)
            elif part.kind == "array":
                for word in part.words:
                    self._parts(word.parts, around._replace(word=word, quoted=False))
            elif part.kind == "arithmetic":
                self.calculations.append((part, around.layer))
                self._parts(part.parts, around._replace(holders=(*around.holders, part)))
            elif part.kind == "double":
                self._parts(part.parts, around if around.quoted else around._replace(quoted=True))
            else:
                self.opaque.append(part)

    def _expansion(self, part: Part, around: Around) -> Expansion:
        head = _HEAD.match(self.text, part.start, part.end)
        name, prefix, index = (head["braced"] or head["plain"], head["prefix"], head["index"]) if head else (b"", b"", b"")
        operator = b"" if part.operator in (b"[", prefix) else part.operator
        return Expansion(part, name.decode(), prefix or b"", index or b"", operator, *around)
