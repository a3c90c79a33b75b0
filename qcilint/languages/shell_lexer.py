"""Reads shell text into scripts, commands and words; bash's grammar, tolerant of everything else.

Nothing is ever refused: an unclosed quote or substitution reaches to the end (`Shell.flawed` says so), nesting deeper
than `MAX_DEPTH` is read as plain text. The grammar is that of the Bash Reference Manual, sections 3.1 (syntax), 3.2
(commands) and 3.5 (expansions).
"""

from __future__ import annotations

from functools import lru_cache

from qcilint import lazy as re
from qcilint.languages.scan import line_end
from qcilint.languages.shell_expansions import MAX_DEPTH
from qcilint.languages.shell_simple import SimpleReader
from qcilint.languages.shell_syntax import Command, Script, Word
from qcilint.languages.shell_words import BLANK, WordLexer
from qcilint.records import dataclass

MOST_KNOWN = 16
"""Texts that are remembered: what stands in a file, and what nests in it, is asked for several times in a row."""
_BLANKS = b" \t\r\\"
"""The bytes that `BLANK` may begin with."""
_REDIRECTS = b"<>&{0123456789"
"""The bytes that a redirection may begin with."""
_REDIRECT = re.compile(rb"(?:[0-9]+|\{[A-Za-z_][A-Za-z0-9_]*\})?(?:<<<|<<-?|<>|<&|>>|>&|>\||&>>|&>|[<>])")
_DOUBLED = re.compile(rb";;&|;;|;&|&&|\|\||\|&")
"""The separators of more than one byte."""
_STARTERS = frozenset((b"if", b"then", b"elif", b"else", b"while", b"until", b"do", b"{", b"!", b"time", b"coproc"))
_ENDERS = frozenset((b"fi", b"done", b"}", b"esac"))
_RESERVED = _STARTERS | _ENDERS | {b"for", b"select", b"case", b"function"}
_DECLARERS = frozenset((b"declare", b"typeset", b"local", b"export", b"readonly"))


@lru_cache(MOST_KNOWN)
def shell(text: bytes) -> Shell:
    """Shell text, read once for all who ask about it; nobody changes what was read."""
    return Shell(text)


class Shell(WordLexer):
    """Shell text, read once."""

    def __init__(self, text: bytes) -> None:
        super().__init__(text)
        self.script = self.read(0, len(text), 0, b"")

    def read(self, start: int, end: int, depth: int, closer: bytes) -> Script:
        return _Reader(self, start, end, depth, closer).read()


@dataclass(slots=True, eq=False)
class _Frame:
    """An open compound command: `paren`, `loop`, `case` (before a pattern) or `arm` (after it)."""

    kind: str
    command: Command


