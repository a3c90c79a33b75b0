"""Looks through a repository for the files that facts are in, without reading all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable

from qcilint.discovery import run_git
from qcilint.facts import Facts
from qcilint.filetypes import language_of
from qcilint.generated import included_files, written_files
from qcilint.source import read

PATTERN_LANGUAGES = ("shell", "make", "python", "go", "groovy", "javascript", "code", "text", "yaml", "markdown")
"""Languages in which something may look for a text; a Dockerfile or JSON document does not."""
SCRIPT_LANGUAGES = ("make", "shell", "python")
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


def read_scripts(root: str, candidates: set[str], paths: Iterable[str], facts: Facts) -> None:
    """Add to the facts what the makefiles and scripts among `paths` write, include and name.

    `candidates` are the repository paths that matter: those that hold references.
    """
    if not candidates:
        return
    names = {os.fsencode(os.path.basename(path)) for path in candidates}
    for path in paths:
        language = language_of(path, b"")
        if _is_skipped(path) or language not in SCRIPT_LANGUAGES:
            continue
        full = os.path.join(root, path)
        try:
            if os.path.islink(full) or os.path.getsize(full) > LARGEST_SCRIPT:
                continue
            data = read(full)
        except OSError:
            continue
        if language != "python" and any(name in data for name in names):
            facts.scripts[path] = data
        for written, line in written_files(path, data, candidates).items():
            facts.written.setdefault(written, (path, line))
        for name, line in included_files(data).items():
            facts.included.setdefault(name, (path, line))
    for path in _marked(root, candidates):
        facts.marked.add(path)


def tracked(root: str) -> list[str]:
    """Paths of all tracked and unignored files of a git repository; empty outside git."""
    listing = run_git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [os.fsdecode(entry) for entry in (listing or b"").split(b"\0") if entry]


def _marked(root: str, candidates: set[str]) -> list[str]:
    """Paths that .gitattributes marks `linguist-generated`."""
    if not os.path.exists(os.path.join(root, ".gitattributes")):
        return []
    given = b"".join(os.fsencode(path) + b"\0" for path in sorted(candidates))
    answer = (run_git(root, "check-attr", "-z", "--stdin", "linguist-generated", given=given) or b"").split(b"\0")
    rows = zip(answer[::3], answer[2::3], strict=False)
    return [os.fsdecode(path) for path, value in rows if value in (b"set", b"true")]


def _is_skipped(path: str) -> bool:
    return any(path.startswith(folder) or f"/{folder}" in path for folder in _SKIPPED)


def _is_image_references(path: str) -> bool:
    return path.rsplit("/", 1)[-1] == "image-references"
