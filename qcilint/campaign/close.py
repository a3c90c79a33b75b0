"""Cleans up: closes the pull requests that are still open, and deletes the branches that were made."""

from __future__ import annotations

from qcilint.campaign.apply import fits
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.running import Outcome, Run
from qcilint.campaign.state import CLOSED, MERGED, OPEN, Record
from qcilint.campaign.status import refresh
from qcilint.discovery import printable


def close(run: Run) -> Outcome:
    """Close and delete what was asked for; in a dry run only say so. What somebody else pushed to stays."""
    for record in list(run.state.all()):
        if fits(run, record.id, record.repository, record.state) and record.pushed:
            try:
                _one(run, record)
            except ChangeError as error:
                run.outcome.failed += 1
                run.state.update(record.id, f"failed: {error}", reason=str(error))
                run.say(f"{record.id}: failed: {error}")
    return run.outcome


def _one(run: Run, record: Record) -> None:
    if record.state == OPEN:
        record = refresh(record, run.state, run.pulls, checks=False)
    there = run.work.remote(record.branch, record.push_to)
    if there and there not in run.state.made(record.id):
        raise ChangeError(
            f"branch {printable(record.branch)} holds {there[:12]}, which this campaign did not make: left as it is"
        )
    if record.state == OPEN:
        run.do(record.id, f"close #{record.number}", lambda: run.pulls.close(record.repository, record.number))
        run.outcome.closed += 1
        if not run.options.dry_run:
            run.state.update(record.id, f"closed #{record.number}", state=CLOSED, reason="")
    if there:
        run.do(
            record.id,
            f"delete branch {record.branch} of {record.push_to}",
            lambda: run.work.delete(record.branch, record.push_to, there),
        )
        run.outcome.deleted += 1
    if not run.options.dry_run:
        state = run.state.get(record.id).state
        run.state.update(record.id, "branch deleted", pushed="", state=state if state == MERGED else CLOSED, reason="")
