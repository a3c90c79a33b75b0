"""What the options say about asking registries, and the remedy where that is not possible."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from qcilint.registry import SettingsError
from qcilint.registry.cache import default_path
from qcilint.registry.transport import may_ask


class Settings(NamedTuple):
    """How registries are asked."""

    endpoints: Mapping[str, str] = {}
    """Registry host → URL that is asked in its place."""
    ca_file: str = ""
    is_required: bool = False
    """What is not known to be there blocks a fix, too."""
    cache_path: str = ""
    """Empty: no cache."""
    is_fresh: bool = False
    """What the cache holds is not believed, but replaced."""

    def url(self, host: str) -> str:
        """Where a registry is asked."""
        return self.endpoints.get(host, f"https://{host}")


def from_options(options: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the options of the check make. Raises SettingsError."""
    return Settings(
        endpoints=endpoints(options.verify_registry),
        ca_file=options.ca_file or "",
        is_required=options.verify_required,
        cache_path="" if options.no_cache else default_path(environment),
        is_fresh=options.refresh,
    )


def endpoints(texts: list[str]) -> dict[str, str]:
    """`HOST=URL` texts as a table. Raises SettingsError."""
    found: dict[str, str] = {}
    for text in texts:
        host, _, url = text.partition("=")
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if not host or not parts.netloc or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise SettingsError(f"--verify-registry {text!r}: give HOST=URL, the URL without a path or a login")
        if not may_ask(url):
            raise SettingsError(f"--verify-registry {text!r}: https is needed; http is for this machine only")
        found[host] = f"{parts.scheme}://{parts.netloc}"
    return found
