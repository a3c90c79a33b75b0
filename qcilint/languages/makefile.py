"""Makefiles (GNU make): assignments, recipes as nested shell, functions, conditionals.

The units come from `make_lexer`. A recipe line is shell once `$$` is `$` and make's own variables are opaque.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from qcilint import languages
from qcilint.context import Context
from qcilint.languages.make_lexer import Expansion, Makefile, Unit, innermost, recipe_parts
from qcilint.languages.shell_variables import Uses, judge
from qcilint.languages.transports import TRANSPORT
from qcilint.view import Span, View

LANGUAGE = "make"
MATCHING = frozenset((b"subst", b"patsubst", b"filter", b"filter-out", b"findstring", b"wildcard"))
"""Functions whose arguments are patterns or text to match (GNU make manual, 8.2)."""
MESSAGES = frozenset((b"info", b"warning", b"error"))
_EDGE = re.compile(rb"[ \t]*(?P<quote>[\"']?)(?:%s)?" % TRANSPORT)
_MENTION = re.compile(rb"(?<!\$)(?:\$\$)*(\$[({]([A-Za-z0-9_.-]+)[)}:])")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(slots=True)
class Spot:
    """Where one span stands; `script` is the shell text around it."""

    context: Context
    unit: Unit | None = None
    script: Span | None = None


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a makefile."""
    placer = _Placer(Makefile(text))
    spots = [placer.spot(span) for span in spans]
    found = placer.resolve(spans, spots)
    return _labelled(placer, spots, found)


class _Placer:
    def __init__(self, makefile: Makefile) -> None:
        self.makefile = makefile
        self.text = makefile.text
        self._expansions: dict[int, list[Expansion]] = {}

    def expansions(self, unit: Unit) -> list[Expansion]:
        found = self._expansions.get(unit.start)
        if found is None:
            found = self._expansions[unit.start] = self.makefile.expansions(unit.start, unit.end)
        return found

    def spot(self, span: Span) -> Spot:
        unit = self.makefile.unit(span[0])
        if unit is None:
            return Spot(Context("text", LANGUAGE, whole=False))
        if unit.kind == "comment":
            return Spot(Context("comment", LANGUAGE), unit)
        return self._in_function(unit, span) or self._in_unit(unit, span)

    def _in_unit(self, unit: Unit, span: Span) -> Spot:
        whole = self._is_whole(unit.start, unit.end, span)
        if unit.kind == "recipe":
            outer = Context(f"assignment:{unit.name}" if unit.name else "recipe", LANGUAGE, whole=False)
            return Spot(outer, unit, (unit.start, unit.end))
        if unit.kind == "assignment":
            context = Context(f"assignment:{unit.name}", LANGUAGE, whole=whole)
            return Spot(context, unit, (unit.start, unit.end) if unit.shell else None)
        if unit.kind == "condition":
            return Spot(Context("pattern", LANGUAGE, whole=False), unit)
        return Spot(Context("text", LANGUAGE, whole=whole), unit)

    def _in_function(self, unit: Unit, span: Span) -> Spot | None:
        """The spot of a span in an expansion that decides what it is."""
        expansion = innermost(self.expansions(unit), span)
        first = expansion
        while expansion is not None:
            name = expansion.function
            whole = self._is_whole(*self._argument(expansion, span), span)
            if name == b"call" and expansion.commas and span[0] > expansion.commas[0]:
                function = self.text[expansion.start + 6 : expansion.commas[0]].strip().decode("utf-8", "replace")
                return Spot(Context(f"call:{function}", LANGUAGE, self._labels(unit), whole=whole), unit)
            if name == b"shell":
                script = (expansion.start + 8, max(expansion.start + 8, expansion.end - 1))
                return Spot(self._in_unit(unit, span).context, unit, script)
            if name in MATCHING or expansion.colon == expansion.start + 2 + len(name):
                return Spot(Context("pattern", LANGUAGE, self._labels(unit), whole=False), unit)
            if name in MESSAGES:
                return Spot(Context("text", LANGUAGE, self._labels(unit), whole=whole), unit)
            expansion = expansion.parent
        if first is None:
            return None
        spot = self._in_unit(unit, span)
        if spot.script is not None and unit.kind == "recipe":
            return Spot(Context("text", LANGUAGE, self._labels(unit), whole=False), unit)
        alone = first.parent is None and self._is_whole(unit.start, unit.end, (first.start, first.end))
        whole = alone and self._is_whole(*self._argument(first, span), span) and first.function in (b"or", b"if", b"strip")
        return Spot(Context(spot.context.where, LANGUAGE, spot.context.labels, whole=whole), unit)

    @staticmethod
    def _labels(unit: Unit) -> tuple[str, ...]:
        labels = {"recipe": ("recipe",), "assignment": (f"assignment:{unit.name}",)}
        return labels.get(unit.kind, ())

    @staticmethod
    def _argument(expansion: Expansion, span: Span) -> Span:
        """The argument of a function around a span."""
        start = expansion.start + 2 + len(expansion.function)
        end = expansion.end - 1
        at = bisect_left(expansion.commas, span[0])
        if at:
            start = expansion.commas[at - 1] + 1
        return start, expansion.commas[at] if at < len(expansion.commas) else end

    def _is_whole(self, start: int, end: int, span: Span) -> bool:
        if span[0] < start or end < span[1] or span[0] - start > 100 or end - span[1] > 100:
            return False
        before = _EDGE.fullmatch(self.text, start, span[0])
        return before is not None and self.text[span[1] : end].strip() == before["quote"]

    def resolve(self, spans: Sequence[Span], spots: Sequence[Spot]) -> list[Context]:
        """The contexts of spots, those in recipes and `$(shell …)` read as shell."""
        found = [spot.context for spot in spots]
        groups: dict[Span, list[int]] = {}
        for index, spot in enumerate(spots):
            if spot.script is not None:
                groups.setdefault(spot.script, []).append(index)
        for script, indices in groups.items():
            view = self._shell(*script)
            inner = languages.nested("shell", view, [spans[i] for i in indices], [found[i] for i in indices])
            for index, context in zip(indices, inner, strict=True):
                found[index] = context
        return found

    def _shell(self, start: int, end: int) -> View:
        expansions = self.makefile.expansions(start, end)
        return View.build(recipe_parts(self.text, start, end, self.makefile.prefix, expansions))


