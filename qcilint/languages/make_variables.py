"""What a makefile does with the value of a variable: is it only pulled, taken apart, matched against, pushed?

A variable counts as only pulled where the text accounts for every mention of it, and nothing can reach it by a name
that the text does not show: an included makefile, a computed name, the environment.
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.make_lexer import Unit
from qcilint.languages.makefile import Placer, Spot
from qcilint.languages.shell_variables import Uses, judge
from qcilint.view import Span

_MENTION = re.compile(rb"(?<!\$)(?:\$\$)*(\$[({]([A-Za-z0-9_.-]+)[)}:])")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]*")
_UNSEEN = re.compile(
    rb"(?:^|\beval)[ \t]*(?:-?include|sinclude)\b"
    rb"|^[ \t]*(?:override[ \t]+)?export(?:[ \t]*(?:#.*)?\r?$|[ \t][^=\n]*\$)|\.EXPORT_ALL_VARIABLES|\.VARIABLES\b"
    rb"|(?<!\$)(?:\$\$)*\$[({](?:[\w.%/-]*\$|value[ \t]|call[ \t]+\$)|\$[({][\w.%/-]*\$[({][^\s(){}]*[)}][\w.%/-]*[)}]",
    re.M,
)
"""Included makefiles, exports and computed names (GNU make manual, 3.3, 5.7.2, 6.1 and 8.9)."""


def labelled(placer: Placer, spots: Sequence[Spot], found: list[Context]) -> list[Context]:
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
            context = context.adding(*(("only-pulled",) if only else ()), *use.names)
        result.append(context)
    return result


def _assigns(spot: Spot) -> bool:
    return spot.unit is not None and spot.script is None and spot.context.where == f"assignment:{spot.unit.name}"


def _uses(placer: Placer, wanted: set[bytes]) -> dict[bytes, Uses]:
    """What becomes of each wanted variable in this makefile."""
    makefile, text = placer.makefile, placer.text
    unseen = makefile.exports_all or _is_unseen(placer)
    uses = {name: Uses(other=unseen) for name in wanted}
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


def _is_unseen(placer: Placer) -> bool:
    """Whether something may use variables by names that are not in the text."""
    for match in _UNSEEN.finditer(placer.text):
        unit = placer.makefile.unit(match.end() - len(match[0].lstrip()))
        if unit is None or unit.kind != "comment":
            return True
    return False


def _other_mentions(placer: Placer, uses: dict[bytes, Uses], named: set[int]) -> None:
    """A name that stands alone may be an export, a variable of the shell or of a sub-make: it counts against."""
    for match in _WORD.finditer(placer.text):
        if match[0] in uses and match.start() not in named:
            unit = placer.makefile.unit(match.start())
            if unit is None or unit.kind in ("comment", "condition") or _is_ifdef(placer.text, unit):
                continue
            uses[match[0]].other = True


def _is_ifdef(text: bytes, unit: Unit) -> bool:
    return unit.kind == "text" and re.match(rb"[ \t]*(?:else[ \t]+)?ifn?def\b", text[unit.start : unit.start + 40]) is not None
