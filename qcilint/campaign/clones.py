"""Clones in a cache: shallow and without the blobs that nobody looks at, brought up to date rather than made anew.

A work tree holds exactly the bytes of the commit: no filter, no conversion of line ends, no hook.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from qcilint.campaign.errors import ChangeError
from qcilint.campaign.gitcli import Git, GitError
from qcilint.campaign.locks import locked
from qcilint.campaign.repositories import Repository

BASE = "refs/qcilint/base"
"""The commit that was last fetched of the branch."""
_ATTRIBUTES = "* -text -filter -ident -working-tree-encoding\n"
_SPARSE = ("-c", "core.sparseCheckout=true", "-c", "core.sparseCheckoutCone=false")
WHOLE = ("/*",)
"""The pattern that every path matches."""
_HEAD = re.compile(r"ref: refs/heads/(\S+)\tHEAD")
_CHECKED_OUT = "qcilint-commit"
"""Names the commit of a complete work tree; missing while one is being written."""


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

    def checkout(self, repository: Repository, tip: Tip, patterns: Sequence[str] = WHOLE) -> Tip:
        """Make the clone's folder a work tree of the branch; returns the commit. Raises GitError. The caller holds its lock.

        `patterns` say which files are written, as in git-sparse-checkout(1).
        """
        folder = self.place(repository, tip.branch)
        marker = os.path.join(folder, ".git", _CHECKED_OUT)
        shape = hashlib.sha256(os.fsencode("\n".join(patterns))).hexdigest()
        with contextlib.suppress(OSError), open(marker, encoding="ascii") as file:
            if file.read() == f"{tip.commit} {shape}":
                return tip
        if os.path.exists(marker):
            os.unlink(marker)
        elif os.path.exists(os.path.join(folder, ".git", "index")):
            shutil.rmtree(folder)  # a run was stopped while it wrote: nobody knows what is there
        try:
            commit = self._check_out(folder, repository, tip, patterns)
        except GitError:
            # A cache may be damaged, by a full disk or a hard stop: once more from nothing.
            shutil.rmtree(folder, ignore_errors=True)
            commit = self._check_out(folder, repository, tip, patterns)
        with open(marker, "w", encoding="ascii") as file:
            file.write(f"{commit} {shape}")
        return Tip(tip.branch, commit)

    def _check_out(self, folder: str, repository: Repository, tip: Tip, patterns: Sequence[str]) -> str:
        commit = self.objects(repository, tip)
        with open(os.path.join(folder, ".git", "info", "sparse-checkout"), "wb") as file:
            file.write(os.fsencode("\n".join(patterns) + "\n"))
        self.git(folder, *_SPARSE, "checkout", "--quiet", "--force", "--no-recurse-submodules", "--detach", commit)
        return commit

    def objects(self, repository: Repository, tip: Tip) -> str:
        """Fetch the branch without a work tree; returns its commit, newer than the tip if it just moved. Raises GitError."""
        folder = self.place(repository, tip.branch)
        self._init(folder, repository)
        for name in ("index.lock", "shallow.lock", "HEAD.lock", "config.lock"):
            with contextlib.suppress(FileNotFoundError):  # left by a process that was killed; we hold our own lock
                os.unlink(os.path.join(folder, ".git", name))
        if repository.local:
            return tip.commit
        wanted = f"+refs/heads/{tip.branch}:{BASE}"
        self.git(folder, "fetch", "--quiet", "--depth=1", "--filter=blob:none", "--no-tags", "--no-write-fetch-head",
                 "--no-recurse-submodules", "origin", wanted)  # fmt: skip
        return self.git.text(folder, "rev-parse", "--verify", BASE)

    def _init(self, folder: str, repository: Repository) -> None:
        """Make an empty clone that knows where its objects come from."""
        git_folder = os.path.join(folder, ".git")
        ready = os.path.join(git_folder, "qcilint-ready")
        if os.path.exists(ready):
            return
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.git(folder, "init", "--quiet", "--template=", ".")
        os.makedirs(os.path.join(git_folder, "info"), exist_ok=True)
        with open(os.path.join(git_folder, "info", "attributes"), "w", encoding="ascii") as file:
            file.write(_ATTRIBUTES)
        if repository.local:
            objects = self.git.text(repository.local, "rev-parse", "--path-format=absolute", "--git-path", "objects")
            os.makedirs(os.path.join(git_folder, "objects", "info"), exist_ok=True)
            with open(os.path.join(git_folder, "objects", "info", "alternates"), "wb") as alternates:
                alternates.write(os.fsencode(objects) + b"\n")
        else:
            with open(os.path.join(git_folder, "config"), "a", encoding="utf-8") as file:
                file.write(
                    f'[remote "origin"]\n\turl = {self.url(repository)}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n'
                )
        with open(ready, "w", encoding="ascii"):
            pass

    def lock(self, repository: Repository, branch: str) -> contextlib.AbstractContextManager[None]:
        """Keeps other processes out of a clone."""
        return locked(self.place(repository, branch) + ".lock")


def slug(text: str) -> str:
    """A name for files and branches, different for different texts."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "x"
    plain = plain[:60].rstrip("-.")
    if plain == text and not plain.endswith(".lock") and ".." not in plain:
        return plain
    return f"{plain.replace('..', '-').removesuffix('.lock')}-{hashlib.sha256(os.fsencode(text)).hexdigest()[:8]}"
