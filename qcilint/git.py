"""Runs git, and finds the work tree that a folder belongs to."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files pays for every import
    from collections.abc import Callable, Iterator, Sequence


def git_root(folder: str) -> str | None:
    """The top of the git work tree that holds `folder`, or None. Pure look-up, no process."""
    folder = os.path.realpath(folder)
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def git_files(top: str, folder: str = "", *, untracked: bool = True) -> list[str] | None:
    """The sorted paths of the files below `top` that git tracks, and of those that it neither tracks nor ignores.

    They are relative to `top`, and only those below `folder` (`a/b/`) where it is given. None where git cannot tell.
    """
    tracked, rest = git_parts(top, folder, untracked=untracked)
    return None if tracked is None or rest is None else sorted([*tracked, *rest])


def git_parts(top: str, folder: str = "", *, untracked: bool = True) -> Iterator[list[str] | None]:
    """The same in two parts, of which git finds the second while the caller is busy with the first.

    To look for files that it does not track takes it as long as to list the others, and in a large tree much longer.
    """
    for listing in git_listings(top, folder, untracked=untracked):
        yield None if listing is None else paths_of(listing)


def git_listings(top: str, folder: str = "", *, untracked: bool = True) -> Iterator[bytes | None]:
    """The two parts as git writes them, each path with a NUL behind it."""
    inside = ("--", f":(literal){folder}") if folder else ()
    others = start_git(top, "ls-files", "-z", "--others", "--exclude-standard", *inside) if untracked else lambda: b""
    yield run_git(top, "ls-files", "-z", "--cached", "--deduplicate", *inside)
    yield others()


def paths_of(listing: bytes) -> list[str]:
    """The paths in what git wrote."""
    return os.fsdecode(listing).split("\0")[:-1]


def run_git(folder: str, *arguments: str, given: bytes = b"") -> bytes | None:
    """The output of a git command that reads `given`, or None where git is missing or fails.

    Variables that point git at another repository, or change what it prints, are removed: hooks run with some of them set.
    """
    if not given:
        return start_git(folder, *arguments)()
    return _run_git(folder, arguments, given)


def start_git(folder: str, *arguments: str) -> Callable[[], bytes | None]:
    """Start a git command; what this returns waits for its end, and gives what `run_git` says of it."""
    if not hasattr(os, "posix_spawnp"):
        return lambda: _run_git(folder, arguments, b"")
    try:
        return GitProcess(folder, *arguments).output
    except OSError:
        return lambda: None


def _run_git(folder: str, arguments: Sequence[str], given: bytes) -> bytes | None:
    import subprocess

    try:
        done = subprocess.run(
            [*_GIT, *arguments],
            cwd=folder,
            env=_environment(),
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


_GIT = ("git", "-c", "core.quotepath=off")
_FOREIGN = frozenset({
    "GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF", "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
})  # fmt: skip


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in _FOREIGN}


class GitProcess:
    """A git command that runs while other work is done; to start it needs no import. Raises OSError where that fails."""

    def __init__(self, folder: str, *arguments: str) -> None:
        self._output, sink = os.pipe()
        try:
            self._pid = os.posix_spawnp(
                "git",
                [*_GIT, "-C", folder, *arguments],
                _environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_DUP2, sink, 1),
                ],
            )
        except BaseException:
            os.close(self._output)
            raise
        finally:
            os.close(sink)

    def output(self) -> bytes | None:
        """All that it wrote, or None where it failed."""
        with open(self._output, "rb", buffering=0) as pipe:
            written = pipe.readall()
        return written if os.waitpid(self._pid, 0)[1] == 0 else None
