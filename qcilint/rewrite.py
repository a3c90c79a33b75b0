"""Writes the replacement for a reference by a rule's template, or says why it cannot.

A template such as `quay-proxy.ci.openshift.org/openshift/ci:{namespace}_{name}_{tag}` takes the parts of the
reference; `{tag*2}` is what the second `*` of the case's tag pattern stood for. The result must be a valid
reference that keeps every variable of the original, once and in order.
"""

from __future__ import annotations

from collections.abc import Mapping

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.reference import UNBRACED, Part, Reference, Text, parse_text, split_path

FIELD = re.compile(r"\{(registry|namespace|name|tag|digest)(?:\*([1-9]))?\}")
BRACING = ("shell", "dockerfile", "groovy")
"""Languages in which `$NAME` may be written `${NAME}`."""

BESIDE_UNDERSCORE = re.compile(r"___[A-Z]|[A-Z0-9]___")
"""A placeholder such as `__TAG__` that an underscore of the new form stands beside."""
MARKED = "a placeholder in underscores beside those of the new form: what fills it in may look for another number of them"


class Refusal(Exception):
    """The template gives no correct replacement; the text says why."""


def render(template: str, reference: Reference, captures: Mapping[str, tuple[str, ...]], context: Context) -> Text:
    """The replacement of a reference that stands in `context`. Raises Refusal."""
    parts: list[Part] = []
    emitted: list[tuple[str, int]] = []
    at = 0
    for field in FIELD.finditer(template):
        parts.append(Part(template[at : field.start()]))
        value = _field(field, reference, captures)
        emitted += [(field[1], index) for index in range(len(value.holes))]
        parts.extend(value)
        at = field.end()
    parts.append(Part(template[at:]))
    _check_order(emitted, reference)
    text = _delimited([part for part in parts if part.text], context)
    _validate(text, reference)
    return text


def _check_order(emitted: list[tuple[str, int]], reference: Reference) -> None:
    """Every variable comes out once; in order where its place decides what it stands for (`%s`, `{}`)."""
    names = ("namespace", "name", "tag", "digest")
    given = [(name, index) for name in names for index in range(len(getattr(reference, name).holes))]
    by_place = any(
        hole.text == "{}" or (hole.style == "printf" and "(" not in hole.text and "[" not in hole.text)
        for hole in reference.text.holes
    )
    if emitted != given if by_place else sorted(emitted) != sorted(given):
        raise Refusal("the variables of the reference would not all come out once and in order")


def _field(field: re.Match[str], reference: Reference, captures: Mapping[str, tuple[str, ...]]) -> Text:
    name, star = field[1], field[2]
    value = Text((Part(reference.registry),)) if name == "registry" else getattr(reference, name)
    if not value:
        raise Refusal(f"the reference has no {name}")
    if not star:
        return Text(value)
    groups = captures.get(name, ())
    if value.holes or int(star) > len(groups):
        raise Refusal(f"its {name} holds a variable, so the part to rename cannot be told")
    return Text((Part(groups[int(star) - 1]),))


def _delimited(parts: list[Part], context: Context) -> Text:
    """Write braces around a variable that the next character would become a part of."""
    following = [*parts[1:], Part("")]
    return Text(
        braced(part, context) if not after.is_hole and starts_word(after.text) else part
        for part, after in zip(parts, following, strict=True)
    )


def starts_word(text: str) -> bool:
    """Whether a text begins with a character that a variable in front of it without braces would take in."""
    first = text[:1]
    return first == "_" or (first.isascii() and first.isalnum())


def braced(part: Part, context: Context) -> Part:
    """A variable that ends where it ends whatever follows. Raises Refusal where it cannot be written so."""
    bare = part.style in UNBRACED or (part.style == "make-shell" and part.text[2] not in "({")
    if not bare:
        return part
    dollar, name = ("$$", part.text[2:]) if part.style == "make-shell" else ("$", part.text[1:])
    if part.style in UNBRACED and (context.language not in BRACING or _in_make(context)):
        if _in_make(context) and len(name) == 1:
            return Part(f"$({name})", "call")
        raise Refusal(f"{part.text} would run into the text after it, and braces may not be right here")
    return Part(f"{dollar}{{{name}}}", "braced" if dollar == "$" else "make-shell")


def _in_make(context: Context) -> bool:
    return "make" in context.names()


def _validate(text: Text, reference: Reference) -> None:
    raw = text.raw.encode("utf-8", "surrogateescape")
    _, slash, path = raw.partition(b"/")
    if not slash:
        raise Refusal("the replacement has no repository")
    if sorted(map(_variable, parse_text(path).holes)) != sorted(map(_variable, reference.text.holes)):
        raise Refusal("a variable of the reference would run into the text beside it")
    if problem := split_path(parse_text(b"/" + path)).problem:
        raise Refusal(f"the replacement would be no valid reference: {problem}")


def _variable(hole: Part) -> str:
    """A hole's text without the braces that delimiting may have added."""
    match = re.fullmatch(r"(\$\$?)[{(]([A-Za-z_0-9]+)[)}]", hole.text)
    return match[1] + match[2] if match else hole.text
