"""What the tokens around a string or a bracket say of it: callee, variable, key, comparison, concatenation."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages.callees import FORMATTERS, JOINERS, MATCHERS
from qcilint.languages.code_frames import Found, Frame
from qcilint.languages.code_lexer import Token
from qcilint.languages.code_recent import KEYWORDS, Recent
from qcilint.languages.embedded import Literal

_MODIFIERS = frozenset(b"var const let val def static final public private protected export readonly type mut return".split())
_COMPARISONS = frozenset({b"==", b"!=", b"===", b"!==", b"=~", b"==~"})
_NEXT = re.compile(rb"\s*(\.\s*[A-Za-z_]\w*|===|!==|==~|==|!=|=~|\+|%|:|(?:not\s+)?in\b|(?:[A-Za-z]{0,2})[\"'])?")


class Surroundings:
    """The open brackets and the recent tokens around the token that is read."""

    def __init__(self, language: str, text: bytes) -> None:
        self.language, self.text = language, text
        self.frames = [Frame(b"")]
        self.recent = Recent(text)

    def frame(self, opener: bytes) -> Frame:
        """The bracket that opens here."""
        head, back = "", 1
        if opener == b"(":
            if self.recent.word(1) == b"!":  # a macro of Rust
                head, back = self.recent.dotted(2)
                head += "!" if head else ""
            else:
                head, back = self.recent.dotted(1)
            callee = head.rpartition(".")[2].lower()
            defined = self.recent.word(back) in (b"def", b"func", b"function", b"fn")
            if head and not defined:
                return Frame(opener, head, self._target(back), callee in MATCHERS, callee in JOINERS)
            if defined:
                return Frame(opener, "", ("default",))
            inner = self.frames[-1].opener == b"("
            pattern = self._is_member_list(1) or (inner and self.frames[-1].pattern)
            return Frame(opener, "", self._inherited(back), pattern, inner and self.frames[-1].joined)
        if opener == b"[" and self._is_subscripted():
            return Frame(opener, "", ("subscript",), pattern=True)
        if opener == b"{":
            head, back = self.recent.dotted(1)
            while self.recent.word(back) in (b"]", b"[", b"*", b"&", b"map") or (
                head and self.recent.kind(back) == "name" and back < 6
            ):
                back += 1
        around = self.frames[-1] if self.frames[-1].opener == b"(" else Frame(b"")
        pattern = around.pattern or self._is_member_list(back)
        return Frame(opener, head, self._inherited(back), pattern, around.joined)

    def _is_subscripted(self) -> bool:
        if self.recent.word(1) in (b")", b"]"):
            return True
        return self.recent.kind(1) == "name" and self.recent.word(1) not in KEYWORDS

    def _is_member_list(self, back: int) -> bool:
        """Python's `x in (…)`; the list of a loop is none."""
        return self.recent.word(back) == b"in" and all(self.recent.word(further) != b"for" for further in range(back, back + 6))

    def _inherited(self, back: int) -> tuple[str, ...]:
        """Labels for the elements of a list: what it is assigned to, or the call it is an argument of."""
        frame = self.frames[-1]
        target = self._target(back)
        if not target and frame.opener == b"(" and frame.head and self.recent.word(back) in (b"(", b","):
            target = (f"argument:{frame.head}",)
        return target

    def _target(self, back: int) -> tuple[str, ...]:
        """What the value after recent token `back` is given to: a variable, a field, a key, a parameter."""
        mark = self.recent.word(back)
        frame = self.frames[-1]
        if mark == b":" and self.frames[-1].opener in (b"{", b"(", b"["):
            return self._key(back + 1)
        if mark == b"=>":
            return self._key(back + 1)
        if mark in (b"=", b":=", b"+="):
            name = self._assigned(back + 1)
            if frame.opener == b"(" and frame.head and name:
                return (f"keyword:{name}",)
            return (f"assignment:{name}",) if name else ()
        return ("return",) if mark == b"return" else ()

    def _key(self, back: int) -> tuple[str, ...]:
        """The key at recent token `back`, of a map, a structure or named arguments."""
        if back >= len(self.recent.tokens):
            return ()
        before, key = self.recent.tokens[-back - 1], self.recent.tokens[-back]
        if self.recent.word(back + 1) not in (b"{", b",", b"(", b"[") and b"\n" not in self.text[before.end : key.start]:
            return ()
        if self.recent.kind(back) == "name":
            name = self.recent.word(back).decode("utf-8", "replace")
            return (f"field:{name}",)
        if self.recent.kind(back) == "string":
            token = self.recent.tokens[-back]
            return ("dict-value:" + self.text[token.inner : token.outer][:200].decode("utf-8", "replace"),)
        return ()

    def _assigned(self, back: int) -> str:
        """The variable that recent token `back` ends the declaration of."""
        if self.recent.word(back) == b"]" and self.recent.kind(back + 1) == "string":
            return ""
        if self.recent.word(back) == b"?":  # Make-like `?=` of a build script
            back += 1
        name, before = self.recent.dotted(back)
        if self.recent.kind(before) == "name" and self.language == "go" and self.recent.word(before) not in _MODIFIERS:
            if b"\n" not in self.text[self.recent.tokens[-before].end : self.recent.tokens[-back].start]:
                name = self.recent.word(before).decode("utf-8", "replace")
        elif self.language != "groovy":
            for further in range(before, min(before + 8, len(self.recent.tokens))):
                if self.recent.word(further) in (b"{", b"(", b",", b";", b"=", b"?", b"}"):
                    break
                if self.recent.word(further) == b":" and self.recent.kind(further + 1) == "name":
                    name = self.recent.word(further + 1).decode("utf-8", "replace")
                    break
        return name

    def found(self, token: Token, literal: Literal, inside: range) -> Found:
        """A string that holds the references `inside`, with what stands around it."""
        frame = self.frames[-1]
        follows = _NEXT.match(self.text, token.end)
        after = (follows[1] or b"") if follows else b""
        labels, pattern = self._labels(frame, token, after)
        prior = self.recent.word(1)
        method = after.lstrip(b". \t\r\n").decode().lower() if after[:1] == b"." else ""
        concatenated = prior in (b"+", b"+=", b"%") or after == b"+" or frame.joined or method == "join"
        concatenated = concatenated or self._is_adjacent(after, token)
        pattern = pattern or prior in _COMPARISONS or after in _COMPARISONS or method in MATCHERS or self._in_case()
        pattern = pattern or after.endswith(b"in") or (prior == b"in" and self.language == "python")
        if prior in (b"||", b"or"):
            labels = (*labels, "default")
        printf = b"%" in self.text[token.inner : token.outer] and FORMATTERS.fullmatch(frame.callee)
        if printf or token.template or method in ("format", "formatted") or (after == b"%" and self.language == "python"):
            labels = (*labels, "formatted")
        return Found(literal, inside.start, inside.stop, tuple(dict.fromkeys(labels)), pattern, concatenated)

    def _labels(self, frame: Frame, token: Token, after: bytes) -> tuple[tuple[str, ...], bool]:
        target = self._target(1)
        if frame.opener == b"{" and after == b":" and self.recent.word(1) in (b"{", b",", b"\0"):
            return ("dict-key",), True
        if frame.opener == b"(" and frame.head:
            return (*target, f"argument:{frame.head}"), frame.pattern
        if self.language in ("groovy", "python") and self.recent.kind(1) == "name" and self.recent.word(1) not in KEYWORDS:
            name, _ = self.recent.dotted(1)
            return (f"argument:{name}",), name.rpartition(".")[2].lower() in MATCHERS
        if self.language == "go" and not token.escapes and self._is_tag():
            return ("struct-tag",), False
        if "default" in frame.labels:
            return frame.labels, False
        if target:
            return target, frame.pattern
        if frame.opener and self.recent.word(1) in (frame.opener, b","):
            element = () if frame.opener == b"(" or "subscript" in frame.labels else ("element",)
            return (*element, *frame.labels), frame.pattern
        return target, frame.pattern

    def _is_tag(self) -> bool:
        """A raw string directly behind the type of a struct's field."""
        return (self.recent.kind(1) == "name" and self.recent.word(1) not in KEYWORDS) or self.recent.word(1) in (
            b"}",
            b"]",
            b")",
        )

    def _is_adjacent(self, after: bytes, token: Token) -> bool:
        """Implicit concatenation, in the languages that have it."""
        if self.language in ("go", "javascript", "groovy"):
            return False
        bracketed = self.language != "python" or self.frames[-1].opener != b""
        text = self.text
        if self.recent.kind(1) == "string" and (bracketed or b"\n" not in text[self.recent.tokens[-1].end : token.start]):
            return True
        if after[-1:] not in (b'"', b"'"):
            return False
        return bracketed or b"\n" not in text[token.end : token.end + 1 + text[token.end : token.end + 200].find(after)]

    def _in_case(self) -> bool:
        """`case "a", "REF":`."""
        for back in range(1, len(self.recent.tokens) + 1):
            if self.recent.word(back) in (b"case", b"when"):
                return True
            if self.recent.kind(back) != "string" and self.recent.word(back) != b",":
                return False
        return False
