"""Clones in a cache: shallow, whole where all files are searched, brought up to date rather than made anew.

Files are read as git has them; where some have to be on disk, they hold the same bytes: no filter, no conversion of line ends,
no hook.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcilint.campaign.errors import ChangeError
from qcilint.campaign.gitcli import Git, GitError
from qcilint.campaign.locks import locked
from qcilint.campaign.repositories import Repository
from qcilint.records import dataclass

if TYPE_CHECKING:
    from qcilint.campaign.snapshot import Snapshot
    from qcilint.scan import Scanner

BASE = "refs/qcilint/base"
"""The commit that was last fetched of the branch."""
_ATTRIBUTES = "* -text -filter -ident -working-tree-encoding\n"
_NO_BLOBS = ("--filter=blob:none",)
_READY, _WHOLE, _PARTIAL = "qcilint-clone", "whole", "partial"
"""The file that says that a clone was set up, and what it holds: the contents of all files, or of those that were needed."""
_SPARSE = ("-c", "core.sparseCheckout=true", "-c", "core.sparseCheckoutCone=false")
WHOLE = ("/*",)
ATTRIBUTES = (".gitattributes",)
"""Patterns of files to write."""
_HEAD = re.compile(r"ref: refs/heads/(\S+)\tHEAD")


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest commit of a branch."""

    branch: str
    commit: str


