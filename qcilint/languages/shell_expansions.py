"""Reads the quotes, expansions, substitutions and templates in shell words: takes a position, gives the part that begins there.

Templates (`${{ … }}`, `{{ … }}`, `{% … %}`) are opaque parts of a word. Nothing is ever refused.
"""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages.scan import is_escaped
from qcilint.languages.shell_syntax import Part, Script

MAX_DEPTH = 24
"""How deep substitutions and quotes may nest before the text inside is taken as it stands."""
_IN_DOUBLE = re.compile(rb"[^\"\\$`{]+")
_IN_HEREDOC = re.compile(rb"[^\\$`]+")
_IN_ARITHMETIC = re.compile(rb"[^\"'\\$`()]+")
_IN_BRACES = re.compile(rb"[^}\"'\\$`{]+")
_HOLE_LENGTH = 300
_SIMPLE_PARAMETER = re.compile(rb"\$(?:([A-Za-z_][A-Za-z0-9_]*)|[0-9@*#?$!-])")
_BRACED_HEAD = re.compile(
    rb"\$\{(?P<prefix>[!#]?)(?P<name>[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(?P<index>\[[^\]\n]{0,200}\])?"
    rb"(?P<operator>:?[-=?+]|##?|%%?|//?|\^\^?|,,?|:|@)?"
)
_PARENTHESES = re.compile(rb"[()]|\n\n|;;")


