"""What is known of a command while and after it is read: a role for each of its words, and what holds for all of it."""

from __future__ import annotations

from typing import NamedTuple

from qcilint.languages.command_words import Argument
from qcilint.records import dataclass, field


class Role(NamedTuple):
    """What a word is: `command:pull`, `pattern`, `argument:curl`, `assignment:NAME`; `shell` is a script."""

    where: str
    labels: tuple[str, ...] = ()


@dataclass(slots=True)
class Call:
    """A simple command, understood."""

    name: str
    roles: list[Role]
    operands: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """What holds for all of it: `remote`."""
    exports: bool = False
    build_stdin: bool = False
    """The standard input is a Dockerfile."""
    manifest_stdin: bool = False
    """The standard input is Kubernetes manifests."""
    stdin: str = ""
    """The language of a script read from the standard input, where it is one."""
    words: list[Argument] = field(default_factory=list)


class Reading:
    """The words of one command, and the roles given to them so far."""

    def __init__(self, words: list[Argument]) -> None:
        self.words = words
        self.end = len(words)
        self.labels: tuple[str, ...] = ()
        self.call = Call("", [Role("argument")] * len(words), words=words)
        self.from_stdin = False

    def role(self, where: str, *labels: str) -> Role:
        """A role with the labels that hold for the whole command."""
        return Role(where, (*labels, *self.labels))

    def default(self, start: int, end: int, name: str) -> None:
        """Make words `start..end` arguments of a command."""
        role = self.role(f"argument:{name}")
        for index in range(start, end):
            self.call.roles[index] = role

    def shell_word(self, at: int) -> None:
        """Make a word a script."""
        self.call.roles[at] = self.role("shell", "nested-shell")
