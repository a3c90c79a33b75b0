"""Readers of reports that are no Python packages, installed beside the environment of the tests by `make test`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(sys.prefix) / "consumers" / "node_modules"


def node_package(name: str) -> Path:
    """The folder of an installed package of package.json. Skips the test where it is not installed."""
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip(f"{name} is not installed in {FOLDER}; `make test` installs it where there are Linux, npm and a network")
    return folder
