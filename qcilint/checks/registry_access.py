"""The manifests of a team's access to the registries, `clusters/app.ci/registry-access/<team>/` in openshift/release.

What belongs there is said in openshift/ci-docs, `content/en/how-tos/use-registries-in-build-farm.md` ("Token For Programmatic
Access to QCI"). The manifests are applied as openshift/ci-tools `cmd/applyconfig` does (`fileFilter`): files ending in `.yaml`
whose names, and those of their folders, do not begin with an underscore; their names mean nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcilint.checks import Found
from qcilint.manifests import Manifest, ManifestError, Value, manifests
from qcilint.qci import APP_CI
from qcilint.records import dataclass, field
from qcilint.tree import Tree
from qcilint.view import Span

HOME = "clusters/app.ci/registry-access/"
TOKEN = "kubernetes.io/service-account-token"  # noqa: S105 (the type of a secret)
PULLS = frozenset(
    {"system:image-puller", "system:image-pusher", "system:image-builder", "registry-viewer", "registry-editor", "registry-admin"}
    | {"edit", "admin", "cluster-admin"}
)
"""Cluster roles of OpenShift that include pulling (`get` of `imagestreams/layers`)."""
EVERYBODY = frozenset({"system:authenticated", "system:serviceaccounts"})
_OPEN = frozenset({"openshift", "origin"})
"""Namespaces of app.ci from which anybody may pull."""
_PULLER = re.compile(r"(?:^|[-.])puller(?:[-.]|$)")
_COMMAND = re.compile(rb"\b(?:pull|copy|inspect|extract)\b")
_IMAGE = re.compile(rb"(?<![\w.-])%s/([a-z0-9][a-z0-9-]*)/[a-z0-9]" % re.escape(APP_CI.encode()))
"""An image of app.ci's own registry. QCI lets every ServiceAccount pull (openshift/ci-tools `cmd/qci-appci/main.go`)."""


@dataclass(slots=True)
class Team:
    """What the manifests of a folder say together."""

    files: list[str]
    """Every file of the folder, sorted."""
    applied: list[str]
    """Those that are applied."""
    is_whole: bool = True
    """Every one of them was understood."""
    accounts: list[tuple[str, str, str, Value]] = field(default_factory=list)
    """ServiceAccounts: path, namespace, name, and where the name stands."""
    bound: set[tuple[str, str]] = field(default_factory=set)
    """Namespace and name of the ServiceAccounts that may pull from somewhere; the name is empty for all of a namespace."""
    namespaces: set[str] = field(default_factory=set)
    """Where one of them, or everybody, may pull from; `*` is everywhere."""
    is_open: bool = False
    """Some binding is for everybody."""


def find(path: str, data: bytes, tree: Tree) -> Iterator[Found]:
    """What is wrong in a file, and, in the first manifest of its folder, what the folder lacks."""
    try:
        objects = _objects(path, tree) if is_applied(path) else []
    except ManifestError as problem:
        yield Found(_line_at(data, problem.offset), "not-read", f"no valid YAML ({problem})")
        return
    for each in objects:
        kind = each.value("type")
        if each.kind == "Secret" and kind is not None and kind.text == TOKEN:
            yield Found(kind.span, "token-secret", _secret(each))
        if each.kind == "RoleBinding" and each.text("roleRef", "name") == "system:image-puller" and not each.namespace:
            named = each.value("metadata", "name") or each.value("kind")
            if named:
                yield Found(named.span, "no-namespace", f"RoleBinding {each.name or 'without a name'}")
    if (folder := _folder(path)) is None:
        return
    team = tree.once(f"registry-access {folder}", lambda: _read(folder, tree))
    lead = (team.applied or team.files)[:1]
    if lead == [path] and (span := _first_line(data)):
        yield from _lacking(folder, span, team, tree)
    for where, namespace, name, value in team.accounts:
        if where == path and team.is_whole and _PULLER.search(name):
            if not _is_bound(namespace, name, team):
                yield Found(value.span, "unbound", f"ServiceAccount {namespace}/{name}")
            else:
                yield from _unreachable(folder, value.span, team, tree)


def is_applied(path: str) -> bool:
    """Whether a file of the repository is applied to the cluster."""
    return path.endswith(".yaml") and not any(part.startswith("_") for part in path.split("/"))


def _folder(path: str) -> str | None:
    """The folder of a file's team; None for what lies directly in the folder of all teams."""
    team, slash, _ = path.removeprefix(HOME).partition("/")
    return f"{HOME}{team}/" if slash else None