class _Reader(SimpleReader):
    """Reads one script, up to `closer` (a parenthesis) or the end."""

    def __init__(self, shell: WordLexer, start: int, end: int, depth: int, closer: bytes) -> None:
        super().__init__(shell, start, end, depth)
        self.closer = closer
        self.frames: list[_Frame] = []
        self.parens = 0

    def read(self) -> Script:
        text, end = self.text, self.end
        while self.at < end:
            char = text[self.at]
            if char in _BLANKS and (match := BLANK.match(text, self.at, end)):
                self.at = match.end()
            elif char == 0x0A:
                self.newline()
            elif char == 0x23:
                stop = line_end(text, self.at, end)
                self.script.comments.append((self.at, stop - 1 if text[stop - 1 : stop] == b"\r" else stop))
                self.at = stop
            elif self.frames and self.frames[-1].kind == "case" and self.command is None:
                self._pattern()
            elif self._operator():
                break
        else:
            if self.closer:
                self.shell.open(self.end)
        self.script.end = self.at
        return self.script

    def _operator(self) -> bool:
        """Read an operator or a word; True at the end of the script."""
        text, at, char = self.text, self.at, self.text[self.at]
        if char == 0x29:  # )
            return self._close()
        if char == 0x28:  # (
            self._parenthesis()
        elif char in _REDIRECTS and (match := _REDIRECT.match(text, at, self.end)) and not self._starts_process(match):
            self.redirect(match)
        elif char in b";&|":
            self._separator()
        else:
            self._word()
        return False

    def _separator(self) -> None:
        text, at = self.text, self.at
        match = _DOUBLED.match(text, at)
        token = match[0] if match else text[at : at + 1]
        self.mark(token)
        self.at = min(at + len(token), self.end)
        self.finish()
        self.piping = token in (b"|", b"|&")
        if token in (b";;", b";&", b";;&"):
            for index in range(len(self.frames) - 1, max(-1, len(self.frames) - 50), -1):
                if self.frames[index].kind == "arm":
                    self.parens -= sum(frame.kind == "paren" for frame in self.frames[index:])
                    del self.frames[index + 1 :]
                    self.frames[index].kind = "case"
                    break

    def _close(self) -> bool:
        """A closing parenthesis; True when it ends the script."""
        self.finish()
        if self.parens:
            self.mark(b")")
        self.at += 1
        if self.parens:
            while self.frames.pop().kind != "paren":
                pass
            self.parens -= 1
            return False
        return bool(self.closer)

    def _parenthesis(self) -> None:
        text, at, command = self.text, self.at, self.command
        if command and command.kind in ("simple", "function") and len(command.words) == 1:
            after = BLANK.match(text, at + 1, self.end)
            close = after.end() if after else at + 1
            if text[close : close + 1] == b")" and close < self.end:
                if command.kind == "simple":
                    self.mark(b"function")
                command.kind = "function"
                self.at = close + 1
                self.command = None
                return
        is_head = command is None or (command.kind == "loop" and not command.words)
        if is_head and text[at + 1 : at + 2] == b"(" and self.shell.is_arithmetic(at, self.end) and self.depth < MAX_DEPTH:
            part = self.shell.arithmetic(at, at + 2, self.end, self.depth)
            self.place(Word(at, part.end, [part]), "word", command or self.new("(("))
            self.at = part.end
            return
        self.finish()
        self.mark(b"(")
        self.frames.append(_Frame("paren", Command()))
        self.parens += 1
        self.at += 1

    def _starts_process(self, match: re.Match[bytes]) -> bool:
        return match[0] in (b"<", b">") and self.text[match.end() : match.end() + 1] == b"(" and match.end() < self.end

    def _word(self) -> None:
        command = self.command
        head = command is None
        arrays = command is None or not command.words
        if command is not None and command.words:
            last = command.words[-1]
            arrays = self.text.find(b"=", last.start, last.end) >= 0 or self.raw(command.words[0]) in _DECLARERS
        word = self.any_word(extglob=not head, arrays=arrays)
        if word.end == word.start:
            self.at += 1
            return
        self.at = word.end
        raw = self.raw(word)
        if (head and self._reserved(raw, word)) or (command and self._compound_word(command, raw, word)):
            return
        self.place(word, "word", command or self.new())

    def _reserved(self, raw: bytes, word: Word) -> bool:
        """Handle a reserved word at the head of a command."""
        if raw in _RESERVED:
            self.script.marks.append((word.start, raw))
        if raw in _STARTERS:
            if raw in (b"while", b"until"):
                self.frames.append(_Frame("loop", Command()))
            elif raw == b"do" and self.frames and self.frames[-1].kind == "loop":
                self.frames[-1].command.body = (word.end, self.end)
            return True
        if raw in _ENDERS:
            self._end_compound(raw, word)
            self.piping = False
            return True
        if raw in (b"for", b"select", b"case"):
            command = self.new("loop" if raw != b"case" else "case")
            if raw != b"case":
                self.frames.append(_Frame("loop", command))
            return True
        if raw == b"function":
            self.new("function")
            return True
        if raw == b"[[":
            self._test()
            return True
        return False

    def _end_compound(self, raw: bytes, word: Word) -> None:
        kinds = {b"done": ("loop",), b"esac": ("arm", "case")}.get(raw, ())
        if self.frames and self.frames[-1].kind in kinds:
            frame = self.frames.pop()
            if frame.command.body:
                frame.command.body = (frame.command.body[0], word.start)
        self.new("compound")

    def _compound_word(self, command: Command, raw: bytes, word: Word) -> bool:
        """A word of `for x in …`, `case x in` or `function f` that is a keyword there."""
        count = len(command.words)
        if command.kind == "loop" and raw == b"do" and count == 1:
            self.command = None
            return self._reserved(raw, word)
        if command.kind == "loop" and raw == b"in" and count == 1:
            command.words.append(word)
            return True
        if command.kind == "case" and raw == b"in" and count == 1:
            self.finish()
            self.frames.append(_Frame("case", command))
            return True
        if command.kind == "function":
            self.place(word, "word", command)
            after = BLANK.match(self.text, self.at, self.end)
            follows = after.end() if after else self.at
            if self.text[follows : follows + 1] != b"(":
                self.command = None
            return True
        return command.kind == "compound" and self._reserved(raw, word) if count == 0 and not command.redirects else False

    def _pattern(self) -> None:
        """A pattern of `case`, its opening parenthesis, a `|` between two, or the `)` that ends them."""
        frame, char = self.frames[-1], self.text[self.at]
        if char in b"(|;&<>":
            self.at += 1
        elif char == 0x29:
            self.mark(b"arm")
            self.at += 1
            frame.kind = "arm"
        else:
            word = self.shell.word(self.at, self.end, self.depth)
            self.at = max(word.end, self.at + 1)
            if self.raw(word) == b"esac":
                self.script.marks.append((word.start, b"esac"))
                self._end_compound(b"esac", word)
            elif word.end > word.start:
                self.place(word, "pattern", frame.command)

    def _test(self) -> None:
        """The words of `[[ … ]]`."""
        text, command, regex = self.text, self.new("[["), False
        while self.at < self.end:
            if match := BLANK.match(text, self.at, self.end):
                self.at = match.end()
                continue
            char = text[self.at]
            if char == 0x3B:
                break
            if char in b"\n&|<>" or (char in b"()" and not regex):
                self.at += 1
                continue
            word = self.shell.regex_word(self.at, self.end, self.depth) if regex else self.any_word()
            self.at = max(word.end, self.at + 1)
            raw = self.raw(word)
            if raw == b"]]":
                return
            regex = raw == b"=~"
            if word.end > word.start:
                self.place(word, "word", command)
