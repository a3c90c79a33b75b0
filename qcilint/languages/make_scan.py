"""Finds every mention of a variable in a makefile: takes its text, gives where each stands and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.languages.make_functions import NAMING, PLAIN, arguments, excerpt, is_function, stripped, variable
from qcilint.languages.make_lexer import Expansion, innermost
from qcilint.languages.make_mentions import Call, Loop, Mention, Mentions, Region, effect, regions
from qcilint.languages.makefile import Placer
from qcilint.view import Span

LATER = "expanded later, by the shell or by $(eval …)"
_OPENING = re.compile(rb"\$\$|\$[({]")
_RUN = re.compile(rb"\$+")
_LATER = re.compile(
    rb"[({][ \t]*(?:(?:call|value|origin|flavor)[ \t]+)?[#!]?(?P<inner>[^\s(){}$,:=#!\"'/]+)[)}]?"
    rb"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
)
_LATER_NAMES = (
    re.compile(rb"[({](?P<name>(?:[^\s(){}$]|\$?[({][^\s(){}]*[)}]|\$(?![({]))*)[)}]"),
    re.compile(rb"[({][ \t]*(?:call|value)[ \t]+(?P<name>[^\s,]*)"),
)
_IDENTIFIER = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_COMPUTED = "a part of a computed name"


def mentions(placer: Placer) -> Mentions:
    """All mentions of a makefile, comments apart, in order."""
    scan = _Scan(placer)
    for region in regions(placer):
        scan.read(region)
    for mention in scan.result.found:
        if mention.owner and mention.owner in scan.result.broken and mention.kind != "other":
            mention.kind, mention.note, mention.is_listed = "other", "not understood", False
    for call in scan.result.calls:
        call.is_plain = call.is_plain and (call.unit is None or not call.unit.name or call.unit.name not in scan.result.broken)
    scan.result.found.sort(key=lambda mention: mention.start)
    return scan.result


class _Scan:
    """Reads the regions of one makefile."""

    def __init__(self, placer: Placer) -> None:
        self.text = placer.text
        self.result = Mentions()
        self.region = Region(0, 0, None, [])
        self.taken: set[int] = set()
        """Where variables begin that are a part of a use which is already known."""

    def read(self, region: Region) -> None:
        self.region = region
        self.taken.clear()
        opened = sum(token[0] != b"$$" for token in _OPENING.finditer(self.text, region.start, region.end))
        if opened > len(region.expansions) and self.result.too_deep is None:
            self.result.too_deep = region.start
        for expansion in region.expansions:
            if not expansion.is_closed and region.unit is not None:
                self.result.broken.add(region.unit.name)
            self._expansion(expansion)
        for run in _RUN.finditer(self.text, region.start, region.end):
            if (run.end() - run.start()) % 2:
                self._letter(run.end() - 1)
            else:
                self._later(run)

    def _add(self, name: str | bytes, span: Span, around: Expansion | None, effects: tuple[str, str]) -> Mention:
        name = name if isinstance(name, str) else name.decode("utf-8", "replace")
        mention = Mention(name, *span, *effects, self.region.unit, around)
        self.result.found.append(mention)
        return mention

    def _effect(self, expansion: Expansion) -> tuple[str, str]:
        """What becomes of the value of an expansion."""
        at = expansion.start
        before = self.text[max(self.region.start, at - 3) : at]
        if before.endswith((b"$", b"$${")):
            return "other", _COMPUTED
        return effect(expansion.parent, at, self.region.unit, self.text)

    def _expansion(self, expansion: Expansion) -> None:
        text, name = self.text, expansion.function
        after = expansion.start + 2 + len(name)
        if is_function(expansion, text):
            self._function(expansion)
        elif variable(expansion):
            self._variable(expansion)
        elif name and (expansion.colon == after or after >= expansion.end or text[after : after + 1].isspace()):
            found = "other", "not understood"
            if expansion.colon == after and expansion.is_closed:
                found = "apart", f"taken apart with {excerpt(expansion, text)}"
            outer = self._effect(expansion)
            self._add(name, (expansion.start, expansion.end), expansion.parent, outer if outer[0] == "other" else found)
            if name.endswith(b"\\"):
                self.result.computed.append(("", "", expansion.start))
        elif name or text[after : after + 1] not in (b")", b"}"):
            self._computed((expansion.start + 2, expansion.colon if expansion.colon >= 0 else expansion.end - 1))

    def _variable(self, expansion: Expansion) -> None:
        if expansion.start in self.taken:
            return
        mention = self._add(variable(expansion), (expansion.start, expansion.end), expansion.parent, self._effect(expansion))
        mention.is_listed = self._is_listed(expansion) and mention.kind == "plain"

    def _is_listed(self, expansion: Expansion) -> bool:
        """Whether an expansion is a word of the list of a loop."""
        loop = expansion.parent
        if loop is None or loop.function != b"foreach" or not is_function(loop, self.text) or len(loop.commas) < 2:
            return False
        start, end = arguments(loop)[1]
        before, after = self.text[max(start, expansion.start - 1) : expansion.start], self.text[expansion.end : expansion.end + 1]
        return start <= expansion.start < end and not before.strip() and (not after.strip() or expansion.end == end)

    def _function(self, expansion: Expansion) -> None:
        name, result = expansion.function, self.result
        spans = arguments(expansion)
        first = stripped(spans[0], self.text)
        if name == b"call" and not expansion.is_closed:
            self._add(self.text[slice(*first)], first, expansion, ("other", "called as a function"))
        elif name == b"call":
            self._call(expansion, first, spans[1:])
        elif name == b"foreach":
            if expansion.is_closed and len(spans) == 3:
                self._loop(expansion, first, spans[1])
        elif name == b"let":
            result.bound += [(each.decode("utf-8", "replace"), expansion.start) for each in self.text[slice(*first)].split()]
        elif name in (b"eval", b"guile"):
            result.evals.append(expansion)
        elif name in NAMING:
            if b"$" in self.text[slice(*first)]:
                self._computed(first)
            else:
                self._add(self.text[slice(*first)], first, expansion, NAMING[name])
        elif whole := self._whole(expansion, spans):
            self._whole_use(expansion, *whole)

    def _call(self, expansion: Expansion, first: Span, rest: list[Span]) -> None:
        name = self.text[slice(*first)]
        if b"$" in name or b"\\" in name:
            self._computed(first)
        else:
            is_plain = effect(expansion.parent, expansion.start, self.region.unit, self.text, b"call") == PLAIN
            called = name.decode("utf-8", "replace")
            self.result.calls.append(Call(called, rest, expansion, self.region.unit, is_plain))
            self._add(name, first, expansion, ("other", "called as a function")).is_call = True

    def _loop(self, expansion: Expansion, first: Span, words: Span) -> None:
        name = self.text[slice(*first)]
        if b"$" in name or b"\\" in name:
            self._computed(first)
        else:
            self.result.loops.append(Loop(name.decode("utf-8", "replace"), expansion, words))

    def _computed(self, span: Span) -> None:
        """A name that is put together: what it begins and ends with."""
        name = self.text[slice(*span)]
        last = max(name.rfind(b")"), name.rfind(b"}"), name.rfind(b"$") + 1 if b"$" in name else -1)
        prefix = name[: name.find(b"$")] if b"$" in name else b""
        suffix = b"" if b"\\" in name else name[last + 1 :]
        prefix = b"" if b"\\" in name else prefix
        self.result.computed.append((prefix.decode("utf-8", "replace"), suffix.decode("utf-8", "replace"), span[0]))

    def _exact(self, span: Span) -> Expansion | None:
        """The variable that a span is, and no more."""
        found = self.region.by_start.get(span[0])
        return found if found is not None and found.end == span[1] and variable(found) else None

    def _whole(self, expansion: Expansion, spans: Sequence[Span]) -> tuple[list[Expansion], Span | None] | None:
        """The variables and the default of `$(or $(V),d)`, `$(if $(V),$(V),d)` and `$(strip $(V))`; 8.4 says what is stripped."""
        name = expansion.function
        wanted = {b"or": 2, b"if": 3, b"strip": 1}.get(name)
        if wanted != len(spans) or not expansion.is_closed:
            return None
        inner = [self._exact(stripped(spans[0], self.text))]
        if name == b"if":
            inner.append(self._exact(spans[1]))
        known = [each for each in inner if each is not None]
        if len(known) < len(inner) or len({variable(each) for each in known}) > 1:
            return None
        if name == b"strip":
            return known, None
        default = stripped(spans[-1], self.text)
        usable = default[0] < default[1] and (name == b"or" or default == spans[-1])
        return (known, default) if usable else None

    def _whole_use(self, expansion: Expansion, inner: Sequence[Expansion], default: Span | None) -> None:
        self.taken.update(each.start for each in inner)
        span = (expansion.start, expansion.end)
        mention = self._add(variable(inner[0]), span, expansion.parent, self._effect(expansion))
        mention.default = default
        self.result.whole.add(span)

    def _letter(self, at: int) -> None:
        """`$X`, a variable of one letter (6.1)."""
        name = self.text[at + 1 : at + 2]
        if at + 1 >= self.region.end or name in (b"(", b"{") or name.isspace():
            return
        span = (at, at + 2)
        around = innermost(self.region.expansions, span)
        before = self.text[max(self.region.start, at - 3) : at]
        hidden = before.endswith((b"$", b"$${"))
        self._add(name, span, around, ("other", _COMPUTED) if hidden else effect(around, at, self.region.unit, self.text))

    def _later(self, run: re.Match[bytes]) -> None:
        """`$$NAME`, `$${NAME}` or `$$(NAME)`."""
        unit = self.region.unit
        if unit is None or unit.kind != "recipe" or unit.name:
            for pattern in _LATER_NAMES:
                found = pattern.match(self.text, run.end(), self.region.end)
                if found and b"$" in found["name"]:
                    self._computed(found.span("name"))
        match = _LATER.match(self.text, run.end(), self.region.end)
        if match is None:
            return
        span = (run.end() - 2, match.end())
        around = innermost(self.region.expansions, span)
        name = match["word"] or match["inner"]
        shell = _IDENTIFIER.match(name)
        for each in dict.fromkeys((name, shell[0] if shell else name)):
            self._add(each, span, around, ("other", LATER)).is_later = True
