"""Which names a Dockerfile gives values with ARG and ENV, and every place that mentions them.

BuildKit expands variables in some instructions (https://docs.docker.com/reference/dockerfile/#environment-replacement),
the shell in RUN and CMD. Which value reaches which mention is for `dockerfile_scopes`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.bindings import Bindings, Use
from qcilint.languages.dockerfile import INSTRUCTIONS
from qcilint.languages.dockerfile_commands import command, from_image, is_json
from qcilint.languages.dockerfile_expansions import Mention, expansions, lexical, read_value
from qcilint.languages.dockerfile_mentions import AT_RUN_TIME, Pair, mentions, pairs
from qcilint.languages.dockerfile_scopes import Definition, Names, Scope, Scopes, TooMuch
from qcilint.languages.dockerfile_script_names import literal_mentions, script_mentions
from qcilint.languages.dockerfile_scripts import script_of
from qcilint.languages.dockerfile_stages import Stages
from qcilint.languages.dockerfile_syntax import Instruction, parse
from qcilint.languages.dockerfile_words import BACKSLASH, unquoted
from qcilint.view import Span, View

_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED_DELIMITER = re.compile(rb"<<-?[^\s<'\"\\]*['\"\\]")
_PREPROCESSOR = re.compile(rb"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|define|undef|include)\b", re.M)
"""A line for cpp, which Buildah runs on `Containerfile.in` (manual page buildah-build, "Preprocessing")."""
_SEPARATOR = re.compile(rb"[/:@]")
_BRACES = re.compile(rb"\$\{[^{}]*\}")
_HEALTH_COMMAND = re.compile(rb"CMD[ \t]+", re.I)
_DEEPEST = 5
_UNSEEN = "FROM sees only what stands before the first FROM"

Outward = Callable[[Span], Span | None]
"""Gives the bytes of the file for bytes of a text taken from it, or None where they do not stand there one to one."""


def bindings(text: bytes) -> Bindings:
    """The names of a Dockerfile."""
    try:
        return Bindings(tuple(_Walk(text).scopes.bindings()))
    except TooMuch:
        return Bindings()


class _Later(NamedTuple):
    """A CMD, ENTRYPOINT or HEALTHCHECK, and the names of its stage."""

    instruction: Instruction
    posix: bool
    names: Names
    is_named: bool


class _Walk:
    """Goes through the instructions of a Dockerfile from first to last."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.source = parse(text)
        self.escape = self.source.escape
        self.stages = Stages(self.source)
        self.scopes = Scopes()
        self.scopes.unclear = bool(_PREPROCESSOR.search(text))
        self.later: list[_Later] = []
        if self.source.unclosed is not None:
            self.scopes.barred = f"the here-document that begins on line {self.source.unclosed + 1} has no end"
        for instruction in self.source.instructions:
            self._read(instruction)
            self.stages.pass_by(instruction)
        self._read_later()

    def _read(self, instruction: Instruction) -> None:
        name = instruction.command.name
        if name == "onbuild":
            self._onbuild(instruction)
        elif name not in INSTRUCTIONS or (self.scopes.is_global and name not in ("arg", "from")):
            self.scopes.unclear = True
            self._foreign(instruction, "not understood")
        elif name == "arg":
            self._arg(instruction)
        else:
            self._mentions(instruction)
            if name == "from":
                self._from(instruction)
            elif name == "env":
                self._env(instruction)
            elif name == "run":
                self._run(instruction)
            elif name in AT_RUN_TIME:
                named = bool(self.stages.stage)
                self.later.append(_Later(instruction, self.stages.posix, self.scopes.here, named))
            else:
                self._files(instruction)

    # ── definitions ──────────────────────────────────────────────────────────────────────────────────────────

    def _arg(self, instruction: Instruction) -> None:
        text, outward = instruction.view.text, self._outward(instruction.view)
        before: dict[bytes, Definition | None] = {}
        for pair in pairs(text, instruction.command, self.escape):
            found = expansions(text, max(pair.value, pair.start), pair.end, self.escape)
            for mention in found:
                self._place(mention, Scope.ANYWHERE if mention.is_literal else Scope.HERE, outward)
                if mention.name in before and (current := self.scopes.find(mention.name, Scope.HERE)):
                    current.merge(before[mention.name])
            if name := self._name(instruction, pair):
                before.setdefault(name, self.scopes.here.get(name))
                definition = self.scopes.arg(name, has_value=pair.value >= 0)
                self._define(definition, instruction, pair, found)

    def _env(self, instruction: Instruction) -> None:
        text = instruction.view.text
        for pair in pairs(text, instruction.command, self.escape):
            if name := self._name(instruction, pair):
                found = expansions(text, pair.value, pair.end, self.escape)
                self._define(self.scopes.env(name), instruction, pair, found)

    def _name(self, instruction: Instruction, pair: Pair) -> bytes:
        """The name that a pair defines; nothing where it is none that can be expanded."""
        text = instruction.view.text
        raw = text[pair.start : pair.equals]
        if b"$" in raw:
            self.scopes.barred = f"line {self._line(instruction.view, pair.start)} sets a name that is put together"
            return b""
        name = unquoted(text, pair.start, pair.equals, self.escape).text
        if name != raw:
            self.scopes.bar_anywhere(name, f"line {self._line(instruction.view, pair.start)} sets it under a quoted name")
        return name if _NAME.fullmatch(name) else b""

    def _define(self, definition: Definition, instruction: Instruction, pair: Pair, found: list[Mention]) -> None:
        if pair.value < 0 or pair.value == pair.end:
            return
        value = read_value(instruction.view.text, pair.value, pair.end, self.escape, found)
        line = self._line(instruction.view, pair.value)
        if value is None:
            definition.bar(f"line {line} sets it to a text that cannot be read off")
        elif value[0] < value[1]:
            span = self._outward(instruction.view)(value)
            if span:
                definition.values.append(span)
            else:
                definition.bar(f"line {line} sets it to a text that goes on in the next line")

    def _from(self, instruction: Instruction) -> None:
        text = instruction.view.text
        image, stage = from_image(text, instruction.command)
        if image is None:
            self.scopes.unclear = True
        base = unquoted(text, *image, self.escape).text if image else b""
        rest = base
        for _ in range(_DEEPEST):
            rest = _BRACES.sub(b"", rest)
        may_be_stage = b"$" in base and (b"${" in rest or not _SEPARATOR.search(rest))
        self.scopes.begin_stage(stage, base.lower(), may_be_stage=may_be_stage)

    # ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────

    def _mentions(self, instruction: Instruction) -> None:
        """What BuildKit itself expands."""
        outward = self._outward(instruction.view)
        for mention, scope in mentions(instruction.view.text, instruction.command, self.escape):
            self._place(mention, scope, outward)

    def _run(self, instruction: Instruction) -> None:
        parsed, view = instruction.command, instruction.view
        language, script = script_of(self.source, instruction, parsed, posix=self.stages.posix)
        if is_json(view.text[parsed.start : parsed.end]):
            language = "exec form"
        wanted = self.scopes.here
        found = script_mentions(script.text, wanted) if language == "shell" else _other_program(script.text, wanted, language)
        outward = self._outward(script)
        for mention in found:
            self._place(mention, Scope.HERE, outward)

    def _files(self, instruction: Instruction) -> None:
        """The here-documents of COPY and ADD; where the delimiter is quoted, they are written as they stand."""
        quoted = bool(_QUOTED_DELIMITER.search(instruction.view.text))
        for document in instruction.heredocs:
            start, end = self.source.starts[document.first], self.source.starts[document.last]
            if quoted:
                self._anywhere(lexical(self.text, start, end, "written to a file as it stands"))
                continue
            for mention in expansions(self.text, start, end, BACKSLASH, quotes=False):
                self._place(mention, Scope.ANYWHERE if mention.is_literal else Scope.HERE, lambda span: span)

    def _onbuild(self, instruction: Instruction) -> None:
        """ONBUILD keeps its text as it stands, for builds on top of the image."""
        view = instruction.view
        inner = command(view.text, instruction.command.start)
        if inner.name in ("arg", "env"):
            for pair in pairs(view.text, inner, self.escape):
                if name := self._name(instruction, pair):
                    line = self._line(view, pair.start)
                    self.scopes.bar_anywhere(name, f"line {line} sets it in builds on top of the image")
        self._foreign(instruction, "a build on top of the image reads it")

    def _foreign(self, instruction: Instruction, note: str) -> None:
        """An instruction that is read at another time, or by nobody knows what."""
        self._anywhere(literal_mentions(instruction.view.text, _Everything(), note), self._outward(instruction.view))
        for document in instruction.heredocs:
            view = View.slice(self.text, self.source.starts[document.first], self.source.starts[document.last])
            self._anywhere(literal_mentions(view.text, _Everything(), note), view.outward_span)

    def _read_later(self) -> None:
        """CMD, ENTRYPOINT and HEALTHCHECK see the environment of the finished image."""
        wanted = {definition.name for definition in self.scopes.definitions}
        lasting: dict[bytes, set[Definition]] = {}
        for each in self.scopes.definitions:
            if each.kind == "env":
                lasting.setdefault(each.name, set()).add(each.root())
        for script in self.later:
            text, parsed = script.instruction.view.text, script.instruction.command
            start = health.end() if (health := _HEALTH_COMMAND.match(text, parsed.start)) else parsed.start
            view = View.slice(text, start, parsed.end)
            is_shell = script.posix and not is_json(view.text)
            found = script_mentions(view.text, wanted) if is_shell else _other_program(view.text, wanted, "exec form")
            outward = self._outward(script.instruction.view, view)
            for mention in found:
                self._place_later(mention, script, lasting.get(mention.name, set()), outward)

    def _place_later(self, mention: Mention, script: _Later, lasting: set[Definition], outward: Outward) -> None:
        """Place a mention that is expanded when the image runs; `lasting`: the definitions of its name by ENV."""
        definition = script.names.get(mention.name)
        root = definition.root() if definition else None
        if len(lasting) > (root in lasting) and script.is_named:  # a stage built on this one may set the name again
            self._place(mention._replace(kind="other", note="several values may reach it"), Scope.ANYWHERE, outward)
        elif definition and root in lasting:
            self._place_at(definition, mention, outward)
        elif definition:
            note = "no build argument is left when it runs"
            self._place_at(definition, mention._replace(kind="other", note=note, defaults=False), outward)

    # ── places ───────────────────────────────────────────────────────────────────────────────────────────────

    def _anywhere(self, found: Iterable[Mention], outward: Outward = lambda span: span) -> None:
        for mention in found:
            self._place(mention, Scope.ANYWHERE, outward)

    def _place(self, mention: Mention, scope: Scope, outward: Outward) -> None:
        definition = None if scope is Scope.ANYWHERE else self.scopes.find(mention.name, scope, defaults=mention.defaults)
        if definition is not None:
            self._place_at(definition, mention, outward)
        elif scope is not Scope.HERE:
            span = outward((mention.start, mention.end))
            note = _UNSEEN if scope is Scope.GLOBAL else mention.note
            if span:
                self.scopes.mention_anywhere(mention.name, Use(*span, "other", note))
            else:
                self.scopes.bar_anywhere(mention.name, "its name is split by a line continuation")

    def _place_at(self, definition: Definition, mention: Mention, outward: Outward) -> None:
        span = outward((mention.start, mention.end))
        if span is None:
            definition.bar("its name is split by a line continuation")
            return
        definition.uses.append((Use(*span, mention.kind, mention.note), mention.defaults))
        if mention.defaults and mention.value is None:
            definition.bar(f"line {self.source.line_of(span[0]) + 1} gives it a default that cannot be read off")
        elif mention.value and mention.value[0] < mention.value[1] and (value := outward(mention.value)):
            definition.defaults.append(value)

    def _outward(self, view: View, inner: View | None = None) -> Outward:
        """The way from `view` (from `inner`, a text taken from it) to the file."""

        def outward(span: Span) -> Span | None:
            there = inner.outward_span(span) if inner else span
            found = view.outward_span(there) if there else None
            return found if there and found and self.text[slice(*found)] == view.text[slice(*there)] else None

        return outward

    def _line(self, view: View, offset: int) -> int:
        return self.source.line_of(view.outward(offset)) + 1


class _Everything(Container[bytes]):
    """Every name is wanted."""

    def __contains__(self, name: object) -> bool:
        return True


def _other_program(text: bytes, wanted: Container[bytes], language: str) -> Iterable[Mention]:
    """The mentions in a text for a program that is no POSIX shell."""
    return literal_mentions(text, wanted, "in the exec form" if language == "exec form" else "not read by a POSIX shell")
