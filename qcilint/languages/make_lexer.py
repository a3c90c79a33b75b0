"""Reads makefiles into units: assignments, rules, recipe lines, conditionals and comments; and their expansions.

GNU make's grammar (manual, sections 3.8, 5.1 and 6.5; `read.c`). A line that is none of these is `text`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.languages.scan import is_escaped
from qcilint.records import dataclass
from qcilint.view import Span

MAX_DEPTH = 40
"""How deep expansions may nest; deeper ones are not told apart."""

_TOKEN = re.compile(rb"\$\$|\$[({]|[(){},:]")
_KEYWORD = re.compile(
    rb"[ \t]*(else[ \t]+)?(ifeq|ifneq|ifdef|ifndef|else|endif|-?include|sinclude|vpath|undefine|unexport|load)\b"
)
_MODIFIERS = re.compile(rb"[ \t]*(?:(?:export|override|private)[ \t]+)*")
_DEFINE = re.compile(rb"[ \t]*(?:(?:export|override|private)[ \t]+)*define[ \t]+([^\s:?+!=]+)")
_DEFINE_OPERATOR = re.compile(rb"[ \t]*[:?+!]*=")
_DEFINE_END = re.compile(rb" *endef\b")
_COMMENT = re.compile(rb"\$[({]|[)}]|\\*#")
_OPERATOR = re.compile(rb"\$[({]|[(){}]|[:?+!]*=|:+")
_SEMICOLON = re.compile(rb"\$[({]|[)}]|;")
_TO_SHELL = re.compile(rb"\$\$|\$[({]|\$[^\s$({]|\\\r?\n")
_FUNCTION = re.compile(rb"[^\s(){}$,:]*")
_RECIPE_START = re.compile(rb"[ \t@+-]*(?:\$[({][A-Z_]{1,8}[)}](?=[a-z/$]))?")


@dataclass(slots=True, eq=False)
class Unit:
    """A stretch of a makefile that is one thing: `comment`, `assignment`, `recipe`, `condition`, `rule` or `text`."""

    kind: str
    start: int
    end: int
    name: str = ""
    """The variable that is assigned or defined."""
    shell: bool = False
    """The value is run by a shell (`!=`)."""
    exported: bool = False


@dataclass(slots=True, eq=False)
class Assignment:
    """What gives a variable a value, which ends before a comment."""

    name: str
    start: int
    end: int
    operator: bytes
    modifiers: bytes
    """What stands in front of the name: `export`, `override`, `private`."""
    defined: bool = False
    """`define … endef`."""


@dataclass(slots=True, eq=False)
class Expansion:
    """`$(…)` or `${…}`, with what encloses it."""

    start: int
    end: int
    function: bytes
    """The first word: a function, or the name of a variable."""
    commas: list[int]
    colon: int
    parent: Expansion | None
    is_closed: bool = False


class Makefile:
    """A makefile, read once."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.units: list[Unit] = []
        self.assigned: list[Assignment] = []
        self.prefix = b"\t"
        self.one_shell = re.search(rb"^\.ONESHELL[ \t]*:", text, re.M) is not None
        self.exports_all = re.search(rb"^(?:\.EXPORT_ALL_VARIABLES[ \t]*:|export[ \t]*$)", text, re.M) is not None
        self._in_rule = False
        self._read()
        self._starts = [unit.start for unit in self.units]

    def unit(self, at: int) -> Unit | None:
        """The unit that holds byte `at`."""
        index = bisect_right(self._starts, at) - 1
        return self.units[index] if index >= 0 and at < self.units[index].end else None

    def _read(self) -> None:
        at, size = 0, len(self.text)
        if self.text.startswith(b"\xef\xbb\xbf"):
            at = 3
        while at < size:
            end = self._line_end(at)
            following = end + 1
            if self._is_recipe(at):
                self._recipe(at + 1, end)
            elif match := _DEFINE.match(self.text, at, end):
                following = self._define(match, end)
            else:
                self._line(at, end)
            at = following

    def _line_end(self, at: int) -> int:
        """The end of the logical line that begins at `at`."""
        text = self.text
        while True:
            newline = text.find(b"\n", at)
            if newline < 0:
                return len(text)
            stop = newline - 1 if text[newline - 1 : newline] == b"\r" else newline
            if not is_escaped(text, stop, at):
                return newline
            at = newline + 1

    def _is_recipe(self, at: int) -> bool:
        if not self.text.startswith(self.prefix, at):
            return False
        return self._in_rule or (self.prefix == b"\t" and self._operator(at, self._line_end(at)) is None)

    def _recipe(self, start: int, end: int, name: str = "") -> None:
        last = self.units[-1] if self.units else None
        if self.one_shell and last and last.kind == "recipe" and self.text[last.end : start].strip(b"\r\n") == self.prefix:
            last.end = end
            return
        match = _RECIPE_START.match(self.text, start, end)
        self._add("recipe", match.end() if match else start, end, name)

    def _add(self, kind: str, start: int, end: int, name: str = "", *, shell: bool = False, exported: bool = False) -> None:
        if end > start:
            self.units.append(Unit(kind, start, end, name, shell, exported))

    def _define(self, match: re.Match[bytes], end: int) -> int:
        """The body of `define`: recipe lines apart, it is the value. Gives the start of the line after `endef`."""
        text, name, depth = self.text, match[1].decode("utf-8", "replace"), 1
        exported = b"export" in match[0]
        at = start = end + 1
        operator = _DEFINE_OPERATOR.match(text, match.end(), end)
        modifiers = text[match.start() : match.start(1)].replace(b"define", b"")
        assigned = Assignment(name, min(at, len(text)), at, operator[0].strip() if operator else b"=", modifiers, defined=True)
        self.assigned.append(assigned)
        while at < len(text):
            stop = self._line_end(at)
            if _DEFINE.match(text, at, stop):
                depth += 1
            elif _DEFINE_END.match(text, at, stop):
                depth -= 1
                if not depth:
                    assigned.end = max(assigned.start, at - 1)
                    self._add("assignment", start, at, name, exported=exported)
                    return stop + 1
            elif text.startswith(self.prefix, at):
                self._add("assignment", start, at, name, exported=exported)
                self._recipe(at + 1, stop, name)
                start = stop
            at = stop + 1
        assigned.end = max(assigned.start, len(text))
        self._add("assignment", start, len(text), name, exported=exported)
        return len(text)

    def _comment(self, start: int, end: int) -> int:
        """The start of the comment of a logical line, or its end."""
        depth = 0
        for match in _COMMENT.finditer(self.text, start, end):
            token = match[0]
            if token[-1:] in (b"(", b"{"):
                depth += 1
            elif token[-1:] in (b")", b"}"):
                depth = max(0, depth - 1)
            elif not depth and len(token) % 2:
                return match.end() - 1
        return end

    def _operator(self, start: int, end: int) -> re.Match[bytes] | None:
        """The first assignment operator or colon outside expansions."""
        depth = 0
        for match in _OPERATOR.finditer(self.text, start, end):
            token = match[0]
            if token.startswith(b"$") or (depth and token in (b"(", b"{")):
                depth += 1
            elif token in (b")", b"}"):
                depth = max(0, depth - 1)
            elif not depth and token not in (b"(", b"{"):
                return match
        return None

    def _line(self, start: int, end: int) -> None:
        """A logical line that is no recipe."""
        text = self.text
        comment = self._comment(start, end)
        keyword = _KEYWORD.match(text, start, comment)
        operator = self._operator(start, comment)
        if keyword and not (operator and operator[0].endswith(b"=") and operator.start() <= keyword.end() + 1):
            self._add("condition" if keyword[2] in (b"ifeq", b"ifneq") else "text", start, comment)
            self._in_rule = self._in_rule and b"include" not in keyword[2]
        elif operator and operator[0].endswith(b"="):
            self._assignment(start, operator, comment)
            self._in_rule = False
        elif operator:
            self._rule(start, operator, comment)
        elif text[start:comment].strip():
            self._add("text", start, comment)
        self._add("comment", comment, end)

    def _assignment(self, start: int, operator: re.Match[bytes], end: int) -> None:
        text = self.text
        modifiers = _MODIFIERS.match(text, start, operator.start())
        named = modifiers.end() if modifiers else start
        name = text[named : operator.start()].strip().decode("utf-8", "replace")
        if not name or re.search(r"\s", re.sub(r"\$[({].*[)}]", "", name)):
            self._add("text", start, end)
            return
        value = operator.end()
        self._add("text", start, named)
        self._add("assignment", value, end, name, shell=operator[0] == b"!=", exported=b"export" in text[start:named])
        self.assigned.append(Assignment(name, value, end, operator[0], text[start:named]))
        if name == ".RECIPEPREFIX":
            self.prefix = text[value:end].strip()[:1] or b"\t"

    def _rule(self, start: int, colon: re.Match[bytes], end: int) -> None:
        """`targets: prerequisites`, `targets: recipe`, or a variable of a target."""
        inner = self._operator(colon.end(), end)
        semicolon = self._semicolon(colon.end(), end)
        if inner and inner[0].endswith(b"=") and inner.start() < semicolon:
            name = self.text[colon.end() : inner.start()].strip()
            if re.fullmatch(rb"(?:(?:export|override|private)[ \t]+)*[^\s]+", name):
                self._assignment(colon.end(), inner, end)
                return
        self._in_rule = True
        self._add("rule", start, min(semicolon, end))
        if semicolon < end:
            self._recipe(semicolon + 1, end)

    def _semicolon(self, start: int, end: int) -> int:
        depth = 0
        for match in _SEMICOLON.finditer(self.text, start, end):
            if match[0] == b";":
                if not depth:
                    return match.start()
            else:
                depth = max(0, depth + (1 if match[0].startswith(b"$") else -1))
        return end

    # ── expansions ───────────────────────────────────────────────────────────────────────────────────────────

    def expansions(self, start: int, end: int) -> list[Expansion]:
        """The expansions of a unit in ascending order; one left open reaches to the end."""
        found: list[Expansion] = []
        stack: list[tuple[Expansion, bytes, int]] = []
        for match in _TOKEN.finditer(self.text, start, end):
            token = match[0]
            if token in (b"$(", b"${"):
                if len(stack) < MAX_DEPTH:
                    word = _FUNCTION.match(self.text, match.end(), end)
                    new = Expansion(match.start(), end, word[0] if word else b"", [], -1, stack[-1][0] if stack else None)
                    found.append(new)
                    stack.append((new, b")" if token == b"$(" else b"}", 1))
            elif stack:
                self._inside(stack, token, match.start())
        return found

    @staticmethod
    def _inside(stack: list[tuple[Expansion, bytes, int]], token: bytes, at: int) -> None:
        expansion, closer, level = stack[-1]
        if token == closer:
            stack.pop()
            if level > 1:
                stack.append((expansion, closer, level - 1))
            else:
                expansion.end = at + 1
                expansion.is_closed = True
        elif token in (b"(", b"{") and token == (b"(" if closer == b")" else b"{"):
            stack[-1] = (expansion, closer, level + 1)
        elif token == b"," and level == 1:
            expansion.commas.append(at)
        elif token == b":" and level == 1 and expansion.colon < 0 and not expansion.commas:
            expansion.colon = at


