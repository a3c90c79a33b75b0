"""A repository with a bit of everything, for the tests of every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..conftest import DEAD, NEW, OLD, qcilint

FILES: dict[str, str | bytes] = {
    "Dockerfile": f"\ufeff# é 😀\r\nFROM --platform=linux/amd64 {OLD} AS cli\r\nCOPY --from={OLD} /a /b\r\n",
    "images/😀 a/Dockerfile": f"FROM {OLD}\nFROM registry.ci.openshift.org/ocp/release:4.20.1\n",
    "hack/pull.sh": f'#!/bin/bash\necho "é 😀"; podman pull {DEAD}; podman pull {OLD}\npodman login registry.ci.openshift.org\n',
    "pkg/image.go": f'package pkg\n\nconst image = "{OLD}"\n',
    "composed/Dockerfile": "ARG R=registry.ci.openshift.org\nFROM ${R}/ocp/4.20:cli\n",
    "latin/pull.sh": b"# caf\xe9\npodman pull " + OLD.encode() + b" # \xe9\n",
    "docs/a.md": f"{NEW}\n",
    "Makefile": "x:\n\tgrep registry.ci.openshift.org/ocp/.*:base held/Dockerfile\n",
    "held/Dockerfile": "FROM registry.ci.openshift.org/ocp/4.20:base\n",
    "ci-operator/config/o/r/o-r-main.yaml": (
        "base_images: {}\nimages:\n- inputs:\n    root:\n      as:\n"
        "      - registry.ci.openshift.org/ocp/4.20:tools\n  to: r\ntests: []\n"
    ),
    "README.md": "# Hello\n",
    "OWNERS": "approvers:\n- top-owner\n",
    "hack/OWNERS": "filters:\n  .*:\n    approvers: [hack-owner, other-owner]\n",
}


def report(form: str, root: Path, *arguments: str, code: int = 1) -> str:
    """The report of a run in a format, which must end with this exit code."""
    done = qcilint("--format", form, *arguments, cwd=root)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def load(form: str, root: Path, *arguments: str, code: int = 1) -> Any:
    """The same, read as JSON."""
    return json.loads(report(form, root, *arguments, code=code))
