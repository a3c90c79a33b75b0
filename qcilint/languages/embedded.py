"""Texts inside the string literals of programs: a shell command, a Dockerfile, a YAML or JSON document.

A string only holds such a text where its content leaves no doubt; otherwise the reference keeps the context
of the string.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.context import UNKNOWN, Context
from qcilint.languages import nested
from qcilint.languages.transports import TRANSPORT
from qcilint.view import Span, View

Part = tuple[bytes, int, int]
"""Content bytes, and the start and end of the source bytes they stand for."""

MAX_ARGUMENTS = 64
"""A longer list of strings is data, not the argument vector of a command."""
_MAX_DOCUMENT = 1_000_000

_ESCAPE = rb"\\(?:\r?\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|[0-7]{1,3}|[^\r\n])"
_BRACES = rb"\{\{|\}\}|\{(?:[^{}\n]|\{[^{}\n]{0,200}\}){0,400}\}"
_SPECIAL = {
    (True, False): re.compile(_ESCAPE),
    (False, True): re.compile(_BRACES),
    (True, True): re.compile(_ESCAPE + b"|" + _BRACES),
}
_CONTROL = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_FIELD = re.compile(rb"\{[ \t]*(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)[ \t]*[}:!=]")


class Literal(NamedTuple):
    """A string literal: bytes `start..end` with its quotes, `inner..outer` without them."""

    start: int
    end: int
    inner: int
    outer: int
    escapes: bool = True
    """Backslash escapes are decoded."""
    braces: bool = False
    """Expressions in braces are filled in."""

    def parts(self, data: bytes) -> list[Part]:
        """The content, with escapes and braces resolved."""
        return content(data, self.inner, self.outer, escapes=self.escapes, braces=self.braces)


def content(data: bytes, start: int, end: int, *, escapes: bool, braces: bool = False) -> list[Part]:
    """The content of `start..end`: escapes decoded, `{name}` written as the shell's `${name}`."""
    if not escapes and not braces:
        return [(data[start:end], start, end)]
    parts: list[Part] = []
    at = start
    for match in _SPECIAL[escapes, braces].finditer(data, start, end):
        if match.start() > at:
            parts.append((data[at : match.start()], at, match.start()))
        parts.append((_resolve(match[0]), *match.span()))
        at = match.end()
    if at < end:
        parts.append((data[at:end], at, end))
    return parts


def _resolve(special: bytes) -> bytes:
    if special[:1] != b"\\":
        return _field(special)
    rest = special[1:]
    if rest in _CONTROL:
        return _CONTROL[rest]
    if rest[-1:] == b"\n":
        return b""
    if rest[:1] in b"xuU" and len(rest) > 1:
        return _character(int(rest[1:].strip(b"{}"), 16))
    if rest[:1].isdigit() and rest[:1] < b"8":
        return _character(int(rest, 8))
    return special if rest.isalpha() else rest


def _character(code: int) -> bytes:
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"


def _field(braces: bytes) -> bytes:
    if braces in (b"{{", b"}}"):
        return braces[:1]
    name = _FIELD.match(braces)
    return b"${%s}" % (name[1] if name else b"x")


# Names of functions that show a text to people, and of values that are shown: what they hold is no command.
_TALKERS = re.compile(
    r"f?print\w*|log\w*|debug\w*|info\w*|warn\w*|error\w*|fatal\w*|exception|critical|trace\w*|panic\w*|fail\w*|skip\w*"
    r"|echo|notice|usage|help|new_?error|wrapf?|describe\w*|it|by|entry|set_?description|klog\w*|assert\w*|raise|add_argument"
    r"|\w*(?:error|exception|warning)f?",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"(?:.*_|.*[a-z])?(?:help|usage|description|desc|examples?|long(?:desc)?|short|message|msg|title|text|summary|epilog|docs?|notes?"
    r"|comment|reason|errors?|warning|hint|about|label|name)",
    re.IGNORECASE,
)


def is_shown(labels: Iterable[str]) -> bool:
    """Whether one of the labels says that the string is a text for people."""
    for label in labels:
        kind, _, name = label.partition(":")
        last = name.rpartition(".")[2]
        if kind == "argument" and _TALKERS.fullmatch(last):
            return True
        if kind in ("argument", "assignment", "field", "keyword", "dict-value") and _SHOWN.fullmatch(last):
            return True
    return False


_PREFIX = re.compile(rb"(?:-{0,2}[A-Za-z_][A-Za-z0-9_.-]*=)?(?:%s)?" % TRANSPORT)


def is_whole(data: bytes, start: int, end: int, span: Span) -> bool:
    """Whether the reference is all of the string content `start..end`, a transport and a `NAME=` apart."""
    if span[1] != end or span[0] - start > 200 or span[0] < start:
        return False
    return bool(_PREFIX.fullmatch(data, start, span[0]))


