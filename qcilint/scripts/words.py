"""The words of the commands in a script, of a shell or of make, with variables and substitutions as unknowns."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.records import dataclass, field
from qcilint.scripts.regexes import UNKNOWN

_PLAIN = re.compile(r"[^\s\\'\"$`#;&|()<>]+")
_QUOTED = re.compile(r"[^\\\"$`]+")
_VARIABLE = re.compile(r"\$(?:\w+|[@*#?$!-])")
_GROUP_OUTPUT = re.compile(r"[ \t]*[0-9]*>")
_REDIRECT = re.compile(r"<<<|<<-?|<&|<>|&>>?|>>|>&|>\||[<>]")
LOGICAL = re.compile(r"[^\\\n]*(?:\\(?:.|\n|\Z)[^\\\n]*)*")
_FIRST_UNKNOWN, _UNKNOWNS = 0xE000, 0x18FF
_AHEAD, _NEAR, MAX_DEPTH = 4_000, 1_000, 6
_BRACKETS = {"(": re.compile(r"[()]"), "{": re.compile(r"[{}]")}


@dataclass(slots=True)
class Stage:
    """A simple command of a pipeline: its words, where they begin, and the files it reads and writes anew by redirection.

    `texts` are the here-documents and here-strings that it reads.
    """

    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Names:
    """The source text of every unknown."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def unknown(self, text: str) -> str:
        if len(self.texts) < _UNKNOWNS:
            self.texts.append(text)
        return chr(_FIRST_UNKNOWN + len(self.texts) - 1)

    def source(self, char: str) -> str:
        index = ord(char) - _FIRST_UNKNOWN
        return self.texts[index] if index < len(self.texts) else char

    def show(self, text: str) -> str:
        """A text as it is written in the script."""
        return UNKNOWN.sub(lambda match: self.source(match[0]), text)


