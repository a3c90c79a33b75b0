"""The globs of rules: over parts of a reference, over contexts, over paths."""

from __future__ import annotations

import re
from functools import cache

from qcilint.reference import Text


@cache
def glob(pattern: str) -> re.Pattern[str]:
    """`*` stands for any run of characters (each one is a group), `?` for one, `[ab]` for one of a set."""
    regex = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            regex.append("(.*)")
        elif char == "?":
            regex.append(".")
        elif char == "[" and "]" in pattern[at + 1 :]:
            close = pattern.index("]", at + 1)
            regex.append("[" + pattern[at + 1 : close].replace("!", "^", 1).replace("\\", "") + "]")
            at = close
        else:
            regex.append(re.escape(char))
        at += 1
    return re.compile("".join(regex), re.S)


def match_text(pattern: str, text: Text) -> tuple[str, ...] | None:
    """What each `*` of the pattern stands for, or None where it does not match.

    An empty pattern matches a part that is absent, and nothing else does. A pattern with a `$` is matched
    against the text as written, any other against its skeleton, in which every variable is `{}`.
    """
    if not pattern or not text:
        return () if not pattern and not text else None
    match = glob(pattern).fullmatch(text.raw if "$" in pattern else text.skeleton)
    return match.groups() if match else None


def match_name(pattern: str, names: tuple[str, ...]) -> bool:
    """Whether a context pattern matches one of the names that hold; `kind` also matches `kind:detail`.

    Patterns joined by ` & ` must all match.
    """
    if " & " in pattern:
        return all(match_name(each, names) for each in pattern.split(" & "))
    regex = glob(pattern)
    return any(
        regex.fullmatch(name) or (":" in name and ":" not in pattern and regex.fullmatch(name.split(":", 1)[0])) for name in names
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


def match_path(pattern: str, path: str) -> bool:
    return bool(path_regex(pattern).fullmatch(path))
