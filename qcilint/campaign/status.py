"""How the pull requests fare, as GitHub says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from qcilint.campaign.errors import ChangeError
from qcilint.campaign.pulls import Pulls
from qcilint.campaign.state import FAILED, OPEN, STATES, Record, State
from qcilint.discovery import printable


def refresh(record: Record, state: State, pulls: Pulls, *, checks: bool = True) -> Record:
    """Ask GitHub of a pull request, and write down what changed. Raises GitHubError."""
    pull = pulls.get(record.repository, record.number)
    values: dict[str, str | int] = {"state": pull.state, "conflict": int(pull.conflict), "url": pull.url}
    if checks:
        values["checks"] = ", ".join(pulls.failing(record.repository, pull.head)) if pull.state == OPEN else ""
    news = "" if pull.state == record.state else f"{pull.state} #{pull.number}"
    return state.update(record.id, news, **values)


def refresh_all(state: State, pulls: Pulls) -> list[tuple[str, str]]:
    """Ask for every open one; returns those that could not be asked for, and why."""
    failed = []
    for record in state.all():
        if record.state == OPEN:
            try:
                refresh(record, state, pulls)
            except ChangeError as error:
                failed.append((record.id, str(error)))
    return failed


def lines(records: Iterable[Record]) -> Iterator[str]:
    """One line for each change, and a count."""
    counts: Counter[str] = Counter()
    for record in records:
        counts[record.state] += 1
        about = [record.state, *([record.url] if record.url else [])]
        about += ["conflict"] if record.conflict and record.state == OPEN else []
        about += [f"failing: {record.checks}"] if record.checks and record.state == OPEN else []
        about += [record.reason] if record.reason else []
        yield printable(f"{record.id}: {', '.join(about)}")
    yield ", ".join(f"{counts[each]} {each}" for each in STATES if counts[each]) or "nothing was applied yet"


def needs_a_look(record: Record) -> bool:
    """Whether somebody has to do something."""
    return record.state == FAILED or bool(record.reason) or (record.state == OPEN and bool(record.conflict or record.checks))
