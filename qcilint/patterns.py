"""The globs of rules: over parts of a reference, over contexts, over paths."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from qcilint.reference import Text

MOST_KNOWN = 20_000
"""Answers that are remembered: the same few contexts, names and paths come again and again."""


Groups = tuple[str, ...]


@cache
def glob(pattern: str) -> Callable[[str], Groups | None]:
    """Tells what each `*` of a glob stands for in a text, or None where the text does not match.

    `*` stands for any run of characters, `?` for one, `[ab]` for one of a set. Most globs have one `*` or none, and need no
    regular expression, which takes longer to compile than they are used in a small run; most others are told by their
    literals not to match.
    """
    head, star, tail = pattern.partition("*")
    if "[" in pattern:
        return _groups_of(re.compile(glob_source(pattern, "."), re.S))
    if "?" in pattern or "*" in tail:
        return _by_literals(pattern)
    if not star:
        return lambda text: () if text == pattern else None
    before, after = len(head), len(tail)

    def split(text: str) -> Groups | None:
        if len(text) < before + after or not text.startswith(head) or not text.endswith(tail):
            return None
        return (text[before : len(text) - after],)

    return split


def _by_literals(pattern: str) -> Callable[[str], Groups | None]:
    needed = _literals(pattern)
    groups: Callable[[str], Groups | None] | None = None

    def tell(text: str) -> Groups | None:
        nonlocal groups
        for literal in needed:
            if literal not in text:
                return None
        groups = groups or _groups_of(re.compile(glob_source(pattern, "."), re.S))
        return groups(text)

    return tell


def _groups_of(regex: re.Pattern[str]) -> Callable[[str], Groups | None]:
    def groups(text: str) -> Groups | None:
        found = regex.fullmatch(text)
        return found.groups() if found else None

    return groups


def _literals(pattern: str) -> list[str]:
    """Texts that stand in whatever a pattern of `*`, `**/` and `?` matches."""
    return [literal for literal in pattern.replace("**/", "*").replace("?", "*").split("*") if literal]


def glob_source(pattern: str, any_: str) -> str:
    """A regular expression for a glob, where `any_` is one for any character."""
    regex = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            regex.append(f"({any_}*)")
        elif char == "?":
            regex.append(any_)
        elif char == "[" and "]" in pattern[at + 1 :]:
            close = pattern.index("]", at + 1)
            regex.append("[" + pattern[at + 1 : close].replace("!", "^", 1).replace("\\", "") + "]")
            at = close
        else:
            regex.append(re.escape(char))
        at += 1
    return "".join(regex)


def match_text(pattern: str, text: Text) -> Groups | None:
    """What each `*` of the pattern stands for, or None where it does not match.

    An empty pattern matches a part that is absent, and nothing else does. A pattern with a `$` is matched
    against the text as written, any other against its skeleton, in which every variable is `{}`.
    """
    if not pattern or not text:
        return () if not pattern and not text else None
    return glob(pattern)(text.raw if "$" in pattern else text.skeleton)


@lru_cache(MOST_KNOWN)
def match_texts(patterns: tuple[str, ...], text: Text) -> Groups | None:
    """What `match_text` says for the first of the patterns that matches, or None."""
    return next((groups for pattern in patterns if (groups := match_text(pattern, text)) is not None), None)


@lru_cache(MOST_KNOWN)
def match_names(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether one of the context patterns matches."""
    return any(match_name(pattern, names) for pattern in patterns)


def match_name(pattern: str, names: tuple[str, ...]) -> bool:
    """Whether a context pattern matches one of the names that hold; `kind` also matches `kind:detail`.

    Patterns joined by ` & ` must all match.
    """
    if " & " in pattern:
        return all(match_name(each, names) for each in pattern.split(" & "))
    groups = glob(pattern)
    return any(
        groups(name) is not None or (":" in name and ":" not in pattern and groups(name.split(":", 1)[0]) is not None)
        for name in names
    )


@cache
def path_regex(pattern: str) -> re.Pattern[str]:
    """A path pattern as .gitignore has them, relative to the top of the repository.

    Without a slash (a last one apart) it matches a name at any depth; a last slash means everything below
    that folder; `*` stays within a name, `**` crosses folders.
    """
    body = pattern.removesuffix("/")
    anchored = "/" in body
    regex = re.escape(body.removeprefix("/"))
    regex = regex.replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.compile(("" if anchored else "(?:.*/)?") + regex + ("/.*" if pattern.endswith("/") else ""), re.S)


@lru_cache(MOST_KNOWN)
def match_paths(patterns: tuple[str, ...], path: str) -> bool:
    """Whether one of the path patterns matches."""
    return _paths(patterns)(path)


@cache
def _paths(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Tells whether a path is one that the `path_regex` of a pattern matches; most patterns are told by text, and together."""
    whole, heads, middles, ends, others = set[str](), list[str](), list[str](), list[str](), list[str]()
    for pattern in patterns:
        body = pattern.removesuffix("/")
        literal, is_folder, anchored = body.removeprefix("/"), body != pattern, "/" in body
        if not is_folder and literal.endswith("/**"):
            literal, is_folder = literal.removesuffix("/**"), True
        is_plain = not any(char in literal for char in "*?\\")
        if is_plain and is_folder:
            (heads if anchored else middles).append(f"{literal}/")
        elif is_plain and anchored:
            whole.add(literal)
        elif is_plain:
            ends.append(f"/{literal}")
        elif literal.startswith("*") and not (anchored or is_folder or any(char in literal[1:] for char in "*?\\")):
            ends.append(literal[1:])
        else:
            others.append(pattern)
    first, last, tests = tuple(heads), tuple(ends), [_by_expression(pattern) for pattern in others]
    inner = [f"/{folder}" for folder in middles]

    def tell(path: str) -> bool:
        below = f"/{path}"
        return (
            below.endswith(last)
            or path.startswith(first)
            or path in whole
            or any(folder in below for folder in inner)
            or any(test(path) for test in tests)
        )

    return tell


def _by_expression(pattern: str) -> Callable[[str], bool]:
    """Tells whether a path pattern matches by its expression, which is compiled where its literals stand in a path."""
    needed = [] if "\\" in pattern else _literals(pattern.strip("/"))
    return lambda path: all(part in path for part in needed) and path_regex(pattern).fullmatch(path) is not None
