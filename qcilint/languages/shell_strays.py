"""Mentions of variables that this shell does not expand: in single quotes, behind a backslash, in a subscript."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from typing import TypeVar

from qcilint import lazy as re
from qcilint.bindings import Use
from qcilint.languages import command_tables as tables
from qcilint.languages.scan import is_escaped
from qcilint.languages.shell_syntax import Heredoc, Part
from qcilint.languages.shell_tree import Tree

_MENTION = re.compile(rb"\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*+)\}?")
_Kind = TypeVar("_Kind", Part, Heredoc)
_READS_VARIABLES = ("envsubst", "eval")


def strays(tree: Tree, wanted: Container[str]) -> Iterator[tuple[str, Use]]:
    """Everything that looks like an expansion of a wanted name and is none of this shell, comments apart."""
    seeker = _Seeker(tree)
    known = tree.by_start
    for match in _MENTION.finditer(tree.text):
        name = match[1].decode()
        if match.start() not in known and name in wanted and (note := seeker.note(match.start())):
            end = match.end()
            if tree.text[end - 1 : end] == b"}" and tree.text[match.start() + 1 : match.start() + 2] != b"{":
                end -= 1
            yield name, Use(match.start(), end, "other", note)


class _Seeker:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.opaque = sorted(tree.opaque, key=lambda part: part.start)
        self.heredocs = sorted(tree.heredocs, key=lambda heredoc: heredoc.start)
        self.opaque_starts = [part.start for part in self.opaque]
        self.heredoc_starts = [heredoc.start for heredoc in self.heredocs]

    def note(self, at: int) -> str:
        """What stands at an offset, or nothing where it is no mention of a variable of this shell."""
        tree = self.tree
        spot = tree.placer.spot((at, at + 1))
        if spot.context.where == "comment":
            return ""
        heredoc = _holding(self.heredocs, self.heredoc_starts, at)
        escaped = is_escaped(tree.text, at, 0)
        if heredoc and (heredoc.quoted or escaped):
            return "in a here-document that a shell reads" if self._is_read(heredoc) else ""
        part = _holding(self.opaque, self.opaque_starts, at)
        if part and part.kind == "hole":
            return ""
        if part and spot.command and spot.command.kind == "simple" and tree.placer.call(spot.command).name in tables.MATCHERS:
            return ""
        if part:
            return "in single quotes, where another program may read it"
        return "behind a backslash, where another program may read it" if escaped else "not expanded here, or in a subscript"

    def _is_read(self, heredoc: Heredoc) -> bool:
        """Whether a program that expands variables reads a here-document."""
        command = heredoc.command
        if command.kind != "simple":
            return True
        call = self.tree.placer.call(command)
        return bool(call.stdin) or "remote" in call.labels or call.name in _READS_VARIABLES or command.next is not None


def _holding(parts: Sequence[_Kind], starts: Sequence[int], at: int) -> _Kind | None:
    index = bisect_right(starts, at) - 1
    return parts[index] if index >= 0 and at < parts[index].end else None