def innermost(expansions: list[Expansion], span: Span) -> Expansion | None:
    """The innermost expansion that holds a span and is more than it."""
    index = bisect_right(expansions, span[0], key=lambda expansion: expansion.start) - 1
    found: Expansion | None = expansions[index] if index >= 0 else None
    while found is not None and (found.end < span[1] or (found.start, found.end) == span):
        found = found.parent
    return found


def recipe_parts(
    text: bytes, start: int, end: int, prefix: bytes, expansions: list[Expansion]
) -> Iterator[tuple[bytes, int, int]]:
    """A recipe as the shell gets it, for `View.build`.

    What make expands becomes something as long that is opaque to the shell: `$(NAME)`, which no shell variable is.
    """
    outer = {expansion.start: expansion for expansion in expansions if expansion.parent is None}
    at = plain = start
    for match in _TO_SHELL.finditer(text, start, end):
        if match.start() < at:
            continue
        stop, new = match.end(), match[0]
        if new == b"$$":
            new = b"$"
        elif new in (b"$(", b"${"):
            expansion = outer.get(match.start())
            if expansion is None:
                continue
            stop = expansion.end
            new = _variable(text[match.start() : stop])
        elif new.startswith(b"$"):
            new = b"$0"
        elif not text.startswith(prefix, stop):
            continue
        if match.start() > plain:
            yield text[plain : match.start()], plain, match.start()
        yield new, match.start(), stop
        if new.endswith(b"\n"):
            yield b"", stop, stop + 1
            stop += 1
        at = plain = stop
    if end > plain:
        yield text[plain:end], plain, end


def _variable(expansion: bytes) -> bytes:
    """`${NAME}` as `$(NAME)`; anything else as a name of that length, which tells whether it looks like flags."""
    inner = expansion[2:-1]
    if not re.fullmatch(rb"[A-Za-z_][A-Za-z0-9_]*", inner):
        name = b"flags" if re.search(rb"(?:^|[\s,\"'])-{1,2}\w", inner) else b"value"
        inner = (name + b"_" * len(inner))[: len(inner)]
    return b"$(" + inner + b")"
