"""`python -m qcilint`."""

from __future__ import annotations

from qcilint.start import entry

entry()
