"""The names that a file and the texts nested in it give values: takes contexts, gives names in bytes of the file."""

from __future__ import annotations

from collections.abc import Iterable

from qcilint.bindings import Binding, Bindings, Join, Triple, Use
from qcilint.context import Context
from qcilint.languages import bindings
from qcilint.records import dataclass, field
from qcilint.view import Span, View

Scope = tuple[tuple[str, View], ...]
"""Nested texts, outermost first; empty for the file itself."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the texts of a file say of their names; offsets are bytes of the file."""

    bindings: list[Binding] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    triples: list[Triple] = field(default_factory=list)

    def add(self, found: Bindings) -> None:
        """Take in what one text says."""
        self.bindings.extend(found.bindings)
        self.joins.extend(found.joins)
        self.triples.extend(found.triples)


def names_of(language: str, data: bytes, contexts: Iterable[Context]) -> Names:
    """The names of the file, and of every nested text in which one of `contexts` stands."""
    names = Names()
    names.add(bindings(language, data))
    seen: set[tuple[int, ...]] = set()
    for context in contexts:
        for depth in range(1, len(context.scope) + 1):
            scope = context.scope[:depth]
            key = tuple(id(view) for _, view in scope)
            if key not in seen:
                seen.add(key)
                inner, view = scope[-1]
                names.add(_outward(bindings(inner, view.text), scope, data))
    return names


def _outward(found: Bindings, scope: Scope, data: bytes) -> Bindings:
    """Bindings of a nested text in bytes of the file. What does not stand there one to one bars its name."""
    text = scope[-1][1].text

    def place(span: Span) -> Span | None:
        at: Span | None = span
        for _, view in reversed(scope):
            at = view.outward_span(at) if at else None
        return at if at and data[at[0] : at[1]] == text[span[0] : span[1]] else None

    def binding(inner: Binding) -> Binding:
        values = [place(value) for value in inner.values]
        uses = [(use, place((use.start, use.end))) for use in inner.uses]
        lost = None in values or any(at is None for _, at in uses)
        return Binding(
            inner.name,
            tuple(value for value in values if value),
            tuple(Use(*at, use.kind, use.note) for use, at in uses if at),
            inner.caveat,
            inner.barred or ("it stands in a text whose escapes or line ends are taken out" if lost else ""),
        )

    joins = []
    for join in found.joins:
        pieces = [at for piece in join.pieces if (at := place(piece))]
        if len(pieces) == len(join.pieces):
            joins.append(Join(pieces[0][0], pieces[-1][1], tuple(pieces)))
    triples = []
    for triple in found.triples:
        repository = place(triple.repository)
        registry = place(triple.registry) if triple.registry else None
        tag = place(triple.tag) if triple.tag else None
        if repository and bool(registry) == bool(triple.registry) and bool(tag) == bool(triple.tag):
            triples.append(Triple(registry, repository, tag, triple.caveat, triple.barred))
    return Bindings(tuple(binding(each) for each in found.bindings), tuple(joins), tuple(triples))
