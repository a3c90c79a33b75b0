"""What a registry says of an image: against docker-registry, alone and behind a front that makes faults."""

from __future__ import annotations

import contextlib
import json
import os
import random
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qcilint.registry import transport
from qcilint.registry.client import MISSING, PRESENT, UNKNOWN, Registry, State
from qcilint.registry.transport import Transport

from .servers import (
    PASSWORD,
    REPOSITORY,
    USER,
    Handler,
    Reply,
    Request,
    Server,
    TokenServer,
    basic,
    certificate,
    docker_registry,
    free_port,
    login,
    needs_registry,
    serve,
)

THERE, NOT_THERE = "ocp_4.20_cli", "ocp_4.20_nothing"
UNKNOWN_MANIFEST = json.dumps({"errors": [{"code": "MANIFEST_UNKNOWN"}]}).encode()
INDEX = "application/vnd.oci.image.index.v1+json"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Short waits: what is waited for is the same."""
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(transport, "READ_SECONDS", 2.0)


def look(url: str, tag: str = THERE, repository: str = REPOSITORY) -> State:
    return Registry(url, Transport(4)).look(repository, tag)


@needs_registry
def test_an_oci_image_is_found_and_another_is_not(registry: str) -> None:
    found = look(registry)
    assert (found.state, found.reason) == (PRESENT, "")
    assert found.digest.startswith("sha256:")
    assert look(registry, found.digest) == found
    assert look(registry, NOT_THERE) == State(MISSING, reason="MANIFEST_UNKNOWN")


@needs_registry
def test_basic(basic_registry: str, home: Path) -> None:
    host = basic_registry.partition("://")[2]
    assert look(basic_registry).reason == f"{host} asks for a login, and there is none for it"
    file = login(home / ".docker" / "config.json", {host: (USER, PASSWORD)})
    assert look(basic_registry).state == PRESENT
    assert look(basic_registry, NOT_THERE).state == MISSING
    login(file, {host: (USER, "wrong")})
    assert look(basic_registry) == State(UNKNOWN, reason=f"{host} refuses the login in {file}", cause="login")


@contextlib.contextmanager
def token_registry(folder: Path, storage: Path) -> Iterator[tuple[str, Server, TokenServer]]:
    """A registry that wants tokens, and the server that gives them."""
    tokens = TokenServer(folder / "keys")
    with serve(tokens) as server, docker_registry(folder, storage, tokens.auth(f"{server.url}/token")) as url:
        yield url, server, tokens


@needs_registry
def test_tokens(tmp_path: Path, storage: Path, home: Path) -> None:
    with token_registry(tmp_path, storage) as (url, server, _):
        host = url.partition("://")[2]
        assert look(url).reason == f"{host} asks for a login, and there is none for it"
        login(home / ".config" / "containers" / "auth.json", {f"{host}/openshift": (USER, PASSWORD), host: ("no", "no")})
        server.seen.clear()
        client = Registry(url, Transport(4))
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: client.look(REPOSITORY, THERE).state, range(40)))
        assert found == [PRESENT] * 40
        assert [request.path for request in server.seen] == [
            "/token?service=test-registry&scope=repository%3Aopenshift%2Fci%3Apull"
        ]
        assert client.look(REPOSITORY, NOT_THERE).state == MISSING
        assert "refuses the login" in client.look("ocp/4.20", "cli").reason


@needs_registry
def test_a_token_that_ran_out_is_fetched_again(tmp_path: Path, storage: Path, home: Path) -> None:
    with token_registry(tmp_path, storage) as (url, server, tokens):
        login(home / ".docker" / "config.json", {url.partition("://")[2]: (USER, PASSWORD)})
        client = Registry(url, Transport(4))
        tokens.lifetime = -100
        old = client.look(REPOSITORY, THERE)
        assert (old.state, "tokens" in old.reason or "401" in old.reason) == (UNKNOWN, True)
        tokens.lifetime = 300
        assert client.look(REPOSITORY, THERE).state == PRESENT
        assert len(server.seen) == 3


def test_an_identity_token_is_sent_in_the_body(home: Path) -> None:
    def handler(request: Request) -> Reply | None:
        if request.path == "/token":
            return Reply(body=b'{"access_token": "fresh"}')
        if request.headers.get("Authorization") == "Bearer fresh":
            return Reply(headers={"Content-Type": INDEX, "Docker-Content-Digest": "sha256:" + "1" * 64})
        return Reply(401, {"WWW-Authenticate": f'Bearer realm="{server.url}/token",service="s"'})

    with serve(handler) as server:
        file = home / ".docker" / "config.json"
        file.parent.mkdir()
        file.write_text(json.dumps({"auths": {server.host: {"identitytoken": "secret-identity"}}}))
        assert look(server.url).state == PRESENT
        asked = next(request for request in server.seen if request.path == "/token")
        assert (asked.method, b"refresh_token=secret-identity" in asked.body) == ("POST", True)
        assert b"grant_type=refresh_token" in asked.body


def proxy_of_openshift_ci(request: Request, realm: str, passed_on: str) -> Reply | None:
    """As qci-appci answers: no token, its own challenge; a token that it did not give, the challenge of quay.io."""
    if request.path.startswith("/v2/auth"):
        if request.headers.get("Authorization") != basic("unused", "sha256~token"):
            return Reply(401, {"WWW-Authenticate": f'Bearer realm="{realm}/v2/auth",service="quay-proxy"'})
        return Reply(body=json.dumps({"token": f"t{request.number}"}).encode())
    given = request.headers.get("Authorization", "")
    if not given.startswith("Bearer "):
        return Reply(401, {"WWW-Authenticate": f'Bearer realm="{realm}/v2/auth",service="quay-proxy"'}, b"Unauthorized")
    if given == "Bearer t0":
        return Reply(401, {"WWW-Authenticate": f'Bearer realm="{passed_on}/v2/auth",service="quay.io"'})
    return Reply(headers={"Content-Type": INDEX, "Docker-Content-Digest": "sha256:" + "2" * 64})


def test_the_login_is_not_taken_to_the_realm_that_the_proxy_passes_on(home: Path) -> None:
    with serve(lambda _: Reply(500)) as quay, serve(lambda request: proxy_of_openshift_ci(request, proxy.url, quay.url)) as proxy:
        login(home / ".docker" / "config.json", {proxy.host: ("unused", "sha256~token")})
        assert look(proxy.url).state == PRESENT
        assert quay.seen == []
        assert [request.path.partition("?")[0] for request in proxy.seen].count("/v2/auth") == 2


def test_the_login_is_not_sent_to_a_token_server_without_https(home: Path) -> None:
    key, crt = certificate(home / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    with serve(lambda _: Reply(500)) as tokens:
        challenge = {"WWW-Authenticate": f'Bearer realm="{tokens.url}/token"'}
        with serve(lambda _: Reply(401, challenge), context=context) as server:
            login(home / ".docker" / "config.json", {server.host: ("unused", "word")})
            found = Registry(server.url, Transport(4, ca_file=str(crt))).look(REPOSITORY, THERE)
    assert (found.cause, tokens.seen) == ("login", [])
    assert "a token server that a login must not be sent to" in found.reason


def test_tokens_that_are_never_accepted_are_not_fetched_without_end(home: Path) -> None:
    def handler(request: Request) -> Reply | None:
        if request.path.startswith("/token"):
            return Reply(body=b'{"token": "t%d"}' % len(server.seen))
        return Reply(401, {"WWW-Authenticate": f'Bearer realm="{server.url}/token"'})

    with serve(handler) as server:
        client = Registry(server.url, Transport(4))
        states = {client.look(REPOSITORY, f"t{number}").state for number in range(20)}
        assert states == {UNKNOWN}
        assert sum(request.path.startswith("/token") for request in server.seen) <= 4


def once(fault: Reply) -> Handler:
    """A fault in the first answer to HEAD about each manifest."""
    return lambda request: fault if "/manifests/" in request.path and request.method == "HEAD" and not request.number else None


PASSING = [
    pytest.param(Reply(503), id="unavailable"),
    pytest.param(Reply(502, {"Content-Type": "text/html"}, b"<html>"), id="bad gateway"),
    pytest.param(Reply(429, {"Retry-After": "1"}), id="too many requests"),
    pytest.param(Reply(429, {"Retry-After": "Thu, 01 Jan 2015 00:00:00 GMT"}), id="until a time that is over"),
    pytest.param(Reply(200, {"Content-Type": INDEX}, b"{", delay=3), id="slow"),
    pytest.param(Reply(404, {"Content-Type": "text/html"}, b"<html>no backend</html>"), id="a balancer's 404"),
]
LASTING = [
    pytest.param(
        Reply(404, {"Content-Type": "text/html"}, b"<html>"), "404, but not in the words of a registry", id="404 in HTML"
    ),
    pytest.param(Reply(404, body=b'{"errors": [{"code": "NAME_UNKNOWN"}]}'), "does not know the repository", id="no repository"),
    pytest.param(Reply(404, body=b"[" * 100_000), "404, but not in", id="404 in deep JSON"),
    pytest.param(Reply(404, body=UNKNOWN_MANIFEST, cut=True), "the connection failed", id="404 cut off"),
    pytest.param(Reply(401), "does not let this login read it (401)", id="unauthorized"),
    pytest.param(Reply(403), "does not let this login read it (403)", id="forbidden"),
    pytest.param(Reply(500), "answers 500", id="error"),
    pytest.param(Reply(429, {"Retry-After": "3600"}), "answers 429 and asks to wait 3600 s", id="come back in an hour"),
    pytest.param(
        Reply(200, {"Content-Type": "text/html"}, b"<html>"), "answers with text/html, which is no manifest", id="a portal"
    ),
    pytest.param(Reply(200, {"Content-Type": INDEX}, b"<html>"), "answers with what is no manifest", id="a false type"),
    pytest.param(Reply(200, {}, b"{}"), "an unknown type, which is no manifest", id="no type"),
    pytest.param(Reply(302, {"Location": "/v2/openshift/ci/manifests/ocp_4.20_cli"}), "redirects without end", id="a loop"),
    pytest.param(
        Reply(302, {"Location": "http://example.invalid/"}), "only https, and http on this machine", id="to another, open"
    ),
    pytest.param(Reply(418), "answers 418", id="a teapot"),
]


@needs_registry
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_changes_nothing(registry: str, fault: Reply) -> None:
    with serve(once(fault), registry) as front:
        assert look(front.url).state == PRESENT
        assert look(front.url, NOT_THERE).state == MISSING


@needs_registry
@pytest.mark.parametrize(("fault", "reason"), LASTING)
def test_a_fault_that_lasts_is_never_taken_for_absence(registry: str, fault: Reply, reason: str) -> None:
    with serve(lambda request: fault if "/manifests/" in request.path else None, registry) as front:
        for tag in (THERE, NOT_THERE):
            found = look(front.url, tag)
            assert (found.state, found.digest) == (UNKNOWN, "")
            assert reason in found.reason


@needs_registry
def test_random_faults_never_make_a_false_absence(registry: str) -> None:
    generator = random.Random(1)
    faults = [param.values[0] for param in PASSING[:3] + PASSING[5:]] + [param.values[0] for param in LASTING[:7]]
    faults += [Reply(200, {"Content-Type": INDEX}, b"{}", cut=True)]

    def handler(request: Request) -> Reply | None:
        fault = generator.choice(faults) if generator.random() < 0.3 else None
        return fault if isinstance(fault, Reply) and fault.headers.get("Retry-After") != "1" else None

    with serve(handler, registry) as front:
        client = Registry(front.url, Transport(8))
        with ThreadPoolExecutor(8) as pool:
            there = list(pool.map(lambda _: client.look(REPOSITORY, THERE).state, range(150)))
            not_there = list(pool.map(lambda _: client.look(REPOSITORY, NOT_THERE).state, range(150)))
    assert MISSING not in there
    assert PRESENT not in not_there
    assert there.count(PRESENT) > 75
    assert not_there.count(MISSING) > 40


@needs_registry
def test_without_a_digest_header_the_manifest_is_hashed(registry: str) -> None:
    with serve(lambda _: None, registry) as front:
        wanted = look(front.url).digest

    def handler(request: Request) -> Reply | None:
        if "/manifests/" not in request.path:
            return None
        with serve(lambda _: None, registry) as inner:
            import urllib3

            real = urllib3.request(request.method, inner.url + request.path, headers={"Accept": request.headers["Accept"]})
        headers = {key: value for key, value in real.headers.items() if key.lower() != "docker-content-digest"}
        return Reply(real.status, headers, real.data)

    with serve(handler, registry) as front:
        assert look(front.url) == State(PRESENT, wanted)


@needs_registry
def test_a_redirect_to_another_host_takes_no_login_along(basic_registry: str, registry: str, home: Path) -> None:
    with serve(lambda _: None, registry) as other:

        def handler(request: Request) -> Reply | None:
            moved = "/manifests/" in request.path and request.headers.get("Authorization")
            return Reply(307, {"Location": other.url + request.path}) if moved else None

        with serve(handler, basic_registry) as front:
            login(home / ".docker" / "config.json", {front.host: (USER, PASSWORD)})
            assert look(front.url).state == PRESENT
            assert look(front.url, NOT_THERE).state == UNKNOWN  # another host cannot say what this one lacks
    assert len(other.seen) == 3
    assert all("Authorization" not in request.headers for request in other.seen)
    assert any("Authorization" in request.headers for request in front.seen)


def test_a_host_that_does_not_answer_is_given_up() -> None:
    client = Registry(f"http://127.0.0.1:{free_port()}", Transport(4))
    reasons = {client.look(REPOSITORY, f"t{number}").reason for number in range(50)}
    assert [reason.partition(": ")[2] for reason in reasons] == ["no connection"]


def test_a_server_that_always_fails_is_given_up() -> None:
    with serve(lambda request: Reply(503) if "/manifests/" in request.path else Reply(200)) as server:
        client = Registry(server.url, Transport(4))
        states = [client.look(REPOSITORY, f"t{number}") for number in range(50)]
        assert {state.state for state in states} == {UNKNOWN}
        assert len(server.manifests()) == 4 * transport.ATTEMPTS
        assert "did not answer the requests before" in states[-1].reason


def test_waiting_ends_when_the_transport_is_closed() -> None:
    shared = Transport(4)

    def handler(request: Request) -> Reply | None:
        shared.close()
        return Reply(429, {"Retry-After": "20"})

    with serve(handler) as server:
        assert Registry(server.url, shared).look(REPOSITORY, THERE).reason == "interrupted"
        assert len(server.seen) == 1


def test_secrets_are_in_no_reason_and_no_representation(home: Path) -> None:
    secrets = ("sha256~token", basic("unused", "sha256~token"), "t0")
    with serve(lambda request: proxy_of_openshift_ci(request, "http://elsewhere.invalid", "x")) as proxy:
        login(home / ".docker" / "config.json", {proxy.host: ("unused", "sha256~token")})
        found = look(proxy.url)
    assert found.state == UNKNOWN
    from qcilint.registry.credentials import find

    shown = f"{found} {find(proxy.host, REPOSITORY, os.environ)!r}"
    assert not any(secret in shown for secret in secrets)
