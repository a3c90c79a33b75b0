"""Shell scripts: which command each reference is an argument of, and what it is there.

The words come from `shell_lexer`, what they mean from `commands`, what becomes of a variable from `shell_variables`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from qcilint import languages
from qcilint import lazy as re
from qcilint.context import UNKNOWN, Context
from qcilint.languages import command_tables as tables
from qcilint.languages.command_roles import Call, Role
from qcilint.languages.command_words import Argument
from qcilint.languages.commands import understand
from qcilint.languages.shell_lexer import Shell, shell
from qcilint.languages.shell_remote import remote
from qcilint.languages.shell_syntax import Command, Heredoc, Part, Place, Script, Word
from qcilint.languages.shell_text import body, unquoted
from qcilint.languages.transports import TRANSPORT
from qcilint.records import dataclass, replace
from qcilint.view import Span, View

LANGUAGE = "shell"
DEFAULTS = (b":-", b"-", b":=", b"=")
"""Operators of `${NAME…word}` that give the word in place of the variable (bash manual, 3.5.3)."""
MATCHES = (b"#", b"##", b"%", b"%%", b"/", b"//", b"^", b"^^", b",", b",,")
"""Operators whose word is a pattern."""
_FILTERS = ("cat", "tee", "envsubst", "sed")
_ASSIGNED = rb"(?:-{1,2}[A-Za-z][\w.-]*=|[A-Za-z_][\w.-]*(?:\[[^\]]*\])?=|\[[^\]]*\]=)"
_BEFORE = re.compile(rb"%s{0,2}(?P<quote>\$?[\"'])?%s{0,2}(?:%s)?" % (_ASSIGNED, _ASSIGNED, TRANSPORT))
_GLOB = re.compile(rb"[*?]|\[(?!\[?\Z)|\{[^{},.]*(?:,|\.\.)")
_FILE_LANGUAGES = (
    (re.compile(r"(?:Dockerfile|Containerfile)(?:[.-].*)?|.*\.(?:dockerfile|containerfile)", re.I), "dockerfile"),
    (re.compile(r".*\.ya?ml"), "yaml"),
    (re.compile(r".*\.json"), "json"),
    (re.compile(r".*\.(?:sh|bash)"), "shell"),
    (re.compile(r".*\.py"), "python"),
    (re.compile(r"(?:GNU)?[Mm]akefile|.*\.mk"), "make"),
    (re.compile(r".*\.md"), "markdown"),
)


@dataclass(slots=True)
class Spot:
    """Where one span stands, before nested languages are read."""

    context: Context
    command: Command | None = None
    role: str = ""
    nested: Word | Heredoc | None = None
    language: str = ""


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a shell script."""
    from qcilint.languages.shell_variables import labelled

    placer = Placer(shell(text))
    spots = [placer.spot(span) for span in spans]
    found = labelled(placer, spots, placer.resolve(spans, spots))
    return [context.adding("low-confidence") for context in found] if placer.shell.flawed else found


