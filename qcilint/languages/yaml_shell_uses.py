"""What shell scripts in YAML do with variables of their environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.languages.shell import DEFAULTS, Placer, Spot
from qcilint.languages.shell_lexer import shell
from qcilint.languages.shell_syntax import Part
from qcilint.view import Span

Wanted = Callable[[str], bool]

_WORD = re.compile(rb"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]*")
_SETTERS = ("argument:read", "argument:loop", "argument:mapfile", "argument:readarray", "argument:getopts")
_DECLARES = ("argument:export", "argument:local", "argument:declare", "argument:typeset", "argument:readonly", "argument:unset")
_REQUIRES = (b":?", b"?")
_CUTTERS = ("cut", "awk", "gawk", "sed", "tr", "grep", "egrep", "read")
_PLAIN = re.compile(rb"(?:[A-Za-z0-9_./:@%+,=-]|\$[A-Za-z_][A-Za-z0-9_]*|\$\{[A-Za-z_][A-Za-z0-9_]*\})*+")
_MAX_NOTE = 60


class Mention(NamedTuple):
    """A mention of a variable at `start..end` of a script."""

    name: str
    start: int
    end: int
    at: int
    """Where the name itself stands."""
    kind: str = "plain"
    note: str = ""
    default: Span | None = None
    """Another value that stands in the mention."""
    barred: str = ""
    """What this line does with it that cannot be read off."""


class Script:
    """A script and where its comments are."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._placer = Placer(shell(text))

    def is_comment(self, start: int, end: int) -> bool:
        """Whether these bytes stand in a comment."""
        return self._placer.spot((start, end)).context.where == "comment"

    def mentions(self, wanted: Wanted) -> Iterator[Mention]:
        """Every mention of a wanted variable outside of comments."""
        known: set[int] = set()
        for part in self._placer.shell.parameters:
            name = part.name.decode()
            at = self.text.find(part.name, part.start, part.end)
            if wanted(name) and at not in known:
                known.add(at)
                yield self._expansion(name, part, at)
        for match in _WORD.finditer(self.text):
            if match.start() not in known and wanted(match[0].decode()):
                spot = self._placer.spot(match.span())
                if spot.context.where != "comment":
                    yield self._word(match, spot)

    def _expansion(self, name: str, part: Part, at: int) -> Mention:
        mention = Mention(name, part.start, part.end, at)
        shown = f"`{self.text[part.start : part.end][:_MAX_NOTE].decode('utf-8', 'replace')}`"
        if self._placer.shell.flawed:
            return mention._replace(kind="other", note="in a script that is not understood")
        if part.operator in (b":+", b"+", b"!"):
            return mention._replace(kind="other", note=f"{shown} does not give its value")
        if part.operator not in (b"", *_REQUIRES, *DEFAULTS):
            return mention._replace(kind="apart", note=f"taken apart with {shown}")
        if part.operator in DEFAULTS:
            mention = self._default(mention, (part.argument, part.end - 1))
        spot = self._placer.spot((part.start, part.end))
        if spot.context.where == "pattern":
            return mention._replace(kind="apart", note="compared with something")
        cutter = self._cutter(spot)
        return mention._replace(kind="apart", note=f"split by `{cutter}`") if cutter else mention

    def _default(self, mention: Mention, default: Span) -> Mention:
        if not _PLAIN.fullmatch(self.text, *default):
            return mention._replace(barred="gives it a default that is not understood")
        return mention._replace(default=default if default[1] > default[0] else None)

    def _cutter(self, spot: Spot) -> str:
        """The command that takes apart what is written to it."""
        command = spot.command
        reader = command if command is None or spot.role == "redirect" else command.next
        name = self._placer.call(reader).name if reader is not None and reader.kind == "simple" else ""
        return name if name in _CUTTERS else ""

    def _word(self, match: re.Match[bytes], spot: Spot) -> Mention:
        name, where = match[0].decode(), spot.context.where
        follows = self.text[match.end() : match.end() + 2]
        mention = Mention(name, *match.span(), match.start(), "other", "named by a script")
        assigned = follows.startswith(b"=") or follows == b"+="
        if where in _SETTERS or (assigned and (where == f"assignment:{name}" or where in _DECLARES)):
            return mention._replace(barred="sets it in a script")
        if where in _DECLARES:
            return mention._replace(note="declared anew by a script")
        if self.text[match.start() - 1 : match.start()] in (b"$", b"{") and match.start():
            return mention._replace(note="in text that the shell does not expand here")
        return mention
