"""qcilint moves repositories off the old OpenShift CI image registries."""

from __future__ import annotations

__version__ = "0.1.0"
