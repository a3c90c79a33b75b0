"""One instruction taken apart: its name, its flags, its arguments; the image and the stage of a FROM.

Takes the text of an instruction without line continuations.
"""

from __future__ import annotations

from itertools import islice

from qcilint import lazy as re
from qcilint.languages.dockerfile_words import ARGUMENT, end_without_space, skip_blanks, skip_space
from qcilint.records import NamedTuple
from qcilint.view import Span

_WORD = re.compile(rb"[^\t\v\f\r ]++")
_FLAG = re.compile(rb"--(?:[^\\'\"\t\n\v\f\r ]++|\\.|'(?:[^'\\]++|\\.)*+'|\"(?:[^\"\\]++|\\.)*+\")*+", re.S)
_STAGE = re.compile(rb"[a-z][a-z0-9_.-]*")


class Flag(NamedTuple):
    """A `--name=value` flag: its value is bytes `start..end`, quotes included."""

    name: bytes
    start: int
    end: int


class Command(NamedTuple):
    """The name and the flags of an instruction; its arguments are bytes `start..end`."""

    name: str
    flags: tuple[Flag, ...]
    start: int
    end: int


def command(text: bytes, start: int = 0) -> Command:
    """The instruction that begins at byte `start` of `text`, which holds no line continuations."""
    end = end_without_space(text)
    word = _WORD.match(text, skip_space(text, start), end)
    if not word:
        return Command("", (), end, end)
    flags: list[Flag] = []
    at = skip_blanks(text, word.end())
    while text.startswith(b"--", at) and (match := _FLAG.match(text, at)):
        if match.end() < len(text) and text[match.end()] not in b"\t\n\v\f\r ":  # a quote that does not end
            at = end
            break
        at = skip_blanks(text, match.end())
        if match[0] == b"--":
            break
        name, _, value = match[0][2:].partition(b"=")
        flags.append(Flag(name, match.end() - len(value), match.end()))
    return Command(_name(word[0]), tuple(flags), min(skip_space(text, at), end), end)


def is_json(arguments: bytes) -> bool:
    """Arguments in the exec form: a JSON array (BuildKit refuses one that does not hold strings only)."""
    if not arguments.startswith(b"["):
        return False
    import json

    try:
        value, _ = json.JSONDecoder().raw_decode(arguments.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list)


def from_image(text: bytes, parsed: Command) -> tuple[Span | None, bytes]:
    """The image and the stage name of a FROM, which has one word, or three with `AS` in the middle."""
    found = [match.span() for match in islice(ARGUMENT.finditer(text, parsed.start, parsed.end), 4)]
    if len(found) == 1:
        return found[0], b""
    if len(found) == 3 and text[slice(*found[1])].lower() == b"as":
        stage = text[slice(*found[2])].lower()
        if _STAGE.fullmatch(stage):
            return found[0], stage
    return None, b""


def _name(word: bytes) -> str:
    return word.decode("utf-8", "replace").lower()