class Placer:
    """Finds the word, the command and the role of byte ranges of one script."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.text = shell.text
        self.environment: set[str] = set()
        """Names that some command gets in its environment."""
        self.remote = remote(shell.text)
        self._calls: dict[int, Call] = {}

    def resolve(self, spans: Sequence[Span], spots: Sequence[Spot]) -> list[Context]:
        """The contexts of spots, those in nested texts read in their language."""
        found = [spot.context for spot in spots]
        groups: dict[int, list[int]] = {}
        for index, spot in enumerate(spots):
            if spot.nested is not None:
                groups.setdefault(id(spot.nested), []).append(index)
        for indices in groups.values():
            first = spots[indices[0]]
            view = self._view(first.nested)
            inner = languages.nested(first.language, view, [spans[i] for i in indices], [found[i] for i in indices])
            for index, context in zip(indices, inner, strict=True):
                if found[index].where == "argument:eval":
                    context = _without_uses(context)
                moved = context.where.startswith("command:") and self.remote.follows(spans[index])
                found[index] = context.adding("remote") if moved else context
        return [
            context.adding("remote") if context.where.startswith("command:") and self.remote.holds(span) else context
            for span, context in zip(spans, found, strict=True)
        ]

    def spot(self, span: Span) -> Spot:
        """Where a span stands."""
        script: Script | None = self.shell.script
        spot = Spot(Context(UNKNOWN, LANGUAGE, whole=False))
        while script is not None:
            spot, script = self._in_script(script, span)
        return spot

    def _in_script(self, script: Script, span: Span) -> tuple[Spot, Script | None]:
        start = span[0]
        at = bisect_right(script.comments, start, key=lambda comment: comment[0]) - 1
        if at >= 0 and start < script.comments[at][1]:
            return Spot(Context("comment", LANGUAGE)), None
        at = bisect_right(script.heredocs, start, key=lambda heredoc: heredoc.start) - 1
        if at >= 0 and start < script.heredocs[at].end:
            return self._in_heredoc(script.heredocs[at], span)
        at = bisect_right(script.places, start, key=lambda place: place.word.start) - 1
        if at >= 0 and start < script.places[at].word.end:
            return self._in_word(script.places[at], span)
        return Spot(Context(UNKNOWN, LANGUAGE, whole=False)), None

    # ── words ────────────────────────────────────────────────────────────────────────────────────────────────

    def _in_word(self, place: Place, span: Span) -> tuple[Spot, Script | None]:
        word, parameter, element = place.word, None, False
        parts = word.parts
        while part := _holding(parts, span):
            if part.script is not None:
                if span[0] >= part.script.start:
                    return Spot(Context(UNKNOWN, LANGUAGE, whole=False)), part.script
                break
            if part.kind == "parameter":
                if span[0] < part.argument:
                    break
                parameter = part
            parts = part.parts
            if part.kind == "array":
                at = bisect_right(part.words, span[0], key=lambda item: item.start) - 1
                if at < 0 or span[0] >= part.words[at].end:
                    return Spot(Context("comment", LANGUAGE)), None
                word, element, parts = part.words[at], True, part.words[at].parts
        spot = self._in_command(place, self._is_whole(word.start, word.end, span))
        if element:
            spot.context = spot.context.adding("element")
        if parameter is not None:
            self._in_parameter(spot, parameter, span)
        return spot, None

    def _in_parameter(self, spot: Spot, part: Part, span: Span) -> None:
        """Correct a spot that is in the word of `${NAME…word}`."""
        name = part.name.decode()
        spot.nested = None
        if part.operator in MATCHES:
            spot.context = Context("pattern", LANGUAGE, whole=False)
        elif part.operator in DEFAULTS and name:
            closed = self.text[part.end - 1 : part.end] == b"}"
            whole = closed and self._is_whole(part.argument, part.end - 1, span)
            spot.context = Context(f"assignment:{name}", LANGUAGE, whole=whole)
        else:
            where = spot.context.where if spot.context.where != "shell" else "argument:shell"
            spot.context = Context(where, LANGUAGE, spot.context.labels, whole=False, operands=spot.context.operands)

    def _is_whole(self, start: int, end: int, span: Span) -> bool:
        """The span is all of the text, a flag or a name, quotes and a transport apart."""
        if span[0] - start > 200 or end - span[1] not in (0, 1) or span[0] < start:
            return False
        before = _BEFORE.fullmatch(self.text, start, span[0])
        return before is not None and self.text[span[1] : end] == (before["quote"] or b"")[-1:]

    def _in_command(self, place: Place, whole: bool) -> Spot:
        command = place.command
        if place.role == "pattern" or command.kind in ("case", "[["):
            return Spot(Context("pattern", LANGUAGE, whole=whole), command, place.role)
        if command.kind == "loop" and place.index >= 2:
            name = self.text[command.words[0].start : command.words[0].end].decode("utf-8", "replace")
            return Spot(Context(f"loop:{name}", LANGUAGE, whole=whole), command, place.role)
        if command.kind != "simple":
            return Spot(Context(f"argument:{command.kind}", LANGUAGE, whole=whole), command, place.role)
        call = self.call(command)
        if place.role == "redirect":
            return Spot(Context(f"argument:{call.name or '?'}", LANGUAGE, call.labels, whole=whole), command, place.role)
        role = call.roles[place.index]
        where, labels = role.where, tuple(dict.fromkeys(role.labels))
        if where in (LANGUAGE, *tables.INTERPRETERS.values()):
            context = Context(f"argument:{call.name}", LANGUAGE, labels, whole=False)
            return Spot(context, command, place.role, place.word, where)
        if where.startswith("assignment:") and (call.exports or call.name not in ("", *tables.DECLARATIONS)):
            self.environment.add(where.partition(":")[2])
        operands = call.operands if where == "pattern" else ()
        return Spot(Context(where, LANGUAGE, labels, whole=whole, operands=operands), command, place.role)

    def call(self, command: Command) -> Call:
        """What a simple command does."""
        found = self._calls.get(id(command))
        if found is None:
            found = self._calls[id(command)] = understand([self.argument(word) for word in command.words])
            if self.remote.reaches(found.words):
                found.labels = (*found.labels, "remote")
                found.roles = [Role(role.where, (*role.labels, "remote")) for role in found.roles]
        return found

    def argument(self, word: Word) -> Argument:
        """A word with its quotes removed."""
        raw = self.text[word.start : word.end]
        if not word.parts and b"\\" not in raw:
            return Argument(raw.decode("utf-8", "replace"), not _GLOB.search(raw))
        text = b"".join(piece for piece, _, _ in unquoted(self.text, word))
        kinds = {part.kind for part in word.parts} | {inner.kind for part in word.parts for inner in part.parts}
        literal = kinds <= {"single", "double", "ansi"} and not _GLOB.search(raw)
        splits = False
        if len(word.parts) == 1 and (word.parts[0].start, word.parts[0].end) == (word.start, word.end):
            part = word.parts[0]
            splits = part.kind in ("parameter", "substitution", "hole")
            if part.kind == "double" and len(part.parts) == 1:
                splits = text.endswith((b"[@]}", b"$@", b"${@}")) and part.parts[0].kind == "parameter"
        return Argument(text.decode("utf-8", "replace"), literal, splits)

    def _view(self, nested: Word | Heredoc | None) -> View:
        if isinstance(nested, Word):
            return View.build(unquoted(self.text, nested))
        assert isinstance(nested, Heredoc)  # noqa: S101
        return View.build(body(self.text, nested))

    # ── here-documents ───────────────────────────────────────────────────────────────────────────────────────

    def _in_heredoc(self, heredoc: Heredoc, span: Span) -> tuple[Spot, Script | None]:
        parts = heredoc.parts
        while part := _holding(parts, span):
            if part.script is not None and span[0] >= part.script.start:
                return Spot(Context(UNKNOWN, LANGUAGE, whole=False)), part.script
            parts = part.parts
        command = heredoc.command
        call = self.call(command)
        language, names, labels = self._reader(command)
        if any(self.remote.copies(name) for name in names):
            labels = (*labels, "remote")
        context = Context(f"heredoc:{call.name or command.kind}", LANGUAGE, tuple(dict.fromkeys(labels)), whole=False)
        return Spot(context, command, "heredoc", heredoc if language else None, language), None

    def _reader(self, command: Command | None) -> tuple[str, list[str], tuple[str, ...]]:
        """What reads a here-document, the files it is written to, and what holds for the commands it goes through."""
        labels: tuple[str, ...] = ()
        for _ in range(5):
            if command is None:
                break
            call = self.call(command)
            labels += call.labels
            if call.build_stdin or call.manifest_stdin or call.stdin:
                return "dockerfile" if call.build_stdin else "yaml" if call.manifest_stdin else call.stdin, [], labels
            names = [self.argument(word).text for operator, word in command.redirects if operator in (b">", b">>", b">|", b"&>")]
            if call.name == "tee":
                names += [word.text for word in call.words[1:] if not word.text.startswith("-")]
            if names or call.name not in _FILTERS:
                return _file_language(names), names, labels
            command = command.next
        return "", [], labels


def _without_uses(context: Context) -> Context:
    """The context without what it says of a variable: `eval` runs in the shell around it, which may use it too."""
    loop = next((label for label in context.labels if label.startswith("loop:")), context.where)
    return replace(context, where=loop, labels=tuple(label for label in context.labels if label not in ("only-pulled", loop)))


def _file_language(names: Sequence[str]) -> str:
    """The language of a file, by its name."""
    for name in names:
        for pattern, language in _FILE_LANGUAGES:
            if pattern.fullmatch(name.rpartition("/")[2]):
                return language
    return ""


def _holding(parts: Sequence[Part], span: Span) -> Part | None:
    """The part that holds a span and is more than it."""
    at = bisect_right(parts, span[0], key=lambda part: part.start) - 1
    if at < 0:
        return None
    part = parts[at]
    return part if span[1] <= part.end and (part.start, part.end) != span else None
