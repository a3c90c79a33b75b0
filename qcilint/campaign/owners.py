"""Who approves a path, by the OWNERS file nearest to it (go.k8s.io/owners)."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from typing import Any


def approvers(root: str, paths: Iterable[str]) -> dict[str, list[str]]:
    """The approvers of each path under `root`, sorted; none where no OWNERS file names any."""
    known: dict[str, list[str]] = {}
    return {path: _of_folder(root, posixpath.dirname(path), known) for path in paths}


def _of_folder(root: str, folder: str, known: dict[str, list[str]]) -> list[str]:
    if folder not in known:
        own = _read(os.path.join(root, folder, "OWNERS"))
        known[folder] = own or (_of_folder(root, posixpath.dirname(folder), known) if folder else [])
    return known[folder]


def _read(path: str) -> list[str]:
    if os.path.islink(path) or not os.path.isfile(path):
        return []
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        with open(path, "rb") as file:
            document = YAML(typ="safe", pure=False).load(file)
    except (OSError, YAMLError, ValueError):
        return []
    return sorted(set(_approvers(document)))


def _approvers(document: Any) -> Iterable[str]:
    """Of the top level, and of the filters, which hold for some of the files."""
    if not isinstance(document, dict):
        return
    filters = document.get("filters")
    for table in (document, *(filters.values() if isinstance(filters, dict) else ())):
        names = table.get("approvers") if isinstance(table, dict) else None
        yield from (name.lower() for name in names or () if isinstance(name, str)) if isinstance(names, list) else ()
