"""Which heredocs an instruction begins: takes its text, gives their terminators."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.languages.dockerfile_commands import command, is_json
from qcilint.languages.dockerfile_words import shell_words, unquoted
from qcilint.records import NamedTuple

_HEREDOC = re.compile(rb"[0-9]*<<(-?)([^<]+)", re.S)
_HEREDOC_COMMANDS = ("run", "copy", "add")


class Heredoc(NamedTuple):
    """A here-document: its body is lines `first` to `last`, without `last`, which holds the terminator."""

    name: bytes
    strips_tabs: bool
    first: int
    last: int


def heredoc_names(text: bytes) -> Iterator[tuple[bytes, bool]]:
    """The terminators of the heredocs that begin in an instruction, and whether tabs before them are dropped."""
    if b"<<" not in text:
        return
    parsed = command(text)
    if parsed.name == "onbuild":
        parsed = command(text, parsed.start)
    if parsed.name not in _HEREDOC_COMMANDS or is_json(text[parsed.start : parsed.end]):
        return
    for start, end in shell_words(text):
        if match := _HEREDOC.fullmatch(text, start, end):
            name = unquoted(text, match.start(2), match.end(2), b"\\").text
            if name:
                yield name, bool(match[1])
