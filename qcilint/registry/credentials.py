"""Which login is used for a repository: the first that the auth files or a credential helper give."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from qcilint.records import dataclass, field
from qcilint.registry.authfiles import AuthFile, AuthFileError, host_of, keys_for, places, read

HELPER_SECONDS = 30
_TOKEN_USER = "<token>"  # noqa: S105  what a helper gives as the user name of an identity token
_NOT_FOUND = "credentials not found in native keychain"
"""What a helper prints where it holds no login (docker-credential-helpers, `credentials.NewErrCredentialsNotFound`)."""


class CredentialError(Exception):
    """A login that cannot be used; the text says why, without any of it."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A login. Its secrets are not part of its representation."""

    origin: str
    """The file it was found in."""
    key: str
    """The key that it stands under there."""
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    def basic(self) -> str:
        """The value of the Authorization header of the Basic scheme (RFC 7617)."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()


def find(registry: str, repository: str, environment: Mapping[str, str]) -> Credential | None:
    """The login for a repository, or None. Raises CredentialError where what comes first cannot be used."""
    for place in places(environment):
        if not place.is_read:
            continue
        try:
            file = read(place.path)
        except FileNotFoundError:
            continue
        except AuthFileError as error:
            raise CredentialError(f"{place.path}: {error}") from None
        if credential := find_in(file, registry, repository, environment):
            return credential
    return None


def find_in(file: AuthFile, registry: str, repository: str, environment: Mapping[str, str]) -> Credential | None:
    """The login of one file, or None. Raises CredentialError."""
    if helper := file.helpers.get(registry):
        return _ask(helper, registry, file.path, environment)
    for key in keys_for(registry, repository):
        if credential := decode(file.auths.get(key, {}), file.path, key):
            return credential
    for key, entry in file.auths.items():
        if "://" in key and host_of(key) == registry and (credential := decode(entry, file.path, key)):
            return credential
    return _ask(file.store, registry, file.path, environment) if file.store else None


def decode(entry: Mapping[str, Any], origin: str, key: str) -> Credential | None:
    """The login that an entry of `auths` holds, or None where it holds none. Raises CredentialError."""
    token = entry.get("identitytoken")
    username, password = entry.get("username"), entry.get("password")
    if auth := entry.get("auth"):
        try:
            text = base64.b64decode(auth, validate=True).decode()
        except (TypeError, ValueError, binascii.Error):
            raise CredentialError(f"{origin}: the login for {key} is no valid base64") from None
        username, _, password = text.partition(":")
        password = password.rstrip("\0")
    if isinstance(token, str) and token:
        return Credential(origin, key, identity_token=token)
    if isinstance(username, str) and isinstance(password, str) and username and password:
        return Credential(origin, key, username, password)
    return None


def helper_program(name: str, environment: Mapping[str, str]) -> str | None:
    """The path of a credential helper, or None where it is not installed."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        return None
    return shutil.which(f"docker-credential-{name}", path=environment.get("PATH", os.defpath))


def _ask(name: str, registry: str, origin: str, environment: Mapping[str, str]) -> Credential | None:
    program = helper_program(name, environment)
    if program is None:
        raise CredentialError(f"{origin} names docker-credential-{name}, which is not installed")
    try:
        done = subprocess.run(
            [program, "get"],
            input=registry.encode(),
            capture_output=True,
            timeout=HELPER_SECONDS,
            check=False,
            env=dict(environment),
        )
    except (OSError, subprocess.TimeoutExpired):
        raise CredentialError(f"docker-credential-{name} did not answer") from None
    if done.returncode:
        if _NOT_FOUND in done.stdout.decode("utf-8", "replace"):
            return None
        raise CredentialError(f"docker-credential-{name} failed with {done.returncode}")
    try:
        answer = json.loads(done.stdout)
        username, secret = answer["Username"], answer["Secret"]
    except (ValueError, TypeError, KeyError):
        raise CredentialError(f"docker-credential-{name} gave no valid answer") from None
    if not (isinstance(username, str) and isinstance(secret, str) and secret):
        return None
    if username == _TOKEN_USER:
        return Credential(origin, registry, identity_token=secret)
    return Credential(origin, registry, username, secret)
