"""What recipes and `$(shell …)` do with the variables of make that stand in them, and with the shell's that may be the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.make_lexer import Unit, recipe_parts
from qcilint.languages.make_mentions import Mention
from qcilint.languages.make_reach import MakeCall, Reach, make_calls
from qcilint.languages.makefile import Placer
from qcilint.languages.shell_lexer import shell
from qcilint.records import dataclass, field
from qcilint.view import Span, View

_CUT = re.compile(rb"[^;&\n]{0,200}?\|[ \t]*(cut|awk|gawk|sed|tr|grep|egrep|rev|head|tail|basename|dirname|xargs|read)\b")
_WRITERS = ("argument:echo", "argument:printf", "argument:cat")
_GIVEN = re.compile(rb"[A-Za-z_][\w.-]*=[^\s;|&]*\Z")
_NEAR = 200
_WORD = re.compile(rb"[A-Za-z_]\w*")
_BARE = re.compile(rb"(?<![\w$({.-])[A-Za-z_]\w*(?![\w.-])")
_SETTING = re.compile(rb"(?<![\w$({.-])([A-Za-z_]\w*)=|\bfor[ \t]+(\w+)[ \t]+in\b|\bread\b([^\n;|&]*)")
_COPIED = re.compile(rb"[\"']?\$(?:[({](\w+)[)}]|(\w))")


@dataclass(slots=True)
class _Recipe:
    """The variables of the shell that a recipe names."""

    bare: set[str] = field(default_factory=set)
    """Every word."""
    sets: dict[str, int] = field(default_factory=dict)
    """Those that it sets, and where first."""
    copies: set[str] = field(default_factory=set)
    """Those that it sets to make's variable of the same name."""


def settle(placer: Placer, found: Sequence[Mention], reach: Reach) -> list[Mention]:
    """The mentions, with what the shell does with them; those in comments of the shell are left out."""
    return _Settler(placer, reach).settle(found)


class _Settler:
    def __init__(self, placer: Placer, reach: Reach) -> None:
        self.placer, self.text, self.reach = placer, placer.text, reach
        self._makes: dict[int, list[MakeCall]] = {}
        self._parameters: dict[int, set[Span]] = {}
        self._recipes: dict[int, _Recipe] = {}

    def settle(self, found: Sequence[Mention]) -> list[Mention]:
        spans: list[Span] = []
        places: dict[int, int] = {}
        for mention in found:
            if mention.unit is not None and (mention.kind == "plain" or mention.is_later):
                if not spans or mention.start >= spans[-1][1]:
                    spans.append((mention.start, mention.end))
                places[id(mention)] = len(spans) - 1
        spots = [self.placer.spot(span) for span in spans]
        contexts = self.placer.resolve(spans, spots)
        shell = {index: contexts[index] for index, spot in enumerate(spots) if spot.script is not None}
        return [mention for mention in found if self._keep(mention, shell.get(places.get(id(mention), -1)))]

    def _keep(self, mention: Mention, context: Context | None) -> bool:
        if context is not None and context.where == "comment":
            return False
        if mention.is_later:
            return self._later(mention)
        if context is not None and mention.kind == "plain":
            self._judge(mention, context)
        return True

    def _judge(self, mention: Mention, context: Context) -> None:
        """The kind of use that a command has for a value."""
        if context.where == "pattern":
            mention.kind, mention.note = "apart", "matched against"
        elif self._is_passed_on(mention) and not context.where.startswith("command:"):
            mention.kind, mention.note = "other", "passed to another make"
        elif context.where in _WRITERS and (match := _CUT.match(self.text, mention.end)):
            mention.kind, mention.note = "apart", f"piped into `{match[1].decode()}`"

    def _is_passed_on(self, mention: Mention) -> bool:
        unit = mention.unit
        if unit is None:
            return False
        if unit.start not in self._makes:
            self._makes[unit.start] = make_calls(self.placer, unit)
        calls = self._makes[unit.start]
        index = bisect_right(calls, mention.start, key=lambda call: call.start) - 1
        if index < 0 or mention.start >= calls[index].end:
            return False
        before = self.text[max(calls[index].start, mention.start - _NEAR) : mention.start]
        return mention.start > calls[index].at or _GIVEN.search(before) is not None

    # ── $$NAME ───────────────────────────────────────────────────────────────────────────────────────────────

    def _later(self, mention: Mention) -> bool:
        """Judge a variable that make leaves to the shell; False where it is none of make's."""
        unit = mention.unit
        if unit is None or unit.kind != "recipe" or unit.name or mention.around is not None:
            return True
        if self.text[mention.start + 2 : mention.start + 3] == b"(":
            return False  # a command
        recipe = self._recipe(unit)
        if not self.reach.is_exported(mention.name):
            if recipe.sets.get(mention.name, unit.end) < mention.start and mention.name not in recipe.copies:
                return False
            mention.note = "the shell's variable of this name may be the same"
        elif mention.name not in recipe.bare and (mention.start, mention.end) in self._plain_parameters(unit):
            mention.kind, mention.note = "plain", ""
        else:
            mention.note = "the shell's variable of this name is the same"
        return True

    def _recipe(self, unit: Unit) -> _Recipe:
        """What a recipe does with variables of the shell."""
        if unit.start not in self._recipes:
            recipe = self._recipes[unit.start] = _Recipe()
            recipe.bare = {match[0].decode() for match in _BARE.finditer(self.text, unit.start, unit.end)}
            for match in _SETTING.finditer(self.text, unit.start, unit.end):
                for name in _WORD.findall(match[1] or match[2] or match[3]):
                    recipe.sets.setdefault(name.decode(), match.start())
                if match[1] and (copied := _COPIED.match(self.text, match.end(), unit.end)) and match[1] in copied.groups():
                    recipe.copies.add(match[1].decode())
        return self._recipes[unit.start]

    def _plain_parameters(self, unit: Unit) -> set[Span]:
        """Where a recipe has the shell put in the value of a variable, and no more."""
        if unit.start not in self._parameters:
            expansions = self.placer.expansions(unit)
            parts = recipe_parts(self.text, unit.start, unit.end, self.placer.makefile.prefix, expansions)
            view = View.build(parts)
            script = shell(view.text)
            plain = {(part.start, part.end) for part in script.parameters if not part.operator}
            runs = [match.span() for match in re.finditer(rb"\$\$(?:\w+|\{\w+\})", self.text[unit.start : unit.end])]
            spans = [(unit.start + start, unit.start + end) for start, end in runs]
            self._parameters[unit.start] = {span for span in spans if view.inward(span) in plain}
        return self._parameters[unit.start]
