"""What a shell text does to variables without an expansion or an assignment that spells their name.

Sourced files, `eval`, names that are put together, `set -a`, calculations (Bash Reference Manual, 3.5.3, 4.1, 4.3.1, 6.5).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from qcilint import lazy as re
from qcilint.languages.shell_syntax import Word
from qcilint.languages.shell_tree import ALL, Layer, Step, Tree

SOURCED = "a file that is sourced here may use it"
EXPORTED = "exported: other programs may use it"
_IN_CALCULATION = re.compile(rb"(?<![\w$])(?<!\$\{)(?<!\$\{[!#])([A-Za-z_][A-Za-z0-9_]*+)")
_IDENTIFIER = re.compile(rb"(?<![\w$.-])(?<!\$\{)(?<!\$\{[!#])([A-Za-z_][A-Za-z0-9_]*+)(?![\w.-])")
_CHANGED = re.compile(rb"(?:\+\+|--)[ \t]*([A-Za-z_]\w*+)|([A-Za-z_]\w*+)[ \t]*(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))")
_NAMED = re.compile(rb"([A-Za-z_][A-Za-z0-9_]*+)(?:=.*)?", re.S)
_PUT_TOGETHER = re.compile(rb"\\\$(?:\{?\$|\{\w+\$)")
_SHELL_OPTIONS = re.compile(rb"#![^\n]*[ \t]-[A-Za-z]*a")
_RUNS_TEXT = ("eval", "trap", "alias")


class Unseen:
    """What holds for many names at once, and mentions without `$`."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.barred = ""
        """Why nothing can be said of any name."""
        self.caveats: dict[str, None] = {}
        """What holds for every name."""
        self.calculated: list[tuple[str, int, Layer]] = []
        """Names that a calculation sets, and where."""
        self.mentions: list[tuple[str, int, int, str]] = []
        """Names without `$` in a calculation: start, end, and what it is."""
        self.computed = ""
        """The line that sets a variable whose name is not spelled out."""
        self._run: dict[str, str] = {}
        self._words: set[str] | None = None
        if _SHELL_OPTIONS.match(tree.text):
            self.caveats[EXPORTED] = None
        for step in tree.steps:
            if step.is_simple and (reader := _READERS.get(step.name)):
                reader(self, step)
        for found in tree.expansions:
            if found.prefix == b"!" and found.index not in ALL:
                self.bar(found.start, "reads a variable by a name that is put together")
            if found.index and found.index not in ALL:
                start = tree.text.find(found.index, found.start, found.part.end)
                self._mention(max(start, 0), max(start, 0) + len(found.index), "a subscript")
        for part, layer in tree.calculations:
            self._mention(part.start, part.end, "in a calculation")
            for match in _CHANGED.finditer(tree.text, part.start, part.end):
                self.calculated.append(((match[1] or match[2]).decode(), match.start(), layer))

    def bar(self, offset: int, what: str) -> None:
        """Say nothing of any name."""
        self.barred = self.barred or f"{self.tree.line(offset)} {what}"

    def compute(self, offset: int) -> None:
        """Note that a variable is set whose name is put together."""
        self.computed = self.computed or self.tree.line(offset)
        self.caveats[f"{self.computed} sets variables whose names are put together"] = None

    def about(self, name: str) -> str:
        """Why nothing can be said of one name."""
        if self.barred or name in self._run:
            return self.barred or self._run[name]
        if self.computed and name in self._spelled():
            return f"{self.computed} sets variables whose names are put together, and this name is passed on"
        return ""

    def _spelled(self) -> set[str]:
        """The names that stand as a word of their own, where another command may take them."""
        if self._words is None:
            self._words = set()
            for step in self.tree.steps:
                if step.name not in _READERS and step.name not in _OWN_NAMES:
                    for index, word in enumerate(step.command.words):
                        if index != step.head:
                            self._spell(word, is_assignment=step.is_simple and (step.head is None or index < step.head))
        return self._words

    def _spell(self, word: Word, *, is_assignment: bool) -> None:
        assert self._words is not None  # noqa: S101
        pieces = [part for part in word.parts if part.kind == "array"]
        words = [inner for part in pieces for inner in part.words] if pieces else [word]
        for each in words:
            raw = self.tree.raw(each).strip(b"'\"")
            if not is_assignment or pieces:
                self._words.update(match[1].decode() for match in [_NAMED.fullmatch(raw)] if match)
            value = raw.partition(b"=")[2].strip(b"'\"")
            self._words.update(match[1].decode() for match in [_NAMED.fullmatch(value)] if match)

    def _mention(self, start: int, end: int, note: str) -> None:
        for match in _IN_CALCULATION.finditer(self.tree.text, start, end):
            self.mentions.append((match[1].decode(), *match.span(), note))

    # ── builtins ─────────────────────────────────────────────────────────────────────────────────────────────

    def _source(self, step: Step) -> None:
        if self.tree.arguments(step):
            self.caveats[SOURCED] = None

    def _set(self, step: Step) -> None:
        texts = [argument.text for argument in self.tree.arguments(step)]
        for text in texts:
            if text in ("--", "-") or not text.startswith(("-", "+")):
                break
            if text.startswith("-") and "a" in text:
                self.caveats[EXPORTED] = None
        if any(before == "-o" and text == "allexport" for before, text in pairwise(texts)):
            self.caveats[EXPORTED] = None

    def _runs_text(self, step: Step) -> None:
        """`eval`, `trap` and `alias` run their arguments as code of this shell."""
        for argument, word in zip(self.tree.arguments(step), step.command.words[(step.head or 0) + 1 :], strict=True):
            raw = self.tree.raw(word)
            if _PUT_TOGETHER.search(raw):
                self.bar(word.start, "reads a variable by a name that is put together")
            if not argument.literal and step.name == "eval":
                self.caveats[f"{self.tree.line(word.start)} runs code that is put together"] = None
                self.computed = self.computed or self.tree.line(word.start)
            for match in _IDENTIFIER.finditer(raw):
                self._run.setdefault(
                    match[1].decode(), f"{self.tree.line(word.start)} names it in a text that `{step.name}` runs"
                )

    def _let(self, step: Step) -> None:
        for word in step.command.words[(step.head or 0) + 1 :]:
            self._mention(word.start, word.end, "in a calculation")
            for match in _CHANGED.finditer(self.tree.text, word.start, word.end):
                self.calculated.append(((match[1] or match[2]).decode(), match.start(), step.layer))


_READERS: dict[str, Callable[[Unseen, Step], None]] = {
    "source": Unseen._source,
    ".": Unseen._source,
    "set": Unseen._set,
    "let": Unseen._let,
    **dict.fromkeys(_RUNS_TEXT, Unseen._runs_text),
}
_OWN_NAMES = frozenset(
    (
        "export",
        "readonly",
        "local",
        "declare",
        "typeset",
        "read",
        "mapfile",
        "readarray",
        "getopts",
        "printf",
        "unset",
        "wait",
        "echo",
    )
)
"""Builtins whose words are names of their own, or are only printed."""