_ACCEPTED = re.compile(r"(?:command|assignment|loop):.*|pattern")
_COMMAND = re.compile(r"command:.*|pattern")
# A word where `docker pull REF` takes none: a sentence goes on.
_SENTENCE = re.compile(rb"[\"'`]?[ \t]+[A-Za-z({]|[\"'`]?[ \t]*[,!?]")
_PROSE = re.compile(rb"(?:\A|\n)[ \t]*(?:[A-Z][a-z]+(?:[ \t]+[A-Za-z][a-z']*)+[ \t,.:]|[A-Z][A-Za-z ]{2,40}:[ \t]*(?:\r?\n|\Z))")
_LINES_BEFORE = rb"\A(?:[ \t]*(?:#[^\n]*)?\r?\n|[ \t]*ARG[ \t][^\n]*\n)*+"
_DOCKERFILE = re.compile(
    _LINES_BEFORE + rb"[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?[^\s#]\S*(?:[ \t]+(?:AS|as)[ \t]+\S+)?[ \t]*(?:\r?\n|\Z)"
)
_YAML_LINE = re.compile(rb"[ ]*(?:- )*(?:[\"']?[A-Za-z_][\w./-]*[\"']?:(?:[ ]|\r?\Z)|- ?|#|---\r?\Z|\r?\Z)")
_YAML_KEY = re.compile(rb"^[ ]*(?:- )*[a-zA-Z_][\w./-]*:(?:[ \r]|$)", re.M)
_MANIFEST = re.compile(rb"^apiVersion:[ \t]", re.M)
_KIND = re.compile(rb"^kind:[ \t]", re.M)


def looks_like_dockerfile(text: bytes) -> bool:
    """Whether the first instruction, global ARGs apart, is a complete FROM."""
    return bool(_DOCKERFILE.match(text))


def looks_like_json(text: bytes) -> bool:
    """Whether the text is one JSON array or object."""
    stripped = text.strip()
    if stripped[:1] + stripped[-1:] not in (b"{}", b"[]") or len(stripped) > _MAX_DOCUMENT:
        return False
    try:
        json.loads(stripped)
    except (ValueError, RecursionError):
        return False
    return True


def looks_like_yaml(text: bytes) -> bool:
    """Whether the text is a Kubernetes manifest, or nothing but YAML keys and list items, at least two."""
    if b"\n" not in text.strip() or len(text) > _MAX_DOCUMENT:
        return False
    if _MANIFEST.search(text) and _KIND.search(text):
        return True
    return len(_YAML_KEY.findall(text)) > 1 and all(_YAML_LINE.match(line) for line in text.split(b"\n"))


def contexts(parts: list[Part], spans: Sequence[Span], outer: Sequence[Context]) -> list[Context]:
    """The contexts of references in one string with content `parts`; `outer` are their contexts in the program."""
    if any(context.where == "pattern" for context in outer):
        return list(outer)
    view = View.build(parts)
    if looks_like_dockerfile(view.text):
        return certain("dockerfile", view, spans, outer)
    if looks_like_json(view.text):
        return certain("json", view, spans, outer)
    if looks_like_yaml(view.text):
        return certain("yaml", view, spans, outer)
    return _shell(view, spans, outer)


def certain(language: str, view: View, spans: Sequence[Span], outer: Sequence[Context]) -> list[Context]:
    """The contexts in `language`, without those that are only a guess."""
    found = nested(language, view, spans, outer)
    return [
        around if inside.where == UNKNOWN or "low-confidence" in inside.labels else inside
        for inside, around in zip(found, outer, strict=True)
    ]


def _shell(view: View, spans: Sequence[Span], outer: Sequence[Context]) -> list[Context]:
    text = view.text
    if not re.search(rb"[\s=]", text.strip()) or _PROSE.search(text):
        return list(outer)
    found = nested("shell", view, spans, outer)
    chosen: list[Context] = []
    for span, inside, around in zip(spans, found, outer, strict=True):
        within = view.inward(span)
        runs_on = within is not None and inside.where == "command:pull" and _SENTENCE.match(text, within[1])
        chosen.append(inside if _ACCEPTED.fullmatch(inside.where) and not runs_on else around)
    return chosen


_SAFE = re.compile(rb"[A-Za-z0-9_./:=@%+,-]+")


def argument_vector(
    data: bytes, items: Sequence[Literal | None], spans: Sequence[Span], outer: Sequence[Context]
) -> list[Context] | None:
    """The contexts of references in the items of an argument vector (None: not a literal), or None if it is no command."""
    if not 2 <= len(items) <= MAX_ARGUMENTS:
        return None
    parts: list[Part] = []
    at = next((item.start for item in items if item), 0)
    for item in items:
        parts.append((b" ", at, at))
        word = _word(data, item) if item else None
        if word is None:
            parts.append((b"x", at, at))
        else:
            parts += word
        at = item.end if item else at
    found = nested("shell", View.build(parts[1:]), spans, outer)
    if not any(_COMMAND.fullmatch(context.where) for context in found):
        return None
    return [inside if _COMMAND.fullmatch(inside.where) else around for inside, around in zip(found, outer, strict=True)]


def _word(data: bytes, literal: Literal) -> list[Part] | None:
    """A literal as one shell word."""
    parts = literal.parts(data)
    text = b"".join(part[0] for part in parts)
    if _SAFE.fullmatch(text):
        return parts
    if b"'" in text:
        return None
    return [(b"'", literal.inner, literal.inner), *parts, (b"'", literal.outer, literal.outer)]
