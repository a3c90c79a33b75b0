"""The words of an instruction: where they begin and end, and what they are without quotes.

Takes the text of an instruction without line continuations; gives spans of it, and views of single words. The rules are
those of https://github.com/moby/buildkit, `frontend/dockerfile/parser` and `frontend/dockerfile/shell`.
"""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.view import Span, View

BACKSLASH = b"\\"
_WIDE_SPACES = tuple(
    chr(code).encode() for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
SPACE = rb"(?:[\t\n\v\f\r ]|%s)" % b"|".join(_WIDE_SPACES)
"""White space as Go's `unicode.IsSpace` has it."""
_LEADING = re.compile(SPACE + rb"*+")
_BLANKS = re.compile(rb"[\t\n\v\f\r ]*+")
ARGUMENT = re.compile(rb"[^\t\n\v\f\r ]++")
_MARKS = (b"\\", b"`", b"'", b'"')
_QUOTING = re.compile(rb"[\\`].|['\"]|[^\\`'\"]++|[\\`]", re.S)
_SHELL = re.compile(rb"(%s++)|[^\s\\'\"$/}\x80-\xff]++|\\.?|'|\"|\$\{|\$[@*#?$!-]?|/|\}|." % SPACE, re.S)
_VARIABLE = re.compile(rb"(?![{}:])(?>[0-9]++|[@*#?$!-]|[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*+|)(\}|:.|[-+?#%]|//?)", re.S)


def skip_space(text: bytes, at: int) -> int:
    """After the white space at `at`, line feeds included."""
    if at == len(text) or 32 < text[at] < 127:  # as most often; no white space begins so
        return at
    match = _LEADING.match(text, at)
    return match.end() if match else at


def skip_blanks(text: bytes, at: int) -> int:
    """After the ASCII white space at `at`."""
    if text[at : at + 1] == b" ":
        at += 1
    if at == len(text) or text[at] > 32:  # as most often
        return at
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def end_without_space(text: bytes) -> int:
    """Where `text` ends without the white space at its end."""
    end = len(text)
    while end:
        if text[end - 1] in b"\t\n\v\f\r ":
            end -= 1
        elif text.endswith(_WIDE_SPACES, 0, end):
            end -= 2 if text[end - 2] == 0xC2 else 3
        else:
            break
    return end


def words(text: bytes, start: int, end: int, escape: bytes) -> list[Span]:
    """The words of `text[start:end]`, quotes included; an unclosed quote runs to the end."""
    token = re.compile(
        rb"(?:[^\s'\"%(e)s]++|%(e)s.|'[^']*+'|\"(?:[^\"%(e)s]++|%(e)s.)*+\"|%(e)s\Z)++" % {b"e": re.escape(escape)}, re.S
    )
    found: list[Span] = []
    at = skip_blanks(text, start)
    while at < end:
        match = token.match(text, at, end)
        stop = match.end() if match else at
        if stop < end and text[stop] not in b"\t\n\v\f\r ":
            stop = end
        found.append((at, stop))
        at = skip_blanks(text, stop)
    return found


def unquoted(text: bytes, start: int, end: int, escape: bytes) -> View:
    """The word `text[start:end]` without its quotes and escapes; a quote that has no end stays."""
    parts: list[tuple[bytes, int, int]] = []
    if not any(mark in text[start:end] for mark in _MARKS):  # as most often
        return View.build([(text[start:end], start, end)] if start < end else [])
    quote, at = b"", start
    while match := _QUOTING.match(text, at, end):
        token, begin, at = match[0], at, match.end()
        if token[:1] in (b"\\", b"`") and token[:1] != escape:
            at = begin + 1
            parts.append((token[:1], begin, at))
        elif token[:1] == escape and len(token) == 2 and quote != b"'":
            parts.append((token[1:], begin + 1, at))
        elif token in (b"'", b'"') and quote in (b"", token):
            quote = b"" if quote else token
        elif token == escape:  # at the end, where it means nothing
            continue
        else:
            parts.append((token, begin, at))
    if quote:  # it has no end: keep it, so that the text does not look whole
        parts.append((quote, end, end))
    return View.build(parts)


def shell_words(text: bytes) -> list[Span]:
    """The words of `text` as BuildKit's shell lexer splits them; none where quotes or `${` have no proper end."""
    found: list[Span] = []
    waiting: list[bytes] = []  # the quotes, `}` and `/` that must still come
    begin, at = -1, 0
    while match := _SHELL.match(text, at):
        token, start, at = match[0], at, match.end()
        inside = waiting[-1] if waiting else b""
        if match[1] and b'"' not in waiting[:1]:
            if begin >= 0:
                found.append((begin, start))
            begin = -1
            continue
        begin = start if begin < 0 else begin
        if token == b"'" and inside != b'"':
            at = text.find(b"'", at) + 1
            if not at:
                return []
        elif token == b"${":
            variable = _VARIABLE.match(text, at)
            if not variable:
                return []
            at = variable.end()
            if variable[1] != b"}":
                waiting.append(b"/" if variable[1].startswith(b"/") else b"}")
        elif token == b'"' and inside != b'"':
            waiting.append(token)
        elif token == inside:
            waiting.pop()
            if token == b"/":
                waiting.append(b"}")
    if begin >= 0:
        found.append((begin, len(text)))
    return [] if waiting else found
