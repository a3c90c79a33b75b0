"""The pull request of a change: found where there is one, opened once where there is none."""

from __future__ import annotations

import time

from qcilint.campaign import asking, model
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.github import GitHubError
from qcilint.campaign.model import Change
from qcilint.campaign.pulls import Pull, Remote
from qcilint.campaign.running import TRIES, Run
from qcilint.campaign.state import CLOSED, OPEN, Record


def described(change: Change) -> str:
    """A digest of what a pull request says."""
    return model.digest(f"{change.title}\n{change.body}".encode("utf-8", "surrogateescape"))


def find(run: Run, change: Change, target: Remote, record: Record) -> Pull | None:
    """The pull request of a change, if there is one. One that somebody closed is found, too: it is not opened again unasked."""
    pulls = run.pulls.of_branch(change.repository, target.name.split("/")[0], change.branch)
    mine = [pull for pull in pulls if pull.head_repository.lower() in (target.name.lower(), "")]
    if found := next((pull for pull in mine if pull.state == "open"), None):
        return found
    if CLOSED in run.options.only:
        return None
    return next((pull for pull in mine if record.pushed and pull.head == record.pushed), None)


def see_to(run: Run, change: Change, target: Remote, record: Record) -> None:
    """See to it that the pull request is there and says what it should. Raises ChangeError and Stop."""
    pull = find(run, change, target, record)
    refused = ""
    if pull is None:
        pull = _open(run, change, target)
        if pull is None:  # a dry run
            asking.ask(run, change, record, 0)
            return
    elif pull.state == OPEN and record.described != described(change):
        run.do(change.id, f"describe #{pull.number} anew", lambda: None)
        if not run.options.dry_run:
            run.pulls.describe(change.repository, pull.number, change.title, change.body)
            run.state.update(change.id, described=described(change))
        run.outcome.updated += 1
    if pull.state == OPEN:
        refused = asking.ask(run, change, run.state.get(change.id), pull.number)
    news = "" if (record.state, record.number) == (pull.state, pull.number) else f"{pull.state} #{pull.number}"
    run.state.update(change.id, news, state=pull.state, number=pull.number, url=pull.url, reason=refused)
    run.say(f"{change.id}: {pull.state}: {pull.url}{f', but {refused}' if refused else ''}")


def _open(run: Run, change: Change, target: Remote) -> Pull | None:
    """Open the pull request, once; None in a dry run."""
    _refuse_twins(run, change)
    run.may_open(change.id)
    text = f"open {'a draft of ' if run.options.draft else ''}{change.title!r} for {change.base}"
    _wait_for_pace(run)
    run.do(change.id, text, lambda: None)
    pull = None if run.options.dry_run else _create(run, change, target)
    run.outcome.opened += 1
    return pull


def _create(run: Run, change: Change, target: Remote) -> Pull:
    head = f"{target.name.split('/')[0]}:{change.branch}"
    for attempt in range(TRIES):
        try:
            pull = run.pulls.create(
                change.repository, title=change.title, body=change.body, head=head, base=change.base, draft=run.options.draft
            )
            run.state.update(change.id, described=described(change), asked="")
            return pull
        except GitHubError as error:
            # It may have been opened all the same, or by a run that was stopped.
            if found := find(run, change, target, run.state.get(change.id)):
                return found
            if not error.may_pass or attempt == TRIES - 1:
                raise
            run.pulls.client.sleep(run.settings.github.pause * 2**attempt)
    raise AssertionError("unreachable")


def _refuse_twins(run: Run, change: Change) -> None:
    """One pull request a title: one of an earlier campaign, or under another branch prefix, has to go first."""
    for pull in run.pulls.open_of_base(change.repository, change.base):
        if pull.title == change.title and pull.branch != change.branch and run.login in (pull.author, ""):
            raise ChangeError(f"#{pull.number} has the same title, from branch {pull.branch}; close it, or change the title")


def _wait_for_pace(run: Run) -> None:
    last, now = float(run.state.setting("last_opened") or 0), time.time()
    wait = min(last + run.options.pace - now, run.options.pace)
    if wait > 0:
        run.say(f"{'would wait' if run.options.dry_run else 'waiting'} {wait:.0f} s before the next pull request")
        if not run.options.dry_run:
            run.pulls.client.sleep(wait)
    run.state.set("last_opened", repr(time.time()))
