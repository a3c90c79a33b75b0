"""Which stretches of a shell text may be skipped, run in a shell of their own, or belong to a function.

Compound commands are those of the Bash Reference Manual, 3.2.5; lists 3.2.4; functions 3.3.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter

from qcilint import lazy as re
from qcilint.languages.shell_syntax import Script
from qcilint.languages.shell_tree import Layer, Step, Tree
from qcilint.records import dataclass, field

_CHAINS = (b"&&", b"||")
_BREAKS = (b";", b"&", b"\n")
_PIPES = (b"|", b"|&")
_CASE_BREAKS = (b";;", b";&", b";;&")
_LEAVES = ("exit", "return", "break", "continue")
_CATCH_ALL = re.compile(rb"(?:^|[\s(|;])\*[ \t]*\Z", re.M)
_LONGEST_PATTERN = 40
_MOST_AROUND = 50


@dataclass(slots=True, eq=False)
class Choice:
    """An `if` or `case`: one of its branches runs, or none."""

    parent: Block
    end: int = 0
    branches: list[Block] = field(default_factory=list)
    complete: bool = False
    """It has an `else`, or an arm for everything."""


@dataclass(slots=True, eq=False)
class Block:
    """A stretch of text; what is assigned in it holds in it, and outside of it perhaps."""

    start: int
    parent: Block | None = None
    end: int = 0
    function: str = ""
    """The innermost function it belongs to."""
    is_function: bool = False
    is_loop: bool = False
    is_subshell: bool = False
    """A function whose body has a shell of its own."""
    is_plain: bool = False
    """It always runs, in the shell around it: `{ … }`."""
    is_piped: bool = False
    """What it writes goes to another command."""
    leaves: bool = False
    """Nothing goes on after it: it has an `exit` or the like."""
    choice: Choice | None = None
    _real: Block | None = None

    @property
    def real(self) -> Block:
        """The block in which the assignments of this one hold; known when all is read."""
        block, passed = self, list[Block]()
        while block._real is None and block.is_plain and block.parent:
            passed.append(block)
            block = block.parent
        block = block._real or block
        for plain in passed:
            plain._real = block
        return block


@dataclass(slots=True)
class _Open:
    """Something that a later mark closes."""

    kind: str
    block: Block | None = None
    choice: Choice | None = None


class Blocks:
    """The blocks of all scripts of a text."""

    def __init__(self, tree: Tree) -> None:
        self.text = tree.text
        self.balanced = True
        self.functions: dict[str, list[Block]] = {}
        """Function name → its bodies."""
        self.definitions: dict[int, str] = {}
        """Where the name of a function stands that is defined."""
        self._changes: dict[int, tuple[list[int], list[Block]]] = {}
        """By the identity of a script: from which offset on which block is the innermost."""
        names: dict[int, list[tuple[int, str]]] = {}
        for step in tree.steps:
            if step.command.kind == "function":
                name = tree.raw(step.command.words[0]).decode("utf-8", "replace")
                names.setdefault(id(step.layer.script), []).append((step.start, name))
                self.definitions[step.start] = name
        for layer in tree.layers:
            script = layer.script
            _Reader(self, layer, names.get(id(script), [])).read()
        self._reading = {id(step.command.next) for step in tree.steps if step.command.next}
        for step in tree.steps:
            if step.name in _LEAVES:
                self._leave(step.name, self.at(step.layer, step.start))

    def at(self, layer: Layer, offset: int) -> Block:
        """The innermost block of a script at an offset."""
        starts, blocks = self._changes[id(layer.script)]
        return blocks[max(bisect_right(starts, offset) - 1, 0)]

    @staticmethod
    def _leave(name: str, block: Block) -> None:
        """Note that nothing goes on after a command, where it has something to leave."""
        around: Block | None = block
        if name in ("break", "continue"):
            for _ in range(_MOST_AROUND):
                if around is None or around.is_loop or around.is_function:
                    break
                around = around.parent
            block.real.leaves = block.real.leaves or (around is not None and around.is_loop)
        else:
            block.real.leaves = block.real.leaves or name == "exit" or bool(block.function)

    def is_detached(self, step: Step) -> bool:
        """Whether a command runs in a shell of its own: in a pipeline, or in the background."""
        marks = step.layer.script.marks
        after = bisect_left(marks, step.end, key=lambda mark: mark[0])
        in_background = after < len(marks) and marks[after][1] == b"&"
        return in_background or step.command.next is not None or id(step.command) in self._reading

    def record(self, script: Script, changes: list[tuple[int, Block]]) -> None:
        """Take in the blocks of one script."""
        self._changes[id(script)] = ([offset for offset, _ in changes], [block for _, block in changes])


class _Reader:
    """Reads the marks of one script."""

    def __init__(self, blocks: Blocks, layer: Layer, names: list[tuple[int, str]]) -> None:
        self.blocks, self.script, self.names = blocks, layer.script, names
        self.text = blocks.text
        outer = blocks.at(layer.outer, layer.script.start) if layer.outer else None
        self.root = Block(self.script.start, outer, self.script.end, outer.function if outer else "")
        self.block = self.root
        self.stack: list[_Open] = []
        self.kinds: Counter[str] = Counter()
        self.changes: list[tuple[int, Block]] = [(self.script.start, self.root)]
        self.defining = False
        self.before = b""

    def read(self) -> None:
        marks = self.script.marks
        for index, (at, token) in enumerate(marks):
            follows = marks[index + 1][1] if index + 1 < len(marks) else b""
            self._mark(at, token, follows)
            self.before = token
        while self.stack:
            if self.stack[-1].kind != "chain":
                self.blocks.balanced = False
            self._pop(self.script.end)
        self.blocks.record(self.script, self.changes)

    def _mark(self, at: int, token: bytes, follows: bytes) -> None:
        if token == b"function":
            self.defining = True
        elif token in _CHAINS:
            self._chain(at, token)
        elif token in _BREAKS:
            self._end_chain(at)
        elif token in (b"{", b"("):
            self._open_group(at, token)
        elif token in (b"}", b")"):
            self._close_group(at, token, follows)
        elif token in (b"if", b"case"):
            self._push(_Open(token.decode(), choice=Choice(self.block)))
        elif token in (b"while", b"until", b"for", b"select"):
            self._push(_Open("loop"))
        elif token == b"do":
            self._open_branch(at, "loop")
        elif token in (b"then", b"elif", b"else"):
            self._open_branch(at, "if", condition=token == b"elif", complete=token == b"else")
        elif token == b"arm":
            self._open_branch(at, "case", complete=bool(_CATCH_ALL.search(self.text, max(0, at - _LONGEST_PATTERN), at)))
        elif token in _CASE_BREAKS:
            self._close_branch(at, "case")
        elif token in (b"fi", b"done", b"esac"):
            self._close({b"fi": "if", b"done": "loop", b"esac": "case"}[token], at, follows)

    # ── the stack ────────────────────────────────────────────────────────────────────────────────────────────

    def _push(self, entry: _Open) -> None:
        self.stack.append(entry)
        self.kinds[entry.kind] += 1

    def _enter(self, at: int, *, is_function: bool = False) -> Block:
        block = Block(at, self.block, function=self.block.function, is_function=is_function)
        self.block = block
        self.changes.append((at, block))
        return block

    def _leave(self, block: Block, at: int) -> None:
        block.end = at
        self.block = block.parent or self.root
        self.changes.append((at, self.block))

    def _pop(self, at: int) -> _Open:
        entry = self.stack.pop()
        self.kinds[entry.kind] -= 1
        if entry.block:
            self._leave(entry.block, at)
        return entry

    def _top(self, kind: str, at: int) -> _Open | None:
        """The innermost open entry of a kind; what is open in it is closed."""
        if not self.kinds[kind]:
            self.blocks.balanced = False
            return None
        while self.stack[-1].kind != kind:
            if self.stack[-1].kind != "chain":
                self.blocks.balanced = False
            self._pop(at)
        return self.stack[-1]

    # ── lists ────────────────────────────────────────────────────────────────────────────────────────────────

    def _chain(self, at: int, token: bytes) -> None:
        """What follows `&&` or `||` may not run; in `a && b && c`, all of b runs before c."""
        top = self.stack[-1] if self.stack else None
        if top and top.kind == "chain":
            if token == b"&&" and self.text.startswith(b"&&", top.block.start if top.block else 0):
                return
            self._pop(at)
        self._push(_Open("chain", self._enter(at)))

    def _end_chain(self, at: int) -> None:
        if self.stack and self.stack[-1].kind == "chain":
            self._pop(at)

    # ── groups ───────────────────────────────────────────────────────────────────────────────────────────────

    def _open_group(self, at: int, token: bytes) -> None:
        block = self._enter(at, is_function=self.defining)
        block.is_plain = token == b"{" and not self.defining and self.before not in _PIPES
        if self.defining:
            block.is_subshell = token == b"("
            before = bisect_right(self.names, at, key=lambda name: name[0]) - 1
            block.function = self.names[before][1] if before >= 0 else "?"
            self.blocks.functions.setdefault(block.function, []).append(block)
            self.defining = False
        self._push(_Open(token.decode(), block))

    def _close_group(self, at: int, token: bytes, follows: bytes) -> None:
        entry = self._top("{" if token == b"}" else "(", at)
        if entry and entry.block:
            entry.block.is_piped = follows in _PIPES
            entry.block.is_plain = entry.block.is_plain and follows not in (*_PIPES, b"&")
            self._pop(at)

    # ── branches ─────────────────────────────────────────────────────────────────────────────────────────────

    def _open_branch(self, at: int, kind: str, *, condition: bool = False, complete: bool = False) -> None:
        entry = self._top(kind, at)
        if entry is None:
            return
        if entry.block:
            self._leave(entry.block, at)
        entry.block = self._enter(at)
        entry.block.is_loop = kind == "loop"
        if entry.choice:
            entry.choice.complete = entry.choice.complete or complete
            if not condition:
                entry.block.choice = entry.choice
                entry.choice.branches.append(entry.block)

    def _close_branch(self, at: int, kind: str) -> None:
        entry = self._top(kind, at)
        if entry is None:
            return
        if entry.block:
            self._leave(entry.block, at)
            entry.block = None

    def _close(self, kind: str, at: int, follows: bytes) -> None:
        entry = self._top(kind, at)
        if entry is None:
            return
        block = entry.block
        self._pop(at)
        if follows in _PIPES:
            for branch in [*(entry.choice.branches if entry.choice else []), *([block] if block else [])]:
                branch.is_piped = True
        if entry.choice:
            entry.choice.end = at
            entry.choice.complete = entry.choice.complete and follows not in (*_PIPES, b"&")
