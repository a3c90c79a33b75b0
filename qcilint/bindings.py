"""Names that a text gives values, and the places where it puts those values in.

A language says this for a whole text (`qcilint.languages.bindings`); `composition` puts references together from it.
All offsets are bytes of that text.
"""

from __future__ import annotations

from qcilint.records import NamedTuple, dataclass
from qcilint.view import Span


class Use(NamedTuple):
    """One place where a name is mentioned."""

    start: int
    end: int
    """The whole expansion: `${NAME}`, `$NAME`, `${NAME:-default}`, `$(NAME)`, `{NAME}`, the `%s` or `{}` that it fills, or a
    bare name in an expression."""
    kind: str = "plain"
    """`plain`: its value stands here. `apart`: its value is taken apart, or matched against. `other`: anything else."""
    note: str = ""
    """For `apart` and `other`: what happens here, to be read after "line N: "."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A name in one scope, with every value that the text gives it there, and every mention of it there."""

    name: str
    values: tuple[Span, ...]
    """Each value, quotes apart; it may hold uses of other names. Empty spans are left out."""
    uses: tuple[Use, ...]
    caveat: str = ""
    """Why it may have other values, or be used, outside of this text: "a build argument may override it"."""
    barred: str = ""
    """Why nothing can be said: the text gives it a value that cannot be read off, or uses it in a way that is not understood."""


class Join(NamedTuple):
    """An expression whose value is put together from stretches that do not stand side by side: `HOST + "/ocp/4.20:cli"`."""

    start: int
    end: int
    pieces: tuple[Span, ...]
    """In order: the contents of literals (quotes apart), and uses of names, each with the very span of its `Use`."""


class Triple(NamedTuple):
    """An image whose parts are values of their own; only their reader writes separators: Helm values, kustomize entries."""

    registry: Span | None
    """`host[:port]`; None where the repository holds it."""
    repository: Span
    tag: Span | None
    caveat: str
    """Why a fix is unsafe: who puts the parts together."""
    barred: str = ""
    """Why there is no fix, whatever the rules say."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """What one text says of its names."""

    bindings: tuple[Binding, ...] = ()
    joins: tuple[Join, ...] = ()
    triples: tuple[Triple, ...] = ()
