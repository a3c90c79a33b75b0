"""A GitHub on loopback: real git repositories behind `git http-backend`, and the part of the REST API that campaigns use.

What a request may hold is taken from GitHub's description of its REST API, version 2022-11-28; a request that GitHub would not take is
refused as GitHub does, and also kept in `violations`.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.conftest import git, git_environment

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
LOGIN = "migrator"
Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Repo:
    """What GitHub knows of a repository, apart from its commits."""

    name: str
    default_branch: str = "main"
    archived: bool = False
    parent: str = ""
    ready: int = 0
    """Requests that a new fork takes to appear."""


@dataclass
class Fault:
    """An answer that takes the place of the true one."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    times: int = 1
    after: bool = False
    """The request is carried out all the same."""
    drop: bool = False
    """No answer at all."""


class FakeGitHub:
    """The server. Start it with `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.repos: dict[str, Repo] = {}
        self.moved: dict[str, str] = {}
        self.pulls: dict[str, list[dict[str, Any]]] = {}
        self.statuses: dict[str, list[dict[str, str]]] = {}
        self.check_runs: dict[str, list[dict[str, Any]]] = {}
        self.code: dict[str, list[str]] = {}
        self.strangers: set[str] = set()
        """Accounts and teams that may do nothing in any repository."""
        self.total_count: int | None = None
        self.faults: list[Fault] = []
        self.violations: list[str] = []
        self.requests: list[str] = []
        self.bodies: list[Any] = []
        self.headers: list[Mapping[str, str]] = []
        self.pid = 0
        self.kill_at: tuple[int, str] = (0, "")
        self.killed = False
        self.lock = threading.RLock()
        fake = self

        class Handler(_Handler):
            github = fake

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.api = f"{self.url}/api/v3"

    def __enter__(self) -> FakeGitHub:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.git"

    def add(self, name: str, files: Mapping[str, str | bytes], branch: str = "main", **about: Any) -> Path:
        """Make a repository with these files."""
        bare = self.path(name)
        bare.mkdir(parents=True)
        git(bare, "init", "-q", "--bare", "-b", branch, ".")
        self._open_up(bare)
        self.repos[name] = Repo(name, branch, **about)
        self.pulls[name] = []
        self.commit(name, files, branch)
        return bare

    @staticmethod
    def _open_up(bare: Path) -> None:
        with (bare / "config").open("a") as config:
            config.write(
                "[http]\n\treceivepack = true\n[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n[gc]\n\tauto = 0\n"
            )

    def commit(self, name: str, files: Mapping[str, str | bytes | None], branch: str = "main") -> str:
        """Put files onto a branch as somebody else would; None removes one."""
        bare = self.path(name)
        parent = self.ref(name, branch)
        stream = [f"commit refs/heads/{branch}\ncommitter Other <other@example.com> 1767225600 +0000\ndata 3\nnew\n".encode()]
        stream += [f"from {parent}\n".encode()] if parent else []
        for path, content in files.items():
            if content is None:
                stream.append(f"D {path}\n".encode())
                continue
            data = content if isinstance(content, bytes) else content.encode()
            mode = b"100755" if path.endswith(".sh") else b"100644"
            stream.append(b"M %s inline %s\ndata %d\n%s\n" % (mode, os.fsencode(path), len(data), data))
        subprocess.run(["git", "fast-import", "--quiet"], cwd=bare, input=b"".join(stream), check=True, env=git_environment())
        return self.ref(name, branch)

    def forget(self, owner: str) -> None:
        """Delete the repositories of an account."""
        for name in [name for name in self.repos if name.startswith(f"{owner}/")]:
            shutil.rmtree(self.path(name))
            del self.repos[name], self.pulls[name]

    def ref(self, name: str, branch: str) -> str:
        done = subprocess.run(
            ["git", "rev-parse", "-q", "--verify", f"refs/heads/{branch}"], cwd=self.path(name), capture_output=True, text=True, check=False,
            env=git_environment(),
        )  # fmt: skip
        return done.stdout.strip()

    def branches(self, name: str) -> list[str]:
        return git(self.path(name), "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()

    def file(self, name: str, branch: str, path: str) -> str:
        return git(self.path(name), "show", f"{branch}:{path}")

    def merge(self, name: str, number: int) -> None:
        """Merge a pull request as GitHub does, and delete its branch."""
        pull = self.pulls[name][number - 1]
        sha = self.ref(pull["push_to"], pull["branch"])
        git(self.path(name), "fetch", "-q", str(self.path(pull["push_to"])), sha)
        tree = git(self.path(name), "merge-tree", "--write-tree", pull["base"], sha).split()[0]
        merged = git(self.path(name), "commit-tree", "-p", pull["base"], "-p", sha, "-m", "merge", tree).strip()
        git(self.path(name), "update-ref", f"refs/heads/{pull['base']}", merged)
        git(self.path(pull["push_to"]), "update-ref", "-d", f"refs/heads/{pull['branch']}")
        pull.update(state="closed", merged_at="2026-01-01T00:00:00Z", sha=sha)

    def all_pulls(self) -> list[dict[str, Any]]:
        return [pull for pulls in self.pulls.values() for pull in pulls]

    # The REST API

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        for pattern, verb, function in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and verb == method:
                return function(self, query, body, **found.groupdict())
        return 404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}, {}

    def invalid(self, text: str, **error: str) -> Answer:
        self.violations.append(text)
        return 422, {"message": "Validation Failed", "errors": [error or {"message": text}], "status": "422"}, {}

    def check(self, what: Mapping[str, Any], allowed: Mapping[str, Any], required: tuple[str, ...] = ()) -> Answer | None:
        for key, value in what.items():
            kind = allowed.get(key)
            if kind is None:
                return self.invalid(f"unknown parameter {key}")
            if isinstance(kind, tuple) and value not in kind:
                return self.invalid(f"{key}={value!r} is none of {kind}")
            if isinstance(kind, type) and type(value) is not kind:
                return self.invalid(f"{key}={value!r} is no {kind.__name__}")
        return next((self.invalid(f"{key} is missing") for key in required if key not in what), None)

    def page(
        self, items: list[Any], query: dict[str, str], path: str, wrap: Callable[[list[Any]], Any] = lambda items: items
    ) -> Answer:
        size, number = int(query.get("per_page", "30")), int(query.get("page", "1"))
        if not 1 <= size <= 100:
            return self.invalid("per_page")
        start = (number - 1) * size
        headers = {}
        if start + size < len(items):
            following = urlencode(query | {"page": str(number + 1)})
            headers["Link"] = f'<{self.api}{path}?{following}>; rel="next", <{self.api}{path}?page=9>; rel="last"'
        return 200, wrap(items[start : start + size]), headers

    def describe(self, repo: Repo) -> dict[str, Any]:
        about: dict[str, Any] = {
            "full_name": repo.name, "name": repo.name.split("/")[1], "default_branch": repo.default_branch, "archived": repo.archived,
            "disabled": False, "fork": bool(repo.parent),
        }  # fmt: skip
        if repo.parent:
            about["parent"] = {"full_name": repo.parent}
        return about

    def describe_pull(self, name: str, pull: dict[str, Any]) -> dict[str, Any]:
        there = self.ref(pull["push_to"], pull["branch"]) if pull["push_to"] in self.repos else ""
        sha = there if there and pull["state"] == "open" else pull["sha"]  # a closed one keeps the commit it had
        pull["sha"] = sha
        return {
            "number": pull["number"], "html_url": f"{self.url}/{name}/pull/{pull['number']}", "state": pull["state"],
            "title": pull["title"], "body": pull["body"], "draft": pull["draft"], "user": {"login": pull["user"]},
            "merged_at": pull["merged_at"], "mergeable": pull["mergeable"], "mergeable_state": "clean" if pull["mergeable"] else "dirty",
            "head": {"ref": pull["branch"], "sha": sha, "label": f"{pull['owner']}:{pull['branch']}", "repo": {"full_name": pull["push_to"]}},
            "base": {"ref": pull["base"]}, "labels": [{"name": name} for name in pull["labels"]],
            "assignees": [{"login": login} for login in pull["assignees"]],
            "requested_reviewers": [{"login": login} for login in pull["reviewers"]],
            "requested_teams": [{"slug": slug} for slug in pull["teams"]],
        }  # fmt: skip

    def get_repo(self, query: dict[str, str], body: Any, name: str) -> Answer:
        if name in self.moved:
            return 301, {"message": "Moved Permanently"}, {"Location": f"{self.api}/repos/{self.moved[name]}"}
        repo = self.repos.get(name)
        if repo and repo.ready > 0:
            repo.ready -= 1
            repo = None
        return (200, self.describe(repo), {}) if repo else (404, {"message": "Not Found"}, {})

    def list_org(self, query: dict[str, str], body: Any, org: str) -> Answer:
        allowed = {
            "type": ("all", "public", "private", "forks", "sources", "member"),
            "sort": ("created", "updated", "pushed", "full_name"), "direction": ("asc", "desc"), "per_page": str, "page": str,
        }  # fmt: skip
        if bad := self.check(query, allowed):
            return bad
        mine = [self.describe(repo) for repo in self.repos.values() if repo.name.startswith(f"{org}/")]
        if not mine:
            return 404, {"message": "Not Found"}, {}
        return self.page(sorted(mine, key=lambda each: each["full_name"]), query, f"/orgs/{org}/repos")

    def search(self, query: dict[str, str], body: Any, kind: str) -> Answer:
        if bad := self.check(query, {"q": str, "sort": str, "order": ("asc", "desc"), "per_page": str, "page": str}, ("q",)):
            return bad
        names = self.code.get(query["q"], [])
        items = [self.describe(self.repos[name]) for name in names]
        found = [{"path": "Dockerfile", "repository": {"full_name": each["full_name"], "fork": each["fork"]}} for each in items]
        total = len(names) if self.total_count is None else self.total_count
        return self.page(
            found if kind == "code" else items, query, f"/search/{kind}",
            lambda some: {"total_count": total, "incomplete_results": False, "items": some},
        )  # fmt: skip

    def get_user(self, query: dict[str, str], body: Any) -> Answer:
        return 200, {"login": LOGIN, "type": "User"}, {}

    def make_fork(self, query: dict[str, str], body: Any, name: str) -> Answer:
        if bad := self.check(body, {"organization": str, "name": str, "default_branch_only": bool}):
            return bad
        fork = f"{body.get('organization', LOGIN)}/{name.split('/')[1]}"
        if fork not in self.repos:
            bare = self.path(fork)
            bare.parent.mkdir(parents=True, exist_ok=True)
            git(self.folder, "clone", "-q", "--bare", str(self.path(name)), str(bare))
            self._open_up(bare)
            self.repos[fork] = Repo(fork, self.repos[name].default_branch, parent=name, ready=2)
            self.pulls[fork] = []
        return 202, self.describe(self.repos[fork]), {}

    def list_pulls(self, query: dict[str, str], body: Any, name: str) -> Answer:
        allowed = {
            "state": ("open", "closed", "all"), "head": str, "base": str, "sort": ("created", "updated", "popularity", "long-running"),
            "direction": ("asc", "desc"), "per_page": str, "page": str,
        }  # fmt: skip
        if bad := self.check(query, allowed):
            return bad
        found = self.pulls[name]
        if query.get("state", "open") != "all":
            found = [pull for pull in found if pull["state"] == query.get("state", "open")]
        if "head" in query:
            found = [pull for pull in found if f"{pull['owner']}:{pull['branch']}" == query["head"]]
        if "base" in query:
            found = [pull for pull in found if pull["base"] == query["base"]]
        listed = [self.describe_pull(name, pull) for pull in reversed(found)]
        for each in listed:
            each.pop("mergeable")  # a list does not say
            each.pop("mergeable_state")
        return self.page(listed, query, f"/repos/{name}/pulls")

    def get_pull(self, query: dict[str, str], body: Any, name: str, number: str) -> Answer:
        return 200, self.describe_pull(name, self.pulls[name][int(number) - 1]), {}

    def make_pull(self, query: dict[str, str], body: Any, name: str) -> Answer:
        allowed = {
            "title": str,
            "head": str,
            "head_repo": str,
            "base": str,
            "body": str,
            "maintainer_can_modify": bool,
            "draft": bool,
        }
        if bad := self.check(body, allowed, ("title", "head", "base")):
            return bad
        owner, _, branch = body["head"].partition(":")
        push_to = next(
            (repo.name for repo in self.repos.values() if repo.name.split("/")[0] == owner and name in (repo.name, repo.parent)),
            "",
        )
        if not push_to or not self.ref(push_to, branch):
            return self.invalid("head does not exist", resource="PullRequest", field="head", code="invalid")
        if not self.ref(name, body["base"]):
            return self.invalid("base does not exist", resource="PullRequest", field="base", code="invalid")
        if any(
            pull["state"] == "open" and (pull["owner"], pull["branch"], pull["base"]) == (owner, branch, body["base"])
            for pull in self.pulls[name]
        ):
            message = f"A pull request already exists for {owner}:{branch}."
            return (
                422,
                {"message": "Validation Failed", "errors": [{"resource": "PullRequest", "code": "custom", "message": message}]},
                {},
            )
        if len(body.get("body", "")) > 65536:
            return self.invalid("body is too long")
        pull = {
            "number": len(self.pulls[name]) + 1, "state": "open", "title": body["title"], "body": body.get("body"), "draft": body.get("draft", False),
            "user": LOGIN, "owner": owner, "branch": branch, "push_to": push_to, "base": body["base"], "merged_at": None, "mergeable": True, "sha": "",
            "labels": [], "assignees": [], "reviewers": [], "teams": [],
        }  # fmt: skip
        self.pulls[name].append(pull)
        return 201, self.describe_pull(name, pull), {}

    def change_pull(self, query: dict[str, str], body: Any, name: str, number: str) -> Answer:
        if bad := self.check(
            body, {"title": str, "body": str, "state": ("open", "closed"), "base": str, "maintainer_can_modify": bool}
        ):
            return bad
        self.pulls[name][int(number) - 1].update(body)
        return 200, self.describe_pull(name, self.pulls[name][int(number) - 1]), {}

    def names(self, body: Any, key: str, limit: int) -> list[str]:
        """The names in a list, of which no more than `limit` may be given; a violation otherwise."""
        found = body.get(key, [])
        if not isinstance(found, list) or len(found) > limit or any(not isinstance(each, str) or not each for each in found):
            self.violations.append(f"{key}={found!r}")
        return list(found)

    def add_labels(self, query: dict[str, str], body: Any, name: str, number: str) -> Answer:
        if bad := self.check(body, {"labels": list}, ("labels",)):
            return bad
        pull = self.pulls[name][int(number) - 1]
        new = self.names(body, "labels", 100)
        if any(len(label) > 50 for label in new):
            return self.invalid("label is too long", resource="Label", field="name", code="invalid")
        pull["labels"] += [label for label in new if label not in pull["labels"]]
        return 200, [{"name": label} for label in pull["labels"]], {}

    def add_assignees(self, query: dict[str, str], body: Any, name: str, number: str) -> Answer:
        """Those that GitHub does not take are passed over."""
        if bad := self.check(body, {"assignees": list}):
            return bad
        pull = self.pulls[name][int(number) - 1]
        new = [each for each in self.names(body, "assignees", 10) if each not in self.strangers]
        pull["assignees"] += [each for each in new if each not in pull["assignees"]]
        return 201, {"number": int(number), "assignees": [{"login": each.title()} for each in pull["assignees"]]}, {}

    def request_reviewers(self, query: dict[str, str], body: Any, name: str, number: str) -> Answer:
        """All of them, or none."""
        if bad := self.check(body, {"reviewers": list, "team_reviewers": list}):
            return bad
        pull = self.pulls[name][int(number) - 1]
        people, teams = self.names(body, "reviewers", 15), self.names(body, "team_reviewers", 15)
        if not people and not teams:
            self.violations.append("no reviewers")
        if self.strangers & {*people, *teams}:
            return 422, {"message": "Reviews may only be requested from collaborators."}, {}
        if pull["user"] in people:
            return self.invalid("Review cannot be requested from pull request author.")
        pull["reviewers"] += [each for each in people if each not in pull["reviewers"]]
        pull["teams"] += [each for each in teams if each not in pull["teams"]]
        return 201, self.describe_pull(name, pull), {}

    def get_status(self, query: dict[str, str], body: Any, name: str, sha: str) -> Answer:
        found = self.statuses.get(sha, [])
        return self.page(
            found,
            query,
            f"/repos/{name}/commits/{sha}/status",
            lambda some: {"sha": sha, "total_count": len(found), "statuses": some},
        )

    def get_check_runs(self, query: dict[str, str], body: Any, name: str, sha: str) -> Answer:
        found = self.check_runs.get(sha, [])
        return self.page(
            found, query, f"/repos/{name}/commits/{sha}/check-runs", lambda some: {"total_count": len(found), "check_runs": some}
        )


_NAME = r"(?P<name>[^/]+/[^/]+)"
_ROUTES: list[tuple[str, str, Callable[..., Answer]]] = [
    (r"/user", "GET", FakeGitHub.get_user),
    (r"/orgs/(?P<org>[^/]+)/repos", "GET", FakeGitHub.list_org),
    (r"/search/(?P<kind>code|repositories)", "GET", FakeGitHub.search),
    (rf"/repos/{_NAME}", "GET", FakeGitHub.get_repo),
    (rf"/repos/{_NAME}/forks", "POST", FakeGitHub.make_fork),
    (rf"/repos/{_NAME}/pulls", "GET", FakeGitHub.list_pulls),
    (rf"/repos/{_NAME}/pulls", "POST", FakeGitHub.make_pull),
    (rf"/repos/{_NAME}/pulls/(?P<number>\d+)", "GET", FakeGitHub.get_pull),
    (rf"/repos/{_NAME}/pulls/(?P<number>\d+)", "PATCH", FakeGitHub.change_pull),
    (rf"/repos/{_NAME}/pulls/(?P<number>\d+)/requested_reviewers", "POST", FakeGitHub.request_reviewers),
    (rf"/repos/{_NAME}/issues/(?P<number>\d+)/labels", "POST", FakeGitHub.add_labels),
    (rf"/repos/{_NAME}/issues/(?P<number>\d+)/assignees", "POST", FakeGitHub.add_assignees),
    (rf"/repos/{_NAME}/commits/(?P<sha>[0-9a-f]{{40}})/status", "GET", FakeGitHub.get_status),
    (rf"/repos/{_NAME}/commits/(?P<sha>[0-9a-f]{{40}})/check-runs", "GET", FakeGitHub.get_check_runs),
]


class _Handler(BaseHTTPRequestHandler):
    github: FakeGitHub

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            content = self._content()
            is_api = self.path.startswith("/api/v3/")
            number = self._count()
            self._kill(number, "before")
            send = self._api(content) if is_api else self._git(content)
            self._kill(number, "after")
            send()

    def _content(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _count(self) -> int:
        with self.github.lock:
            self.github.requests.append(f"{self.command} {self.path}")
            self.github.headers.append(dict(self.headers))
            return len(self.github.requests)

    def _kill(self, number: int, when: str) -> None:
        if self.github.kill_at == (number, when) and self.github.pid:
            self.github.killed = True
            with contextlib.suppress(ProcessLookupError):  # a request of a git that outlived it
                os.kill(self.github.pid, signal.SIGKILL)

    def _api(self, content: bytes) -> Callable[[], None]:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/v3")
        github = self.github
        with github.lock:
            fault = next(
                (f for f in github.faults if f.times > 0 and f.method == self.command and re.search(f.path, self.path)), None
            )
            if fault:
                fault.times -= 1
                if fault.after:
                    github.answer(self.command, path, dict(parse_qsl(parts.query)), json.loads(content) if content else None)
                if fault.drop:
                    return lambda: self.connection.close()
                return lambda: self._send(fault.status, fault.body or {"message": "You have been served a fault"}, fault.headers)
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return lambda: self._send(401, {"message": "Bad credentials"}, {})
            if not self.headers.get("User-Agent") or self.headers.get("X-GitHub-Api-Version") != "2022-11-28":
                github.violations.append("headers")
            if self.command != "GET":
                github.bodies.append(json.loads(content))
            answer = github.answer(self.command, path, dict(parse_qsl(parts.query)), json.loads(content) if content else None)
        return lambda: self._send(*answer)

    def _send(self, status: int, body: Any, headers: Mapping[str, str]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for key, value in ({"Content-Type": "application/json", "x-ratelimit-remaining": "4999"} | dict(headers)).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _git(self, content: bytes) -> Callable[[], None]:
        """What git asks: the CGI program of git itself answers."""
        parts = urlsplit(self.path)
        wanted = "Basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        if "receive-pack" in self.path and self.headers.get("Authorization") != wanted:
            return lambda: self._send(401, {}, {"WWW-Authenticate": 'Basic realm="GitHub"'})
        environment = git_environment() | {
            "GIT_PROJECT_ROOT": str(self.github.folder), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(content)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": LOGIN, "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=content, capture_output=True, check=False, env=environment)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])

        def send() -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        return send
