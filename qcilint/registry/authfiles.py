"""The files that hold registry logins: where they are, which of them are read, and what they say.

Sources: containers-auth.json(5); containers/image `pkg/docker/config/config.go` (order, keys, helpers); containers/common
`pkg/auth` (`GetDefaultAuthFile`: REGISTRY_AUTH_FILE, else DOCKER_CONFIG, names the only file that is read).
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from qcilint.records import dataclass, field

MOST_BYTES = 4 << 20
"""A larger file is no auth file."""

_LOGIN_IN_URL = re.compile(r"://[^/]*@")


class AuthFileError(Exception):
    """A file that cannot be used; the text says why and holds nothing of what is in the file."""


class Place(NamedTuple):
    """Where an auth file may be."""

    path: str
    source: str
    """What puts it there: a variable or a convention."""
    is_read: bool
    """Whether it is looked at; a variable may name another file that replaces all others."""
    hidden_by: str = ""
    """The variable that makes it be passed over."""


@dataclass(frozen=True, slots=True)
class AuthFile:
    """What one auth file says. Never printed as it is: the entries hold secrets."""

    path: str
    auths: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    """Registry, perhaps with a path → its entry."""
    helpers: Mapping[str, str] = field(default_factory=dict)
    """Registry → the last part of the name of a `docker-credential-…` program."""
    store: str = ""
    """The same, for every other registry."""


def places(environment: Mapping[str, str]) -> list[Place]:
    """The places of auth files in the order in which they are read."""
    home = environment.get("HOME") or os.path.expanduser("~")
    named = environment.get("REGISTRY_AUTH_FILE", "")
    docker = environment.get("DOCKER_CONFIG", "")
    found: list[tuple[str, str]] = []
    if named:
        found.append((named, "REGISTRY_AUTH_FILE"))
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        found.append((os.path.join(runtime, "containers", "auth.json"), "XDG_RUNTIME_DIR"))
    elif sys.platform == "linux":
        found.append((f"/run/containers/{os.getuid()}/auth.json", "the default of containers tools"))
    config = environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    found.append((os.path.join(config, "containers", "auth.json"), "the configuration folder"))
    if docker:
        found.append((os.path.join(docker, "config.json"), "DOCKER_CONFIG"))
    else:
        found.append((os.path.join(home, ".docker", "config.json"), "docker"))
    only = "REGISTRY_AUTH_FILE" if named else "DOCKER_CONFIG" if docker else ""
    first: dict[str, str] = {}
    for path, source in found:
        first.setdefault(path, source)
    return [Place(path, source, not only or source == only, "" if source == only else only) for path, source in first.items()]


def read(path: str) -> AuthFile:
    """What the file at `path` says. Raises AuthFileError, FileNotFoundError where there is none."""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise AuthFileError(error.strerror or "cannot be read") from None
    if len(data) > MOST_BYTES:
        raise AuthFileError("is too large for an auth file")
    try:
        document = json.loads(data) if data.strip() else {}
    except (ValueError, RecursionError):
        # The error of the parser may quote the file: it is not shown.
        raise AuthFileError("is no valid JSON") from None
    if not isinstance(document, dict):
        raise AuthFileError("is no JSON object")
    auths, helpers, store = document.get("auths") or {}, document.get("credHelpers") or {}, document.get("credsStore") or ""
    if not (isinstance(auths, dict) and isinstance(helpers, dict) and isinstance(store, str)):
        raise AuthFileError("has 'auths', 'credHelpers' or 'credsStore' of the wrong type")
    return AuthFile(
        path,
        {_LOGIN_IN_URL.sub("://", key): entry if isinstance(entry, dict) else {} for key, entry in auths.items()},
        {key: name for key, name in helpers.items() if isinstance(name, str) and name},
        store,
    )


def keys_for(registry: str, repository: str) -> list[str]:
    """The keys under which a login for a repository may stand, the most exact first."""
    parts = [part for part in repository.split("/") if part]
    return ["/".join([registry, *parts[:count]]) for count in range(len(parts), -1, -1)]


def host_of(key: str) -> str:
    """The registry that a key names; docker once wrote URLs (`https://host/v1/`)."""
    return key.partition("://")[2].partition("/")[0] if "://" in key else key.partition("/")[0]
