"""`re`, with regular expressions that are compiled when they are first used.

A run over a few files needs a tenth of the expressions in the modules that it imports, and to compile one takes longer than to
use it on a small file. An expression that may be invalid is compiled with `re` itself, which says so at once.
"""

from __future__ import annotations

import re
from re import (
    ASCII,
    DOTALL,
    IGNORECASE,
    MULTILINE,
    I,
    M,
    Match,
    Pattern,
    S,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr

__all__ = [
    "ASCII",
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "I",
    "M",
    "Match",
    "Pattern",
    "S",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]

_KEPT = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split")


class _Lazy:
    """Stands for a compiled expression, and becomes as fast as one with its first use."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        pattern, flags = self._given
        compiled = re.compile(pattern, flags)
        for each in _KEPT:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"lazy.compile({self._given[0]!r})"


def compile(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:  # noqa: A001 (the name that it has in `re`)
    """The expression, compiled when it is first used; what is wrong with it is only said then."""
    return _Lazy(pattern, flags)  # type: ignore[return-value]
