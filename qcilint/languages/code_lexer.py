"""Tokens of program text: comments, strings, names and operators, in one pass and without a grammar.

Good enough for every language with C-like lexis, and for Python where its parser refuses a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from qcilint import lazy as re


class Token(NamedTuple):
    """Bytes `start..end`; the content of a string is `inner..outer`."""

    kind: str
    """`comment`, `string`, `regex`, `unclosed`, `name`, `number`, `url` or `op`."""
    start: int
    end: int
    inner: int = 0
    outer: int = 0
    escapes: bool = False
    template: bool = False
    """Holds expressions that the language fills in: `{x}` in Python, `${x}` elsewhere."""


def quoted(quote: bytes, *, escapes: bool = True, lines: bool = False, closed: bool = False) -> bytes:
    """A string up to its quote, to the end of the line, or to the end of the text; only the first where it is to be `closed`."""
    skip, end = b"" if lines else b"\\r\\n", b"" if closed else b"?"
    if escapes:
        return rb"%s[^\\%s%s]*+(?:\\(?:\r\n|[\s\S])[^\\%s%s]*+)*+%s%s" % (quote, quote, skip, quote, skip, quote, end)
    return rb"%s[^%s%s]*+%s%s" % (quote, quote, skip, quote, end)


def tripled(quote: bytes, *, closed: bool = False) -> bytes:
    """A string between three quotes, or up to the end of the text."""
    return rb"%s[^\\%s]*+(?:(?:\\[\s\S]|%s(?!%s))[^\\%s]*+)*+(?:%s)%s" % (
        quote * 3, quote, quote, quote * 2, quote, quote * 3, b"" if closed else b"?",
    )  # fmt: skip


_SLASH_COMMENTS = rb"(?P<comment>//[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?)"
_URL = rb"(?P<url>(?:https?|docker|ftp|file|git|ssh)://[^\s\"'`<>]*)"
_RUNE = rb"(?P<string_rune>'(?:\\[^\n]{1,10}?|[\x00-\x09\x0b-\x26\x28-\x5b\x5d-\x7f]|[\x80-\xff]{2,4})')"
_NAME = rb"(?P<name>[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)"
_NUMBER = rb"(?P<number>[0-9][\w.]*)"
_OP = rb"(?P<op>===|!==|==~|==|!=|=~|:=|\+=|=>|->|<=|>=|&&|\|\||<<|>>|[^\s])"

PYTHON_PREFIX = rb"(?<!\w)[rRbBuUfFtT]{1,2}"
_STRINGS = {
    "go": (
        rb"(?P<string_raw>%s)" % quoted(b"`", escapes=False, lines=True),
        rb"(?P<string_double>%s)" % quoted(b'"'),
        _RUNE,
    ),
    "javascript": (rb"(?P<string_double>%s)" % quoted(b'"'), rb"(?P<string_single>%s)" % quoted(b"'"), rb"(?P<backtick>`)"),
    "groovy": (
        rb"(?P<string_triple>%s|%s)" % (tripled(b'"'), tripled(b"'")),
        rb"(?P<string_double>%s)" % quoted(b'"'),
        rb"(?P<string_single>%s)" % quoted(b"'"),
    ),
    "hcl": (rb"(?P<string_double>%s)" % quoted(b'"'),),
    "code": (
        rb"(?P<string_hash>\br(?P<hash>#{0,8})\"[^\"]*+(?:\"(?!(?P=hash))[^\"]*+)*+(?:\"(?P=hash))?)",
        rb"(?P<string_triple>%s)" % tripled(b'"'),
        rb"(?P<string_double>%s)" % quoted(b'"'),
        rb"(?P<string_single>(?<![\w&<+'])'(?:[^'\\\n]|\\[^\n])*+'(?=[\s,;)\]}.+:]|\Z))",
        _RUNE,
    ),
    "python": (
        rb"(?P<string_triple>(?:%s)?(?:%s|%s))" % (PYTHON_PREFIX, tripled(b'"'), tripled(b"'")),
        rb"(?P<string_double>(?:%s)?%s)" % (PYTHON_PREFIX, quoted(b'"')),
        rb"(?P<string_single>(?:%s)?%s)" % (PYTHON_PREFIX, quoted(b"'")),
    ),
}
_COMMENTS = {
    "python": rb"(?P<comment>#[^\r\n]*)",
    "hcl": rb"(?P<comment>#[^\n]*|//[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?)",
    "groovy": rb"(?P<comment>\A#![^\n]*|//[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?)",
}
_REGEX = re.compile(rb"/(?![/*])(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\])++/[a-z]*")
_LONGEST_REGEX = 1_000
_TEMPLATE_STOP = re.compile(rb"\\[\s\S]|`|\$\{")
_EXPRESSION_STOP = re.compile(rb"`|[{}]|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?")
_PYTHON_QUOTE = re.compile(rb"([A-Za-z]*)(\"\"\"|'''|[\"'])")
# Names after which a slash begins a regular expression.
_BEFORE_REGEX = frozenset({b"return", b"typeof", b"case", b"in", b"of", b"void", b"delete", b"throw", b"new", b"else", b"do"})


@cache
def _scanner(language: str) -> re.Pattern[bytes]:
    comment = _COMMENTS.get(language, _SLASH_COMMENTS)
    url = () if language in ("go", "python") else (_URL,)
    return re.compile(b"|".join((comment, *url, *_STRINGS[language], _NAME, _NUMBER, _OP)))


def tokens(language: str, text: bytes) -> Iterator[Token]:
    """The tokens of `text` in order; a language without rules of its own is lexed as `code`."""
    language = language if language in _STRINGS else "code"
    search = _scanner(language).search
    regex_may_follow = True
    no_regex_before = 0
    at = 0
    while match := search(text, at):
        group = match.lastgroup or "op"
        start, at = match.span()
        if group in ("comment", "url"):
            yield Token(group, start, at)
            continue
        if group == "backtick":
            token = _template(text, start)
        elif group.startswith("string"):
            token = _string(language, group, text, start, at)
        elif language == "javascript" and match[0] == b"/" and regex_may_follow and start >= no_regex_before:
            token = _regex(text, start)
            no_regex_before = 0 if token.kind == "regex" else start + _LONGEST_REGEX
        else:
            token = Token(group, start, at)
        at = token.end
        if group == "name":
            regex_may_follow = match[0] in _BEFORE_REGEX
        else:
            regex_may_follow = token.kind == "op" and match[0] not in (b")", b"]", b"}")
        yield token


def _regex(text: bytes, start: int) -> Token:
    """The regular expression that begins at a slash, or the slash."""
    match = _REGEX.match(text, start, start + _LONGEST_REGEX)
    return Token("regex", start, match.end(), start, match.end()) if match else Token("op", start, start + 1)


def _string(language: str, group: str, text: bytes, start: int, end: int) -> Token:
    if language == "python":
        return python_string(text, start, end)
    quote = 3 if group == "string_triple" else 1
    opening = text.index(b'"', start) + 1 - start if group == "string_hash" else quote
    closing = opening - 1 if group == "string_hash" else quote
    mark = b'"' + b"#" * (closing - 1) if group == "string_hash" else text[start : start + quote]
    inner, outer = start + opening, end - closing
    if outer < inner or text[outer:end] != mark:
        return Token("unclosed", start, end, inner, end)
    escapes = group not in ("string_raw", "string_hash")
    template = language == "groovy" and text[start : start + 1] == b'"' and b"$" in text[inner:outer]
    return Token("string", start, end, inner, outer, escapes, template)


def python_string(text: bytes, start: int, end: int) -> Token:
    """The token of a Python string literal with its prefix and quotes."""
    opening = _PYTHON_QUOTE.match(text, start, end)
    if not opening:
        return Token("unclosed", start, end, start, end)
    prefix, quote = opening[1].lower(), opening[2]
    inner, outer = opening.end(), end - len(quote)
    if outer < inner or text[outer:end] != quote:
        return Token("unclosed", start, end, inner, end)
    return Token("string", start, end, inner, outer, b"r" not in prefix, b"f" in prefix or b"t" in prefix)


def _template(text: bytes, start: int) -> Token:
    """A JavaScript template literal, with the expressions and further templates in it."""
    open_braces = [-1]  # a template is -1, an expression the number of its open braces
    at = start + 1
    filled = False
    while match := (_TEMPLATE_STOP if open_braces[-1] < 0 else _EXPRESSION_STOP).search(text, at):
        at = match.end()
        mark, inside = match[0], open_braces[-1]
        if mark == b"`" and inside >= 0:
            open_braces.append(-1)
        elif mark == b"`" or (mark == b"}" and inside == 0):
            open_braces.pop()
            if not open_braces:
                return Token("string", start, at, start + 1, at - 1, True, filled)
        elif mark == b"${":
            filled = True
            open_braces.append(0)
        elif mark in (b"{", b"}"):
            open_braces[-1] += 1 if mark == b"{" else -1
    return Token("unclosed", start, len(text), start + 1, len(text))
