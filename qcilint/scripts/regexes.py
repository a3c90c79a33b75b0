"""Regular expressions of sed, grep, awk and perl as Python ones, with a bound on the time that a search can take."""

from __future__ import annotations

import math
import re
import string

from qcilint import lazy
from qcilint.records import dataclass, field

MAX_LINE = 2_000
MAX_PATTERN = 500
UNKNOWN = lazy.compile("[\ue000-\uf8ff]")  # stands for a variable or a substitution

_MAX_COST = 5e7
_BRACKET = lazy.compile(r"\[\^?\]?(?:\[:\w+:\]|[^]])*\]|\\\w")
_LITERAL = lazy.compile("(?:[^][(){}.*+?^$|\\\\\ue000-\uf8ff]|\\\\[^\\w(){}|+?<>])+")
_INTERVAL = lazy.compile(r"(\d{0,3})(,?)(\d{0,3})(\\?\})")
_PERL_GROUP = lazy.compile(r"\?(?::|=|!|<=|<!|P?<[A-Za-z_]\w*>|[ims]+:)")
_PERL_NAME = lazy.compile(r"\$(?:\{\w+\}|\w+)")
_CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r" \t\n\r\f\v",
    "blank": r" \t",
    "punct": re.escape(string.punctuation),
    "xdigit": "0-9a-fA-F",
    "word": r"\w",
    "print": " -~",
    "graph": "!-~",
    "cntrl": r"\x00-\x1f",
}
_ESCAPES = {"<": r"\b(?=\w)", ">": r"\b(?<=\w)", "`": r"\A", "'": r"\Z", "y": r"\b"}


class UnreadableError(ValueError):
    """A pattern that is not understood, or that could take too long on a line."""


@dataclass(slots=True)
class _Frame:
    """An open group: where it began, the quantifiers inside, and whether repeating it could take too long."""

    start: int
    loops: list[int] = field(default_factory=list)
    alternatives: int = 1
    risky: bool = False


class _Translator:
    """Reads one pattern of the dialect `bre`, `ere`, `perl` or `fixed`."""

    def __init__(self, pattern: str, dialect: str) -> None:
        self.pattern, self.dialect, self.at = pattern, dialect, 0
        self.out: list[str] = []
        self.frames = [_Frame(0)]
        self.closed: _Frame | None = None
        self.last: int | None = None
        self.loops, self.factor = 0, 1
        while self.at < len(pattern):
            self._next()
        if len(self.frames) > 1:
            raise UnreadableError
        if self.out and self.out[-1] in ("*", "+") and self.loops:
            self.loops -= 1

    def _next(self) -> None:
        pattern, dialect, char = self.pattern, self.dialect, self.pattern[self.at]
        self.at += 1
        if UNKNOWN.match(char):
            self._unknown()
        elif dialect == "fixed":
            self._atom(re.escape(char))
        elif char == "\\":
            self._escape()
        elif char == "[":
            self._bracket()
        elif char == ".":
            self._atom(".")
        elif char == "^" and (dialect != "bre" or self._at_start()):
            self._anchor("^")
        elif char == "$" and (dialect != "bre" or self.at == len(pattern) or pattern.startswith(("\\)", "\\|"), self.at)):
            self._dollar()
        elif char == "*" or (dialect != "bre" and char in "+?{"):
            self._quantifier(char)
        elif dialect != "bre" and char in "()|":
            self._group(char)
        else:
            self._atom(re.escape(char))

    def _at_start(self) -> bool:
        return not self.out or self.out[-1] in ("(", "|")

    def _unknown(self) -> None:
        if self.out[-2:] != [".", "*"]:
            self._atom(".")
            self._quantifier("*")

    def _atom(self, text: str) -> None:
        self.last, self.closed = len(self.out), None
        self.out.append(text)

    def _anchor(self, text: str) -> None:
        self.out.append(text)
        self.last = None

    def _dollar(self) -> None:
        if self.dialect == "perl" and (match := _PERL_NAME.match(self.pattern, self.at - 1)):
            self.at = match.end()
            self._unknown()
        else:
            self._anchor("$")

    def _escape(self) -> None:
        char = self.pattern[self.at : self.at + 1]
        self.at += 1
        if not char:
            raise UnreadableError
        if self.dialect == "bre" and char in "()|":
            self._group(char)
        elif self.dialect == "bre" and char in "{+?":
            self._quantifier(char)
        elif self.dialect == "perl" and char == "Q":
            stop = self.pattern.find("\\E", self.at)
            stop = len(self.pattern) if stop < 0 else stop
            for literal in self.pattern[self.at : stop]:
                self._atom(re.escape(literal))
            self.at = stop + 2
        elif self.dialect != "perl" and char in _ESCAPES:
            self._anchor(_ESCAPES[char])
        elif char in "bBAzZ":
            self._anchor("\\" + char.upper() if char in "zZ" else "\\" + char)
        elif char in "wWsSntrfv123456789" or (char in "dD" and self.dialect == "perl"):
            self._atom("\\" + char)
        elif char.isalnum() and self.dialect == "perl":
            raise UnreadableError
        else:
            self._atom(re.escape(char))

    def _bracket(self) -> None:
        pattern, at = self.pattern, self.at
        out, negated = [], pattern[at : at + 1] == "^"
        at += negated
        first, unknown = at, False
        while at < len(pattern) and (pattern[at] != "]" or at == first):
            char = pattern[at]
            if char == "[" and pattern[at + 1 : at + 2] in (":", ".", "="):
                kind = pattern[at + 1]
                stop = pattern.find(kind + "]", at + 2)
                name = pattern[at + 2 : stop]
                if stop < 0 or (kind == ":" and name not in _CLASSES):
                    raise UnreadableError
                out.append(_CLASSES[name] if kind == ":" else re.escape(name))
                at = stop + 2
                continue
            if char == "\\" and (self.dialect == "perl" or pattern[at + 1 : at + 2] in ("n", "t")):
                out.append(pattern[at : at + 2])
                at += 2
                continue
            unknown = unknown or bool(UNKNOWN.match(char))
            out.append("-" if char == "-" and at > first and pattern[at + 1 : at + 2] != "]" else re.escape(char))
            at += 1
        if at >= len(pattern):
            raise UnreadableError
        self.at = at + 1
        self._atom("." if unknown else f"[{'^' * negated}{''.join(out)}]")

    def _group(self, char: str) -> None:
        if char == "(":
            self.frames.append(_Frame(len(self.out)))
            self.out.append("(")
            if self.dialect == "perl" and self.pattern[self.at : self.at + 1] == "?":
                match = _PERL_GROUP.match(self.pattern, self.at)
                if not match:
                    raise UnreadableError
                self.at = match.end()
                prefix = match[0]
                self.out[-1] = "(" + (prefix.replace("?<", "?P<") if prefix.endswith(">") else prefix)
            self.last = None
        elif char == ")" and len(self.frames) > 1:
            frame = self.frames.pop()
            self.out.append(")")
            self.factor *= frame.alternatives
            outer = self.frames[-1]
            outer.loops += frame.loops
            outer.risky = outer.risky or frame.risky or frame.alternatives > 1
            self.last, self.closed = frame.start, frame
        elif char == ")":
            raise UnreadableError
        else:
            self.frames[-1].alternatives += 1
            self.out.append("|")
            self.last = None

    def _quantifier(self, char: str) -> None:
        text = char
        if char == "{":
            match = _INTERVAL.match(self.pattern, self.at)
            if not match or not (match[1] or match[3]) or (match[4] == "}") == (self.dialect == "bre"):
                self._atom(r"\{")
                return
            self.at = match.end()
            text = "{" + (match[1] or "0") + match[2] + match[3] + "}"
        if self.last is None:
            self._atom(re.escape(char))
            return
        if self.out[-1] in ("*", "+", "?") and self.last == len(self.out) - 2:
            return  # a second quantifier of the same atom
        frame, repeats = self.frames[-1], text not in ("?", "{1}")
        if repeats and self.closed:
            self._repeat_group(self.closed)
        if repeats:
            self.loops += 1
            frame.loops.append(len(self.out))
            frame.risky = frame.risky or bool(self.closed) or self.out[self.last] == "." or char == "{"
        else:
            self.factor *= 2
            frame.risky = True
        self.out.append(text)
        if self.dialect == "perl" and self.pattern[self.at : self.at + 1] in ("?", "+"):
            self.out[-1] += self.pattern[self.at]
            self.at += 1

    def _repeat_group(self, frame: _Frame) -> None:
        """A repeated group: what repeats inside takes all that it can, or the pattern is given up."""
        if frame.alternatives > 1 or frame.risky:
            raise UnreadableError
        for index in frame.loops:
            if self.out[index] in ("*", "+"):
                self.out[index] += "+"


