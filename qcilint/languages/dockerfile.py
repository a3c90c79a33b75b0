"""Dockerfiles and Containerfiles: FROM, COPY --from, RUN --mount, ARG and the rest of the instructions.

The rules are BuildKit's (https://docs.docker.com/reference/dockerfile/ and the sources of moby/buildkit).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from qcilint import languages
from qcilint.context import UNKNOWN, Context
from qcilint.languages import dockerfile_syntax as syntax
from qcilint.languages.dockerfile_syntax import Command, Dockerfile, Heredoc, Instruction, Kind
from qcilint.reference import TRANSPORTS
from qcilint.view import Span, View

LANGUAGE = "dockerfile"
INSTRUCTIONS = {
    *("add", "arg", "cmd", "copy", "entrypoint", "env", "expose", "from", "healthcheck", "label", "maintainer", "onbuild"),
    *("run", "shell", "stopsignal", "user", "volume", "workdir"),
}
NOT_IN_ONBUILD = ("onbuild", "from", "maintainer")
PULLING_MOUNTS = (b"bind", b"cache")
"""The types of RUN --mount that take files from an image."""
SHELLS = ("sh", "bash", "dash", "ash", "ksh", "zsh")
_BACKSLASH = b"\\"
_STAGE = re.compile(rb"[a-z][a-z0-9_.-]*")
_ARGUMENT = re.compile(rb"[^\t\n\v\f\r ]++")
_WHOLE_VARIABLE = re.compile(rb"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-[^{}]*)?\})")
_VARIABLE = re.compile(rb"\$\{?([A-Za-z_]\w*)")
_DEFAULT = re.compile(rb"\$\{[A-Za-z_]\w*:?-")
_NAME = re.compile(rb"[A-Za-z_]\w*(?==)")
_QUOTES = re.compile(rb"[\\'\"`]")
_MOST_QUOTES = 100
"""A flag with more quotes than this is not taken apart."""
_CSV_FIELD = re.compile(rb"\"((?:[^\"]|\"\")*+)\"(?=,|\Z)|([^\",]*+)(?=,|\Z)")
_BEFORE = b" \t\r\n'\"`([=#"
_AFTER = re.compile(rb"['\"`)\].,;:!?]*+(?:\s|\Z)|['\"]\s*+[,\]}]")
_MOST_BEFORE = 200
"""Longest `${NAME:-` and transport that is looked for before a reference."""


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a Dockerfile."""
    if not spans:
        return []
    source = syntax.parse(text)
    found = [_at(UNKNOWN, whole=False)] * len(spans)
    inside: dict[int, list[int]] = {}
    firsts = [instruction.first for instruction in source.instructions]
    for index, (start, end) in enumerate(spans):
        line = source.line_of(start)
        if line < 0 or not start < end <= source.line_end(line) or (source.unclosed is not None and line >= source.unclosed):
            continue
        kind = source.kinds[line]
        if kind is Kind.COMMENT:
            found[index] = _at("comment", whole=_stands_alone(text, start, end))
        elif kind is Kind.DIRECTIVE:
            name = _directive(text[source.starts[line] : min(source.starts[line] + 80, end)])
            found[index] = _at(f"instruction:{name}", whole=_stands_alone(text, start, end))
        elif kind is not Kind.BLANK:
            inside.setdefault(bisect_right(firsts, line) - 1, []).append(index)
    stages = _Stages(source)
    for number, instruction in enumerate(source.instructions):
        if indexes := inside.get(number):
            here = [spans[index] for index in indexes]
            for index, context in zip(indexes, stages.contexts(instruction, here), strict=True):
                found[index] = context
        stages.pass_by(instruction)
    return found


def _at(where: str, *labels: str, whole: bool = True) -> Context:
    return Context(where, LANGUAGE, labels, whole=whole, region=0)


def _directive(line: bytes) -> str:
    return line.partition(b"#")[2].partition(b"=")[0].strip().decode("ascii", "replace").lower()


