"""YAML: key paths, comments, ci-operator input aliases, and the texts that stand in scalars.

A parser's events say where each scalar stands. Where no parser takes the text, its lines are read one by one
(`yaml_lines`), and contexts carry the label `low-confidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages import yaml_lines, yaml_nesting
from qcilint.languages.documents import INPUT_ALIAS, is_transport, is_word, text_labels, where
from qcilint.languages.yaml_anchors import ALIASED, aliased
from qcilint.languages.yaml_excerpt import excerpt
from qcilint.languages.yaml_scalars import body, parts
from qcilint.languages.yaml_source import MAX_PURE, Offset, Source, events, is_deep, mask_colons, mask_templates
from qcilint.languages.yaml_walk import Layout, Leaf, Word, walk
from qcilint.records import replace
from qcilint.view import Span, View

LARGE = 2_000_000
"""Bytes at which a text is read line by line: what is larger is generated."""
LOW_CONFIDENCE = "low-confidence"
_LABELS = (
    (b"imagePullSecrets", "pull-secrets"),
    (b"imagePullPolicy: Never", "never-pulled"),
    (b"credentials:", "credentials"),
)
"""What is said of all pulls of a text that holds these words."""

_DOCUMENT = re.compile(rb"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_WORD = re.compile(rb"(?:[A-Za-z0-9_./:@=,%+-]|\$\w+|\$\{\w+\}|\$\(\w+\)|\{\w*\})+")


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each reference in a YAML text."""
    found: list[Context | None] = [None] * len(spans)
    if len(text) <= LARGE:
        every = range(len(spans))
        if not _fill(text, (0, len(text)), spans, every, found, thorough=False):
            for bounds, indices in _documents(text, spans):
                _fill(text, bounds, spans, indices, found, thorough=True)
    missing = [index for index, context in enumerate(found) if context is None]
    if missing:
        lines = yaml_lines.contexts(text, spans)
        for index in missing:
            found[index] = lines[index].adding(LOW_CONFIDENCE)
    labels = (*text_labels(text), *(label for word, label in _LABELS if word in text))
    placed = [context.adding(*labels) for context in found if context is not None]
    if b"&" not in text:
        return placed
    shared = aliased(text, spans)
    return [context.adding(ALIASED) if is_shared else context for is_shared, context in zip(shared, placed, strict=True)]


def _documents(text: bytes, spans: Sequence[Span]) -> Iterable[tuple[Span, range]]:
    """The documents that hold references, and which they hold."""
    starts = [match.start() for match in _DOCUMENT.finditer(text)]
    edges = [0, *(start for start in starts if start), len(text)]
    index = 0
    for start, end in pairwise(edges):
        first = index
        while index < len(spans) and spans[index][0] < end:
            index += 1
        if index > first:
            yield (start, end), range(first, index)


def _fill(
    text: bytes, bounds: Span, spans: Sequence[Span], indices: range, found: list[Context | None], *, thorough: bool
) -> bool:
    """Find the contexts of the references `indices`, all in `bounds`; False if no parser takes the text."""
    source = Source(text, *bounds)
    if is_deep(source.chars):
        return False
    for chars, offset, slow, exact in _attempts(text, source, spans, thorough=thorough):
        try:
            layout = walk(text, offset, spans, indices, events(chars, pure=slow))
        except Exception:  # noqa: S112 - a parser refuses in many ways, and none of them may stop a run
            continue
        _describe(text, spans, layout, found, exact=source.exact and exact)
        return True
    return False


def _attempts(text: bytes, source: Source, spans: Sequence[Span], *, thorough: bool) -> Iterator[tuple[str, Offset, bool, bool]]:
    """What to parse: characters, what bytes they are, whether with the pure parser, and whether values are those of the text."""
    chars, offset = source.chars, source.offset
    if not thorough and (part := excerpt(text, source, spans)):
        yield part.chars, part.offset, False, True
    yield chars, offset, False, True
    if not thorough:
        return
    masked = mask_templates(chars)
    exact = masked == chars
    colons = mask_colons(masked)
    if colons != chars:
        yield colons, offset, False, exact
    if len(text) <= MAX_PURE:
        yield masked, offset, True, exact


def _describe(text: bytes, spans: Sequence[Span], layout: Layout, found: list[Context | None], *, exact: bool) -> None:
    """Turn the layout into contexts."""
    for index, inside, top in layout.comments:
        whole = inside and is_word(text, *spans[index])
        found[index] = Context("comment" if inside else "unknown", "yaml", top.labels(), whole)
    for leaf in layout.leaves:
        _describe_leaf(text, spans, layout, leaf, found, exact=exact)
    _describe_argv(text, spans, layout, found)


def _describe_leaf(
    text: bytes, spans: Sequence[Span], layout: Layout, leaf: Leaf, found: list[Context | None], *, exact: bool
) -> None:
    view = View.build(parts(text, leaf.body, leaf.value))
    certain = not exact or view.text == leaf.value.encode("utf-8", "surrogatepass")
    inside = spans[leaf.first : leaf.last]
    node = leaf.node
    is_config = node.root.is_ci_operator
    place = "key" if leaf.is_key else where(leaf.keys, ci_operator=is_config, listed=not node.mapping, node=node)
    labels = leaf.node.labels() if certain else (*leaf.node.labels(), LOW_CONFIDENCE)
    region = layout.lists.setdefault(id(leaf.node), leaf.body.start) if place == INPUT_ALIAS else None
    plain = Context(place, "yaml", labels, whole=False, escapes=leaf.body.style == '"', region=region)
    outer = [plain] * len(inside)
    if len(inside) == 1 and certain and _is_whole(view, inside[0]):
        outer = [replace(plain, whole=True)]
    elif certain and not leaf.is_key and place.startswith("value:"):
        words = layout.words.get(id(leaf.node), [])
        before = words[leaf.item - 1] if leaf.item > 0 else None
        outer = yaml_nesting.contexts(
            view,
            leaf.keys,
            inside,
            outer,
            block=leaf.body.style in ("|", ">"),
            after=before.value if before else "",
        )
    found[leaf.first : leaf.last] = outer


def _is_whole(view: View, span: Span) -> bool:
    inner = view.inward(span)
    return inner is not None and inner[1] == len(view.text) and is_transport(view.text[: inner[0]])


def _describe_argv(text: bytes, spans: Sequence[Span], layout: Layout, found: list[Context | None]) -> None:
    """Read a list of words (`[podman, pull, REF]`) as the command line it is."""
    by_node: dict[int, list[int]] = {}
    for leaf in layout.leaves:
        if leaf.item > 0:
            by_node.setdefault(id(leaf.node), []).extend(range(leaf.first, leaf.last))
    for node, indices in by_node.items():
        view = _command_line(text, layout.words[node])
        inside = [spans[index] for index in indices]
        outer = [context for index in indices if (context := found[index]) is not None]
        for index, context in zip(indices, yaml_nesting.command_line(view, inside, outer), strict=True):
            found[index] = context


def _command_line(text: bytes, words: list[Word | None]) -> View:
    """The words up to the first that the shell would not take as it is, with single blanks between."""
    line: list[tuple[bytes, int, int]] = []
    for word in words:
        if word is None:
            break
        if word.style in ("|", ">") or not _WORD.fullmatch(word.value.encode("utf-8", "surrogatepass")):
            break
        at = body(text, word.start, word.end, word.style)
        pieces = parts(text, at, word.value)
        if line:
            line.append((b" ", line[-1][2], at.start))
        line += pieces
    return View.build(line)
