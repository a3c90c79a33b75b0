"""Edits: which ones a file gets, whether they are right, and how they get onto the disk.

An edit replaces bytes `start..end`, which must be `old`, by `new`. Edits of a group are made together or not at
all. The result is linted again before anything is written: the same references in the same places, less the
fixed ones, and nothing left to fix.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from typing import NamedTuple

from qcilint.findings import Finding


class Edit(NamedTuple):
    """Replace the bytes `old` at `start..end` by `new`."""

    start: int
    end: int
    old: bytes
    new: bytes


class FixError(Exception):
    """Edits that may not be made; the text says why. Nothing was written."""


def edits_for(data: bytes, findings: Iterable[Finding], *, unsafe: bool) -> list[tuple[Finding, Edit]]:
    """The edits of the wanted level, groups whole or not at all, in order."""
    members: dict[tuple[str, int], list[Finding]] = {}
    wanted: list[Finding] = []
    for finding in findings:
        if finding.group is not None:
            members.setdefault(finding.group, []).append(finding)
        elif finding.fixable(unsafe=unsafe):
            wanted.append(finding)
    for group in members.values():
        if all(finding.fixable(unsafe=unsafe) for finding in group):
            wanted += group
    return [(finding, edit_of(data, finding)) for finding in sorted(wanted, key=lambda finding: finding.reference.start)]


def edit_of(data: bytes, finding: Finding) -> Edit:
    """The edit that makes the fix of a finding."""
    start, end = finding.reference.start, finding.reference.end
    new = (finding.replacement or "").encode("utf-8", "surrogateescape")
    return Edit(start, end, data[start:end], new)


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with every edit made. Raises FixError where edits overlap or the text is not what they expect."""
    parts: list[bytes] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise FixError(f"two edits overlap at byte {edit.start}")
        if data[edit.start : edit.end] != edit.old:
            raise FixError(f"the text at byte {edit.start} is not what the edit expects")
        parts += [data[at : edit.start], edit.new]
        at = edit.end
    parts.append(data[at:])
    return b"".join(parts)


def fix(
    data: bytes, findings: list[Finding], relint: Callable[[bytes], list[Finding]], *, unsafe: bool
) -> tuple[bytes, list[Finding]]:
    """The fixed bytes and the findings that were fixed. Raises FixError where the result does not hold up."""
    chosen = edits_for(data, findings, unsafe=unsafe)
    if not chosen:
        return data, []
    fixed = apply(data, [edit for _, edit in chosen])
    # A replacement on a host that no rule names is not found again.
    known = {new.reference.raw for new in relint(b"\n".join(sorted({edit.new for _, edit in chosen})))}
    _verify(fixed, findings, [finding for finding, _ in chosen], relint(fixed), known, unsafe=unsafe)
    return fixed, [finding for finding, _ in chosen]


def _verify(
    data: bytes, before: list[Finding], fixed: list[Finding], after: list[Finding], known: set[str], *, unsafe: bool
) -> None:
    """The fixed text holds the same references in the same contexts, each fixed one now as its edit wrote it."""
    done = {id(finding) for finding in fixed}
    expected = [old for old in before if id(old) not in done or old.replacement in known]
    if len(after) != len(expected):
        raise FixError(f"the fixed text has {len(after)} references where {len(expected)} were expected")
    for old, new in zip(expected, after, strict=True):
        text = old.replacement if id(old) in done else old.reference.raw
        if new.reference.raw != text:
            raise FixError(f"{old.reference.raw} would become {new.reference.raw} instead of {text}")
        if new.context.where != old.context.where:
            raise FixError(f"{old.reference.raw} would no longer stand in the context {old.context.where}")
    if again := edits_for(data, after, unsafe=unsafe):
        raise FixError(f"{again[0][0].reference.raw} would be changed by a second run")


def write(path: str, before: bytes, after: bytes) -> None:
    """Replace a file's contents in one step, keeping its mode and, where possible, its owner; links stay links.

    Raises FixError where the file changed since it was read, or cannot be written.
    """
    target = os.path.realpath(path)
    try:
        with open(target, "rb") as file:
            if file.read() != before:
                raise FixError("the file changed while it was being checked; run qcilint again")
        status = os.stat(target)
        if not os.access(target, os.W_OK):
            raise FixError("the file is read-only; make it writable first")
        if status.st_nlink > 1:
            raise FixError(
                "the file has other names (hard links), which would keep the old text; edit it by hand, or copy it first"
            )
        handle, temporary = tempfile.mkstemp(prefix=".qcilint-", dir=os.path.dirname(target))
    except OSError as error:
        raise FixError(f"cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        os.replace(temporary, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise FixError(f"cannot be written: {error.strerror}") from None
