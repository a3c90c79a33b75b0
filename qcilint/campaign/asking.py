"""Labels, assignees and reviewers of a pull request: each is asked for once, and what GitHub does not grant is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial

from qcilint.campaign.github import GitHubError
from qcilint.campaign.model import Change
from qcilint.campaign.running import Run
from qcilint.campaign.state import Record

KINDS = ("labels", "assignees", "reviewers")
_REFUSALS = (403, 404, 410, 422)


def wanted(change: Change) -> str:
    """What a pull request asks for, as the state keeps it; empty for nothing."""
    return _text({kind: list(getattr(change, kind)) for kind in KINDS})


def ask(run: Run, change: Change, record: Record, number: int) -> str:
    """Ask for what has not been asked for yet, and write it down; what was refused, and why. Raises GitHubError.

    A reviewer who has done the review is not asked again.
    """
    before = json.loads(record.asked or "{}")
    granted: dict[str, list[str]] = {}
    refused: list[str] = []
    for kind in KINDS:
        names = list(getattr(change, kind))
        known = [name for name in names if name in before.get(kind, ())]
        new = [name for name in names if name not in known]
        if new:
            run.do(change.id, f"ask for {kind} {', '.join(new)}", lambda: None)
            got, problem = ([], "") if run.options.dry_run else _ASK[kind](run, change, number, new)
            known += got
            refused += [f"{kind} not set: {problem}"] if problem else []
        granted[kind] = [name for name in names if name in known]
    if not run.options.dry_run:
        run.state.update(change.id, "; ".join(refused), asked=_text(granted))
    return "; ".join(refused)


_Answer = tuple[list[str], str]
"""Who or what was granted, and why the others were not."""


def _label(run: Run, change: Change, number: int, names: Sequence[str]) -> _Answer:
    return _tried(partial(run.pulls.label, change.repository, number, names), names)


def _assign(run: Run, change: Change, number: int, names: Sequence[str]) -> _Answer:
    assigned: set[str] = set()
    got, problem = _tried(lambda: assigned.update(run.pulls.assign(change.repository, number, names)), names)
    # GitHub passes over those that it does not take (docs.github.com/rest/issues/assignees).
    missing = [name for name in got if name.lower() not in assigned]
    if missing:
        problem = f"{', '.join(missing)}: not taken by GitHub; the token may not assign, or they are no members"
    return [name for name in got if name not in missing], problem


def _request(run: Run, change: Change, number: int, names: Sequence[str]) -> _Answer:
    """Reviewers: GitHub refuses all of a request for the sake of one, and the author of a pull request for its reviewer."""
    owner = change.repository.split("/")[0].lower()
    others = [name for name in names if name.lower() != run.login.lower() and name.lower().rpartition("/")[0] in ("", owner)]
    passed = [name for name in names if name not in others]
    got, problem = _tried(partial(run.pulls.request, change.repository, number, others), others) if others else ([], "")
    if not problem or len(others) == 1:
        return passed + got, problem
    problems = []
    for name in others:
        one, why = _tried(partial(run.pulls.request, change.repository, number, [name]), [name])
        got += one
        problems += [f"{name}: {why}"] if why else []
    return passed + got, "; ".join(problems)


def _tried(action: Callable[[], object], names: Sequence[str]) -> _Answer:
    try:
        action()
        return list(names), ""
    except GitHubError as error:
        if error.status not in _REFUSALS:
            raise
        return [], str(error)


_ASK = {"labels": _label, "assignees": _assign, "reviewers": _request}


def _text(asked: dict[str, list[str]]) -> str:
    return json.dumps(asked, sort_keys=True) if any(asked.values()) else ""
