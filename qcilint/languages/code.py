"""Program text: Go, JavaScript, Groovy, Java, Rust, C and the like, and Python that its parser refuses.

Works on tokens: what stands before and after a string, and which brackets it is in.
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages import embedded
from qcilint.languages.callees import RUNNERS
from qcilint.languages.code_frames import Found, Frame
from qcilint.languages.code_lexer import Token, tokens
from qcilint.languages.code_surroundings import Surroundings
from qcilint.languages.remote_calls import labelled
from qcilint.languages.text import stands_alone
from qcilint.view import Span

_CLOSERS = {b")": b"(", b"]": b"[", b"}": b"{"}
_MAX_DEPTH = 400
_MEMBERSHIP = re.compile(rb"\s*\.\s*(includes|indexOf|lastIndexOf|some|has|contains|index|count)\b")
_JOIN = re.compile(rb"\s*\.\s*join\b")


def contexts_in(language: str, text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of program text in `language`."""
    return labelled(language, text, spans, _Reader(language, text, spans).read())


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, language: str, text: bytes, spans: Sequence[Span]) -> None:
        self.language, self.text, self.spans = language, text, spans
        self.result = [Context("text", language, whole=stands_alone(text, span)) for span in spans]
        self.around = Surroundings(language, text)
        self.frames = self.around.frames
        self.found: list[Found] = []
        self.at = 0

    def read(self) -> list[Context]:
        for token in tokens(self.language, self.text):
            if token.kind == "comment":
                for index in self._inside(token):
                    self.result[index] = Context("comment", self.language, whole=stands_alone(self.text, self.spans[index]))
                continue
            self._take(token)
            self.around.recent.tokens.append(token)
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
                self.frames.append(self.around.frame(mark))
        elif token.kind == "string":
            literal = embedded.Literal(*token[1:5], token.escapes, token.template and self.language == "python")
            frame.sole = literal
            if inside:
                found = self.around.found(token, literal, inside)
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
