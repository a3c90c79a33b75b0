"""What has been done: an SQLite file beside CAMPAIGN.toml. Every step is written down before or after it such that, after a
stop at any moment, the next run finds what is there instead of doing it twice. docs/campaign.md describes the tables.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from qcilint.campaign.errors import CampaignError
from qcilint.campaign.model import Change
from qcilint.discovery import printable

VERSION = 2
PENDING, PUSHED, OPEN, MERGED, CLOSED, FAILED = "pending", "pushed", "open", "merged", "closed", "failed"
STATES = (PENDING, PUSHED, OPEN, MERGED, CLOSED, FAILED)
_SCHEMA = """
CREATE TABLE change (
    id          TEXT PRIMARY KEY,
    repository  TEXT NOT NULL,
    base        TEXT NOT NULL,
    branch      TEXT NOT NULL,
    title       TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'pushed', 'open', 'merged', 'closed', 'failed')),
    reason      TEXT NOT NULL DEFAULT '',
    content     TEXT NOT NULL DEFAULT '',
    push_to     TEXT NOT NULL DEFAULT '',
    pushed      TEXT NOT NULL DEFAULT '',
    number      INTEGER NOT NULL DEFAULT 0,
    url         TEXT NOT NULL DEFAULT '',
    described   TEXT NOT NULL DEFAULT '',
    asked       TEXT NOT NULL DEFAULT '',
    checks      TEXT NOT NULL DEFAULT '',
    conflict    INTEGER NOT NULL DEFAULT 0,
    updated     INTEGER NOT NULL
);
CREATE TABLE made (
    change      TEXT NOT NULL,
    sha         TEXT NOT NULL,
    content     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (change, sha)
);
CREATE TABLE log (
    at          INTEGER NOT NULL,
    change      TEXT NOT NULL,
    text        TEXT NOT NULL
);
CREATE TABLE setting (
    key         TEXT PRIMARY KEY,
    value       TEXT NOT NULL
);
"""


_CHANGES = ("", "ALTER TABLE change ADD COLUMN asked TEXT NOT NULL DEFAULT ''")
"""What makes the tables of each version those of the next."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one change."""

    id: str
    repository: str
    base: str
    branch: str
    title: str
    state: str
    reason: str
    """Why it failed, or what to look at."""
    content: str
    """Of the change that was last pushed (see `Change.content`)."""
    push_to: str
    """The repository that the branch is in."""
    pushed: str
    """The commit that the branch was last given."""
    number: int
    """Of the pull request; 0: none yet."""
    url: str
    described: str
    """Digest of the title and body that were last sent."""
    asked: str
    """JSON: the labels, assignees and reviewers that GitHub was asked for and took; empty for none."""
    checks: str
    """Names of the failing checks, separated by commas."""
    conflict: int
    """1 where GitHub cannot merge the branch."""
    updated: int
    """Seconds since the epoch."""


class State:
    """The file, open. Each method is one transaction."""

    def __init__(self, path: str, *, dry_run: bool = False) -> None:
        """Open or make it. With `dry_run` everything happens in memory. Raises CampaignError."""
        self.path = path
        try:
            if dry_run:
                self._database = sqlite3.connect(":memory:")
                if os.path.exists(path):
                    source = sqlite3.connect(f"file:{_uri(path)}?mode=ro", uri=True)
                    source.backup(self._database)
                    source.close()
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                self._database = sqlite3.connect(path, timeout=30)
                self._database.execute("PRAGMA synchronous = FULL")
            self._prepare()
        except sqlite3.Error as error:
            raise CampaignError(f"{printable(path)}: {error}; it is no state of a campaign, or damaged") from None
        self._database.row_factory = sqlite3.Row

    def _prepare(self) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise CampaignError(f"{printable(self.path)}: written by a newer qcilint; use that one")
        if version < VERSION:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                version = self._database.execute("PRAGMA user_version").fetchone()[0]  # another run may have been faster
                for statement in _SCHEMA.split(";") if version == 0 else _CHANGES[version:]:
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def adopt(self, changes: Iterable[Change]) -> None:
        """Add the changes of a plan that are not known yet; one that was merged and has something new to do starts again."""
        now = int(time.time())
        with self._database:
            for change in changes:
                known = self.find(change.id)
                if known is None:
                    self._database.execute(
                        "INSERT INTO change (id, repository, base, branch, title, updated) VALUES (?, ?, ?, ?, ?, ?)",
                        (change.id, change.repository, change.base, change.branch, change.title, now),
                    )
                elif known.state == MERGED and known.content != change.content:
                    self._database.execute(
                        "UPDATE change SET state = 'pending', number = 0, url = '', described = '', asked = '', reason = '', "
                        "branch = ?, title = ?, updated = ? WHERE id = ?",
                        (change.branch, change.title, now, change.id),
                    )

    def find(self, key: str) -> Record | None:
        """The record of a change, if there is one."""
        row = self._database.execute("SELECT * FROM change WHERE id = ?", (key,)).fetchone()
        return _record(row) if row else None

    def get(self, key: str) -> Record:
        """The record of a change that was adopted."""
        found = self.find(key)
        if found is None:
            raise CampaignError(f"{printable(self.path)}: knows nothing of {printable(key)}; run the command again")
        return found

    def all(self) -> Iterator[Record]:
        """Every record, by id."""
        for row in self._database.execute("SELECT * FROM change ORDER BY id").fetchall():
            yield _record(row)

    def update(self, key: str, text: str = "", **values: str | int) -> Record:
        """Set columns of a change; `text` goes to the log. Returns the new record."""
        columns = ", ".join(f"{name} = ?" for name in (*values, "updated"))
        now = int(time.time())
        with self._database:
            self._database.execute(f"UPDATE change SET {columns} WHERE id = ?", (*values.values(), now, key))  # noqa: S608
            if text:
                self._database.execute("INSERT INTO log VALUES (?, ?, ?)", (now, key, text))
        return self.get(key)

    def remember(self, key: str, sha: str, content: str) -> None:
        """Write down a commit as ours, before it is pushed."""
        with self._database:
            self._database.execute("INSERT OR IGNORE INTO made VALUES (?, ?, ?, ?)", (key, sha, content, int(time.time())))

    def made(self, key: str) -> dict[str, str]:
        """The commits that were made for a change, each with the content that it has."""
        rows = self._database.execute("SELECT sha, content FROM made WHERE change = ?", (key,)).fetchall()
        return {str(row[0]): str(row[1]) for row in rows}

    def setting(self, key: str) -> str:
        """A value of the campaign; empty where there is none."""
        row = self._database.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set(self, key: str, value: str) -> None:
        """Keep a value of the campaign."""
        with self._database:
            self._database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))


def _record(row: sqlite3.Row) -> Record:
    return Record(**{item.name: row[item.name] for item in fields(Record)})


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