class Reader:
    """Reads the pipelines of a logical line, those of its substitutions included."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names = text, names
        self.pipelines: list[list[Stage]] = []
        self.closed = True

    def read(self, at: int, end: int, closer: str = "", depth: int = 0) -> int:
        """Read from `at` to the end of the line or to `closer`; gives where the reading stopped."""
        text, parens, pipe, follows = self.text, 0, [Stage()], False
        word: list[str] | None = None
        start, target = at, ""

        def finish() -> None:
            nonlocal word, target
            if word is not None:
                value = "".join(word)
                if target == "<":
                    pipe[-1].inputs.append(value)
                elif target in (">", ">|", "&>"):
                    pipe[-1].outputs.append(value)
                elif target == "<<<":
                    pipe[-1].texts.append(value)
                elif target in ("<<", "<<-"):
                    pipe[-1].texts.append(self._document(at, value))
                elif not target:
                    pipe[-1].words.append(value)
                    pipe[-1].starts.append(start)
                word, target = None, ""

        def close() -> None:
            nonlocal pipe
            finish()
            if any(stage.words for stage in pipe):
                self.pipelines.append(pipe)
            pipe = [Stage()]

        while at < end:
            char = text[at]
            if char == "\n":
                finish()
                if not closer and not follows:
                    break
                if not follows:
                    close()
                at += 1
            elif char in " \t\r\f\v":
                finish()
                at += 1
            elif char == "#" and word is None:
                stop = text.find("\n", at, end)
                at = end if stop < 0 else stop
            elif text.startswith("\\\n", at):
                at += 2
            elif text.startswith(("<(", ">("), at) and word is None:
                start, word = at, []
                at = self._substitution(at, at + 2, end, word, depth)
            elif match := _REDIRECT.match(text, at, end):
                number = "".join(word or ())
                word = None if number.isdigit() else word
                finish()
                target, at = match[0] if number in ("0", "1") or not number.isdigit() else "2", match.end()
            elif char == "|" and text[at + 1 : at + 2] != "|":
                finish()
                pipe.append(Stage())
                at += 2 if text[at + 1 : at + 2] == "&" else 1
                follows = True
            elif char in ";&|":
                close()
                at += 2 if text.startswith(("&&", "||"), at) else 1
                follows = text[at - 2 : at] in ("&&", "||")
            elif char == "(":
                close()
                parens += 1
                at += 1
            elif char == ")":
                if closer == ")" and not parens:
                    close()
                    return at + 1
                close()
                parens = max(0, parens - 1)
                if _GROUP_OUTPUT.match(text, at + 1, end):  # the group is the command that this is the output of
                    pipe[-1].words.append(char)
                    pipe[-1].starts.append(at)
                at += 1
            else:
                if word is None:
                    start, word = at, []
                follows = False
                at = self._piece(at, end, word, depth)
        close()
        self.closed = self.closed and closer != ")"
        return at

    def _document(self, at: int, delimiter: str) -> str:
        """The here-document that begins after the line of `at`, as it is written."""
        begin = self.text.find("\n", at)
        match = re.compile(rf"^\t*{re.escape(delimiter)}[ \t]*$", re.MULTILINE).search(self.text, begin, begin + _AHEAD)
        return self.text[begin + 1 : match.start()] if match and begin >= 0 else ""

    def _piece(self, at: int, end: int, word: list[str], depth: int) -> int:
        """Add what stands at `at` to a word."""
        text, char = self.text, self.text[at]
        if char == "'":
            return self._single(at, end, word)
        if char == '"':
            return self._double(at + 1, end, word, depth)
        if char in "$`":
            return self._expansion(at, end, word, depth)
        if char == "\\":
            word.append(text[at + 1 : at + 2])
            return at + 2
        match = _PLAIN.match(text, at, end)
        stop = match.end() if match else at + 1
        word.append(text[at:stop])
        return stop

    def _single(self, at: int, end: int, word: list[str]) -> int:
        stop = self.text.find("'", at + 1, end)
        self.closed = self.closed and stop >= 0
        stop = end if stop < 0 else stop
        word.append(self.text[at + 1 : stop])
        return stop + 1

    def _double(self, at: int, end: int, word: list[str], depth: int) -> int:
        text = self.text
        while at < end and text[at] != '"':
            if match := _QUOTED.match(text, at, end):
                word.append(match[0])
                at = match.end()
            elif text[at] == "\\":
                escaped = text[at + 1 : at + 2]
                word.append(escaped if escaped in ("$", "`", '"', "\\") else "" if escaped == "\n" else text[at : at + 2])
                at += 2
            else:
                at = self._expansion(at, end, word, depth)
        self.closed = self.closed and at < end
        return at + 1

    def _expansion(self, at: int, end: int, word: list[str], depth: int) -> int:
        text = self.text
        if text[at] == "`":
            stop = text.find("`", at + 1, end)
            if stop < 0:
                self.closed = False
                return at + 1
            if depth < MAX_DEPTH:
                self.read(at + 1, stop, "`", depth + 1)
            word.append(self.names.unknown(text[at : stop + 1]))
            return stop + 1
        if text.startswith("$(", at):
            return self._substitution(at, at + 2, end, word, depth)
        if text.startswith("${", at):
            stop = balanced(text, at + 1, end)
            word.append(self.names.unknown(text[at:stop]))
            return stop
        if text.startswith("$'", at):
            return self._single(at + 1, end, word)
        if match := _VARIABLE.match(text, at, end):
            word.append(self.names.unknown(match[0]))
            return match.end()
        word.append("$")
        return at + 1

    def _substitution(self, at: int, inner: int, end: int, word: list[str], depth: int) -> int:
        if depth < MAX_DEPTH and not self.text.startswith("(", inner):
            stop = self.read(inner, end, ")", depth + 1)
        else:
            stop = balanced(self.text, inner - 1, end) if depth < MAX_DEPTH else inner
        word.append(self.names.unknown(self.text[at:stop]))
        return stop


def balanced(text: str, at: int, end: int) -> int:
    """After the parenthesis or the brace that closes the one at `at`."""
    opener, level = text[at], 0
    for match in _BRACKETS[opener].finditer(text, at, min(end, at + _NEAR)):
        level += 1 if match[0] == opener else -1
        if not level:
            return match.end()
    return at + 1


def shell_pipelines(text: str, names: Names, wanted: re.Pattern[str]) -> Iterator[tuple[int, list[Stage]]]:
    """The pipelines of a shell script that stand in lines with a wanted word, each with its line number."""
    at, line, budget = 0, 1, 4 * len(text) + 20_000
    while at < len(text):
        match = LOGICAL.match(text, at)
        stop = after = match.end() if match else len(text)
        if wanted.search(text, at, stop) and not text.startswith("#", at):
            reader = Reader(text, names)
            end = min(len(text), stop + _AHEAD) if budget > 0 else stop
            after = reader.read(at, end)
            budget -= max(0, after - stop)
            if not reader.closed:
                reader = Reader(text, names)
                after = reader.read(at, stop)
            for pipe in reader.pipelines:
                first = next(stage.starts[0] for stage in pipe if stage.starts)
                yield line + text.count("\n", at, first), pipe
        after = min(max(after, at), len(text))
        line += text.count("\n", at, after + 1)
        at = after + 1
