"""`qcilint [PATH…]`: check, show the diff, or fix."""

from __future__ import annotations

import sys

from qcilint import config_options
from qcilint.commands.selecting import scope_of, selected, staged_of
from qcilint.config_files import ConfigError
from qcilint.discovery import DiscoveryError, printable
from qcilint.engine import Linter
from qcilint.output import FORMATS
from qcilint.policy import Policy
from qcilint.quick import Glance
from qcilint.results import FileResult, Report
from qcilint.workers import WorkerError, default_jobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from qcilint.ci_operator.release import Release
    from qcilint.edits import FixError
    from qcilint.findings import Finding
    from qcilint.fixing import Fixed
    from qcilint.output.run import Run
    from qcilint.progress import Progress
    from qcilint.scope import Scope
    from qcilint.staged import Staged

CLEAN, FOUND, FAILED = 0, 1, 2


def run(options: argparse.Namespace, glance: Glance | None = None) -> int:
    """Do what the options ask for; returns the exit code. `glance`: what is known of the files already."""
    try:
        return _run(options, config_options.policy(options), glance or Glance())
    except (ConfigError, DiscoveryError, WorkerError) as error:
        print(f"qcilint: error: {error}", file=sys.stderr)
        return FAILED


def _is_thorough(options: argparse.Namespace) -> bool:
    """Whether references in files with nothing to report are shown, too."""
    formats = {options.format, *(name for name, _ in options.output)}
    return options.show_kept or options.statistics or any(FORMATS[name].wants_kept for name in formats)


def _release(path: str | None) -> Release | None:
    if path is None:
        return None
    from qcilint.ci_operator.release import Release

    return Release(path)


def _progress(options: argparse.Namespace) -> Progress | None:
    """What shows how far the run is, where that is wanted."""
    if options.no_progress or not sys.stderr.isatty():
        return None
    from qcilint.progress import Progress, wanted

    return Progress(sys.stderr) if wanted(sys.stderr) else None


def _run(options: argparse.Namespace, policy: Policy, glance: Glance) -> int:
    if options.stdin_filename:
        data = sys.stdin.buffer.read()
        is_excluded = config_options.is_left_out(options.stdin_filename, policy)
        linter = _linter(policy, options)
        outcome = Outcome(linter, Report() if is_excluded else linter.lint_text(data, options.stdin_filename), options)
        if options.fix:
            return outcome.fix_stdin(data)
    else:
        scope, staged = scope_of(options), staged_of(options)
        selection = selected(options, policy, scope, staged, None if _is_thorough(options) else glance.listing)
        progress = _progress(options)
        linter = _linter(policy, options, scope, staged, progress)
        try:
            report = linter.lint(selection)
        finally:
            if progress:
                progress.close()
        if options.add_ignores is not None:
            from qcilint.commands.ignores import add_all

            code = add_all(linter, report, options.add_ignores.strip())
            return CLEAN if code == FOUND and options.exit_zero else code
        outcome = Outcome(linter, report, options)
    if options.diff:
        return outcome.show_diff()
    if options.fix:
        outcome.fix()
    return outcome.show()


def _linter(
    policy: Policy,
    options: argparse.Namespace,
    scope: Scope | None = None,
    staged: Staged | None = None,
    progress: Progress | None = None,
) -> Linter:
    """A linter for the files that the policy was asked about."""
    release = _release(options.release_repo)
    linter = Linter(
        policy.rules(),
        thorough=_is_thorough(options),
        release=release,
        policy=None if policy.is_plain else policy,
        suppressing=not options.no_suppressions,
        jobs=options.jobs or default_jobs(),
        scope=scope,
        staged=staged,
        progress=progress,
    )
    if options.verify or options.verify_required or policy.has_catalog or release is not None:
        from qcilint.commands.reviewers import reviewed

        linter = reviewed(linter, policy, options)
    return linter


