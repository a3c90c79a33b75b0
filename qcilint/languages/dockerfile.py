"""Dockerfiles and Containerfiles: FROM, COPY --from, RUN --mount, ARG and the rest of the instructions.

The rules are BuildKit's (https://docs.docker.com/reference/dockerfile/ and the sources of moby/buildkit).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from qcilint import languages
from qcilint import lazy as re
from qcilint.context import UNKNOWN, Context
from qcilint.languages.dockerfile_commands import Command, command, is_json
from qcilint.languages.dockerfile_lines import Kind
from qcilint.languages.dockerfile_scripts import script_of
from qcilint.languages.dockerfile_stages import Stages
from qcilint.languages.dockerfile_syntax import Instruction, parse
from qcilint.languages.dockerfile_values import LANGUAGE, Place, Values, context_at, in_value
from qcilint.languages.dockerfile_words import unquoted
from qcilint.reference import TRANSPORTS
from qcilint.view import Span, View

INSTRUCTIONS = {
    *("add", "arg", "cmd", "copy", "entrypoint", "env", "expose", "from", "healthcheck", "label", "maintainer", "onbuild"),
    *("run", "shell", "stopsignal", "user", "volume", "workdir"),
}
NOT_IN_ONBUILD = ("onbuild", "from", "maintainer")
_BEFORE = b" \t\r\n'\"`([=#"
_ENDS = (b"", b" ", b"\t", b"\n", b"\r", b"\v", b"\f")
_AFTER = re.compile(rb"['\"`)\].,;:!?]*+(?:\s|\Z)|['\"]\s*+[,\]}]")


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a Dockerfile."""
    if not spans:
        return []
    source = parse(text)
    found = [context_at(UNKNOWN, whole=False)] * len(spans)
    inside: dict[int, list[int]] = {}
    firsts = [instruction.first for instruction in source.instructions]
    for index, (start, end) in enumerate(spans):
        line = source.line_of(start)
        if line < 0 or not start < end <= source.line_end(line) or (source.unclosed is not None and line >= source.unclosed):
            continue
        kind = source.kinds[line]
        if kind is Kind.COMMENT:
            found[index] = context_at("comment", whole=_stands_alone(text, start, end))
        elif kind is Kind.DIRECTIVE:
            name = _directive(text[source.starts[line] : min(source.starts[line] + 80, end)])
            found[index] = context_at(f"instruction:{name}", whole=_stands_alone(text, start, end))
        elif kind is not Kind.BLANK:
            inside.setdefault(bisect_right(firsts, line) - 1, []).append(index)
    stages = Stages(source)
    for number, instruction in enumerate(source.instructions):
        if indexes := inside.get(number):
            here = [spans[index] for index in indexes]
            for index, context in zip(indexes, _in_instruction(stages, instruction, here), strict=True):
                found[index] = context
        stages.pass_by(instruction)
    return found


def _directive(line: bytes) -> str:
    return line.partition(b"#")[2].partition(b"=")[0].strip().decode("ascii", "replace").lower()


def _in_instruction(stages: Stages, instruction: Instruction, spans: list[Span]) -> list[Context]:
    parsed = instruction.command
    if parsed.name == "onbuild":
        inner = command(instruction.view.text, parsed.start)
        if inner.name in INSTRUCTIONS and inner.name not in NOT_IN_ONBUILD:
            return [context.adding("instruction:onbuild") for context in _Reader(stages, instruction, inner).contexts(spans)]
    if parsed.name not in INSTRUCTIONS:
        return [context_at(UNKNOWN, whole=False)] * len(spans)
    return _Reader(stages, instruction, parsed).contexts(spans)


class _Reader:
    """Says where references stand inside one instruction."""

    def __init__(self, stages: Stages, instruction: Instruction, parsed: Command) -> None:
        self.stages = stages
        self.source = stages.source
        self.instruction = instruction
        self.view = instruction.view
        self.text = instruction.view.text
        self.parsed = parsed

    def contexts(self, spans: list[Span]) -> list[Context]:
        found = [self._vague(span) for span in spans]
        places = list(Values(self.stages, self.text, self.parsed).places())
        views: dict[Place, View] = {}
        in_script: list[int] = []
        for index, span in enumerate(spans):
            inner = self.view.inward(span)
            if self._is_heredoc(span) or (inner and self.parsed.name == "run" and inner[0] >= self.parsed.start):
                in_script.append(index)
            elif inner:
                number = bisect_right(places, inner[0], key=itemgetter(0)) - 1
                if number >= 0 and inner[1] <= places[number].end:
                    place = places[number]
                    view = views.get(place) or unquoted(self.text, place.start, place.end, place.escape)
                    views[place] = view
                    found[index] = in_value(place, view, inner)
        if in_script and self.parsed.name == "run":
            for index, context in zip(in_script, self._script([spans[index] for index in in_script]), strict=True):
                found[index] = context
        return found

    def _is_heredoc(self, span: Span) -> bool:
        return self.source.kinds[self.source.line_of(span[0])] is Kind.HEREDOC

    def _vague(self, span: Span) -> Context:
        if self._is_heredoc(span):
            return context_at("heredoc-file", whole=_stands_alone(self.source.text, *span))
        inner = self.view.inward(span)
        return context_at(f"instruction:{self.parsed.name}", whole=bool(inner and _stands_alone(self.text, *inner)))

    def _script(self, spans: list[Span]) -> list[Context]:
        """References in the text and the heredocs of RUN."""
        alone = [_stands_alone(self.source.text, *span) for span in spans]
        if is_json(self.text[self.parsed.start : self.parsed.end]):
            return [Context("instruction:run", LANGUAGE, whole=whole, escapes=True, region=0) for whole in alone]
        language, view = script_of(self.source, self.instruction, self.parsed, posix=self.stages.posix)
        if not language:
            return [context_at("instruction:run", whole=whole) for whole in alone]
        return languages.nested(language, view, spans, [context_at("run", whole=False)] * len(spans))


def _stands_alone(text: bytes, start: int, end: int) -> bool:
    """No other text is glued to `start..end`, quotes, `NAME=` and the punctuation of a sentence apart."""
    for transport in TRANSPORTS:
        if text.endswith(transport.encode(), max(0, start - len(transport)), start):
            start -= len(transport)
            break
    before = text[start - 1 : start]
    if before and before not in _BEFORE:
        return False
    return text[end : end + 1] in _ENDS or bool(_AFTER.match(text, end))
