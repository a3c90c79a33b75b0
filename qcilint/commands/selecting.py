"""Which files a check looks at: paths, lists, what is staged, what changed; without what is excluded."""

from __future__ import annotations

import os
import sys

from qcilint import config_options
from qcilint.discovery import DiscoveryError, Selection, printable, read_list, select
from qcilint.git import run_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from qcilint.discovery import Lister
    from qcilint.policy import Policy
    from qcilint.scope import Scope
    from qcilint.staged import Staged


def scope_of(options: argparse.Namespace) -> Scope | None:
    """What --since asks for."""
    if options.since is None:
        return None
    from qcilint.scope import Scope

    return Scope(options.since)


def staged_of(options: argparse.Namespace) -> Staged | None:
    """What --staged asks for. Raises DiscoveryError."""
    if not options.staged:
        return None
    from qcilint.staged import staged_here

    return staged_here()


def selected(
    options: argparse.Namespace,
    policy: Policy,
    scope: Scope | None,
    staged: Staged | None,
    listing: Lister | None = None,
) -> Selection:
    """The files to look at; says on standard error what is passed over. Raises DiscoveryError and ConfigError.

    `listing` knows the files of some folders.
    """
    paths = _paths(options)
    selection = staged.select(paths) if staged else select(paths, scope.listing if scope else listing)
    if scope:
        scope.keep_to(selection)
    if options.output:
        _leave_out(selection, [path for _, path in options.output])
    for path, reason in selection.skipped:
        print(f"qcilint: skipped {printable(path)}: {reason}", file=sys.stderr)
    tell_unlisted(selection)
    _tell_sparse(selection)
    excluded = config_options.leave_out(selection, policy, paths)
    if not selection.count:
        print(f"qcilint: no files to check: {_why(options, excluded)}", file=sys.stderr)
    return selection


def tell_unlisted(selection: Selection) -> None:
    """Warn of files that git would have told apart."""
    for path in selection.unlisted:
        print(
            f"qcilint: warning: {printable(path)}: git cannot list its files, so ignored ones are taken, too; `git status` there "
            "says why",
            file=sys.stderr,
        )


def _tell_sparse(selection: Selection) -> None:
    """Warn of work trees that lack files on purpose: a script among these may hold back an edit."""
    for root in selection.whole:
        if os.path.exists(f"{root}/.git/info/sparse-checkout") and run_git(root, "config", "core.sparseCheckout") == b"true\n":
            print(
                f"qcilint: warning: {printable(root)}: a sparse checkout: files that are not here are neither checked nor heeded",
                file=sys.stderr,
            )


def _why(options: argparse.Namespace, excluded: int) -> str:
    from qcilint.output.summary import count

    if excluded:
        return f"{count(excluded, 'file')} excluded"
    if options.staged:
        return "nothing here is staged"
    if options.since is not None:
        return f"nothing here changed since {printable(options.since)}"
    return "nothing here is tracked by git or to be found"


def _paths(options: argparse.Namespace) -> list[str]:
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
    return paths


def _leave_out(selection: Selection, reports: list[str]) -> None:
    """Take the reports of this run, as an earlier one wrote them, out of what is checked."""
    names = {os.path.basename(path) for path in reports}
    own = {os.path.realpath(path) for path in reports}
    selection.targets = [
        target
        for target in selection.targets
        if os.path.basename(target.path) not in names or os.path.realpath(target.path) not in own
    ]
