"""Answers what a registry asks for before it serves: Basic, or a token from its token server (distribution specification)."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from qcilint.registry.challenges import Challenge, preferred
from qcilint.registry.credentials import Credential, CredentialError, find
from qcilint.registry.transport import Answer, Transport, TransportError, may_ask, origin

CLIENT = "qcilint"
MOST_RENEWALS = 2
"""Tokens in a row that the registry may refuse before no further one is fetched."""


class Authorizer:
    """The Authorization headers for the repositories of one registry. Threads may share it."""

    def __init__(self, url: str, transport: Transport, environment: Mapping[str, str]) -> None:
        self.url, self._transport, self._environment = url, transport, environment
        self.host = url.partition("://")[2]
        self._lock = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._challenge: Challenge | None = None
        self._is_asked = False
        self._silence = ""
        """Why the registry did not even say what it wants; it is not asked again."""
        self._known: dict[str, str] = {}
        """Repository → value of the header."""
        self._problems: dict[str, str] = {}
        """Repository → why it gets none; it is not tried again."""
        self._renewals: dict[str, int] = {}
        self._bad: set[Credential] = set()

    def header(self, repository: str, refused: str = "") -> str:
        """The value for a repository, another one than `refused`; empty where the registry wants none.

        Raises CredentialError, TransportError.
        """
        with self._lock:
            self._ask()
            lock = self._locks[repository]
        if self._challenge is None:
            return ""
        with lock:
            if why := self._problems.get(repository):
                raise CredentialError(why)
            known = self._known.get(repository, "")
            if known and known != refused:
                return known
            try:
                self._known[repository] = self._authorize(self._challenge, repository, refused)
            except CredentialError as error:
                self._problems[repository] = str(error)
                raise
            return self._known[repository]

    def _ask(self) -> None:
        """Ask once what the registry wants."""
        if self._silence:
            raise TransportError(self._silence)
        if not self._is_asked:
            self._is_asked = True
            try:
                self.learn(self._transport.request("GET", f"{self.url}/v2/"))
            except TransportError as error:
                self._silence = str(error)
                raise

    def learn(self, answer: Answer) -> None:
        """Take the challenge of an answer to a request that bore no authorization."""
        if answer.status == 401 and origin(answer.url) == self.url:
            self._challenge = preferred(answer.headers.get("WWW-Authenticate", ""))

    def worked(self, repository: str) -> None:
        """A request with the header was not refused."""
        self._renewals[repository] = 0

    def _authorize(self, challenge: Challenge, repository: str, refused: str) -> str:
        if refused:
            self._renewals[repository] = self._renewals.get(repository, 0) + 1
        credential = find(self.host, repository, self._environment)
        if challenge.scheme == "basic":
            if credential is None or not credential.username:
                raise CredentialError(f"{self.host} asks for a login, and there is none for it")
            made = credential.basic()
            if made == refused:
                raise CredentialError(f"{self.host} refuses the login in {credential.origin}")
            return made
        if self._renewals.get(repository, 0) > MOST_RENEWALS:
            raise CredentialError(f"{self.host} gives tokens for {repository} that it does not accept")
        if not may_ask(challenge.realm) or (self.url.startswith("https:") and not challenge.realm.startswith("https:")):
            raise CredentialError(f"{self.host} names a token server that a login must not be sent to: it has no https")
        return f"Bearer {self._token(challenge, repository, credential)}"

    def _token(self, challenge: Challenge, repository: str, credential: Credential | None) -> str:
        if credential is not None and credential in self._bad:
            raise CredentialError(f"{self.host} refuses the login in {credential.origin}")
        asked = {"service": challenge.service, "scope": challenge.scope or f"repository:{repository}:pull"}
        if credential is not None and credential.identity_token:
            form = {"grant_type": "refresh_token", "refresh_token": credential.identity_token, "client_id": CLIENT, **asked}
            answer = self._transport.request("POST", challenge.realm, form=form)
        else:
            joint = "&" if "?" in challenge.realm else "?"
            url = challenge.realm + joint + urlencode({key: value for key, value in asked.items() if value})
            answer = self._transport.request("GET", url, {"Authorization": credential.basic()} if credential else {})
        if answer.status in (400, 401, 403):
            if credential is None:
                raise CredentialError(f"{self.host} asks for a login, and there is none for it")
            if answer.status == 401:
                self._bad.add(credential)
            raise CredentialError(f"{self.host} refuses the login in {credential.origin} ({answer.status})")
        token = _field(answer.body, "token") or _field(answer.body, "access_token")
        if answer.status != 200 or not token:
            raise TransportError(f"{origin(challenge.realm)} gives no token ({answer.status})")
        return token


def _field(body: bytes, name: str) -> str:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    value = document.get(name) if isinstance(document, dict) else None
    # A token with a line end would become another header.
    return value if isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]+", value) else ""
