"""What the words of a simple command are: an image that is pulled or pushed, a pattern, a script, an assignment, or data.

Takes the words of a command, gives a role to each. The commands in front of others (`sudo`, `timeout`, `ssh`), shells
and matching commands are read here, container tools in `container_commands`. The tables of flags follow the manual
pages of the tools; they are not checked against a binary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcilint.languages import command_tables as tables
from qcilint.languages.command_roles import Call
from qcilint.languages.command_words import Argument, is_assignment, is_sudo, tool_of
from qcilint.languages.container_commands import ContainerReading
from qcilint.languages.container_tables import FAMILIES, TOOLS
from qcilint.languages.matching_commands import MatcherReading


def understand(words: Sequence[Argument]) -> Call:
    """What each word of a simple command is."""
    reader = _Reader(list(words))
    reader.read(0)
    return reader.call


class _Reader(MatcherReading, ContainerReading):
    """Assigns a role to every word of one command."""

    def read(self, at: int) -> None:
        """Read the command that begins at word `at`: prefixes first."""
        while at < self.end:
            word = self.words[at]
            name = is_assignment(word)
            if name:
                self.call.roles[at] = self.role(f"assignment:{name}")
                at += 1
                continue
            if is_sudo(word) or word.text in ("$", "%") or (at == 0 and word.text == "-p"):
                at += 1
                continue
            tool = tool_of(word)
            if tool not in tables.PREFIXES:
                break
            after = self._prefix(tool, at)
            if after is None:
                break
            at = after
        self.call.labels = self.labels
        if at < self.end:
            self._command(at)

    def _prefix(self, tool: str, at: int) -> int | None:
        """After the prefix command at word `at`, or None where it is the command itself."""
        prefix = tables.PREFIXES[tool]
        if tool == "eval" and self.end - at == 2:
            return None
        self.default(at, self.end, tool)
        at += 1
        if tool == "xargs":
            self.from_stdin = True
        self.call.name = tool
        if tool == "command" and at < self.end and self.words[at].text in ("-v", "-V"):
            return self.end
        at = self._skip_flags(at, prefix.values)
        for _ in range(prefix.operands):
            if at < self.end and (prefix.operand is None or prefix.operand.fullmatch(self.words[at].text)):
                at += 1
        if tool == "env":
            at = self._environment(at)
        if prefix.remote:
            self.labels = (*self.labels, "remote")
            self.call.labels = self.labels
            if at + 1 == self.end and not tool.startswith("chroot"):
                self.shell_word(at)
                return self.end
        if at >= self.end:
            self.call.stdin = "shell" if prefix.remote else ""
        return at

    def _environment(self, at: int) -> int:
        while at < self.end and (name := is_assignment(self.words[at])):
            self.call.roles[at] = self.role(f"assignment:{name}")
            at += 1
        return at

    def _skip_flags(self, at: int, values: frozenset[str]) -> int:
        while at < self.end:
            text = self.words[at].text
            if text == "--":
                return at + 1
            if not (text.startswith("-") and len(text) > 1):
                break
            at += 2 if text in values else 1
        return min(at, self.end)

    def _command(self, at: int) -> None:
        word, call = self.words[at], self.call
        tool = tool_of(word)
        plain = word.text if re.fullmatch(r"[$\w{}().-]{1,40}", word.text) else "?"
        call.name = "docker" if tool == "engine" else tool or plain
        if tool == "podman-remote":
            self.labels = (*self.labels, "remote")
        call.labels = self.labels
        self.default(at, self.end, call.name)
        if tool == "eval":
            self.shell_word(at + 1)
        elif tool in tables.SHELLS:
            self._shell(at)
        elif tool in ("su", "runuser"):
            self._switch_user(at)
        elif tool in tables.DECLARATIONS:
            self._declaration(at, tool)
        elif self.is_matcher(at, tool):
            self.read_matcher(at, tool)
        elif tool == "find":
            self._find(at)
        elif tool in tables.INTERPRETERS:
            self._interpreter(at, tables.INTERPRETERS[tool])
        elif family := FAMILIES.get(tool):
            self._inner(self.read_tool(at, TOOLS[family]), family)

    def _interpreter(self, at: int, language: str) -> None:
        """`python3 -c PROGRAM`, or a program from the standard input."""
        index = at + 1
        while index < self.end and re.fullmatch(r"-[A-Za-bd-ln-z]+|-[WX][\w:=.]+", self.words[index].text):
            index += 2 if self.words[index].text in ("-W", "-X") else 1
        text = self.words[index].text if index < self.end else ""
        if text == "-c" and index + 1 < self.end:
            self.call.roles[index + 1] = self.role(language)
        elif text in ("", "-"):
            self.call.stdin = language

    def _switch_user(self, at: int) -> None:
        for index in range(at + 1, self.end - 1):
            if self.words[index].text in ("-c", "--command"):
                self.shell_word(index + 1)

    def _find(self, at: int) -> None:
        """`find … -exec COMMAND {} ;`: the files are not in the text."""
        for index in range(at + 1, self.end - 1):
            if self.words[index].text in ("-exec", "-execdir", "-ok"):
                self.from_stdin = True
                self.read(index + 1)
                return

    def _declaration(self, at: int, tool: str) -> None:
        exports = tool == "export"
        for index in range(at + 1, self.end):
            text = self.words[index].text
            if name := is_assignment(self.words[index]):
                self.call.roles[index] = self.role(f"assignment:{name}")
            elif re.fullmatch(r"-[a-zA-Z]*x[a-zA-Z]*", text):
                exports = True
        self.call.exports = exports

    def _shell(self, at: int) -> None:
        """`bash -c SCRIPT`, or `bash FILE`."""
        command = False
        index = at + 1
        while index < self.end and re.match(r"[-+]", text := self.words[index].text) and self.words[index].literal:
            if text in ("-", "--"):
                index += 1
                break
            short = not text.startswith("--")
            command = command or (short and text.startswith("-") and "c" in text)
            index += 2 if (short and text.endswith(("o", "O"))) or text in ("--rcfile", "--init-file") else 1
        if command and index < self.end:
            self.shell_word(index)
        elif index >= self.end or any(word.text == "-s" for word in self.words[at + 1 : index]):
            self.call.stdin = "shell"

    def _inner(self, start: int, family: str) -> None:
        """The command that runs in a container, in a pod or on a node."""
        if start >= self.end:
            return
        if family == "oc":
            self.labels = (*self.labels, "remote")
            name, self.call.name = self.call.name, ""
            self.read(start)
            self.call.name = self.call.name or name
            return
        tool = tool_of(self.words[start])
        if tool in tables.SHELLS:
            name = self.call.name
            self._shell(start)
            self.call.name = name
