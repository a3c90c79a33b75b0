"""Installs qcilint as users have it: from a wheel, in an environment of its own, with its bytecode compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import variables

ROOT = Path(__file__).parent.parent
PIP = "pip>=25.1"
"""An older pip writes a console script that imports `re`, which costs every start some milliseconds."""


def install(into: Path) -> Path:
    """Make a virtual environment in an empty folder and install qcilint there; returns its program.

    Raises subprocess.CalledProcessError, after pip has said why.
    """
    subprocess.run([sys.executable, "-m", "venv", into], check=True)
    pip = [str(into / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", PIP], check=True, env=variables())
    subprocess.run([*pip, str(ROOT)], check=True, env=variables())
    return into / "bin" / "qcilint"
