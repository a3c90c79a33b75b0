"""Everything in a shell text that gives a variable a value, or declares it.

Takes the commands of a text, gives settings. The commands are those of the Bash Reference Manual: 3.2.5 (loops), 3.4
(parameters), 4.1 and 4.2 (builtins), 6.7 (arrays).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qcilint import lazy as re
from qcilint.languages import command_tables as tables
from qcilint.languages.shell_blocks import Block, Blocks
from qcilint.languages.shell_syntax import Command, Part, Word
from qcilint.languages.shell_tree import ASSIGNS, Step, Tree
from qcilint.languages.shell_unseen import Unseen
from qcilint.languages.shell_values import Value, read_value
from qcilint.records import dataclass, field

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEEPS = (b"", b":-", b"-", b":=", b"=", b":?", b"?")
"""Operators that leave a value as it is, or give another one in place of none (bash manual, 3.5.3)."""
_FLAGS = re.compile(r"[-+][A-Za-z]+")
_READ_VALUES = "dinNptu"
_MAPFILE_VALUES = "dnOsuCc"
_KINDS = {"A": "makes it an associative array", "i": "makes it a number", "l": "changes its letters", "u": "changes its letters"}


@dataclass(slots=True, eq=False)
class Setting:
    """One place that gives a name a value, or declares it."""

    name: str
    start: int
    end: int
    """From here on it holds."""
    block: Block
    values: list[Value] = field(default_factory=list)
    barred: str = ""
    """What it does that cannot be read off, to be read after "line N "."""
    caveat: str = ""
    declares: bool = False
    """It makes the name local to its function."""
    inherits: bool = False
    """A local name whose value comes from outside of the function."""
    holds: bool = True
    """The name has a value from here on, in this shell."""
    elements: int | None = None
    """For a list, how many of its elements are surely there."""
    loop: Command | None = None
    around: Block | None = None
    """For a loop over at least one word: where the name has a value after the loop."""


class Settings:
    """All settings of a text."""

    def __init__(self, tree: Tree, blocks: Blocks) -> None:
        self.tree, self.blocks, self.text = tree, blocks, tree.text
        self.found: list[Setting] = []
        self.neutral: set[int] = set()
        """Identities of expansions by which a name keeps its own value: `V=${V:-x}`."""
        self.exported: set[str] = set()
        self.unseen = Unseen(tree)
        for step in tree.steps:
            if step.is_simple:
                self._simple(step)
            elif step.command.kind == "loop":
                self._loop(step)
        for name, at, layer in self.unseen.calculated:
            self._add(name, at, at, blocks.at(layer, at), barred="sets it to the result of a calculation")
        self.found.sort(key=lambda setting: setting.start)

    def _add(self, name: str, start: int, end: int, block: Block, values: Iterable[Value] = (), barred: str = "") -> Setting:
        setting = Setting(name, start, end, block, [value for value in values if not value.is_empty], barred)
        self.found.append(setting)
        return setting

    # ── simple commands ──────────────────────────────────────────────────────────────────────────────────────

    def _simple(self, step: Step) -> None:
        words = step.command.words
        for word in words[: step.head]:
            self._assignment(step, word, is_prefix=step.head is not None)
        if step.head is None:
            return
        if step.name in tables.DECLARATIONS:
            self._declaration(step)
            return
        for index, role in enumerate(self.tree.placer.call(step.command).roles):
            if index > step.head and role.where.startswith("assignment:"):
                self._assignment(step, words[index], is_prefix=True)
        setter = getattr(self, f"_{step.name}", None) if step.name in _SETTERS else None
        if setter:
            setter(step)

    def _assignment(self, step: Step, word: Word, *, is_prefix: bool = False) -> Setting | None:
        """`NAME=value`, perhaps in quotes."""
        start, end, parts = word.start, word.end, word.parts
        match = ASSIGNS.match(self.text, start, end)
        if match is None:
            whole = read_value(self.text, start, end, parts)
            match = ASSIGNS.match(self.text, *whole.span) if whole.span else None
            if match is None or whole.span is None:
                return None
            end = whole.span[1]
            values = [Value((match.end(), end))] if match.end() < end else []
        else:
            parts = [part for part in parts if part.start >= match.end()]
            values = self._values(match.end(), end, parts)
        name = match[1].decode()
        until = word.end if step.head is None else step.end
        setting = self._add(name, start, until, self.blocks.at(step.layer, start), values)
        setting.holds = not self.blocks.is_detached(step)
        is_array = bool(parts) and parts[0].kind == "array"
        if match[3] and not is_array:
            setting.barred = "appends to it"
        elif not setting.values and not is_array:
            setting.caveat = "sets it to nothing"
        if is_array and not match[3]:
            setting.elements = sum(self._is_there(word) for word in parts[0].words)
        self._refer(setting, match.end(), end)
        if is_prefix:
            self._give(setting)
        return setting

    def _values(self, start: int, end: int, parts: Sequence[Part]) -> list[Value]:
        if not (parts and parts[0].kind == "array" and parts[0].start == start):
            return [read_value(self.text, start, end, parts)]
        values = []
        for word in parts[0].words:
            keyed = self.text.startswith(b"[", word.start) and ASSIGNS.match(b"x" + self.text[word.start : word.start + 250])
            value = read_value(self.text, word.start, word.end, word.parts, is_list=True)
            values.append(Value(problem="a list with keys") if keyed else value)
        return values

    def _is_there(self, word: Word) -> bool:
        """Whether a word of a list is surely one element."""
        inside = self.tree.between(word.start, word.end)
        return all(found.quoted and not found.is_list for found in inside) and not self.text.startswith((b"$(", b"`"), word.start)

    def _refer(self, setting: Setting, start: int, end: int) -> None:
        """Look for the name in its own value."""
        own = [found for found in self.tree.between(start, end) if found.name == setting.name]
        if not own:
            return
        first = own[0]
        spans = [value.span for value in setting.values]
        if spans == [(first.start, first.end)] and first.operator in KEEPS and not first.prefix and not first.index:
            self.neutral.add(id(first))
            setting.values = []
            setting.inherits = True
            empty = self.text[first.part.argument : first.end] in (b"", b"}", b'""}', b"''}")
            setting.holds = setting.holds and (first.operator == b":?" or (first.operator in (b":-", b":=") and not empty))
        else:
            setting.barred = setting.barred or "sets it to a text made from its own value"

    def _give(self, setting: Setting) -> None:
        """Only one command gets the value, in its environment (bash manual, 3.7.4)."""
        setting.holds = False
        if setting.inherits:
            self.exported.add(setting.name)
        else:
            setting.barred = setting.barred or "gives it to the environment of one command"

    # ── builtins ─────────────────────────────────────────────────────────────────────────────────────────────

    def _declaration(self, step: Step) -> None:
        """`export`, `readonly`, `declare`, `typeset`, `local`."""
        head = step.head or 0
        flags, exports = "", step.name == "export"
        for index, argument in enumerate(self.tree.arguments(step), head + 1):
            word = step.command.words[index]
            if _FLAGS.fullmatch(argument.text):
                flags += argument.text[1:] if argument.text[0] == "-" else ""
                continue
            if "f" in flags or "F" in flags:
                continue
            setting = self._assignment(step, word)
            if setting is None and NAME.fullmatch(argument.text) and argument.literal:
                setting = self._add(argument.text, word.start, step.end, self.blocks.at(step.layer, word.start))
                setting.holds = False
            if setting is None:
                if not argument.literal:
                    self.unseen.compute(word.start)
                continue
            setting.declares = step.name in ("local", "declare", "typeset") and "g" not in flags and bool(setting.block.function)
            if exports or "x" in flags:
                self.exported.add(setting.name)
            kind = next((_KINDS[flag] for flag in flags if flag in _KINDS), "")
            setting.barred = setting.barred or kind
            if "n" in flags and not exports:
                self._second_name(setting)

    def _second_name(self, setting: Setting) -> None:
        """`declare -n NAME=OTHER`: both are one variable (bash manual, 3.4)."""
        setting.barred = "makes it another name of a variable"
        spans = [value.span for value in setting.values if value.span]
        names = [self.text[slice(*span)].decode("utf-8", "replace") for span in spans]
        setting.values = []
        for name in names:
            if NAME.fullmatch(name):
                self._add(name, setting.start, setting.end, setting.block, barred="gives it another name")
        if not all(NAME.fullmatch(name) for name in names) or not names:
            self.unseen.bar(setting.start, "gives a variable another name")

    def _bar(self, step: Step, words: Iterable[Word], what: str) -> None:
        for word in words:
            name = self.tree.raw(word).decode("utf-8", "replace").strip("'\"").partition("[")[0]
            if NAME.fullmatch(name):
                self._add(name, word.start, step.end, self.blocks.at(step.layer, word.start), barred=what)
            elif word.parts:
                self.unseen.compute(word.start)

    def _operands(self, step: Step, with_value: str) -> tuple[list[Word], dict[str, Word]]:
        """The words that are no options, and those that are the value of one."""
        operands: list[Word] = []
        values: dict[str, Word] = {}
        words = step.command.words[(step.head or 0) + 1 :]
        waiting = ""
        for word, argument in zip(words, self.tree.arguments(step), strict=True):
            text = argument.text
            if waiting:
                values[waiting], waiting = word, ""
            elif not operands and text.startswith("-") and len(text) > 1:
                waiting = text[-1] if text[-1] in with_value else ""
            else:
                operands.append(word)
        return operands, values

    def _read(self, step: Step) -> None:
        operands, values = self._operands(step, _READ_VALUES + "a")
        self._bar(step, [*operands, *([values["a"]] if "a" in values else [])], "reads it from an input")

    def _mapfile(self, step: Step) -> None:
        self._bar(step, self._operands(step, _MAPFILE_VALUES)[0], "reads it from an input")

    _readarray = _mapfile

    def _getopts(self, step: Step) -> None:
        self._bar(step, self._operands(step, "")[0][1:2], "sets it with `getopts`")

    def _printf(self, step: Step) -> None:
        self._bar(step, [word for flag, word in self._operands(step, "v")[1].items() if flag == "v"], "sets it with `printf -v`")

    def _wait(self, step: Step) -> None:
        self._bar(step, [word for flag, word in self._operands(step, "p")[1].items() if flag == "p"], "sets it with `wait`")

    def _unset(self, step: Step) -> None:
        if any(argument.text == "-f" for argument in self.tree.arguments(step)):
            return
        before = len(self.found)
        self._bar(step, self._operands(step, "")[0], "")
        for setting in self.found[before:]:
            setting.caveat, setting.holds = "unsets it", False

    # ── loops ────────────────────────────────────────────────────────────────────────────────────────────────

    def _loop(self, step: Step) -> None:
        """`for NAME in …; do … done`, `select`."""
        command = step.command
        name = self.tree.raw(command.words[0]).decode("utf-8", "replace")
        if not NAME.fullmatch(name):
            return
        around = self.blocks.at(step.layer, step.start)
        items = command.words[2:]
        values = [read_value(self.text, word.start, word.end, word.parts, is_list=True) for word in items]
        body = command.body
        block = self.blocks.at(step.layer, body[0]) if body else around
        setting = self._add(name, step.start, body[0] if body else step.end, block, values)
        if body is None or len(command.words) < 2:
            setting.barred = "sets it to the arguments"
        if items and any(found.name == name for found in self.tree.between(items[0].start, step.end)):
            setting.barred = "sets it to a text made from its own value"
        setting.loop, setting.around = command, around if setting.values else None


_SETTERS = frozenset(("read", "mapfile", "readarray", "getopts", "printf", "wait", "unset"))
