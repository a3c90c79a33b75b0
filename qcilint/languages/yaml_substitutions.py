"""`$NAME` and `${NAME:-default}` in YAML values, as Docker Compose and envsubst-like tools fill them in.

The notation is that of the Compose specification, "Interpolation": `$$` is a dollar sign, and
substitutions nest. On other braces readers do not agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.view import Span

_TOKEN = re.compile(
    rb"\$\$|\$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?P<operator>:?[-=?+]|[^}])?|\$(?P<bare>[A-Za-z_][A-Za-z0-9_]*)|\}",
)
_DEFAULTS = (b":-", b"-", b":=", b"=")
_REQUIRES = (b"", b":?", b"?")
_PLAIN = re.compile(rb"(?:[A-Za-z0-9_./:@%+,=-]|\$\{?[A-Za-z_][A-Za-z0-9_]*|:?[-?+=]|\})*+")


class Substitution(NamedTuple):
    """A substitution at `start..end`."""

    name: str
    start: int
    end: int
    at: int
    """Where the name itself stands."""
    kind: str
    """As of a `Use`."""
    note: str = ""
    has_default: bool = False
    default: Span | None = None
    """Its default, unless that is empty."""
    is_plain: bool = True
    """The default is a plain text, or holds other substitutions."""


def substitutions(text: bytes) -> Iterator[Substitution]:
    """The substitutions of a text. One that is not closed is left out."""
    opened: list[re.Match[bytes]] = []
    for match in _TOKEN.finditer(text):
        if match["bare"]:
            yield Substitution(match["bare"].decode(), *match.span(), match.start("bare"), "plain")
        elif match["braced"]:
            opened.append(match)
        elif match[0] == b"}" and opened:
            yield _closed(text, opened.pop(), match.start())


def _closed(text: bytes, head: re.Match[bytes], end: int) -> Substitution:
    operator = head["operator"] or b""
    found = Substitution(head["braced"].decode(), head.start(), end + 1, head.start("braced"), "plain")
    if operator in _DEFAULTS:
        default = (head.end(), end)
        is_plain = bool(_PLAIN.fullmatch(text, *default))
        return found._replace(has_default=True, default=default if end > head.end() else None, is_plain=is_plain)
    if operator in _REQUIRES:
        return found
    kind = "other" if operator in (b":+", b"+") else "apart"
    return found._replace(kind=kind, note="its value is not used as it is")
