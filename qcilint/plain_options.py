"""The options of the commonest runs, without the parser of the command line, which takes longer than it takes to fix a file."""

from __future__ import annotations

from types import SimpleNamespace

from qcilint.quick import may_be_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

FLAGS = ("--fix", "--diff", "--force-exclude")
"""What is understood here, each by itself and in front of the paths; the parser understands all."""


def plain_options(arguments: Sequence[str]) -> Namespace | None:
    """The options that the parser would give, None where other options than `FLAGS` are given or something is wrong."""
    at = 0
    while arguments[at : at + 1] and arguments[at] in FLAGS:
        at += 1
    flags, paths = arguments[:at], list(arguments[at:])
    if any(path.startswith("-") for path in paths) or {"--fix", "--diff"} <= set(flags):
        return None
    if not flags and paths and may_be_command(paths[0]):
        return None
    return SimpleNamespace(  # type: ignore[return-value]  # has what a Namespace has
        paths=paths,
        fix="--fix" in flags,
        diff="--diff" in flags,
        force_exclude=True if "--force-exclude" in flags else None,
        verify_registry=[],
        output=[],
        **_DEFAULTS,
    )


_DEFAULTS = {
    "unsafe_fixes": None,
    "add_ignores": None,
    "files_from": None,
    "since": None,
    "staged": False,
    "stdin_filename": None,
    "release_repo": None,
    "verify": False,
    "verify_required": False,
    "ca_file": None,
    "refresh": False,
    "no_cache": False,
    "jobs": None,
    "config": None,
    "isolated": False,
    "select": None,
    "extend_select": None,
    "ignore": None,
    "exclude": None,
    "baseline": None,
    "catalog": None,
    "format": "full",
    "no_suppressions": False,
    "statistics": False,
    "show_kept": False,
    "color": "auto",
    "no_progress": False,
    "json_schema": None,
    "exit_zero": False,
    "exit_non_zero_on_fix": False,
}
