"""The catalogue of a checkout of openshift/release, kept beside the rows of its files from one run to the next.

It is used again while the checkout has the same commit and git sees no change in the files that it is made from; where there are
changes, while these have the same content. What was left out of it is kept with it, to be told again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping

from qcilint import __version__
from qcilint.catalog import CatalogError, document
from qcilint.catalog.build import STEP_REGISTRY, build
from qcilint.catalog.cache import FORMAT, Cache, digest, path_for
from qcilint.catalog.model import Catalog
from qcilint.ci_operator import mirroring
from qcilint.ci_operator.release import CONFIGURATIONS
from qcilint.discovery import printable
from qcilint.git import run_git
from qcilint.source import read

SOURCES = (CONFIGURATIONS, STEP_REGISTRY, mirroring.PATH)
"""What a catalogue is made from."""
MOST_CHANGED = 1000
"""Changed files up to which their content tells whether anything changed since."""
MOST_TOLD = 5
"""Files left out that are named."""
_NOTHING = "what QCI holds is not known, and no image is looked up"


def catalog_of(root: str, jobs: int, environment: Mapping[str, str], tell: Callable[[str], None]) -> Catalog | None:
    """The catalogue of the checkout at `root`; None where what is copied to QCI cannot be read: too much would be missing.

    `tell` takes lines about its making. Raises CatalogError, or WorkerError.
    """
    if not os.path.isfile(os.path.join(root, mirroring.PATH)):
        tell(f"{printable(root)} has no {mirroring.PATH}: {_NOTHING}")
        return None
    kept = path_for(root, environment)
    path, key = f"{kept.removesuffix('.json')}.catalog.json", _state(root)
    catalog, problems = _load(path, key, root)
    if catalog is None:
        cache = Cache(kept)
        if not cache.entries:
            tell(f"reading {printable(root)} for what QCI should hold; later runs read only what changed")
        built = build(root, cache, jobs)
        if not built.mirrors:
            tell(f"warning: {built.problems[-1]}: {_NOTHING}")
            return None
        catalog, problems = built.catalog, built.problems
        catalog.path = root
        trouble = cache.save() or _save(path, key, catalog, problems)
        if trouble:
            tell(f"warning: {printable(trouble)}")
    for problem in problems[:MOST_TOLD]:
        tell(f"warning: left out of the catalogue: {problem}")
    if len(problems) > MOST_TOLD:
        tell(f"warning: left out of the catalogue: {len(problems) - MOST_TOLD} more; `qcilint catalog build` names all")
    return catalog


def _state(root: str) -> str:
    """A text that changes with the files that count; empty where git cannot tell."""
    told = run_git(root, "rev-parse", "HEAD", "--show-prefix")
    status = run_git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored", "--", *SOURCES)
    if told is None or status is None or run_git(root, "config", "--get", "core.sparseCheckout") == b"true\n":
        return ""  # a file that is left out is no change to git
    changed = [os.fsdecode(entry[3:]) for entry in status.split(b"\0") if entry]
    if len(changed) > MOST_CHANGED:
        return ""
    top = (run_git(root, "rev-parse", "--show-toplevel") or b"").rstrip(b"\n")
    contents = (_content(os.path.join(os.fsdecode(top), name)) for name in changed)
    return digest(b"\0".join([told, status, *contents]))


def _content(path: str) -> bytes:
    try:
        return digest(read(path)).encode()
    except OSError:
        return b""


def _load(path: str, key: str, root: str) -> tuple[Catalog | None, list[str]]:
    """The catalogue that was kept for this state, and what was left out of it."""
    if not key:
        return None, []
    try:
        with open(path, "rb") as file:
            head, _, rest = file.read().partition(b"\n")
        found = json.loads(head)
        if found["state"] != [FORMAT, __version__, key]:
            return None, []
        return document.parse(rest, root), [str(problem) for problem in found["problems"]]
    except (OSError, ValueError, KeyError, TypeError, CatalogError, RecursionError):
        return None, []


def _save(path: str, key: str, catalog: Catalog, problems: list[str]) -> str:
    """Keep a catalogue; returns what went wrong, or nothing."""
    if not key:
        return ""
    head = json.dumps({"state": [FORMAT, __version__, key], "problems": problems})
    try:
        document.replace(path, "".join(f"{line}\n" for line in (head, *document.dumped(catalog))))
    except CatalogError as error:
        return str(error)
    return ""
