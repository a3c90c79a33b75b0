"""Commands of container tools: takes the words after `podman`, `oc` and the like, gives a role to each.

A flag that is in no table is taken for a switch, unless what follows it cannot be what the command needs there.
"""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages.command_roles import Reading
from qcilint.languages.command_words import Argument, is_registry_image, may_be_options
from qcilint.languages.container_tables import ALIASES, OPTIONAL_VALUES, Tool, Verb

_LOCAL_TRANSPORT = re.compile(r"(?:dir|oci|oci-archive|docker-archive|docker-daemon|containers-storage):")
"""Transports of containers-transports(5) that name no registry."""
_STORED = re.compile(r"(?:docker-daemon|containers-storage):")
"""Those that name an image in a local storage."""
_SOURCES = frozenset(f"command:{verb}" for verb in ("pull", "run", "create", "inspect", "copy-source"))


class ContainerReading(Reading):
    """Words of a command that may be one of a container tool."""

    def read_tool(self, at: int, tool: Tool) -> int:
        """Read the command at word `at`; gives where a command inside it begins, the end where none does."""
        path: list[str] = []
        index = at + 1
        verb: Verb | None = None
        first = at
        while index < self.end and len(path) < 4:
            text = self.words[index].text
            if text.startswith("-") and len(text) > 1:
                if text.partition("=")[0] in tool.remote and not path and not self._is_local_socket(index):
                    self.labels = self.call.labels = (*self.labels, "remote")
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
            return self.end
        self._read_verb(verb, first, at)
        return self._inner_start(verb, first) if verb.inner else self.end

    def _is_local_socket(self, at: int) -> bool:
        """`-H unix:///run/…`."""
        value = self.words[at].text.partition("=")[2] or (self.words[at + 1].text if at + 1 < self.end else "")
        return value.startswith("unix:")

    def _read_verb(self, verb: Verb, at: int, tool_at: int) -> None:
        name = verb.argument or self.call.name
        base = f"argument:{name}"
        self.default(tool_at, self.end, name)
        if verb.everything:
            for index in range(at, self.end):
                self.call.roles[index] = self.role(verb.everything, *verb.labels)
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
            if where in _SOURCES and _STORED.match(self.words[index].text):
                where = "command:local"
            self.call.roles[index] = self.role(where or base, *(verb.labels if where else ()))
        if verb.transports and len(positionals) == 2:
            source, target = (self.words[index].text for index in positionals)
            if source.startswith("docker://") and _LOCAL_TRANSPORT.match(target):
                self.call.roles[positionals[0]] = self.role("command:pull")

    def _flag(self, verb: Verb, index: int, base: str, name: str) -> int:
        """Assign the value of the flag at `index`; gives the index of the last word that belongs to it."""
        flag, equals, value = self.words[index].text.partition("=")
        if flag == "-f-":
            flag, equals, value = "-f", "=", "-"
        full = self._full_name(verb, flag)
        follows = self.words[index + 1] if index + 1 < self.end else None
        where = verb.flags.get(full)
        role = self.role(where or base, *(verb.labels if where else ()), f"option:{full}")
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
        if full in OPTIONAL_VALUES:
            return follows.text in OPTIONAL_VALUES[full]
        if full in verb.values or full in verb.flags:
            return True
        unknown = flag.startswith("--") and full not in verb.switches
        return unknown and verb.stops and not follows.text.startswith("-") and not self._could_be_image(follows, at)

    def _could_be_image(self, word: Argument, index: int) -> bool:
        return index + 1 == self.end or is_registry_image(word)

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
