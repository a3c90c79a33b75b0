"""What image registries say: credentials, a client for the distribution API, answers kept on disk. Used only where asked for."""

from __future__ import annotations


class SettingsError(Exception):
    """A setting that cannot be used; the text names it and the remedy."""