class _Stages:
    """Goes through the instructions of a Dockerfile and knows the build stages so far."""

    def __init__(self, source: Dockerfile) -> None:
        self.source = source
        self.from_variables = _from_variables(source)
        self.names = {from_image(each.view.text, each.command)[1] for each in source.instructions if each.command.name == "from"}
        self.shells: dict[bytes, bool] = {}  # stages so far: whether their RUN text is for a POSIX shell
        self.stage = b""
        self.posix = source.escape == _BACKSLASH  # a backquote is for Windows paths, so for Windows shells
        self.is_global = True

    def pass_by(self, instruction: Instruction) -> None:
        """Take note of what an instruction means for those after it."""
        text, parsed = instruction.view.text, instruction.command
        if parsed.name == "from":
            self.is_global = False
            image, self.stage = from_image(text, parsed)
            base = text[slice(*image)].lower() if image else b""
            self.posix = self.shells.get(base, self.source.escape == _BACKSLASH)
        elif parsed.name == "shell":
            self.posix = _is_shell(text[parsed.start : parsed.end].lstrip(b'[ \t"').partition(b'"')[0])
        if self.stage:
            self.shells[self.stage] = self.posix

    def contexts(self, instruction: Instruction, spans: list[Span]) -> list[Context]:
        parsed = instruction.command
        if parsed.name == "onbuild":
            inner = syntax.command(instruction.view.text, parsed.start)
            if inner.name in INSTRUCTIONS and inner.name not in NOT_IN_ONBUILD:
                return [context.adding("instruction:onbuild") for context in _Reader(self, instruction, inner).contexts(spans)]
        if parsed.name not in INSTRUCTIONS:
            return [_at(UNKNOWN, whole=False)] * len(spans)
        return _Reader(self, instruction, parsed).contexts(spans)


class _Place(NamedTuple):
    """Bytes `start..end` of an instruction, quotes included, that hold an image or another value."""

    start: int
    end: int
    where: str
    labels: tuple[str, ...] = ()
    escape: bytes = _BACKSLASH


