"""What PowerShell looks for in a text: `-replace`, `-match`, `-like`, `-split`, `Select-String`, methods of .NET.

learn.microsoft.com, "about_Comparison_Operators", "about_Split".
"""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.filetypes import POWERSHELL

_SIGNS = (b"get-content", b"select-string", b"[io.file]", b"[system.io.file]")
_TEXT = rb"(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)')"
_SEARCH = rb"(?<![\w-])-Pattern|\bSelect-String(?:[ \t]+-(?:Raw|Quiet|SimpleMatch|AllMatches|NotMatch|List))*"
_METHOD = rb"(?:Starts|Ends)With|(?:Last)?IndexOf|Replace|Contains"
_SOUGHT = (
    re.compile(
        rb"(?i)(?<![\w-])-[ci]?(?:(?P<edit>replace)|(?P<glob>(?:not)?like)|(?P<cut>split)|(?:not)?match)\s*\(*\s*" + _TEXT
    ),
    re.compile(rb"(?i)\.(?:(?P<cut>Split)|%s)\(\s*%s" % (_METHOD, _TEXT)),
    re.compile(rb"(?i)(?:%s)[ \t]+%s" % (_SEARCH, _TEXT)),
    re.compile(rb"(?i)\[regex\]::\w+\([^,\n]{1,80},\s*" + _TEXT),
)
_KINDS = ("regex", "text", "regex", "regex")
_COMPARED = re.compile(
    rb"(?i)(?:(?<![\w-])-[ci]?(?:replace|(?:not)?like|split|(?:not)?match|eq|ne)|%s|\.(?:Split|%s)\()[^\n,]*\Z"
    % (_SEARCH, _METHOD)
)


def is_powershell(path: str, data: bytes) -> bool:
    """Whether a file is a script of PowerShell, or has commands of it that read files."""
    return path.endswith(POWERSHELL) or (b"-" in data and any(sign in data.lower() for sign in _SIGNS))


def sought(data: bytes) -> Iterator[tuple[int, str, str]]:
    """What is looked for, as `qcilint.scripts.sought` has it: place, kind and text."""
    for kind, expression in zip(_KINDS, _SOUGHT, strict=True):
        for match in expression.finditer(data):
            found = match.groupdict()
            text = (found["double"] or found["single"] or b"").decode("utf-8", "replace")
            yield match.start(), next((name for name in ("edit", "glob", "cut") if found.get(name)), kind), text


def is_compared(before: bytes) -> bool:
    """Whether what follows this beginning of a line is compared with another text, or searched for in it."""
    return bool(_COMPARED.search(before))
