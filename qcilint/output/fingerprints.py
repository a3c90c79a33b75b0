"""Marks by which a reader knows a finding again after the file around it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from hashlib import sha256

from qcilint.findings import Finding
from qcilint.source import Source

WINDOW = 100
"""UTF-16 code units of a line and what follows it that its hash covers."""
END = "\uffff"
"""Stands for the end of the file in a window."""


def line_hashes(source: Source, wanted: Collection[int]) -> dict[int, str]:
    """The `primaryLocationLineHash` of the wanted lines, by their numbers.

    It is the value that GitHub's upload action computes where a report has none: it compares, and warns about any
    other. Blanks do not count, all line ends are one character, and the hash is the polynomial of base 37 over the
    window, in 64 bits; a number tells equal windows apart (github/codeql-action, `src/fingerprints.ts`).
    """
    text = source.data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = (text.replace(" ", "").replace("\t", "") + END).split("\n")
    units = "\n".join(lines).encode("utf-16-le") + bytes(2 * WINDOW)
    seen: Counter[bytes] = Counter()
    hashes: dict[int, str] = {}
    at = 0
    for number, line in enumerate(lines, 1):
        window = units[at : at + 2 * WINDOW]
        seen[window] += 1
        if number in wanted:
            hashes[number] = f"{_hash(window):x}:{seen[window]}"
        at += len(line.encode("utf-16-le")) + 2
    return hashes


def _hash(window: bytes) -> int:
    value = 0
    for low, high in zip(window[::2], window[1::2], strict=True):
        value = (value * 37 + (high << 8 | low)) & 0xFFFFFFFFFFFFFFFF
    return value


class Marks:
    """A mark for every finding of a run: the file, the rule and the reference, and which of the equal ones it is."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def of(self, path: str, finding: Finding) -> str:
        """The mark of a finding, 32 hexadecimal digits; it does not depend on the line. Ask once for each, in order."""
        key = (path, finding.rule, finding.reference.raw)
        self._seen[key] += 1
        text = "\0".join((*key, str(self._seen[key])))
        return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
