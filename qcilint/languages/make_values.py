"""Values of variables in a makefile: whether they can be read off, the words they consist of, and what is known of one name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from qcilint import lazy as re
from qcilint.bindings import Binding, Use
from qcilint.languages.make_functions import AUTOMATIC, excerpt, is_function, stripped, variable
from qcilint.languages.make_lexer import Expansion
from qcilint.languages.make_mentions import Mention, Mentions
from qcilint.languages.makefile import Placer
from qcilint.records import dataclass, field
from qcilint.view import Span

_RUN = re.compile(rb"\$+")
_NAME = re.compile(rb"\$(?:[({]([^\s(){}$,:]+)[)}]|([A-Za-z0-9_]))")
_GAP = re.compile(rb"(?:\s|\\\r?\n)+")
_SHOWN = 40
_DEEPEST = 30


@dataclass(slots=True, eq=False)
class Entry:
    """One name in one scope, as far as it is known."""

    name: str
    values: list[Span] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    """Uses that are no expansions."""
    caveats: dict[str, None] = field(default_factory=dict)
    barred: str = ""
    unreadable: str = ""
    """Why its value as a whole cannot be read off; the words of a list still may."""

    is_quoted: bool = False
    """Quotes stand around a value of it, which the shell takes away."""
    is_padded: bool = False
    """A blank follows a value of it."""

    def bar(self, reason: str) -> None:
        self.barred = self.barred or reason

    def warn(self, caveat: str) -> None:
        self.caveats[caveat] = None

    def add(self, mention: Mention) -> None:
        """Take in a mention, and the value that stands there otherwise."""
        self.mentions.append(mention)
        if mention.default is not None:
            self.values.append(mention.default)

    def binding(self) -> Binding:
        uses = {Use(mention.start, mention.end, mention.kind, mention.note) for mention in self.mentions}
        values = sorted({value for value in self.values if value[0] < value[1]})
        ordered = tuple(sorted(uses.union(self.uses)))
        return Binding(self.name, tuple(values), ordered, "; ".join(self.caveats), self.barred or self.unreadable)


class Values:
    """Reads values of one makefile."""

    def __init__(self, placer: Placer, found: Mentions) -> None:
        self.placer, self.text = placer, placer.text
        self.whole = found.whole
        self._lines = [match.end() for match in re.finditer(rb"\n", placer.text)]
        self._several: dict[str, bool] = {}
        self.entries: dict[str, Entry] = {}

    def line(self, at: int) -> str:
        """The words "line N" for a byte."""
        return f"line {bisect_right(self._lines, at) + 1}"

    def flaw(self, span: Span) -> str:
        """Why the bytes of a span are not the value that they give; to be read after "line N sets it to"."""
        raw = self.text[slice(*span)]
        if b"\n" in raw:
            return "text that goes on over several lines"
        if b"\\" in raw:
            return "text with a backslash"
        if b"$" in raw and self.placer.makefile.unit(span[0]) is None:
            return "text that is not understood"
        return self._flaw_of_runs(span) or next((flaw for each in self.top(span) if (flaw := self._flaw_of(each))), "")

    def _flaw_of_runs(self, span: Span) -> str:
        for run in _RUN.finditer(self.text, *span):
            follows = self.text[run.end() : min(run.end() + 1, span[1])]
            if run.end() - run.start() > 1:
                return "text with `$$`"
            if follows not in (b"(", b"{") and (not follows.isalnum() and follows != b"_"):
                return f"text with ${follows.decode('utf-8', 'replace')}"
        return ""

    def _flaw_of(self, expansion: Expansion) -> str:
        if (expansion.start, expansion.end) in self.whole or variable(expansion):
            return ""
        if is_function(expansion, self.text):
            return f"the result of $({expansion.function.decode('utf-8', 'replace')} …)"
        if AUTOMATIC.fullmatch(expansion.function):
            return f"text with {excerpt(expansion, self.text)}"
        return f"text that rests on {excerpt(expansion, self.text)}"

    def top(self, span: Span) -> list[Expansion]:
        """The outermost expansions of a span."""
        unit = self.placer.makefile.unit(span[0])
        if unit is None:
            return []
        expansions = self.placer.expansions(unit)
        found: list[Expansion] = []
        at = bisect_left(expansions, span[0], key=lambda each: each.start)
        end = span[0]
        while at < len(expansions) and expansions[at].start < span[1]:
            if expansions[at].start >= end:
                found.append(expansions[at])
                end = expansions[at].end
            at += 1
        return found

    def words(self, span: Span) -> list[Span]:
        """The words of a list: blanks and line ends outside of expansions part them."""
        covered = [(each.start, min(each.end, span[1])) for each in self.top(span)]
        found: list[Span] = []
        start, index = span[0], 0
        for gap in _GAP.finditer(self.text, *span):
            while index < len(covered) and covered[index][1] <= gap.start():
                index += 1
            if index == len(covered) or covered[index][0] > gap.start():
                if gap.start() > start:
                    found.append((start, gap.start()))
                start = gap.end()
        return [*found, (start, span[1])] if start < span[1] else found

    def flaw_of_word(self, span: Span) -> str:
        """Why a word of a list is not one value that can be read off."""
        raw = self.text[slice(*span)]
        if b'"' in raw or b"'" in raw:
            return "a word with a quote"
        if flaw := self.flaw(span):
            return flaw
        several = next((name for name in names_in(raw) if self.is_several(name)), "")
        return f"words of $({several})" if several else ""

    def is_several(self, name: str, depth: int = 0) -> bool:
        """Whether the value of a variable may be more than one word, or is not known."""
        known = self._several.get(name)
        if known is None:
            self._several[name] = True  # for a name that rests on itself
            entry = self.entries.get(name)
            values = entry.values if entry is not None and not entry.barred and depth <= _DEEPEST else []
            known = (
                not values or (entry is not None and entry.is_padded) or any(self._is_several(value, depth) for value in values)
            )
            self._several[name] = known
        return known

    def _is_several(self, value: Span, depth: int) -> bool:
        if len(self.words(value)) != 1 or self.flaw(value):
            return True
        return any(self.is_several(name, depth + 1) for name in names_in(self.text[slice(*value)]))

    def assume_single(self, name: str) -> None:
        """A loop gives this name one word at a time."""
        self._several[name] = False

    def exact(self, span: Span) -> str:
        """The name of the variable that a span is, and no more."""
        match = _NAME.fullmatch(self.text, *span)
        return (match[1] or match[2]).decode("utf-8", "replace") if match else ""

    def shown(self, span: Span) -> str:
        """A short text as it is written."""
        return self.text[span[0] : min(span[1], span[0] + _SHOWN)].decode("utf-8", "replace")


def names_in(raw: bytes) -> list[str]:
    """The variables that a text names plainly."""
    return [(match[1] or match[2]).decode("utf-8", "replace") for match in _NAME.finditer(raw)]


def unquoted(span: Span, text: bytes) -> tuple[Span, bool]:
    """The value in a span without blanks and a pair of quotes around it, and whether it has these quotes."""
    start, end = stripped(span, text)
    quote = text[start : start + 1]
    if quote in (b"'", b'"') and end - start > 1 and text[end - 1 : end] == quote and text.count(quote, start, end) == 2:
        return (start + 1, end - 1), True
    return (start, end), False
