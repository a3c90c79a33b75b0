"""Who approves changes to a file: the approvers of the nearest OWNERS file, as Prow reads it.

https://www.kubernetes.dev/docs/guide/owners/. Aliases are given as they are written, and of `filters` only `.*` counts:
the other filters are patterns of whoever wrote the repository, and are not run.
"""

from __future__ import annotations

import os
from typing import Any

LARGEST = 1_000_000
"""Bytes of an OWNERS file that is read."""


class Owners:
    """Looks up approvers; each OWNERS file is read once."""

    def __init__(self) -> None:
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
            self._known[path] = _read(path)
        return self._known[path]


def _read(path: str) -> tuple[str, ...]:
    try:
        if os.path.islink(path) or os.path.getsize(path) > LARGEST:
            return ()
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
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
