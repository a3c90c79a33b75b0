"""Variables of a script or makefile that hold what it read from a file, and are taken apart there.

`${base##*:}`, `[[ $base == */ocp/* ]]`, `echo "$base" | cut -d: -f2`, `$(subst /, ,$(BASE))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcilint import lazy as re
from qcilint.scripts.changes import Changed, Changes, Held, path_of
from qcilint.scripts.matching import Script, reader_of
from qcilint.scripts.tools import Pair
from qcilint.scripts.words import balanced

_OPEN = r"(?:(?P<open>\$\(|<\()(?!\()|`(?P<ticks>[^`\n]+)`)"
_FIELDS, _NAMES = r"(?P<fields>IFS=[\"']?[:/@]+[\"']?[ \t]+)", r"(?P<names>(?:-\w+[ \t]+)*\w+(?:[ \t]+\w+)*)"
_SET = re.compile(
    r"(?:(?<![\w$])(?P<name>\w+)=\(?[\"']?"
    rf"|\bfor[ \t]+(?P<each>\w+)[ \t]+in[ \t]+[\"']?|\bset[ \t]+--(?P<all>)[ \t]+[\"']?){_OPEN}"
)
_READ = re.compile(
    rf"{_FIELDS}?\b(?:read|mapfile|readarray)[ \t]+{_NAMES}[ \t]*"
    rf"(?:(?:;|\n|&&)[^\0]{{0,3000}}?\bdone[ \t]*)?<(?:<<)?[ \t]*[\"']?(?:{_OPEN}|(?P<file>[^\s;)<]{{1,200}}))"
)
_PIPED = re.compile(rf"\|[ \t\\\n]*while[ \t]+{_FIELDS}?(?:IFS=\S*[ \t]+)?read[ \t]+{_NAMES}")
_RUN = re.compile(r"(?m)^[ \t]*run[ \t]+(?:(?:-\S+|!)[ \t]+)*((?:[^\n;&|\"']|\"[^\"\n]*\"|'[^'\n]*')+)")
"""A command that bats runs: it sets `output` and `lines` (bats-core.readthedocs.io, "Writing tests")."""
_ASSERTED = re.compile(r"(?m)^[ \t]*(?:assert|refute)_(?:output|line)[ \t]+(?:--?\w+[ \t]+)*(?:\"([^\"\n]+)\"|'([^'\n]+)')")
_STATEMENT = re.compile(r"(?:[^\n]*(?:\\|\|)[ \t]*\n)*[^\n]*\Z")
_MAKE_SET = re.compile(r"(?m)^[ \t]*(?:export[ \t]+|override[ \t]+)*([\w.-]+)[ \t]*(?:(!)|[:?+]*)=[ \t]*([^\n]*(?:\\\n[^\n]*)*)")
_SHELL, _FILE = re.compile(r"\$[({]shell[ \t]+"), re.compile(r"\$[({]file[ \t]*<[ \t]*([^)},\s]+)")
_USE = re.compile(
    r"\$\{(?P<a>\w+)(?:\[[^]]{0,20}\])?(?:##?|%%?|//?)(?P<cut>[^}\n]+)\}"
    r"|\$\{?(?P<b>\w+)(?:\[[^]]{0,20}\])?\}?[\"']?[ \t]*(?:=~|[!=]?=)[ \t]*(?P<like>[^\n]*?)(?:\]\]|[ \t]\]|\n|\Z)"
    r"|\$\{(?P<f>\w+):(?P<substring>\d+|[ ]+-?\d+)"
    r"|\bcase[ \t]+[\"']?\$\{?(?P<d>\w+)\}?[\"']?[ \t]+in\b(?P<cases>[^\0]{0,2000}?)\besac\b"
    r"|(?P<fields>IFS=[\"']?[:/@]+)[^\n]{0,200}?<<<[ \t]*[\"']?\$\{?(?P<c>\w+)"
    r"|(?P<path>\b(?:base|dir)name)[ \t]+(?:-\S+[ \t]+)*[\"']?\$\{?(?P<e>\w+)"
)
_NAME = re.compile(r"\$\$?[({]?([A-Za-z_][\w.-]*)")
_GIVEN = re.compile(
    r"(?:\b(?:echo|printf|print)\b[^|;&\n]{0,200}?\$\$?[({]?(?P<echoed>\w+)[^|;&\n]{0,40}\|(?!\|)[ \t]*(?P<then>[^\n]+))"
    r"|\bexpr[ \t]+[\"']?\$\{?(?P<measured>\w+)\}?[\"']?[ \t]*:[ \t]*(?P<expression>'[^'\n]+'|\"[^\"\n]+\")"
    r"|(?P<basename>\b(?:base|dir)name)[ \t]+(?:-\S+[ \t]+)*[\"']?(?P<nested>\$\()"
)
"""A command that gets the value of a variable, or of a substitution."""
_SENT = re.compile(r"(?m)^(?P<command>[^\n]{1,500}?)<<<[ \t]*[\"']?\$\{?(?P<sent>\w+)")
_BEFORE = re.compile(r"(?s)\A.*(?:\$\(|[;&|{(]\s|`|\b(?:if|then|do|while|else|!)\s)")
_FUNCTION = re.compile(
    r"(?m)^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)\s*\{\s*([^\n;{}]{1,300}(?:\{[^\n{}]{0,100}\}[^\n;{}]{0,100})?)[;\s]*\}"
)
"""A function of one command."""
_PIPED_WORD = re.compile(r"(?m)(?:^[ \t]*|[;&(][ \t]*)([\w-]+)[^\n|;&]{0,100}\|(?!\|)[ \t]*([^\n]+)")
_CASE = re.compile(r"(?m)(?:^|;;)[ \t]*\(?([^()\n]+)\)")
_PIECE = re.compile(r"[\w./:@-]+")
_SIGNS = (b"@test", b"$(", b"${", b"`", b"read", b"()")
"""One of these stands in a script that gives a variable the output of a command."""
_LEAST, _NEAR = 3, 1000
"""Characters of a text that says something of an image; of the longest command."""


def held(path: str, data: bytes, changes: Changes, programs: Mapping[str, bytes]) -> list[Held]:
    """The edits that the script at `path` would notice in a variable."""
    if not any(sign in data for sign in _SIGNS):
        return []
    script = reader_of(path, data, changes, programs)
    return _Taken(script).held() if script else []


class _Taken:
    """The variables of a script, with the commands whose output they hold, and the edited lines among that."""

    def __init__(self, script: Script) -> None:
        self.script, self.out = script, dict[Held, None]()
        self.text = script.text.replace("$$", "$") if script.is_makefile else script.text
        """What a shell gets to see."""
        self.functions = {match[1]: match[2].strip() for match in _FUNCTION.finditer(self.text)}
        self._known: set[tuple[str, str, str]] = set()
        self.commands: dict[str, list[tuple[str, bool]]] = {}
        """Name → commands, and whether they are of make."""
        self.lines: dict[str, list[tuple[Changed, list[Pair]]]] = {}
        for name, command in _make_variables(script.text) if script.is_makefile else ():
            self._take(name, command, 0, of_make=True)
        for start, name, command, fields in _variables(self.text):
            self._take(name, command, start, fields=fields)

    def _take(self, name: str, command: str, start: int, *, fields: str = "", of_make: bool = False) -> None:
        first, space, rest = command.strip().partition(" ")
        command = self.functions[first] + space + rest if first in self.functions else command
        if (name, command, fields) in self._known:
            return
        self._known.add((name, command, fields))
        _, given = self.script.told(command, of_make=of_make)
        if given:
            self.commands.setdefault(name, []).append((command, of_make))
            self.lines.setdefault(name, []).extend(given)
        for changed, _ in given if fields else ():
            self._add(changed, start, fields.strip())

    def held(self) -> list[Held]:
        if self.script.is_makefile:
            from qcilint.scripts.functions import calls

            for start, call in calls(self.script.text):
                for changed, pairs in self._read_by(call.text):
                    if any(call.notices(pair) for pair in pairs):
                        self._add(changed, start, call.shown)
        if self.lines:
            self._hold_uses()
        self._hold_given()
        return list(self.out)

    def _hold_uses(self) -> None:
        for match in _ASSERTED.finditer(self.text) if "output" in self.lines else ():
            for changed, pairs in self.lines["output"]:
                if any(_told(None, match[1] or match[2], None, *pair) for pair in pairs):
                    self._add(changed, match.start(), match[1] or match[2])
        for use in _USE.finditer(self.text):
            for changed, pairs in self.lines.get(use["a"] or use["b"] or use["c"] or use["d"] or use["e"] or use["f"], ()):
                cases = " ".join(_CASE.findall(use["cases"] or ""))
                like = self._valued(use["like"] or cases)
                for old, new in pairs:
                    if told := _told(use["cut"], like, use["fields"] or use["path"] or use["substring"], old, new):
                        self._add(changed, use.start(), told)
                        break

    def _valued(self, text: str) -> str:
        """A text with what the script sets the variable to that it is, or ends in."""
        name = re.search(r"\$\{?(\w+)\}?\"?[ \t]*\Z", text)
        found = re.search(rf"(?m)^[ \t]*(?:\w+[ \t]+)?{name[1]}=([^\n]+)$", self.text) if name else None
        return text[: name.start()] + found[1] if name and found else text

    def _hold_given(self) -> None:
        for match in _SENT.finditer(self.text):
            then = _BEFORE.sub("", match["command"])
            self._hold_then(self.commands.get(match["sent"], []), then, match.start("sent"))
        for match in _PIPED_WORD.finditer(self.text) if self.functions else ():
            if match[1] in self.functions:
                self._hold_then([(self.functions[match[1]], False)], match[2], match.start())
        for match in _GIVEN.finditer(self.text):
            then = "grep -o " + match["expression"] if match["expression"] else match["then"] or "xargs " + match["basename"]
            commands = self.commands.get(match["echoed"] or match["measured"], [])
            if match["nested"]:
                commands = [(_inner(self.text, match.end()), False)]
            self._hold_then(commands, then, match.start())

    def _hold_then(self, commands: Sequence[tuple[str, bool]], then: str, start: int) -> None:
        """Hold what a command would notice that gets the output of others."""
        for command, of_make in commands:
            text = f"{command} | {then.replace('$', '$$') if of_make else then}"
            for changed, shown in self.script.told(text, of_make=of_make)[0]:
                self._add(changed, start, self.script.names.show(shown))

    def _read_by(self, text: str) -> Iterator[tuple[Changed, list[Pair]]]:
        """The edited lines that stand in a text of a makefile: by its variables, or the commands in it."""
        for name in _NAME.findall(text):
            yield from self.lines.get(name, ())
        for command in _make_commands(text):
            yield from self.script.told(command, of_make=True)[1]

    def _add(self, changed: Changed, start: int, text: str) -> None:
        line = self.script.text.count("\n", 0, start) + 1
        self.out[Held(path_of(changed[0]), self.script.path, line, text, changed[1])] = None


def _variables(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Where names of a shell script get a value, the names, the commands that give it, and what divides it into fields."""
    for match in _SET.finditer(text):
        for name in (match["name"] or match["each"],) if match["all"] is None else _ARGUMENTS:
            yield match.start(), name, match["ticks"] or _inner(text, match.end()), ""
    for match in _RUN.finditer(text) if "@test" in text else ():
        yield from ((match.start(), name, match[1], "") for name in ("output", "lines"))
    for match in _READ.finditer(text):
        inner = match["ticks"] or ("cat " + match["file"] if match["file"] else _inner(text, match.end()))
        yield from ((match.start(), name, inner, match["fields"] or "") for name in _names(match["names"]))
    for match in _PIPED.finditer(text):
        before = _STATEMENT.search(text, max(0, match.start() - _NEAR), match.start())
        inner = before[0] if before else ""
        yield from ((match.start(), name, inner, match["fields"] or "") for name in _names(match["names"]))