class Pattern:
    """A pattern that is searched in lines; `unsure` where a part of it is unknown."""

    def __init__(self, text: str, dialect: str, *, ignore: bool = False, wrap: str = "") -> None:
        self.text = text
        self.unsure = bool(UNKNOWN.search(text))
        runs = [text] if dialect == "fixed" else _LITERAL.findall(_BRACKET.sub("[", text[:MAX_LINE]))
        self.literal = max((run.replace("\\", "") for run in runs), key=len, default="")
        self.regex: re.Pattern[str] | None = None
        if len(text) > MAX_PATTERN:
            return
        try:
            reading = _Translator(text, dialect)
            source, single = "".join(reading.out), reading.frames[0].alternatives == 1
            if source.startswith(".*") and single and not wrap:
                source = "^" + source
            self._anchored = source.startswith("^") and single
            head = self.literal[:3]
            self._head = head if single and not ignore and text.startswith(head) else ""
            self._loops, self._factor = reading.loops, reading.factor * reading.frames[0].alternatives
            source = {"word": rf"(?<!\w)(?:{source})(?!\w)", "line": f"^(?:{source})$"}.get(wrap, source)
            self.regex = re.compile(source, re.ASCII | (re.IGNORECASE if ignore else 0))
        except (ValueError, re.error, OverflowError, RecursionError):
            self.regex = None

    def _usable(self, line: str) -> re.Pattern[str]:
        if self.regex is None:
            raise UnreadableError
        line = line[:MAX_LINE]
        length = len(line) + 1
        starts = 1 if self._anchored else line.count(self._head) + 1
        if self._loops > 20 or starts * length**self._loops / math.factorial(self._loops) * self._factor > _MAX_COST:
            raise UnreadableError
        return self.regex

    def search(self, line: str) -> re.Match[str] | None:
        return self._usable(line).search(line[:MAX_LINE])

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where a line matches, from left to right."""
        return [match.span() for match in self._usable(line).finditer(line[:MAX_LINE])]

    def stands_in(self, line: str) -> bool:
        """What is asked of a pattern that cannot be read."""
        return len(self.literal) >= 4 and self.literal in line
