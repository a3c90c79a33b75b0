"""The baseline: findings that were there before, and are to go one by one. A text file that merges well and can only shrink.

One line an entry: path, rule, reference and how often, with tabs between, sorted; never a line number, so that edits elsewhere in
a file change nothing. Paths are relative to the folder of the baseline.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qcilint.config_files import ConfigError, shown
from qcilint.filters import silence
from qcilint.findings import Finding
from qcilint.records import dataclass
from qcilint.replacing import replace_file
from qcilint.source import Source

NAME = "qcilint-baseline.txt"
HEADER = (
    "# Findings of qcilint that were there before, as path, rule, reference and how often.\n"
    "# This list can only shrink: `qcilint baseline prune` takes out what is gone.\n"
)


class Key(NamedTuple):
    """What findings an entry is about."""

    path: str
    rule: str
    reference: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline as it was read."""

    path: str
    """Absolute."""
    entries: Mapping[Key, int]
    lines: Mapping[Key, int]
    """Where each entry stands, from 1."""

    def key(self, finding: Finding, source: Source) -> Key:
        """The key of a finding of a file."""
        return key_of(finding, source, os.path.dirname(self.path))

    def subtract(self, findings: Sequence[Finding], source: Source) -> None:
        """Make the findings of one file silent that the baseline holds. Where there are more of a kind than it holds, all are
        reported: which one is new cannot be told.
        """
        if not self.entries:
            return
        keys = [(finding, self.key(finding, source)) for finding in findings if not finding.kept]
        counts = Counter(key for _, key in keys)
        silent = []
        for finding, key in keys:
            allowed = self.entries.get(key, 0)
            if not allowed:
                continue
            line = self.lines[key]
            if counts[key] <= allowed:
                silent.append((finding, f"in the baseline ({shown(self.path)}:{line})"))
            else:
                finding.related.append(
                    (shown(self.path), line, f"the baseline has {allowed} of these, and there are {counts[key]}")
                )
        silence(findings, silent, "baseline", source)


def key_of(finding: Finding, source: Source, folder: str) -> Key:
    """The key of a finding, its path relative to an absolute folder."""
    path = os.path.relpath(os.path.realpath(source.path), folder).replace(os.sep, "/")
    return Key(path, finding.rule, finding.reference.raw)


def count(files: Iterable[tuple[Source, Sequence[Finding]]], folder: str) -> Counter[Key]:
    """The entries that the reported findings of files make."""
    return Counter(key_of(finding, source, folder) for source, findings in files for finding in findings if not finding.kept)


def read(path: str) -> Baseline:
    """Read a baseline. Raises ConfigError."""
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{shown(path)}: no such file; `qcilint baseline write` makes a baseline") from None
    except OSError as error:
        raise ConfigError(f"{shown(path)}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown(path)}: byte {error.start} is no UTF-8; write the baseline anew") from None
    entries: dict[Key, int] = {}
    lines: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 4 or not re.fullmatch("[1-9][0-9]{0,8}", fields[3]):
            hint = (
                "a merge conflict is left"
                if re.match("<<<<<<<|=======|>>>>>>>", line)
                else "path, rule, reference, number, by tabs"
            )
            raise ConfigError(f"{shown(path)}:{number}: no entry: {hint}; correct it, or delete the file and write it anew")
        key = Key(*map(_unescaped, fields[:3]))
        # A merge may leave an entry twice; as the list can only shrink, the smaller number is right.
        entries[key] = min(int(fields[3]), entries.get(key, int(fields[3])))
        lines[key] = number
    return Baseline(path, entries, lines)


def render(entries: Mapping[Key, int]) -> str:
    """The text of a baseline."""
    rows = ["\t".join((*map(_escaped, key), str(number))) + "\n" for key, number in sorted(entries.items())]
    return HEADER + "".join(row.replace("#", r"\x23", 1) if row.startswith("#") else row for row in rows)


def write(path: str, entries: Mapping[Key, int]) -> None:
    """Replace a baseline in one step. Raises ConfigError."""
    try:
        replace_file(path, (render(entries).encode(),))
    except OSError as error:
        raise ConfigError(f"{shown(path)}: cannot be written: {error.strerror}") from None


def _escaped(text: str) -> str:
    """A field without tabs, line ends and undecodable bytes."""
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text)


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\(?:[\\tnr]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})", lambda match: match[0].encode().decode("unicode_escape"), text
    )
