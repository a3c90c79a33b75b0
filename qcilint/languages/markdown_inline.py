"""What stands inside a paragraph: code, links, comments."""

from __future__ import annotations

from bisect import bisect_right

from qcilint import lazy as re
from qcilint.view import Span

_COMMENT = re.compile(rb"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?")
_TICKS = re.compile(rb"(?<![\\`])`+")
_ADDRESS = rb"<[^<>\n]{0,4000}>|[^\s()<>]{0,4000}(?:\([^\s()]{0,400}\)[^\s()<>]{0,400})?"
_BRACKET = re.compile(rb"\\[\[\]\\]|\[|\](?:\([ \t\n]*(%s)[^()\n]{0,400}\)|\[)?" % _ADDRESS)
_AUTOLINK = re.compile(
    rb"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|\bhttps?://[^\s<>\"'`)\]}|]+|(?:href|src)=(?:\"[^\"\n]*\"|'[^'\n]*')"
)
_DEFINITION = re.compile(rb"(?:\A|\n)[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]*([^\s]+)")


class Ranges:
    """Byte ranges; those that overlap are one."""

    def __init__(self, ranges: list[Span]) -> None:
        self.ranges: list[Span] = []
        for start, end in sorted(ranges):
            if self.ranges and start < self.ranges[-1][1]:
                self.ranges[-1] = (self.ranges[-1][0], max(end, self.ranges[-1][1]))
            else:
                self.ranges.append((start, end))

    def hold(self, span: Span) -> bool:
        """Whether one of the ranges holds the span."""
        index = bisect_right(self.ranges, span[0], key=lambda found: found[0]) - 1
        return index >= 0 and span[1] <= self.ranges[index][1]


class Inline:
    """The inline constructs of bytes `start..end` of a text."""

    def __init__(self, text: bytes, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.comments = Ranges([match.span() for match in _COMMENT.finditer(text, start, end)])
        self.code = Ranges(self._code())
        texts, urls = self._links()
        self.texts = Ranges(texts)
        self.urls = Ranges(urls)
        self.links = Ranges([match.span() for match in _AUTOLINK.finditer(text, start, end)])

    def kinds(self, span: Span) -> tuple[str, ...]:
        """What the span stands in, the most telling first; empty for plain prose."""
        if self.comments.hold(span):
            return ("html-comment",)
        kinds = []
        if self.urls.hold(span):
            kinds.append("link-url")
        if self.texts.hold(span):
            kinds.append("link-text")
        if self.code.hold(span):
            kinds.append("inline-code")
        elif not kinds and self.links.hold(span):
            kinds.append("link-url")
        return tuple(kinds)

    def _code(self) -> list[Span]:
        """Code spans: a run of backticks up to the next run of the same length."""
        runs = [match.span() for match in _TICKS.finditer(self.text, self.start, self.end)]
        following: dict[int, int] = {}
        close = [-1] * len(runs)
        for index in range(len(runs) - 1, -1, -1):
            length = runs[index][1] - runs[index][0]
            close[index] = following.get(length, -1)
            following[length] = index
        found: list[Span] = []
        index = 0
        while index < len(runs):
            if close[index] > 0:
                found.append((runs[index][1], runs[close[index]][0]))
                index = close[index]
            index += 1
        return found

    def _links(self) -> tuple[list[Span], list[Span]]:
        """The texts and the addresses of links."""
        texts: list[Span] = []
        urls = [match.span(1) for match in _DEFINITION.finditer(self.text, self.start, self.end)]
        opened: list[int] = []
        for match in _BRACKET.finditer(self.text, self.start, self.end):
            if match[0] == b"[":
                opened.append(match.end())
            elif match[0][:1] == b"]" and opened:
                begin = opened.pop()
                if match[1] is not None:
                    urls.append(match.span(1))
                if len(match[0]) > 1:
                    texts.append((begin, match.start()))
                if match[0].endswith(b"["):
                    opened.append(match.end())
        return texts, urls
