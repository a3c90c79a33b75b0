"""What QCI should hold, as a checkout of openshift/release says."""

from __future__ import annotations

from qcilint.discovery import DiscoveryError


class CatalogError(DiscoveryError):
    """A catalogue, or a checkout for one, that cannot be used; the text names the file, the place and the remedy."""
