"""Makes the commit of a change and puts it on its branch. Only commits of this campaign are ever replaced."""

from __future__ import annotations

import os
import tempfile

from qcilint.campaign import model
from qcilint.campaign.clones import Cache, Tip
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.gitcli import GitError
from qcilint.campaign.model import Change
from qcilint.campaign.repositories import Repository

_MOST_ARGUMENTS = 500
"""Paths that one git command is given."""


class Branches:
    """Works in the clones of a cache."""

    def __init__(self, cache: Cache, plan: str) -> None:
        self.cache, self.git, self.plan = cache, cache.git, plan

    def tip(self, change: Change) -> Tip:
        """Fetch the newest commit of the branch that a change is for. Raises GitError."""
        repository = Repository(change.repository, change.base)
        asked = self.cache.tip(repository)
        with self.cache.lock(repository, change.base):
            return Tip(asked.branch, self.cache.objects(repository, asked))

    def folder(self, change: Change) -> str:
        """The clone of the branch that a change is for."""
        return self.cache.place(Repository(change.repository, change.base), change.base)

    def moved(self, change: Change, commit: str) -> list[str]:
        """The paths of a change that are not, in this commit, what they were when it was planned."""
        there: dict[str, tuple[str, str]] = {}
        for start in range(0, len(change.paths), _MOST_ARGUMENTS):
            paths = change.paths[start : start + _MOST_ARGUMENTS]
            listing = self.git(self.folder(change), "--literal-pathspecs", "ls-tree", "-r", "-z", commit, "--", *paths)
            for entry in listing.split(b"\0")[:-1]:
                about, path = entry.split(b"\t", 1)
                mode, _, blob = about.decode().split(" ")
                there[os.fsdecode(path)] = (mode, blob)
        return [file.path for file in change.files if there.get(file.path) != (file.mode, file.old)]

    def commit(self, change: Change, parent: str) -> str:
        """Make the commit of a change on top of `parent`; the same change on the same commit gives the same.

        Raises ChangeError where the patch was edited or does not give the files that were planned.
        """
        folder = self.folder(change)
        patch = model.patch_bytes(self.plan, change)
        name, _, mail = change.author.rpartition(" <")
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", name), ("EMAIL", mail.rstrip(">")), ("DATE", f"{change.date} +0000"))
        }
        with self.cache.lock(Repository(change.repository, change.base), change.base), tempfile.TemporaryDirectory() as temporary:
            index = {"GIT_INDEX_FILE": os.path.join(temporary, "index")}
            self.git(folder, "read-tree", parent, environment=index)
            self.git(folder, "apply", "--cached", "--whitespace=nowarn", "-", given=patch, environment=index)
            tree = self.git(folder, "write-tree", "--missing-ok", environment=index).decode().strip()
            given = change.message.encode("utf-8", "surrogateescape")
            commit = self.git(folder, "commit-tree", "-p", parent, tree, given=given, environment=who).decode().strip()
            self._verify(folder, change, parent, commit)
        return commit

    def _verify(self, folder: str, change: Change, parent: str, commit: str) -> None:
        listing = self.git(folder, "diff-tree", "-r", "-z", "--no-renames", parent, commit).split(b"\0")[:-1]
        made = {os.fsdecode(path): about.decode().split(" ")[3] for about, path in zip(listing[::2], listing[1::2], strict=True)}
        if made != {file.path: file.new for file in change.files}:
            raise ChangeError("the patch does not give the files that were planned; make the plan again")

    def remote(self, branch: str, push_to: str) -> str:
        """The commit that a branch has in a repository; empty where there is no such branch."""
        os.makedirs(self.cache.folder, exist_ok=True)
        listing = self.git.text(self.cache.folder, "ls-remote", "--", self._url(push_to), f"refs/heads/{branch}")
        return listing.split("\t")[0]

    def push(self, change: Change, push_to: str, commit: str, expected: str) -> None:
        """Give the branch a commit, if it still has the `expected` one (empty: if it is not there). Raises GitError."""
        folder = self.folder(change)
        arguments = (
            *("push", "--quiet", "--no-verify", f"--force-with-lease=refs/heads/{change.branch}:{expected}"),
            *("--", self._url(push_to), f"{commit}:refs/heads/{change.branch}"),
        )
        try:
            self.git(folder, *arguments)
        except GitError as error:
            if "shallow" not in error.output:
                raise
            # A fork that lags behind lacks the parent of our commit: then the history is needed, without the files in it.
            with self.cache.lock(Repository(change.repository, change.base), change.base):
                self.cache.unshallow(Repository(change.repository, change.base), change.base)
            self.git(folder, *arguments)

    def delete(self, branch: str, push_to: str, expected: str) -> None:
        """Delete a branch, if it still has the `expected` commit. Raises GitError."""
        os.makedirs(self.cache.folder, exist_ok=True)
        lease = f"--force-with-lease=refs/heads/{branch}:{expected}"
        with tempfile.TemporaryDirectory() as temporary:
            self.git(temporary, "init", "--quiet", "--template=", ".")
            self.git(temporary, "push", "--quiet", "--no-verify", lease, "--", self._url(push_to), f":refs/heads/{branch}")

    def _url(self, name: str) -> str:
        return f"{self.cache.git_url}/{name}.git"
