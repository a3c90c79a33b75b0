"""What a shell script does with the value of a variable: is it only pulled, taken apart, matched against, pushed?

A variable counts as only pulled where the text accounts for every mention of it. Anything that is not understood
(a use in single quotes, an export, an indirection) counts against.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.shell import DEFAULTS, Placer, Spot
from qcilint.languages.shell_syntax import Command, Part
from qcilint.records import dataclass, replace

PULLS = ("command:pull", "command:run", "command:create", "command:extract")
HARMLESS = (*PULLS, "command:info", "command:inspect", "command:tag-source")
OUTPUTS = ("command:push", "command:tag-target", "command:build-target", "command:copy-target")
MOST_USES = 1000
"""A loop body with more uses of its variable is not judged."""
ELSEWHERE = frozenset(("cluster", "remote"))
"""Labels of commands that do not pull where the script runs."""
_CUTTERS = ("cut", "awk", "gawk", "sed", "tr", "grep", "egrep", "read", "IFS")
_MENTION = re.compile(rb"\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*)")
_SET = re.compile(rb"(?<![\w$.-])([A-Za-z_][A-Za-z0-9_]*)(\+?=)|\bread\b([^\n;|&]*)")
_DECLARE = rb"\b(?:declare|typeset|local|readonly)(?:[ \t]+[-+]\w+){0,4}[ \t]+"
_EXPORT = re.compile(rb"(?:\bexport|%s-\w*x\w*)\b((?:\\\r?\n|[^\n;|&])*)" % _DECLARE)
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_EXPORT_ALL = re.compile(
    rb"\bset(?:[ \t]+-[\w-]+){0,4}[ \t]+-\w*a|allexport|\A#![^\n]*[ \t]-\w*a|\$\{!|%s-\w*n|\\\$\{?\\?\$" % _DECLARE
)
_SOURCE = re.compile(
    rb"(?:^|[;&|({`!\"']|\b(?:then|do|else|if|elif|while|until|time|command|builtin|eval))[ \t]*(?:source|\.)[ \t]+(?![\s;&|)=])",
    re.M,
)
"""Another file read into this shell: it may use any variable (bash manual, 4.1)."""


@dataclass(slots=True)
class Uses:
    """What becomes of the value of one variable."""

    pulled: bool = False
    other: bool = False
    """Some use is no pull, or is not understood."""
    labels: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The labels, and whether what is built or pushed under this name is pulled too."""
        return (*self.labels, "pulled-too") if self.pulled and "build-output" in self.labels else self.labels

    def add(self, *labels: str) -> None:
        self.labels = tuple(dict.fromkeys((*self.labels, *labels)))


def judge(uses: Uses, context: Context) -> None:
    """Take one use into account, by the context it stands in."""
    where = context.where
    if where == "comment":
        return
    good = where in HARMLESS and context.whole and ELSEWHERE.isdisjoint(context.labels)
    uses.other = uses.other or not good
    uses.pulled = uses.pulled or (good and where in PULLS)
    if where == "pattern":
        uses.add("used-in-pattern")
    if where in OUTPUTS or where.startswith("call:"):
        uses.add("build-output")


def labelled(placer: Placer, spots: Sequence[Spot], found: list[Context]) -> list[Context]:
    """Contexts of assigned and looped-over references, with what becomes of the variable."""
    kinds = [spot.context.where.partition(":") if spot.nested is None else ("", "", "") for spot in spots]
    wanted = {name.encode() for kind, _, name in kinds if kind in ("assignment", "loop")}
    if not wanted:
        return found
    variables = _Variables(placer, wanted)
    result: list[Context] = []
    seen: dict[tuple[str, int], Uses] = {}
    for spot, (kind, _, name), context in zip(spots, kinds, found, strict=True):
        if kind not in ("assignment", "loop"):
            result.append(context)
            continue
        loop = spot.command if kind == "loop" else None
        if (name, 0) not in seen:
            seen[name, 0] = variables.everywhere(name)
        if loop and (name, id(loop)) not in seen:
            seen[name, id(loop)] = variables.in_loop(name, loop, seen[name, 0])
        uses = seen[name, id(loop) if loop else 0]
        only = uses.pulled and not uses.other and "element" not in context.labels
        if kind == "loop" and only and context.whole:
            result.append(replace(context, where="command:pull").adding(f"loop:{name}", *uses.names))
        else:
            result.append(context.adding(*(("only-pulled",) if only and kind == "assignment" else ()), *uses.names))
    return result