class _Reader:
    """Says where references stand inside one instruction."""

    def __init__(self, stages: _Stages, instruction: Instruction, parsed: Command) -> None:
        self.stages = stages
        self.source = stages.source
        self.instruction = instruction
        self.view = instruction.view
        self.text = instruction.view.text
        self.parsed = parsed

    def contexts(self, spans: list[Span]) -> list[Context]:
        found = [self._vague(span) for span in spans]
        places = list(self._places())
        views: dict[_Place, View] = {}
        in_script: list[int] = []
        for index, span in enumerate(spans):
            inner = self.view.inward(span)
            if self._is_heredoc(span) or (inner and self.parsed.name == "run" and inner[0] >= self.parsed.start):
                in_script.append(index)
            elif inner:
                number = bisect_right(places, inner[0], key=itemgetter(0)) - 1
                if number >= 0 and inner[1] <= places[number].end:
                    place = places[number]
                    view = views.get(place) or syntax.unquoted(self.text, place.start, place.end, place.escape)
                    views[place] = view
                    found[index] = _in_value(place, view, inner)
        if in_script and self.parsed.name == "run":
            for index, context in zip(in_script, self._script([spans[index] for index in in_script]), strict=True):
                found[index] = context
        return found

    def _is_heredoc(self, span: Span) -> bool:
        return self.source.kinds[self.source.line_of(span[0])] is Kind.HEREDOC

    def _vague(self, span: Span) -> Context:
        if self._is_heredoc(span):
            return _at("heredoc-file", whole=_stands_alone(self.source.text, *span))
        inner = self.view.inward(span)
        return _at(f"instruction:{self.parsed.name}", whole=bool(inner and _stands_alone(self.text, *inner)))

    def _places(self) -> Iterator[_Place]:
        """The places of this instruction whose meaning is known, in ascending order."""
        if self.parsed.name == "from":
            image, _ = from_image(self.text, self.parsed)
            if image and self.text[slice(*image)].lower() not in self.stages.shells:
                yield _Place(*image, "from", escape=self.source.escape)
        elif self.parsed.name in ("copy", "add"):
            yield from self._copies()
        elif self.parsed.name == "run":
            yield from self._mounts()
        elif self.parsed.name in ("arg", "env", "label"):
            yield from self._pairs()

    def _is_stage(self, name: bytes) -> bool:
        return name.lower() in self.stages.names

    def _copies(self) -> Iterator[_Place]:
        for flag in self.parsed.flags:
            value = syntax.unquoted(self.text, flag.start, flag.end, _BACKSLASH).text
            if flag.name == b"from" and not self._is_stage(value):
                yield _Place(flag.start, flag.end, "copy-from")

    def _mounts(self) -> Iterator[_Place]:
        for flag in self.parsed.flags:
            raw = self.text[flag.start : flag.end]
            if flag.name != b"mount" or len(_QUOTES.findall(raw)) > _MOST_QUOTES:
                continue
            value = syntax.unquoted(self.text, flag.start, flag.end, _BACKSLASH)
            fields = _csv(value.text)
            types = [value.text[start:end].lower() for key, start, end in fields if key == b"type"] or [b"bind"]
            for key, start, end in fields:
                image = value.text[start:end]
                if key == b"from" and image and types[-1] in PULLING_MOUNTS and not self._is_stage(image):
                    yield _Place(value.outward(start), value.outward(end - 1) + 1, "mount-from")

    def _pairs(self) -> Iterator[_Place]:
        """The values of ARG, ENV and LABEL: `NAME=value …`, or the old `ENV NAME value`."""
        name, escape = self.parsed.name, self.source.escape
        for number, (start, end) in enumerate(syntax.words(self.text, self.parsed.start, self.parsed.end, escape)):
            equals = self.text.find(b"=", start, end)
            if equals < 0 and number == 0 and name != "arg":
                value = _ARGUMENT.search(self.text, end, self.parsed.end)
                if value:
                    yield _Place(value.start(), self.parsed.end, f"{name}-value", escape=escape)
                return
            if equals < 0:
                continue
            if name != "arg":
                yield _Place(equals + 1, end, f"{name}-value", escape=escape)
            elif variable := _NAME.match(self.text, start, equals + 1):
                labels: tuple[str, ...] = (f"arg:{variable[0].decode()}",)
                if self.stages.is_global and variable[0] in self.stages.from_variables:
                    labels += ("from-variable",)
                yield _Place(equals + 1, end, "arg-default", labels, escape)

    def _script(self, spans: list[Span]) -> list[Context]:
        """References in the text and the heredocs of RUN."""
        alone = [_stands_alone(self.source.text, *span) for span in spans]
        if syntax.is_json(self.text[self.parsed.start : self.parsed.end]):
            return [Context("instruction:run", LANGUAGE, whole=whole, escapes=True, region=0) for whole in alone]
        language, view = self._script_view()
        if not language:
            return [_at("instruction:run", whole=whole) for whole in alone]
        return languages.nested(language, view, spans, [_at("run", whole=False)] * len(spans))

    def _script_view(self) -> tuple[str, View]:
        """The script that RUN runs, and its language (empty when it is none that is known)."""
        shell = "shell" if self.stages.posix else ""
        documents = self.instruction.heredocs
        arguments = self.text[self.parsed.start : self.parsed.end]
        if len(documents) == 1 and re.fullmatch(rb"[0-9]*<<[^\s]+", arguments):
            view = View.build(self._body(documents[0]))
            return (_interpreter(view.text) if view.text.startswith(b"#!") else shell), view
        parts = _cut(self.instruction.parts, self.parsed.start)
        if documents:
            end = parts[-1][1] if parts else self.instruction.parts[-1][1]
            first = self.source.starts[documents[0].first]
            return shell, View.build([*self._slices(parts), (b"\n", end, first), *self._with_ends(documents)])
        return shell, View.build(self._slices(parts))

    def _slices(self, parts: list[Span]) -> list[tuple[bytes, int, int]]:
        return [(self.source.text[start:end], start, end) for start, end in parts]

    def _body(self, document: Heredoc) -> Iterable[tuple[bytes, int, int]]:
        for line in range(document.first, document.last):
            start, end = self.source.starts[line], self.source.line_end(line)
            text = self.source.text[start:end]
            if document.strips_tabs:
                text = text.lstrip(b"\t")
            yield text, end - len(text), end

    def _with_ends(self, documents: tuple[Heredoc, ...]) -> Iterable[tuple[bytes, int, int]]:
        for document in documents:
            start, last = self.source.starts[document.first], self.source.starts[document.last]
            yield self.source.text[start:last], start, last
            yield document.name + b"\n", last, self.source.line_end(document.last)


def _cut(parts: list[Span], offset: int) -> list[Span]:
    """The parts of a text without its first `offset` bytes."""
    found = []
    for start, end in parts:
        skipped = min(offset, end - start)
        offset -= skipped
        if start + skipped < end:
            found.append((start + skipped, end))
    return found


