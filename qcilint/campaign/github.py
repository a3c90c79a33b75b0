"""A client of the GitHub REST API: one request at a time, pages, and the rate limits as GitHub asks for them.

The limits follow docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api: requests one after the
other, a second between those that change something, `retry-after` first, then `x-ratelimit-reset`, else a minute that
doubles.
"""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from qcilint import __version__
from qcilint.campaign.credentials import Credentials
from qcilint.campaign.errors import ChangeError
from qcilint.campaign.settings import GitHub
from qcilint.discovery import printable

TIMEOUT = 60.0
"""Seconds without an answer."""
ATTEMPTS = 4
"""Requests sent before a failure that may pass is believed; rate limits have as many of their own."""
PAGE = 100
"""The most entries that GitHub puts on a page."""
REDIRECTS = 5
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')
_LIMIT = re.compile(r"secondary rate limit|abuse detection|submitted too quickly", re.I)


class GitHubError(ChangeError):
    """GitHub refused a request, or could not be reached."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status
        """0 where no answer came."""

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed later; it may have been carried out, too."""
        return self.status == 0 or self.status >= 500


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects are followed here, to the same host only: the token goes nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class GitHubClient:
    """Sends requests. `say` is told of waits; `sleep` waits some seconds."""

    def __init__(
        self,
        settings: GitHub,
        credentials: Credentials,
        say: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings, self.credentials, self.say, self.sleep = settings, credentials, say, sleep
        self._opener = urllib.request.build_opener(_NoRedirects())
        self._changed = 0.0
        """When a request that changes something was last sent, by the monotonic clock."""

    def get(self, path: str, **query: str) -> Any:
        """The JSON answer to a GET. Raises GitHubError."""
        return self._repeat("GET", self._url(path, query), None)[0]

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """The JSON answer of every page of a list. Raises GitHubError."""
        url = self._url(path, {"per_page": str(PAGE), **query})
        while url:
            answer, headers = self._repeat("GET", url, None)
            yield answer
            found = _NEXT.search(headers.get("link") or "")
            url = urljoin(url, found[1]) if found else ""

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer to a POST, sent once. Raises GitHubError; where it `may_pass`, look whether it was carried out."""
        return self._once("POST", self._url(path, {}), body)[0]

    def add(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer to a POST that does no harm when it is carried out twice. Raises GitHubError."""
        return self._repeat("POST", self._url(path, {}), body)[0]

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer to a PATCH. Raises GitHubError."""
        return self._repeat("PATCH", self._url(path, {}), body)[0]

    def _url(self, path: str, query: Mapping[str, str]) -> str:
        return self.settings.api.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")

    def _repeat(self, method: str, url: str, body: Mapping[str, Any] | None) -> tuple[Any, Mapping[str, str]]:
        """Send a request that does no harm when it is carried out twice, until it succeeds or fails for good."""
        for attempt in range(ATTEMPTS):
            try:
                return self._once(method, url, body)
            except GitHubError as error:
                if not error.may_pass or attempt == ATTEMPTS - 1:
                    raise
                self.sleep(self.settings.pause * 2**attempt)
        raise AssertionError("unreachable")

    def _once(self, method: str, url: str, body: Mapping[str, Any] | None) -> tuple[Any, Mapping[str, str]]:
        """Send a request, again only where a rate limit refused it."""
        waited = 0.0
        for attempt in range(ATTEMPTS * 2):
            status, headers, content = self._send(method, url, body)
            wait = _wait(status, headers, content, attempt)
            if wait is None:
                return self._answer(method, url, status, content), headers
            waited += wait
            if waited > self.settings.max_wait:
                raise GitHubError(f"GitHub's rate limit asks for a wait of {wait:.0f} s, and github.max-wait is over", status)
            until = time.strftime("%H:%M:%S", time.localtime(time.time() + wait))
            self.say(f"GitHub's rate limit: waiting {wait:.0f} s, until {until}")
            self.sleep(wait)
        raise GitHubError("GitHub's rate limit refused the request again and again; try later", status)

    def _send(self, method: str, url: str, body: Mapping[str, Any] | None) -> tuple[int, Mapping[str, str], bytes]:
        for _ in range(REDIRECTS):
            status, headers, content = self._exchange(method, url, body)
            target = urljoin(url, headers.get("location") or "")
            if status not in (301, 302, 307, 308) or not headers.get("location"):
                return status, headers, content
            if urlsplit(target)[:2] != urlsplit(url)[:2]:
                raise GitHubError(f"{_place(url)}: GitHub redirects to another host; check github.api", status)
            if method != "GET" and status in (301, 302):
                raise GitHubError(f"{_place(url)}: the repository has moved; use its new name", status)
            url = target
        raise GitHubError(f"{_place(url)}: too many redirects", status)

    def _exchange(self, method: str, url: str, body: Mapping[str, Any] | None) -> tuple[int, Mapping[str, str], bytes]:
        if method != "GET":
            self.sleep(max(0.0, self._changed + self.settings.pause - time.monotonic()))
            self._changed = time.monotonic()
        request = urllib.request.Request(  # noqa: S310  (settings allow http and https only)
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "User-Agent": f"qcilint/{__version__}",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        for key, value in self.credentials.header().items():
            request.add_unredirected_header(key, value)
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                return response.status, _lower(response.headers), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _lower(error.headers), error.read()
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise GitHubError(f"{_place(url)}: no answer: {self.credentials.redact(printable(str(reason)))}") from None

    def _answer(self, method: str, url: str, status: int, content: bytes) -> Any:
        try:
            answer = json.loads(content) if content.strip() else None
        except ValueError:
            raise GitHubError(f"{_place(url)}: the answer ({status}) is no JSON; check github.api", status) from None
        if 200 <= status < 300:
            return answer
        raise GitHubError(f"{method} {_place(url)}: {status} {self.credentials.redact(_message(answer))}", status)


def _wait(status: int, headers: Mapping[str, str], content: bytes, attempt: int) -> float | None:
    """Seconds to wait before the same request may be sent again; None where no rate limit refused it."""
    if status not in (403, 422, 429):
        return None
    after, left, reset = (headers.get(key, "") for key in ("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"))
    if status != 422 and after.isdecimal():
        return float(after)
    if status != 422 and left == "0" and reset.isdecimal():
        return max(0.0, float(reset) - time.time()) + 1.0
    if status == 429 or _LIMIT.search(content.decode("utf-8", "replace")):
        return 60.0 * 2.0 ** min(attempt, 4)
    return None


def _message(answer: Any) -> str:
    """What GitHub says of a refusal: its message, and those of the single errors."""
    if not isinstance(answer, dict):
        return "no reason given"
    parts = [str(answer.get("message") or "no reason given")]
    errors = answer.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            parts.append(str(error.get("message") or f"{error.get('field', '?')}: {error.get('code', '?')}"))
        else:
            parts.append(str(error))
    return printable("; ".join(parts))


def _lower(headers: Message) -> dict[str, str]:
    return {key.lower(): value for key, value in headers.items()}


def _place(url: str) -> str:
    """A URL without its query, for messages."""
    return urlsplit(url)._replace(query="").geturl()
