"""Tells from a few short strings what need not be searched for in a large buffer: which hosts, and in which spellings.

A host may be written with backslashes, brackets or percent signs in its dots and slashes, but never within its labels.
"""

from __future__ import annotations

import re

from qcilint import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qcilint.index import Index
    from qcilint.memory import Find

    Look = tuple[Find, Sequence[bytes], bool, bool]
    """What finds bytes; the needles that may be there; whether hosts may be with backslashes, and in other disguises."""


_COMMON = b"etaoinsrhldcumpfgwybvkxjqz"
"""Letters, the most frequent one first. What begins with two rare ones is found fastest: the C library looks for both at once."""


class Signs:
    """What stands wherever a host of the rules stands."""

    def __init__(self, index: Index, disguises: Sequence[bytes]) -> None:
        """`disguises`: how a dot begins that is written neither plainly nor with backslashes."""
        self._needles, self._disguises = index.needles, disguises
        self._labels = [_sign(needle) for needle in index.needles]
        self._escapes = [
            {b"\\%s" % needle[match.start() : match.end()] for match in re.finditer(rb"[./].", needle)}
            for needle in index.needles
        ]
        """How dots and slashes of each host begin that are written with backslashes; three bytes are enough, and are shared."""

    def look(self, data: bytearray, end: int, *, is_text: bool = False) -> Look:
        """Look at the first `end` bytes, behind which there is one more; what it finds bytes with keeps to that end.

        `is_text`: there is no NUL among them.
        """
        if memory.finder is None:
            return data.find, self._needles, True, True
        if not memory.IS_SWIFT or not (is_text or data.find(b"\0", 0, end) < 0):
            return memory.finder(data, -1), self._needles, True, True
        find = memory.finder(data, end)
        chosen = [number for number, label in enumerate(self._labels) if find(label, 0, end) >= 0]
        is_disguised = any(find(sign, 0, end) >= 0 for sign in self._disguises)
        is_escaped = is_disguised
        if not is_escaped and data.find(b"\\", 0, end) >= 0:
            signs = set[bytes]().union(*(self._escapes[number] for number in chosen))
            is_escaped = any(find(sign, 0, end) >= 0 for sign in signs)
        return find, [self._needles[number] for number in chosen], is_escaped, is_disguised


def _sign(needle: bytes) -> bytes:
    """What stands wherever a host stands: four bytes or more of one label, from two rare ones to its end."""
    signs = [label[at:] for label in re.split(rb"[./]", needle) for at in range(max(1, len(label) - 3))]
    return max(signs, key=lambda sign: (len(sign) > 3, sum(map(_rarity, sign[:2]))))


def _rarity(byte: int) -> int:
    place = _COMMON.find(byte)
    return place if place >= 0 else len(_COMMON)
