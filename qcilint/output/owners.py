"""Who approves or reviews changes to a file: those that the nearest OWNERS file names, as Prow reads it.

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
    """Looks up people; each OWNERS file is read once."""

    def __init__(self, held: Mapping[str, bytes] | None = None, role: str = "approvers") -> None:
        """`held`: path → content of the files, where they are not on disk; they are then below no folder. `role`: approvers or
        reviewers.
        """
        self._held, self._role = held, role
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, top: str, path: str) -> tuple[str, ...]:
        """The people for the file at `path` below the folder `top`; none where nobody is named, or nothing readable."""
        folder = os.path.dirname(path)
        while True:
            if found := self._named(os.path.join(top, folder, "OWNERS")):
                return found
            if not folder:
                return ()
            folder = os.path.dirname(folder)

    def _named(self, path: str) -> tuple[str, ...]:
        if path not in self._known:
            data = _read(path) if self._held is None else self._held.get(path, b"")
            tree = _parsed(data)
            names = [*_names(tree, self._role), *_names(_key(_key(tree, "filters"), ".*"), self._role)]
            self._known[path] = tuple(dict.fromkeys(names))
        return self._known[path]


def _read(path: str) -> bytes:
    try:
        if os.path.islink(path) or os.path.getsize(path) > LARGEST:
            return b""
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def aliases(data: bytes) -> dict[str, tuple[str, ...]]:
    """What an OWNERS_ALIASES file says: the name of each alias, in lower case, and its people."""
    listed = _key(_parsed(data), "aliases")
    found = listed.items() if isinstance(listed, dict) else ()
    return {str(name).lower(): tuple(_strings(people)) for name, people in found}


def _parsed(data: bytes) -> Any:
    if not data or len(data) > LARGEST:
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(data)
    except (YAMLError, ValueError):
        return None


def _names(tree: Any, role: str) -> list[str]:
    return _strings(_key(tree, role))


def _strings(found: Any) -> list[str]:
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _key(tree: Any, key: str) -> Any:
    return tree.get(key) if isinstance(tree, dict) else None
