"""Lints one source, then many: has them analysed, collects the facts, judges."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence

from qcilint import silencing
from qcilint.analysis import Analysis, Analyst, blank
from qcilint.discovery import Selection, Target, walk
from qcilint.git import git_parts, git_root
from qcilint.index import of
from qcilint.results import FileResult, Report
from qcilint.scan import BINARY, OPEN, scan
from qcilint.source import Source, is_binary

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.ci_operator.release import Release
    from qcilint.facts import Facts
    from qcilint.policy import Policy
    from qcilint.progress import Progress
    from qcilint.ruleset import RuleSet
    from qcilint.scope import ChangedFile, Scope
    from qcilint.staged import Contents


class Linter:
    """Applies one set of rules."""

    def __init__(
        self,
        rules: RuleSet,
        *,
        thorough: bool = False,
        release: Release | None = None,
        policy: Policy | None = None,
        suppressing: bool = True,
        jobs: int = 1,
        scope: Scope | None = None,
        staged: Contents | None = None,
        progress: Progress | None = None,
    ) -> None:
        """`thorough`: also report what is kept in files where the rules have nothing to say. `release`: a checkout of
        openshift/release whose configurations are looked at beside the Dockerfiles that they build. `policy`: the
        configurations of the files; `suppressing`: heed suppression comments. `jobs`: processes at a time. `scope`: what
        changed, where nothing else counts. `staged`: the index, where it counts in place of the work tree. `progress`: is
        told how far a run is.
        """
        self.analyst = Analyst(rules, policy=policy, thorough=thorough)
        self.rules, self.thorough, self.policy, self.jobs = rules, thorough, policy, jobs
        self.release, self.suppressing = release, suppressing
        self.scope, self.staged, self.progress = scope, staged, progress

    @property
    def processes(self) -> int:
        """How many processes may judge and fix files."""
        return self.jobs

    def judge(self, analysis: Analysis, facts: Facts, changed: ChangedFile | None = None) -> FileResult:
        """Apply the rules to an analysed source, of which only the `changed` lines count where those are given."""
        from qcilint.imports import composed_in
        from qcilint.judge import judge

        source = analysis.source
        lent = facts.imports.borrowed.get(source.repo_path, ())
        borrowed = composed_in(source.repo_path, source.data, lent, self.analyst.locate) if lent else ()
        rules = self.analyst.rules_for(source)
        findings = judge(analysis.references, analysis.contexts, source, rules, facts, analysis.compositions, borrowed)
        if facts.tree and self.analyst.is_named(source.repo_path):
            from qcilint import file_rules

            findings += file_rules.findings(source, analysis.language, rules, facts.tree)
            findings.sort(key=lambda finding: finding.reference.start)
        unsafe = silencing.apply(findings, source, analysis.language, rules, self.policy, changed, suppressing=self.suppressing)
        return FileResult(analysis.source, analysis.language, findings, facts, unsafe, changed)

    def relint(self, result: FileResult, data: bytes) -> FileResult:
        """Lint other bytes in the place of a file: what a fix would leave behind."""
        source = Source(result.source.path, data, result.source.repo_path)
        analysis = self.analyst.analyse(source, Target(source.path, "", source.repo_path), thorough=True)
        changed = result.changed and result.changed.moved(result.source.data, data)
        if analysis is None:
            return FileResult(source, result.language, [], result.facts, changed=changed)
        return self.judge(analysis, result.facts, changed)

    def lint(self, selection: Selection) -> Report:
        """Lint every selected file. Raises WorkerError."""
        report = Report(checked=selection.count, errors=list(selection.unreadable.items()))
        analyses = self._analyses(selection.targets, report)
        facts = self._facts(analyses, selection)
        if borrowers := self._borrowers(selection, analyses, facts):
            order = {target.path: index for index, target in enumerate(selection.targets)}
            analyses = sorted([*analyses, *borrowers], key=lambda each: order[each.target.path])
        report.files = self._judge_all(analyses, facts)
        return report

    def _analyses(self, targets: Sequence[Target], report: Report) -> list[Analysis]:
        """The analyses of the files that have something to say; the others are read and searched only."""
        if self.staged:
            read = [self.analyst.read(target, self._held(target.root)) for target in targets]
        else:
            tell, paths = self.progress.tell if self.progress else None, [target.path for target in targets]
            known = of(self.rules)
            verdicts = dict(scan(paths, known, self.jobs, follow=True, thorough=self.thorough, tell=tell))
            report.binary = sum(kind == BINARY for kind in verdicts.values())
            for number in known.named([target.repo_path for target in targets] if known.files else ()):
                verdicts.setdefault(number, OPEN)
            opened = [targets[number] for number, kind in sorted(verdicts.items()) if kind != BINARY]
            read = list(self.analyst.read_all(opened, self.jobs, tell))
        analyses = []
        for each in read:
            if isinstance(each, Analysis):
                analyses.append(each)
            elif each is not None and each.reason:
                report.errors.append((each.path, each.reason))
            elif each is not None:
                report.binary += 1
        return analyses

    def _borrowers(self, selection: Selection, analyses: Sequence[Analysis], facts: dict[str, Facts]) -> list[Analysis]:
        """The selected scripts without a host of their own that compose references with names from files they include."""
        if not any(each.imports.borrowed for each in facts.values()):
            return []
        selection.look_at_all()
        known = {analysis.target.path for analysis in analyses}
        return [
            blank(target, facts[target.root].scripts[target.repo_path])
            for target in selection.targets
            if target.root in facts and target.repo_path in facts[target.root].imports.borrowed and target.path not in known
        ]

    def lint_text(self, data: bytes, path: str) -> Report:
        """Lint bytes that stand for the file at `path` (standard input)."""
        report = Report(checked=1)
        if is_binary(data):
            report.binary = 1
            return report
        absolute = os.path.abspath(path)
        root = git_root(os.path.dirname(absolute)) or os.getcwd()
        target = Target(path, root, os.path.relpath(absolute, root).replace(os.sep, "/"))
        if analysis := self.analyst.analyse(Source(path, data, target.repo_path), target):
            facts = self._facts([analysis], Selection([target], whole={root: False}))
            report.files = self._judge_all([analysis], facts)
        return report

    def _judge_all(self, analyses: Sequence[Analysis], facts: dict[str, Facts]) -> list[FileResult]:
        changed = self.scope.files([analysis.target for analysis in analyses]) if self.scope else [None] * len(analyses)
        files = self._judged(analyses, facts, changed)
        is_read = any(known.scripts or known.families or known.readers or known.commands for known in facts.values())
        for known in facts.values():
            pairs = [(file.source, file.findings) for file in files if file.facts is known]
            if is_read:
                from qcilint.holds import hold

                hold(pairs, known, self.processes)
            if known.templates:
                from qcilint.templates import hold_made

                hold_made(pairs, known)
            if known.aliases:
                from qcilint.ci_operator.order import withhold

                withhold(pairs, known)
        return [file for file, analysis in zip(files, analyses, strict=True) if analysis.references or file.findings]

    def _judged(
        self, analyses: Sequence[Analysis], facts: Mapping[str, Facts], changed: Sequence[ChangedFile | None]
    ) -> list[FileResult]:
        """What `judge` says of each, from several processes where that takes long: configurations may count what they see."""
        from qcilint.packed import Packed, pack, unpack
        from qcilint.spread import share

        def work(start: int, stop: int) -> list[tuple[Packed, bool]]:
            pairs = list(zip(analyses[start:stop], changed[start:stop], strict=True))
            files = [self.judge(analysis, facts[analysis.target.root], lines) for analysis, lines in pairs]
            return [(pack(analysis, file.findings), file.unsafe) for (analysis, _), file in zip(pairs, files, strict=True)]

        total, tell = len(analyses), self.progress.tell if self.progress else None
        told = (lambda done: tell(done, total, "files judged")) if tell else None
        outcomes = share(work, total, 1 if self.policy else self.processes, told)
        return [
            FileResult(each.source, each.language, unpack(each, packed), facts[each.target.root], unsafe, lines)
            for each, lines, (packed, unsafe) in zip(analyses, changed, outcomes, strict=True)
        ]

    def _held(self, root: str) -> Mapping[str, bytes] | None:
        return self.staged.held if self.staged and self.staged.root == root else None

    def _facts(self, analyses: Sequence[Analysis], selection: Selection) -> dict[str, Facts]:
        """The facts of each repository: from the files in view, and for a part of a tree from the rest of it too."""
        facts: dict[str, Facts] = {}
        by_root: dict[str, list[Analysis]] = {}
        if not analyses:
            return facts
        from qcilint import repository
        from qcilint.facts import Facts
        from qcilint.tree import Tree

        for analysis in analyses:
            root = analysis.target.root
            if root not in facts:
                facts[root] = Facts(tree=Tree(root, self._held(root)))
            analysis.add_to(facts[root])
            by_root.setdefault(root, []).append(analysis)
        for root, found in by_root.items():
            if not any(analysis.references for analysis in found):
                continue  # nothing that bears on a reference
            inside, held = {analysis.target.repo_path for analysis in found}, self._held(root)
            paths = selection.paths(root)
            if not selection.whole.get(root, False):
                paths, others = self._around(root, inside, paths)
                for other in others:
                    other.add_to(facts[root])
                found += others
            repository.read_scripts(root, inside, paths, facts[root], held)
            facts[root].imports.connect(found, facts[root].scripts)
            self._crosscheck(root, [analysis.source for analysis in found], facts[root])
        return facts

    def _crosscheck(self, root: str, sources: Sequence[Source], facts: Facts) -> None:
        """Look at Dockerfiles together with the configurations that build them."""
        if facts.aliases:
            from qcilint.ci_operator.crosscheck import connect

            connect(sources, facts)
        if self.release is not None:
            self.release.connect(root, sources, facts)

    def _around(self, root: str, inside: Collection[str], selected: list[str]) -> tuple[list[str], list[Analysis]]:
        """All paths of a repository, and the analyses of those files that may bear on the ones `inside`.

        Where git cannot tell they are all that lie in the repository, and outside of one those `selected`.
        """
        paths, found = list[str](), list[Analysis]()
        for names in git_parts(root, untracked=self._held(root) is None):
            paths += names or ()
            found += self._others(root, names or (), inside)
        if not paths:
            paths = walk(root, root, {}) if git_root(root) == root else selected
            return paths, self._others(root, paths, inside)
        return sorted(paths), sorted(found, key=lambda each: each.target.repo_path)

    def _others(self, root: str, paths: Iterable[str], inside: Collection[str]) -> list[Analysis]:
        """The analyses of files that are not selected: only what they say of those that are counts."""
        from qcilint.repository import with_facts

        held = self._held(root) or {}
        paths = [path for path in with_facts(paths) if path not in inside]
        targets = [Target(os.path.join(root, path), root, path) for path in paths]
        verdicts = dict(scan([each.path for each in targets], of(self.rules), self.jobs, follow=False, thorough=self.thorough))
        wanted = [each for number, each in enumerate(targets) if each.repo_path in held or verdicts.get(number) == OPEN]
        return [each for each in self.analyst.read_all(wanted, self.jobs, held=held) if isinstance(each, Analysis)]
