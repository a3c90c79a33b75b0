"""The command line: its arguments, and which command they are for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from qcilint import __version__, config_options
from qcilint.discovery import printable
from qcilint.output import FORMATS, FormatError, format_name

if TYPE_CHECKING:
    from qcilint.quick import Glance

MOST_JOBS = 256

COMMANDS = ("rule", "map", "images", "config", "baseline", "doctor", "catalog", "campaign", "completion")
"""First words that are commands, each a module of `qcilint.commands` with `parser` and `run`; anything else is a path."""

EPILOG = """\
other commands:
  qcilint rule [ID]     list the rules, or explain one; also new, test, docs
  qcilint map IMAGE     print where an image is in QCI, and the way back
  qcilint images CONFIG list what a ci-operator configuration publishes
  qcilint config [PATH] show which settings and rules are in force for a path
  qcilint baseline write  keep a list of what is there today; also check, prune
  qcilint doctor        why images cannot be pulled from QCI: look at the logins on this machine
  qcilint catalog       list what QCI should hold, from a checkout of openshift/release
  qcilint campaign      migrate many repositories by pull requests
  qcilint completion SHELL  complete words in bash, zsh or fish

exit code:
  0  clean, or everything was fixed (notes do not count)
  1  findings are left; with --diff: something would be changed
  2  wrong usage or configuration, an unreadable file or folder, or a fix that was refused
  130  interrupted

