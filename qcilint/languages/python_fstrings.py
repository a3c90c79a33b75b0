"""The fields of f-strings, which Python's own parser does not place exactly before version 3.12."""

from __future__ import annotations

from collections.abc import Callable

from qcilint import lazy as re
from qcilint.languages.python_nodes import FormattedStringExpression, Node
from qcilint.languages.python_scan import QUOTED, Unread

_OPENED = re.compile(rb"\{\{|\}\}|[{}]|\\N|\\[{}]")
_INSIDE = re.compile(rb"%s|[!=<>]=|[()\[\]{}!:=\"'\\#]" % QUOTED)
_END = re.compile(rb"\s*([!:}])")
_CONVERSION = re.compile(rb"!\s*([rsa])\s*(?=[:}])")

Reader = Callable[[int, int], Node]
"""Reads the expression in a stretch of the text."""


def fields(text: bytes, start: int, end: int, read: Reader) -> list[FormattedStringExpression]:
    """The fields of the content of an f-string, whose expressions are read by `read`.

    Raises Unread for what is not understood.
    """
    found: list[FormattedStringExpression] = []
    at = start
    while mark := _OPENED.search(text, at, end):
        at = mark.end()
        if mark[0] == b"{":
            field = _field(text, mark.start(), end, read)
            found.append(field)
            at = field.end
        elif len(mark[0]) == 1 or mark[0].startswith(b"\\"):
            raise Unread
    return found


def _field(text: bytes, start: int, end: int, read: Reader) -> FormattedStringExpression:
    stop = _stop(text, start + 1, end)
    expression = read(start + 1, stop)
    at, equal = stop, False
    if text[at] == 0x3D:
        match = _END.match(text, at + 1, end)
        if match is None:
            raise Unread
        at, equal = match.start(1), True
    conversion, format_spec = None, None
    if text[at] == 0x21:
        match = _CONVERSION.match(text, at, end)
        if match is None:
            raise Unread
        at, conversion = match.end(), match[1].decode()
    if text[at] == 0x3A:
        format_spec, at = _format(text, at + 1, end, read)
    if text[at] != 0x7D:
        raise Unread
    return FormattedStringExpression(start, at + 1, expression, conversion, format_spec, equal)


def _stop(text: bytes, at: int, end: int) -> int:
    """Where the expression of a field ends."""
    depth = 0
    while mark := _INSIDE.search(text, at, end):
        at = mark.end()
        if mark[0] in (b"(", b"[", b"{"):
            depth += 1
        elif depth and mark[0] in (b")", b"]", b"}"):
            depth -= 1
        elif mark[0] in (b"\\", b"#", b'"', b"'"):
            break
        elif not depth and len(mark[0]) == 1:
            return mark.start()
    raise Unread


def _format(text: bytes, at: int, end: int, read: Reader) -> tuple[list[FormattedStringExpression], int]:
    """The fields in a format, and where it ends."""
    found: list[FormattedStringExpression] = []
    while mark := _OPENED.search(text, at, end):
        if mark[0] == b"{":
            field = _field(text, mark.start(), end, read)
            found.append(field)
            at = field.end
        elif mark[0].startswith(b"}"):
            return found, mark.start()
        else:
            break
    raise Unread