class Outcome:
    """What a run found, and what is done about it."""

    def __init__(self, linter: Linter, report: Report, options: argparse.Namespace) -> None:
        self.linter, self.report, self.options = linter, report, options
        self.fixed: dict[str, int] = {}
        self.failed = len(report.errors)
        for path, reason in report.errors:
            self._complain(path, reason)

    def _complain(self, path: str, reason: str) -> None:
        print(f"qcilint: error: {printable(path)}: {reason}", file=sys.stderr)

    def _fixed(self) -> Iterator[tuple[int, Fixed]]:
        """The files that a fix changes, by their number; a refused fix is complained of."""
        from qcilint.edits import FixError
        from qcilint.fixing import fixed_files

        for number, outcome in fixed_files(self.linter, self.report.files):
            if isinstance(outcome, FixError):
                self._refuse(self.report.files[number], outcome)
            elif outcome.done:
                yield number, outcome

    def _refuse(self, file: FileResult, error: FixError) -> None:
        self.failed += 1
        self._complain(file.source.path, f"not fixed: {error}")

    def show_diff(self) -> int:
        """Print what `--fix` would change."""
        from qcilint.output import diff
        from qcilint.output.paths import from_top
        from qcilint.output.summary import count

        changed = 0
        for number, fixed in self._fixed():
            file, changed = self.report.files[number], changed + 1
            sys.stdout.flush()
            sys.stdout.buffer.writelines(diff.unified(from_top(file), file.source.data, fixed.data))
        sys.stdout.buffer.flush()
        print(f"qcilint: {count(changed, 'file')} would be changed" if changed else "qcilint: nothing to change", file=sys.stderr)
        return FAILED if self.failed else FOUND if changed and not self.options.exit_zero else CLEAN

    def fix(self) -> None:
        """Rewrite the files; what is left is judged anew."""
        from qcilint.edits import FixError
        from qcilint.fixes import write

        for number, fixed in self._fixed():
            file = self.report.files[number]
            try:
                write(file.source.path, file.source.data, fixed.data)
            except FixError as error:
                self._refuse(file, error)
                continue
            self.fixed[file.source.path] = len(fixed.done)
            self.report.files[number] = fixed.left
        self._judge_dockerfiles_anew()

    def _judge_dockerfiles_anew(self) -> None:
        """A configuration that was fixed does something else to the Dockerfiles that it builds."""
        by_facts: dict[int, list[int]] = {}
        for number, file in enumerate(self.report.files):
            if file.facts.problems and self.fixed:
                by_facts.setdefault(id(file.facts), []).append(number)
        for numbers in by_facts.values():
            from qcilint.ci_operator.crosscheck import renew

            files = [self.report.files[number] for number in numbers]
            changed = {file.source.repo_path for file in files if file.source.path in self.fixed}
            stale = renew([file.source for file in files], changed, files[0].facts)
            for number, file in zip(numbers, files, strict=True):
                if file.source.repo_path in stale:
                    self.report.files[number] = self.linter.relint(file, file.source.data)

    def fix_stdin(self, data: bytes) -> int:
        """Write standard input, fixed, to standard output; what is left is counted on standard error."""
        for number, fixed in self._fixed():
            data = fixed.data
            self.fixed[self.report.files[number].source.path] = len(fixed.done)
            self.report.files[number] = fixed.left
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        from qcilint.commands.reports import write_files
        from qcilint.output.summary import summary

        if not write_files(self.options.output, self._described()):
            self.failed += 1
        print(f"qcilint: {summary(self.report, fixing=True, fixed=self.fixed)}", file=sys.stderr)
        return self._exit_code()

    def show(self) -> int:
        """Write the reports that were asked for; returns the exit code."""
        options = self.options
        if self._is_summary_enough():
            from qcilint.output.summary import summary

            print(summary(self.report, fixing=options.fix, fixed=self.fixed))
        else:
            from qcilint.commands.reports import write_all

            if not write_all(options, self._described()):
                self.failed += 1
        if self.linter.release is not None:
            self._show_release(self.linter.release)
        return self._exit_code()

    def _is_summary_enough(self) -> bool:
        """Whether there is nothing to show besides: a run that leaves nothing behind pays for no report."""
        options = self.options
        if options.format != "full" or options.output or options.statistics or options.show_kept:
            return False
        return all(finding.kept for file in self.report.files for finding in file.findings)

    def _show_release(self, release: Release) -> None:
        """Say what has to change in openshift/release first, and print the patch for it."""
        from qcilint.ci_operator.release import patch
        from qcilint.output.summary import count

        seen, needed = len(release.seen), len(release.needed)
        for root in release.unknown:
            hint = "add one: git remote add upstream https://github.com/ORG/REPO"
            print(f"qcilint: openshift/release: {printable(root)}: no remote has configurations there; {hint}", file=sys.stderr)
        if not needed:
            built = f"{count(seen, 'configuration')} there {'builds' if seen == 1 else 'build'} Dockerfiles seen here"
            print(f"qcilint: openshift/release: nothing has to change there first ({built})", file=sys.stderr)
            return
        late = f"; for {len(release.late)} of them, a Dockerfile here has changed already" if release.late else ""
        print(f"qcilint: openshift/release: {count(needed, 'configuration')} must change first{late}", file=sys.stderr)
        if self.options.format == "full":
            lines, by_hand = patch(release)
            if lines:
                print("apply this in openshift/release before a Dockerfile changes here (`git apply`):")
                sys.stdout.flush()
                sys.stdout.buffer.writelines(lines)
                sys.stdout.buffer.flush()
            if by_hand:
                print("change this there by hand before a Dockerfile changes here:", *map(printable, by_hand), sep="\n")

    def _described(self) -> Run:
        from qcilint import __version__
        from qcilint.output.colour import Painter, wanted
        from qcilint.output.run import Run

        options = self.options
        return Run(
            report=self.report,
            rules=tuple(self.linter.rules.by_id.values()),
            version=__version__,
            show_kept=options.show_kept,
            fixing=options.fix,
            fixed=self.fixed,
            statistics=options.statistics,
            paint=Painter(wanted(options.color, sys.stdout)),
            fixes=self._offered,
        )

    def _offered(self, file: FileResult, /, *, unsafe: bool) -> list[Finding]:
        """The findings of a file whose fixes hold up when they are tried; with `unsafe`, the safe ones if all do not."""
        from qcilint.edits import FixError
        from qcilint.fixing import fixed

        try:
            return fixed(self.linter, file, unsafe=unsafe).done
        except FixError:
            return self._offered(file, unsafe=False) if unsafe else []

    def _exit_code(self) -> int:
        options = self.options
        if self.failed:
            return FAILED
        if options.exit_non_zero_on_fix and self.fixed:
            return FOUND
        if options.exit_zero:
            return CLEAN
        return FOUND if any(finding.fails for file in self.report.files for finding in file.findings) else CLEAN
