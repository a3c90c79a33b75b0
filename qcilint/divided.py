"""Commands that a program keeps under a name and takes apart elsewhere: `command[2].split(":")`, `basename(command[-1])`."""

from __future__ import annotations

from functools import lru_cache

from qcilint import lazy as re
from qcilint.findings import Finding
from qcilint.source import Source

_METHODS = (
    rb"r?split|r?partition|tokenize|removeprefix|removesuffix|replace(?:All|First)?|starts_?[wW]ith|ends_?[wW]ith"
    rb"|match(?:All)?|search|lastIndexOf|indexOf|r?find|r?index|includes|contains|count"
)
_FUNCTIONS = rb"basename|dirname|urlparse|urlsplit|Path|PurePath|PurePosixPath|URL"
_USES = (
    re.compile(
        rb"(?<![\w.])([A-Za-z_]\w*)(?:\[[^\]\n]{0,40}\])?\s*\.(?:%s)\(\s*[rbf]{0,2}[\"'`/][^\"'`\n]{0,200}?[/:@.]" % _METHODS
    ),
    re.compile(rb"(?<!\w)(?:%s)\((?:[^()\n]{0,80}[+\s])?([A-Za-z_]\w*)" % _FUNCTIONS),
    re.compile(rb"\bre\.\w+\([^\n]{1,120}?,\s*([A-Za-z_]\w*)"),
)
_COPY = re.compile(rb"(?<![\w.])([A-Za-z_]\w*)(?:\s*:\s*\w+)?\s*=\s*([A-Za-z_]\w*)\[[^\]\n]{0,40}\]\s*;?\s*\n")


def division(finding: Finding, source: Source) -> str:
    """Why it is not certain that a command of a program may change: where it is taken apart; empty where it is not."""
    names = finding.context.names()
    if "string" not in names:
        return ""
    divided = _divided(source.data)
    used = [divided[each] for name in names if name.startswith("assignment:") and (each := name[11:].encode()) in divided]
    return f"line {source.line(min(used))} takes the command apart that it stands in" if used else ""


@lru_cache(2)
def _divided(data: bytes) -> dict[bytes, int]:
    """The names that stand for what is taken apart, with the first place; also by way of another name for a part."""
    found: dict[bytes, int] = {}
    for expression in _USES:
        for match in expression.finditer(data):
            found.setdefault(match[1], match.start())
    for copy in _COPY.finditer(data):
        if copy[1] in found:
            found.setdefault(copy[2], found[copy[1]])
    return found
