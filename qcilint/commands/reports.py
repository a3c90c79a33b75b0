"""Where the reports of a run go: one to standard output, any number into files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from qcilint.discovery import printable
from qcilint.git import git_root, run_git
from qcilint.output import FORMATS, render
from qcilint.output.run import Run
from qcilint.output.summary import summary
from qcilint.records import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def write_all(options: argparse.Namespace, run: Run) -> bool:
    """Write every report; returns whether all could be written. Files come first: a reader of the output may leave early."""
    written = write_files(options.output, run)
    _tell_of_later_runs(options)
    lines = render(options.format, replace(run, warn=_warn))
    if FORMATS[options.format].is_for_people:
        for line in _unsaid(lines) if options.format != "github" and os.environ.get("GITHUB_ACTIONS") else lines:
            print(line)
        if options.format != "full":
            sys.stdout.flush()
            print(f"qcilint: {summary(run.report, fixing=run.fixing, fixed=run.fixed)}", file=sys.stderr)
    else:
        from qcilint.output.files import encoded

        sys.stdout.flush()
        sys.stdout.buffer.writelines(encoded(lines))
        sys.stdout.buffer.flush()
    return written


def write_files(destinations: Sequence[tuple[str, str]], run: Run) -> bool:
    """Write the reports that go into files; returns whether all could be written."""
    if not destinations:
        return True
    from qcilint.output.colour import Painter
    from qcilint.output.files import encoded
    from qcilint.replacing import replace_file

    plain = replace(run, paint=Painter(on=False), warn=_warn)
    written = True
    for name, path in destinations:
        try:
            replace_file(path, encoded(render(name, plain)))
        except OSError as error:
            print(f"qcilint: error: {printable(path)}: {error.strerror or error}; the report was not written", file=sys.stderr)
            written = False
    return written


def _tell_of_later_runs(options: argparse.Namespace) -> None:
    """Say which reports a later run would check, and heed as files that name images. What CI has checked out does not last."""
    if not options.output or os.environ.get("CI"):
        return
    from qcilint.config_options import policy

    rules = policy(options)
    for _, path in options.output:
        real = os.path.realpath(path)
        top = git_root(os.path.dirname(real))
        listed = top and run_git(top, "ls-files", "--cached", "--others", "--exclude-standard", "--", f":(literal){real}")
        settings = rules.of(real)
        if listed and not (settings.layers and settings.excluded(real)):
            _warn(f"{printable(path)}: later runs will check it; write it elsewhere, let git ignore it, or name it under exclude")


def _warn(text: str) -> None:
    print(f"qcilint: warning: {text}", file=sys.stderr)


def _unsaid(lines: Iterable[str]) -> Iterable[str]:
    """Lines in which a workflow runner sees none of its older commands, which may stand anywhere: `##[…]`."""
    return (line.replace("##[", "# #[") for line in lines)
