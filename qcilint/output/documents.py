"""JSON documents as text."""

from __future__ import annotations

import json
from typing import Any

FEW = 1000
"""Entries up to which a document is indented for people: the encoder that can do so is ten times slower."""


def text(document: Any, entries: int) -> str:
    """A document as ASCII; `entries` says how many findings it holds. Lone surrogates are `\\udcXX`."""
    return json.dumps(document, indent=2 if entries <= FEW else None, ensure_ascii=True)
