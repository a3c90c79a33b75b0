"""What RUN runs: takes the instruction, gives its script (text and heredocs) and the language of that."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qcilint.languages.command_tables import SHELLS
from qcilint.languages.dockerfile_commands import Command
from qcilint.languages.dockerfile_heredocs import Heredoc
from qcilint.languages.dockerfile_syntax import Dockerfile, Instruction
from qcilint.view import Span, View


def script_of(source: Dockerfile, instruction: Instruction, parsed: Command, *, posix: bool) -> tuple[str, View]:
    """The script that RUN runs, and its language (empty when it is none that is known)."""
    shell = "shell" if posix else ""
    documents = instruction.heredocs
    arguments = instruction.view.text[parsed.start : parsed.end]
    if len(documents) == 1 and re.fullmatch(rb"[0-9]*<<[^\s]+", arguments):
        view = View.build(_body(source, documents[0]))
        return (_interpreter(view.text) if view.text.startswith(b"#!") else shell), view
    parts = _cut(instruction.parts, parsed.start)
    if documents:
        end = parts[-1][1] if parts else instruction.parts[-1][1]
        first = source.starts[documents[0].first]
        return shell, View.build([*_slices(source, parts), (b"\n", end, first), *_with_ends(source, documents)])
    return shell, View.build(_slices(source, parts))


def _slices(source: Dockerfile, parts: list[Span]) -> list[tuple[bytes, int, int]]:
    return [(source.text[start:end], start, end) for start, end in parts]


def _body(source: Dockerfile, document: Heredoc) -> Iterable[tuple[bytes, int, int]]:
    for line in range(document.first, document.last):
        start, end = source.starts[line], source.line_end(line)
        text = source.text[start:end]
        if document.strips_tabs:
            text = text.lstrip(b"\t")
        yield text, end - len(text), end


def _with_ends(source: Dockerfile, documents: tuple[Heredoc, ...]) -> Iterable[tuple[bytes, int, int]]:
    for document in documents:
        start, last = source.starts[document.first], source.starts[document.last]
        yield source.text[start:last], start, last
        yield document.name + b"\n", last, source.line_end(document.last)


def _cut(parts: list[Span], offset: int) -> list[Span]:
    """The parts of a text without its first `offset` bytes."""
    found = []
    for start, end in parts:
        skipped = min(offset, end - start)
        offset -= skipped
        if start + skipped < end:
            found.append((start + skipped, end))
    return found


def is_shell(path: bytes) -> bool:
    """Whether the program at this path is a POSIX shell."""
    return path.rpartition(b"/")[2].decode("latin-1") in SHELLS


def _interpreter(script: bytes) -> str:
    """The language that the `#!` line of a script names."""
    line = script[2:].partition(b"\n")[0].split()
    names = [word.rpartition(b"/")[2] for word in line if not word.startswith(b"-") and b"=" not in word]
    name = next((name for name in names if name != b"env"), b"")
    if name.startswith(b"python"):
        return "python"
    return "shell" if is_shell(name) else ""