def _labelled(placer: _Placer, spots: Sequence[Spot], found: list[Context]) -> list[Context]:
    """The contexts, with what becomes of the variables that hold the references."""
    wanted = {spot.unit.name.encode() for spot in spots if spot.unit and _assigns(spot)}
    if not wanted:
        return found
    uses = _uses(placer, wanted)
    result: list[Context] = []
    for spot, context in zip(spots, found, strict=True):
        if _assigns(spot) and spot.unit:
            use = uses[spot.unit.name.encode()]
            only = use.pulled and not use.other
            context = context.adding(*(("only-pulled",) if only else ()), *use.labels)
        result.append(context)
    return result


def _assigns(spot: Spot) -> bool:
    return spot.unit is not None and spot.script is None and spot.context.where == f"assignment:{spot.unit.name}"


def _uses(placer: _Placer, wanted: set[bytes]) -> dict[bytes, Uses]:
    """What becomes of each wanted variable in this makefile."""
    makefile, text = placer.makefile, placer.text
    uses = {name: Uses(other=makefile.exports_all) for name in wanted}
    for unit in makefile.units:
        if unit.exported and unit.name.encode() in wanted:
            uses[unit.name.encode()].other = True
    mentions: list[tuple[bytes, Span]] = []
    around: Unit | None
    named: set[int] = set()
    end = 0
    for match in _MENTION.finditer(text):
        if match[2] not in wanted:
            continue
        named.add(match.start(2))
        around = makefile.unit(match.start(1))
        if around is None or around.kind == "comment":
            continue
        if match[1].endswith(b":"):
            uses[match[2]].other = True
            uses[match[2]].add("taken-apart")
        elif match.start(1) >= end:
            end = match.end(1)
            mentions.append((match[2], (match.start(1), end)))
    spans = [span for _, span in mentions]
    spots = [placer.spot(span) for span in spans]
    for (name, _), context in zip(mentions, placer.resolve(spans, spots), strict=True):
        judge(uses[name], context)
    _other_mentions(placer, uses, named)
    return uses


def _other_mentions(placer: _Placer, uses: dict[bytes, Uses], named: set[int]) -> None:
    """A name that stands alone may be an export, a variable of the shell or of a sub-make: it counts against."""
    for match in _WORD.finditer(placer.text):
        if match[0] in uses and match.start() not in named:
            unit = placer.makefile.unit(match.start())
            if unit is None or unit.kind in ("comment", "condition") or _is_ifdef(placer.text, unit):
                continue
            uses[match[0]].other = True


def _is_ifdef(text: bytes, unit: Unit) -> bool:
    return unit.kind == "text" and re.match(rb"[ \t]*(?:else[ \t]+)?ifn?def\b", text[unit.start : unit.start + 40]) is not None