def _secret(found: Manifest) -> str:
    account = found.value("metadata", "annotations", "kubernetes.io/service-account.name")
    of = f" of ServiceAccount {account.text}" if account else ""
    return f"Secret {found.name or 'without a name'} holds a token{of} that never expires"


def _lacking(folder: str, span: Span, team: Team, tree: Tree) -> Iterator[Found]:
    if not team.applied:
        yield Found(span, "no-manifest", f"{folder} has no manifest")
    if f"{folder}OWNERS" not in team.files:
        above = f"{HOME}OWNERS"
        places = ((above, 0, "its approvers decide"),) if tree.read(above) else ()
        yield Found(span, "no-owners", f"{folder} has no OWNERS", places)


def _unreachable(folder: str, span: Span, team: Team, tree: Tree) -> Iterator[Found]:
    """The namespaces that the folder's own instructions pull from, and in which none of its bindings lets anybody pull."""
    if "*" in team.namespaces:
        return
    missing: dict[str, tuple[str, int, str]] = {}
    for path in team.files:
        if not path.endswith((".md", ".sh")):
            continue
        for number, line in enumerate(tree.read(path).split(b"\n"), 1):
            for namespace in (match[1].decode() for match in _IMAGE.finditer(line) if _COMMAND.search(line)):
                if namespace not in team.namespaces | _OPEN:
                    missing.setdefault(namespace, (path, number, "pulls from there"))
    for namespace, place in sorted(missing.items()):
        yield Found(span, "namespace-not-bound", f"{folder} binds nobody in namespace {namespace}", (place,))


def _is_bound(namespace: str, name: str, team: Team) -> bool:
    return team.is_open or not team.bound.isdisjoint({(namespace, name), (namespace, "")})


def _read(folder: str, tree: Tree) -> Team:
    files = tree.once("registry-access", lambda: _by_team(tree.below(HOME))).get(folder, [])
    team = Team(files, [path for path in files if is_applied(path)])
    for path in team.applied:
        try:
            objects = _objects(path, tree)
        except ManifestError:
            objects = []
        team.is_whole = team.is_whole and (bool(objects) or not tree.read(path).strip())
        _add(path, objects, team)
    return team


def _by_team(paths: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        if folder := _folder(path):
            found.setdefault(folder, []).append(path)
    return found


def _objects(path: str, tree: Tree) -> list[Manifest]:
    """The objects of a file. Raises ManifestError."""
    return tree.once(f"manifests {path}", lambda: manifests(tree.read(path)))


def _add(path: str, objects: Sequence[Manifest], team: Team) -> None:
    for each in objects:
        name = each.value("metadata", "name")
        if each.kind == "ServiceAccount" and name is not None:
            team.accounts.append((path, each.namespace, name.text, name))
        elif each.kind in ("RoleBinding", "ClusterRoleBinding") and _may_pull(each):
            team.namespaces.add("*" if each.kind == "ClusterRoleBinding" else each.namespace)
            for subject in each.items("subjects"):
                _bind(subject, each.namespace, team)


def _may_pull(binding: Manifest) -> bool:
    """Whether a binding may let somebody pull: what a role of the team's own holds is not looked into."""
    return binding.text("roleRef", "kind") == "Role" or binding.text("roleRef", "name") in PULLS


def _bind(subject: Manifest, namespace: str, team: Team) -> None:
    name = subject.text("name")
    if subject.kind == "ServiceAccount":
        team.bound.add((subject.text("namespace") or namespace, name))
    elif subject.kind == "User" and name.startswith("system:serviceaccount:"):
        team.bound.add((name.split(":")[2], name.split(":")[-1]))
    elif name in EVERYBODY:
        team.is_open = True
    elif name.startswith("system:serviceaccounts:"):
        team.bound.add((name.rpartition(":")[2], ""))


def _first_line(data: bytes) -> Span | None:
    """The first line that is neither blank nor a comment; None where there is none."""
    at = 0
    for line in data.split(b"\n"):
        text = line.strip(b" \t\r\xef\xbb\xbf")
        if text and not text.startswith(b"#"):
            start = at + line.index(text)
            return start, start + len(text)
        at += len(line) + 1
    return None


def _line_at(data: bytes, offset: int) -> Span:
    """The line around a byte, or the first one before it that is not blank."""
    before = data[:offset].rstrip() if not data[offset:].split(b"\n", 1)[0].strip() else data[:offset]
    start = before.rfind(b"\n") + 1
    end = data.find(b"\n", start)
    end = len(data) if end < 0 else end
    text = data[start:end].strip()
    return start + data[start:end].index(text), start + data[start:end].index(text) + max(len(text), 1)
