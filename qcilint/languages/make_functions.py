"""What a function of make, or a reference, does with the text at one place in it: takes an expansion and an offset, gives a role.

The functions are those of the GNU make manual, chapter 8; the forms of references those of 6.1 and 6.3.
"""

from __future__ import annotations

from bisect import bisect_left

from qcilint import lazy as re
from qcilint.languages.make_lexer import Expansion
from qcilint.view import Span

PLAIN = ("plain", "")
"""The text stands as it is in what the expansion gives."""
TAKING_APART = frozenset(
    (b"subst", b"patsubst", b"word", b"wordlist", b"words", b"firstword", b"lastword", b"dir", b"notdir", b"suffix", b"basename")
)
MATCHING = frozenset((b"filter", b"filter-out", b"findstring"))
SHOWING = frozenset((b"info", b"warning", b"error"))
NAMING = {b"value": ("other", "taken unexpanded with $(value …)"), b"origin": ("apart", "asked where it comes from")}
NAMING[b"flavor"] = ("apart", "asked what kind of variable it is")
"""Functions whose argument is the name of a variable."""
SETTLING = frozenset((b"call", b"eval", b"shell", *SHOWING))
"""Functions that make use of their arguments, whatever the line around them is."""
FUNCTIONS = frozenset(
    (
        *(*TAKING_APART, *MATCHING, *NAMING, *SETTLING),
        *(b"sort", b"strip", b"join", b"wildcard", b"realpath", b"abspath", b"addprefix", b"addsuffix"),
        *(b"if", b"or", b"and", b"foreach", b"let", b"file", b"guile"),
    )
)
AUTOMATIC = re.compile(rb"[@%<?^+|*][DF]?")
"""Automatic variables (10.5.3)."""
_MOST_ARGUMENTS = {b"if": 3, b"foreach": 3, b"let": 3}
_LONGEST = 60


def is_function(expansion: Expansion, text: bytes) -> bool:
    """Whether an expansion calls a function: its first word and a blank."""
    after = expansion.start + 2 + len(expansion.function)
    return expansion.function in FUNCTIONS and text[after : after + 1].isspace() and after < expansion.end


def variable(expansion: Expansion) -> str:
    """The name of the variable in `$(NAME)`; nothing for any other expansion."""
    name = expansion.function
    if not name or not expansion.is_closed or expansion.end - expansion.start != len(name) + 3 or AUTOMATIC.fullmatch(name):
        return ""
    return name.decode("utf-8", "replace")


def arguments(expansion: Expansion) -> list[Span]:
    """The arguments of a function, blanks and all (8.1)."""
    most = _MOST_ARGUMENTS.get(expansion.function, len(expansion.commas) + 1)
    commas = expansion.commas[: most - 1]
    starts = [expansion.start + 3 + len(expansion.function), *(comma + 1 for comma in commas)]
    return list(zip(starts, [*commas, max(starts[-1], expansion.end - 1)], strict=True))


def role(expansion: Expansion, at: int, text: bytes) -> tuple[str, str]:
    """The kind of use that the text at `at`, inside an expansion, has for it, and a note."""
    name = expansion.function
    if not expansion.is_closed:
        return "other", "not understood"
    if not is_function(expansion, text):
        if 0 <= expansion.colon < at:
            return "apart", f"taken apart with {excerpt(expansion, text)}"
        return "other", "a part of a computed name"
    if name in TAKING_APART:
        return "apart", f"taken apart with $({name.decode()} …)"
    if name in MATCHING:
        return "apart", f"matched against in $({name.decode()} …)"
    if name == b"call" and expansion.commas and text[expansion.start + 7 : expansion.commas[0]].strip() in FUNCTIONS:
        return "other", "an argument of $(call …)"
    most = _MOST_ARGUMENTS.get(name, len(expansion.commas) + 1)
    return _by_argument(name, min(bisect_left(expansion.commas, at), most - 1), len(expansion.commas))


def _by_argument(name: bytes, index: int, last: int) -> tuple[str, str]:
    if (name == b"if" and index == 0) or (name == b"and" and index < last):
        return "apart", f"tested for being empty in $({name.decode()} …)"
    if name in (b"if", b"and", b"or", b"strip", b"shell", *SHOWING) or (index and name in (b"call", b"foreach")):
        return PLAIN
    if name in (b"call", b"foreach"):
        return "other", "a part of a computed name"
    return "other", f"an argument of $({name.decode()} …)"


def excerpt(expansion: Expansion, text: bytes) -> str:
    """An expansion as it is written, if it is short."""
    if expansion.end - expansion.start > _LONGEST or b"\n" in text[expansion.start : expansion.end]:
        return f"$({expansion.function.decode('utf-8', 'replace')}…)"
    return text[expansion.start : expansion.end].decode("utf-8", "replace")


def stripped(span: Span, text: bytes) -> Span:
    """A span without the blanks at its ends."""
    start, end = span
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, max(start, end - (len(inner) - len(inner.rstrip())))
