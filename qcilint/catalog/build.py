"""Derives a catalogue from a checkout of openshift/release.

Each file is read by itself, into rows; what the rows of all files say together is decided at the end, so that rows of unchanged
files can be kept from an earlier build (`qcilint.catalog.cache`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from qcilint.catalog import CatalogError
from qcilint.catalog.cache import Cache, Entry, Row, Stamp, digest, stamp
from qcilint.catalog.document import MOST_INPUTS
from qcilint.catalog.model import (
    ART,
    IGNORED,
    INPUT,
    KINDS,
    PROMOTED,
    SUPPLEMENTAL,
    TO_APP_CI,
    WITHHELD,
    Catalog,
    Known,
    Origin,
    Pattern,
)
from qcilint.ci_operator import config, mirroring, tested
from qcilint.ci_operator.config import ConfigError
from qcilint.ci_operator.cutting import cut
from qcilint.ci_operator.promotion import COMMIT, PUBLISHED, images_of
from qcilint.ci_operator.release import CONFIGURATIONS
from qcilint.discovery import printable
from qcilint.git import run_git
from qcilint.qci import StreamTag
from qcilint.source import read
from qcilint.workers import MOST_WORK, run

STEP_REGISTRY = "ci-operator/step-registry"
PER_PIECE = 64
"""Files that a process takes at a time."""
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Built(NamedTuple):
    """A catalogue, and what is to be said of its making."""

    catalog: Catalog
    files: int
    parsed: int
    """Files that had to be read anew."""
    problems: list[str]
    """What is wrong, with path and line; the files are left out."""
    warnings: list[str]
    mirrors: bool
    """What is copied to QCI could be read, too."""


def build(root: str, cache: Cache, jobs: int) -> Built:
    """The catalogue of the checkout at `root`. Raises CatalogError where it is none, or WorkerError."""
    if not os.path.isdir(os.path.join(root, CONFIGURATIONS)):
        raise CatalogError(f"{printable(root)}: no {CONFIGURATIONS} there; name a checkout of openshift/release")
    paths = [*_files(root, CONFIGURATIONS), *(path for path in _files(root, STEP_REGISTRY) if tested.is_step(path))]
    todo = [path for path in paths if not cache.is_current(path, os.path.join(root, path))]
    pieces = _pieces(todo)

    def work(number: int) -> bytes:
        return json.dumps([_entry(root, path, cache) for path in pieces[number]]).encode()

    for piece, answer in zip(pieces, run(work, len(pieces), jobs, decode=json.loads), strict=True):
        for path, row in zip(piece, answer, strict=True):
            cache.put(path, Entry.of(row))
    cache.keep(paths)
    problems, warnings, rows = [], [], []
    for path in paths:
        entry = cache.entries[path]
        shown = printable(os.path.join(root, path))
        if entry.problem:
            problems.append(f"{shown}:{entry.line}: {printable(entry.problem)}")
        rows += [(path, row) for row in entry.rows]
    mirrors = True
    try:
        other, said = _mirroring(root)
    except CatalogError as error:
        mirrors = False
        problems.append(str(error))
        other, said = mirroring.Mirroring(), []
    warnings += said
    commit, date = _version(root, paths)
    images, streams = _merged([*rows, *((mirroring.PATH, row) for row in _rows_of(other))])
    patterns = [
        Pattern(
            each.namespace,
            each.name,
            each.tag,
            Origin(ART, mirroring.PATH, each.line, each.name + (f":{each.tag}" if each.tag else "")),
        )
        for each in other.patterns
    ]
    configurations = sum(path.startswith(CONFIGURATIONS) for path in paths)
    catalog = Catalog(images, streams, patterns, commit, date, "", configurations)
    return Built(catalog, len(paths), len(todo), problems, warnings, mirrors)


def _files(root: str, below: str) -> list[str]:
    """The YAML files of a folder, as ci-operator finds them (openshift/ci-tools `pkg/config/load.go`), sorted."""
    found = []
    for folder, folders, names in os.walk(os.path.join(root, below)):
        folders[:] = [name for name in folders if not name.startswith("..")]
        prefix = os.path.relpath(folder, root).replace(os.sep, "/")
        found += [f"{prefix}/{name}" for name in names if name.endswith((".yaml", ".yml")) and not name.startswith("..")]
    return sorted(found)


def _pieces(paths: list[str]) -> list[list[str]]:
    size = max(PER_PIECE, -(-len(paths) // MOST_WORK))
    return [paths[at : at + size] for at in range(0, len(paths), size)]


def _entry(root: str, path: str, cache: Cache) -> list[object]:
    """What is to be kept of a file: the rows of an earlier build where its content is the same."""
    full = os.path.join(root, path)
    try:
        before = stamp(full)
        data = read(full)
    except OSError as error:
        return list(Entry(Stamp(), "", (), f"{error.strerror}; check the permissions", 1))
    content = digest(data)
    known = cache.entries.get(path)
    if known and known.content == content:
        return list(known._replace(stamp=before))
    try:
        return list(Entry(before, content, tuple(_rows(path, data))))
    except ConfigError as error:
        return list(Entry(before, content, (), error.problem, error.line))


def _rows(path: str, data: bytes) -> Iterator[Row]:
    """What a configuration, or a step of the registry, says of images. Raises ConfigError."""
    if not path.startswith(CONFIGURATIONS):
        for each in tested.of_step(path, data):
            yield Row(INPUT, *each.image, each.line)
        return
    wanted = config.READ | tested.wanted(data)
    try:
        root = config.tree(path, cut(data, wanted), wanted)
    except ConfigError:
        root = config.tree(path, data, wanted)
    read_config = config.of_tree(path, root)
    for image in images_of(read_config):
        # The tag by commit is one image for every commit; what is not published is of no use there.
        if image.state == PUBLISHED:
            yield Row(PROMOTED, *image.image, image.line)
        elif COMMIT not in image.image.tag:
            yield Row(WITHHELD, *image.image, image.line, image.reason)
    for each in tested.inputs_of(root, read_config.metadata):
        yield Row(INPUT, *each.image, each.line)


def _mirroring(root: str) -> tuple[mirroring.Mirroring, list[str]]:
    full = os.path.join(root, mirroring.PATH)
    try:
        found = mirroring.load(full, read(full))
    except OSError as error:
        raise CatalogError(
            f"{printable(full)}: {error.strerror}; it says what is copied to QCI: check out all of openshift/release"
        ) from None
    except ConfigError as error:
        raise CatalogError(f"{printable(full)}:{error.line}: {printable(error.problem)}") from None
    return found, [f"{printable(full)}:{line}: {printable(text)}" for line, text in found.warnings]


def _rows_of(found: mirroring.Mirroring) -> Iterator[Row]:
    for each in found.supplemental:
        if each.ignored:
            yield Row(IGNORED, *each.image, each.line, f"{each.ignored} ({each.source})")
        else:
            yield Row(SUPPLEMENTAL, *each.image, each.line, each.source)
    for each in found.to_app_ci:
        yield Row(TO_APP_CI, *each.image, each.line)
    for broken in found.broken:
        yield Row(IGNORED, *broken.image, broken.line, broken.reason)


def _merged(rows: Iterable[tuple[str, Row]]) -> tuple[dict[StreamTag, Known], dict[StreamTag, Known]]:
    """Images and streams with their places, the strongest kind first, then by path and line."""
    found: dict[StreamTag, list[Origin]] = {}
    for path, row in rows:
        found.setdefault(StreamTag(*row[1:4]), []).append(Origin(row.kind, path, row.line, row.detail))
    images: dict[StreamTag, Known] = {}
    streams: dict[StreamTag, Known] = {}
    for image, origins in found.items():
        ordered = sorted(set(origins), key=lambda origin: (_RANK[origin.kind], *origin))
        inputs = [origin for origin in ordered if origin.kind == INPUT]
        others = [origin for origin in ordered if origin.kind != INPUT]
        if inputs or any(origin.kind != WITHHELD for origin in others):
            others = [origin for origin in others if origin.kind != WITHHELD]  # something else decides
        else:
            others = others[:MOST_INPUTS]
        kept = tuple(sorted([*others, *inputs[:MOST_INPUTS]], key=lambda origin: _RANK[origin.kind]))
        (images if image.tag else streams)[image] = Known(kept, len(inputs))
    return images, streams


def _version(root: str, paths: list[str]) -> tuple[str, str]:
    """The commit that is checked out and its date; outside git the date of the newest file."""
    told = (run_git(root, "log", "-1", "--format=%H %ct") or b"").decode().split()
    if len(told) == 2:
        return told[0], _date(int(told[1]))
    times = [os.stat(os.path.join(root, path)).st_mtime for path in paths if os.path.exists(os.path.join(root, path))]
    return "", _date(int(max(times, default=0)))


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
