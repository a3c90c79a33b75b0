"""Writes a new pullspec into the stretches that a composed reference is made of: takes a template, gives edits.

The new form has the parts of the old one in the same order with other separators between them, so each stretch
keeps its parts and only its registry and separators change.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from qcilint.bindings import Triple
from qcilint.context import Context
from qcilint.edits import Edit
from qcilint.reference import Part
from qcilint.rewrite import FIELD, Refusal, braced, starts_word
from qcilint.stretches import Alternative, Stretch
from qcilint.view import Span

_NO_PLACE = "its parts stand in several places, and the new form does not have them in the same order"


def edits_of(template: str, alternative: Alternative, context: Context) -> dict[Span, Edit]:
    """The edits that write the new form of a composed reference, by the bytes they replace. Raises Refusal."""
    literals = [stretch for stretch in alternative.stretches if not stretch.opened]
    new = _spread(template, alternative, literals)
    edits: dict[Span, Edit] = {}
    by_start = {stretch.start: text for stretch, text in zip(literals, new, strict=True) if not stretch.style}
    for stretch, text in zip(literals, new, strict=True):
        if not stretch.style and text != stretch.text:
            edits[stretch.start, stretch.end] = _edit(stretch, text)
    for stretch in alternative.stretches:
        if stretch.style and starts_word(by_start.get(stretch.end, "")):
            delimited = braced(Part(stretch.text, stretch.style), context).text
            if delimited != stretch.text:
                edits[stretch.start, stretch.end] = _edit(stretch, delimited)
    return edits


def _edit(stretch: Stretch, text: str) -> Edit:
    return Edit(stretch.start, stretch.end, _bytes(stretch.text), _bytes(text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _separators(template: str, alternative: Alternative) -> tuple[str, list[str], str]:
    """The new registry, the new separators before namespace, name and tag, and what follows the last part."""
    fields = list(FIELD.finditer(template))
    names = [field[1] for field in fields if not field[2]]
    reference = alternative.reference
    wanted = ["namespace", "name", *(["tag"] if reference.tag else [])]
    if names != wanted or len(names) != len(fields) or reference.digest or "/" in reference.namespace.raw:
        raise Refusal(_NO_PLACE)
    between = [template[: fields[0].start()]]
    between += [template[before.end() : after.start()] for before, after in pairwise(fields)]
    registry, slash, rest = between[0].partition("/")
    return registry, [slash + rest, *between[1:]], template[fields[-1].end() :]


def _spread(template: str, alternative: Alternative, stretches: list[Stretch]) -> list[str]:
    """The new text of each stretch that is no opened variable."""
    registry, separators, last = _separators(template, alternative)
    old = alternative.reference.registry
    waiting = list(zip(("/", "/", ":"), separators, strict=False))
    new: list[str] = []
    for index, stretch in enumerate(stretches):
        if stretch.style:
            new.append(stretch.text)
            continue
        text, done = stretch.text, ""
        if index == 0:
            done, text = registry, text[len(old) :]
        for char in text:
            if waiting and char == waiting[0][0]:
                done += waiting.pop(0)[1]
            else:
                done += char
        new.append(done)
    if waiting:
        raise Refusal(_NO_PLACE)
    if last:
        if stretches[-1].style:
            raise Refusal("its last part is a variable, to which nothing can be added here")
        new[-1] += last
    return new


def edits_of_triple(pullspec: str, triple: Triple, data: bytes) -> dict[Span, Edit]:
    """The edits that write a pullspec into values of its own for registry, repository and tag. Raises Refusal."""
    registry, _, path = pullspec.partition("/")
    repository, colon, tag = path.rpartition(":")
    if not colon or triple.tag is None:
        raise Refusal("its tag stands nowhere as a value of its own")
    values: dict[Span, str] = {triple.repository: repository if triple.registry else f"{registry}/{repository}", triple.tag: tag}
    if triple.registry:
        values[triple.registry] = registry
    return {span: Edit(*span, data[slice(*span)], _bytes(text)) for span, text in values.items()}


def merged(several: list[Mapping[Span, Edit]]) -> dict[Span, Edit]:
    """The edits of several references that share stretches. Raises Refusal where a stretch would need two texts."""
    found: dict[Span, Edit] = {}
    for edits in several:
        for span, edit in edits.items():
            if found.setdefault(span, edit) != edit:
                raise Refusal("one of its values would need two different texts")
    return found
