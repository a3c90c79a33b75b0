"""The structure of a Dockerfile: lines, instructions, heredocs, flags and words, by BuildKit's rules.

`dockerfile-parse` says which lines make up an instruction. It knows neither heredocs nor blank lines inside a
continuation, a byte order mark, a doubled escape at the end of a line, `# check=` or bytes that are not UTF-8,
so it reads a masked text with the same lines that shows all of these in a form it does know.

The rules are those of https://github.com/moby/buildkit, `frontend/dockerfile/parser` and `frontend/dockerfile/shell`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import Enum
from io import BytesIO
from typing import NamedTuple

from qcilint.view import Span, View

_WIDE_SPACES = tuple(
    chr(code).encode() for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
_SPACE = rb"(?:[\t\n\v\f\r ]|%s)" % b"|".join(_WIDE_SPACES)
"""White space as Go's `unicode.IsSpace` has it."""
_LEADING = re.compile(_SPACE + rb"*+")
_DIRECTIVE = re.compile(rb"#" + _SPACE + rb"*+([A-Za-z][A-Za-z0-9]*+)[\t\f\r ]*+=[\t\f\r ]*+(.+)", re.S)
_DIRECTIVES = (b"syntax", b"escape", b"check")
_BOM = b"\xef\xbb\xbf"
_WORD = re.compile(rb"[^\t\v\f\r ]++")
_BLANKS = re.compile(rb"[\t\n\v\f\r ]*+")
_FLAG = re.compile(rb"--(?:[^\\'\"\t\n\v\f\r ]++|\\.|'(?:[^'\\]++|\\.)*+'|\"(?:[^\"\\]++|\\.)*+\")*+", re.S)
_HEREDOC = re.compile(rb"[0-9]*<<(-?)([^<]+)", re.S)
_HEREDOC_COMMANDS = ("run", "copy", "add")
_JOINED = 1000
"""Lines of one instruction that dockerfile-parse may join: its time grows with their square."""
_PRINTABLE = bytes(32 if code in b"\t\v\f\r" else code if 32 <= code < 127 else ord("x") for code in range(256))


class Kind(Enum):
    """What a line is."""

    BLANK = "blank"
    COMMENT = "comment"
    DIRECTIVE = "directive"
    INSTRUCTION = "instruction"
    HEREDOC = "heredoc"


class Heredoc(NamedTuple):
    """A here-document: its body is lines `first` to `last`, without `last`, which holds the terminator."""

    name: bytes
    strips_tabs: bool
    first: int
    last: int


class Flag(NamedTuple):
    """A `--name=value` flag: its value is bytes `start..end`, quotes included."""

    name: bytes
    start: int
    end: int


class Command(NamedTuple):
    """The name and the flags of an instruction; its arguments are bytes `start..end`."""

    name: str
    flags: tuple[Flag, ...]
    start: int
    end: int


class Instruction:
    """An instruction on lines `first..last`, heredocs included; `view` is its text without line continuations."""

    def __init__(self, text: bytes, first: int, last: int, parts: list[Span], heredocs: tuple[Heredoc, ...]) -> None:
        self.first = first
        self.last = last
        self.parts = parts
        self.heredocs = heredocs
        self.view = View.build((text[start:end], start, end) for start, end in parts)
        self.command = command(self.view.text)


class Dockerfile(NamedTuple):
    """A Dockerfile: where its lines start, what they are, and its instructions in order."""

    text: bytes
    starts: list[int]
    kinds: list[Kind]
    instructions: list[Instruction]
    escape: bytes
    unclosed: int | None
    """The first line of an instruction whose heredoc has no end: BuildKit refuses the file."""

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def line_end(self, line: int) -> int:
        return self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)


def parse(text: bytes) -> Dockerfile:
    """The structure of `text`, whatever it holds."""
    lines = _Lines(text)
    instructions = []
    for first, last in _instruction_lines(lines.masked):
        heredocs = lines.heredocs.get(first, ())
        end = heredocs[-1].last if heredocs else last
        instructions.append(Instruction(text, first, end, lines.parts[first], heredocs))
    return Dockerfile(text, lines.starts, lines.kinds, instructions, lines.escape, lines.unclosed)


