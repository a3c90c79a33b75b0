"""What is wrong with a team's access to the registries, and what is not."""

from __future__ import annotations

import pytest

from qcilint.checks.registry_access import HOME, find
from qcilint.tree import Given

TEAM = f"{HOME}team/"
MANIFEST = f"{TEAM}admin_manifest.yaml"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"
ACCOUNT = "kind: ServiceAccount\napiVersion: v1\nmetadata:\n  name: image-puller\n  namespace: team\n"
GIVEN = {f"{TEAM}OWNERS": "approvers: [team]\n"}


def binding(
    subject: str = "{kind: ServiceAccount, namespace: team, name: image-puller}",
    *,
    role: str = "system:image-puller",
    namespace: str = "namespace: ocp, ",
    kind: str = "RoleBinding",
    role_kind: str = "ClusterRole",
) -> str:
    return (
        f"kind: {kind}\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: {{{namespace}name: b}}\n"
        f'roleRef: {{kind: {role_kind}, name: "{role}"}}\nsubjects:\n- {subject}\n'
    )


def secret(kind: str = "kubernetes.io/service-account-token") -> str:
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: t}}\ntype: {kind}\n"


def listed(*objects: str) -> str:
    items = ["- " + "  ".join(text.splitlines(keepends=True)) for text in objects]
    return "kind: List\napiVersion: v1\nitems:\n" + "".join(items)


def documents(*objects: str) -> str:
    return "---\n".join(objects)


def labels(text: str, files: dict[str, str], path: str = MANIFEST) -> list[tuple[str, int, str]]:
    tree = Given({name: content.encode() for name, content in {**files, path: text}.items()})
    data = text.encode()
    return [(each.label, data[: each.span[0]].count(b"\n") + 1, each.detail) for each in find(path, data, tree)]


