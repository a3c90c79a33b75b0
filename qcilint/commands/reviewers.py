"""Who is asked about the images that fixes name: a registry, a catalogue, or both."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from qcilint.commands.registries import reviewer, tell
from qcilint.engine import Linter
from qcilint.policy import Policy
from qcilint.reviewed import ReviewedLinter, Reviewer


def reviewed(linter: Linter, policy: Policy, options: argparse.Namespace) -> Linter:
    """The linter, with fixes reviewed as the options and configurations say. Raises SystemExit for unusable options."""
    found = ReviewedLinter(linter, tell)
    found.reviewers += _reviewers(found, policy, options)
    return found


def _reviewers(linter: ReviewedLinter, policy: Policy, options: argparse.Namespace) -> Iterator[Reviewer]:
    if options.verify or options.verify_required:
        yield reviewer(options)  # first: a registry knows better than a list
    if policy.has_catalog or (linter.release is not None and options.catalog != ""):
        from qcilint.catalog.linting import CatalogReviewer
        from qcilint.catalog.sources import Catalogs

        top = linter.release.path if linter.release else ""
        catalogs = Catalogs(policy.catalog_path, top, linter.jobs, tell)
        yield CatalogReviewer(catalogs.of, linter.rule_about_catalog, linter.silence)
