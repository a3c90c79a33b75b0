"""The blocks of documentation: fenced and indented code, comments, front matter, headings, prose.

Written for Markdown (https://spec.commonmark.org/0.31.2/) with Hugo shortcodes; also knows the code blocks of
reStructuredText, AsciiDoc and LaTeX, because documentation is recognised by its blocks, not by its file name.
"""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.records import dataclass, field
from qcilint.view import Span

_MARKER = rb"(?:>|[-*+]|[0-9]{1,9}[.)])"
_PREFIX = rb"(?P<prefix>(?:[ \t]{0,12}%s(?=[ \t`~{])[ \t]?){0,8}+[ \t]*)" % _MARKER
_FENCE = re.compile(_PREFIX + rb"(?P<fence>`{3,}+(?=[^`\n]*\Z)|~{3,}+)(?P<info>[^\n]*)\Z")
_HIGHLIGHT = re.compile(_PREFIX + rb"\{\{[<%][ \t]*highlight[ \t]+[\"']?(?P<info>[\w+-]*)[^\n]*?[>%]\}\}[ \t\r]*\Z")
_HIGHLIGHT_END = re.compile(rb"[ \t>]*\{\{[<%][ \t]*/[ \t]*highlight[ \t]*[>%]\}\}")
_SOURCE = re.compile(rb"\[(?:source|listing)?(?:[ \t]*,[ \t]*(?:subs=\"[^\"\n]*\",)?[ \t]*(?P<info>[\w+-]*)[^\]\n]*)?\]\s*\Z")
_DELIMITER = re.compile(rb"(-{4,}+|\.{4,}+|`{3,}+)[ \t\r]*\Z")
_DIRECTIVE = re.compile(rb"(?P<indent>[ \t]*)\.\.[ \t]+(?:code-block|code|sourcecode|prompt)::[ \t]*(?P<info>[\w+-]*)[^\n]*\Z")
_OPTION = re.compile(rb"[ \t]+:[\w-]+:")
_BEGIN = re.compile(
    rb"[ \t]*\\begin\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted)\}(?:\[[^\]\n]*\])?(?:\{(?P<info>[\w+-]*)\})?[ \t\r]*\Z"
)
_HEADING = re.compile(rb"[ \t]{0,3}(?:#{1,6}(?:[ \t]|\Z)|={1,6}[ \t]+\S)|[ \t]*\\(?:sub)*(?:section|chapter|paragraph)\*?\{")
_UNDERLINE = re.compile(rb"[ \t]{0,3}(?:=+|-{3,}|~{3,}|\^{3,})[ \t\r]*\Z")
_ITEM = re.compile(rb"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")
_QUOTE = re.compile(rb"[ \t]{0,3}>[ ]?")
_FRONT_MATTER = re.compile(
    rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?P<body>(?:(?!(?:---|\.\.\.)[ \t]*\r?$)[^\n]*\n)*+)(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.M
)
_DEEPEST = 80
"""Indentation beyond this many columns is content."""


@dataclass(slots=True)
class Block:
    """Lines of one kind."""

    kind: str
    """`fence`, `indented-code`, `html-comment`, `front-matter`, `heading` or `prose`."""
    lines: list[Span] = field(default_factory=list)
    """The content of its lines, without prefixes, with line ends."""
    info: str = ""
    """The language named by a fence, lower case."""


@dataclass(slots=True)
class _Open:
    """An open block of code."""

    block: Block
    quotes: int = 0
    indent: int = 0
    close: re.Pattern[bytes] | None = None
    """The line that ends it; None: it ends with its indentation."""
    options: bool = False


def blocks(text: bytes) -> Iterator[Block]:
    """The blocks of `text`; blank lines are in none."""
    return _Blocks(text).read()


def _columns(prefix: bytes) -> int:
    return len(prefix.expandtabs(4))


def _indentation(line: bytes, columns: int) -> int:
    """How many bytes of a line are indentation, up to so many columns."""
    columns = min(columns, _DEEPEST)
    skip = 0
    while line[skip : skip + 1] in (b" ", b"\t") and _columns(line[: skip + 1]) <= columns:
        skip += 1
    return skip


