"""What a plan holds and how pull requests fare, as JSON for programs; docs/campaign.md describes both documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from qcilint.campaign import burndown, model, page, status
from qcilint.campaign.model import Plan
from qcilint.campaign.state import OPEN, STATES, Record

VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields do not raise it."""


def plan_text(plan: Plan, folder: str) -> str:
    """A plan that is in a folder, without its findings and texts."""
    changes = [
        {
            "id": change.id,
            "repository": change.repository,
            "base": change.base,
            "branch": change.branch,
            "title": change.title,
            "references": change.references,
            "paths": list(change.paths),
            "patch": change.patch,
            "labels": list(change.labels),
            "reviewers": list(change.reviewers),
            "assignees": list(change.assignees),
            "waits_for": list(plan.waits.get(change.id, ())),
        }
        for change in plan.changes
    ]
    repositories = [
        {
            "key": each.key,
            "repository": each.repository,
            "base": each.base,
            "commit": each.commit,
            "checked": each.checked,
            "fixed": each.fixed,
            "left": each.left,
            "findings": each.findings,
            "error": each.error or None,
        }
        for each in plan.repositories
    ]
    return _text(
        {
            "campaign": plan.campaign,
            "qcilint": plan.qcilint,
            "date": plan.date,
            "unsafe": plan.unsafe,
            "shard": plan.shard or None,
            "folder": folder,
            "files": {"index": model.INDEX, "report": page.NAME, "references": burndown.NAME},
            "fixed": sum(each.fixed for each in plan.repositories),
            "left": sum(each.left for each in plan.repositories),
            "failed": sum(bool(each.error) for each in plan.repositories),
            "repositories": repositories,
            "pull_requests": changes,
            "skipped": [{"name": name, "reason": reason} for name, reason in plan.skipped],
        }
    )


def status_text(campaign: str, records: Sequence[Record], errors: Iterable[tuple[str, str]]) -> str:
    """The changes of a campaign; `errors` are those that GitHub could not be asked about, and why."""
    counts = Counter(record.state for record in records)
    return _text(
        {
            "campaign": campaign,
            "counts": {state: counts[state] for state in STATES},
            "changes": [_change(record) for record in records],
            "errors": [{"id": key, "reason": reason} for key, reason in errors],
        }
    )


def _change(record: Record) -> dict[str, Any]:
    is_open = record.state == OPEN
    return {
        "id": record.id,
        "repository": record.repository,
        "base": record.base,
        "branch": record.branch,
        "push_to": record.push_to or None,
        "pushed": record.pushed or None,
        "title": record.title,
        "state": record.state,
        "number": record.number or None,
        "url": record.url or None,
        "failing_checks": record.checks.split(", ") if record.checks and is_open else [],
        "conflict": bool(record.conflict) and is_open,
        "reason": record.reason or None,
        "needs_a_look": status.needs_a_look(record),
        "updated": record.updated,
    }


def _text(document: dict[str, Any]) -> str:
    # Escapes keep undecodable bytes of paths, and terminals out of harm.
    return json.dumps({"version": VERSION, **document}, indent=1)