def from_image(text: bytes, parsed: Command) -> tuple[Span | None, bytes]:
    """The image and the stage name of a FROM, which has one word, or three with `AS` in the middle."""
    found = [match.span() for match in islice(_ARGUMENT.finditer(text, parsed.start, parsed.end), 4)]
    if len(found) == 1:
        return found[0], b""
    if len(found) == 3 and text[slice(*found[1])].lower() == b"as":
        stage = text[slice(*found[2])].lower()
        if _STAGE.fullmatch(stage):
            return found[0], stage
    return None, b""


def _in_value(place: _Place, value: View, span: Span) -> Context:
    """The context of a reference in a value, which `value` shows without quotes."""
    inner = value.inward(span)
    if inner is None or inner[0] > _MOST_BEFORE:
        return _at(place.where, *place.labels, whole=False)
    before, ends = value.text[: inner[0]], inner[1] == len(value.text)
    if place.where in ("copy-from", "mount-from") and b"$" in value.text[slice(*inner)]:
        ends = False  # BuildKit expands no variables here, buildah does: the text does not tell
    default = _DEFAULT.match(before)
    if default and value.text[inner[1] : inner[1] + 2] == b"}" and _is_transport(before[default.end() :]):
        return _at(place.where, *place.labels, "default", whole=False)
    return _at(place.where, *place.labels, whole=ends and _is_transport(before))


def _csv(text: bytes) -> list[tuple[bytes, int, int]]:
    """The `key=value` fields of a CSV line, with the span of each value; none when it is no valid CSV."""
    found: list[tuple[bytes, int, int]] = []
    at = 0
    while match := _CSV_FIELD.match(text, at):
        group = 1 if match[1] is not None else 2
        key, _, value = match[group].partition(b"=")
        found.append((key.lower(), match.end(group) - len(value), match.end(group)))
        at = match.end() + 1
        if at > len(text):
            return found
    return []


def _is_transport(text: bytes) -> bool:
    return not text or text.decode("latin-1") in TRANSPORTS


def _stands_alone(text: bytes, start: int, end: int) -> bool:
    """No other text is glued to `start..end`, quotes, `NAME=` and the punctuation of a sentence apart."""
    for transport in TRANSPORTS:
        if text.endswith(transport.encode(), max(0, start - len(transport)), start):
            start -= len(transport)
            break
    before = text[start - 1 : start]
    return (not before or before in _BEFORE) and bool(_AFTER.match(text, end))


def _is_shell(path: bytes) -> bool:
    return path.rpartition(b"/")[2].decode("latin-1") in SHELLS


def _interpreter(script: bytes) -> str:
    """The language that the `#!` line of a script names."""
    line = script[2:].partition(b"\n")[0].split()
    names = [word.rpartition(b"/")[2] for word in line if not word.startswith(b"-") and b"=" not in word]
    name = next((name for name in names if name != b"env"), b"")
    if name.startswith(b"python"):
        return "python"
    return "shell" if _is_shell(name) else ""


def _from_variables(source: Dockerfile) -> set[bytes]:
    """The global ARGs whose value is the whole image of a FROM, and nothing else that depends on it.

    A FROM sees only the ARGs before the first FROM; a stage sees those that it declares again.
    """
    defaults: dict[bytes, bytes] = {}
    whole: set[bytes] = set()
    parts: set[bytes] = set()
    declared: set[bytes] = set()
    in_stage: set[bytes] = set()
    is_global = True
    for instruction in source.instructions:
        text, parsed = instruction.view.text, instruction.command
        if parsed.name == "from":
            is_global = False
            image, _ = from_image(text, parsed)
            value = syntax.unquoted(text, *image, source.escape).text if image else b""
            if match := _WHOLE_VARIABLE.fullmatch(value):
                whole.add(match[1] or match[2])
            else:
                parts.update(_VARIABLE.findall(value))
        elif parsed.name == "arg":
            for start, end in syntax.words(text, parsed.start, parsed.end, source.escape):
                name, _, value = text[start:end].partition(b"=")
                value = value.strip(b"'\"")
                if not is_global:
                    declared.add(name)
                elif match := _WHOLE_VARIABLE.fullmatch(value):
                    defaults[name] = match[1] or match[2]
                else:
                    parts.update(_VARIABLE.findall(value))
        elif parsed.name != "label":
            in_stage.update(_VARIABLE.findall(source.text, source.starts[instruction.first], source.line_end(instruction.last)))
    for name in reversed(defaults):
        if name in whole:
            whole.add(defaults[name])
    return whole - parts - (declared & in_stage)
