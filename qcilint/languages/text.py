"""Text without a grammar of its own: ini, toml, properties and `.env` files, XML, anything else.

Only lines count: a comment, a key whose whole value is the reference, or just text.
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages.scan import line_end
from qcilint.languages.transports import TRANSPORT
from qcilint.view import Span

_COMMENT = re.compile(rb"[ \t]*(?:#|;|//|--[ \t])")
_KEY = re.compile(
    rb"[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,200})[ \t]*(?:=|:(?=[ \t]))[ \t]*(?P<quote>[\"']?)(?:%s)?" % TRANSPORT
)
_AFTER = re.compile(rb"[ \t]*,?[ \t]*(?:[#;][^\n]*)?\r?\Z")
# What may stand directly before a word: a `NAME=`, a `--flag=`, a transport.
_PREFIX = re.compile(rb"(?:(?<![^\s\"'`(\[{<>|,;])-{0,2}[A-Za-z_][\w.-]{0,80}=)?[\"']?(?:%s)?\Z" % TRANSPORT)
_PREFIX_ENDS = (b"=", b":", b"/", b'"', b"'")
_GLUED_BEFORE = re.compile(rb"[\w/:@.%$+=~\\^-]\Z")
_GLUED_AFTER = re.compile(rb"[\w/@=%$+~\\{\[^-]|\*(?![\s*.,;:)]|\Z)|[:.,](?=[^\s.,:;)\]}>\"'`*_|\\-])")
_LONGEST_KEY = 400


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of plain text."""
    return contexts_in("text", text, spans)


def contexts_in(language: str, text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a text in `language`."""
    found: list[Context] = []
    end = -1
    comment = False
    for span in spans:
        if span[0] > end:
            start = text.rfind(b"\n", max(end, 0), span[0]) + 1
            start = start or max(end, 0)
            end = line_end(text, span[0], len(text))
            comment = bool(_COMMENT.match(text, start, end))
        if comment:
            found.append(Context("comment", language, whole=stands_alone(text, span)))
            continue
        key = _whole_value_of(text, start, end, span)
        where = f"value:{key}" if key else "text"
        found.append(Context(where, language, whole=bool(key) or stands_alone(text, span)))
    return found


def _whole_value_of(text: bytes, start: int, end: int, span: Span) -> str:
    """The key of the line `start..end` if its value is nothing but the reference."""
    if span[0] - start > _LONGEST_KEY:
        return ""
    key = _KEY.fullmatch(text, start, span[0])
    if not key:
        return ""
    quote = key["quote"]
    after = span[1] + len(quote)
    if text[span[1] : after] != quote or not _AFTER.match(text, after, end):
        return ""
    return key[1].decode("utf-8", "replace")


def stands_alone(text: bytes, span: Span) -> bool:
    """Whether a reference in running text is a word of its own, a transport and a `NAME=` apart."""
    if _GLUED_AFTER.match(text, span[1]):
        return False
    before = text[max(0, span[0] - 120) : span[0]]
    if before[-1:] in _PREFIX_ENDS and (prefix := _PREFIX.search(before)):
        before = before[: prefix.start()]
    return not _GLUED_BEFORE.search(before[-1:])
