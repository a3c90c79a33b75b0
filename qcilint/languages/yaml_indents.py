"""What the indentation of a line in a valid YAML text says of the keys that lead to it.

All this holds where the collections are in block style, no quoted text and no list in brackets goes on over a line end, and the
only line end is LF: then a line that is indented less begins no part of what is indented more, and the nearest such line above
holds its key, or the first part of the same mapping (YAML 1.2, chapter 8).
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.languages.yaml_source import Source
from qcilint.records import NamedTuple

KEY = rb"[A-Za-z_][A-Za-z0-9_./-]*+"
"""A key as it stands in most texts."""
_LINE = re.compile(rb"( *+)((?:- ++)*+)(?:(%s):(?=[ \n]|\Z))?+ *+([^\n]*)" % KEY)
_HEADER = re.compile(rb"[|>][-+]? *+")
_LIKE_HEADER = re.compile(rb"[|>][-+0-9]*+ *+(?:#.*)?\Z")
_ELSE = (b"\r", b"\n...")
_ELSE_WIDE = (b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xef\xbb\xbf")
_ITEM = rb"(?:\"[^\"\\\n]*+\"|'[^'\n]*+'|[^\n\"'\[\]{},# ][^\n\"'\[\]{},#]*+)?+ *+"
_CLOSED = rb" *+%s(?:, *+%s)*+[\]}]" % (_ITEM, _ITEM)
_OPEN = re.compile(
    # What may begin a quoted text or a list in brackets, and is not closed on its line; a key with escapes; `? key`; a tab.
    rb"\"(?<!\S\")(?![^\"\\\n]*+\"|(?:[^\"\\\n]++|\\[^\n])*+\"(?! *:))"
    rb"|'(?<!\S')(?!(?:[^'\n]++|'')*+')"
    rb"|\[(?<!\S\[)(?!%s)|\{(?<!\S\{)(?!%s)"
    rb"|\?(?<!\S\?)(?=\s)|\t" % (_CLOSED, _CLOSED)
)


class Irregular(Exception):
    """The text is laid out in another way than is understood here."""


class Line(NamedTuple):
    """A line, and the columns (from 0) of what is in it."""

    start: int
    column: int
    content: int
    """Where its text begins, behind the dashes of list items."""
    edge: int
    """What is indented more than this is in the value that begins on the line."""
    key: bytes | None
    rest: bytes
    """The text, or what is behind the key."""
    value: int
    """The byte where the rest begins."""

    @property
    def is_item(self) -> bool:
        """It begins with a dash."""
        return self.content > self.column

    @property
    def is_comment(self) -> bool:
        """It is blank, or a comment."""
        return self.rest[:1] in (b"", b"#") and self.key is None and self.content == self.column

    @property
    def is_open(self) -> bool:
        """Nothing stands behind its key."""
        return self.key is not None and self.rest[:1] in (b"", b"#")

    def holds(self, below: Line) -> bool:
        """Whether the nearest line `below` that is indented more (or an item, as much) is in the value of the key of this one."""
        return below.column > self.content or (below.column == self.content and below.is_item)


def line_at(text: bytes, start: int) -> Line:
    """The line that begins at byte `start`."""
    match = _LINE.match(text, start)
    assert match is not None  # noqa: S101 (it matches anything)
    column, dashes = len(match[1]), match[2]
    content = column + len(dashes)
    edge = column + dashes.rfind(b"-") if dashes and match[3] is None else content
    return Line(start, column, content, edge, match[3], match[4], match.start(4))


def line_of(text: bytes, at: int) -> Line:
    """The line that byte `at` is in."""
    return line_at(text, text.rfind(b"\n", 0, at) + 1)


def end_of_line(text: bytes, at: int) -> int:
    """Where the line of byte `at` ends, its line end included."""
    return text.find(b"\n", at) + 1 or len(text)


def next_line(text: bytes, at: int, *, comments: bool = False) -> Line | None:
    """The first line from byte `at` on that is not blank, nor a comment unless `comments`."""
    while at < len(text):
        line = line_at(text, at)
        if not line.is_comment or (comments and line.rest):
            return line
        at = end_of_line(text, at)
    return None


def above(text: bytes, line: Line, floor: int, known: dict[int, list[Line]]) -> list[Line]:
    """The lines from byte `floor` on that are indented less and less, the nearest first; a list, no more than its key.

    `known` keeps what was found, by the starts of lines: those of one list or mapping have the same lines above.
    """
    found = known.get(line.start)
    if found is not None:
        return found
    chain = [line]
    rest: list[Line] = []
    at = line.start
    deeper = b" " * (line.column + line.is_item)
    while deeper and at > floor:
        at = text.rfind(b"\n", 0, at - 1) + 1
        if at not in known and text.startswith(deeper, at):
            continue
        each = line_at(text, at)
        if at in known and each.column == line.column and each.is_item == line.is_item:
            rest = known[at]
            break
        if each.is_comment or text.startswith(deeper, at) or (each.is_item and each.column == line.column):
            continue
        chain.append(each)
        if at in known:
            rest = known[at]
            break
        line, deeper = each, b" " * (each.column + each.is_item)
    for number, each in enumerate(chain, 1):
        known[each.start] = [*chain[number:], *rest]
    return known[chain[0].start]


def block(line: Line, around: Sequence[Line]) -> int | None:
    """The number of the line in whose block of text `line` stands, where it stands in one: the outermost that begins one.

    `around` are all lines above. Raises Irregular where a comment may be in a block that begins in another way.
    """
    found, is_comment = None, line.is_comment
    for number, each in enumerate(around):
        if line.column > each.edge and (each.key is not None or each.is_item) and _HEADER.fullmatch(each.rest):
            found = number
        elif is_comment and _LIKE_HEADER.search(each.rest):
            raise Irregular
        line = each
    return found


def lead(text: bytes, line: Line, around: Sequence[Line]) -> list[Line]:
    """Those of the lines above whose keys lead to `line`, the nearest first.

    Raises Irregular unless `line` begins a part of a collection, and each of these keys one around it.
    """
    found = []
    for each in around:
        if each.holds(line):
            first = next_line(text, end_of_line(text, each.start))
            if not each.is_open or first is None or first.column != line.column or first.is_item != line.is_item:
                raise Irregular
            if first.key is None and not first.is_item:
                raise Irregular  # a text of several lines may begin there
            found.append(each)
        elif each.key is None if line.column == each.content else not text.startswith(b"- ", each.start + line.column):
            raise Irregular
        line = each
    return found


def check_value(line: Line, at: int) -> None:
    """Raise Irregular unless byte `at` is in a value that begins on the line, behind a key or a dash, and is no block of text."""
    if at < line.value or line.rest.startswith((b"|", b">")):
        raise Irregular
    if line.key is None and (not line.is_item or b": " in line.rest or line.rest.rstrip(b" ").endswith(b":")):
        raise Irregular


def end_of_value(text: bytes, line: Line, *, items: bool) -> int:
    """Where the lines end that are in the value of `line`: those indented more, and with `items` a list that is so as much."""
    inner = (b"\n", b" " * (line.edge + 1), *((b" " * line.edge + b"- ",) if items else ()))
    at = end = end_of_line(text, line.start)
    while at < len(text):
        start, at = at, end_of_line(text, at)
        if text.startswith(inner, start):
            end = at
        elif text[start:at].strip(b" \n")[:1] not in (b"", b"#"):
            break
    return end


def is_regular(text: bytes, source: Source) -> bool:
    """Whether a text, all of which is in `source`, is laid out so that its indentation can be relied on if a parser takes it."""
    if not source.exact or any(each in text for each in _ELSE) or text.startswith((b"...", b"%")):
        return False
    try:
        return not (source.wide and any(each in text for each in _ELSE_WIDE)) and _is_closed(text)
    except Irregular:
        return False


def _is_closed(text: bytes) -> bool:
    """Whether no quoted text and no list in brackets goes on over a line end, as far as that can be seen."""
    at, known = 0, dict[int, list[Line]]()
    while match := _OPEN.search(text, at):
        line = line_of(text, match.start())
        around = above(text, line, 0, known)
        header = block(line, around)
        if header is None:
            return False
        at = max(match.end(), end_of_value(text, around[header], items=False))  # in a block of text it begins nothing
    return True