def _instruction_lines(masked: list[bytes]) -> Iterator[tuple[int, int]]:
    from dockerfile_parse import DockerfileParser

    parser = DockerfileParser(fileobj=BytesIO(b"".join(line + b"\n" for line in masked)))
    for item in parser.structure:
        if item["instruction"] != "COMMENT" or not masked[item["startline"]].startswith(b"#"):
            yield item["startline"], item["endline"]


class _Lines:
    """Reads the lines of a Dockerfile: what each is, and what dockerfile-parse is shown of it."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.lines = text.split(b"\n")
        if not self.lines[-1]:
            self.lines.pop()
        self.starts: list[int] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1
        self.kinds = [Kind.BLANK] * len(self.lines)
        self.masked = [b""] * len(self.lines)
        self.parts: dict[int, list[Span]] = {}
        self.heredocs: dict[int, tuple[Heredoc, ...]] = {}
        self.escape = b"\\"
        self.unclosed: int | None = None
        self._read()

    def _read(self) -> None:
        directives: set[bytes] | None = set()
        at = 0
        while at < len(self.lines):
            start, kind = self._kind(at)
            if directives is not None and not self._is_directive(at, start, directives):
                directives = None
            if directives is not None or kind is not Kind.INSTRUCTION:
                self.kinds[at] = kind if directives is None else Kind.DIRECTIVE
                self.masked[at] = b"#" if kind is Kind.COMMENT else b""
                at += 1
            else:
                at = self._read_instruction(at)

    def _kind(self, at: int) -> tuple[int, Kind]:
        """Where the text of line `at` begins, and what it is outside a heredoc."""
        line = self.lines[at]
        bom = len(_BOM) if at == 0 and line.startswith(_BOM) else 0
        found = _LEADING.match(line, bom)
        start = found.end() if found else bom
        if start == len(line):
            return start, Kind.BLANK
        return start, Kind.COMMENT if line[start] == ord("#") else Kind.INSTRUCTION

    def _is_directive(self, at: int, start: int, seen: set[bytes]) -> bool:
        match = _DIRECTIVE.match(self.lines[at][start:].rstrip(b"\t\f\r "))
        if not match or match[1].lower() not in _DIRECTIVES or match[1].lower() in seen:
            return False
        seen.add(match[1].lower())
        if match[1].lower() == b"escape" and match[2] in (b"\\", b"`"):
            self.escape = match[2]
        return True

    def _read_instruction(self, first: int) -> int:
        """Read the instruction that begins on line `first`; returns the line after it."""
        at, goes_on, parts = first, True, list[Span]()
        while goes_on and at < len(self.lines):
            start, kind = self._kind(at)
            if at > first and kind is not Kind.INSTRUCTION:
                self.kinds[at], self.masked[at] = kind, b"#"
            else:
                self.kinds[at] = Kind.INSTRUCTION
                end, goes_on = self._continuation(at, start if at == first else 0)
                start = self.starts[at] + (start if at == first else 0)
                parts.append((start, self.starts[at] + end))
                self.masked[at] = self._mask(parts[-1], goes_on, at - first > _JOINED)
            at += 1
        if goes_on:  # dockerfile-parse drops an instruction that the end of the file cuts off
            self.masked[at - 1] = b"x"
        self.parts[first] = parts
        return self._read_heredocs(first, at)

    def _continuation(self, at: int, start: int) -> tuple[int, bool]:
        """Where the text of line `at` ends, and whether the next line continues it."""
        line = self.lines[at].rstrip(b"\r")
        text = line[start:].rstrip(b"\t ")
        if text.endswith(self.escape) and not text[:-1].endswith(self.escape):
            return start + len(text) - 1, True
        return len(line), False

    def _mask(self, span: Span, goes_on: bool, hidden: bool) -> bytes:
        if goes_on and hidden:
            return b"#"
        text = self.text[slice(*span)].translate(_PRINTABLE)
        text = text.rstrip(b"\\ ").ljust(len(text), b"x")
        return text + b"\\" if goes_on else text

    def _read_heredocs(self, first: int, at: int) -> int:
        found = []
        logical = b"".join(self.text[start:end] for start, end in self.parts[first])
        for name, strips_tabs in _heredoc_names(logical):
            end = self._heredoc_end(at, name, strips_tabs)
            if end is None:
                self.unclosed = first
                self.kinds[at:] = [Kind.HEREDOC] * (len(self.lines) - at)
                self.masked[at:] = [b"#"] * (len(self.lines) - at)
                return len(self.lines)
            found.append(Heredoc(name, strips_tabs, at, end))
            self.kinds[at : end + 1] = [Kind.HEREDOC] * (end + 1 - at)
            self.masked[at : end + 1] = [b"#"] * (end + 1 - at)
            at = end + 1
        self.heredocs[first] = tuple(found)
        return at

    def _heredoc_end(self, at: int, name: bytes, strips_tabs: bool) -> int | None:
        for line in range(at, len(self.lines)):
            text = self.lines[line].rstrip(b"\r")
            if (text.lstrip(b"\t") if strips_tabs else text) == name:
                return line
        return None


def command(text: bytes, start: int = 0) -> Command:
    """The instruction that begins at byte `start` of `text`, which holds no line continuations."""
    end = _without_trailing_space(text)
    lead = _LEADING.match(text, start)
    word = _WORD.match(text, lead.end() if lead else start, end)
    if not word:
        return Command("", (), end, end)
    flags: list[Flag] = []
    at = _skip_blanks(text, word.end())
    while match := _FLAG.match(text, at):
        if match.end() < len(text) and text[match.end()] not in b"\t\n\v\f\r ":  # a quote that does not end
            at = end
            break
        at = _skip_blanks(text, match.end())
        if match[0] == b"--":
            break
        name, _, value = match[0][2:].partition(b"=")
        flags.append(Flag(name, match.end() - len(value), match.end()))
    lead = _LEADING.match(text, at)
    return Command(_name(word[0]), tuple(flags), min(lead.end() if lead else at, end), end)


def _without_trailing_space(text: bytes) -> int:
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


def _name(word: bytes) -> str:
    return word.decode("utf-8", "replace").lower()


def _skip_blanks(text: bytes, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def is_json(arguments: bytes) -> bool:
    """Arguments in the exec form: a JSON array (BuildKit refuses one that does not hold strings only)."""
    if not arguments.startswith(b"["):
        return False
    try:
        value, _ = json.JSONDecoder().raw_decode(arguments.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list)


def words(text: bytes, start: int, end: int, escape: bytes) -> list[Span]:
    """The words of `text[start:end]`, quotes included; an unclosed quote runs to the end."""
    token = re.compile(
        rb"(?:[^\s'\"%(e)s]++|%(e)s.|'[^']*+'|\"(?:[^\"%(e)s]++|%(e)s.)*+\"|%(e)s\Z)++" % {b"e": re.escape(escape)}, re.S
    )
    found: list[Span] = []
    at = _skip_blanks(text, start)
    while at < end:
        match = token.match(text, at, end)
        stop = match.end() if match else at
        if stop < end and text[stop] not in b"\t\n\v\f\r ":
            stop = end
        found.append((at, stop))
        at = _skip_blanks(text, stop)
    return found


_QUOTING = re.compile(rb"[\\`].|['\"]|[^\\`'\"]++|[\\`]", re.S)


def unquoted(text: bytes, start: int, end: int, escape: bytes) -> View:
    """The word `text[start:end]` without its quotes and escapes; a quote that has no end stays."""
    parts: list[tuple[bytes, int, int]] = []
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


def _heredoc_names(text: bytes) -> Iterator[tuple[bytes, bool]]:
    """The terminators of the heredocs that begin in an instruction, and whether tabs before them are dropped."""
    if b"<<" not in text:
        return
    parsed = command(text)
    if parsed.name == "onbuild":
        parsed = command(text, parsed.start)
    if parsed.name not in _HEREDOC_COMMANDS or is_json(text[parsed.start : parsed.end]):
        return
    for start, end in _shell_words(text):
        if match := _HEREDOC.fullmatch(text, start, end):
            name = unquoted(text, match.start(2), match.end(2), b"\\").text
            if name:
                yield name, bool(match[1])


_SHELL = re.compile(rb"(%s++)|[^\s\\'\"$/}\x80-\xff]++|\\.?|'|\"|\$\{|\$[@*#?$!-]?|/|\}|." % _SPACE, re.S)
_VARIABLE = re.compile(rb"(?![{}:])(?>[0-9]++|[@*#?$!-]|[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*+|)(\}|:.|[-+?#%]|//?)", re.S)


def _shell_words(text: bytes) -> list[Span]:
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
