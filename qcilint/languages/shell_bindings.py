"""Which names a shell text gives values, and every place that mentions them.

Variables, loop names, arrays, and the arguments of functions; what is not understood bars a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.bindings import Binding, Bindings, Join, Use
from qcilint.languages.shell import DEFAULTS
from qcilint.languages.shell_arguments import Argument, Arguments, default_of
from qcilint.languages.shell_blocks import Blocks
from qcilint.languages.shell_calls import Calls
from qcilint.languages.shell_reach import Point, Reach, Visit
from qcilint.languages.shell_scopes import Mention, Scope, start_of
from qcilint.languages.shell_settings import KEEPS, Settings
from qcilint.languages.shell_strays import strays
from qcilint.languages.shell_syntax import Word
from qcilint.languages.shell_tree import ALL, ASSIGNS, Expansion, Step, Tree
from qcilint.languages.shell_unseen import EXPORTED
from qcilint.languages.shell_uses import Kind, Uses
from qcilint.languages.shell_values import Value, runs, words_in
from qcilint.view import Span

_UNBALANCED = "its quotes, brackets or blocks do not close"
_MANY = "a list of words"
_NUMBER = re.compile(rb"\[([0-9]{1,4})\]")


def bindings(text: bytes) -> Bindings:
    """The names of a shell text."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: bytes) -> None:
        self.text = text
        self.tree = Tree(text)
        self.blocks = Blocks(self.tree)
        self.settings = Settings(self.tree, self.blocks)
        self.uses = Uses(self.tree, self.blocks)
        self._readable: dict[str, bool] = {}
        self._single: dict[str, bool | None] = {}
        self.scopes = self._scopes()
        self.calls = Calls(self.tree, self.blocks, self._is_readable)
        self.visits = {name: [self._visit(call) for call in calls] for name, calls in self.calls.of.items()}
        doubled = (name for name, bodies in self.blocks.functions.items() if len(bodies) > 1)
        self.secret = frozenset((*doubled, *(name for name in self.calls.of if self.calls.why_unknown(name))))
        self.splits_at_blanks = not any(setting.name == "IFS" and setting.holds for setting in self.settings.found)
        self.joins: dict[Span, Join] = {}
        self.escaped: set[int] = set()
        """Where expansions begin that have backslashes beside them."""
        self._divided: set[int] = set()
        self._kinds: dict[int, Kind | None] = {}

    def read(self) -> Bindings:
        """All names."""
        found = [(start_of(part), self._binding(part)) for scope in self.scopes.values() for part in scope.split()]
        arguments = Arguments(self.tree, self.blocks, self.calls, self._is_one_word)
        found += [(argument.found[0].start, self._argument(argument)) for argument in arguments.all()]
        kept = [binding for _, binding in sorted(found, key=lambda item: item[0]) if binding.values]
        return Bindings(tuple(kept), tuple(self.joins[span] for span in sorted(self.joins)))

    def _scopes(self) -> dict[str, Scope]:
        """By name, everything that the text says of it."""
        scopes: dict[str, Scope] = {}
        for setting in self.settings.found:
            scopes.setdefault(setting.name, Scope(setting.name)).settings.append(setting)
        for found in self.tree.expansions:
            if found.name[:1].isalpha() or found.name[:1] == "_":
                default = default_of(self.tree, found) if found.operator in DEFAULTS else None
                mention = Mention(found, self.blocks.at(found.layer, found.start), default)
                scopes.setdefault(found.name, Scope(found.name)).mentions.append(mention)
        wanted = {name: scope for name, scope in scopes.items() if self._has_values(scope)}
        for name, use in strays(self.tree, wanted):
            wanted[name].strays.append(use)
        for name, start, end, note in self.settings.unseen.mentions:
            if name in wanted:
                wanted[name].strays.append(Use(start, end, "other", note))
        return wanted

    def _visit(self, call: Step) -> Visit:
        return Visit(self.blocks.at(call.layer, call.start), call.start, call.end, self.blocks.is_detached(call))

    @staticmethod
    def _has_values(scope: Scope) -> bool:
        return any(setting.values for setting in scope.settings) or any(
            mention.default and not mention.default.is_empty for mention in scope.mentions
        )

    def _values(self, name: str) -> list[Value]:
        scope = self.scopes.get(name)
        if scope is None:
            return []
        given = [value for setting in scope.settings for value in setting.values]
        return given + [mention.default for mention in scope.mentions if mention.default and not mention.default.is_empty]

    def _is_readable(self, name: str) -> bool:
        """Whether all values of a variable stand in the text."""
        if name not in self._readable:
            self._readable[name] = self._find_readable(name)
        return self._readable[name]

    def _find_readable(self, name: str) -> bool:
        values = self._values(name)
        is_barred = name in self.scopes and any(setting.barred for setting in self.scopes[name].settings)
        return bool(values) and not is_barred and all(value.span for value in values)

    def _is_one_word(self, name: str) -> bool | None:
        """Whether a variable always has a value that is one word; None where that is not known."""
        if name not in self._single:
            self._single[name] = self._find_single(name)
        return self._single[name]

    def _find_single(self, name: str) -> bool | None:
        spans = [value.span for value in self._values(name) if value.span]
        if any(len(self.text[start:end].split()) != 1 for start, end in spans):
            return False
        plain = all(b"$" not in self.text[start:end] and b"`" not in self.text[start:end] for start, end in spans)
        return True if plain and self._is_readable(name) and not any(self._caveats(self.scopes[name])) else None

    # ── variables ────────────────────────────────────────────────────────────────────────────────────────────

    def _binding(self, scope: Scope) -> Binding:
        lists = [mention for mention in scope.mentions if self._is_list_item(mention.found)]
        values, problem, many = self._read_values(scope, bool(lists))
        uses = list(scope.strays)
        for mention in scope.mentions:
            if id(mention.found) not in self.settings.neutral and (use := self._use(mention.found)):
                is_item = any(mention is each for each in lists) if many else False
                if use.kind == "plain" and ((many == "split" and not is_item) or (many == "whole" and is_item)):
                    use = Use(use.start, use.end, "other", _MANY)
                uses.append(use)
        caveats = dict.fromkeys(self._caveats(scope))
        barred = self._barred(scope) or problem
        return Binding(scope.name, tuple(dict.fromkeys(values)), tuple(sorted(uses)), "; ".join(caveats), barred)

    def _is_list_item(self, found: Expansion) -> bool:
        """The shell makes words of its value, each for itself: in the list of a loop, in an array."""
        if found.place is None or found.quoted or found.is_list or not found.is_whole or found.operator not in KEEPS:
            return False
        return found.word is not found.place.word or (found.place.command.kind == "loop" and found.place.index > 1)

    def _read_values(self, scope: Scope, is_list: bool) -> tuple[list[Span], str, str]:
        """The values, what bars them, and `split` where they are split into words, `whole` where they should be."""
        given = [(self.tree.line(setting.start), value) for setting in scope.settings for value in setting.values]
        given += [
            (self.tree.line(mention.found.start), mention.default)
            for mention in scope.mentions
            if mention.default and not mention.default.is_empty
        ]
        words = [words_in(self.text, value) if is_list and self.splits_at_blanks else None for _, value in given]
        is_split = is_list and all(each is not None for each in words)
        values: list[Span] = []
        problem, many = "", ""
        for (line, value), split in zip(given, words, strict=True):
            if is_split and split is not None:
                values += split
                many = many or ("split" if len(split) != 1 else "")
                continue
            if value.span:
                values.append(value.span)
                is_several = is_list and (not self.splits_at_blanks or len(self.text[slice(*value.span)].split()) != 1)
                many = many or ("whole" if is_several else "")
            else:
                problem = problem or f"{line} sets it to {value.problem}"
        return values, problem, many

    def _barred(self, scope: Scope) -> str:
        if self.tree.placer.shell.flawed or not self.blocks.balanced:
            return _UNBALANCED
        if about := self.settings.unseen.about(scope.name):
            return about
        return next((f"{self.tree.line(setting.start)} {setting.barred}" for setting in scope.settings if setting.barred), "")

    def _caveats(self, scope: Scope) -> Iterator[str]:
        if scope.name in self.settings.exported:
            yield EXPORTED
        yield from self.settings.unseen.caveats
        for setting in scope.settings:
            is_hidden = setting.declares and not setting.holds and not scope.is_local
            if what := setting.caveat or ("makes it local" if is_hidden else ""):
                yield f"{self.tree.line(setting.start)} {what}"
        counts = [1 if setting.elements is None else setting.elements for setting in scope.settings if setting.holds]
        least = min(counts, default=0)
        if missing := next((mention for mention in scope.mentions if _is_beyond(mention.found, least)), None):
            yield f"{self.tree.line(missing.found.start)} may use an element that is not there"
        yield from self._unsure(scope)

    def _unsure(self, scope: Scope) -> Iterator[str]:
        """Where another value than those of the text may be used."""
        sealed = frozenset(setting.block.function for setting in scope.settings if setting.declares)
        reach = Reach(self._points(scope), self.visits, self.secret, sealed)
        for mention in scope.mentions:
            found = mention.found
            has_default = found.operator in DEFAULTS
            kind = "" if id(found) in self.settings.neutral or has_default else (self._kind(found) or ("none",))[0]
            if kind == "none" or reach.is_sure(mention.block, found.start):
                continue
            if scope.is_local:
                yield f"it may be empty in {self.tree.line(found.start)}"
            elif has_default or not kind:
                yield "the environment may override it"
            else:
                yield f"the environment may set it where {self.tree.line(found.start)} uses it"
            return

    @staticmethod
    def _points(scope: Scope) -> Iterator[Point]:
        for setting in scope.settings:
            if setting.holds:
                yield Point(setting.block, setting.end)
            if setting.around and setting.holds:
                yield Point(setting.around, setting.end)
        for mention in scope.mentions:
            if mention.found.operator == b":=" and mention.default and not mention.default.is_empty:
                yield Point(mention.block, mention.found.end)

    # ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────

    def _kind(self, found: Expansion) -> Kind | None:
        if id(found) not in self._kinds:
            self._kinds[id(found)] = self.uses.kind(found)
        return self._kinds[id(found)]

    def _use(self, found: Expansion) -> Use | None:
        kind = self._kind(found)
        if kind is None:
            return None
        if found.word is not None:
            self._divide(found.word)
            if kind[0] == "plain" and found.start in self.escaped:
                kind = ("other", "backslashes stand beside it")
        return Use(found.start, found.end, *kind)

    def _divide(self, word: Word) -> None:
        """Note the texts in a word that quotes or backslashes divide."""
        if id(word) in self._divided:
            return
        self._divided.add(id(word))
        match = ASSIGNS.match(self.text, word.start, word.end)
        start = match.end() if match else word.start
        for run in runs(self.text, start, word.end, [part for part in word.parts if part.start >= start]):
            if run.is_escaped:
                self.escaped.update(low for low, _ in run.pieces)
            elif run.is_divided and any(low in self.tree.by_start for low, _ in run.pieces):
                span = (run.pieces[0][0], run.pieces[-1][1])
                self.joins[span] = Join(*span, run.pieces)

    # ── arguments ────────────────────────────────────────────────────────────────────────────────────────────

    def _argument(self, argument: Argument) -> Binding:
        values = [value.span for value in argument.values if value.span]
        uses: list[Use] = []
        for found in argument.found:
            use = self._use(found)
            if use and argument.name == "@" and use.kind == "apart":
                use = Use(use.start, use.end, "other", use.note)
            if use:
                uses.append(use)
        barred = argument.barred
        if self.tree.placer.shell.flawed or not self.blocks.balanced:
            barred = _UNBALANCED
        if any(value.problem for value in argument.values):
            barred = barred or self._unread(argument)
        caveats = dict.fromkeys((*argument.caveats, *self.settings.unseen.caveats))
        return Binding(argument.name, tuple(dict.fromkeys(values)), tuple(sorted(uses)), "; ".join(caveats), barred)

    def _unread(self, argument: Argument) -> str:
        problem = next(value.problem for value in argument.values if value.problem)
        return f"a call passes {problem}"


def _is_beyond(found: Expansion, count: int) -> bool:
    """Whether `${NAME[1]}` may be none of the first `count` elements of a list."""
    if not found.index or found.index in ALL:
        return False
    number = _NUMBER.fullmatch(found.index)
    return number is None or int(number[1]) >= count
