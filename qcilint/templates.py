"""Files that are made from a template of the repository: where the template keeps a text, what was made from it does so too.

What makes them need not be read: each line of the file is that of the template, with something in the place of its placeholders.
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.findings import Finding
from qcilint.reference import Reference
from qcilint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qcilint.facts import Facts

Files = Sequence[tuple[Source, list[Finding]]]
REASON = "it is made from line {line} of {path}, which stays: both must change together"
_PLACEHOLDER = re.compile(
    rb"\{\{[^{}\n]{1,80}\}\}|\$\{[^{}\n]{1,80}\}|\$\([\w.]{1,80}\)|__[A-Z][A-Z0-9_]{0,80}?__"
    rb"|@[A-Za-z_]\w{0,80}(?:@|\Z)|%[A-Z_]{2,80}%|<[A-Za-z_][\w -]{0,80}>"
)
_MOST = 50
"""Templates of one number of lines that are looked at."""


def placeholders(source: Source, references: Sequence[Reference]) -> dict[int, str]:
    """The references of a file that hold a placeholder, by their lines."""
    texts = ((each.start, each.raw) for each in references if each.namespace)
    return {source.line(start): raw for start, raw in texts if _PLACEHOLDER.search(raw.encode("utf-8", "replace"))}


def hold_made(files: Files, facts: Facts) -> None:
    """Make the fix of a text unsafe where its file is made from a template that keeps the text, or is not looked at."""
    found = {source.repo_path: findings for source, findings in files}
    templates: dict[int, list[tuple[Source, dict[int, str]]]] = {}
    for source, lines in facts.templates:
        fixed = {source.line(each.reference.start) for each in found.get(source.repo_path, ()) if each.fixable(unsafe=False)}
        if staying := {line: raw for line, raw in lines.items() if line not in fixed}:
            templates.setdefault(source.data.count(b"\n"), []).append((source, staying))
    for source, findings in files if templates else ():
        safe = [each for each in findings if each.fixable(unsafe=False)]
        for template, staying in templates.get(source.data.count(b"\n"), [])[:_MOST] if safe else ():
            doubted = [each for each in safe if source.line(each.reference.start) in staying]
            if doubted and template.repo_path != source.repo_path and _is_made_from(source.data, template.data):
                _doubt(source, findings, doubted, template, staying)
                left = {(source.repo_path, each.reference.raw): each.reason for each in safe if each.level != "safe"}
                facts.withheld.update(left)  # for when the file is linted again


def _is_made_from(made: bytes, template: bytes) -> bool:
    """Whether a text is a template of as many lines with its placeholders filled in."""
    return all(
        line == model or _fills(line, _PLACEHOLDER.split(model))
        for line, model in zip(made.split(b"\n"), template.split(b"\n"), strict=True)
    )


def _fills(line: bytes, literals: list[bytes]) -> bool:
    """Whether the literals stand in a line in their order, the first at its beginning and the last at its end."""
    first, *rest = literals
    if not rest or not line.startswith(first):
        return False
    at = len(first)
    for literal in rest[:-1]:
        at = line.find(literal, at)
        if at < 0:
            return False
        at += len(literal)
    return line.endswith(rest[-1]) and at <= len(line) - len(rest[-1])


def _doubt(
    source: Source, findings: list[Finding], doubted: Sequence[Finding], template: Source, staying: dict[int, str]
) -> None:
    from qcilint.holds import doubt

    for finding in doubted:
        line = source.line(finding.reference.start)
        reason = REASON.format(line=line, path=template.repo_path)
        if finding.level == "safe":
            doubt(findings, finding, reason, line)
        finding.reason = reason
        finding.related.append((template.repo_path, line, f"keeps {staying[line]}"))