class _Blocks:
    def __init__(self, text: bytes) -> None:
        self.text = text
        self.open: _Open | None = None
        self.current = Block("prose")
        self.blank = True
        self.item = 0
        """The content column of the list item that goes on, 0 outside lists."""
        self.literal = -1
        """The indentation of a line that ends in `::`, -1 where there is none."""
        self.source: str | None = None

    def read(self) -> Iterator[Block]:
        at = 0
        if match := _FRONT_MATTER.match(self.text):
            at = match.end()
            yield Block("front-matter", [match.span("body")])
        while at < len(self.text):
            newline = self.text.find(b"\n", at)
            end = len(self.text) if newline < 0 else newline + 1
            yield from self._line(at, end)
            at = end
        if self.open:
            yield self.open.block
        if self.current.lines:
            yield self.current

    def _flush(self) -> Iterator[Block]:
        if self.current.lines:
            yield self.current
        self.current = Block("prose")

    def _line(self, start: int, end: int) -> Iterator[Block]:
        line = self.text[start:end].rstrip(b"\n")
        if self.open:
            taken = self._inside(self.open, line, start, end)
            if taken is not None:
                if taken is False:
                    yield self.open.block
                    self.open = None
                return
            yield self.open.block
            self.open = None
        if not line.strip():
            yield from self._flush()
            self.blank = True
            return
        if line.lstrip().startswith(b"<!--") and b"-->" not in line:
            yield from self._flush()
            self.open = _Open(Block("html-comment", [(start, end)]))
            return
        if not self._is_underline(line) and (opened := self._opening(line)):
            yield from self._flush()
            self.open = opened
            self.blank = False
            return
        yield from self._plain(line, start, end)

    def _inside(self, opened: _Open, line: bytes, start: int, end: int) -> bool | None:
        """Take a line into an open block: True; False: it is the closing line; None: the block ended before it."""
        if opened.block.kind == "html-comment":
            opened.block.lines.append((start, end))
            return b"-->" not in line
        at = 0
        for _ in range(opened.quotes):
            quote = _QUOTE.match(line, at)
            if not quote:
                return None
            at = quote.end()
        if opened.close is not None and opened.close.match(line, at):
            return False
        body = line[at:]
        indent = len(body) - len(body.lstrip(b" \t"))
        if opened.close is None:
            if body.strip() and _columns(body[:indent]) <= opened.indent:
                return None
            if opened.options and _OPTION.match(body):
                return True
        opened.options = opened.options and not body.strip()
        skip = _indentation(body, opened.indent + (opened.close is None))
        opened.block.lines.append((start + at + skip, end))
        return True

    def _is_underline(self, line: bytes) -> bool:
        """A heading of reStructuredText, whose underline of tildes would be a fence in Markdown."""
        mark = line.strip()
        if mark.strip(b"~") or self.current.kind != "prose" or len(self.current.lines) != 1:
            return False
        start, end = self.current.lines[0]
        return len(mark) >= len(self.text[start:end].strip())

    def _opening(self, line: bytes) -> _Open | None:
        if match := _FENCE.match(line):
            fence = match["fence"]
            close = re.compile(rb"[ \t]*%s{%d,}[ \t\r]*\Z" % (re.escape(fence[:1]), len(fence)))
            return self._fence(match, _info(match["info"]), close)
        if match := _HIGHLIGHT.match(line):
            return self._fence(match, _info(match["info"]), _HIGHLIGHT_END)
        if match := _BEGIN.match(line):
            close = re.compile(rb"[ \t]*\\end\{%s\}" % re.escape(match["name"]))
            return _Open(Block("fence", info=_info(match["info"] or b"")), close=close)
        if self.source is not None and (match := _DELIMITER.match(line)):
            opened = _Open(Block("fence", info=self.source), close=re.compile(re.escape(match[1]) + rb"[ \t\r]*\Z"))
            self.source = None
            return opened
        self.source = None
        if match := _SOURCE.match(line):
            self.source = _info(match["info"] or b"")
        if match := _DIRECTIVE.match(line):
            return _Open(Block("fence", info=_info(match["info"])), indent=_columns(match["indent"]), options=True)
        return None

    def _fence(self, match: re.Match[bytes], info: str, close: re.Pattern[bytes]) -> _Open:
        prefix = match["prefix"]
        quotes = prefix.count(b">")
        inner = prefix[prefix.rfind(b">") + 1 :]
        if quotes and inner[:1] == b" ":
            inner = inner[1:]
        return _Open(Block("fence", info=info), quotes, _columns(inner), close)

    def _plain(self, line: bytes, start: int, end: int) -> Iterator[Block]:
        body = line.lstrip(b" \t")
        indent = _columns(line[: len(line) - len(body)])
        item = _ITEM.match(line)
        if self.blank and self.literal >= 0 and indent > self.literal:
            self.open = _Open(Block("fence"), indent=self.literal)
            self.literal = -1
            self._inside(self.open, line, start, end)
            return
        if self.blank and not item and indent < self.item:
            self.item = 0
        if (self.blank or self.current.kind == "indented-code") and indent >= self.item + 4 and not item:
            if self.current.kind != "indented-code":
                yield from self._flush()
                self.current = Block("indented-code")
            self.current.lines.append((start + _indentation(line, self.item + 4), end))
            self.blank = False
            return
        if self.current.kind != "prose":
            yield from self._flush()
        if item and indent < self.item + 4:
            self.item = _columns(item[0])
        self.literal = indent if line.rstrip().endswith(b"::") and not body.startswith(b"..") else -1
        self.blank = False
        if _HEADING.match(line):
            yield from self._flush()
            yield Block("heading", [(start, end)])
            return
        if _UNDERLINE.match(line) and len(self.current.lines) == 1:
            self.current.kind = "heading"
            yield from self._flush()
            return
        self.current.lines.append((start, end))


def _info(info: bytes) -> str:
    """The language a fence names: its first word, without attributes."""
    word = re.match(rb"[ \t]*\{?[ \t]*\.?([\w+-]+)", info)
    return word[1].decode("utf-8", "replace").lower() if word else ""