class ExpansionLexer:
    """Quotes and expansions of a text; `read` reads the scripts in them."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.flawed = False
        """Something was left open at the end."""
        self.parameters: list[Part] = []
        """Every expansion of a named parameter."""
        self._budget = 4 * len(text) + 10_000

    def read(self, start: int, end: int, depth: int, closer: bytes) -> Script:
        """The script from `start` up to `closer` (a parenthesis) or to the end."""
        raise NotImplementedError

    def part(self, at: int, end: int, depth: int, *, quoted: bool) -> Part | None:
        """The quote, expansion or template at `at`, or None where the byte is plain."""
        text = self.text
        char = text[at]
        if char == 0x24:  # $
            return self._dollar(at, end, depth, quoted=quoted)
        if char == 0x7B:  # {
            hole = self._hole_end(at, end)
            return Part("hole", at, hole) if hole else None
        if depth >= MAX_DEPTH:
            return None
        if char == 0x27 and not quoted:  # '
            return Part("single", at, self._after(b"'", at + 1, end))
        if char == 0x22:  # "
            return self._double(at, at + 1, end, depth)
        if char == 0x60:  # `
            close = at + 1
            while (close := text.find(b"`", close, end)) >= 0 and is_escaped(text, close, at + 1):
                close += 1
            close = self.open(end) if close < 0 else close
            return Part("substitution", at, min(close + 1, end), script=self.read(at + 1, close, depth + 1, b""))
        return None

    def _hole_end(self, at: int, end: int) -> int:
        """After the template `{{ … }}` or `{% … %}` that begins at `at`; 0 where none does."""
        closer = {b"{{": b"}}", b"{%": b"%}"}.get(self.text[at : at + 2])
        if closer is None:
            return 0
        stop = min(end, at + _HOLE_LENGTH)
        found = self.text.find(closer, at + 2, stop)
        return 0 if found < 0 or self.text.find(b"\n", at, found) >= 0 else found + 2

    def open(self, end: int) -> int:
        """Note that something is still open at `end`."""
        self.flawed = True
        return end

    def _after(self, closer: bytes, at: int, end: int) -> int:
        found = self.text.find(closer, at, end)
        return self.open(end) if found < 0 else found + 1

    def _dollar(self, at: int, end: int, depth: int, *, quoted: bool) -> Part | None:
        text = self.text
        follows = text[at + 1] if at + 1 < end else 0
        if follows == 0x7B:  # ${
            if hole := self._hole_end(at + 1, end):
                return Part("hole", at, hole)
            return self._braced(at, end, depth, quoted=quoted) if depth < MAX_DEPTH else None
        if follows == 0x28 and depth < MAX_DEPTH:  # $(
            if text[at + 2 : at + 3] == b"(" and self.is_arithmetic(at + 1, end):
                return self.arithmetic(at, at + 3, end, depth)
            script = self.read(at + 2, end, depth + 1, b")")
            return Part("substitution", at, script.end, script=script)
        if not quoted and follows == 0x27:  # $'
            return Part("ansi", at, self._ansi_end(at + 2, end))
        if not quoted and follows == 0x22 and depth < MAX_DEPTH:  # $"
            return self._double(at, at + 2, end, depth)
        if match := _SIMPLE_PARAMETER.match(text, at, end):
            part = Part("parameter", at, match.end(), name=match[1] or b"")
            if part.name:
                self.parameters.append(part)
            return part
        return None

    def _ansi_end(self, at: int, end: int) -> int:
        while (close := self.text.find(b"'", at, end)) >= 0:
            if not is_escaped(self.text, close, at):
                return close + 1
            at = close + 1
        return self.open(end)

    def _double(self, start: int, at: int, end: int, depth: int) -> Part:
        parts: list[Part] = []
        return Part("double", start, self._quoted(parts, at, end, depth, _IN_DOUBLE, 0x22), parts)

    def _quoted(self, parts: list[Part], at: int, end: int, depth: int, plain: re.Pattern[bytes], closer: int) -> int:
        """Read text with expansions, up to and with `closer` (-1: up to the end)."""
        text = self.text
        while at < end:
            if match := plain.match(text, at, end):
                at = match.end()
                continue
            char = text[at]
            if char == closer:
                return at + 1
            if char == 0x5C:
                at = min(at + 2, end)
            elif part := self.part(at, end, depth + 1, quoted=True):
                parts.append(part)
                at = part.end
            else:
                at += 1
        return end if closer < 0 else self.open(end)

    def heredoc_parts(self, start: int, end: int, depth: int) -> list[Part]:
        """The expansions in the body of an unquoted here-document."""
        parts: list[Part] = []
        self._quoted(parts, start, end, depth, _IN_HEREDOC, -1)
        return parts

    def _braced(self, at: int, end: int, depth: int, *, quoted: bool) -> Part:
        text = self.text
        head = _BRACED_HEAD.match(text, at, end)
        parts: list[Part] = []
        part = Part("parameter", at, end, parts)
        at += 2
        if head:
            at = head.end()
            part.name = head["name"] if head["name"][:1].isalpha() or head["name"][:1] == b"_" else b""
            part.operator = head["operator"] or head["prefix"] or (head["index"] or b"")[:1]
        part.argument = at
        literal = quoted and part.operator[:1] not in (b"#", b"%", b"/")
        while at < end:
            if match := _IN_BRACES.match(text, at, end):
                at = match.end()
                continue
            char = text[at]
            if char == 0x7D:
                at += 1
                break
            if char == 0x5C:
                at = min(at + 2, end)
            elif char == 0x27 and literal:
                at += 1
            elif inner := self.part(at, end, depth + 1, quoted=False):
                parts.append(inner)
                at = inner.end
            else:
                at += 1
        else:
            self.open(end)
        part.end = at
        if part.name:
            self.parameters.append(part)
        return part

    def is_arithmetic(self, at: int, end: int) -> bool:
        """Whether the `((` at `at` is closed by `))`; a bounded look ahead."""
        depth = 0
        for match in _PARENTHESES.finditer(self.text, at, min(end, at + 2000)):
            self._budget -= 1
            char = match[0]
            if self._budget < 0 or char not in b"()":
                return False
            depth += 1 if char == b"(" else -1
            if depth == 1 and char == b")":
                return self.text[match.end() : match.end() + 1] == b")"
        return False

    def arithmetic(self, start: int, at: int, end: int, depth: int) -> Part:
        parts: list[Part] = []
        level = 2
        while at < end and level:
            at = self._quoted_until_paren(parts, at, end, depth)
            if at < end:
                level += 1 if self.text[at] == 0x28 else -1
                at += 1
        return Part("arithmetic", start, at, parts)

    def _quoted_until_paren(self, parts: list[Part], at: int, end: int, depth: int) -> int:
        text = self.text
        while at < end and text[at] not in b"()":
            if match := _IN_ARITHMETIC.match(text, at, end):
                at = match.end()
            elif text[at] == 0x5C:
                at = min(at + 2, end)
            elif part := self.part(at, end, depth + 1, quoted=True):
                parts.append(part)
                at = part.end
            else:
                at += 1
        return at
