"""Reads simple commands: words, redirections and here-documents; adds them to the script that is being read."""

from __future__ import annotations

import re

from qcilint.languages.scan import line_end
from qcilint.languages.shell_expansions import MAX_DEPTH
from qcilint.languages.shell_syntax import Command, Heredoc, Part, Place, Script, Word
from qcilint.languages.shell_words import BLANK, WordLexer

_CONTINUED = (b"&&", b"||", b"|", b"|&")
"""Operators after which the command goes on in the next line."""


class SimpleReader:
    """The state of reading one script, and what a simple command adds to it."""

    def __init__(self, shell: WordLexer, start: int, end: int, depth: int) -> None:
        self.shell, self.text, self.at, self.end, self.depth = shell, shell.text, start, end, depth
        self.script = Script(start)
        self.command: Command | None = None
        self.last: Command | None = None
        self.piping = False
        self.pending: list[Heredoc] = []

    def finish(self) -> None:
        """The command that was read ends here."""
        self.last, self.command = self.command or self.last, None

    def newline(self) -> None:
        """Go over a line feed and the here-documents that begin after it."""
        marks = self.script.marks
        if self.command is not None or not (marks and marks[-1][1] in _CONTINUED):
            self.mark(b"\n")
        self.at += 1
        if self.command is None or self.command.kind != "case":
            self.finish()
        pending, self.pending = self.pending, []
        for heredoc in pending:
            heredoc.start = self.at
            heredoc.end = self._terminator(heredoc)
            self.at = min(line_end(self.text, heredoc.end, self.end) + 1, self.end)
            if not heredoc.quoted and self.depth < MAX_DEPTH:
                heredoc.parts = self.shell.heredoc_parts(heredoc.start, heredoc.end, self.depth + 1)
            self.script.heredocs.append(heredoc)

    def mark(self, token: bytes) -> None:
        """Note a reserved word or a control operator."""
        self.script.marks.append((self.at, token))

    def _terminator(self, heredoc: Heredoc) -> int:
        """Where the line that ends a here-document begins."""
        text, at, delimiter = self.text, heredoc.start, heredoc.delimiter
        while (found := text.find(delimiter, at, self.end)) >= 0:
            begin, stop = found, found + len(delimiter)
            while heredoc.tabs and begin > heredoc.start and text[begin - 1] == 0x09:
                begin -= 1
            stop += text[stop : stop + 1] == b"\r"
            if (begin == heredoc.start or text[begin - 1] == 0x0A) and (stop >= self.end or text[stop] == 0x0A):
                return begin
            at = found + 1
        return self.shell.open(self.end)

    def new(self, kind: str = "simple") -> Command:
        """Begin a command."""
        command = Command(kind)
        if self.piping and self.last:
            self.last.next = command
        self.piping = False
        self.command = command
        return command

    def place(self, word: Word, role: str, command: Command) -> None:
        """Note a word and the part it plays in a command."""
        self.script.places.append(Place(word, command, role, len(command.words)))
        if role == "word":
            command.words.append(word)

    def redirect(self, match: re.Match[bytes]) -> None:
        """A redirection, whose operator is `match`, with its target."""
        command = self.command or self.new()
        operator = match[0].lstrip(b"0123456789")
        operator = operator[operator.find(b"}") + 1 :] if operator.startswith(b"{") else operator
        self.at = match.end()
        if blank := BLANK.match(self.text, self.at, self.end):
            self.at = blank.end()
        word = self.any_word()
        if word.end == word.start:
            return
        self.at = word.end
        if operator in (b"<<", b"<<-"):
            raw = self.text[word.start : word.end]
            plain = re.sub(rb"\$(?=['\"])|['\"]|\\(?=.)", b"", raw, flags=re.S)
            self.pending.append(Heredoc(command, plain != raw, operator == b"<<-", plain))
            return
        command.redirects.append((operator, word))
        self.place(word, "redirect", command)

    def any_word(self, *, extglob: bool = True, arrays: bool = False) -> Word:
        """A word, or a process substitution with what is glued to it."""
        at = self.at
        if self.text.startswith((b"<(", b">("), at) and self.depth < MAX_DEPTH:
            script = self.shell.read(at + 2, self.end, self.depth + 1, b")")
            return Word(at, script.end, [Part("substitution", at, script.end, script=script)])
        return self.shell.word(at, self.end, self.depth, arrays=arrays, extglob=extglob)

    def raw(self, word: Word) -> bytes:
        """A short word as it is written; nothing for a longer one."""
        return self.text[word.start : word.end] if word.end - word.start < 10 else b""
