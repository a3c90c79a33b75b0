"""Who calls the functions of a shell text: takes its commands, gives the calls, or the reason why they cannot all be known.

A function is also called where its name is the value of a variable, an argument that something runs (`retry 3 pull x`),
or part of a text that `eval`, `trap` or another shell runs (Bash Reference Manual, 3.3 and 3.7.2).
"""

from __future__ import annotations

from collections.abc import Callable

from qcilint import lazy as re
from qcilint.languages import command_tables as tables
from qcilint.languages.command_words import is_sudo, tool_of
from qcilint.languages.container_tables import FAMILIES
from qcilint.languages.shell_blocks import Blocks
from qcilint.languages.shell_syntax import Command
from qcilint.languages.shell_tree import Step, Tree

_TOKEN = re.compile(rb"[\w.:/@%+-]+")
_RUNNERS = frozenset(("eval", "trap", "alias", "complete", "mapfile", "readarray", "run", "retry", "source", "."))
_LISTS = frozenset(("export", "declare", "typeset", "readonly", "unset"))
_KNOWN = frozenset(
    (*FAMILIES, *tables.MATCHERS, "echo", "printf", "cat", "cd", "git", "make", "mkdir", "rm", "cp", "mv", "ls", "exit", "return")
)
"""Commands that no sourced file turns into one that runs its arguments."""


class Calls:
    """The calls of all functions of a text."""

    def __init__(self, tree: Tree, blocks: Blocks, is_readable: Callable[[str], bool]) -> None:
        """`is_readable` says of a variable whether all its values can be read off."""
        self.tree, self.blocks = tree, blocks
        self.of: dict[str, list[Step]] = {name: [] for name in blocks.functions}
        self.unknown: dict[str, str] = {}
        """Function → why its calls cannot all be known."""
        self.everything = ""
        """The same for all of them."""
        self.dispatches = False
        """Some command runs what a variable or an argument names."""
        self.sources = any(step.name in ("source", ".") for step in tree.steps)
        for step in tree.steps:
            if step.name in self.of and step.head is not None and not self._is_bypassed(step):
                self.of[step.name].append(step)
        for step in tree.steps:
            if step.is_simple and step.head is not None and not step.name:
                self._dispatch(step, is_readable)
            if step.name in _LISTS:
                self._listed(step)
        if self.of:
            self._find_mentions()

    def why_unknown(self, name: str) -> str:
        """Why the calls of a function cannot all be known, or nothing."""
        return self.everything or self.unknown.get(name, "")

    def _is_bypassed(self, step: Step) -> bool:
        head = step.head or 0
        return head > 0 and self.tree.argument(step, head - 1).text in ("command", "builtin")

    def _dispatch(self, step: Step, is_readable: Callable[[str], bool]) -> None:
        """A command whose name is the value of something."""
        argument = self.tree.argument(step, step.head or 0)
        if tool_of(argument) or is_sudo(argument):
            return
        self.dispatches = True
        word = step.command.words[step.head or 0]
        line = self.tree.line(step.start)
        names = {found.name for found in self.tree.between(word.start, word.end)}
        function = self.blocks.at(step.layer, step.start).function
        if function and names and all(name in ("@", "*") or name.isdigit() for name in names):
            for call in self.of.get(function, []):
                arguments = self.tree.arguments(call)
                if arguments and not arguments[0].literal:
                    self.everything = f"{self.tree.line(call.start)} runs a command whose name cannot be read off"
        elif not names or not all(is_readable(name) for name in names):
            self.everything = f"{line} runs a command whose name cannot be read off"

    def _listed(self, step: Step) -> None:
        """`export -f NAME`, `declare -f NAME`: another shell gets the function."""
        arguments = self.tree.arguments(step)
        flags = "".join(argument.text for argument in arguments if argument.text.startswith("-"))
        names = [argument.text for argument in arguments if not argument.text.startswith("-")]
        if "f" in flags and step.name != "unset":
            note = f"{self.tree.line(step.start)} hands the function on"
            self.unknown.update(dict.fromkeys(names, note))
            if not names:
                self.everything = note

    def _find_mentions(self) -> None:
        names = {name.encode() for name in self.of}
        heads = {call.command.words[call.head or 0].start for calls in self.of.values() for call in calls}
        text = self.tree.text
        for match in _TOKEN.finditer(text):
            if match[0] not in names or match.start() in heads or match.start() in self.blocks.definitions:
                continue
            spot = self.tree.placer.spot(match.span())
            if spot.context.where != "comment" and self._may_run(spot.command, spot.role):
                name = match[0].decode("utf-8", "replace")
                self.unknown.setdefault(name, f"{self.tree.line(match.start())} may call it in another way")

    def _may_run(self, command: Command | None, role: str) -> bool:
        """Whether what stands in a command may be the name of a function that it runs."""
        if command is None or self.dispatches:
            return True
        if role in ("redirect", "heredoc") or command.kind != "simple":
            return False
        call = self.tree.placer.call(command)
        literal = any(word.literal and word.text in _RUNNERS for word in call.words)
        return literal or (self.sources and bool(call.name) and call.name not in _KNOWN)
