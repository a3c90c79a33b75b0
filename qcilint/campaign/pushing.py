"""The branch of a change: where it lives, what it holds, and how it gets there."""

from __future__ import annotations

from collections.abc import Callable

from qcilint.campaign.errors import ChangeError
from qcilint.campaign.gitcli import GitError
from qcilint.campaign.model import Change
from qcilint.campaign.opening import find
from qcilint.campaign.pulls import Remote
from qcilint.campaign.running import TRIES, Run
from qcilint.campaign.state import CLOSED, FAILED, PENDING, PUSHED, Record
from qcilint.discovery import printable

_LOST = ("stale info", "reference already exists", "fetch first")
"""What git says where the branch is no longer what it was a moment ago."""


class Targets:
    """The repositories that branches are pushed to: each is asked for once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._remotes: dict[str, Remote] = {}
        self._forks: dict[str, Remote] = {}

    def of(self, change: Change) -> Remote:
        """The repository for the branch of a change. Raises ChangeError where it must not go there."""
        name = change.repository
        if name not in self._remotes:
            found = self.run.pulls.remote(name)
            if found is None:
                raise ChangeError(f"{name} is not there, or the token may not see it")
            self._remotes[name] = found
        remote = self._remotes[name]
        if remote.archived:
            raise ChangeError(f"{name} is archived")
        target = self._fork(change) if self.run.settings.pull_request.fork else remote
        if change.branch in (change.base, remote.default_branch, target.default_branch):
            raise ChangeError(f"{change.branch} is a branch that others work on; give another pull-request.branch-prefix")
        return target

    def _fork(self, change: Change) -> Remote:
        name, account = change.repository, self.run.settings.pull_request.fork
        if name not in self._forks:
            there = self.run.pulls.fork_of(name, account)
            if there is None:
                there = Remote(f"{account}/{name.split('/')[1]}", "", archived=False, parent=name)
                self.run.do(change.id, f"fork {name} to {account}", lambda: None)
                if not self.run.options.dry_run:
                    there = self.run.pulls.fork(name, account, self.run.login)
            self._forks[name] = there
        return self._forks[name]


def push(run: Run, change: Change, target: Remote) -> Record:
    """See to it that the branch holds the change. Raises ChangeError and Stop."""
    for attempt in range(TRIES):
        there = _there(run, change, target)
        made = run.state.made(change.id)
        if there and there not in made:
            where = f"branch {printable(change.branch)} of {target.name}"
            raise ChangeError(f"{where} holds {there[:12]}, which this campaign did not make; rename or delete it")
        if there and made[there] == change.content:
            return _pushed(run, change, target, there)
        if not there and (record := _finished(run, change, target)):
            return record
        tip = run.work.tip(change)
        if moved := run.work.moved(change, tip.commit):
            raise ChangeError(f"{change.base} has moved on in {', '.join(map(printable, moved[:5]))}; run plan or sync again")
        commit = run.work.commit(change, tip.commit)
        run.may_open(change.id)
        run.state.remember(change.id, commit, change.content)
        how = f"replacing {there[:12]}" if there else "a new branch"
        try:
            run.do(
                change.id,
                f"push {commit[:12]} to {target.name} {change.branch}, {how}",
                _pusher(run, change, target, commit, there),
            )
            return _pushed(run, change, target, commit)
        except GitError as error:
            # The push of a run that was stopped may have come first: look again.
            if attempt == TRIES - 1 or not any(sign in error.output for sign in _LOST):
                raise
    raise AssertionError("unreachable")


def _pusher(run: Run, change: Change, target: Remote, commit: str, there: str) -> Callable[[], None]:
    return lambda: run.work.push(change, target.name, commit, there)


def _there(run: Run, change: Change, target: Remote) -> str:
    """The commit that the branch has now."""
    if run.options.dry_run and not target.default_branch:
        return ""  # the fork is not there yet
    return run.work.remote(change.branch, target.name)


def _finished(run: Run, change: Change, target: Remote) -> Record | None:
    """The record of a change whose pull request was merged or closed, and its branch deleted."""
    record = run.state.get(change.id)
    if record.content != change.content or not record.pushed:
        return None
    pull = find(run, change, target, record)
    return record if pull and pull.state != "open" else None


def _pushed(run: Run, change: Change, target: Remote, commit: str) -> Record:
    record = run.state.get(change.id)
    state = PUSHED if record.state in (PENDING, FAILED, CLOSED) else record.state
    return run.state.update(
        change.id,
        push_to=target.name,
        pushed=commit,
        content=change.content,
        branch=change.branch,
        title=change.title,
        state=state,
        reason="",
    )
