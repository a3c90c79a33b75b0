"""HTTP requests that are repeated where that may help, and that never take a login to another host.

urllib3 keeps connections alive and speaks to proxies; this module decides when to wait, when to try again and where to follow.
"""

from __future__ import annotations

import ipaddress
import os
import random
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlencode, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as Timeout

from qcilint import __version__
from qcilint.registry import SettingsError

ATTEMPTS = 4
CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 8.0
"""Seconds before the second attempt, doubled each time, and the most."""
MOST_PATIENCE = 30.0
"""Seconds that a `Retry-After` may ask for; who asks for more gets no further request."""
MOST_REDIRECTS = 5
MOST_BODY = 8 << 20
"""Bytes of an answer; a manifest has at most 4 MiB (distribution specification)."""
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
AGENT = f"qcilint/{__version__}"


class TransportError(Exception):
    """No usable answer; the text says why and names no more than hosts and figures."""


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    """As urllib3 gives them: looked up in any case."""
    body: bytes
    url: str
    """Where it came from, after redirects."""


class Transport:
    """Connections that threads share; `close` ends every wait."""

    def __init__(self, workers: int, environment: Mapping[str, str] = os.environ, ca_file: str = "") -> None:
        """Raises SettingsError where a certificate file or a proxy cannot be used."""
        self._workers = workers
        self._context = _context(environment, ca_file)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._not_before: dict[str, float] = {}
        """Origin → the time before which it wants no request."""
        self._failures: dict[str, int] = {}
        """Origin → requests in a row that got no usable answer."""
        self._pools: dict[str, urllib3.PoolManager] = {}
        """Proxy URL, empty for none → its connections."""

    def close(self) -> None:
        """End all waiting; requests under way fail."""
        self._stop.set()

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and follow redirects, without the Authorization header where they lead to another origin.

        A form is sent in the body, never in the URL, which others may log. Raises TransportError.
        """
        sent = {"User-Agent": AGENT, **(headers or {})}
        body = None if form is None else urlencode(form)
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._persist(method, url, sent, body)
            location = answer.headers.get("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                return answer
            following = urljoin(url, location)
            if body is not None or (url.startswith("https:") and not following.startswith("https:")):
                raise TransportError(f"{origin(url)} redirects to where a request may not go")
            if origin(following) != origin(url):
                sent = {key: value for key, value in sent.items() if key != "Authorization"}
            url = following
        raise TransportError(f"{origin(url)} redirects without end")

    def _persist(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> Answer:
        """Try until there is a usable answer, or trying again makes no sense."""
        place = origin(url)
        if not may_ask(url):
            raise TransportError(f"{place}: only https, and http on this machine, is used")
        for attempt in range(ATTEMPTS):
            self._wait(place)
            is_last = attempt == ATTEMPTS - 1
            delay = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) * random.uniform(0.5, 1.5)  # noqa: S311
            try:
                answer = self._once(method, url, headers, body)
            except TransportError as error:
                if is_last or isinstance(error, _FinalError):
                    self._failed(place, self._workers if isinstance(error, _FinalError) else 1)
                    raise
            else:
                if answer.status not in RETRIED:
                    self._failures[place] = 0
                    return answer
                asked = _retry_after(answer.headers.get("Retry-After", ""))
                if is_last or asked > MOST_PATIENCE:
                    self._failed(place, 1)
                    told = f" and asks to wait {asked:.0f} s" if asked > MOST_PATIENCE else ""
                    raise TransportError(f"{place} answers {answer.status}{told}")
                if asked:
                    with self._lock:
                        self._not_before[place] = max(self._not_before.get(place, 0), time.monotonic() + asked)
            self._stop.wait(delay)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, place: str) -> None:
        """Wait as long as the host asked for. Raises TransportError where it is not asked any more."""
        if self._failures.get(place, 0) >= self._workers:
            raise TransportError(f"{place} did not answer the requests before this one")
        if (pause := self._not_before.get(place, 0) - time.monotonic()) > 0:
            self._stop.wait(pause)
        if self._stop.is_set():
            raise TransportError("interrupted")

    def _failed(self, place: str, count: int) -> None:
        with self._lock:
            self._failures[place] = self._failures.get(place, 0) + count

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> Answer:
        place = origin(url)
        try:
            response = self._pool(url).request(
                method,
                url,
                headers=headers,
                body=body,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            )
            try:
                content = response.read(MOST_BODY + 1) if method != "HEAD" else b""
                if len(content) > MOST_BODY:
                    response.close()
                    raise _FinalError(f"{place} sends too much")
            finally:
                response.release_conn()
        except (HTTPError, OSError) as error:
            raise _failure(place, error) from None
        return Answer(response.status, response.headers, content, url)

    def _pool(self, url: str) -> urllib3.PoolManager:
        proxy = _proxy(url)
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = self._make_pool(proxy)
            return self._pools[proxy]

    def _make_pool(self, proxy: str) -> urllib3.PoolManager:
        settings = {"num_pools": 16, "maxsize": self._workers, "block": True, "ssl_context": self._context}
        if not proxy:
            return urllib3.PoolManager(**settings)  # type: ignore[arg-type]
        parts = urlsplit(proxy)
        headers = {}
        if parts.username:
            headers = urllib3.make_headers(proxy_basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}")
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        try:
            return urllib3.ProxyManager(bare, proxy_headers=headers, **settings)  # type: ignore[arg-type]
        except HTTPError:
            raise _FinalError("the proxy that the environment names has no usable URL") from None


class _FinalError(TransportError):
    """Trying again cannot help."""


def _failure(place: str, error: Exception) -> TransportError:
    """What to say of an error; its own text might hold a URL with a password."""
    if isinstance(error, NameResolutionError):
        cause = error.__cause__
        if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
            return _FinalError(f"{place}: no such host")
        return TransportError(f"{place}: the name cannot be resolved now")
    if isinstance(error, NewConnectionError):
        return TransportError(f"{place}: no connection")
    if isinstance(error, SSLError):
        inner = error.args[0] if error.args else None
        if isinstance(inner, ssl.SSLCertVerificationError):
            return _FinalError(f"{place}: its certificate is not trusted ({inner.verify_message})")
        return TransportError(f"{place}: TLS failed")
    if isinstance(error, (Timeout, TimeoutError)):
        return TransportError(f"{place} does not answer in time")
    return TransportError(f"{place}: the connection failed")


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def may_ask(url: str) -> bool:
    """Whether a request to a URL is allowed: https, or http to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _proxy(url: str) -> str:
    """The proxy for a URL by HTTPS_PROXY, NO_PROXY and the like; this machine is never asked through one, as in Go's net/http."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(parts.netloc):
        return ""
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _context(environment: Mapping[str, str], ca_file: str) -> ssl.SSLContext:
    """The TLS settings; OpenSSL itself looks at SSL_CERT_FILE and SSL_CERT_DIR."""
    context = ssl.create_default_context()
    source = "--ca-file" if ca_file else "REQUESTS_CA_BUNDLE"
    path = ca_file or environment.get("REQUESTS_CA_BUNDLE", "")
    if path:
        try:
            if os.path.isdir(path):
                context.load_verify_locations(capath=path)
            else:
                context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError):
            raise SettingsError(f"{source}: {path} cannot be read as certificates in PEM form") from None
    return context


def _retry_after(text: str) -> float:
    """Seconds that a `Retry-After` header asks for: a number or a date (RFC 9110, 10.2.3); 0 where it says nothing."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
