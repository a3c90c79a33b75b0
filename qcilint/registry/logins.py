"""What can be told of the logins in auth files without asking anybody. Gives names and dates, never a secret."""

from __future__ import annotations

import base64
import json
import os
import re
import stat
from collections.abc import Mapping
from typing import Any

from qcilint.records import dataclass
from qcilint.registry.authfiles import AuthFile, AuthFileError, Place, host_of, places, read
from qcilint.registry.credentials import CredentialError, decode, helper_program

_JWT = re.compile(r"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")
_COLON_IN_NAME = re.compile(r":(?:sha256~|eyJ)")
"""In the password of an `auth` text: the user name held a colon, and what follows it was taken for a part of the password."""

LATEST_DATE = 1e11
"""Seconds since the epoch; a later date is none."""


@dataclass(frozen=True, slots=True)
class Login:
    """One entry of an auth file."""

    key: str
    """Registry, perhaps with a path."""
    kind: str
    """`token` (an OAuth token of OpenShift), `jwt`, `password`, `identity`, `helper`, `empty` or `broken`."""
    expires: float | None = None
    """Seconds since the epoch, where a token says so."""
    has_colon: bool = False
    """Its user name holds a colon, which Basic authentication cannot carry (RFC 7617)."""
    helper: str = ""
    is_helper_missing: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether the file itself holds it."""
        return self.kind not in ("empty", "helper")


@dataclass(frozen=True, slots=True)
class Found:
    """A place of an auth file, and what is there."""

    place: Place
    exists: bool = False
    mode: int = 0
    problem: str = ""
    """Why it cannot be used."""
    logins: tuple[Login, ...] = ()
    store: str = ""
    """The credential helper for every other registry."""
    is_store_missing: bool = False

    def login(self, host: str, repository: str) -> Login | None:
        """The login that it has for a repository."""
        wanted = f"{host}/{repository}"
        helper = next((login for login in self.logins if login.helper and login.key == host), None)
        fitting = [
            login
            for login in self.logins
            if login.is_secret
            and (wanted == login.key or wanted.startswith(f"{login.key}/") or ("://" in login.key and host_of(login.key) == host))
        ]
        stored = Login(host, "helper", helper=self.store, is_helper_missing=self.is_store_missing) if self.store else None
        return helper or max(fitting, key=lambda login: len(login.key) * ("://" not in login.key), default=stored)


def survey(environment: Mapping[str, str]) -> list[Found]:
    """Every place of an auth file, in the order in which they are read."""
    return [_look(place, environment) for place in places(environment)]


def _look(place: Place, environment: Mapping[str, str]) -> Found:
    try:
        mode = stat.S_IMODE(os.stat(place.path).st_mode)
        file = read(place.path)
    except (FileNotFoundError, NotADirectoryError):
        return Found(place)
    except OSError as error:
        return Found(place, exists=True, problem=error.strerror or "cannot be read")
    except AuthFileError as error:
        return Found(place, exists=True, mode=mode, problem=str(error))
    is_missing = bool(file.store) and helper_program(file.store, environment) is None
    return Found(place, True, mode, "", tuple(_logins(file, environment)), file.store, is_missing)


def _logins(file: AuthFile, environment: Mapping[str, str]) -> list[Login]:
    found = [_login(key, entry, file.path) for key, entry in sorted(file.auths.items())]
    for registry, helper in sorted(file.helpers.items()):
        found.append(Login(registry, "helper", helper=helper, is_helper_missing=helper_program(helper, environment) is None))
    return found


def _login(key: str, entry: Mapping[str, Any], path: str) -> Login:
    try:
        credential = decode(entry, path, key)
    except CredentialError:
        return Login(key, "broken")
    if credential is None:
        return Login(key, "empty")
    if credential.identity_token:
        return Login(key, "identity")
    has_colon = ":" in credential.username or bool(_COLON_IN_NAME.search(credential.password))
    password = credential.password.rpartition(":")[2] if has_colon else credential.password
    if password.startswith("sha256~"):
        return Login(key, "token", has_colon=has_colon)
    claims = claims_of(password)
    if claims is None:
        return Login(key, "password", has_colon=has_colon)
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, (int, float)) or not 0 < expires < LATEST_DATE:
        return Login(key, "jwt", None, has_colon)
    return Login(key, "jwt", float(expires), has_colon)


def claims_of(token: str) -> dict[str, Any] | None:
    """What a JSON web token says (RFC 7519); its signature is not looked at. None for any other text."""
    match = _JWT.fullmatch(token)
    if match is None:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None
