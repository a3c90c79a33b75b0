"""Keeps a run to what changed: which files are looked at, and which of their findings count."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from qcilint.changes import Changes, Lines
from qcilint.discovery import DiscoveryError, Listing, Selection, Target, printable
from qcilint.filters import silence
from qcilint.findings import Finding
from qcilint.git import git_root
from qcilint.records import dataclass
from qcilint.source import Source


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file of which only some lines count."""

    changes: Changes
    """Of its repository."""
    lines: Lines

    def moved(self, before: bytes, after: bytes) -> ChangedFile:
        """The same file after an edit."""
        return ChangedFile(self.changes, self.lines.moved(before, after))

    def narrow(self, findings: Sequence[Finding], source: Source) -> None:
        """Make the findings silent that no changed line has to do with."""
        if self.lines.is_whole:
            return
        reason = f"nothing of it changed since {printable(self.changes.ref)}"
        silent = [(finding, reason) for finding in findings if not finding.kept and not self._counts(finding, source)]
        silence(findings, silent, "scope", source)

    def _counts(self, finding: Finding, source: Source) -> bool:
        """Whether a line of the reference changed, of its edits, of what it is put together from, or a place shown with it."""
        if any(self.lines.touch(source.line(start), source.line(max(start, end - 1))) for start, end in _spans(finding)):
            return True
        return any(
            (self.lines if path == source.repo_path else self.changes.lines(path)).touch(line, line)
            for path, line, _ in finding.related
        )


def _spans(finding: Finding) -> Iterator[tuple[int, int]]:
    yield finding.reference.start, finding.reference.end
    for edit in finding.edits:
        yield edit.start, edit.end
    if finding.composed is not None:
        for alternative in finding.composed.alternatives:
            for stretch in alternative.stretches:
                yield stretch.start, stretch.end


class Scope:
    """What changed since a reference of git, in each repository that is looked at."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self._changes: dict[str, Changes] = {}

    def listing(self, folder: str) -> Listing:
        """The files below an absolute folder that changed. Raises DiscoveryError."""
        root = self._root(folder)
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        prefix = "" if inside == "." else inside + "/"
        return Listing([path[len(prefix) :] for path in self._of(root).paths if path.startswith(prefix)])

    def keep_to(self, selection: Selection) -> None:
        """Take the files that did not change out of a selection. Raises DiscoveryError."""
        selection.targets = [target for target in selection.targets if self._of(self._root(target.root)).touch(target.repo_path)]
        selection.whole = dict.fromkeys(selection.whole, False)

    def files(self, targets: Sequence[Target]) -> list[ChangedFile]:
        """Which lines of files that were kept count. Raises DiscoveryError."""
        for root in {target.root for target in targets}:
            self._of(root).load(target.repo_path for target in targets if target.root == root)
        return [ChangedFile(self._of(each.root), self._of(each.root).lines(each.repo_path)) for each in targets]

    def _root(self, folder: str) -> str:
        root = git_root(folder)
        if root is None:
            raise DiscoveryError(
                f"{printable(folder)}: in no git repository; --since compares with a commit of one: leave it out"
            )
        return root

    def _of(self, root: str) -> Changes:
        if root not in self._changes:
            self._changes[root] = Changes(root, self.ref)
        return self._changes[root]
