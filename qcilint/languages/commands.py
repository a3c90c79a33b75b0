"""What the arguments of container commands mean: which one is pulled, pushed, only matched against, or data.

Sources of the flag tables: the manual pages of podman 5, buildah 1.37 and skopeo 1.16, `docker run --help` (27),
`oc` 4.18 and `kubectl` 1.31 `--help`, `crane` 0.20 `--help`. A flag that is in no table is taken for a switch, unless
what follows it cannot be what the command needs there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qcilint.languages import command_tables as tables
from qcilint.languages.command_tables import ALIASES, Verb
from qcilint.languages.command_words import Argument, is_assignment, is_registry_image, is_sudo, may_be_options, tool_of


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


def understand(words: Sequence[Argument]) -> Call:
    """What each word of a simple command is."""
    reader = _Reader(list(words))
    reader.read(0)
    return reader.call


class _Reader:
    """Assigns a role to every word of one command."""

    def __init__(self, words: list[Argument]) -> None:
        self.words = words
        self.end = len(words)
        self.labels: tuple[str, ...] = ()
        self.call = Call("", [Role("argument")] * len(words), words=words)
        self.from_stdin = False

    def read(self, at: int) -> None:
        """Read the command that begins at word `at`: prefixes first."""
        while at < self.end:
            word = self.words[at]
            name = is_assignment(word)
            if name:
                self.call.roles[at] = self._role(f"assignment:{name}")
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

    def _role(self, where: str, *labels: str) -> Role:
        return Role(where, (*labels, *self.labels))

    def _prefix(self, tool: str, at: int) -> int | None:
        """After the prefix command at word `at`, or None where it is the command itself."""
        prefix = tables.PREFIXES[tool]
        if tool == "eval" and self.end - at == 2:
            return None
        self._default(at, self.end, tool)
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
                self._shell_word(at)
                return self.end
        if at >= self.end:
            self.call.stdin = "shell" if prefix.remote else ""
        return at

    def _environment(self, at: int) -> int:
        while at < self.end and (name := is_assignment(self.words[at])):
            self.call.roles[at] = self._role(f"assignment:{name}")
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

    def _default(self, start: int, end: int, name: str) -> None:
        role = self._role(f"argument:{name}")
        for index in range(start, end):
            self.call.roles[index] = role

    def _shell_word(self, at: int) -> None:
        self.call.roles[at] = self._role("shell", "nested-shell")

    def _command(self, at: int) -> None:
        word, call = self.words[at], self.call
        tool = tool_of(word)
        plain = word.text if re.fullmatch(r"[$\w{}().-]{1,40}", word.text) else "?"
        call.name = "docker" if tool == "engine" else tool or plain
        call.labels = self.labels
        self._default(at, self.end, call.name)
        if tool == "eval":
            self._shell_word(at + 1)
        elif tool in tables.SHELLS:
            self._shell(at)
        elif tool in ("su", "runuser"):
            self._switch_user(at)
        elif tool in tables.DECLARATIONS:
            self._declaration(at, tool)
        elif tool in tables.MATCHERS or (tool == "git" and self._is_git_grep(at)):
            self._matcher(at, tool)
        elif tool == "find":
            self._find(at)
        elif tool in tables.INTERPRETERS:
            options = [word.text for word in self.words[at + 1 :]]
            reads = all(text.startswith("-") and text not in ("-c", "-m") for text in options[:1])
            call.stdin = tables.INTERPRETERS[tool] if reads else ""
        elif family := tables.FAMILIES.get(tool):
            self._container_command(at, tables.TOOLS[family], family)

    def _switch_user(self, at: int) -> None:
        for index in range(at + 1, self.end - 1):
            if self.words[index].text in ("-c", "--command"):
                self._shell_word(index + 1)

    def _find(self, at: int) -> None:
        """`find … -exec COMMAND {} ;`: the files are not in the text."""
        for index in range(at + 1, self.end - 1):
            if self.words[index].text in ("-exec", "-execdir", "-ok"):
                self.from_stdin = True
                self.read(index + 1)
                return

    def _is_git_grep(self, at: int) -> bool:
        return self.end - at > 1 and self.words[at + 1].text == "grep"

    def _declaration(self, at: int, tool: str) -> None:
        exports = tool == "export"
        for index in range(at + 1, self.end):
            text = self.words[index].text
            if name := is_assignment(self.words[index]):
                self.call.roles[index] = self._role(f"assignment:{name}")
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
            self._shell_word(index)
        elif index >= self.end or any(word.text == "-s" for word in self.words[at + 1 : index]):
            self.call.stdin = "shell"

    # ── matching commands ────────────────────────────────────────────────────────────────────────────────────

    def _matcher(self, at: int, tool: str) -> None:
        matcher = tables.MATCHERS["grep" if tool == "git" else tool]
        role = self._role("pattern")
        files: list[Argument] = []
        scripts = 0 if matcher.script else 1
        index = at + (2 if tool == "git" else 1)
        plain = False
        while index < self.end:
            word = self.words[index]
            flag = word.text.partition("=")[0] if word.text.startswith("--") else word.text[:2]
            is_flag = not plain and word.text.startswith("-") and len(word.text) > 1
            self.call.roles[index] = role
            if is_flag and word.text == "--":
                plain = True
            elif is_flag:
                scripts += flag in matcher.script_flags
                if flag in matcher.values and word.text == flag and index + 1 < self.end:
                    index += 1
                    self.call.roles[index] = role
            elif not scripts and not (tool == "sed" and not word.text):
                scripts = 1
            elif word.text:
                files.append(word)
            index += 1
        known = matcher.files and bool(files) and all(word.literal and word.text not in ("-", "{}") for word in files)
        if known and not self.from_stdin:
            self.call.operands = tuple(word.text for word in files)

    # ── container commands ───────────────────────────────────────────────────────────────────────────────────

    def _container_command(self, at: int, tool: tables.Tool, family: str) -> None:
        path: list[str] = []
        index = at + 1
        verb: Verb | None = None
        first = at
        while index < self.end and len(path) < 4:
            text = self.words[index].text
            if text.startswith("-") and len(text) > 1:
                index += 2 if text in tool.values else 1
                continue
            if self.words[index].splits and not path:
                index += 1
                continue
            if not self.words[index].literal:
                break
            path.append(text)
            known = tool.verbs.get(tuple(path))
            index += 1
            if known:
                verb, first = known, index
            elif tuple(path) not in tool.prefixes:
                break
        if verb is None:
            return
        self._read_verb(verb, first, at)
        if not verb.inner:
            return
        self._inner(verb, first, family)

    def _read_verb(self, verb: Verb, at: int, tool_at: int) -> None:
        name = verb.argument or self.call.name
        base = f"argument:{name}"
        self._default(tool_at, self.end, name)
        if verb.everything:
            for index in range(at, self.end):
                self.call.roles[index] = self._role(verb.everything, *verb.labels)
            return
        positionals: list[int] = []
        index, plain = at, False
        while index < self.end:
            word = self.words[index]
            text = word.text
            if not plain and text == "--":
                if verb.inner == "after-dashes":
                    break
                plain = True
            elif not plain and text.startswith("-") and len(text) > 1:
                index = self._flag(verb, index, base, name)
            elif word.splits and may_be_options(word):
                pass
            else:
                positionals.append(index)
                self.call.build_stdin = self.call.build_stdin or (text == "-" and name == "build")
                if verb.stops:
                    break
            index += 1
        self._positionals(verb, positionals, base)

    def _positionals(self, verb: Verb, positionals: list[int], base: str) -> None:
        roles = verb.positionals
        if verb.exact and len(positionals) > len(roles):
            positionals = positionals[-len(roles) :]
        for position, index in enumerate(positionals):
            where = roles[position] if position < len(roles) else verb.rest
            self.call.roles[index] = self._role(where or base, *(verb.labels if where else ()))

    def _flag(self, verb: Verb, index: int, base: str, name: str) -> int:
        """Assign the value of the flag at `index`; gives the index of the last word that belongs to it."""
        flag, equals, value = self.words[index].text.partition("=")
        if flag == "-f-":
            flag, equals, value = "-f", "=", "-"
        full = self._full_name(verb, flag)
        follows = self.words[index + 1] if index + 1 < self.end else None
        where = verb.flags.get(full)
        role = self._role(where or base, *(verb.labels if where else ()), f"option:{full}")
        if full in ("--file", "--filename"):
            self._reads_stdin(name, value if equals else follows.text if follows else "")
        if equals:
            self.call.roles[index] = role
        elif follows and self._takes_value(verb, flag, full, follows, index + 1):
            self.call.roles[index + 1] = role
            return index + 1
        return index

    @staticmethod
    def _full_name(verb: Verb, flag: str) -> str:
        """The long name of a flag; that of the last one where several short ones stand together."""
        if flag in verb.values or flag in verb.flags or flag in verb.switches:
            return flag
        short = f"-{flag[-1]}" if re.fullmatch(r"-[A-Za-z]{2,6}", flag) else flag
        if short != flag and any(ALIASES.get(f"-{char}", f"-{char}") in verb.values for char in flag[1:-1]):
            return flag
        return ALIASES.get(short, short)

    def _reads_stdin(self, name: str, target: str) -> None:
        self.call.build_stdin = self.call.build_stdin or (target == "-" and name == "build")
        self.call.manifest_stdin = self.call.manifest_stdin or (target == "-" and name in ("oc", "kubectl"))

    def _takes_value(self, verb: Verb, flag: str, full: str, follows: Argument, at: int) -> bool:
        if full in tables.OPTIONAL_VALUES:
            return follows.text in tables.OPTIONAL_VALUES[full]
        if full in verb.values or full in verb.flags:
            return True
        unknown = flag.startswith("--") and full not in verb.switches
        return unknown and verb.stops and not follows.text.startswith("-") and not self._could_be_image(follows, at)

    def _could_be_image(self, word: Argument, index: int) -> bool:
        return index + 1 == self.end or is_registry_image(word)

    def _inner(self, verb: Verb, first: int, family: str) -> None:
        """The command that runs in a container, in a pod or on a node."""
        start = self._inner_start(verb, first)
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

    def _inner_start(self, verb: Verb, first: int) -> int:
        index = first
        while index < self.end:
            word = self.words[index]
            if word.text == "--":
                return index + 1
            if word.text.startswith("-") and len(word.text) > 1:
                flag, equals, _ = word.text.partition("=")
                full = self._full_name(verb, flag)
                follows = self.words[index + 1] if index + 1 < self.end else None
                takes = not equals and follows is not None and self._takes_value(verb, flag, full, follows, index + 1)
                index += 2 if takes else 1
                continue
            if verb.inner == "after-dashes":
                index += 1
                continue
            if word.splits and may_be_options(word):
                index += 1
                continue
            break
        else:
            return self.end
        index += 1
        return index + 1 if index < self.end and self.words[index].text == "--" else index
