"""Contexts of references in JSON."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import json
from qcilint.locate import Locator

OLD = "registry.ci.openshift.org/ocp/4.20:cli"


def contexts(text: str | bytes) -> list[Context]:
    data = text.encode() if isinstance(text, str) else text
    spans = [(reference.start, reference.end) for reference in Locator(["registry.ci.openshift.org"]).locate(data)]
    found = json.contexts(data, spans)
    assert len(found) == len(spans)
    return found


@pytest.mark.parametrize(
    ("text", "where", "whole"),
    [
        pytest.param(f'{{"a": "{OLD}"}}', "value:a", True, id="value"),
        pytest.param(f'{{"a": {{"b": [1, {{"c": "{OLD}"}}]}}}}', "value:a.b.c", True, id="path"),
        pytest.param(f'{{"x": [{{"y": 1}}, true], "a": "{OLD}"}}', "value:a", True, id="after-a-list"),
        pytest.param(f'{{"x": {{}}, "a": ["k", "{OLD}"]}}', "value:a", True, id="in-a-list"),
        pytest.param(f'["{OLD}"]', "value:", True, id="top-list"),
        pytest.param(f'"{OLD}"', "value:", True, id="top-string"),
        pytest.param('{"a": "registry.ci.openshift.org\\/ocp\\/4.20\\u003acli"}', "value:a", True, id="escapes"),
        pytest.param(f'{{"a": "docker:\\/\\/{OLD}"}}', "value:a", True, id="escaped-transport"),
        pytest.param(f'{{"\\u0061\\ud83d\\ude00": "{OLD}"}}', "value:a\U0001f600", True, id="escaped-key"),
        pytest.param(f'\ufeff{{"a": "{OLD}"}}', "value:a", True, id="bom"),
        pytest.param(f'{{"é": "\\ud83d\\ude00", "a": "{OLD}"}}', "value:a", True, id="surrogate-pair-before"),
        pytest.param(f'{{"x": "é", "a": "{OLD}"}}'.encode("latin-1"), "value:a", True, id="latin-1"),
        pytest.param(f'{{"a": "x\t{OLD}"}}', "value:a", False, id="raw-tab"),
        pytest.param(f'{{"a": "{OLD}",}}', "value:a", True, id="trailing-comma"),
        pytest.param(f'{{"a": 1 // "{OLD}"\n}}', "comment", True, id="line-comment"),
        pytest.param(f'{{"a": 1 /* " {OLD}\n */}}', "comment", True, id="block-comment"),
        pytest.param(f'{{"u": "https://x", "a": "{OLD}"}}', "value:a", True, id="slashes-in-a-string"),
        pytest.param(f'{{/* x */ "a" /* y */ : // z\n "{OLD}"}}', "value:a", True, id="comments-between"),
        pytest.param(f'{{"{OLD}": 1}}', "key", True, id="key"),
        pytest.param(f'{{"a": {{"x {OLD}": 1}}}}', "key", False, id="part-of-a-key"),
        pytest.param(f'{{"a": "FROM {OLD}\\nRUN x"}}', "value:a", False, id="dockerfile-in-a-string"),
        pytest.param(f'{{"a": "podman pull {OLD}"}}', "value:a", False, id="shell-in-a-string"),
        pytest.param(f'{{"a": "{{\\"b\\": \\"{OLD}\\"}}"}}', "value:a", False, id="json-in-a-string"),
        pytest.param(f'{{"a": "{OLD}=x"}}', "value:a", False, id="text-after"),
        pytest.param(f'{{a: "{OLD}"}}', "value:a", True, id="bare-key"),
        pytest.param(f'{{"source": {{"images": [{{"as": ["{OLD}"]}}]}}}}', "input-alias", True, id="build-config-alias"),
    ],
)
def test_places(text: str | bytes, where: str, whole: bool) -> None:
    (context,) = contexts(text)
    assert (context.where, context.whole, context.labels, context.language) == (where, whole, (), "json")
    assert context.escapes is (where != "comment")


@pytest.mark.parametrize(
    ("text", "wheres"),
    [
        pytest.param(f'{{"a": "{OLD}", "a": "{OLD}"}}', ["value:a", "value:a"], id="equal-keys"),
        pytest.param(f'{{"a": "{OLD}"}}\n{{"b": "{OLD}"}}\n', ["value:a", "value:b"], id="json-lines"),
        pytest.param(f'{{"a": "{OLD}", "b": "{OLD}"}}'.replace(" ", "\r\n"), ["value:a", "value:b"], id="crlf"),
    ],
)
def test_several(text: str, wheres: list[str]) -> None:
    assert [context.where for context in contexts(text)] == wheres


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param(f'{{"a": "{OLD}\n}}', "value:a", id="string-without-end"),
        pytest.param(f'{{"a": "{OLD}"', "value:a", id="cut-off"),
        pytest.param(f'{{"a": ["{OLD}"}}', "value:a", id="wrong-bracket"),
        pytest.param(f'}}{{"a": {OLD}}}', "unknown", id="no-string"),
        pytest.param(f'{{"a": 1}} /* {OLD}', "comment", id="comment-without-end"),
    ],
)
def test_broken(text: str, where: str) -> None:
    (context,) = contexts(text)
    assert context.where == where
    assert ("low-confidence" in context.labels) is (where != "comment")


def test_labels() -> None:
    text = f'{{"kind": "List", "apiVersion": "v1", "items": [{{"image": "{OLD}", "kind": "Pod", "apiVersion": "v1"}}]}}'
    assert contexts(text)[0].labels == ("kind:Pod", "kind:List")
    assert contexts(f'{{"x.release.openshift.io/y": "", "a": "{OLD}"}}')[0].labels == ("payload-manifest",)


PIECES = st.lists(st.sampled_from([*'{}[],:"\\/*\n a1', "//", "/*", "*/", '"a":', "\\u00e9", "true", OLD]), max_size=40)


@given(st.binary(max_size=200) | PIECES.map(lambda pieces: "".join(pieces).encode()), st.lists(st.integers(0, 250), max_size=8))
@settings(max_examples=300, deadline=None)
def test_never_raises(data: bytes, cuts: list[int]) -> None:
    ordered = sorted(cuts)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert len(json.contexts(data, spans)) == len(spans)


def test_a_hundred_thousand_references_on_one_line() -> None:
    data = b'{"items":[' + b",".join(b'{"image":"%s"}' % OLD.encode() for _ in range(100_000)) + b"]}"
    found = json.contexts(data, [match.span() for match in re.finditer(re.escape(OLD).encode(), data)])
    assert {(context.where, context.whole) for context in found} == {("value:items.image", True)}
    assert len(found) == 100_000
