"""The folder of a plan is replaced as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack

from qcilint.campaign import model
from qcilint.campaign.errors import CampaignError
from qcilint.campaign.locks import locked
from qcilint.discovery import printable


class Replaced:
    """A new folder that takes the place of another when it is complete; whatever happens before, the other stays."""

    def __init__(self, folder: str) -> None:
        self._lock = ExitStack()
        self.folder, self.new, self.old = folder, f"{folder}.new", f"{folder}.old"

    def __enter__(self) -> str:
        lock = os.path.join(os.path.dirname(self.folder), f".{os.path.basename(self.folder)}.lock")
        self._lock.enter_context(locked(lock, wait=False))
        recover(self.folder)
        check(self.folder)
        for leftover in (self.new, self.old):
            shutil.rmtree(leftover, ignore_errors=True)
        os.makedirs(self.new)
        return self.new

    def __exit__(self, kind: object, *_: object) -> None:
        with self._lock:
            self._end(failed=kind is not None)

    def _end(self, *, failed: bool) -> None:
        if failed:
            shutil.rmtree(self.new, ignore_errors=True)
            return
        if os.path.exists(self.folder):
            os.rename(self.folder, self.old)
        os.rename(self.new, self.folder)
        shutil.rmtree(self.old, ignore_errors=True)


def check(folder: str) -> None:
    """Raise CampaignError where a plan cannot take the place of what is there."""
    is_plan = os.path.isdir(folder) and (not os.listdir(folder) or os.path.exists(os.path.join(folder, model.INDEX)))
    if os.path.exists(folder) and not is_plan:
        raise CampaignError(f"{printable(folder)}: is no plan of qcilint, and stays as it is; give another folder")


def recover(folder: str) -> None:
    """Put a folder back that a run was replacing when it was stopped between the two steps."""
    if not os.path.exists(folder) and os.path.exists(f"{folder}.old"):
        os.rename(f"{folder}.old", folder)
