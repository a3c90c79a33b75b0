"""Puts the plans of several shards together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from qcilint.campaign import model, planning
from qcilint.campaign.errors import CampaignError
from qcilint.campaign.folders import Replaced
from qcilint.campaign.model import Plan
from qcilint.campaign.settings import Settings
from qcilint.discovery import printable


def merge(settings: Settings, folders: Sequence[str]) -> Plan:
    """One plan of all these, in the place of that of the settings. Raises CampaignError where they do not belong together."""
    parts = [(folder, model.load(folder)) for folder in folders]
    _check(settings, parts)
    first = parts[0][1]
    plan = Plan(first.campaign, max(part.date for _, part in parts), first.qcilint, first.unsafe)
    with Replaced(settings.plan) as new:
        for folder, part in parts:
            shutil.copytree(folder, new, dirs_exist_ok=True)
            plan.repositories += part.repositories
            plan.changes += part.changes
            plan.skipped += [each for each in part.skipped if each not in plan.skipped]
        planning.finish(new, plan, settings)
    return plan


def _check(settings: Settings, parts: Sequence[tuple[str, Plan]]) -> None:
    seen: dict[str, str] = {}
    shards: dict[str, str] = {}
    for folder, part in parts:
        shown = printable(folder)
        if os.path.realpath(folder) == os.path.realpath(settings.plan):
            raise CampaignError(f"{shown}: is the plan that the result goes to; give the folders of the shards")
        if part.campaign != settings.name:
            raise CampaignError(f"{shown}: the plan of campaign {printable(part.campaign)}, not of {settings.name}")
        if (part.qcilint, part.unsafe) != (parts[0][1].qcilint, parts[0][1].unsafe):
            raise CampaignError(f"{shown}: made by another version of qcilint or with another fix.unsafe; plan all shards alike")
        if part.shard in shards:
            raise CampaignError(
                f"{shown}: shard {part.shard or 'without a number'}, as {shards[part.shard]}; give each shard once"
            )
        shards[part.shard] = shown
        for planned in part.repositories:
            if planned.key in seen:
                raise CampaignError(
                    f"{printable(planned.key)} is in {seen[planned.key]} and in {shown}; plan all shards from one list"
                )
            seen[planned.key] = shown
    counts = {shard.split("/")[1] for shard in shards if shard}
    if len(counts) > 1 or ("" in shards and len(shards) > 1):
        raise CampaignError(f"shards of different counts: {', '.join(shards)}; plan all with the same N")
    missing = [
        f"{number}/{count}" for count in counts for number in range(1, int(count) + 1) if f"{number}/{count}" not in shards
    ]
    if missing:
        raise CampaignError(f"shard {', '.join(missing)} is missing; give the folders of all shards")
