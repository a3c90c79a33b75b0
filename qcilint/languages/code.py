"""Program text: Go, JavaScript, Groovy, Java, Rust, C and the like, and Python that its parser refuses.

Works on tokens: what stands before and after a string, and which brackets it is in.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from qcilint.context import Context
from qcilint.languages import embedded
from qcilint.languages.callees import FORMATTERS, JOINERS, MATCHERS, RUNNERS
from qcilint.languages.code_lexer import Token, tokens
from qcilint.languages.text import stands_alone
from qcilint.view import Span

_KEYWORDS = frozenset(
    b"return in of case yield await typeof else and or not if elif while for do throw raise assert when is go"
    b" defer var let const val def new func function".split()
)
_MODIFIERS = frozenset(b"var const let val def static final public private protected export readonly type mut return".split())
_COMPARISONS = frozenset({b"==", b"!=", b"===", b"!==", b"=~", b"==~"})
_CLOSERS = {b")": b"(", b"]": b"[", b"}": b"{"}
_RECENT = 24
_MAX_DEPTH = 400
_NEXT = re.compile(rb"\s*(\.\s*[A-Za-z_]\w*|===|!==|==~|==|!=|=~|\+|%|:|(?:not\s+)?in\b|(?:[A-Za-z]{0,2})[\"'])?")
_MEMBERSHIP = re.compile(rb"\s*\.\s*(includes|indexOf|lastIndexOf|some|has|contains|index|count)\b")
_JOIN = re.compile(rb"\s*\.\s*join\b")


@dataclass(slots=True)
class Frame:
    """An open bracket."""

    opener: bytes
    head: str = ""
    """The dotted name before it: the callee, or the type of a composite literal."""
    labels: tuple[str, ...] = ()
    """What is said of its elements: the field or variable it is assigned to."""
    pattern: bool = False
    joined: bool = False
    items: list[embedded.Literal | None] = field(default_factory=list)
    sole: embedded.Literal | None = None
    count: int = 0
    """Tokens of the current item; `sole` is the item if it is nothing but one string."""
    found: list[Found] = field(default_factory=list)

    def end_item(self) -> None:
        if self.count and len(self.items) <= embedded.MAX_ARGUMENTS:
            self.items.append(self.sole if self.count == 1 else None)
        self.sole, self.count = None, 0

    @property
    def callee(self) -> str:
        return self.head.rpartition(".")[2].lower() if self.opener == b"(" else ""


@dataclass(slots=True)
class Found:
    """A string that holds references."""

    literal: embedded.Literal
    first: int
    last: int
    """Its references, as indices `first..last`."""
    labels: tuple[str, ...]
    pattern: bool
    concatenated: bool
    from_list: list[Context] | None = None


def contexts_in(language: str, text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of program text in `language`."""
    return _Reader(language, text, spans).read()


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, language: str, text: bytes, spans: Sequence[Span]) -> None:
        self.language, self.text, self.spans = language, text, spans
        self.result = [Context("text", language, whole=stands_alone(text, span)) for span in spans]
        self.frames = [Frame(b"")]
        self.recent: deque[Token] = deque(maxlen=_RECENT)
        self.found: list[Found] = []
        self.at = 0

    def read(self) -> list[Context]:
        for token in tokens(self.language, self.text):
            if token.kind == "comment":
                for index in self._inside(token):
                    self.result[index] = Context("comment", self.language, whole=stands_alone(self.text, self.spans[index]))
                continue
            self._take(token)
            self.recent.append(token)
            if self.at >= len(self.spans) and not any(frame.found for frame in self.frames[1:]):
                break
        while len(self.frames) > 1:
            self._close()
        for found in self.found:
            self._settle(found)
        return self.result

    def _inside(self, token: Token) -> range:
        """The spans in a token; those before it are skipped."""
        spans = self.spans
        while self.at < len(spans) and spans[self.at][1] <= token.start:
            self.at += 1
        first = self.at
        while self.at < len(spans) and token.start <= spans[self.at][0] and spans[self.at][1] <= token.end:
            self.at += 1
        return range(first, self.at)

    def _take(self, token: Token) -> None:
        frame = self.frames[-1]
        inside = self._inside(token)
        mark = self.text[token.start : token.end] if token.kind == "op" else b""
        if mark in (b",", b";"):
            frame.end_item()
            return
        if mark in _CLOSERS:
            if any(other.opener == _CLOSERS[mark] for other in self.frames[-3:]):
                while self.frames[-1].opener != _CLOSERS[mark]:
                    self._close()
                self._close(token.end)
            return
        frame.count += 1
        if mark in (b"(", b"[", b"{"):
            if len(self.frames) < _MAX_DEPTH:
                self.frames.append(self._frame(mark))
        elif token.kind == "string":
            literal = embedded.Literal(*token[1:5], token.escapes, token.template and self.language == "python")
            frame.sole = literal
            if inside:
                found = self._found(token, literal, inside)
                self.found.append(found)
                frame.found.append(found)
        elif token.kind == "regex":
            for index in inside:
                self.result[index] = Context("pattern", self.language, ("string",), whole=False)
        elif token.kind == "unclosed":
            for index in inside:
                self.result[index] = Context("text", self.language, ("unclosed-string",), whole=False)

    def _close(self, end: int | None = None) -> None:
        frame = self.frames.pop()
        frame.end_item()
        if not frame.found:
            return
        if end is not None and frame.opener != b"(":
            pattern, joined = bool(_MEMBERSHIP.match(self.text, end)), bool(_JOIN.match(self.text, end))
            for found in frame.found:
                found.pattern |= pattern
                found.concatenated |= joined
        self._argument_vector(frame)

    def _argument_vector(self, frame: Frame) -> None:
        items = frame.items
        if frame.opener == b"(":
            if not RUNNERS.fullmatch(frame.callee) or frame.head.startswith("oc."):
                return
            if frame.callee == "commandcontext":
                items = items[1:]
        if not items or items[0] is None or len(items) > embedded.MAX_ARGUMENTS:
            return
        sole = [found for found in frame.found if found.literal in items and not found.pattern and not found.concatenated]
        spans = [span for found in sole for span in self.spans[found.first : found.last]]
        outer = [context for found in sole for context in self._outer(found)]
        if not spans or (vector := embedded.argument_vector(self.text, items, spans, outer)) is None:
            return
        rest = iter(vector)
        for found in sole:
            found.from_list = [next(rest) for _ in range(found.first, found.last)]

    def _outer(self, found: Found) -> list[Context]:
        """The contexts of the references of a string, as far as the program around it says."""
        literal = found.literal
        where, labels = ("pattern", ("string", *found.labels)) if found.pattern else ("string", found.labels)
        if found.concatenated:
            labels = (*labels, "concatenated")
        contexts = []
        for span in self.spans[found.first : found.last]:
            whole = not found.concatenated and embedded.is_whole(self.text, literal.inner, literal.outer, span)
            if "struct-tag" in labels:
                whole = self.text[span[0] - 1 : span[0]] == self.text[span[1] : span[1] + 1] == b'"'
            contexts.append(Context(where, self.language, labels, whole, literal.escapes))
        return contexts

    def _settle(self, found: Found) -> None:
        settled = found.from_list
        if settled is None:
            settled = self._outer(found)
            if not found.concatenated and not found.pattern and not embedded.is_shown(found.labels):
                spans = self.spans[found.first : found.last]
                settled = embedded.contexts(found.literal.parts(self.text), spans, settled)
        self.result[found.first : found.last] = settled

    # What the tokens around say

    def _word(self, back: int) -> bytes:
        """The text of a recent token: 1 is the last one."""
        if back > len(self.recent):
            return b""
        token = self.recent[-back]
        return self.text[token.start : token.end] if token.kind in ("name", "op") else b"\0"

    def _kind(self, back: int) -> str:
        return self.recent[-back].kind if back <= len(self.recent) else ""

    def _dotted(self, back: int) -> tuple[str, int]:
        """The dotted name that ends at recent token `back`, and the token before it."""
        names: list[str] = []
        while self._kind(back) == "name" and self._word(back) not in _KEYWORDS:
            names.append(self._word(back).decode("utf-8", "replace"))
            back += 1
            if self._word(back) == b"?":
                back += 1
            if self._word(back) not in (b".", b"->") and not (self._word(back) == self._word(back + 1) == b":"):
                break
            back += 1 if self._word(back) != b":" else 2
        return ".".join(reversed(names)), back

    def _frame(self, opener: bytes) -> Frame:
        head, back = "", 1
        if opener == b"(":
            if self._word(1) == b"!":  # a macro of Rust
                head, back = self._dotted(2)
                head += "!" if head else ""
            else:
                head, back = self._dotted(1)
            callee = head.rpartition(".")[2].lower()
            defined = self._word(back) in (b"def", b"func", b"function", b"fn")
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
            head, back = self._dotted(1)
            while self._word(back) in (b"]", b"[", b"*", b"&", b"map") or (head and self._kind(back) == "name" and back < 6):
                back += 1
        around = self.frames[-1] if self.frames[-1].opener == b"(" else Frame(b"")
        pattern = around.pattern or self._is_member_list(back)
        return Frame(opener, head, self._inherited(back), pattern, around.joined)

    def _is_subscripted(self) -> bool:
        if self._word(1) in (b")", b"]"):
            return True
        return self._kind(1) == "name" and self._word(1) not in _KEYWORDS

    def _is_member_list(self, back: int) -> bool:
        """Python's `x in (…)`; the list of a loop is none."""
        return self._word(back) == b"in" and all(self._word(further) != b"for" for further in range(back, back + 6))

    def _inherited(self, back: int) -> tuple[str, ...]:
        """Labels for the elements of a list: what it is assigned to, or the call it is an argument of."""
        frame = self.frames[-1]
        target = self._target(back)
        if not target and frame.opener == b"(" and frame.head and self._word(back) in (b"(", b","):
            target = (f"argument:{frame.head}",)
        return target

    def _target(self, back: int) -> tuple[str, ...]:
        """What the value after recent token `back` is given to: a variable, a field, a key, a parameter."""
        mark = self._word(back)
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
        if back >= len(self.recent):
            return ()
        before, key = self.recent[-back - 1], self.recent[-back]
        if self._word(back + 1) not in (b"{", b",", b"(", b"[") and b"\n" not in self.text[before.end : key.start]:
            return ()
        if self._kind(back) == "name":
            name = self._word(back).decode("utf-8", "replace")
            return (f"field:{name}",)
        if self._kind(back) == "string":
            token = self.recent[-back]
            return ("dict-value:" + self.text[token.inner : token.outer][:200].decode("utf-8", "replace"),)
        return ()

    def _assigned(self, back: int) -> str:
        """The variable that recent token `back` ends the declaration of."""
        if self._word(back) == b"]" and self._kind(back + 1) == "string":
            return ""
        if self._word(back) == b"?":  # Make-like `?=` of a build script
            back += 1
        name, before = self._dotted(back)
        if self._kind(before) == "name" and self.language == "go" and self._word(before) not in _MODIFIERS:
            if b"\n" not in self.text[self.recent[-before].end : self.recent[-back].start]:
                name = self._word(before).decode("utf-8", "replace")
        elif self.language != "groovy":
            for further in range(before, min(before + 8, len(self.recent))):
                if self._word(further) in (b"{", b"(", b",", b";", b"=", b"?", b"}"):
                    break
                if self._word(further) == b":" and self._kind(further + 1) == "name":
                    name = self._word(further + 1).decode("utf-8", "replace")
                    break
        return name

    def _found(self, token: Token, literal: embedded.Literal, inside: range) -> Found:
        frame = self.frames[-1]
        follows = _NEXT.match(self.text, token.end)
        after = (follows[1] or b"") if follows else b""
        labels, pattern = self._labels(frame, token, after)
        prior = self._word(1)
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
        if frame.opener == b"{" and after == b":" and self._word(1) in (b"{", b",", b"\0"):
            return ("dict-key",), True
        if frame.opener == b"(" and frame.head:
            return (*target, f"argument:{frame.head}"), frame.pattern
        if self.language in ("groovy", "python") and self._kind(1) == "name" and self._word(1) not in _KEYWORDS:
            name, _ = self._dotted(1)
            return (f"argument:{name}",), name.rpartition(".")[2].lower() in MATCHERS
        if self.language == "go" and not token.escapes and self._is_tag():
            return ("struct-tag",), False
        if "default" in frame.labels:
            return frame.labels, False
        if target:
            return target, frame.pattern
        if frame.opener and self._word(1) in (frame.opener, b","):
            element = () if frame.opener == b"(" or "subscript" in frame.labels else ("element",)
            return (*element, *frame.labels), frame.pattern
        return target, frame.pattern

    def _is_tag(self) -> bool:
        """A raw string directly behind the type of a struct's field."""
        return (self._kind(1) == "name" and self._word(1) not in _KEYWORDS) or self._word(1) in (b"}", b"]", b")")

    def _is_adjacent(self, after: bytes, token: Token) -> bool:
        """Implicit concatenation, in the languages that have it."""
        if self.language in ("go", "javascript", "groovy"):
            return False
        bracketed = self.language != "python" or self.frames[-1].opener != b""
        text = self.text
        if self._kind(1) == "string" and (bracketed or b"\n" not in text[self.recent[-1].end : token.start]):
            return True
        if after[-1:] not in (b'"', b"'"):
            return False
        return bracketed or b"\n" not in text[token.end : token.end + 1 + text[token.end : token.end + 200].find(after)]

    def _in_case(self) -> bool:
        """`case "a", "REF":`."""
        for back in range(1, len(self.recent) + 1):
            if self._word(back) in (b"case", b"when"):
                return True
            if self._kind(back) != "string" and self._word(back) != b",":
                return False
        return False