examples:
  qcilint                    check the repository you are in
  qcilint --diff             show what --fix would change
  qcilint --fix              change what is safe to change
  qcilint --show-kept docs   also list what is left alone, and why
  qcilint --add-ignores "not before 4.22"   write a suppression comment for every finding
  qcilint --since main       check what this branch changes
  qcilint --staged           check what the next commit holds
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the main command."""
    parser = argparse.ArgumentParser(
        prog="qcilint",
        usage="qcilint [OPTION …] [PATH …]\n       qcilint COMMAND …\n       qcilint --help",
        description="Find every reference to the old OpenShift CI image registries, say what is wrong with it,\n"
        "and rewrite it to the pullspec of QCI where that is certain.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files or folders (default: the current folder); in git, tracked and unignored files",
    )
    parser.add_argument("--version", action="version", version=f"qcilint {__version__}")
    what = parser.add_argument_group("what to do")
    what.add_argument("--fix", action="store_true", help="rewrite what is safe to rewrite")
    what.add_argument("--diff", action="store_true", help="print what --fix would change; writes nothing")
    what.add_argument(
        "--unsafe-fixes",
        action=argparse.BooleanOptionalAction,
        help="with --fix or --diff: also what is right only if something holds that the file cannot show",
    )
    what.add_argument(
        "--add-ignores",
        metavar="WHY",
        help="write a suppression comment with this reason for every finding, instead of fixing it",
    )
    which = parser.add_argument_group("which files")
    which.add_argument(
        "--files-from",
        metavar="FILE",
        type=config_options.given,
        help="read paths from FILE (- for standard input), separated by NUL or by line ends",
    )
    which.add_argument(
        "--since",
        metavar="REF",
        type=config_options.given,
        help="only findings on lines that changed since HEAD left REF (a branch, a tag or a commit), in commits or in the work "
        "tree, and in files that are new; --fix changes nothing else",
    )
    which.add_argument(
        "--staged", action="store_true", help="only files that are staged, with the content that is staged; writes nothing"
    )
    which.add_argument(
        "--stdin-filename",
        metavar="PATH",
        type=config_options.given,
        help="check standard input as if it were PATH; with --fix, the result goes to standard output",
    )
    which.add_argument(
        "--release-repo",
        metavar="PATH",
        type=config_options.given,
        help="a checkout of openshift/release: look at the configurations that build the Dockerfiles here, and print the patch "
        "for input aliases that must hold a new spelling before a Dockerfile changes; it is also a catalogue (see --catalog)",
    )
    asked = parser.add_argument_group("asking the registry", "only with --verify: nothing else uses the network")
    asked.add_argument(
        "--verify", action="store_true", help="ask whether the images that fixes name exist; fix none that does not"
    )
    asked.add_argument("--verify-required", action="store_true", help="the same, and fix none of which that is not known")
    asked.add_argument("--verify-registry", metavar="HOST=URL", action="append", default=[], help="ask URL instead of HOST")
    asked.add_argument("--ca-file", metavar="FILE", type=config_options.given, help="trust the certificates in FILE, too")
    asked.add_argument("--refresh", action="store_true", help="ask again about what the cache of answers holds")
    asked.add_argument("--no-cache", action="store_true", help="neither read nor write the cache of answers")
    which.add_argument(
        "--jobs",
        type=_jobs,
        metavar="N",
        help="look at files in N processes at the same time (default: as many as there are processors for it)",
    )
    configuration = config_options.add_to(parser)
    config_options.add_baseline_to(configuration)
    config_options.add_catalog_to(configuration)
    shown = parser.add_argument_group("what to show")
    shown.add_argument(
        "--format",
        metavar="FORMAT",
        type=_format,
        default="full",
        help=f"how to print findings: {', '.join(FORMATS)} (default: full)",
    )
    shown.add_argument(
        "-o",
        "--output",
        metavar="FORMAT:FILE",
        type=_destination,
        action="append",
        default=[],
        help="also write a report to FILE; may be given several times",
    )
    shown.add_argument(
        "--no-suppressions", action="store_true", help="report (and fix) what `qcilint: ignore[…]` comments suppress, too"
    )
    shown.add_argument("--statistics", action="store_true", help="also count by rule, by kind of file and by reason")
    shown.add_argument(
        "--show-kept", action="store_true", help="also list the references that are left alone, each with its reason"
    )
    shown.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="when to colour (default: auto)")
    shown.add_argument(
        "--no-progress",
        action="store_true",
        help="do not show on a terminal how far a long run is (never shown where CI is set)",
    )
    shown.add_argument(
        "--json-schema", action=_JsonSchema, nargs=0, help="print the JSON schema of the formats json and jsonl, and exit"
    )
    result = parser.add_argument_group("exit code")
    result.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 even if findings are left; errors still exit with 2"
    )
    result.add_argument("--exit-non-zero-on-fix", action="store_true", help="with --fix: exit with 1 if anything was fixed")
    return parser


class _JsonSchema(argparse.Action):
    def __call__(self, *_: object) -> NoReturn:
        from qcilint.output.json import schema

        print(schema())
        raise SystemExit(0)


def _format(text: str) -> str:
    try:
        return format_name(text)
    except FormatError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _destination(text: str) -> tuple[str, str]:
    from qcilint.output.files import destination

    try:
        return destination(text)
    except FormatError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_JOBS):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_JOBS}")
    return int(text)


def main(arguments: Sequence[str], glance: Glance | None = None) -> int:
    """Run with these arguments; returns the exit code. `glance`: what is known of the files already.

    Raises SystemExit for --help and wrong usage.
    """
    if arguments and arguments[0] in COMMANDS:
        if os.path.lexists(arguments[0]):
            print(f"qcilint: {arguments[0]} is a command; the path of that name is ./{arguments[0]}", file=sys.stderr)
        command = import_module(f"qcilint.commands.{arguments[0]}")
        return int(command.run(command.parser().parse_args(arguments[1:])))
    parser = build_parser()
    options = parser.parse_args(arguments)
    _check(parser, options)
    from qcilint.commands import check

    return check.run(options, glance)


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    config_options.check(parser, options)
    if options.fix and options.diff:
        parser.error("--fix writes and --diff does not: give one of them")
    if options.unsafe_fixes and not (options.fix or options.diff):
        parser.error("--unsafe-fixes goes with --fix or --diff")
    if options.stdin_filename and (options.paths or options.files_from):
        parser.error("--stdin-filename checks standard input only: give no paths")
    if options.stdin_filename and options.fix and options.format != "full":
        parser.error("--stdin-filename with --fix prints the fixed text, so --format does not apply; -o FORMAT:FILE does")
    if options.stdin_filename and (options.since is not None or options.staged):
        parser.error("--stdin-filename checks standard input only: it goes without --since and --staged")
    if options.staged and options.since is not None:
        parser.error("--staged looks at whole files of the index, --since at lines of the work tree: give one of them")
    if options.staged and (options.fix or options.add_ignores is not None):
        parser.error(
            "--staged writes nothing, as the files may hold more than what is staged: run `qcilint --fix FILE…` "
            "(or --add-ignores) on the files, then `git add` them"
        )
    if not (options.verify or options.verify_required):
        for name in ("verify_registry", "ca_file", "refresh", "no_cache"):
            if getattr(options, name):
                parser.error(f"--{name.replace('_', '-')} goes with --verify")
    if options.statistics and options.format != "full":
        parser.error("--statistics goes with --format full")
    if options.diff and (options.format != "full" or options.output):
        parser.error("--diff prints a diff: --format and --output do not apply")
    if options.diff and (options.show_kept or options.statistics):
        parser.error("--diff prints a diff: --show-kept and --statistics do not apply")
    if options.exit_non_zero_on_fix and not options.fix:
        parser.error("--exit-non-zero-on-fix goes with --fix")
    if options.exit_zero and options.exit_non_zero_on_fix:
        parser.error("--exit-zero and --exit-non-zero-on-fix contradict each other: give one of them")
    files = [os.path.realpath(path) for _, path in options.output]
    for (_, path), file in zip(options.output, files, strict=True):
        if files.count(file) > 1:
            parser.error(f"--output names {printable(path)} twice: give each report a file of its own")