_ARGUMENTS = ("@", *"123456789")


def _names(text: str) -> list[str]:
    return [name for name in text.split() if not name.startswith("-")]


def _inner(text: str, at: int) -> str:
    """The command of a substitution that opens before `at`; `< FILE` alone gives the file."""
    inner = text[at : balanced(text, at - 1, at + _NEAR) - 1]
    return "cat " + inner if inner.lstrip().startswith("<") else inner


def _make_variables(text: str) -> Iterator[tuple[str, str]]:
    """Names of a makefile, with the commands whose output they hold, also by way of another name."""
    found: dict[str, list[str]] = {}
    for match in _MAKE_SET.finditer(text):
        commands = [match[3]] if match[2] else _make_commands(match[3])
        commands += [command for name in _NAME.findall(match[3]) for command in found.get(name, ())]
        found.setdefault(match[1], []).extend(commands)
        for command in commands:
            yield match[1], command


def _make_commands(text: str) -> list[str]:
    """The commands whose output stands in a text of a makefile."""
    out = ["cat " + match[1] for match in _FILE.finditer(text)]
    for match in _SHELL.finditer(text):
        out.append(text[match.end() : balanced(text, match.start() + 1, match.start() + _NEAR) - 1])
    return out


def _told(cut: str | None, like: str | None, fields: str | None, old: str, new: str) -> str:
    """What a use of a variable says of a part of the reference; empty where it does not."""
    text = (cut or like or fields or "").strip()
    if fields or (cut and re.search(r"[:/@]", text)):
        return text
    pieces = [piece for piece in _PIECE.findall(text.replace("\\", "")) if len(piece) >= _LEAST]
    return text if any(piece in old and piece not in new for piece in pieces) else ""
