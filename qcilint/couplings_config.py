"""The files that a Renovate configuration looks into (docs.renovatebot.com/modules/manager/regex)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import translate

from qcilint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ManagedFiles:
    """Which files the `matchStrings` of a configuration are looked for in."""

    def __init__(self, source: Source) -> None:
        self._rows: list[tuple[int, int, tuple[re.Pattern[str], ...]]] = []
        data = source.data
        if b"matchStrings" not in data or not (b"fileMatch" in data or b"managerFilePatterns" in data):
            return
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return
        for manager in _managers(document):
            files = tuple(_files(manager))
            for text in manager["matchStrings"] if files else ():
                if not isinstance(text, str):
                    continue
                written = json.dumps(text, ensure_ascii=False)[1:-1].encode()
                at = data.find(written)
                if at >= 0:
                    self._rows.append((at, at + len(written), files))

    def files(self, offset: int) -> tuple[re.Pattern[str], ...]:
        """What the paths match that the expression around byte `offset` is about; empty where that is not known."""
        found = [files for start, end, files in self._rows if start <= offset < end]
        return tuple(dict.fromkeys(regex for files in found for regex in files))


def _managers(value: Any) -> Iterator[dict[str, Any]]:
    todo = [value]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            if isinstance(each.get("matchStrings"), list):
                yield each
            todo += each.values()
        elif isinstance(each, list):
            todo += each


def _files(manager: dict[str, Any]) -> Iterator[re.Pattern[str]]:
    for key in ("fileMatch", "managerFilePatterns"):
        given = manager.get(key, [])
        for text in given if isinstance(given, list) else [given]:
            if not isinstance(text, str):
                continue
            is_regex = key == "fileMatch" or (text.startswith("/") and text.rstrip("i").endswith("/"))
            body = text.rstrip("i").strip("/") if key != "fileMatch" and is_regex else text
            try:
                yield re.compile(body if is_regex else translate(text.replace("**/", "*")))
            except re.error:
                yield re.compile("")
