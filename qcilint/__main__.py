"""`python -m qcilint`."""

from __future__ import annotations

from qcilint.cli import entry

entry()
