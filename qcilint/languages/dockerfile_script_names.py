"""Names in what RUN, CMD, ENTRYPOINT and HEALTHCHECK run: takes a script, gives every mention of the wanted names.

The shell expands `$NAME` there from its environment, which holds the values of ENV, and in RUN those of ARG too.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from qcilint import lazy as re
from qcilint.languages.dockerfile_expansions import Mention, taken_apart
from qcilint.languages.shell import DEFAULTS, Placer, Spot
from qcilint.languages.shell_lexer import shell
from qcilint.languages.shell_syntax import Part
from qcilint.view import Span

_NAMED = re.compile(rb"\$\{([A-Za-z_][A-Za-z0-9_]*+)\}|\$?([A-Za-z_][A-Za-z0-9_]*+)")
_HEADS = (b"${", b"${#", b"${!")
_ASSIGNED = re.compile(rb"(?<![A-Za-z0-9_${])([A-Za-z_][A-Za-z0-9_]*+)(?:\[[^\]\n]{0,100}\])?\+?=(?!=)")
_SOURCES = re.compile(
    rb"(?:^|[;&|({`!\"']|\b(?:then|do|else|if|elif|while|until|builtin|command|eval))[ \t]*(?:source|\.|eval)[ \t]+[^\s;&|)=]",
    re.M,
)
"""Text that is not seen here is run in this shell (bash manual, 4.1): it may set any name."""
_CUTTERS = ("cut", "awk", "gawk", "sed", "tr", "grep", "egrep", "read")
_CUTS = re.compile(rb"\b(?:cut|g?awk|sed|tr|e?grep|read|IFS)\b|[#%]")
_MOST_PIPED = 5


def literal_mentions(text: bytes, wanted: Container[bytes], note: str) -> Iterator[Mention]:
    """Every mention in a text that no shell is known to read: all are of kind `other`."""
    for match in _NAMED.finditer(text):
        name = match[1] or match[2]
        if name in wanted:
            yield Mention(name, *match.span(), "other", note)


def script_mentions(text: bytes, wanted: Container[bytes]) -> Iterator[Mention]:
    """Every mention in a script of a POSIX shell."""
    if not any((match[1] or match[2]) in wanted for match in _NAMED.finditer(text)):
        return
    placer = Placer(shell(text))
    if placer.shell.flawed:
        yield from literal_mentions(text, wanted, "not understood")
        return
    reader = _Reader(placer, {match[1] for match in _ASSIGNED.finditer(text)})
    parts = {part.start: part for part in placer.shell.parameters if part.name in wanted}
    for part in parts.values():
        yield reader.mention(part)
    for match in _NAMED.finditer(text):
        name, start = match[1] or match[2], match.start()
        head = next((head for head in _HEADS if text.endswith(head, max(0, start - 3), start)), b"")
        if name in wanted and start - len(head) not in parts and not reader.is_harmless(match.span(), name):
            note = "not expanded by this shell" if head or text[start : start + 1] == b"$" else "named without a $"
            yield Mention(name, start - len(head), match.end(), "other", note)


class _Reader:
    """Says what a script does with names."""

    def __init__(self, placer: Placer, assigned: set[bytes]) -> None:
        self.placer = placer
        self.text = placer.text
        self.assigned = assigned
        source = _SOURCES.search(placer.text)
        self.sourced = source.start() if source else len(placer.text)
        self._cutting: dict[int, bool] = {}

    def is_harmless(self, span: Span, name: bytes) -> bool:
        """A mention in a comment, or `NAME=`: after that all uses of the name are of kind `other`."""
        match = _ASSIGNED.match(self.text, span[0])
        if match and match[1] == name:
            return True
        return self.placer.spot(span).context.where == "comment"

    def mention(self, part: Part) -> Mention:
        """What an expansion is."""
        name, start, end, operator = part.name, part.start, part.end, part.operator
        if name in self.assigned:
            return Mention(name, start, end, "other", "the command sets it itself")
        if start > self.sourced:
            return Mention(name, start, end, "other", "the command runs other text first, which may set it")
        if operator in (b"!", b"+", b":+"):
            return Mention(name, start, end, "other", "not understood")
        if operator not in (b"", b"?", b":?", *DEFAULTS):
            return Mention(name, start, end, "apart", taken_apart(self.text, start, end))
        cut = self._cut(self.placer.spot((start, end)))
        kind = "apart" if cut else "plain"
        if operator not in DEFAULTS:
            return Mention(name, start, end, kind, cut)
        word = (part.argument, max(part.argument, end - 1))
        value = None if re.search(rb"['\"\\`$]", self.text[slice(*word)]) else word
        return Mention(name, start, end, kind, cut, defaults=True, value=value)

    def _cut(self, spot: Spot) -> str:
        """How the value is taken apart where it stands, or nothing."""
        if spot.context.where == "pattern":
            return "matched against"
        if spot.nested is not None and spot.role != "heredoc" and self._is_cutting(spot.nested.start, spot.nested.end):
            return "part of a program that may take it apart"
        command = spot.command
        for _ in range(_MOST_PIPED):
            if command is None or command.kind != "simple":
                break
            name = self.placer.call(command).name
            if name in _CUTTERS:
                return f"given to `{name}`"
            command = command.next
        return ""

    def _is_cutting(self, start: int, end: int) -> bool:
        if start not in self._cutting:
            self._cutting[start] = bool(_CUTS.search(self.text, start, end))
        return self._cutting[start]