class Cache:
    """The clones under one folder."""

    def __init__(self, folder: str, git_url: str, git: Git) -> None:
        self.folder, self.git_url, self.git = folder, git_url.rstrip("/"), git

    def url(self, repository: Repository) -> str:
        """Where a repository is fetched from."""
        return repository.local or f"{self.git_url}/{repository.name}.git"

    def tip(self, repository: Repository) -> Tip:
        """Ask for the newest commit. Raises GitError, and ChangeError for a branch that is not there or has no commit."""
        if repository.local:
            return self._local_tip(repository)
        wanted = f"refs/heads/{repository.branch}" if repository.branch else "HEAD"
        os.makedirs(self.folder, exist_ok=True)
        lines = self.git.text(self.folder, "ls-remote", "--symref", "--", self.url(repository), wanted).splitlines()
        branch = next((found[1] for line in lines if (found := _HEAD.fullmatch(line))), repository.branch)
        commit = next((line.split("\t")[0] for line in lines if re.fullmatch(rf"[0-9a-f]+\t{re.escape(wanted)}", line)), "")
        if not commit or not branch:
            raise ChangeError(f"no branch {repository.branch}" if repository.branch else "empty: there is no commit")
        return Tip(branch, commit)

    def _local_tip(self, repository: Repository) -> Tip:
        try:
            commit, branch = self.git.text(repository.local, "rev-parse", "HEAD", "--abbrev-ref", "HEAD").split("\n")
        except (GitError, ValueError):
            raise ChangeError("no git repository with a commit") from None
        return Tip(branch, commit)

    def place(self, repository: Repository, branch: str) -> str:
        """The folder of a clone."""
        if repository.local:
            digest = hashlib.sha256(os.fsencode(repository.local)).hexdigest()[:16]
            return os.path.join(self.folder, "local", digest)
        host = re.sub(r"[^A-Za-z0-9.-]+", "-", re.sub(r"https?://", "", self.git_url))
        return os.path.join(self.folder, host, *repository.name.lower().split("/"), slug(branch))

    def snapshot(self, repository: Repository, tip: Tip, scanner: Scanner) -> tuple[Tip, Snapshot]:
        """The files of a branch, and the commit that they are of. Raises GitError. The caller holds the lock.

        The clone of a local repository is itself: nothing is copied.
        """
        from qcilint.campaign import snapshot

        place = self.place(repository, tip.branch)
        none = f"{place}.none"
        if repository.local:
            return tip, snapshot.read(self.git, repository.local, tip.commit, scanner, none)
        try:
            commit = self.objects(repository, tip, whole=True)
            return Tip(tip.branch, commit), snapshot.read(self.git, place, commit, scanner, none)
        except GitError:
            # A cache may be damaged, by a full disk or a hard stop: once more from nothing.
            shutil.rmtree(place, ignore_errors=True)
            commit = self.objects(repository, tip, whole=True)
            return Tip(tip.branch, commit), snapshot.read(self.git, place, commit, scanner, none)

    def checkout(self, repository: Repository, tip: Tip, patterns: Sequence[str] = WHOLE) -> str:
        """Write the files of a commit of which a snapshot was read into a folder, and return it. Raises GitError.

        The caller holds the lock. `patterns` say which files are written, as in git-sparse-checkout(1).
        """
        folder = self.place(repository, tip.branch)
        self._init(folder, repository, whole=True)
        git_folder = os.path.join(folder, ".git")
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                if path != git_folder:
                    shutil.rmtree(path)
            else:
                os.unlink(path)
        os.makedirs(os.path.join(git_folder, "info"), exist_ok=True)
        _write(os.path.join(git_folder, "info", "attributes"), _ATTRIBUTES)
        _write(os.path.join(git_folder, "info", "sparse-checkout"), "\n".join(patterns) + "\n")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(git_folder, "index"))
        self.git(folder, *_SPARSE, "checkout", "--quiet", "--force", "--no-recurse-submodules", "--detach", tip.commit)
        return folder

    def objects(self, repository: Repository, tip: Tip, *, whole: bool = False) -> str:
        """Fetch the branch without a work tree; returns its commit, newer than the tip if it just moved. Raises GitError.

        `whole`: with the contents of all files; otherwise those that are not there are fetched one by one when they are needed.
        """
        folder = self.place(repository, tip.branch)
        is_whole = self._init(folder, repository, whole=whole)
        for name in ("index.lock", "shallow.lock", "HEAD.lock", "config.lock"):
            with contextlib.suppress(FileNotFoundError):  # left by a process that was killed; we hold our own lock
                os.unlink(os.path.join(folder, ".git", name))
        if self.fetched(repository, tip.branch) == tip.commit:
            return tip.commit
        wanted = f"+refs/heads/{tip.branch}:{BASE}"
        self.git(folder, "fetch", "--quiet", "--depth=1", *(() if is_whole else _NO_BLOBS), "--no-tags",
                 "--no-write-fetch-head", "--no-recurse-submodules", "origin", wanted)  # fmt: skip
        return self.fetched(repository, tip.branch)

    def fetched(self, repository: Repository, branch: str) -> str:
        """The commit that was last fetched of a branch; empty where there is none."""
        folder = self.place(repository, branch)
        if not os.path.isdir(os.path.join(folder, ".git")):
            return ""
        # The reference is read, and not the object: git would fetch a missing object, without what belongs to it.
        return self.git.text(folder, "for-each-ref", "--format=%(objectname)", BASE)

    def unshallow(self, repository: Repository, branch: str) -> None:
        """Fetch the history of a branch, without the files in it. Raises GitError. The caller holds the lock."""
        folder = self.place(repository, branch)
        _write(os.path.join(folder, ".git", _READY), _PARTIAL)
        self.git(folder, "fetch", "--quiet", "--unshallow", *_NO_BLOBS, "--no-tags", "origin", f"refs/heads/{branch}")

    def _init(self, folder: str, repository: Repository, *, whole: bool) -> bool:
        """Make an empty clone that knows where its objects come from; whether it holds or will hold the contents of all files."""
        git_folder = os.path.join(folder, ".git")
        with contextlib.suppress(OSError), open(os.path.join(git_folder, _READY), encoding="ascii") as file:
            is_whole = file.read() == _WHOLE
            if is_whole or not whole:
                return is_whole
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.git(folder, "init", "--quiet", "--template=", ".")
        if repository.local:
            objects = self.git.text(repository.local, "rev-parse", "--path-format=absolute", "--git-path", "objects")
            os.makedirs(os.path.join(git_folder, "objects", "info"), exist_ok=True)
            _write(os.path.join(git_folder, "objects", "info", "alternates"), objects + "\n")
        else:
            with open(os.path.join(git_folder, "config"), "a", encoding="utf-8") as config:
                config.write(f'[remote "origin"]\n\turl = {self.url(repository)}\n')
                config.write("" if whole else "\tpromisor = true\n\tpartialclonefilter = blob:none\n")
        _write(os.path.join(git_folder, _READY), _WHOLE if whole else _PARTIAL)
        return whole

    def lock(self, repository: Repository, branch: str) -> contextlib.AbstractContextManager[None]:
        """Keeps other processes out of a clone."""
        return locked(self.place(repository, branch) + ".lock")


def _write(path: str, text: str) -> None:
    with open(path, "wb") as file:
        file.write(os.fsencode(text))


def slug(text: str) -> str:
    """A name for files and branches, different for different texts."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "x"
    plain = plain[:60].rstrip("-.")
    if plain == text and not plain.endswith(".lock") and ".." not in plain:
        return plain
    return f"{plain.replace('..', '-').removesuffix('.lock')}-{hashlib.sha256(os.fsencode(text)).hexdigest()[:8]}"
