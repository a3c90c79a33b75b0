"""Languages: each says where the references of a text stand.

A language is a module with one function `contexts(text, spans)`: `text` is bytes, `spans` the byte ranges of
the references in ascending order; it returns one `Context` for each, in the same order. It never raises on
bad input: what it cannot parse has the context `unknown`. Modules are imported when first needed, and import
heavy parsers inside their functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from qcilint.bindings import Bindings
from qcilint.context import Context, unknown
from qcilint.edits import Edit
from qcilint.records import replace
from qcilint.view import Span, View

MAX_DEPTH = 6
"""How deep languages may nest; deeper text keeps the context of what is around it."""

MODULES = {
    "dockerfile": "dockerfile",
    "yaml": "yaml",
    "json": "json",
    "shell": "shell",
    "make": "makefile",
    "python": "python",
    "markdown": "markdown",
    "go": "code",
    "javascript": "code",
    "groovy": "code",
    "hcl": "code",
    "code": "code",
    "ini": "text",
    "text": "text",
}
"""Language name to module name. A name that is not here is handled as `text`."""

_depth = 0


def contexts(language: str, text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of `text`, read as `language`."""
    if not spans:
        return []
    module = import_module(f"qcilint.languages.{MODULES.get(language, 'text')}")
    found: list[Context] = (
        module.contexts_in(language, text, spans) if hasattr(module, "contexts_in") else module.contexts(text, spans)
    )
    return found


def nested(language: str, view: View, spans: Sequence[Span], outer: Sequence[Context]) -> list[Context]:
    """The contexts of outer `spans` whose text, as `view` shows it, is written in `language`.

    `outer` holds the context of each span in the surrounding text. A span that the view does not hold whole,
    or that nests too deep, keeps its outer context.
    """
    global _depth
    inner = [view.inward(span) for span in spans]
    inside = [span for span in inner if span is not None]
    if _depth >= MAX_DEPTH or not inside:
        return list(outer)
    _depth += 1
    try:
        found = iter(contexts(language, view.text, inside))
    finally:
        _depth -= 1
    offset = view.outward(0)
    return [
        around if span is None else _nested_in(next(found), around, language, view, offset)
        for span, around in zip(inner, outer, strict=True)
    ]


def _nested_in(context: Context, around: Context, language: str, view: View, offset: int) -> Context:
    return replace(context.within(around, offset), scope=((language, view), *context.scope))


BINDINGS = {
    "dockerfile": "dockerfile_bindings",
    "shell": "shell_bindings",
    "make": "make_bindings",
    "python": "python_bindings",
    "yaml": "yaml_bindings",
}
"""Language name to the module that says which names a text binds."""


def bindings(language: str, text: bytes) -> Bindings:
    """The names that a text gives values, and where it uses them; nothing for a language that has no such module."""
    if language not in BINDINGS:
        return Bindings()
    found: Bindings = import_module(f"qcilint.languages.{BINDINGS[language]}").bindings(text)
    return found


def difference(language: str, before: bytes, after: bytes, edits: Sequence[Edit]) -> str:
    """What an edited text says differently besides the edits, where a parser can tell (YAML and JSON); empty if nothing."""
    if language not in ("yaml", "json"):
        return ""
    from qcilint.languages import yaml_equal

    return yaml_equal.difference(before, after, edits)


__all__ = ["BINDINGS", "MAX_DEPTH", "MODULES", "bindings", "contexts", "difference", "nested", "unknown"]
