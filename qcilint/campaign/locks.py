"""Locks between processes that the system gives back when a process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from qcilint.campaign.errors import CampaignError
from qcilint.discovery import printable

_held: set[int] = set()
"""Open files of the locks of this process."""


@contextmanager
def locked(path: str, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a file, which is made if need be. Without `wait`, raises CampaignError where another process holds it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    _held.add(handle)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise CampaignError(f"{printable(path)}: another qcilint campaign is under way; wait for it, or stop it") from None
        yield
    finally:
        _held.discard(handle)
        os.close(handle)


def forget() -> None:
    """Called in a forked process: a lock is its parent's alone, and must be free when the parent dies."""
    for handle in _held:
        os.close(handle)
    _held.clear()
