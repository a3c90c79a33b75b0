"""Asks a registry about manifests: whether there is one, and which (distribution specification, "pull")."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from qcilint.registry.auth import Authorizer
from qcilint.registry.credentials import CredentialError
from qcilint.registry.transport import Answer, Transport, TransportError, origin

MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)
"""What may be pulled; a registry answers 404 for a manifest of a type that was not asked for."""
ABSENT = frozenset({"MANIFEST_UNKNOWN", "TAG_EXPIRED"})
"""Error codes that say that a tag is not there: of the distribution specification, and of Quay (`endpoints/v2/errors.py`)."""
PRESENT, MISSING, UNKNOWN = "present", "absent", "unknown"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class State(NamedTuple):
    """What is known of an image."""

    state: str
    """`present`, `absent` or `unknown`."""
    digest: str = ""
    reason: str = ""
    """Why it is absent or unknown."""
    cause: str = ""
    """Of what is unknown: `login`, `network` or `answer`."""


class Registry:
    """One registry. Threads may share it."""

    def __init__(self, url: str, transport: Transport, environment: Mapping[str, str] = os.environ) -> None:
        """`url` is `https://host[:port]`; the login used is the one for that host."""
        self.url, self._transport = url, transport
        self.host = url.partition("://")[2]
        self._authorizer = Authorizer(url, transport, environment)

    def look(self, repository: str, reference: str) -> State:
        """Whether there is a manifest under a tag or digest, and its digest. `absent` only where the registry says so."""
        try:
            answer = self._manifest("HEAD", repository, reference)
            if answer.status == 404:
                return self._confirmed(repository, reference)
            if answer.status == 200 and not _DIGEST.fullmatch(answer.headers.get("Docker-Content-Digest", "")):
                answer = self._manifest("GET", repository, reference)
            return self._state(answer)
        except CredentialError as error:
            return _unknown(str(error), "login")
        except TransportError as error:
            return _unknown(str(error), "network")

    def _manifest(self, method: str, repository: str, reference: str) -> Answer:
        url = f"{self.url}/v2/{repository}/manifests/{reference}"
        headers = {"Accept": ", ".join(MANIFESTS)}
        authorization = self._authorizer.header(repository)
        answer = self._send(method, url, headers, authorization)
        if answer.status == 401 and origin(answer.url) == self.url:
            # A token may have run out. The challenge of the answer to a request with a token is not looked at: the proxy of
            # OpenShift CI passes on that of quay.io, which must not see the login for the proxy.
            if not authorization:
                self._authorizer.learn(answer)
            if authorization := self._authorizer.header(repository, refused=authorization):
                answer = self._send(method, url, headers, authorization)
        if authorization and answer.status != 401:
            self._authorizer.worked(repository)
        return answer

    def _send(self, method: str, url: str, headers: Mapping[str, str], authorization: str) -> Answer:
        return self._transport.request(method, url, {**headers, "Authorization": authorization} if authorization else headers)

    def _state(self, answer: Answer) -> State:
        place = origin(answer.url)
        if answer.status in (401, 403):
            return _unknown(f"{place} does not let this login read it ({answer.status})", "login")
        if answer.status != 200:
            return _unknown(f"{place} answers {answer.status}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in MANIFESTS:
            shown = kind if re.fullmatch(r"[a-z0-9.+/-]{1,80}", kind) else "an unknown type"
            return _unknown(f"{place} answers with {shown}, which is no manifest")
        digest = answer.headers.get("Docker-Content-Digest", "")
        if not _DIGEST.fullmatch(digest):
            if not isinstance(_json(answer.body), dict):
                return _unknown(f"{place} answers with what is no manifest")
            digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
        return State(PRESENT, digest)

    def _confirmed(self, repository: str, reference: str) -> State:
        """What a 404 means: the answer to HEAD has no body, and not every 404 comes from the registry."""
        answer = self._manifest("GET", repository, reference)
        if answer.status != 404:
            return self._state(answer)
        codes = _error_codes(answer.body)
        if (found := ABSENT & codes) and origin(answer.url) == self.url:
            return State(MISSING, reason=min(found))
        if "NAME_UNKNOWN" in codes:
            return _unknown(f"{self.host} does not know the repository, or does not show it to this login")
        return _unknown(f"{origin(answer.url)} answers 404, but not in the words of a registry")


def _unknown(reason: str, cause: str = "answer") -> State:
    return State(UNKNOWN, reason=reason, cause=cause)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _error_codes(body: bytes) -> set[str]:
    """The codes of an error answer, `{"errors": [{"code": …}]}`."""
    document = _json(body)
    errors = document.get("errors") if isinstance(document, dict) else None
    if not isinstance(errors, list):
        return set()
    return {str(error["code"]) for error in errors if isinstance(error, dict) and "code" in error}
