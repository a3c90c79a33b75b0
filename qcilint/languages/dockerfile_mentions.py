"""Names that an instruction mentions where BuildKit itself may expand them: takes an instruction, gives mentions.

What is expanded is said by the `Expand` methods in https://github.com/moby/buildkit, `frontend/dockerfile/instructions`.
What the shell of RUN or CMD expands is for `dockerfile_script_names`, the pairs of ARG are for `dockerfile_bindings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.languages.dockerfile_commands import Command, Flag, from_image, is_json
from qcilint.languages.dockerfile_expansions import Mention, expansions, lexical
from qcilint.languages.dockerfile_scopes import Scope
from qcilint.languages.dockerfile_words import ARGUMENT, words
from qcilint.view import Span

AT_RUN_TIME = ("cmd", "entrypoint", "healthcheck")
"""Instructions whose text runs in containers of the image, when it has been built."""
_SCRIPTS = ("run", *AT_RUN_TIME)
_WHOLE = ("user", "workdir", "stopsignal")
"""Instructions whose arguments are one text."""
_BY_WORD = ("add", "copy", "expose", "volume")
_FLAGS = {"from": (b"platform",), "copy": (b"chown", b"chmod"), "add": (b"chown", b"chmod", b"checksum")}
_FIELD = re.compile(rb"[^,]++")
_FROM = re.compile(rb"from=", re.I)
_SECRET = re.compile(rb"env=([A-Za-z_][A-Za-z0-9_]*+)", re.I)
_QUOTING = re.compile(rb"['\"\\`]")
_NOT_EXPANDED = "not expanded here"
_IN_FROM_FLAG = "BuildKit expands no variables here"
"""BuildKit refuses a variable in `--from`, Buildah expands it."""


class Pair(NamedTuple):
    """`NAME=value` or `NAME value`: the name is bytes `start..equals`, the value, quotes included, `value..end`.

    Where there is no value, `value` is -1.
    """

    start: int
    equals: int
    value: int
    end: int


def pairs(text: bytes, parsed: Command, escape: bytes) -> list[Pair]:
    """The pairs of ARG, ENV or LABEL."""
    found: list[Pair] = []
    for number, (start, end) in enumerate(words(text, parsed.start, parsed.end, escape)):
        equals = text.find(b"=", start, end)
        if equals >= 0:
            found.append(Pair(start, equals, equals + 1, end))
        elif parsed.name == "arg":
            found.append(Pair(start, end, -1, end))
        elif number == 0:
            value = ARGUMENT.search(text, end, parsed.end)
            return [Pair(start, end, value.start(), parsed.end)] if value else []
    return found


def mentions(text: bytes, parsed: Command, escape: bytes) -> Iterator[tuple[Mention, Scope]]:
    """Every mention in an instruction (scripts apart), and which definitions it may mean."""
    known: set[int] = set()
    scope = Scope.GLOBAL if parsed.name == "from" else Scope.HERE
    for mention in _expanded(text, parsed, escape):
        known.add(mention.start)
        yield mention, Scope.ANYWHERE if mention.is_literal else scope
    end = parsed.start if parsed.name in _SCRIPTS else len(text)
    for mention in lexical(text, 0, end, _NOT_EXPANDED):
        if mention.start not in known:
            yield mention, Scope.ANYWHERE


def _expanded(text: bytes, parsed: Command, escape: bytes) -> Iterator[Mention]:
    """The mentions in the texts that BuildKit expands, or refuses to expand."""
    for flag in parsed.flags:
        yield from _in_flag(text, parsed.name, flag, escape)
    for start, end in _texts(text, parsed, escape):
        yield from expansions(text, start, end, escape)


def _texts(text: bytes, parsed: Command, escape: bytes) -> Iterator[Span]:
    if parsed.name == "from":
        image, _ = from_image(text, parsed)
        if image:
            yield image
    elif parsed.name in ("env", "label"):
        for pair in pairs(text, parsed, escape):
            yield pair.start, pair.equals
            yield pair.value, pair.end
    elif parsed.name in _WHOLE:
        yield parsed.start, parsed.end
    elif parsed.name in _BY_WORD:
        arguments = text[parsed.start : parsed.end]
        if not is_json(arguments):
            yield from (match.span() for match in ARGUMENT.finditer(text, parsed.start, parsed.end))
        elif not re.search(rb"['\\`]", arguments):
            yield parsed.start, parsed.end


def _in_flag(text: bytes, name: str, flag: Flag, escape: bytes) -> Iterator[Mention]:
    quoted = _QUOTING.search(text, flag.start, flag.end)
    if flag.name == b"from":
        yield from lexical(text, flag.start, flag.end, _IN_FROM_FLAG)
    elif name == "run" and flag.name == b"mount" and not quoted:
        for field in _FIELD.finditer(text, flag.start, flag.end):
            if _FROM.match(field[0]):
                yield from lexical(text, *field.span(), _IN_FROM_FLAG)
            elif secret := _SECRET.fullmatch(field[0]):
                yield Mention(secret[1], field.end() - len(secret[1]), field.end(), "other", "a secret is put under this name")
            else:
                yield from expansions(text, *field.span(), escape)
    elif flag.name in _FLAGS.get(name, ()) and not quoted:
        yield from expansions(text, flag.start, flag.end, escape)
