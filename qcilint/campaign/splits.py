"""How the changed files of one repository become pull requests: all in one, or by folder, by owner, by number."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Any

from qcilint.campaign.settings import Split

MOST_NAMES = 3
"""Approvers named in the name of a part."""


def split(files: Sequence[dict[str, Any]], settings: Split) -> dict[str, list[dict[str, Any]]]:
    """The files of each part, by its name, in the order of their paths; one part without a name where nothing is split."""
    ordered = sorted(files, key=lambda file: str(file["path"]))
    if settings.by == "size":
        return _by_size(ordered, settings.files)
    parts: dict[str, list[dict[str, Any]]] = {}
    for file in ordered:
        name = ""
        if settings.by == "path":
            name = _folder(file["path"], settings.depth)
        elif settings.by == "owner":
            name = _owner(file["owners"])
        parts.setdefault(name, []).append(file)
    return parts


def _by_size(files: Sequence[dict[str, Any]], most: int) -> dict[str, list[dict[str, Any]]]:
    if len(files) <= most:
        return {"": list(files)} if files else {}
    chunks = [list(files[start : start + most]) for start in range(0, len(files), most)]
    width = len(str(len(chunks)))
    return {f"{number:0{width}}": chunk for number, chunk in enumerate(chunks, 1)}


def _folder(path: str, depth: int) -> str:
    folders = posixpath.dirname(path).split("/")
    return "/".join(folders[:depth]) or "top"


def _owner(names: Sequence[str]) -> str:
    """The first approvers; all of them decide, so that equal sets of approvers share a part."""
    if not names:
        return "no owner"
    more = len(names) - MOST_NAMES
    shown = ", ".join(names[:MOST_NAMES])
    if more <= 0:
        return shown
    import hashlib

    return f"{shown} and {more} more ({hashlib.sha256(' '.join(names).encode()).hexdigest()[:6]})"
