"""Tells, of the commonest runs, whether all is in order before anything heavy is imported: no rules, no parsers, no argparse.

A run that this cannot vouch for starts anew, and does all that the documentation says.
"""

from __future__ import annotations

import os
import stat

from qcilint import index, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qcilint.discovery import Listing
    from qcilint.progress import Progress


_SHARED = "pyproject.toml"
CONFIGURATIONS = (".qcilint.toml", "qcilint.toml", _SHARED)
"""Files in which settings may stand; where there are some, a whole run says what they mean."""
_MOST_JOBS = 32


class Glance:
    """What a first look gave."""

    __slots__ = ("_names", "_opened", "message", "top")

    def __init__(self) -> None:
        self.message: str | None = None
        """What to say where nothing is to be found; None where there may be more to say."""
        self.top = ""
        """The work tree of which all files are listed; empty where none was listed."""
        self._names: list[str] = []
        self._opened: list[str] = []

    def add(self, names: list[str], doubtful: Collection[int] | None = None) -> None:
        """Files of the work tree, with the numbers of those of which there may be more to say; None for all of them."""
        self._names += names
        self._opened += names if doubtful is None else [names[number] for number in doubtful]

    def remember(self, top: str) -> None:
        """All files of a work tree, which is the working directory, are those that were added."""
        self.top = top
        self._names.sort()
        self._opened.sort()

    def listing(self, folder: str) -> Listing | None:
        """The files in a folder and below it, where that is the work tree and the working directory."""
        if folder != self.top:
            return None
        from qcilint.discovery import Listing

        return Listing(self._names, self._opened)


def look(arguments: Sequence[str]) -> Glance:
    """Look at the named files, or at the work tree of git that is the working directory; at nothing for all other arguments."""
    glance = Glance()
    jobs, fixing, paths = _understood(arguments)
    if jobs < 0 or (known := index.load()) is None:
        return glance
    try:
        count = _tree(known, jobs, glance) if paths in ([], ["."]) else _files(paths, known)
    except OSError:
        return glance
    if count is not None:
        glance.message = "fixed 0 references in 0 files" if fixing else f"no findings in {count} file{'' if count == 1 else 's'}"
    return glance


def _understood(arguments: Sequence[str]) -> tuple[int, bool, Sequence[str]]:
    """The number of processes that is given, 0 where none is, and -1 for a command and where there are other options.

    And whether what is found would be fixed, and the paths. Without settings, --force-exclude and --no-progress change nothing.
    """
    jobs, fixing, at = 0, False, 0
    while at < len(arguments):
        word = arguments[at]
        if word == "--fix":
            fixing = True
        elif word == "--jobs" and arguments[at + 1 :]:
            at += 1
            jobs = _few(arguments[at])
        elif word != "--force-exclude":
            break
        at += 1
    paths = arguments[at:]
    if any(path.startswith("-") for path in paths) or (at == 0 and paths and may_be_command(paths[0])):
        jobs = -1
    return jobs, fixing, paths


def _few(text: str) -> int:
    """A number of processes that is neither wrong nor large, -1 for all else."""
    return int(text) if len(text) < 3 and text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_JOBS else -1


def may_be_command(word: str) -> bool:
    """Whether a word may name a module of `qcilint.commands`."""
    return (
        "." not in word and "/" not in word and os.path.exists(os.path.join(os.path.dirname(__file__), "commands", word + ".py"))
    )


def _is_configured(folder: str, known: dict[str, bool]) -> bool:
    """Whether settings may stand in an absolute folder or above it; what is found of folders is remembered in `known`."""
    if folder not in known:
        parent = os.path.dirname(folder)
        known[folder] = any(_may_set(os.path.join(folder, name)) for name in CONFIGURATIONS) or (
            parent != folder and _is_configured(parent, known)
        )
    return known[folder]


def _may_set(path: str) -> bool:
    try:
        with open(path, "rb", buffering=0) as file:
            return not path.endswith(_SHARED) or b"qcilint" in file.readall()
    except FileNotFoundError:
        return False


def _files(paths: Sequence[str], known: index.Index) -> int | None:
    """The number of the files, where all of them are plain, distinct, not reached by a link, and clean."""
    seen = set[tuple[int, int]]()
    folders: dict[str, bool] = {}
    configured: dict[str, bool] = {}
    for path in paths:
        found = os.lstat(path)
        folder = os.path.dirname(path)
        if folder not in folders:
            full = os.path.abspath(folder)
            folders[folder] = os.path.realpath(folder) == full and not _is_configured(full, configured)
        is_named = bool(known.files) and known.named([os.path.abspath(path)])
        if not stat.S_ISREG(found.st_mode) or not folders[folder] or is_named:
            return None
        seen.add((found.st_dev, found.st_ino))
    if len(seen) < len(paths) or scan.scan(paths, known, 1, follow=False):
        return None
    return len(paths)


def _tree(known: index.Index, jobs: int, glance: Glance) -> int | None:
    """The number of the files of the work tree, where all of them are clean."""
    from qcilint.git import git_listings, git_root, paths_of
    from qcilint.workers import WorkerError, default_jobs

    top = os.path.realpath(".")
    if git_root(top) != top or not hasattr(os, "posix_spawnp") or _is_configured(top, {}):
        return None
    listings = git_listings(top)
    shown, jobs = _progress(), jobs or default_jobs()
    try:
        listing = next(listings)
        tracked = _clean(listing, top, known, jobs, glance, shown)
        rest = next(listings)
        untracked = None if tracked is None else _clean(rest, top, known, jobs, glance, shown)
        if untracked is None and listing is not None and rest is not None:
            if tracked is None:
                glance.add(paths_of(rest))
            glance.remember(top)
    except WorkerError:
        return None
    finally:
        if shown:
            shown.close()
    return None if tracked is None or untracked is None else (tracked + untracked or None)


def _progress() -> Progress | None:
    """What shows how far a run is, where somebody may look at it."""
    if not os.isatty(2):
        return None
    import sys

    from qcilint.progress import Progress, wanted

    return Progress(sys.stderr) if wanted(sys.stderr) else None


def _clean(listing: bytes | None, top: str, known: index.Index, jobs: int, glance: Glance, shown: Progress | None) -> int | None:
    """The number of the files that git lists, where all of them are clean."""
    if listing is None:
        return None
    from qcilint.git import paths_of

    names = paths_of(listing)
    named = known.named(names) if any(os.fsencode(part) in listing for part, _, _ in known.files) else []
    verdicts = scan.scan(names, known, jobs, follow=False, tell=shown.tell if shown else None)
    glance.add(names, {*named, *(number for number, _ in verdicts)})
    count = len(names)
    for number, kind in verdicts:
        if kind == scan.ABSENT and not _leads_out(names[number], top):
            count -= 1
        elif kind != scan.BINARY:
            return None
    is_configured = any(os.fsencode(name) + b"\0" in listing for name in CONFIGURATIONS)  # rarely: all names take longer
    if is_configured and any(_may_set(name) for name in names if name.endswith(CONFIGURATIONS)):
        return None
    return count if _are_silent([names[number] for number in named], top, known) else None


def _are_silent(paths: Sequence[str], top: str, known: index.Index) -> bool:
    """Whether the rules about whole files have nothing to say."""
    if not paths:
        return True
    from qcilint.named_files import are_silent

    return are_silent(paths, known.files, top)


def _leads_out(path: str, top: str) -> bool:
    """Whether a path is a link that leads out of the tree: that is told, not passed over."""
    return os.path.islink(path) and not (os.path.realpath(path) + os.sep).startswith(top + os.sep)
