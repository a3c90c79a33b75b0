"""The values of variables that a script or a makefile gives them in one way only, whatever it is called with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qcilint import lazy as re

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\}|\((\w+)\))")
_BELOW = re.compile(r"(?:\$\([^()]*\)|[^\s`;|&()])*?(?:\$\w+|\$\{[^{}\s]*\}|\$\([^()]*\))\"?/([\w.+/*?-]+)")
"""A path below a folder that is not known."""
_TAB = re.compile(r"\$'\\t'|\"?\$\(printf ['\"]\\t['\"]\)\"?")
_PLAIN = re.compile(r"\"([^\"$`\\\n]*)\"|'([^'\n]*)'|([^\s\"'$`\\;&|()<>]*)")
_SETTERS = "read|readarray|mapfile|for|select|getopts|unset|printf -v|declare -n|local -n"
_VALUE = r"((?>\$'[^'\n]*'|\"[^\"\n]*\"|'[^'\n]*'|\$\([^()\n]*\)|[^\s;#\"'])*+)[ \t]*(?:$|[;#])"
_LONGEST = 300
"""Characters of an operand."""
_FILE = re.compile(r"[\w.+/*?-]+")


@lru_cache(64)
def values(text: str, name: str) -> list[str] | None:
    """The texts that a variable is set to, as they are written; None where it may have others.

    Only what is set at the beginning of a line, or by `local` and `readonly`, is set whatever the environment holds.
    """
    name = re.escape(name)
    if re.search(rf"\$\{{{name}:?=|\b(?:{_SETTERS})\b[^\n;|]{{0,200}}\b{name}\b", text):
        return None
    every = re.findall(rf"(?<![\w$-]){name}(?:\[[^]\n]{{0,40}}\])?[ \t]*[+:?!]?=", text)
    found = re.findall(
        rf"(?m)^(?:[ \t]*(?:local|readonly|declare -r)[ \t]+|export[ \t]+)?{name}(?:=|[ \t]*:?=[ \t]*){_VALUE}", text
    )
    return found if found and len(found) == len(every) else None


def literal(text: str, variable: str) -> str | None:
    """What an expansion stands for, where it is one text; None where that is not known."""
    match = _VARIABLE.fullmatch(variable)
    given = values(text, match[1] or match[2] or match[3]) if match else None
    if not given or len(set(given)) > 1:
        return None
    if _TAB.fullmatch(given[0]):
        return "\t"
    plain = _PLAIN.fullmatch(given[0])
    return (plain[1] or plain[2] or plain[3]) if plain else None


def files(text: str, operands: Sequence[str]) -> tuple[str, ...]:
    """The files that the operands of a command are; empty where one of them is not known."""
    found: list[str] = []
    for operand in operands:
        match = _VARIABLE.fullmatch(operand)
        given = values(text, match[1] or match[2] or match[3]) if match else [operand]
        names = [_file(each) for each in given or [""]]
        if not all(names):
            return ()
        found += names
    return tuple(found)


def _file(text: str) -> str:
    """A path, or the end of one that is below a folder that is not known; empty where it may be any."""
    text = text.strip("\"'")
    if len(text) > _LONGEST:
        return ""
    if "$" not in text:
        return text if _FILE.fullmatch(text) else ""
    below = _BELOW.fullmatch(text)
    return below[1] if below else ""
