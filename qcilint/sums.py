"""Files whose checksum is kept: in lists such as `sha256sum` writes, and in scripts that compare it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.generated import Candidates

_SUM = re.compile(rb"^[0-9a-fA-F]{32,128} [ *](\S[^\n\r]*)", re.M)
_SUMS_NAME = re.compile(r"(?i)(?:.*[._-])?(?:md5|sha(?:1|224|256|384|512))(?:sums?)?(?:\.txt)?|checksums?(?:\.txt)?")
_NAME = rb"[\"']?(?:\$\{?\w+\}?/|\$\(\w+\)/|\./)?([\w./+@-]+)"
_HASH = rb"(?<![0-9a-fA-F])(?:%s)(?![0-9a-fA-F])" % b"|".join(b"[0-9a-fA-F]{%d}" % size for size in (32, 40, 56, 64, 96, 128))
_IS_HASH = re.compile(_HASH)
_BESIDE = re.compile(_HASH + rb"[\"'}]?(?:[ \t]+\*?|[\"' \t]*[,:=][ \t]*)" + _NAME)
_SUMMER = rb"(?:\b(?:md5|sha(?:1|224|256|384|512)|b2|ck)sum|\bshasum|\bgit[ \t]+hash-object|\bopenssl[ \t]+(?:dgst|md5|sha\w+))\b"
_CHECKED = re.compile(rb"(?:%s)[^\n]*(?:[ \t]-[a-z]*c\b|--check)" % _SUMMER)
_SUMMED = re.compile(_SUMMER + rb"(?:[ \t]+-\S+(?:[ \t]+\d+(?=\s))?)*[ \t]+(?:<[ \t]*)?" + _NAME)
_PIECE = re.compile(_NAME)
_HASHLIB = re.compile(rb"\bhashlib\b|\bsha(?:1|256|512)\.\w+|\bmd5\.\w+|\bcreateHash\b")
_NEAR = 600
"""Bytes between a command that sums a file and the checksum that it is compared with."""


def is_sums(path: str) -> bool:
    """Whether a file is, by its name, a list of checksums."""
    name = posixpath.basename(path)
    return any(word in name.casefold() for word in ("md5", "sha", "checksum")) and bool(_SUMS_NAME.fullmatch(name))


def summed_files(path: str, data: bytes, candidates: Candidates) -> dict[str, int]:
    """The files whose checksum stands in a list such as `sha256sum` writes, with the line."""
    return _places(path, data, ((match.start(), match[1].strip()) for match in _SUM.finditer(data)), candidates)


def compared_files(path: str, data: bytes, candidates: Candidates) -> dict[str, int]:
    """The files whose checksum a script or program compares with one that stands in it, with the line."""
    if not (_IS_HASH.search(data) or b"sum" in data):
        return {}
    return _places(path, data, _compared(data), candidates)


def _compared(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Names of files beside a checksum, in a command that checks sums, or in one that makes a sum where one is kept nearby."""
    if not (_HASHLIB.search(data) or re.search(_SUMMER, data)):
        return
    for match in _BESIDE.finditer(data):
        yield match.start(), match[1]
    for match in _CHECKED.finditer(data):
        start = data.rfind(b"\n", 0, match.start()) + 1
        stop = data.find(b"\n", match.end())
        for piece in _PIECE.finditer(data, start, len(data) if stop < 0 else stop):
            yield piece.start(), piece[1]
    for match in _SUMMED.finditer(data):
        if _IS_HASH.search(data, max(match.start() - _NEAR, 0), match.end() + _NEAR):
            yield match.start(), match[1]
    for match in _HASHLIB.finditer(data):
        start, stop = max(match.start() - _NEAR, 0), match.end() + _NEAR
        if _IS_HASH.search(data, start, stop):
            for piece in _PIECE.finditer(data, start, stop):
                yield piece.start(), piece[1]


def _places(path: str, data: bytes, found: Iterator[tuple[int, bytes]], candidates: Candidates) -> dict[str, int]:
    out: dict[str, int] = {}
    for start, given in found:
        name = os.fsdecode(given).removeprefix("./")
        for place in (posixpath.normpath(posixpath.join(posixpath.dirname(path), name)), name):
            if place in candidates.paths:
                out.setdefault(place, data.count(b"\n", 0, start) + 1)
                break
    return out
