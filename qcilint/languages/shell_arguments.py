"""The arguments of functions as names with values: `$1` in the body of a function is the first argument of every call.

Positional parameters are those of the Bash Reference Manual, 3.4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qcilint import lazy as re
from qcilint.languages.shell import DEFAULTS
from qcilint.languages.shell_blocks import Blocks
from qcilint.languages.shell_calls import Calls
from qcilint.languages.shell_syntax import Word
from qcilint.languages.shell_tree import Expansion, Step, Tree
from qcilint.languages.shell_unseen import SOURCED
from qcilint.languages.shell_values import PATTERN, Value, read_value
from qcilint.records import dataclass, field

_EVERY = ("@", "*")
_MOST_ARGUMENTS = 200
_LONGEST_NUMBER = 2
_ESCAPED = re.compile(rb"\\\$\{?[0-9@*]")
_IN_TEXT = re.compile(rb"\$\{?[0-9@*]")


@dataclass(slots=True)
class Argument:
    """One argument of a function, or all of them (`@`)."""

    name: str
    function: str
    found: list[Expansion]
    values: list[Value] = field(default_factory=list)
    caveats: dict[str, None] = field(default_factory=dict)
    barred: str = ""


class Arguments:
    """The arguments of every function of a text, and of the text itself."""

    def __init__(self, tree: Tree, blocks: Blocks, calls: Calls, is_one_word: Callable[[str], bool | None]) -> None:
        """`is_one_word` says of a variable whether each of its values is one word, if that is known."""
        self.tree, self.blocks, self.calls, self.is_one_word = tree, blocks, calls, is_one_word
        self._counts: dict[int, int] = {}
        self._first = {name: start for start, name in sorted(blocks.definitions.items(), reverse=True)}
        self.found: dict[str, dict[str, list[Expansion]]] = {}
        """Function → name of an argument → its mentions."""
        self.moved: dict[str, str] = {}
        """Function → what changes its arguments."""
        for found in tree.expansions:
            if (found.name.isdigit() and found.name != "0") or found.name in _EVERY:
                function = blocks.at(found.layer, found.start).function
                name = "@" if found.name in _EVERY else found.name.lstrip("0") or "0"
                if not (name == "@" and found.prefix == b"#"):
                    self.found.setdefault(function, {}).setdefault(name, []).append(found)
        for step in tree.steps:
            if what := self._moves(step):
                function = blocks.at(step.layer, step.start).function
                self.moved.setdefault(function, f"{tree.line(step.start)} {what}")

    def _moves(self, step: Step) -> str:
        """What a command does to the arguments of the function it stands in."""
        texts = [argument.text for argument in self.tree.arguments(step)] if step.is_simple else []
        if step.name == "shift":
            return "shifts the arguments"
        if step.name == "set" and any(text in ("--", "-") or not text.startswith(("-", "+")) for text in _operands(texts)):
            return "sets the arguments"
        if step.name == "getopts" and len(texts) < 3:
            return "reads the arguments with `getopts`"
        if step.command.kind == "loop" and len(step.command.words) == 1 and step.command.body:
            return "loops over the arguments"
        return f"names the arguments in a text that `{step.name}` runs" if self._is_in_text(step) else ""

    def _is_in_text(self, step: Step) -> bool:
        """Whether `eval` or `trap` gets the name of an argument in place of its value."""
        if step.name not in ("eval", "trap"):
            return False
        words = step.command.words[1:]
        quoted = [part for word in words for part in word.parts if part.kind in ("single", "ansi")]
        return any(_IN_TEXT.search(self.tree.text, part.start, part.end) for part in quoted) or any(
            _ESCAPED.search(self.tree.text, word.start, word.end) for word in words
        )

    def all(self) -> Iterator[Argument]:
        """Every argument that has a value somewhere."""
        for function, names in self.found.items():
            for name, found in names.items():
                argument = Argument(name, function, found)
                argument.barred = self.moved.get(function, "")
                if len(name) > _LONGEST_NUMBER:
                    argument.barred = argument.barred or "there are too many arguments"
                if "@" in names and len(names) > 1:
                    argument.barred = argument.barred or f"{self.tree.line(names['@'][0].start)} passes all arguments on"
                self._defaults(argument)
                if function and len(name) <= _LONGEST_NUMBER:
                    self._from_calls(argument)
                elif argument.values:
                    argument.caveats["an argument of the script may override it"] = None
                if argument.values:
                    yield argument

    def _defaults(self, argument: Argument) -> None:
        for found in argument.found:
            if found.operator in DEFAULTS:
                argument.values.append(default_of(self.tree, found))

    def _from_calls(self, argument: Argument) -> None:
        """The values that the calls of a function give one of its arguments."""
        calls = self.calls.of.get(argument.function, [])
        if why := self.calls.why_unknown(argument.function):
            argument.barred = argument.barred or why
        if not calls:
            argument.caveats["the function is not called here"] = None
        if self.calls.sources:
            argument.caveats[SOURCED] = None
        first = self._first.get(argument.function, 0)
        for call in calls:
            line = self.tree.line(call.start)
            if call.start < first and not self.blocks.at(call.layer, call.start).function:
                argument.barred = argument.barred or f"{line} calls the function before it is defined"
            words = call.command.words[(call.head or 0) + 1 :][:_MOST_ARGUMENTS]
            count = self._count(call, words)
            at = int(argument.name) - 1 if argument.name != "@" else 0
            wanted = words if argument.name == "@" else words[at : at + 1]
            if count < len(words) and (argument.name == "@" or at >= count):
                argument.barred = argument.barred or f"{line} calls the function with words that cannot be counted"
            if not wanted and argument.name != "@":
                argument.caveats[f"{line} calls the function without this argument"] = None
            for word in wanted:
                self._value(argument, call, word)

    def _count(self, call: Step, words: Sequence[Word]) -> int:
        """How many of the first words of a call are one argument each."""
        if id(call) not in self._counts:
            start = len(call.command.words) - len(self.tree.arguments(call))
            counted = (at for at, word in enumerate(words) if not self._is_one(call, start + at, word))
            self._counts[id(call)] = next(counted, len(words))
        return self._counts[id(call)]

    def _value(self, argument: Argument, call: Step, word: Word) -> None:
        value = read_value(self.tree.text, word.start, word.end, word.parts, is_list=True)
        own = self.blocks.at(call.layer, call.start).function == argument.function
        names = {"@" if found.name in _EVERY else found.name for found in self.tree.between(word.start, word.end)}
        if own and argument.name in names:
            argument.barred = argument.barred or f"{self.tree.line(call.start)} passes it on to the function itself"
        elif value.is_empty:
            argument.caveats[f"{self.tree.line(call.start)} passes nothing"] = None
        else:
            argument.values.append(value)

    def _is_one(self, call: Step, index: int, word: Word) -> bool:
        """Whether a word of a call is one argument, whatever its value."""
        found = self.tree.between(word.start, word.end)
        if any(each.is_list and each.prefix != b"#" for each in found):
            return False
        if self.tree.argument(call, index).splits:
            return len(found) == 1 and found[0].is_whole and self.is_one_word(found[0].name) is True
        if read_value(self.tree.text, word.start, word.end, word.parts, is_list=True).problem == PATTERN:
            return False
        return not any(not each.quoted and self.is_one_word(each.name) is False for each in found)


def _operands(texts: list[str]) -> Iterator[str]:
    """The words of `set` apart from its options."""
    waiting = False
    for text in texts:
        if not waiting:
            yield text
        waiting = text[:1] in ("-", "+") and text.endswith("o")


def default_of(tree: Tree, found: Expansion) -> Value:
    """The value that `${NAME:-word}` gives in place of none."""
    end = found.end - 1 if tree.text[found.end - 1 : found.end] == b"}" else found.end
    return read_value(tree.text, found.part.argument, max(end, found.part.argument), found.part.parts)
