"""Who approves changes to a file: the approvers of the nearest OWNERS file, as Prow reads it.

https://www.kubernetes.dev/docs/guide/owners/. Aliases are given as they are written, and of `filters` only `.*` counts:
the other filters are patterns of whoever wrote the repository, and are not run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

LARGEST = 1_000_000
"""Bytes of an OWNERS file that is read."""


class Owners:
    """Looks up approvers; each OWNERS file is read once."""

    def __init__(self, held: Mapping[str, bytes] | None = None) -> None:
        """`held`: path → content of the files, where they are not on disk; they are then below no folder."""
        self._held = held
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, top: str, path: str) -> tuple[str, ...]:
        """The approvers of the file at `path` below the folder `top`; none where nobody is named, or nothing readable."""
        folder = os.path.dirname(path)
        while True:
            if found := self._approvers(os.path.join(top, folder, "OWNERS")):
                return found
            if not folder:
                return ()
            folder = os.path.dirname(folder)

    def _approvers(self, path: str) -> tuple[str, ...]:
        if path not in self._known:
            data = _read(path) if self._held is None else self._held.get(path, b"")
            self._known[path] = _parsed(data) if len(data) <= LARGEST else ()
        return self._known[path]


def _read(path: str) -> bytes:
    try:
        if os.path.islink(path) or os.path.getsize(path) > LARGEST:
            return b""
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _parsed(data: bytes) -> tuple[str, ...]:
    if not data:
        return ()
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        tree = YAML(typ="safe").load(data)
    except (YAMLError, ValueError):
        return ()
    names = [*_names(tree), *_names(_key(_key(tree, "filters"), ".*"))]
    return tuple(dict.fromkeys(names))


def _names(tree: Any) -> list[str]:
    found = _key(tree, "approvers")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _key(tree: Any, key: str) -> Any:
    return tree.get(key) if isinstance(tree, dict) else None