RIGHT = {
    "as the documentation has it": documents(NAMESPACE, ACCOUNT, binding()),
    "as a list": listed(NAMESPACE, ACCOUNT, binding()),
    "the binding first": documents(binding(), ACCOUNT),
    "from every namespace": documents(ACCOUNT, binding(kind="ClusterRoleBinding", namespace="")),
    "a role of its own": documents(ACCOUNT, binding(role="own", role_kind="Role")),
    "a role that includes pulling": documents(ACCOUNT, binding(role="edit")),
    "everybody may pull": documents(ACCOUNT, binding('{kind: Group, name: "system:authenticated"}')),
    "all accounts of the namespace": documents(ACCOUNT, binding('{kind: Group, name: "system:serviceaccounts:team"}')),
    "as a user": documents(ACCOUNT, binding('{kind: User, name: "system:serviceaccount:team:image-puller"}')),
    "without a ServiceAccount": documents(NAMESPACE, binding('{kind: Group, name: "system:authenticated"}')),
    "an account that does not pull": documents(ACCOUNT.replace("image-puller", "pull-secret-rotator")),
    "another secret": documents(NAMESPACE, secret("kubernetes.io/dockerconfigjson"), secret("Opaque")),
    "the type of a secret elsewhere": "kind: ConfigMap\nmetadata: {name: t}\ntype: kubernetes.io/service-account-token\n",
    "in a comment": NAMESPACE + "# type: kubernetes.io/service-account-token\n",
    "Go templates": "kind: Secret\n{{ if .x }}\ntype: kubernetes.io/service-account-token\n{{ end }}\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_nothing_is_wrong(text: str) -> None:
    assert labels(text, GIVEN) == []


def test_what_another_manifest_holds_counts() -> None:
    beside = {**GIVEN, f"{TEAM}admin_rbac.yaml": binding()}
    assert labels(documents(NAMESPACE, ACCOUNT), beside) == []
    assert labels(binding(), {**GIVEN, MANIFEST: ACCOUNT}, f"{TEAM}rbac.yaml") == []


NO_BINDING = "ServiceAccount team/image-puller"
WRONG = {
    "a token that never expires": (documents(NAMESPACE, secret()), "token-secret", 8),
    "in a list": (listed(NAMESPACE, secret()), "token-secret", 10),
    "in quotes": (secret('"kubernetes.io/service-account-token"'), "token-secret", 4),
    "two tokens": (documents(secret(), secret()), "token-secret", 4),
    "no binding": (documents(NAMESPACE, ACCOUNT), "unbound", 8),
    "a binding of another account": (
        documents(ACCOUNT, binding("{kind: ServiceAccount, namespace: team, name: x}")),
        "unbound",
        4,
    ),
    "a binding of another namespace": (
        documents(ACCOUNT, binding("{kind: ServiceAccount, namespace: my-project, name: image-puller}")),
        "unbound",
        4,
    ),
    "a binding of a role that does not pull": (documents(ACCOUNT, binding(role="view")), "unbound", 4),
    "a binding without a namespace": (documents(ACCOUNT, binding(namespace="")), "no-namespace", 9),
    "no YAML": ("kind: [\n", "not-read", 1),
}


@pytest.mark.parametrize(("text", "label", "line"), WRONG.values(), ids=WRONG)
def test_what_is_wrong(text: str, label: str, line: int) -> None:
    found = labels(text, GIVEN)
    assert found[0][:2] == (label, line)
    assert {each for each, *_ in found} == {label}


def test_the_account_of_a_token_is_named() -> None:
    annotated = secret().replace("name: t", "name: t, annotations: {kubernetes.io/service-account.name: image-puller}")
    assert labels(annotated, GIVEN)[0][2] == "Secret t holds a token of ServiceAccount image-puller that never expires"


def test_without_owners() -> None:
    text = f"# who\n\n{documents(NAMESPACE, ACCOUNT, binding())}"
    assert labels(text, {}) == [("no-owners", 3, f"{TEAM} has no OWNERS")]
    assert labels(text, {f"{TEAM}owners": "x\n", f"{HOME}OWNERS": "x\n", f"{HOME}other/OWNERS": "x\n"})[0][0] == "no-owners"
    assert labels(text, {f"{HOME}OWNERS": "x\n"}, f"{HOME}all.yaml") == [], "it is in the folder of no team"


def test_only_the_first_manifest_says_what_the_folder_lacks() -> None:
    assert labels(binding(), {f"{TEAM}admin_a.yaml": NAMESPACE}, f"{TEAM}b.yaml") == []
    assert [each for each, *_ in labels(NAMESPACE, {f"{TEAM}b.yaml": binding()}, f"{TEAM}admin_a.yaml")] == ["no-owners"]


@pytest.mark.parametrize("name", ["", "admin_manifest.yml", "_admin.yaml", "_old/admin.yaml", "README.md"])
def test_without_a_manifest_that_is_applied(name: str) -> None:
    beside = {f"{TEAM}{name}": documents(NAMESPACE, ACCOUNT)} if name else {}
    found = labels("approvers: [team]\n", beside, f"{TEAM}OWNERS")
    assert found == [("no-manifest", 1, f"{TEAM} has no manifest")]


def test_where_a_manifest_is_not_understood_nothing_is_said_of_bindings() -> None:
    account = documents(NAMESPACE, ACCOUNT)
    assert labels(account, {**GIVEN, f"{TEAM}other.yaml": "a: [\n"}) == []
    assert labels(account, {**GIVEN, f"{TEAM}other.yaml": "{{ if .x }}\na: b\n{{ end }}\n"}) == []
    assert labels(account, {**GIVEN, f"{TEAM}other.yaml": "\n"})[0][0] == "unbound"


PULLS = {
    "bound": ("podman pull registry.ci.openshift.org/ocp/4.20:cli", []),
    "not bound": ("podman pull registry.ci.openshift.org/cvp/tool:v1", ["cvp"]),
    "open to anybody": ("podman pull registry.ci.openshift.org/openshift/release:golang-1.21", []),
    "from QCI": ("podman pull quay-proxy.ci.openshift.org/openshift/ci:cvp_tool_v1", []),
    "in a sentence": ("The image was registry.ci.openshift.org/cvp/tool:v1.", []),
    "another host": ("podman pull my.registry.ci.openshift.org/cvp/tool:v1", []),
    "two": ("skopeo copy registry.ci.openshift.org/b/t:v1 x\nskopeo inspect registry.ci.openshift.org/a/t:v1", ["a", "b"]),
}


@pytest.mark.parametrize(("text", "namespaces"), PULLS.values(), ids=PULLS)
def test_namespaces_that_the_instructions_pull_from(text: str, namespaces: list[str]) -> None:
    files = {**GIVEN, f"{TEAM}README.md": text}
    found = labels(documents(ACCOUNT, binding()), files)
    assert found == [("namespace-not-bound", 4, f"{TEAM} binds nobody in namespace {each}") for each in namespaces]
    assert labels(documents(ACCOUNT, binding(kind="ClusterRoleBinding", namespace="")), files) == []
