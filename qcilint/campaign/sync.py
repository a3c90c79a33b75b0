"""Makes the fix again where a branch has moved on: the change is made anew from the files as they are, no text is merged."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from qcilint.campaign import apply, planning
from qcilint.campaign.credentials import Credentials
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.folders import Replaced
from qcilint.campaign.model import Change, Plan, Planned
from qcilint.campaign.progress import Progress
from qcilint.campaign.repositories import Repository
from qcilint.campaign.running import Outcome, Run
from qcilint.campaign.state import OPEN, PUSHED, Record
from qcilint.campaign.status import refresh
from qcilint.campaign.writing import Writer


def stale(run: Run, plan: Plan) -> dict[str, str]:
    """The changes that are open and do not fit their base or the plan any more, each with the reason."""
    found: dict[str, str] = {}
    for change in plan.changes:
        record = run.state.find(change.id)
        if record is None or not apply.fits(run, change.id, change.repository, record.state):
            continue
        try:
            if reason := _stale(run, change, record):
                found[change.id] = reason
        except ChangeError as error:
            run.outcome.failed += 1
            run.say(f"{change.id}: failed: {error}")
    return found


def _stale(run: Run, change: Change, record: Record) -> str:
    """Why the fix has to be made again; empty where it has not."""
    if record.state == OPEN:
        record = refresh(record, run.state, run.pulls, checks=False)
    if record.state not in (OPEN, PUSHED):
        return ""
    if moved := run.work.moved(change, run.work.tip(change).commit):
        return f"{change.base} has moved on in {', '.join(moved[:5])}"
    if record.conflict:
        return "GitHub cannot merge it"
    return "its branch is behind the plan" if record.content != change.content else ""


def sync(run: Run, plan: Plan, credentials: Credentials, progress: Callable[[int], Progress], jobs: int) -> Outcome:
    """Bring what is stale up to date: the plan, the branch, the pull request. Raises CampaignError."""
    reasons = stale(run, plan)
    for key, reason in reasons.items():
        run.say(f"{key}: {reason}: making the fix again")
    if not reasons:
        return run.outcome
    before = {change.id for change in plan.changes}
    names = {(change.repository, change.base) for change in plan.changes if change.id in reasons}
    fresh, folder = replan(run, plan, names, credentials, progress, jobs)
    run.work.plan = folder
    try:
        _say_gone(run, before - {change.id for change in fresh.changes})
        _only(run, fresh, {change.id for change in fresh.changes if change.id in reasons})
    finally:
        if run.options.dry_run:
            shutil.rmtree(folder, ignore_errors=True)
    return run.outcome


def _say_gone(run: Run, keys: set[str]) -> None:
    for key in sorted(keys):
        reason = "nothing is left to do here: close it, with qcilint campaign close"
        if run.state.find(key):
            run.state.update(key, reason, reason=reason)
        run.say(f"{key}: {reason}")


def _only(run: Run, plan: Plan, keys: set[str]) -> None:
    """Apply these changes of a plan."""
    part = Plan(plan.campaign, plan.date, plan.qcilint, plan.unsafe)
    part.changes = [change for change in plan.changes if change.id in keys]
    apply.apply(run, part)


def replan(
    run: Run, plan: Plan, names: set[tuple[str, str]], credentials: Credentials, progress: Callable[[int], Progress], jobs: int
) -> tuple[Plan, str]:
    """Plan some repositories anew; the others stay. Returns the new plan and its folder; in a dry run that is another one."""
    settings = run.settings
    asked = [Repository(each.repository, each.base) for each in plan.repositories if (each.repository, each.base) in names]
    drafts, failed = planning.collect(settings, credentials, asked, progress, jobs)
    for each in failed:
        run.outcome.failed += 1
        run.say(f"{each.key}: failed: {each.error}")
    redone = {(draft.name, draft.repository.branch) for draft in drafts}
    fresh = Plan(plan.campaign, plan.date, plan.qcilint, plan.unsafe, plan.shard, skipped=plan.skipped)
    fresh.repositories = [each for each in plan.repositories if (each.repository, each.base) not in redone]
    fresh.changes = [each for each in plan.changes if (each.repository, each.base) not in redone]
    target = f"{settings.plan}.dry-run" if run.options.dry_run else settings.plan
    with Replaced(target) as folder:
        _copy(settings.plan, folder, fresh.repositories, fresh.changes)
        writer = Writer(folder, settings, planning.author_of(settings), fresh)
        for draft in drafts:
            writer.add(draft)
        planning.finish(folder, fresh, settings)
    return fresh, target


def _copy(old: str, new: str, repositories: list[Planned], changes: list[Change]) -> None:
    """The findings and patches that stay."""
    for path in [each.findings for each in repositories if each.findings] + [each.patch for each in changes]:
        os.makedirs(os.path.dirname(os.path.join(new, path)), exist_ok=True)
        shutil.copyfile(os.path.join(old, path), os.path.join(new, path))
