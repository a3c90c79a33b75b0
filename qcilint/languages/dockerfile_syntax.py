"""The structure of a Dockerfile: takes the text, gives its lines and its instructions, by BuildKit's rules.

`dockerfile-parse` says which lines make up an instruction; it reads the masked text of `dockerfile_lines`. Where no line goes
on in the next one, each line is an instruction, and it is not asked: to import it takes longer than to fix such a file.

The rules are those of https://github.com/moby/buildkit, `frontend/dockerfile/parser` and `frontend/dockerfile/shell`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from io import BytesIO

from qcilint.languages.dockerfile_commands import command
from qcilint.languages.dockerfile_heredocs import Heredoc
from qcilint.languages.dockerfile_lines import Kind, Lines
from qcilint.records import NamedTuple
from qcilint.view import Span, View


class Instruction:
    """An instruction on lines `first..last`, heredocs included; `view` is its text without line continuations."""

    def __init__(self, text: bytes, first: int, last: int, parts: list[Span], heredocs: tuple[Heredoc, ...]) -> None:
        self.first = first
        self.last = last
        self.parts = parts
        self.heredocs = heredocs
        self.view = View.build((text[start:end], start, end) for start, end in parts)
        self.command = command(self.view.text)


class Dockerfile(NamedTuple):
    """A Dockerfile: where its lines start, what they are, and its instructions in order."""

    text: bytes
    starts: list[int]
    kinds: list[Kind]
    instructions: list[Instruction]
    escape: bytes
    unclosed: int | None
    """The first line of an instruction whose heredoc has no end: BuildKit refuses the file."""

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def line_end(self, line: int) -> int:
        return self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)


def parse(text: bytes) -> Dockerfile:
    """The structure of `text`, whatever it holds."""
    lines = Lines(text)
    instructions = []
    for first, last in _instruction_lines(lines.masked):
        heredocs = lines.heredocs.get(first, ())
        end = heredocs[-1].last if heredocs else last
        instructions.append(Instruction(text, first, end, lines.parts[first], heredocs))
    return Dockerfile(text, lines.starts, lines.kinds, instructions, lines.escape, lines.unclosed)


def _instruction_lines(masked: list[bytes]) -> Iterable[tuple[int, int]]:
    """The first and the last line of each instruction."""
    if any(line.rstrip().endswith(b"\\") for line in masked):
        return _joined_lines(masked)
    return [(number, number) for number, line in enumerate(masked) if line.strip() and not line.startswith(b"#")]


def _joined_lines(masked: list[bytes]) -> Iterator[tuple[int, int]]:
    from dockerfile_parse import DockerfileParser

    parser = DockerfileParser(fileobj=BytesIO(b"".join(line + b"\n" for line in masked)))
    for item in parser.structure:
        if item["instruction"] != "COMMENT" or not masked[item["startline"]].startswith(b"#"):
            yield item["startline"], item["endline"]
