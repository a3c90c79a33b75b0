"""`qcilint [PATH…]`: check, show the diff, or fix."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qcilint.discovery import DiscoveryError, Selection, git_root, is_within, printable, read_list, select
from qcilint.engine import FileResult, Linter, Report
from qcilint.ruleset import load_builtin

if TYPE_CHECKING:
    from qcilint.ci_operator.release import Release
    from qcilint.findings import Finding

CLEAN, FOUND, FAILED = 0, 1, 2


def run(options: argparse.Namespace) -> int:
    """Do what the options ask for; returns the exit code."""
    try:
        release = _release(options.release_repo)
        return _run(options, Linter(load_builtin(), thorough=options.show_kept or options.statistics, release=release))
    except DiscoveryError as error:
        print(f"qcilint: error: {error}", file=sys.stderr)
        return FAILED


def _release(path: str | None) -> Release | None:
    if path is None:
        return None
    from qcilint.ci_operator.release import Release

    return Release(path)


def _run(options: argparse.Namespace, linter: Linter) -> int:
    if options.stdin_filename:
        data = sys.stdin.buffer.read()
        outcome = Outcome(linter, linter.lint_text(data, options.stdin_filename), options)
        if options.fix:
            return outcome.fix_stdin(data)
    else:
        outcome = Outcome(linter, linter.lint(_select(options)), options)
    if options.diff:
        return outcome.show_diff()
    if options.fix:
        outcome.fix()
    return outcome.show()


def _select(options: argparse.Namespace) -> Selection:
    paths = list(options.paths)
    if options.files_from:
        try:
            if options.files_from == "-":
                paths += read_list(sys.stdin.buffer.read())
            else:
                with open(options.files_from, "rb") as file:
                    paths += read_list(file.read())
        except OSError as error:
            raise DiscoveryError(
                f"{printable(options.files_from)}: {error.strerror}; --files-from names a list of paths"
            ) from None
    elif not paths:
        paths = ["."]
    selection = select(paths)
    for path, reason in selection.skipped:
        print(f"qcilint: skipped {printable(path)}: {reason}", file=sys.stderr)
    if not selection.targets:
        print("qcilint: no files to check: nothing here is tracked by git or to be found", file=sys.stderr)
    return selection


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

    def _fixed_bytes(self, file: FileResult) -> tuple[bytes, int]:
        """What a file would hold, and how many edits make it so; a refused fix is complained of."""
        from qcilint.edits import FixError
        from qcilint.fixes import fix

        try:
            data, done = fix(
                file.source.data,
                file.findings,
                lambda data: self.linter.relint(file, data).findings,
                unsafe=self.options.unsafe_fixes,
                language=file.language,
            )
        except FixError as error:
            self.failed += 1
            self._complain(file.source.path, f"not fixed: {error}")
            return file.source.data, 0
        return data, len(done)

    def show_diff(self) -> int:
        """Print what `--fix` would change."""
        from qcilint.output import diff

        changed = 0
        for file in self.report.files:
            data, edits = self._fixed_bytes(file)
            if edits:
                changed += 1
                sys.stdout.flush()
                sys.stdout.buffer.writelines(diff.unified(_diff_path(file), file.source.data, data))
        sys.stdout.buffer.flush()
        print(
            f"qcilint: {_count(changed, 'file')} would be changed" if changed else "qcilint: nothing to change", file=sys.stderr
        )
        return FAILED if self.failed else FOUND if changed else CLEAN

    def fix(self) -> None:
        """Rewrite the files; what is left is judged anew."""
        from qcilint.edits import FixError
        from qcilint.fixes import write

        for index, file in enumerate(self.report.files):
            data, edits = self._fixed_bytes(file)
            if not edits:
                continue
            try:
                write(file.source.path, file.source.data, data)
            except FixError as error:
                self.failed += 1
                self._complain(file.source.path, f"not fixed: {error}")
                continue
            self.fixed[file.source.path] = edits
            self.report.files[index] = self.linter.relint(file, data)

    def fix_stdin(self, data: bytes) -> int:
        """Write standard input, fixed, to standard output; what is left is counted on standard error."""
        for index, file in enumerate(self.report.files):
            data, edits = self._fixed_bytes(file)
            if edits:
                self.fixed[file.source.path] = edits
                self.report.files[index] = self.linter.relint(file, data)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        findings = self._reported()
        print(f"qcilint: {self._summary(findings)}", file=sys.stderr)
        return self._exit_code(findings)

    def show(self) -> int:
        """Print the findings; returns the exit code."""
        for line in self._lines():
            print(line)
        findings = self._reported()
        if self.options.format == "text":
            print(self._summary(findings))
        if self.linter.release is not None:
            self._show_release(self.linter.release)
        return self._exit_code(findings)

    def _show_release(self, release: Release) -> None:
        """Say what has to change in openshift/release first, and print the patch for it."""
        from qcilint.ci_operator.release import patch

        seen, needed = len(release.seen), len(release.needed)
        if not needed:
            built = f"{_count(seen, 'configuration')} there {'builds' if seen == 1 else 'build'} Dockerfiles seen here"
            print(f"qcilint: openshift/release: nothing has to change there first ({built})", file=sys.stderr)
            return
        print(f"qcilint: openshift/release: {_count(needed, 'configuration')} must change first", file=sys.stderr)
        if self.options.format == "text":
            print("apply this in openshift/release before a Dockerfile changes here (`git apply`):")
            sys.stdout.flush()
            sys.stdout.buffer.writelines(patch(release))
            sys.stdout.buffer.flush()

    def _lines(self) -> Iterator[str]:
        options = self.options
        if options.format == "json":
            from qcilint.output import json

            yield from json.render(self.report.files, show_kept=options.show_kept, fixed=self.fixed)
            return
        if self.report.files:
            from qcilint.output import colour, text

            paint = colour.Painter(colour.wanted(options.color, sys.stdout))
            yield from text.render(self.report.files, paint, show_kept=options.show_kept)
        if options.statistics:
            from qcilint.output import statistics

            yield from statistics.render(self.report)
            yield ""

    def _reported(self) -> list[Finding]:
        return [finding for file in self.report.files for finding in file.findings if not finding.kept]

    def _exit_code(self, findings: list[Finding]) -> int:
        if self.failed:
            return FAILED
        return FOUND if any(finding.fails for finding in findings) else CLEAN

    def _summary(self, findings: list[Finding]) -> str:
        fixed = sum(self.fixed.values())
        parts = [f"fixed {_count(fixed, 'reference')} in {_count(len(self.fixed), 'file')}"] if self.options.fix else []
        if not findings:
            return ", ".join(parts) or f"no findings in {_count(self.report.checked, 'file')}"
        files = sum(any(not finding.kept for finding in file.findings) for file in self.report.files)
        kind = next(level for level in ("error", "warning", "note") if any(finding.severity == level for finding in findings))
        safe = sum(finding.fixable(unsafe=False) for finding in findings)
        more = sum(finding.fixable(unsafe=True) for finding in findings) - safe
        help_ = [f"{safe} fixable with --fix"] if safe else []
        help_ += (
            [f"{more} more with --unsafe-fixes"]
            if more and safe
            else [f"{more} fixable with --fix --unsafe-fixes"]
            if more
            else []
        )
        tail = f" ({', '.join(help_)})" if help_ else ""
        left = "left" if self.options.fix else ""
        counted = f"{_count(len(findings), 'finding')}{' ' + left if left else ''} in {_count(files, 'file')}{tail}"
        return "; ".join([*parts, f"{kind}: {counted}"])


def _diff_path(file: FileResult) -> str:
    """The path of a file in a diff: from the top of its repository, as `git apply` has it; outside git from here."""
    absolute, working = os.path.abspath(file.source.path), os.path.realpath(os.getcwd())
    if git_root(os.path.dirname(absolute)):
        return file.source.repo_path
    return os.path.relpath(absolute, working) if is_within(absolute, working) else absolute.lstrip("/")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
