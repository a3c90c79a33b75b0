"""Which commands of a script run on another machine, although no `ssh` stands in front of them.

A variable may hold `ssh node sudo podman`, a function or an alias may wrap it, the text of a function may be sent
(`ssh node "$(declare -f f); f"`), a file may be written here and copied. What may run elsewhere counts as running there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from qcilint import lazy as re
from qcilint.languages.command_words import Argument, tool_of
from qcilint.languages.container_tables import FAMILIES
from qcilint.view import Span

_LONGEST = 20_000
"""A longer function is not read to its end."""
_CLOSERS = 200
"""A function that does not end with one of so many closing lines reaches to the end."""
MOST_KNOWN = 16
"""Texts that are remembered: each is asked about for its contexts and for its names."""
_ELSEWHERE = re.compile(
    rb"(?<![\w./])(?<!\w-)(?:/[\w/]{0,40}/)?(?:ssh|sshpass|chroot|nsenter|podman-remote|virtctl|vagrant[ \t]+ssh)(?![\w.=:/-])|\bssh://"
    rb"|(?<![\w.-])(?:oc|kubectl|\$[{(]?(?:OC|KUBECTL)[)}]?)[ \t][^\n;|&]{0,200}?(?<![\w-])(?:debug|exec|rsh|run)(?![\w-])"
    rb"|(?<![\w.-])(?:docker|podman|nerdctl)[ \t][^\n;|&]{0,200}?(?<![\w-])(?:exec|--remote|--url|--connection)(?![\w-])"
    rb"|\$[{(]?\w*(?:SSH|REMOTE)(?:_?(?:CMD|COMMAND|EXEC))?(?!\w)"
)
"""Commands that run the command after them on another machine, in a container or in another root; all of it on one line."""
_HINT = re.compile(rb"ssh|chroot|nsenter|podman-remote|virtctl|debug|exec|rsh|run|--remote|--url|--connection|SSH|REMOTE")
"""What `_ELSEWHERE` cannot match without; much faster to find."""
_ENGINE_ELSEWHERE = re.compile(
    rb"\b(?:DOCKER_HOST|CONTAINER_HOST)=[\"']?(?:ssh|tcp):|\b(?:docker|podman)-env\b|\bdocker[ \t]+context[ \t]+use\b"
)
_ENGINE_HINTS = (b"_HOST=", b"-env", b"context")
_TRANSFER = re.compile(
    rb"(?<![\w./-])(?:scp|sftp|rsync|ssh)(?![\w.=:/-])|(?<![\w.-])(?:oc|kubectl)[ \t][^\n]{0,200}?\b(?:cp|rsync|exec|rsh|debug)\b"
)
_TOKEN = re.compile(rb"[^\s\"'`;|&<>():=,]+")
_NAME = rb"([A-Za-z_]\w*)"
_VALUE = re.compile(
    rb"(?<![\w$.{-])%s\+?=(\"[^\"\n]{0,2000}|'[^'\n]{0,2000}|\([^)]{0,2000}|\$\([^)\n]{0,2000}|\$\{[^}\n]{0,2000}|[^\s\"'();&|]+)"
    rb"|\$\{%s:?[-=]([^}\n]{0,2000})" % (_NAME, _NAME)
)
_MENTION = re.compile(r"\$[{(]?([A-Za-z_]\w*)")
_FUNCTION = re.compile(
    rb"(?:^|[;&|{(])([ \t]*)(?:function[ \t]+([\w.:-]+)[ \t]*(?:\([ \t]*\))?|([\w.:-]+)[ \t]*\([ \t]*\))\s*[{(]", re.M
)
_CLOSER = re.compile(rb"^([ \t]*)[})]", re.M)
_ARGUMENTS = re.compile(rb"\$\{?[@*]")
_WORD = re.compile(rb"[\w.:-]+")
_SENT = re.compile(rb"(?:\bdeclare|\btypeset)[ \t]+-\w*f\w*((?:[ \t]+[\w.:-]+)*)(?![ \t]*(?:&|1)?>)")


def runs_elsewhere(text: bytes) -> bool:
    """Whether a text holds a command that runs the command after it elsewhere."""
    return next(_places(text), None) is not None


def _places(text: bytes) -> Iterator[int]:
    """Where such commands begin, in ascending order."""
    at = 0
    while hint := _HINT.search(text, at):
        start = text.rfind(b"\n", at, hint.start()) + 1 or at
        at = text.find(b"\n", hint.end()) + 1 or len(text)
        for match in _ELSEWHERE.finditer(text[start:at]):
            yield start + match.start()


@lru_cache(MOST_KNOWN)
def remote(text: bytes) -> Remote:
    """What a script says of commands that run elsewhere, read once for all who ask."""
    return Remote(text)


def remote_values(assignments: Sequence[tuple[str, bytes]]) -> frozenset[str]:
    """The names of those assignments whose value runs a command elsewhere, itself or by another variable."""
    found = {name for name, value in assignments if runs_elsewhere(value)}
    for _ in range(2 if found else 0):
        found |= {name for name, value in assignments if found.intersection(_MENTION.findall(value.decode("utf-8", "replace")))}
    return frozenset(found)


class Remote:
    """What a script says of the commands that run elsewhere."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.everything = any(hint in text for hint in _ENGINE_HINTS) and _ENGINE_ELSEWHERE.search(text) is not None
        self.variables: frozenset[str] = frozenset()
        """Variables and aliases."""
        self.functions: frozenset[str] = frozenset()
        self._sent: list[Span] = []
        if places := list(_places(text)):
            values = [(match[1] or match[3], match[2] or match[4] or b"") for match in _VALUE.finditer(text)]
            self.variables = remote_values([(name.decode(), value) for name, value in values])
            if _ARGUMENTS.search(text) or _SENT.search(text):
                self._read_functions(places)

    @cached_property
    def copied(self) -> frozenset[str]:
        """Names of the files that are copied to another machine, or run there."""
        return frozenset(self._copied())

    def reaches(self, words: Sequence[Argument]) -> bool:
        """Whether a command with these words runs elsewhere."""
        if self.everything:
            return True
        if not self.variables and not self.functions:
            return False
        tool = False
        for word in words:
            if not word.literal and self.variables.intersection(_MENTION.findall(word.text)):
                return True
            if not tool and word.literal and (word.text in self.functions or word.text in self.variables):
                return True
            tool = tool or tool_of(word) in FAMILIES
        return False

    def holds(self, span: Span) -> bool:
        """Whether a span stands in a function that is sent to another machine."""
        at = bisect_right(self._sent, span[0], key=lambda body: body[0]) - 1
        return at >= 0 and span[1] <= self._sent[at][1]

    def follows(self, span: Span) -> bool:
        """Whether a variable that runs commands elsewhere stands before a span on its line."""
        if not self.variables:
            return False
        start = max(self.text.rfind(b"\n", 0, span[0]), span[0] - 500, 0)
        return bool(self.variables.intersection(_MENTION.findall(self.text[start : span[0]].decode("utf-8", "replace"))))

    def copies(self, path: str) -> bool:
        """Whether a file that the script writes is copied to another machine."""
        folder, _, name = path.replace("{", "").replace("}", "").rpartition("/")
        return name in self.copied or (folder.startswith("$") and folder.partition("/")[0] in self.copied)

    def _read_functions(self, places: Sequence[int]) -> None:
        bodies = list(self._bodies())
        functions: set[str] = set()
        wrappers: list[tuple[str, Span]] = []
        for name, (start, end) in bodies:
            stop = min(end, start + _LONGEST)
            if _ARGUMENTS.search(self.text, start, stop):
                wrappers.append((name, (start, stop)))
                at = bisect_left(places, start)
                if at < len(places) and places[at] < stop:
                    functions.add(name)
        for _ in range(2 if functions else 0):
            known = {name.encode() for name in functions}
            functions |= {name for name, body in wrappers if known.intersection(_WORD.findall(self.text, *body))}
        self.functions = frozenset(functions)
        sent = {name.decode("utf-8", "replace") for match in _SENT.finditer(self.text) for name in match[1].split() or [b"*"]}
        end = 0
        for name, (start, stop) in bodies:
            if sent.isdisjoint((name, "*")) or stop <= end:
                continue
            self._sent.append((max(start, end), stop))
            end = stop

    def _bodies(self) -> Iterator[tuple[str, Span]]:
        """The functions of the text with their bodies, by their layout: up to a closing line that is indented no deeper."""
        closers = [(match.start(), len(match[1])) for match in _CLOSER.finditer(self.text)]
        for match in _FUNCTION.finditer(self.text):
            start, name = match.end(), (match[2] or match[3]).decode("utf-8", "replace")
            line = self.text.find(b"\n", start)
            line = len(self.text) if line < 0 else line
            if self.text[start:line].split(b" #")[0].rstrip(b" \t\r;").endswith((b"}", b")")):
                yield name, (start, line)
                continue
            at = bisect_left(closers, line, key=lambda closer: closer[0])
            indent = len(match[1])
            ends = (place for place, depth in closers[at : at + _CLOSERS] if depth <= indent)
            yield name, (start, next(ends, len(self.text)))

    def _copied(self) -> Iterator[str]:
        end = 0
        for match in _TRANSFER.finditer(self.text):
            if match.start() < end:
                continue
            start = max(self.text.rfind(b"\n", 0, match.start()) + 1, end)
            end = self.text.find(b"\n", match.end())
            while end > 0 and self.text[end - 1 : end] == b"\\":
                end = self.text.find(b"\n", end + 1)
            end = len(self.text) if end < 0 else end
            for token in _TOKEN.findall(self.text[start:end].replace(b"{", b"").replace(b"}", b"")):
                yield token.rpartition(b"/")[2].decode("utf-8", "replace")
