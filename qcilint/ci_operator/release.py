"""A checkout of openshift/release beside a component's: what must change there before a Dockerfile changes here."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from qcilint.ci_operator import DIRECT
from qcilint.ci_operator.aliases import Alias
from qcilint.ci_operator.builds import Builds, load
from qcilint.ci_operator.config import ConfigError
from qcilint.ci_operator.crosscheck import note, pairs, text_of
from qcilint.ci_operator.inputs import new_problems, new_spelling, problems
from qcilint.discovery import DiscoveryError
from qcilint.facts import Facts
from qcilint.git import run_git
from qcilint.languages.documents import INPUT_ALIAS
from qcilint.source import Source, read

CONFIGURATIONS = "ci-operator/config"
_REMOTE = re.compile(r"[:/]([^/:]+)/([^/]+?)(?:\.git)?/?\Z")


class ReleaseError(DiscoveryError):
    """A checkout of openshift/release that cannot be used; the text says what to do."""


class Release:
    """The configurations of a checkout of openshift/release."""

    def __init__(self, path: str) -> None:
        if not os.path.isdir(os.path.join(path, CONFIGURATIONS)):
            raise ReleaseError(f"{path}: no {CONFIGURATIONS} there; --release-repo takes a checkout of openshift/release")
        self.path = path
        self.needed: dict[str, set[str]] = {}
        """Configuration → the texts of aliases that must get their new spelling before a Dockerfile changes."""
        self.late: set[str] = set()
        """Those of them where a Dockerfile has changed already."""
        self.seen: list[str] = []
        """The configurations that build Dockerfiles which were looked at."""
        self.unknown: list[str] = []
        """The tops of the repositories that have no configurations there, as far as their remotes tell."""

    def connect(self, root: str, sources: Sequence[Source], facts: Facts) -> None:
        """Note in `facts` what goes wrong, and what would, with Dockerfiles of the repository at `root`. Raises ReleaseError."""
        for builds in self._builds(root):
            for dockerfile, build in pairs(sources, builds):
                if builds.path not in self.seen:
                    self.seen.append(builds.path)
                text, shown = text_of(dockerfile), os.path.join(self.path, builds.path)
                today = problems(text, build, builds.base_images)
                note(dockerfile, today, builds, shown, facts)
                given = {each: line for texts in build.inputs.values() for each, line in texts.items()}
                mapping = {each: new for each in given if (new := new_spelling(each)) and new not in given}
                broken = {problem.text for problem in new_problems(text, build, builds.base_images, mapping)}
                lost = {problem.text for problem in today if problem.kind != DIRECT}
                for old, new in mapping.items():
                    if new in lost:
                        self.needed.setdefault(builds.path, set()).add(old)
                        self.late.add(builds.path)
                    if new in broken and old in text:
                        self.needed.setdefault(builds.path, set()).add(old)
                        alias = Alias(shown, given[old], frozenset(given), frozenset({dockerfile.repo_path}))
                        facts.aliases.setdefault(old, []).append(alias)

    def _builds(self, root: str) -> list[Builds]:
        """The configurations of a repository; of the branch that is checked out, if there are any for it."""
        folder = self._folder(root)
        if not folder:
            self.unknown.append(root)
            return []
        found = []
        for name in sorted(os.listdir(os.path.join(self.path, folder))):
            if name.endswith((".yaml", ".yml")):
                path = f"{folder}/{name}"
                try:
                    found.append(load(path, read(os.path.join(self.path, path))))
                except ConfigError as error:
                    raise ReleaseError(f"{os.path.join(self.path, path)}:{error.line}: {error.problem}") from None
        branches = _branches(root)
        return [each for each in found if each.metadata.branch in branches] or found

    def _folder(self, root: str) -> str:
        """The folder with the configurations of a repository, by its remotes; for a fork by its name alone."""
        remotes = (run_git(root, "config", "--get-regexp", r"^remote\..*\.url$") or b"").decode("utf-8", "replace")
        names = [match.groups() for line in remotes.splitlines() if (match := _REMOTE.search(line.strip()))]
        for org, repo in names:
            if os.path.isdir(os.path.join(self.path, folder := f"{CONFIGURATIONS}/{org}/{repo}")):
                return folder
        orgs = sorted(os.listdir(os.path.join(self.path, CONFIGURATIONS)))
        for _, repo in names:
            folders = [f"{CONFIGURATIONS}/{org}/{repo}" for org in orgs]
            existing = [folder for folder in folders if os.path.isdir(os.path.join(self.path, folder))]
            if len(existing) == 1:
                return existing[0]
        return ""


def _branches(root: str) -> set[str]:
    """The branch that is checked out, and the one that it follows."""
    answers = (
        run_git(root, "rev-parse", "--abbrev-ref", "HEAD"),
        run_git(root, "rev-parse", "--abbrev-ref", "@{upstream}"),
    )
    names = {(answer or b"").decode("utf-8", "replace").strip() for answer in answers} - {"", "HEAD"}
    return names | {name.partition("/")[2] for name in names if "/" in name}


def patch(release: Release) -> tuple[list[bytes], list[str]]:
    """What gives the aliases that need it their new spelling.

    Lines of a unified diff, for `git apply` in openshift/release, and where that has to be done by hand.
    """
    from qcilint.edits import Edit, apply
    from qcilint.engine import Linter
    from qcilint.output import diff
    from qcilint.ruleset import load_builtin

    linter = Linter(load_builtin())
    lines: list[bytes] = []
    by_hand: list[str] = []
    for path, texts in sorted(release.needed.items()):
        shown = os.path.join(release.path, path)
        data = read(shown)
        edits: set[Edit] = set()
        for file in linter.lint_text(data, shown).files:
            for finding in file.findings:
                if finding.context.where != INPUT_ALIAS or finding.reference.raw not in texts or finding.kept:
                    continue
                if finding.appends:
                    edits.update(finding.edits)
                else:
                    line, new = file.source.line(finding.reference.start), new_spelling(finding.reference.raw)
                    by_hand.append(f"{path}:{line}: add {new} to the `as` with {finding.reference.raw}")
        if edits:
            lines += diff.unified(path, data, apply(data, edits))
    return lines, list(dict.fromkeys(by_hand))
