"""What a shell text does with the value of an expansion: does it stand there, is it taken apart, or something else?

Takes an expansion, gives the kind and the note of a `Use`, or None where only matters whether there is a value at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcilint import lazy as re
from qcilint.languages import command_tables as tables
from qcilint.languages.shell import LANGUAGE, MATCHES, Spot
from qcilint.languages.shell_blocks import Block, Blocks
from qcilint.languages.shell_settings import KEEPS
from qcilint.languages.shell_syntax import Command, Heredoc, Word
from qcilint.languages.shell_text import body, unquoted
from qcilint.languages.shell_tree import Expansion, Layer, Tree
from qcilint.view import Span, View

Kind = tuple[str, str]
PLAIN: Kind = ("plain", "")
_PROGRAMS = (LANGUAGE, *tables.INTERPRETERS.values())
_DEEPEST = 3
_MOST_PIPED = 5
_MOST_AROUND = 50
_MOST_OPERANDS = 100
"""A comparison with more words is not looked into."""
_MOST_PREFIXES = 3
_LONGEST_NOTE = 40
_WRITERS = ("echo", "printf")
_COPIERS = ("cat", "tee")
_CUTTERS = frozenset(("cut", "wc", "rev", "md5sum", "sha256sum", *tables.MATCHERS))
_PASSERS = frozenset(("read", "mapfile", "readarray", "head", "tail", "sort", "uniq", "paste", "column"))
_PATHS = ("basename", "dirname")
_RUNNERS = frozenset(("xargs", "parallel", "ssh", "source", ".", *tables.SHELLS))
_EDITORS = tables.MATCHERS.keys() - {"grep", "egrep", "fgrep", "zgrep", "rg", "ag", "tr", "expr", "test", "[", "cut"}
_BRACKETS = (b"[", b"]", b"test", b"!", b"]]")
_EQUALS = (b"=", b"==", b"!=")
_EMPTY = (b"''", b'""')
_BEFORE = re.compile(rb"[A-Za-z0-9_./:@})%+-]")
_AFTER = re.compile(rb"[A-Za-z0-9_./:@${%+-]")


def note_of(text: bytes, start: int, end: int) -> str:
    """A stretch of the text, fit for a note."""
    shown = text[start : min(end, start + _LONGEST_NOTE)].decode("utf-8", "replace")
    return " ".join(shown.split())


class Uses:
    """Judges the expansions of one text."""

    def __init__(self, tree: Tree, blocks: Blocks, depth: int = 0) -> None:
        self.tree, self.blocks, self.text, self.depth = tree, blocks, tree.text, depth
        self.captured = self._captured()
        self._nested: dict[int, tuple[View, Uses]] = {}

    def _captured(self) -> frozenset[str]:
        """Functions whose output some command takes."""
        callers: dict[str, set[str]] = {}
        found: list[str] = []
        for step in self.tree.steps:
            if step.name in self.blocks.functions:
                block = self.blocks.at(step.layer, step.start)
                callers.setdefault(block.function, set()).add(step.name)
                if step.layer.captured or step.command.next or self._is_piped(block):
                    found.append(step.name)
        seen: set[str] = set()
        while found:
            name = found.pop()
            if name not in seen:
                seen.add(name)
                found += callers.get(name, ())
        return frozenset(seen)

    @staticmethod
    def _is_piped(block: Block | None) -> bool:
        for _ in range(_MOST_AROUND):
            if block is None or block.is_piped:
                break
            block = block.parent
        return block is not None and block.is_piped

    def kind(self, found: Expansion) -> Kind | None:
        """What becomes of the value of an expansion."""
        shown = note_of(self.text, found.start, found.end)
        if found.prefix == b"!":
            return None if found.is_list else ("other", "names another variable")
        if found.prefix == b"#":
            return None if found.is_list else ("apart", "its length is taken")
        if found.operator in (b"+", b":+"):
            return None
        if found.operator not in KEEPS:
            return "apart", f"taken apart with {shown}"
        if found.holders and (kind := self._held(found)):
            return kind
        spot = self.tree.placer.spot((found.start, found.end))
        if found.is_list and not self._is_spread(found, spot):
            return "other", "all its elements in one text"
        return self.at((found.start, found.end), spot, found.layer)

    def _held(self, found: Expansion) -> Kind | None:
        holder = found.holders[-1]
        shown = note_of(self.text, holder.start, holder.end)
        if holder.kind == "arithmetic":
            return "other", "in a calculation"
        if holder.operator in MATCHES:
            return ("apart" if self._stands_alone(found.start, found.end) else "other"), f"a pattern in {shown}"
        if holder.operator not in KEEPS and holder.operator not in (b"+", b":+"):
            return "other", f"in {shown}"
        return None

    @staticmethod
    def _is_spread(found: Expansion, spot: Spot) -> bool:
        """Each element is a word of its own."""
        joined = found.quoted and (found.index == b"[*]" or found.name == "*")
        return found.is_whole and not joined and spot.role == "word"

    def at(self, span: Span, spot: Spot, layer: Layer) -> Kind | None:
        """What becomes of a value that stands at a span."""
        where, command = spot.context.where, spot.command
        if spot.nested is not None and spot.language in _PROGRAMS:
            return self._in_nested(span, spot.nested, spot.language)
        if command is None:
            return "other", "it is not clear what is done with it"
        if where == "argument::":
            return None
        if where == "pattern":
            return self._matched(span, spot, command)
        if spot.role == "redirect" and self._operator(command, span) != b"<<<":
            return "other", "names a file"
        return self._flow(span, spot, command, layer)

    @staticmethod
    def _operator(command: Command, span: Span) -> bytes:
        return next((operator for operator, word in command.redirects[:_MOST_OPERANDS] if word.start <= span[0] < word.end), b"")

    # ── comparisons ──────────────────────────────────────────────────────────────────────────────────────────

    def _matched(self, span: Span, spot: Spot, command: Command) -> Kind | None:
        alone = "apart" if self._stands_alone(*span) else "other"
        if command.kind == "case":
            return alone, "compared in `case`"
        if command.kind == "loop":
            return alone, "matched against"
        if command.kind != "simple" and command.kind != "[[":
            return "other", "matched against"
        name = "[[" if command.kind == "[[" else self.tree.placer.call(command).name
        if name in ("[[", "[", "test"):
            return None if self._only_asks_for_a_value(span, command) else (alone, f"compared in `{name}`")
        if spot.role == "word" and name in _EDITORS:
            return "other", f"stands in the program or the arguments of `{name}`"
        return alone, f"matched against by `{name}`"

    def _only_asks_for_a_value(self, span: Span, command: Command) -> bool:
        """`[ -n "$V" ]`, `[ "$V" = "" ]`, `[ "$V" ]`."""
        if len(command.words) > _MOST_OPERANDS:
            return False
        words = [word for word in command.words if self.tree.raw(word) not in _BRACKETS]
        at = next((index for index, word in enumerate(words) if word.start <= span[0] < word.end), -1)
        if at < 0:
            return False
        before = self.tree.raw(words[at - 1]) if at else b""
        after = [self.tree.raw(word) for word in words[at + 1 : at + 3]]
        if before in (b"-n", b"-z"):
            return True
        if len(words) == 1 or (len(after) == 2 and after[0] in _EQUALS and after[1] in _EMPTY):
            return True
        return before in _EQUALS and at >= 2 and self.tree.raw(words[at - 2]) in _EMPTY

    def _stands_alone(self, start: int, end: int) -> bool:
        """No text beside the expansion can be of one reference with it."""
        before = self.text[max(0, start - 2) : start].removesuffix(b'"').removesuffix(b"'")[-1:]
        after = self.text[end : end + 2].removeprefix(b'"').removeprefix(b"'")[:1]
        return not _BEFORE.match(before) and not _AFTER.match(after)

    # ── where the text goes ──────────────────────────────────────────────────────────────────────────────────

    def _flow(self, span: Span, spot: Spot, command: Command, layer: Layer) -> Kind:
        name = self.tree.placer.call(command).name if command.kind == "simple" else ""
        alone = "apart" if self._stands_alone(*span) else "other"
        if name in _PATHS:
            return alone, f"taken apart by `{name}`"
        feeds = spot.role in ("heredoc", "redirect")
        if feeds and command.kind != "simple":
            return "other", "given to the commands before it"
        readers = list(_readers(command)) if name in (_COPIERS if feeds else _WRITERS) else []
        if kind := self._read([command, *readers] if feeds else readers, alone):
            return kind
        copies = name in _WRITERS or (name in _COPIERS and spot.role == "redirect")
        if copies and self._is_taken(command, layer):
            return "other", "its text is taken from the output of a command"
        return PLAIN

    def _read(self, readers: Sequence[Command], alone: str) -> Kind | None:
        """What the commands do that read a value, one after the other."""
        kind: Kind | None = None
        for reader in readers:
            tool = self.tree.placer.call(reader).name if reader.kind == "simple" else ""
            splits = tool == "read" and (len(reader.words) > 3 or self.tree.raw(reader.words[0]).startswith(b"IFS="))
            if tool in _CUTTERS or splits:
                shown = note_of(self.text, reader.words[0].start, reader.words[-1].end)
                kind = kind or (alone, f"split by `{shown}`")
            elif runner := self._runner(reader) or (tool if tool in _PASSERS and kind is None else ""):
                return "other", f"given to `{runner}`"
        return kind

    def _runner(self, reader: Command) -> str:
        """The command that makes arguments or a script of what it reads."""
        words = self.tree.placer.call(reader).words[:_MOST_PREFIXES] if reader.kind == "simple" else []
        return next((word.text for word in words if word.literal and word.text in _RUNNERS), "")

    def _is_taken(self, command: Command, layer: Layer) -> bool:
        """Something reads the output, as far as it is known."""
        block = self.blocks.at(layer, command.words[0].start)
        return layer.captured or block.function in self.captured or self._is_piped(block)

    # ── texts in other languages ─────────────────────────────────────────────────────────────────────────────

    def _in_nested(self, span: Span, nested: Word | Heredoc, language: str) -> Kind | None:
        if language != LANGUAGE:
            return "other", f"stands in a {language} program"
        if self.depth >= _DEEPEST:
            return "other", "in a nested script"
        view, uses = self._inner(nested)
        inner = view.inward(span)
        if inner is None or uses.tree.placer.shell.flawed or not uses.blocks.balanced:
            return "other", "in a nested script"
        found = uses.tree.by_start.get(inner[0])
        inner_spot = uses.tree.placer.spot(inner)
        kind = uses.kind(found) if found else uses.at(inner, inner_spot, uses.tree.layers[0])
        if kind == PLAIN and inner_spot.context.where.startswith(("assignment:", "loop:")):
            return "other", "put into a variable of a nested script"
        divided = re.match(rb"[\"'][^\s;&|()\"']", view.text[inner[1] : inner[1] + 2])
        return ("other", "quotes of a nested script stand beside it") if kind == PLAIN and divided else kind

    def _inner(self, nested: Word | Heredoc) -> tuple[View, Uses]:
        if id(nested) not in self._nested:
            pieces = unquoted(self.text, nested) if isinstance(nested, Word) else body(self.text, nested)
            view = View.build(pieces)
            tree = Tree(view.text)
            self._nested[id(nested)] = view, Uses(tree, Blocks(tree), self.depth + 1)
        return self._nested[id(nested)]


def _readers(command: Command) -> Iterator[Command]:
    """The commands that read what a command writes, one after the other."""
    for _ in range(_MOST_PIPED):
        if command.next is None:
            return
        command = command.next
        yield command
