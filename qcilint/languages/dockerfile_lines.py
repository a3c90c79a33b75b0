"""The lines of a Dockerfile: takes the text, gives what each line is, and a masked copy for `dockerfile-parse`.

`dockerfile-parse` knows neither heredocs nor blank lines inside a continuation, a byte order mark, a doubled escape
at the end of a line, `# check=` or bytes that are not UTF-8. The masked copy has the same lines and shows all of these
in a form it does know.
"""

from __future__ import annotations

from enum import Enum

from qcilint import lazy as re
from qcilint.languages.dockerfile_heredocs import Heredoc, heredoc_names
from qcilint.languages.dockerfile_words import SPACE, skip_space
from qcilint.view import Span

_DIRECTIVE = re.compile(rb"#" + SPACE + rb"*+([A-Za-z][A-Za-z0-9]*+)[\t\f\r ]*+=[\t\f\r ]*+(.+)", re.S)
_DIRECTIVES = (b"syntax", b"escape", b"check")
_BOM = b"\xef\xbb\xbf"
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


class Lines:
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
        start = skip_space(line, bom)
        if start == len(line):
            return start, Kind.BLANK
        return start, Kind.COMMENT if line[start] == ord("#") else Kind.INSTRUCTION

    def _is_directive(self, at: int, start: int, seen: set[bytes]) -> bool:
        line = self.lines[at]
        match = _DIRECTIVE.match(line[start:].rstrip(b"\t\f\r ")) if line.startswith(b"#", start) else None
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
        for name, strips_tabs in heredoc_names(logical):
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
