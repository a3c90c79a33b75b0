"""Makefiles (GNU make): assignments, recipes as nested shell, functions, conditionals.

The units come from `make_lexer`. A recipe line is shell once `$$` is `$` and make's own variables are opaque.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from qcilint import languages
from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.make_lexer import Expansion, Makefile, Unit, innermost, recipe_parts
from qcilint.languages.shell_remote import remote_values, runs_elsewhere
from qcilint.languages.transports import TRANSPORT
from qcilint.records import dataclass
from qcilint.view import Span, View

LANGUAGE = "make"
MATCHING = frozenset((b"subst", b"patsubst", b"filter", b"filter-out", b"findstring", b"wildcard"))
"""Functions whose arguments are patterns or text to match (GNU make manual, 8.2)."""
MESSAGES = frozenset((b"info", b"warning", b"error"))
_MENTION = re.compile(rb"\$[({]([A-Za-z_][\w.-]*)[)}]")
_EDGE = re.compile(rb"[ \t]*(?P<quote>[\"']?)(?:%s)?" % TRANSPORT)


@dataclass(slots=True)
class Spot:
    """Where one span stands; `script` is the shell text around it."""

    context: Context
    unit: Unit | None = None
    script: Span | None = None


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a makefile."""
    from qcilint.languages.make_variables import labelled

    placer = Placer(Makefile(text))
    spots = [placer.spot(span) for span in spans]
    found = placer.resolve(spans, spots)
    return labelled(placer, spots, found)


class Placer:
    """Finds the unit and the role of byte ranges of one makefile."""

    def __init__(self, makefile: Makefile) -> None:
        self.makefile = makefile
        self.text = makefile.text
        self._expansions: dict[int, list[Expansion]] = {}
        values = [(unit.name, self.text[unit.start : unit.end]) for unit in makefile.units if unit.kind == "assignment"]
        self.remote = remote_values(values) if runs_elsewhere(self.text) else frozenset()
        """Variables that hold a command like `ssh node podman`."""

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
            moved = self._remote_from(script)
            for index, context in zip(indices, inner, strict=True):
                elsewhere = spans[index][0] > moved and context.where.startswith("command:")
                found[index] = context.adding("remote") if elsewhere else context
        return found

    def _remote_from(self, script: Span) -> int:
        """Where a script first names a variable that runs commands on another machine; its end where it does not."""
        for match in _MENTION.finditer(self.text, *script) if self.remote else ():
            if match[1].decode() in self.remote:
                return match.start()
        return script[1]

    def _shell(self, start: int, end: int) -> View:
        expansions = self.makefile.expansions(start, end)
        return View.build(recipe_parts(self.text, start, end, self.makefile.prefix, expansions))
