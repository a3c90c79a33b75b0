"""Reads the regular expression, glob or plain text that begins with a host, out of the code around it."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.records import NamedTuple
from qcilint.reference import HOLE
from qcilint.scripts.regexes import Pattern as Dialect
from qcilint.view import Span

LONGEST = 400
"""Bytes of a line before a reference that are looked at."""
_BODY = re.compile(
    rb"(?:\$\{\{?[^{}\n]{1,120}\}{1,2}|\{\{[^{}\n]{1,120}\}\}|\(\?(?:P?<\w{1,60}>|<?[!=])|[A-Za-z0-9_./:@%+?*{}()|^$\\-]|\[[^\]\n]{0,80}\])*"
)
_PLAIN = re.compile(rb"(?:[A-Za-z0-9_/:@-]|\\?\.)+")
_CLOSING = {"{": "}", "(": ")", "[": "]", "<": ">"}
_ITEM = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[()|]", re.S)
_GROUPS = re.compile(r"\\[(){}|+?]")
_IN_FILES = re.compile(rb"(?:\bFROM|\bimage:)[ ]+[\"']?\Z")
_HELD_IN_A_PART = "[^/:@\\s]*"


class Expression(NamedTuple):
    """What is looked for."""

    text: str
    """As written, escapes of the surrounding string apart."""
    expressions: tuple[str, ...]
    """The same in Python's dialect, once for each dialect it may be written in."""
    names_path: bool
    """It says something of what follows the host."""
    exact: bool
    """It is a complete reference and nothing else, its dots perhaps escaped."""
    span: Span
    is_about_files: bool
    """It edits text, or begins with the words of a file: what it meets there are names of variables, not their values."""


def read_expression(data: bytes, start: int) -> Expression:
    """The expression that begins at byte `start` with a host."""
    body = _BODY.match(data, start)
    text = (body[0] if body else b"").decode("utf-8", "replace")
    if delimiter := _delimiter(data, start):
        text = re.split(r"(?<!\\)" + re.escape(_CLOSING.get(delimiter, delimiter)), text, maxsplit=1)[0]
    plain = _PLAIN.match(data, start)
    end = start + len((plain[0] if plain else b"").rstrip(b".:@/\\"))
    text = text.replace("\\/", "/").replace("\\\\", "\\")
    text = _balanced(text).rstrip("\\^|$")
    path = re.sub(r"\\?\.", ".", text).partition("/")[2]
    rest = path.replace(".*", "").replace(".+", "")
    names_path = not path.startswith((".*", ".+", "[")) and bool(re.match(r"[(A-Za-z0-9_.${-]*[A-Za-z0-9]", rest))
    written = data[start:end].decode("utf-8", "replace")
    exact = text == written and bool(re.fullmatch(r"[^/]+/[^:@]+[:@].+", text)) and "\\:" not in text
    about_files = bool(delimiter or _IN_FILES.search(data, max(0, start - 40), start))
    return Expression(text, _expressions(text), names_path, exact, (start, end), about_files)


def _expressions(text: str) -> tuple[str, ...]:
    filled = _fill(text)
    found = [re.sub(r"\(\?<(?=\w)", "(?P<", filled)]
    if _GROUPS.search(text):
        basic = Dialect(filled, "bre").regex
        found += [basic.pattern] if basic else []
    return tuple(found)


def _fill(text: str) -> str:
    """The text with every variable replaced by what it may hold."""

    def one(match: re.Match[bytes]) -> bytes:
        counts = match.lastgroup == "brace" and re.fullmatch(rb"\{[0-9]*\}", match[0])
        escaped = match[0].startswith(b"\\")
        return match[0] if counts or escaped else _HELD_IN_A_PART.encode()

    return HOLE.sub(one, text.encode("utf-8", "replace")).decode()


def _delimiter(data: bytes, start: int) -> str:
    """The delimiter of the `s` expression or the `${name/…/…}` that the reference stands in, if it stands in one."""
    line = data[max(data.rfind(b"\n", 0, start) + 1, start - LONGEST) : start]
    if re.search(rb"\$\{[A-Za-z_][A-Za-z0-9_]*(?:\[[@*]\])?//?[^/}]*\Z", line):
        return "/"
    openings = re.findall(rb"(?:\A|[\s'\";{])(?:[0-9,$]*)s([^A-Za-z0-9\s\\])", line)
    return openings[-1].decode("latin-1") if openings else ""


def _balanced(text: str) -> str:
    """The text up to a bracket that closes none of it, in any dialect, or up to white space, which no reference holds."""
    depths = {"": 0, "\\": 0}
    for match in _ITEM.finditer(text):
        item = match[0]
        if item == "\\s" or (item == "|" and not depths[""]):
            return text[: match.start()]
        if item[-1] in "()":
            depths[item[:-1]] += 1 if item[-1] == "(" else -1
            if depths[item[:-1]] < 0:
                return text[: match.start()]
    return text
