"""Names in a catalogue that are like one that it does not have."""

from __future__ import annotations

from difflib import get_close_matches

from qcilint.catalog.model import Catalog
from qcilint.qci import StreamTag

MOST = 3
_ALIKE = 0.6
"""Of 1: how alike names must be."""


def nearest(catalog: Catalog, image: StreamTag) -> list[StreamTag]:
    """The images that are likeliest meant, at most `MOST`, the likeliest first.

    First those of the same stream, then the same component or tag elsewhere in the namespace, then the same name elsewhere.
    """
    tags = catalog.tags
    same_stream = {tag: StreamTag(image.namespace, image.name, tag) for tag in tags.get((image.namespace, image.name), ())}
    found = _close(image.tag, same_stream)
    same_tag = {
        name: StreamTag(namespace, name, image.tag)
        for (namespace, name), held in tags.items()
        if namespace == image.namespace and name != image.name and image.tag in held
    }
    found += _close(image.name, same_tag)
    if len(found) < MOST:
        elsewhere = {
            namespace: StreamTag(namespace, name, image.tag)
            for (namespace, name), held in tags.items()
            if namespace != image.namespace and name == image.name and image.tag in held
        }
        found += _close(image.namespace, elsewhere, 0)
    return found[:MOST]


def _close(word: str, choices: dict[str, StreamTag], alike: float = _ALIKE) -> list[StreamTag]:
    return [choices[each] for each in get_close_matches(word, sorted(choices), MOST, alike)]