class _Variables:
    """All mentions of the wanted variables in a script."""

    def __init__(self, placer: Placer, wanted: set[bytes]) -> None:
        text = placer.text
        self.placer = placer
        self.uses: dict[bytes, list[tuple[Part, Spot, Context]]] = {name: [] for name in wanted}
        self.strays: dict[bytes, list[int]] = {name: [] for name in wanted}
        self.sets: dict[bytes, list[int]] = {name: [] for name in wanted}
        self.appended: set[bytes] = set()
        """Names that get more text behind their value."""
        self.exported = {name for match in _EXPORT.finditer(text) for name in _NAME.findall(match[1])} & wanted
        self.hidden = bool(_EXPORT_ALL.search(text)) or self._sources()
        parts = sorted((part for part in placer.shell.parameters if part.name in wanted), key=lambda part: part.start)
        self._place(parts)
        self._find_strays({part.start for part in parts})
        for match in _SET.finditer(text):
            for name in [match[1]] if match[1] else _NAME.findall(match[3]):
                if name in wanted:
                    self.sets[name].append(match.start())
                    if match[2] == b"+=":
                        self.appended.add(name)

    def _place(self, parts: list[Part]) -> None:
        spans, kept, end = [], [], 0
        for part in parts:
            if part.start < end:
                self.strays[part.name].append(part.start)
                continue
            end = part.end
            kept.append(part)
            spans.append((part.start, part.end))
        spots = [self.placer.spot(span) for span in spans]
        for spot in spots:
            if spot.role == "heredoc":
                spot.nested = None
        for part, spot, context in zip(kept, spots, self.placer.resolve(spans, spots), strict=True):
            self.uses[part.name].append((part, spot, context))

    def _sources(self) -> bool:
        """Whether the script reads another file into its shell."""
        for match in _SOURCE.finditer(self.placer.text):
            if self.placer.spot((match.end() - 1, match.end())).context.where != "comment":
                return True
        return False

    def _find_strays(self, known: set[int]) -> None:
        """Mentions that are no expansions here: in single quotes, in a program, behind a backslash."""
        for match in _MENTION.finditer(self.placer.text):
            if match[1] in self.strays and match.start() not in known:
                spot = self.placer.spot((match.start(), match.end()))
                if spot.context.where != "comment":
                    self.strays[match[1]].append(match.start())

    def everywhere(self, name: str) -> Uses:
        """The uses of an assigned variable."""
        key = name.encode()
        hidden = self.hidden or key in self.exported | self.appended or name in self.placer.environment
        uses = Uses(other=hidden or bool(self.strays[key]))
        for part, spot, context in self.uses[key]:
            self._judge(uses, part, spot, context)
        return uses

    def in_loop(self, name: str, loop: Command, everywhere: Uses) -> Uses:
        """The uses of a loop variable in the body of its loop; it keeps its last value, so all other uses count too."""
        key = name.encode()
        uses = Uses(other=everywhere.other)
        if loop.body is None:
            return Uses(other=True)
        low, high = loop.body
        for positions in (self.strays[key], self.sets[key]):
            at = bisect_left(positions, low)
            uses.other = uses.other or (at < len(positions) and positions[at] < high)
        inside = self.uses[key]
        at = bisect_left(inside, low, key=lambda use: use[0].start)
        end = bisect_left(inside, high, key=lambda use: use[0].start)
        uses.other = uses.other or end - at > MOST_USES
        for part, spot, context in inside[at : min(end, at + MOST_USES)]:
            self._judge(uses, part, spot, context)
        return uses

    def _judge(self, uses: Uses, part: Part, spot: Spot, context: Context) -> None:
        name = part.name.decode()
        operator = part.operator
        if self._is_neutral(name, operator, spot):
            return
        if operator in (b"", b":?", b"?", *DEFAULTS):
            judge(uses, context)
        else:
            uses.other = True
            if operator not in (b"[", b"!", b":+", b"+"):
                uses.add("taken-apart")
        if spot.command and self._is_cut(spot):
            uses.other = True
            uses.add("taken-apart")

    def _is_neutral(self, name: str, operator: bytes, spot: Spot) -> bool:
        """`NAME=${NAME:-…}`, `: "${NAME:=…}"`, `[ -z "$NAME" ]`."""
        where, command = spot.context.where, spot.command
        if where == f"assignment:{name}":
            return operator in DEFAULTS
        if where == "argument::":
            return operator in (*DEFAULTS, b":?", b"?")
        if where != "pattern" or command is None or spot.role != "word" or not 2 <= len(command.words) <= 4:
            return False
        words = [self.placer.text[word.start : word.end] for word in command.words]
        words = [word for word in words if word not in (b"[", b"]", b"[[", b"]]", b"test", b"!")]
        return len(words) == 2 and words[0] in (b"-n", b"-z")

    def _is_cut(self, spot: Spot) -> bool:
        """The value is written to a command that takes text apart."""
        command = spot.command
        if command is None:
            return False
        reader = command if spot.role == "redirect" else command.next
        return reader is not None and reader.kind == "simple" and self.placer.call(reader).name in _CUTTERS
