"""Real servers on loopback: docker-registry with images that skopeo pushed, its token server, and a front that injects faults."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from ..conftest import git_environment

NEEDED = ("docker-registry", "skopeo", "openssl")
MISSING = [program for program in NEEDED if shutil.which(program) is None]
needs_registry = pytest.mark.skipif(
    bool(MISSING), reason=f"{', '.join(MISSING)} not installed: `apt-get install docker-registry skopeo openssl`"
)

USER, PASSWORD = "tester", "p:ass wörd"
HTPASSWD = "tester:$2b$05$abcdefghijklmnopqrstuulQm06mZWDOyKsqVhgVZ/iUFoAhRkN9W\n"
REPOSITORY = "openshift/ci"
SERVICE = "test-registry"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def oci_layout(folder: Path, text: str) -> Path:
    """The smallest image there is: a configuration that holds `text`, and no layer."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(document: object) -> dict[str, object]:
        data = json.dumps(document).encode()
        name = hashlib.sha256(data).hexdigest()
        (blobs / name).write_bytes(data)
        return {"digest": f"sha256:{name}", "size": len(data)}

    rootfs = {"type": "layers", "diff_ids": []}
    config = blob({"architecture": "amd64", "os": "linux", "rootfs": rootfs, "config": {"Labels": {"text": text}}})
    manifest = blob(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
            "layers": [],
        }
    )
    entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", **manifest}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


@contextlib.contextmanager
def docker_registry(folder: Path, storage: Path, auth: str = "") -> Iterator[str]:
    """A docker-registry over `storage`; `auth` is YAML for its `auth` key. Gives its URL."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(
        f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {storage}}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n{auth}"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["docker-registry", "serve", str(folder / "config.yml")], stdout=log, stderr=log)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def push(layout: Path, url: str, name: str) -> None:
    """Push an image with skopeo."""
    target = f"docker://{url.partition('://')[2]}/{name}"
    subprocess.run(
        ["skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", f"oci:{layout}", target],
        check=True, capture_output=True, env=git_environment(),
    )  # fmt: skip


@dataclass
class Request:
    """A request as a server saw it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    number: int = 0
    """How many requests for this method and path came before it."""


@dataclass
class Reply:
    """What to answer instead of the real answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    cut: bool = False
    """Close the connection in the middle of the body."""


Handler = Callable[[Request], Reply | None]


@dataclass
class Server:
    """A server under test control, and the requests that it got."""

    url: str
    seen: list[Request]

    @property
    def host(self) -> str:
        return self.url.partition("://")[2]

    def manifests(self) -> list[Request]:
        return [request for request in self.seen if "/manifests/" in request.path]


@contextlib.contextmanager
def serve(handler: Handler, upstream: str = "", context: object = None) -> Iterator[Server]:
    """Answer with what `handler` gives; where it gives None, with what `upstream` answers."""
    seen: list[Request] = []

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            number = sum(each.method == self.command and each.path == self.path for each in seen)
            request = Request(self.command, self.path, dict(self.headers.items()), body, number)
            seen.append(request)
            reply = handler(request)
            if reply is None:
                reply = self.forward(request) if upstream else Reply(404)
            time.sleep(reply.delay)
            self.send_response(reply.status)
            for key, value in reply.headers.items():
                if key.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(key, value)
            length = dict(reply.headers).get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(reply.body) + (10 if reply.cut else 0)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)
            self.close_connection = self.close_connection or reply.cut

        do_GET = do_HEAD = do_POST = answer  # noqa: N815

        def forward(self, request: Request) -> Reply:
            connection = http.client.HTTPConnection(urlsplit(upstream).netloc, timeout=10)
            headers = {key: value for key, value in request.headers.items() if key.lower() not in ("host", "connection")}
            connection.request(request.method, request.path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            connection.close()
            return Reply(response.status, dict(response.getheaders()), body)

        def log_message(self, *arguments: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Front)
    scheme = "http"
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)  # type: ignore[attr-defined]
        scheme = "https"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Server(f"{scheme}://127.0.0.1:{server.server_port}", seen)
    finally:
        server.shutdown()
        server.server_close()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def certificate(folder: Path, name: str = "quay-proxy.ci.openshift.org") -> tuple[Path, Path]:
    """A key and a self-signed certificate for a host, and for this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    key, crt = folder / "key.pem", folder / "crt.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1", "-keyout", str(key), "-out", str(crt)],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, crt


class TokenServer:
    """Tokens as docker-registry wants them: signed with a key whose certificate it trusts."""

    def __init__(self, folder: Path) -> None:
        self.key, self.certificate = certificate(folder, "issuer")
        self.lifetime = 300
        der = subprocess.run(
            ["openssl", "x509", "-in", str(self.certificate), "-outform", "DER"], check=True, capture_output=True
        ).stdout
        self._chain = [base64.b64encode(der).decode()]

    def auth(self, realm: str) -> str:
        """The `auth` key of a registry that trusts it."""
        return f"auth: {{token: {{realm: '{realm}', service: {SERVICE}, issuer: issuer, rootcertbundle: {self.certificate}}}}}\n"

    def __call__(self, request: Request) -> Reply | None:
        parts = urlsplit(request.path)
        if parts.path != "/token":
            return None
        if request.headers.get("Authorization") != basic(USER, PASSWORD):
            return Reply(401)
        scope = parse_qs(parts.query).get("scope", [""])[0]
        return Reply(200, {"Content-Type": "application/json"}, json.dumps({"token": self.token(scope)}).encode())

    def token(self, scope: str) -> str:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        now = int(time.time())
        claims = {
            "iss": "issuer", "sub": USER, "aud": SERVICE, "exp": now + self.lifetime, "nbf": now - 120, "iat": now - 120, "jti": "1",
            "access": [{"type": kind, "name": name, "actions": actions.split(",")}] if scope else [],
        }  # fmt: skip
        signed = ".".join(
            _encode(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "RS256", "x5c": self._chain}, claims)
        )
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", str(self.key)], input=signed.encode(), check=True, capture_output=True
        ).stdout
        return f"{signed}.{_encode(signature)}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def login(path: Path, logins: Mapping[str, tuple[str, str]]) -> Path:
    """Write an auth file with these logins: registry, perhaps with a path, to user and password."""
    path.parent.mkdir(parents=True, exist_ok=True)
    auths = {key: {"auth": basic(*pair).removeprefix("Basic ")} for key, pair in logins.items()}
    path.write_text(json.dumps({"auths": auths}))
    path.chmod(0o600)
    return path


@contextlib.contextmanager
def tunnel(target: str) -> Iterator[tuple[int, list[str]]]:
    """A proxy that leads every CONNECT to one place; gives its port and what it was asked, logins included."""
    asked: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError), sink:
            while data := source.recv(65536):
                sink.sendall(data)

    def handle(client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        given = re.search(rb"(?im)^proxy-authorization: (\S+ \S+)", head)
        asked.append(b" ".join([*head.split()[:2], given[1] if given else b""]).decode())
        host, _, port = target.partition(":")
        upstream = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        Thread(target=pump, args=(client, upstream), daemon=True).start()
        pump(upstream, client)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = server.accept()
                Thread(target=handle, args=(client,), daemon=True).start()

    Thread(target=accept, daemon=True).start()
    with server:
        yield server.getsockname()[1], asked
