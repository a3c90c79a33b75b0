"""Suppression comments: `qcilint: ignore[QCI102] reason`, at the end of a line or alone above it; `ignore-file[…]` at the top.

The words must open the comment: a mention in the middle of one, or in a string, is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from qcilint.context import Context
from qcilint.records import dataclass
from qcilint.scan import DIRECTIVE
from qcilint.source import Source
from qcilint.view import Span

_FOUND = re.compile(rb"qcilint:[ \t]*(ignore(?:-file)?)(?![\w-])(?:\[([^\]\r\n]*)\])?([^\r\n]*)")
_MARKER = re.compile(rb"(?:\{\{-?[ \t]*/\*|\{/\*|/\*+|<!--|\(\*|#+|//+|--|;+|\.\.|\b[Rr][Ee][Mm]\b)[ \t]*\Z")
_CLOSERS = ((b"{{", b"}}"), (b"{/*", b"*/}"), (b"/*", b"*/"), (b"<!--", b"-->"), (b"(*", b"*)"))
_NEXT_COMMENT = re.compile(rb"[ \t]+(?:#|//)")
_BLOCK_SCALAR = re.compile(rb"(?:.*[ \t:-][ \t]*|[ \t]*)[|>][0-9+-]{0,2}[ \t]*(?:#.*)?")
_SEQUENCE = re.compile(rb"[ \t]*(?:-[ \t]+)*")
_FENCE = re.compile(rb"[ \t>]*(`{3,}|~{3,})")
_TOP = re.compile(rb"[ \t]*(?:\Z|#|//|--|;|/\*|\*|<!--|\(\*|\.\.|\{/\*|---|%YAML|<\?|<!DOCTYPE|\{\{)")
_PROSE_COMMENTS = ((b"//", (".adoc", ".asciidoc")), (b"..", (".rst",)), (b"{/*", (".mdx",)))


@dataclass(frozen=True, slots=True)
class Directive:
    """One suppression comment at bytes `start..end` of a source, its marks included."""

    start: int
    end: int
    """Up to the end of the comment, or to where another one begins on the same line; 0 where it goes on in the next line."""
    ids: tuple[str, ...] | None
    """The words in its brackets; None without brackets."""
    ids_span: Span
    reason: str
    line: int
    is_alone: bool
    """Nothing but the comment stands in its line."""
    of_file: bool
    lines: tuple[range, ...]
    """The lines that it is about; none for a whole file."""
    is_at_top: bool
    """Only blank lines and comments stand above it."""
    language: str


def find(source: Source, language: str) -> list[Directive]:
    """The suppression comments of a file, in order."""
    if DIRECTIVE not in source.data:
        return []
    from qcilint.languages import contexts

    found = [(match, marker) for match in _FOUND.finditer(source.data) if (marker := _marker(source, match))]
    spans = [span for match, marker in found for span in (_before(source, marker), (match.start(), match.end(1)))]
    placed = contexts(language, source.data, spans) if spans else []
    rows = [
        (match, marker, context)
        for (match, marker), before, context in zip(found, placed[::2], placed[1::2], strict=True)
        if _is_comment(source, marker, context) and not _is_inside(source, marker, before)
    ]
    alone = {source.line(match.start()) for match, marker, _ in rows if _is_alone(source, match, marker)}
    body = _body(source)
    return [_directive(source, match, marker, context, alone, body) for match, marker, context in rows]


def _body(source: Source) -> int:
    """The first line that is neither blank nor a comment."""
    lines = range(1, source.line(len(source.data)) + 1)
    texts = (source.data[slice(*source.line_span(number))].lstrip(b"\xef\xbb\xbf") for number in lines)
    return next((number for number, text in zip(lines, texts, strict=True) if not _TOP.match(text)), lines.stop)


def _marker(source: Source, match: re.Match[bytes]) -> re.Match[bytes] | None:
    """What opens the comment directly in front of the words."""
    start, _ = source.line_span(source.line(match.start()))
    marker = _MARKER.search(source.data, start, match.start())
    return marker if marker and source.data[marker.start() - 1 : marker.start()] not in (b"`", b'"', b"'") else None


def _before(source: Source, marker: re.Match[bytes]) -> Span:
    """The last byte in front of a comment that is not blank, or an empty span where it stands alone."""
    start, _ = source.line_span(source.line(marker.start()))
    end = start + len(source.data[start : marker.start()].rstrip())
    return (end - 1, end) if end > start else (start, start)


def _is_inside(source: Source, marker: re.Match[bytes], before: Context) -> bool:
    """Whether another comment, which is not closed, goes on here: then the words do not open theirs."""
    start, end = _before(source, marker)
    text = source.data[max(0, end - 3) : end]
    return start < end and before.where in _COMMENTS and not text.endswith(tuple(closer for _, closer in _CLOSERS))


_COMMENTS = ("comment", "html-comment")


def _is_comment(source: Source, marker: re.Match[bytes], context: Context) -> bool:
    if context.where in _COMMENTS:
        return True
    start = source.line_span(source.line(marker.start()))[0]
    before = source.data[start : marker.start()]
    if context.where == "prose":
        return not before and any(
            marker[0].startswith(mark) and source.path.lower().endswith(names) for mark, names in _PROSE_COMMENTS
        )
    return context.where in ("text", "unknown") and (not before or before[-1:] in b" \t")


def _directive(
    source: Source, match: re.Match[bytes], marker: re.Match[bytes], context: Context, alone: set[int], body: int
) -> Directive:
    line = source.line(match.start())
    end, tail = _end(marker[0], match)
    of_file = match[1] == b"ignore-file"
    ids = match[2]
    return Directive(
        start=marker.start(),
        end=end,
        ids=None if ids is None else tuple(each.strip() for each in ids.decode("utf-8", "replace").split(",") if each.strip()),
        ids_span=match.span(2) if ids is not None else (match.end(1), match.end(1)),
        reason=tail.decode("utf-8", "replace").strip(" \t:-–—"),
        line=line,
        is_alone=line in alone,
        of_file=of_file,
        lines=() if of_file else tuple(_lines(source, line, context, alone)),
        is_at_top=line <= body,
        language=context.language,
    )


def _end(marker: bytes, match: re.Match[bytes]) -> tuple[int, bytes]:
    """Where the comment ends, and the words after the brackets."""
    tail = match[3]
    for opener, closer in _CLOSERS:
        if marker.startswith(opener):
            text, closed, _ = tail.partition(closer)
            return (match.start(3) + len(text) + len(closer) if closed else 0), text.rstrip(b"-*/ \t")
    following = _NEXT_COMMENT.search(tail)
    text = tail[: following.start()] if following else tail.rstrip()
    return match.start(3) + len(text), text


def _is_alone(source: Source, match: re.Match[bytes], marker: re.Match[bytes]) -> bool:
    start, end = source.line_span(source.line(match.start()))
    closed = _end(marker[0], match)[0] or end
    return not source.data[start : marker.start()].strip() and not source.data[closed:end].strip()


def _lines(source: Source, line: int, context: Context, alone: set[int]) -> Iterator[range]:
    """The lines that a comment in `line` is about: its own or the next, with what continues it and the block that it opens."""
    last = source.line(len(source.data))
    target = line
    if line in alone:
        while target in alone and target < last:
            target += 1
    whole = continued(source, target)
    if line in alone and line > 1 and _continues(source, line - 1):  # within a command: the next line only
        whole = range(target, target + 1)
    yield whole
    yield block(source, target, context.language, last)


def continued(source: Source, line: int) -> range:
    """The lines that a backslash at their ends makes one with `line`."""
    first = end = line
    while first > 1 and _continues(source, first - 1):
        first -= 1
    last = source.line(len(source.data))
    while end < last and _continues(source, end):
        end += 1
    return range(first, end + 1)


def _continues(source: Source, line: int) -> bool:
    start, end = source.line_span(line)
    return source.data[start:end].endswith(b"\\")


def block(source: Source, line: int, language: str, last: int) -> range:
    """The lines of the YAML block scalar, or of the Markdown fence, that opens in `line`; none where none does."""
    text = source.data[slice(*source.line_span(line))]
    if language == "yaml" and _BLOCK_SCALAR.fullmatch(text):
        start = _SEQUENCE.match(text)
        column = start.end() if start and text[start.end() :][:1] not in b"|>" else text.find(b"-")
        return range(line + 1, _first(source, line + 1, last, lambda each: not each.strip() or _indent(each) > column))
    if language == "markdown" and (fence := _FENCE.match(text)):
        close = re.compile(rb"[ \t>]*" + re.escape(fence[1]))
        return range(line + 1, _first(source, line + 1, last, lambda each: not close.match(each)))
    return range(0)


def _first(source: Source, line: int, last: int, belongs: Callable[[bytes], bool]) -> int:
    """The first line from `line` on that does not belong."""
    while line <= last and belongs(source.data[slice(*source.line_span(line))]):
        line += 1
    return line


def _indent(text: bytes) -> int:
    return len(text) - len(text.lstrip(b" "))


class Covering:
    """Suppression comments by the lines that they are about."""

    def __init__(self, directives: Sequence[Directive]) -> None:
        self._of_file = [each for each in directives if each.of_file]
        self._of_line: dict[int, list[Directive]] = {}
        for directive in directives:
            for line in {line for lines in directive.lines for line in lines}:
                self._of_line.setdefault(line, []).append(directive)

    def of(self, line: int) -> list[Directive]:
        """Those that are about a line, the nearest first: whole files last."""
        found = [*self._of_line.get(line, ()), *self._of_file]
        return sorted(found, key=lambda each: (each.of_file, abs(each.line - line)))
