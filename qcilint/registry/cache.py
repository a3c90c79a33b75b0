"""Answers of registries on disk, so that a second run need not ask again. Holds names of images and digests, no logins."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any

from qcilint.registry.client import MISSING, PRESENT, State
from qcilint.replacing import replace_file

VERSION = 1
LIFETIME = {PRESENT: 12 * 3600.0, MISSING: 15 * 60.0}
"""Seconds for which an answer is believed. What is absent may be promoted at any time; what is unknown is not kept."""


def default_path(environment: Mapping[str, str]) -> str:
    """Where the cache is (XDG Base Directory Specification)."""
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(environment.get("HOME") or os.path.expanduser("~"), ".cache")
    return os.path.join(base, "qcilint", "images.json")


class Cache:
    """States of images, each with the time when it was learnt. What cannot be read counts as nothing."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._entries = _load(path)
        self._is_changed = False

    def get(self, key: str) -> State | None:
        """What is known and still believed."""
        found = self._entries.get(key)
        return found[0] if found else None

    def put(self, key: str, state: State) -> None:
        """Remember an answer, unless it is none."""
        if state.state in LIFETIME:
            self._entries[key] = (state, time.time())
            self._is_changed = True

    def save(self) -> str:
        """Write what was learnt, with what others wrote meanwhile; returns what went wrong, or nothing."""
        if not self._is_changed:
            return ""
        entries = _load(self.path)
        for key, entry in self._entries.items():
            if key not in entries or entries[key][1] < entry[1]:
                entries[key] = entry
        document = {"version": VERSION, "images": {key: [*state[:3], learnt] for key, (state, learnt) in sorted(entries.items())}}
        folder = os.path.dirname(self.path)
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            replace_file(self.path, (json.dumps(document, indent=0).encode(),), mode=0o600)
        except OSError as error:
            return f"{self.path} cannot be written: {error.strerror}"
        return ""


def _load(path: str) -> dict[str, tuple[State, float]]:
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(document, dict) or document.get("version") != VERSION or not isinstance(document.get("images"), dict):
        return {}
    entries = {key: _entry(row) for key, row in document["images"].items()}
    return {key: entry for key, entry in entries.items() if entry is not None}


def _entry(row: Any) -> tuple[State, float] | None:
    """A row of the file; None where it is not whole, or too old, or from the future."""
    if not (isinstance(row, list) and len(row) == 4 and all(isinstance(each, str) for each in row[:3])):
        return None
    if isinstance(row[3], bool) or not isinstance(row[3], (int, float)):
        return None
    age = time.time() - row[3]
    return (State(*row[:3]), float(row[3])) if 0 <= age < LIFETIME.get(row[0], 0) else None
