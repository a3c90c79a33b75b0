"""Opens pull requests from a plan, in its order. Each step first looks whether it was done."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from qcilint.campaign.asking import wanted
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.model import Change, Plan
from qcilint.campaign.opening import described, see_to
from qcilint.campaign.pushing import Targets, push
from qcilint.campaign.running import Outcome, Run, Stop
from qcilint.campaign.state import CLOSED, FAILED, MERGED, OPEN
from qcilint.campaign.status import refresh
from qcilint.campaign.texts import count


def apply(run: Run, plan: Plan) -> Outcome:
    """Apply a plan; what fails for one change is said, written down, and counted."""
    run.state.adopt(plan.changes)
    targets = Targets(run)
    if any(_is_wanted(run, change) for change in plan.changes):
        _refresh(run)
    later = 0
    for change in [change for change in plan.changes if _is_wanted(run, change)]:
        if later and run.state.get(change.id).state != OPEN:
            later += 1
            continue
        if waits := _waits(run, plan, change):
            run.outcome.waiting += 1
            run.say(f"{change.id}: waits for {', '.join(waits)}")
            continue
        try:
            _one(run, targets, change)
        except Stop:
            later += 1
        except ChangeError as error:
            run.outcome.failed += 1
            # An open pull request stays open, whatever became of its update.
            state = OPEN if run.state.get(change.id).state == OPEN else FAILED
            run.state.update(change.id, f"failed: {error}", state=state, reason=str(error))
            run.say(f"{change.id}: failed: {error}")
    if later:
        run.outcome.waiting += later
        run.say(f"as many pull requests are open as may be ({run.options.max_open}): {count(later, 'change')} left for later")
    return run.outcome


def fits(run: Run, change_id: str, repository: str, state: str) -> bool:
    """Whether a change is among those that were asked for."""
    only = run.options.only
    return not only or any(state == each or fnmatchcase(change_id, each) or fnmatchcase(repository, each) for each in only)


def _is_wanted(run: Run, change: Change) -> bool:
    record = run.state.get(change.id)
    if record.state == MERGED or not fits(run, change.id, change.repository, record.state):
        return False
    if record.state == CLOSED:
        return CLOSED in run.options.only
    is_done = record.state == OPEN and record.content == change.content and record.described == described(change)
    is_done = is_done and record.asked == wanted(change)
    return not is_done or bool(record.reason)


def _refresh(run: Run) -> None:
    """Ask how the open ones fare: some may wait for them, and only so many may be open."""
    for record in run.state.all():
        if record.state == OPEN:
            try:
                refresh(record, run.state, run.pulls, checks=False)
            except ChangeError as error:
                run.say(f"{record.id}: {error}")


def _waits(run: Run, plan: Plan, change: Change) -> list[str]:
    """What must be merged before, and is not."""
    records = [run.state.get(key) for key in plan.waits.get(change.id, ())]
    return [f"{each.id} ({each.state}{f' #{each.number}' if each.number else ''})" for each in records if each.state != MERGED]


def _one(run: Run, targets: Targets, change: Change) -> None:
    if os.path.isabs(change.repository):
        raise ChangeError(f"a local repository without a remote at {run.settings.github.git}: apply its patch there with git am")
    target = targets.of(change)
    record = push(run, change, target)
    see_to(run, change, target, record)
