"""Fixes: which edits a file gets, whether they are right, and how they get onto the disk.

An edit replaces bytes `start..end`, which must be `old`, by `new`. Edits of a group are made together or not at
all. The result is linted again before anything is written: the same references in the same places, less the
fixed ones, and nothing left to fix.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from qcilint.edits import Edit, FixError, Shift, apply
from qcilint.findings import Finding
from qcilint.languages import difference
from qcilint.records import NamedTuple
from qcilint.reference import Reference
from qcilint.replacing import replace_file


def edits_for(data: bytes, findings: Iterable[Finding], *, unsafe: bool) -> tuple[list[Finding], list[Edit]]:
    """The findings of the wanted level, groups whole or not at all, and the edits that fix them, both in order."""
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
    wanted.sort(key=lambda finding: finding.reference.start)
    return wanted, sorted({edit for finding in wanted for edit in edits_of(data, finding)})


def edits_of(data: bytes, finding: Finding) -> tuple[Edit, ...]:
    """The edits that make the fix of a finding."""
    if finding.edits:
        return finding.edits
    start, end = finding.reference.start, finding.reference.end
    new = (finding.replacement or "").encode("utf-8", "surrogateescape")
    return (Edit(start, end, data[start:end], new),)


def fix(
    data: bytes,
    findings: list[Finding],
    relint: Callable[[bytes], list[Finding]],
    locate: Callable[[bytes], list[Reference]],
    *,
    unsafe: bool,
    language: str = "",
) -> tuple[bytes, list[Finding]]:
    """The fixed bytes and the findings that were fixed. Raises FixError where the result does not hold up.

    `relint` gives the findings of the fixed bytes, and is asked once at most; `locate` gives the references in any text. What a
    parser reads is compared too where `language` is one that has such a comparison (`languages.difference`).
    """
    chosen, edits = edits_for(data, findings, unsafe=unsafe)
    if not chosen:
        return data, []
    fixed = apply(data, edits)
    expected = _known(list(_expected(data, fixed, findings, chosen, edits)), locate)
    after = relint(fixed)
    _verify(fixed, sorted(expected, key=lambda each: each.start), [finding for finding in after if not finding.about])
    again, _ = edits_for(fixed, after, unsafe=unsafe)
    if again:
        raise FixError(f"{again[0].reference.raw} would be changed by a second run")
    if problem := difference(language, data, fixed, edits):
        raise FixError(problem)
    return fixed, chosen


class _Expected(NamedTuple):
    """What must be found in the fixed text."""

    start: int
    text: str
    old: Finding
    is_new: bool
    is_part: bool
    """Changed as a part of a composed reference: it need not be a whole one, so its end is not certain."""


def _expected(
    data: bytes, fixed: bytes, findings: list[Finding], chosen: list[Finding], edits: list[Edit]
) -> Iterator[_Expected]:
    done = {id(finding) for finding in chosen}
    shift = Shift(edits, [edit for finding in chosen if finding.appends for edit in finding.edits])
    yield from _added(chosen, edits)
    for finding in findings:
        if finding.about:
            continue
        start, end = shift((finding.reference.start, finding.reference.end))
        is_chosen = id(finding) in done
        if finding.composed is not None:
            text = finding.replacement if is_chosen and finding.replacement else finding.reference.raw
            yield _Expected(start, text, finding, is_chosen, is_part=False)
        elif fixed[start:end] == data[finding.reference.start : finding.reference.end]:
            yield _Expected(start, finding.reference.raw, finding, is_new=False, is_part=False)
        else:
            text = fixed[start:end].decode("utf-8", "surrogateescape")
            yield _Expected(start, text, finding, is_new=True, is_part=not is_chosen)


def _added(chosen: list[Finding], edits: list[Edit]) -> Iterator[_Expected]:
    """The references that fixes add beside others."""
    starts = dict(zip(edits, accumulate((len(edit.new) - len(edit.old) for edit in edits), initial=0), strict=False))
    added = {edit: finding for finding in chosen if finding.appends for edit in finding.edits}
    for edit, finding in added.items():
        text = finding.replacement or ""
        inside = edit.new.index(text.encode())
        yield _Expected(edit.start + starts[edit] + inside, text, finding, is_new=True, is_part=False)


def _known(expected: list[_Expected], locate: Callable[[bytes], list[Reference]]) -> list[_Expected]:
    """Those that will be found: a new text on a host that no rule names is not."""
    texts = sorted({each.text for each in expected if each.is_new})
    blob = b"\n".join(text.encode("utf-8", "surrogateescape") for text in texts)
    found = {reference.start for reference in locate(blob)}
    starts = accumulate((len(text.encode("utf-8", "surrogateescape")) + 1 for text in texts), initial=0)
    known = {text for text, start in zip(texts, starts, strict=False) if start in found}
    return [each for each in expected if not each.is_new or each.text in known]


def _verify(fixed: bytes, expected: list[_Expected], after: list[Finding]) -> None:
    """The fixed text holds the same references in the same contexts, each fixed one now as its edit wrote it."""
    if len(after) != len(expected):
        raise FixError(f"the fixed text has {len(after)} references where {len(expected)} were expected")
    for wanted, new in zip(expected, after, strict=True):
        old, raw = wanted.old, new.reference.raw
        if (
            raw != wanted.text
            and not (wanted.is_part and wanted.text.startswith(raw))
            and not (old.composed and (_reads_as(new, wanted.text) or _is_quoted(fixed, new.reference.start, wanted.text)))
        ):
            raise FixError(f"{old.reference.raw} would become {raw} instead of {wanted.text}")
        if new.context.where != old.context.where:
            raise FixError(f"{old.reference.raw} would no longer stand in the context {old.context.where}")


def _reads_as(finding: Finding, text: str) -> bool:
    """Whether a reference may stand for a text: a variable that holds no separator any more is not looked into."""
    pattern = "".join("[^/:@]+" if part.is_hole else re.escape(part.text) for part in finding.reference.text)
    return bool(re.fullmatch(pattern, text))


def _is_quoted(data: bytes, start: int, text: str) -> bool:
    """Whether a text stands at a byte, in pieces that a shell puts together: `a:"${b}"`."""
    piece = data[start : start + len(text) * 4 + 8].split(b"\n")[0]
    return piece.replace(b'"', b"").startswith(text.encode("utf-8", "surrogateescape")) and b'"' in piece


def write(path: str, before: bytes, after: bytes) -> None:
    """Replace a file's contents in one step, keeping its mode and, where possible, its owner; links stay links.

    Raises FixError where the file changed since it was read, or cannot be written.
    """
    target = os.path.realpath(path)
    try:
        with open(target, "rb") as file:
            if file.read() != before:
                raise FixError("the file changed while it was being checked; run qcilint again")
        if not os.access(target, os.W_OK):
            raise FixError("the file is read-only; make it writable first")
        if os.stat(target).st_nlink > 1:
            raise FixError(
                "the file has other names (hard links), which would keep the old text; edit it by hand, or copy it first"
            )
        replace_file(target, (after,))
    except OSError as error:
        raise FixError(f"cannot be written: {error.strerror}") from None
