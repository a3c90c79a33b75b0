"""What may set or use variables of a makefile without naming them plainly: exports, included makefiles, `$(eval …)`,
computed names, other runs of make. Sources: GNU make manual, 3.3, 5.7, 6.8 to 6.13, 8.9 and 9.5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.bindings import Use
from qcilint.languages.make_lexer import Unit
from qcilint.languages.make_mentions import Mentions
from qcilint.languages.make_values import Entry, Values
from qcilint.languages.makefile import Placer
from qcilint.view import Span

EXPORTED = "exported: other programs may use it"
_EVAL = re.compile(rb"\$[({](?:eval|guile)\b")
_EXPORT = re.compile(rb"[ \t]*(?:(?:override|private)[ \t]+)*export(?=\s|\Z)")
_INCLUDE = re.compile(rb"^[ \t]*(?:-?include|sinclude|-?load)\b", re.M)
_UNDEFINE = re.compile(rb"[ \t]*(?:override[ \t]+)?undefine[ \t]+(.*\S)", re.S)
_IFDEF = re.compile(rb"[ \t]*(?:else[ \t]+)?ifn?def[ \t]+([^\s$]+)[ \t\r]*\Z")
_CONDITIONAL = re.compile(rb"[ \t]*(?:else|endif|ifn?def)\b")
_DEFINE = re.compile(rb"[ \t]*(?:(?:export|override|private)[ \t]+)*(?:un)?define[ \t]+(\S+)")
_STRAY = re.compile(rb"[ \t]*(?:(?:export|override|private)[ \t]+)*([^\s:?+!=#$]+)[ \t]*[:?+!]{0,3}=")
_MAKE = re.compile(rb"\$[({]MAKE[)}]|(?<![\w./$({-])g?make(?![\w./=-])")
_SEPARATOR = re.compile(rb"(?:&&|\|\||;|\|)(?=[\s\\]|\Z)|(?<!\\)\n")
_GIVEN = re.compile(rb"(?<![\w.$({-])([A-Za-z_][\w.-]*)[:?+]?=(\S*)")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FLAGS = ("MAKEFLAGS", "MAKEOVERRIDES", "GNUMAKEFLAGS")
_MOST_PATTERNS = 50


class MakeCall(NamedTuple):
    """A command that runs make."""

    start: int
    end: int
    at: int
    """Where the word "make" stands."""


def make_calls(placer: Placer, unit: Unit) -> list[MakeCall]:
    """The commands of a recipe that run make."""
    text, start = placer.text, unit.start
    found: list[MakeCall] = []
    if not _MAKE.search(text, unit.start, unit.end):
        return []
    ends = [match.start() for match in _SEPARATOR.finditer(text, unit.start, unit.end)]
    for end in [*ends, unit.end]:
        if match := _MAKE.search(text, start, end):
            found.append(MakeCall(start, end, match.start()))
        start = end
    return found


class Reach:
    """What reaches the variables of one makefile."""

    def __init__(self, placer: Placer, found: Mentions, values: Values) -> None:
        self.placer, self.text, self.values = placer, placer.text, values
        self.exported = {each.name for each in placer.makefile.assigned if b"export" in each.modifiers}
        self.exports_all = False
        self.caveats: list[str] = []
        self.bars: dict[str, str] = {}
        self.patterns: dict[tuple[str, str], str] = {}
        self.tests: dict[str, list[Use]] = {}
        for prefix, suffix, at in found.computed:
            self.patterns.setdefault((prefix, suffix), f"{values.line(at)} may use it by a computed name")
        for name, at in found.bound:
            self.bars.setdefault(name, f"{values.line(at)} binds it with $(let …)")
        if found.too_deep is not None:
            self.patterns["", ""] = f"{values.line(found.too_deep)} nests expansions too deep to be told apart"
        self._evaluated(found)
        self._read_units()

    def is_exported(self, name: str) -> bool:
        """Whether programs that recipes run get a variable in their environment."""
        return name in self.exported or (self.exports_all and _IDENTIFIER.fullmatch(name) is not None)

    def reason(self, name: str) -> str:
        """Why nothing can be said of a variable, if that is so."""
        return self.bars.get(name) or self.computed(name)

    def computed(self, name: str) -> str:
        """Where a name may be put together, if it may."""
        if len(self.patterns) > _MOST_PATTERNS:
            return "too many names are computed"
        matching = (why for (prefix, suffix), why in self.patterns.items() if name.startswith(prefix) and name.endswith(suffix))
        return next(matching, "")

    def touch(self, entry: Entry) -> None:
        """Note on a variable what reaches it."""
        if reason := self.reason(entry.name):
            entry.bar(reason)
        entry.uses += self.tests.get(entry.name, [])
        if self.is_exported(entry.name):
            entry.warn(EXPORTED)
        for caveat in self.caveats:
            entry.warn(caveat)

    def _warn(self, caveat: str) -> None:
        if caveat not in self.caveats:
            self.caveats.append(caveat)

    def _set(self, name: bytes, reason: str) -> None:
        """A variable is set here in a way that is not followed."""
        if b"$" in name:
            tail = name[max(name.rfind(b")"), name.rfind(b"}"), name.rfind(b"$") + 1) + 1 :]
            key = name[: name.find(b"$")].decode("utf-8", "replace"), tail.decode("utf-8", "replace")
            self.patterns.setdefault(key, reason.replace("sets it", "may set it by a computed name"))
        else:
            self.bars.setdefault(name.decode("utf-8", "replace"), reason)

    # ── $(eval …) ────────────────────────────────────────────────────────────────────────────────────────────

    def _evaluated(self, found: Mentions) -> None:
        for each in self.placer.makefile.assigned:
            if "$" in each.name:
                self._set(each.name.encode(), f"{self.values.line(each.start)} sets it")
        if not _EVAL.search(self.text):
            return
        self._warn("$(eval …) may use it or set it")
        spans = [(each.start + 2 + len(each.function), each.end - 1) for each in found.evals]
        spans += [(each.start, each.end) for each in self.placer.makefile.assigned]
        for span in spans:
            if _INCLUDE.search(self.text[slice(*span)]):
                self._warn("an included makefile may use it")
            for name, at in self._assigned_in(span):
                self._set(name, f"{self.values.line(at)} sets it through $(eval …)")

    def _assigned_in(self, span: Span) -> Iterator[tuple[bytes, int]]:
        """What the lines of a text would set if make read them."""
        at = span[0]
        for line in self.text[slice(*span)].split(b"\n"):
            if match := _DEFINE.match(line):
                yield match[1], at
            head, equals, _ = line.partition(b"=")
            is_shell = line.startswith(self.placer.makefile.prefix) and head[-1:] not in (b" ", b"\t", b":", b"?", b"+", b"!")
            words = head.rstrip(b":?+! \t").replace(b":", b" ").split()
            if equals and words and not is_shell:
                yield words[-1], at
            at += len(line) + 1

    # ── lines ────────────────────────────────────────────────────────────────────────────────────────────────

    def _read_units(self) -> None:
        ended = False
        for unit in self.placer.makefile.units:
            if unit.kind == "text":
                ended = ended or (self._is_line(unit) and not _CONDITIONAL.match(self.text, unit.start, unit.end))
                self._line(unit)
            elif unit.kind == "rule":
                ended = False
                self.exports_all |= self.text[unit.start : unit.end].lstrip().startswith(b".EXPORT_ALL_VARIABLES")
            elif unit.kind == "recipe":
                self._recipe(unit, is_stray=ended and not unit.name)
        for each in self.placer.makefile.assigned:
            if each.name in _FLAGS:
                self._given((each.start, each.end))

    def _is_line(self, unit: Unit) -> bool:
        """Whether a unit is a line of its own, not what stands in front of an assignment."""
        return self.text[unit.end : unit.end + 1] in (b"", b"\n", b"\r", b"#")

    def _line(self, unit: Unit) -> None:
        raw = self.text[unit.start : unit.end]
        if (match := _EXPORT.match(raw)) and self._is_line(unit):
            names = raw[match.end() :].split()
            self.exports_all = self.exports_all or not names or b"$" in raw
            self.exported |= {name.decode("utf-8", "replace") for name in names}
        elif _INCLUDE.match(raw):
            self._warn("an included makefile may use it")
        elif match := _UNDEFINE.match(raw):
            self._set(match[1], f"{self.values.line(unit.start)} sets it to nothing")
        elif match := _IFDEF.match(raw):
            span = (unit.start + match.start(1), unit.start + match.end(1))
            name = match[1].decode("utf-8", "replace")
            self.tests.setdefault(name, []).append(Use(*span, "apart", "tested for being set"))

    def _recipe(self, unit: Unit, *, is_stray: bool) -> None:
        match = _STRAY.match(self.text, unit.start, unit.end) if is_stray else None
        if match:
            self._set(match[1], f"{self.values.line(unit.start)} sets it, or is a command of a recipe")
        for call in make_calls(self.placer, unit):
            self._given((call.start, call.end))

    def _given(self, span: Span) -> None:
        """Variables that a command gives to another make (9.5)."""
        for match in _GIVEN.finditer(self.text, *span):
            name, value = match[1], match[2].strip(b"\"'")
            if value not in (b"$(%s)" % name, b"${%s}" % name):
                self._set(name, f"{self.values.line(match.start())} sets it for another make")
