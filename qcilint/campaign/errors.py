"""What can go wrong in a campaign, always with the remedy in the text."""

from __future__ import annotations


class CampaignError(Exception):
    """Nothing was done, or nothing more: wrong settings, a plan that cannot be read, another run under way."""


class ChangeError(Exception):
    """One repository or one change cannot go on; the others can."""
