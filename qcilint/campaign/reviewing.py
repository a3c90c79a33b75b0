"""Fixes that may stand in a plan: where a catalogue or a registry is asked, only those whose image one of them knows."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence

from qcilint.campaign.errors import CampaignError
from qcilint.campaign.settings import Fix
from qcilint.catalog import CatalogError, document
from qcilint.catalog.linting import CatalogReviewer
from qcilint.catalog.model import KNOWN, POSSIBLE, Catalog
from qcilint.discovery import printable
from qcilint.engine import Linter
from qcilint.findings import Finding
from qcilint.holds import take_back
from qcilint.results import FileResult
from qcilint.reviewed import ReviewedLinter, Reviewer
from qcilint.targets import pairs_of

PRESENT = "present"
"""What a registry says of an image that is there (`Finding.verified`)."""


def check(fix: Fix) -> str:
    """A text that changes with what is known of images; read what can be read now. Raises CampaignError."""
    if fix.verify:
        _verification(fix)
    if not fix.catalog:
        return ""
    _catalog(fix.catalog)
    with open(fix.catalog, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def reviewed(linter: Linter, fix: Fix) -> Linter:
    """The linter, with fixes reviewed as the settings ask for. Raises CampaignError."""
    if not (fix.catalog or fix.verify):
        return linter
    found = ReviewedLinter(linter, lambda _: None)
    found.reviewers += _reviewers(found, fix)
    return found


def _reviewers(linter: ReviewedLinter, fix: Fix) -> Iterator[Reviewer]:
    if fix.verify:
        yield _verification(fix)
    catalogs = None
    if fix.catalog:
        catalog = _catalog(fix.catalog)
        catalogs = CatalogReviewer(lambda _: catalog, linter.rule_about_catalog, linter.silence)
        yield catalogs
    yield _OnlyKnown(catalogs)


@functools.cache
def _catalog(path: str) -> Catalog:
    """Read once, before workers are forked: it is large."""
    try:
        return document.read(path)
    except CatalogError as error:
        raise CampaignError(f"fix.catalog: {error}") from None


def _verification(fix: Fix) -> Reviewer:
    from qcilint.registry import SettingsError

    try:
        from qcilint.registry.cache import default_path
        from qcilint.registry.settings import Settings, endpoints
        from qcilint.registry.verify import Verification

        settings = Settings(endpoints(list(fix.verify_registry)), fix.ca_file, cache_path=default_path(os.environ))
        return Verification(settings)
    except ModuleNotFoundError as error:
        raise CampaignError(f"fix.verify needs {printable(error.name or '')}: install qcilint[verify]") from None
    except SettingsError as error:
        raise CampaignError(f"fix.verify: {error}") from None


class _OnlyKnown:
    """Takes every fix back of whose image nobody knows; it comes last."""

    def __init__(self, catalogs: CatalogReviewer | None) -> None:
        self._catalogs = catalogs

    def ask(self, files: Iterable[FileResult]) -> None:
        """It knows nothing itself."""

    def apply(self, file: FileResult) -> FileResult:
        """Take back what is not known, each fix with the reason."""
        for finding in [each for each in file.findings if not self._is_known(each, file)]:
            take_back(file.findings, finding, _reason(finding))
        return file

    def _is_known(self, finding: Finding, file: FileResult) -> bool:
        pairs = pairs_of(finding)
        if not pairs or finding.appends or finding.verified == PRESENT:
            return True
        answer = self._catalogs.answer(finding, file) if self._catalogs else None
        return answer is not None and answer.state in (KNOWN, POSSIBLE) and all(pair.new for pair in pairs)

    def summary(self) -> Sequence[str]:
        """Nothing: a plan lists the reasons."""
        return ()


def _reason(finding: Finding) -> str:
    """Why a fix is not in the plan."""
    known = "; ".join(each for each in (finding.note, finding.reason if finding.level == "unsafe" else "") if each)
    if any(pair.new is None for pair in pairs_of(finding)):
        known = known or "it holds a variable"
    return f"nobody says that the image is in QCI{f': {known}' if known else ''}"
