"""Reads the words of shell text: plain text, escapes, arrays, extended globs; takes a position, gives the word there."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages.scan import line_end
from qcilint.languages.shell_expansions import MAX_DEPTH, ExpansionLexer
from qcilint.languages.shell_syntax import Part, Word
from qcilint.view import Span

_PLAIN = re.compile(rb"[^ \t\r\n;&|()<>'\"$`\\{?*+@!=]+")
_ENDS = b" \t\n;&|()<>"
"""The bytes that end a word."""
_IN_GROUP = re.compile(rb"[^()\\'\"$`{\n]+")
_ASSIGNS = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]\n]{0,200}\])?\+?=\Z")
_REGEX_WORD = re.compile(rb"[^ \t\r\n'\"$`\\()]+")
BLANK = re.compile(rb"(?:[ \t]|\r(?=\n|\Z)|\\\r?\n)+")


class WordLexer(ExpansionLexer):
    """Words of a text."""

    def word(self, at: int, end: int, depth: int, *, arrays: bool = False, extglob: bool = True) -> Word:
        """The word that begins at `at`; empty where none can begin there."""
        text, start = self.text, at
        if (match := _PLAIN.match(text, at, end)) and ((at := match.end()) == end or text[at] in _ENDS):
            return Word(start, at, ())  # as most words are
        parts: list[Part] = []
        while at < end:
            if match := _PLAIN.match(text, at, end):
                at = match.end()
                continue
            char = text[at]
            if char in _ENDS:
                break
            if char == 0x0D:  # carriage return
                if text[at + 1 : at + 2] in (b"\n", b"") or at + 1 >= end:
                    break
                at += 1
            elif char == 0x5C:  # backslash
                after = self._escape(at, end)
                if after is None:
                    break
                at = after
            elif char in b"?*+@!" and extglob and text[at + 1 : at + 2] == b"(" and at + 1 < end:
                at = self._group(at + 1, end, depth, parts)
            elif char == 0x3D:  # =
                at += 1
                if arrays and at < end and text[at] == 0x28 and not parts and _ASSIGNS.match(text, start, at):
                    part = self._array(at, end, depth)
                    parts.append(part)
                    at = part.end
                    break
            elif part_ := self.part(at, end, depth, quoted=False):
                parts.append(part_)
                at = part_.end
            else:
                at += 1
        return Word(start, at, parts)

    def _escape(self, at: int, end: int) -> int | None:
        """After the backslash at `at` and what it escapes; None where a word ends before a continuation."""
        text = self.text
        after = at + 1
        if text[after : after + 2] == b"\r\n":
            after += 1
        if text[after : after + 1] == b"\n":
            follows = text[after + 1 : after + 2]
            return None if follows in (b" ", b"\t", b"\n", b"", b"\r", b";", b"&", b"|", b")", b"<", b">") else after + 1
        return min(at + 2, end)

    def _array(self, at: int, end: int, depth: int) -> Part:
        """The elements of `(a b c)`."""
        start, words, comments = at, list[Word](), list[Span]()
        at += 1
        while at < end:
            if match := BLANK.match(self.text, at, end):
                at = match.end()
            elif self.text[at] == 0x29:
                return Part("array", start, at + 1, words=words, comments=comments)
            elif self.text[at] == 0x23:
                stop = line_end(self.text, at, end)
                comments.append((at, stop))
                at = stop
            elif depth >= MAX_DEPTH:
                at += 1
            else:
                word = self.word(at, end, depth + 1)
                if word.end > word.start:
                    words.append(word)
                at = max(word.end, at + 1)
        return Part("array", start, self.open(end), words=words, comments=comments)

    def _group(self, at: int, end: int, depth: int, parts: list[Part]) -> int:
        """After the parenthesis at `at` of an extended glob, which stays part of its word."""
        level = 0
        while at < end and self.text[at] != 0x0A:
            if match := _IN_GROUP.match(self.text, at, end):
                at = match.end()
                continue
            char = self.text[at]
            if char in b"()":
                level += 1 if char == 0x28 else -1
                at += 1
                if not level:
                    break
            elif char == 0x5C:
                at = min(at + 2, end)
            elif part := self.part(at, end, depth, quoted=False):
                parts.append(part)
                at = part.end
            else:
                at += 1
        return at

    def regex_word(self, at: int, end: int, depth: int) -> Word:
        """The right side of `=~`, in which parentheses and `|` are plain."""
        text, start, level, parts = self.text, at, 0, list[Part]()
        while at < end:
            if match := _REGEX_WORD.match(text, at, end):
                at = match.end()
                continue
            char = text[at]
            if char in b"()":
                level += 1 if char == 0x28 else -1
                if level < 0:
                    break
                at += 1
            elif char in b" \t\r\n":
                if level <= 0 or char == 0x0A:
                    break
                at += 1
            elif char == 0x5C:
                at = min(at + 2, end)
            elif part := self.part(at, end, depth, quoted=False):
                parts.append(part)
                at = part.end
            else:
                at += 1
        return Word(start, at, parts)
