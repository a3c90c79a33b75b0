"""Looks through a repository for the files that facts are in, without reading all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable

from qcilint.discovery import run_git
from qcilint.facts import written_files as writes
from qcilint.filetypes import language_of
from qcilint.source import read

PATTERN_LANGUAGES = ("shell", "make", "python", "go", "groovy", "javascript", "code", "text", "yaml", "markdown")
"""Languages in which something may look for a text; a Dockerfile or JSON document does not."""
LARGEST_SCRIPT = 1_000_000
"""Bytes; a larger script is no hand-written one."""
_SKIPPED = ("vendor/", "node_modules/", "testdata/", "ci-operator/jobs/", "ci-operator/step-registry/", "ci-operator/config/")


def files_with_facts(root: str, needles: Iterable[bytes]) -> list[str]:
    """Paths of a git repository whose contents may bear on references elsewhere in it; empty outside git."""
    arguments = [argument for needle in needles for argument in ("-e", os.fsdecode(needle))]
    hits = run_git(root, "grep", "-l", "-z", "-I", "-F", "--untracked", *arguments)
    paths = [os.fsdecode(path) for path in (hits or b"").split(b"\0") if path]
    return [
        path
        for path in paths
        if not _is_skipped(path) and (_is_image_references(path) or language_of(path, b"") in PATTERN_LANGUAGES)
    ]


def written_files(root: str, candidates: set[str]) -> dict[str, tuple[str, int]]:
    """Which of `candidates` a Makefile or script of the repository writes: path → where."""
    names = {os.path.basename(path) for path in candidates}
    found: dict[str, tuple[str, int]] = {}
    if not names:
        return found
    listing = run_git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for entry in (listing or b"").split(b"\0"):
        path = os.fsdecode(entry)
        if not path or _is_skipped(path) or language_of(path, b"") not in ("make", "shell"):
            continue
        full = os.path.join(root, path)
        try:
            if os.path.islink(full) or os.path.getsize(full) > LARGEST_SCRIPT:
                continue
            data = read(full)
        except OSError:
            continue
        for written, line in writes(path, data, candidates).items():
            found.setdefault(written, (path, line))
    return found


def _is_skipped(path: str) -> bool:
    return any(path.startswith(folder) or f"/{folder}" in path for folder in _SKIPPED)


def _is_image_references(path: str) -> bool:
    return path.rsplit("/", 1)[-1] == "image-references"
