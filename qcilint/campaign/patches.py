"""Patches as `git am` takes them: a mail with the commit message, then the diffs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime

from qcilint import __version__
from qcilint.campaign.errors import CampaignError
from qcilint.discovery import printable
from qcilint.records import dataclass

_ENDS_MESSAGE = re.compile(r"(?m)^(---|diff -|Index: |From )")
"""Lines at which `git am` takes the message to be over (git-am(1), DISCUSSION)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A commit message with what stands around it."""

    title: str
    body: str
    author: str
    """`Name <mail>`."""
    date: int
    """Seconds since the epoch."""

    @property
    def text(self) -> str:
        """The whole message."""
        return f"{self.title}\n\n{self.body}".rstrip("\n") + "\n"


def commit_body(text: str, trailers: Iterable[str]) -> str:
    """The text and the trailers. Raises CampaignError for a text that `git am` would cut."""
    if found := _ENDS_MESSAGE.search(text):
        raise CampaignError(f"the commit message has a line that starts with {found[1]!r}, where git ends a message; reword it")
    return "\n\n".join(part for part in (text.strip("\n"), "\n".join(trailers)) if part)


def mail(message: Message, diffs: Iterable[bytes]) -> bytes:
    """The patch. A file with CRLF line ends needs `git am --keep-cr`."""
    name, _, address = message.author.rpartition(" <")
    head = [
        "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001",
        f"From: {_encoded(name)} <{address}",
        f"Date: {format_datetime(datetime.fromtimestamp(message.date, UTC))}",
        f"Subject: {_encoded('[PATCH] ' + message.title)}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        message.body,
        "---",
        "",
    ]
    # The signature separator is what `git am` and `git apply` take for the end of the last diff.
    return "\n".join(head).encode() + b"".join(diffs) + f"-- \nqcilint {__version__}\n".encode()


def _encoded(text: str) -> str:
    """A header value: as it is where it is ASCII, else encoded words (RFC 2047)."""
    text = printable(text)
    return text if text.isascii() else Header(text, "utf-8").encode(linesep="\n")
