"""Holds back edits that a script of the repository would notice, or that would part files that have to stay alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcilint.couplings import QUERIES, is_replacement
from qcilint.edits import Edit, apply
from qcilint.facts import Facts
from qcilint.families import Family
from qcilint.findings import Finding
from qcilint.fixes import edits_of
from qcilint.scripts import called, replaced, sought, taken, updated
from qcilint.scripts.changes import Change, Changes, Held
from qcilint.scripts.given import with_arguments
from qcilint.scripts.matching import held
from qcilint.source import Source
from qcilint.spread import share

Files = Sequence[tuple[Source, list[Finding]]]
READ_BY_SCRIPT = "a script reads this file with an expression that the new text would not satisfy"


def hold(files: Files, facts: Facts, jobs: int = 1) -> None:
    """Take back the fixes of each file that a script of `facts` reads with an expression that they would break, or that would
    make it differ from a file that it is compared with. `jobs`: processes that read scripts. Raises WorkerError."""
    _hold_lists(files, facts)
    _hold_scripts(files, facts, jobs)
    _hold_families(files, facts)


def _hold_scripts(files: Files, facts: Facts, jobs: int) -> None:
    findings = {source.repo_path: found for source, found in files}
    changes = Changes([change for source, found in files for change in _changes(source, found)])
    for row in _held(facts, changes, jobs) if changes.every else ():
        for finding in findings[row.path]:
            if finding.level == row.kind and finding.replacement is not None and not finding.kept:
                _leave(finding, READ_BY_SCRIPT, (row.script, row.line, f"looks for {row.text}"))
                facts.held.add((row.path, finding.reference.raw))
        for finding in findings.get(row.script, ()):
            if (
                finding.reference.raw in row.text
                and finding.reference.name
                and finding.replacement is not None
                and not finding.kept
            ):
                _leave(finding, "it is looked for in a file where it stays: both must change together")
                facts.held.add((row.script, finding.reference.raw))


def _hold_lists(files: Files, facts: Facts) -> None:
    """A file whose lines are commands or expressions to a script that looks for them in other files (`grep -f`) stays."""
    for source, found in files if facts.programs else ():
        for finding in found if source.repo_path in facts.programs else ():
            is_written = source.repo_path.endswith(QUERIES) and is_replacement(source, finding.reference)
            if finding.replacement is not None and not finding.kept and not is_written:
                _leave(finding, "a script looks for the lines of this file in others: they must change together")
                facts.held.add((source.repo_path, finding.reference.raw))


def _held(facts: Facts, changes: Changes, jobs: int) -> Iterator[Held]:
    """What the commands of the scripts notice, then what texts of all files do."""

    def by_commands(path: str, data: bytes) -> list[Held]:
        data = with_arguments(data, facts.given[path]) if path in facts.given else data
        found = held(path, data, changes, facts.programs)
        return found + taken.held(path, data, changes, facts.programs)

    def by_texts(path: str, data: bytes) -> list[Held]:
        found = sought.held(path, data, changes, facts.given.get(path, ())) + updated.held(path, data, changes)
        return found + replaced.held(path, data, changes) + called.held(path, data, changes, facts.programs)

    asked = [(by_commands, *each) for each in (*facts.scripts.items(), *facts.commands.items())]
    asked += [(by_texts, *each) for each in (facts.scripts | facts.readers).items()]

    def work(start: int, stop: int) -> list[Held]:
        return [row for noticed, path, data in asked[start:stop] for row in noticed(path, data)]

    return share(work, len(asked), jobs)


def _changes(source: Source, findings: list[Finding]) -> Iterator[Change]:
    """The lines that fixes edit, before and after: those that the safe ones edit, and those that the unsafe ones do with them."""
    edits = {level: set[Edit]() for level in ("safe", "unsafe")}
    for finding in findings:
        if finding.level in edits and finding.replacement is not None and not (finding.kept or finding.about):
            edits[finding.level].update(edits_of(source.data, finding))
    for level, made in (("safe", edits["safe"]), ("unsafe", edits["safe"] | edits["unsafe"])):
        by_line: dict[int, list[Edit]] = {}
        for edit in made:
            by_line.setdefault(source.line(edit.start), []).append(edit)
        for line in sorted({source.line(edit.start) for edit in edits[level]}):
            start, end = source.line_span(line)
            shifted = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in by_line[line]]
            old = source.data[start:end]
            yield Change(source.repo_path, old, apply(old, shifted), level)


def _hold_families(files: Files, facts: Facts) -> None:
    """Files that are compared with each other: a text of one that is fixed is fixed in all that hold it, or in none."""
    findings = {source.repo_path: found for source, found in files}
    done = not facts.families
    while not done:
        done = not sum(_hold_family(family, findings, facts) for family in facts.families)


def _hold_family(family: Family, findings: dict[str, list[Finding]], facts: Facts) -> bool:
    """Give every copy of a text the lowest level that one of them has; tells whether that changed any."""
    members = [(path, finding) for path in sorted(family.paths) for finding in findings.get(path, ()) if not finding.about]
    lowest: dict[str, tuple[int, str]] = {}
    for path, finding in members:
        if finding.reference.name or not finding.kept:
            text = finding.reference.raw
            lowest[text] = min(lowest.get(text, (2, "")), (_rank(finding), path))
    changed = False
    for path, finding in members:
        rank, other = lowest.get(finding.reference.raw, (2, ""))
        old = finding.reference.raw.encode("utf-8", "surrogateescape")
        unseen = next((each for each in sorted(family.paths) if old in facts.unseen.get(each, b"")), "")
        rank, other = (0, unseen) if unseen else (rank, other)
        if _rank(finding) > rank:
            changed = True
            place = (family.path, family.line, "compares both files")
            if rank:
                finding.level, finding.group = "unsafe", None
                finding.reason = f"it has to stay like {other}, where the fix is not certain"
                finding.related.append(place)
            else:
                facts.held.add((path, finding.reference.raw))
                take_back(findings[path], finding, f"it has to stay like {other}, where the same text is not fixed", place)
    return changed


def _rank(finding: Finding) -> int:
    return {"safe": 2, "unsafe": 1}.get(finding.level, 0) if finding.replacement is not None and not finding.kept else 0


def _leave(finding: Finding, reason: str, *places: tuple[str, int, str]) -> None:
    """Take the fix of one finding back."""
    finding.level, finding.replacement, finding.group, finding.reason = "none", None, None, reason
    finding.related += places


def take_back(findings: list[Finding], held_back: Finding, reason: str, *places: tuple[str, int, str]) -> None:
    """Take a fix back, with all those of its group; of its Dockerfile, nothing else is fixed unasked either."""
    group, region = held_back.group, held_back.context.region
    for finding in findings:
        if finding is held_back or (group is not None and group[0] != "dockerfile" and finding.group == group):
            _leave(finding, reason, *places)
    for finding in findings:
        if region is not None and finding.context.region == region and finding.together and finding.level == "safe":
            finding.level, finding.group = "unsafe", None
            finding.reason = (
                f"another image of this Dockerfile stays ({held_back.reference.raw}): it is fixed as a whole or not at all"
            )


def doubt(findings: list[Finding], doubted: Finding, reason: str, line: int) -> None:
    """Make a safe fix unsafe, with all those that are made together with it: by its group, or as parts of its Dockerfile.

    They stay a group: it is fixed whole or not at all with `--unsafe-fixes`, too. `line` is that of the doubted reference.
    """
    group, region = doubted.group, doubted.context.region
    for finding in findings if group is not None or region is not None else ():
        is_fixed_too = finding.group == group if group is not None else False
        is_beside = region is not None and finding.together and finding.context.region == region
        if finding is not doubted and (is_fixed_too or is_beside) and finding.level == "safe":
            finding.level = "unsafe"
            finding.reason = f"it is fixed together with {doubted.reference.raw} (line {line}), or not at all: {reason}"
    doubted.level, doubted.reason = "unsafe", reason
