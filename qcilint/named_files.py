"""Tells, without the rules, whether rules about whole files have anything to say: for runs in which all is in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qcilint.checks import about_files
from qcilint.patterns import match_paths
from qcilint.scan import DIRECTIVE
from qcilint.source import is_binary
from qcilint.tree import Tree

if TYPE_CHECKING:
    from qcilint.index import FileRule


def are_silent(paths: Iterable[str], rules: Iterable[FileRule], root: str) -> bool:
    """Whether nothing is to be said of these files of the repository at `root`, and no suppression comment is in them."""
    tree, known = Tree(root), list(rules)
    return all(_is_silent(path, known, tree) for path in paths)


def _is_silent(path: str, rules: list[FileRule], tree: Tree) -> bool:
    data = tree.read(path)
    if DIRECTIVE in data:
        return False
    checks = (check for _, patterns, check in rules if match_paths(patterns, path))
    return is_binary(data) or not any(True for check in checks for _ in about_files(check)(path, data, tree))
