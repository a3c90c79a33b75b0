"""Kubernetes objects of YAML files, and where their values stand."""

from __future__ import annotations

import pytest

from qcilint.manifests import ManifestError, manifests

SECRET = "kind: Secret\nmetadata: {name: a, namespace: b}\n"

FILES = {
    "one": (SECRET, [("Secret", "a", "b")]),
    "several documents": (f"---\n{SECRET}---\n# nothing\n---\n{SECRET}...\n", [("Secret", "a", "b")] * 2),
    "a list": ("kind: List\nitems:\n- {kind: A, metadata: {name: x}}\n- {kind: B}\n- text\n", [("A", "x", ""), ("B", "", "")]),
    "a list of one kind": ("kind: RoleBindingList\nitems: [{kind: RoleBinding}]\n", [("RoleBinding", "", "")]),
    "lists in a list": ("kind: List\nitems: [{kind: List, items: [{kind: A}]}]\n", [("A", "", "")]),
    "a list in itself": ("kind: List\nitems: &a [{kind: List, items: *a}]\n", [("List", "", "")]),
    "an empty list": ("kind: List\nitems: []\n", [("List", "", "")]),
    "a template of OpenShift": ("kind: Template\nobjects:\n- {kind: A, metadata: {name: '${NAME}'}}\n", [("A", "${NAME}", "")]),
    "an anchor": ("kind: A\nmetadata: &m {name: x}\n---\nkind: B\nmetadata: {name: &n y, namespace: *n}\n", None),
    "nothing": ("", []),
    "a text": ("text\n", []),
    "no name": ("kind: A\nmetadata: {name: }\n", [("A", "", "")]),
    "a value in Go templates": ("kind: A\nmetadata: {name: {{ .name }}, namespace: b}\n", [("A", "", "b")]),
    "Go templates around values": ("{{ if .x }}\nkind: A\n{{ end }}\n", []),
    "Go templates in a script": ("kind: A\nrun: |\n  oc get x -o go-template='{{.name}}'\n", [("A", "", "")]),
    "a byte order mark": ("\ufeffkind: A\n", [("A", "", "")]),
    "too many brackets": ("[" * 2000, []),
}


@pytest.mark.parametrize(("text", "found"), FILES.values(), ids=FILES)
def test_objects_of_a_file(text: str, found: list[tuple[str, str, str]] | None) -> None:
    if found is None:
        found = [("A", "x", ""), ("B", "y", "y")]
    assert [(each.kind, each.name, each.namespace) for each in manifests(text.encode())] == found


@pytest.mark.parametrize("written", ["x/y", '"x/y"', "'x/y'", '"x\\/y"'])
def test_the_span_of_a_value(written: str) -> None:
    data = f"# Grüße 🎉\r\nkind: Ä\r\ntype: {written} # z\r\n".encode()
    (found,) = manifests(data)
    value = found.value("type")
    assert value is not None
    assert (value.text, data[slice(*value.span)].decode()) == ("x/y", written)


@pytest.mark.parametrize(
    ("text", "line"), [("a: b\nc: [d\n", 3), ("a: b: c\n", 1), ("a: 1\n\tb: 2\n", 2), ("x\n%y\n---\na: }\n", 4)]
)
def test_what_is_no_yaml(text: str, line: int) -> None:
    with pytest.raises(ManifestError) as caught:
        manifests(text.encode())
    assert text.encode()[: caught.value.offset].count(b"\n") + 1 in (line, line - 1)
