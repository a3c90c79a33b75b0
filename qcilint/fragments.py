"""Text beside a reference that names only a part of it: `podman images | grep ocp/4.20`, or a digest that was read from it.

The QCI form has neither the path nor the `name:tag` of the old one, so what looks for these would silently find nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from qcilint import lazy as re
from qcilint.divided import division
from qcilint.findings import Finding
from qcilint.reference import Reference
from qcilint.source import Source

_ASKING = ("command:inspect", "command:info")
_COMMENT = re.compile(rb"[ \t]*(?:#|//)")
# Commands and comparisons that look for a text.
_LOOKS = re.compile(
    rb"(?<![\w-])(?:[ef]?grep|rg|sed|[gmn]?awk|perl|case|--filter|reference)(?![\w-])|[=!]=|=~|[\"']\s+(?:not\s+)?in\b"
    rb"|\.(?:startswith|endswith|find|count|contains|includes|replace)\(|\bre\.\w+\(|^[ \t]*\(?[^\s()]+\)"
)
# Commands that take the name of an image in local storage; its registry may be left out.
_TAKES = re.compile(rb"(?<![\w-])(?:images|ps|inspect|exists|rmi|save|run|create|tag|push)(?![\w-])")
_WORD = re.compile(rb"(?<![\w.%@}-])[\w./:-]+")
_PIECE = re.compile(rb"([/:]?)([^/:]*)")
_FEW = 200
"""Texts that are looked for one by one; for more it is quicker to read the lines at once."""


def settle(findings: Sequence[Finding], source: Source) -> None:
    """Make the safe fix of a pull unsafe where a line of its file looks for a part of the old text, or uses its digest."""
    every = list(findings)
    pulls = [each for each in every if each.level == "safe" and each.replacement is not None and is_pulled(each)]
    if not pulls:
        return
    from qcilint.holds import doubt

    wanted = {fragment for each in pulls for fragment, _ in _fragments(each.reference)}
    named, kin = _named(wanted, every, source), _kin(every, source)
    for finding in pulls:
        reason = _part_sought(finding, named) or kin.get((_image(finding.reference), finding.context.where in _ASKING), "")
        reason = reason or division(finding, source)
        if reason and finding.level == "safe":
            doubt(every, finding, reason, source.line(finding.reference.start))


def is_pulled(finding: Finding) -> bool:
    """Whether a command takes the image of a finding by this very text."""
    names = finding.context.names()
    return any(name.startswith("command:") or name == "only-pulled" for name in names) and finding.composed is None


def _image(reference: Reference) -> tuple[str, str]:
    return reference.namespace.raw, reference.name.raw


def _kin(findings: Sequence[Finding], source: Source) -> dict[tuple[tuple[str, str], bool], str]:
    """Why a fix is not certain, by image and by whether a command asks about it: references that stay and depend on it."""
    found: dict[tuple[tuple[str, str], bool], str] = {}
    for finding in findings:
        reference, image = finding.reference, _image(finding.reference)
        line = source.line(reference.start)
        if reference.digest.holes:
            found[image, True] = f"its digest may be what line {line} pulls by, and that stays"
        elif finding.context.where == "command:local" and not reference.tag and reference.name:
            for asks in (True, False):
                found.setdefault((image, asks), f"line {line} looks for all images of its name, and that stays")
    return found


def _part_sought(finding: Finding, named: dict[bytes, tuple[int, bool]]) -> str:
    """Whether a line looks for a part of the reference, which then stands there without its host."""
    strict = "markdown" in finding.context.names()
    for fragment, is_image in _fragments(finding.reference):
        line, looks = named.get(fragment, (0, False))
        if line and (looks or (is_image and not strict)):
            return f"line {line} names a part of it ({fragment.decode()}), which the new form does not have"
    return ""


def _fragments(reference: Reference) -> Iterator[tuple[bytes, bool]]:
    """`namespace/name` and `name:tag`, as far as they hold no variable; whether local storage may know an image by it."""
    if reference.namespace and not reference.namespace.holes and not reference.name.holes:
        yield f"{reference.namespace.raw}/{reference.name.raw}".encode("utf-8", "surrogateescape"), True
    if reference.tag and not reference.tag.holes and not reference.name.holes:
        yield f"{reference.name.raw}:{reference.tag.raw}".encode("utf-8", "surrogateescape"), False


def _named(wanted: Collection[bytes], findings: Sequence[Finding], source: Source) -> dict[bytes, tuple[int, bool]]:
    """The wanted pairs `a/b` and `a:b` that begin a word outside of all references, in lines that look for or take one.

    Each with its line, and whether that looks for it.
    """
    data = bytearray(source.data)
    for finding in findings:
        start, end = finding.reference.start, finding.reference.end
        data[start:end] = b" " * (end - start)
    found: dict[bytes, tuple[int, bool]] = {}
    plain = data.replace(b"\\", b"")
    if len(wanted) <= _FEW and not any(fragment in plain for fragment in wanted):  # as most files
        return found
    for number, line in enumerate(bytes(data).split(b"\n"), 1):
        looks = bool(_LOOKS.search(line))
        if (looks or _TAKES.search(line)) and not _COMMENT.match(line):
            for word in _WORD.finditer(line.replace(b"\\", b"")):
                for pair in _pairs(word[0].rstrip(b".:/-")):
                    if pair in wanted and (looks or pair not in found):
                        found[pair] = (number, looks)
    return found


def _pairs(word: bytes) -> Iterator[bytes]:
    """Of the first three pieces of a word, the first with the second, and the second with the third if that begins with `:`."""
    pieces = [(mark, text) for mark, text in _PIECE.findall(word.lstrip(b"/:")) if mark or text]
    if 2 <= len(pieces) <= 3 and not (len(pieces) == 3 and pieces[2][0] == b"/"):
        yield pieces[0][1] + pieces[1][0] + pieces[1][1]
