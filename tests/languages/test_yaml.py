"""Contexts of references in YAML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from qcilint.context import Context
from qcilint.languages import yaml, yaml_lines
from qcilint.languages.yaml_scalars import body, parts
from qcilint.languages.yaml_source import Source, events, mask_templates
from qcilint.locate import Locator
from qcilint.records import replace
from qcilint.view import View

OLD = "registry.ci.openshift.org/ocp/4.20:cli"
HOSTS = ("registry.svc.ci.openshift.org", "registry.ci.openshift.org")


def contexts(text: str | bytes) -> list[Context]:
    data = text.encode() if isinstance(text, str) else text
    spans = [(reference.start, reference.end) for reference in Locator(HOSTS).locate(data)]
    found = yaml.contexts(data, spans)
    assert len(found) == len(spans)
    return found


def one(text: str | bytes) -> Context:
    (context,) = contexts(text)
    return context


@pytest.mark.parametrize(
    ("text", "where", "whole"),
    [
        pytest.param(f"image: {OLD}", "value:image", True, id="plain"),
        pytest.param(f"image: '{OLD}'", "value:image", True, id="single-quoted"),
        pytest.param(f'image: "{OLD}"', "value:image", True, id="double-quoted"),
        pytest.param(f"image: >-\n  {OLD}\n", "value:image", True, id="folded"),
        pytest.param(f"image: |-\n  {OLD}\n", "value:image", True, id="literal"),
        pytest.param(f"image: |\n  {OLD}\n", "value:image", False, id="literal-keeps-its-newline"),
        pytest.param(f"image: |2-\n    {OLD}\n", "value:image", False, id="indentation-indicator"),
        pytest.param(f"image: &a {OLD}\nother: *a\n", "value:image", True, id="anchor"),
        pytest.param(f"image: !!str &a '{OLD}'\n", "value:image", True, id="tag-and-anchor"),
        pytest.param(f"image: &a\n  # why\n  {OLD}\n", "value:image", True, id="anchor-comment-newline"),
        pytest.param(f"\ufeffimage: {OLD}", "value:image", True, id="bom"),
        pytest.param(f"# \U0001f600 é\nimage: {OLD} # \U0001f600\n", "value:image", True, id="emoji-before"),
        pytest.param(f"# é\nimage: {OLD}\n".encode("latin-1"), "value:image", True, id="latin-1"),
        pytest.param(f"# \x85\nimage: {OLD}\n".encode("latin-1"), "value:image", True, id="undecodable-control"),
        pytest.param(f"a: \x00\x1b\nimage: {OLD}\n", "value:image", True, id="control-characters"),
        pytest.param(f"image:\t{OLD}\n", "value:image", True, id="tab-after-colon"),
        pytest.param(f'e: "\\ud83d\\ude00"\nimage: {OLD}\n', "value:image", True, id="json-surrogates"),
        pytest.param(f"a: {{image: {OLD}}}", "value:a.image", True, id="flow-mapping"),
        pytest.param(f"a: [x, {OLD}, y]", "value:a", True, id="flow-sequence"),
        pytest.param(f"a:\n- b:\n  - c: {OLD}\n", "value:a.b.c", True, id="sequences-have-no-index"),
        pytest.param(f"- {OLD}\n", "value:", True, id="top-sequence"),
        pytest.param(f"{OLD}\n", "value:", True, id="top-scalar"),
        pytest.param(f"x: &x\n  a: 1\ny:\n  <<: {{image: {OLD}}}\n", "value:y.image", True, id="merge-key"),
        pytest.param(f"image: docker://{OLD}", "value:image", True, id="transport"),
        pytest.param(f"image: {OLD} AS builder", "value:image", False, id="text-after"),
        pytest.param(f"image: from {OLD}", "value:image", False, id="text-before"),
        pytest.param(f"image: x={OLD}", "value:image", False, id="source-and-target"),
        pytest.param(f"image: {OLD},x", "value:image", False, id="comma-list"),
        pytest.param(f"image: {OLD}\n  next\n", "value:image", False, id="continued-plain"),
        pytest.param(f"{OLD}: x", "key", True, id="key"),
        pytest.param(f"? {OLD}\n: x", "key", True, id="explicit-key"),
        pytest.param(f"? [a, '{OLD}']\n: x", "key", True, id="in-a-complex-key"),
        pytest.param(f'"{OLD} x": y', "key", False, id="part-of-a-key"),
        pytest.param(f'"podman pull {OLD}": y', "key", False, id="command-in-a-key"),
        pytest.param(f"# {OLD}\na: b", "comment", True, id="comment"),
        pytest.param(f"# see {OLD}.\na: b", "comment", False, id="comment-with-punctuation"),
        pytest.param(f"a: b # {OLD}\n", "comment", True, id="comment-after-value"),
        pytest.param(f"a: | # {OLD}\n  x\n", "comment", True, id="comment-after-block-header"),
        pytest.param(f"a: &b c\nd:\n# {OLD}\n- *b\n", "comment", True, id="comment-before-an-alias"),
        pytest.param(f"a: &b # {OLD}\n  x\n", "comment", True, id="comment-after-anchor"),
        pytest.param(f"a: |\n  x\n# {OLD}\n", "comment", True, id="comment-after-block"),
        pytest.param(f"a: [b, # {OLD}\n c]", "comment", True, id="comment-in-flow"),
        pytest.param(f"a: b#{OLD}", "value:a", False, id="hash-in-a-word"),
        pytest.param(f"a: '#' # {OLD}", "comment", True, id="quoted-hash"),
        pytest.param(f"a: !<{OLD}> x", "unknown", False, id="tag"),
        pytest.param(f"%TAG ! {OLD}/\n---\na: b", "unknown", False, id="directive"),
    ],
)
def test_places(text: str | bytes, where: str, whole: bool) -> None:
    context = one(text)
    assert (context.where, context.whole, context.language) == (where, whole, "yaml")
    assert "low-confidence" not in context.labels


@pytest.mark.parametrize("style", ["\r\n", "\r", "\n"])
def test_line_endings(style: str) -> None:
    text = f"# {OLD}\na: >-\n  x\n\n  y {OLD}\nb: |-\n  {OLD}\nc: {OLD}\n".replace("\n", style)
    assert [c.where for c in contexts(text)] == ["comment", "value:a", "value:b", "value:c"]
    assert [c.whole for c in contexts(text)] == [True, False, True, True]


@pytest.mark.parametrize(
    ("text", "wheres"),
    [
        pytest.param(f"a: {OLD}\na: {OLD}\n", ["value:a", "value:a"], id="equal-keys"),
        pytest.param(f"a: &x {OLD}\nb: &x {OLD}\nc: *x\n", ["value:a", "value:b"], id="equal-anchors"),
        pytest.param(f"a: {OLD}\n---\nb: {OLD}\n...\n---\n- c: {OLD}", ["value:a", "value:b", "value:c"], id="documents"),
        pytest.param(f"a: {{{{ img }}}}\nb: {OLD}\n", ["value:b"], id="template-value"),
        pytest.param(f"{{% if x %}}\na: {OLD}\n{{%- endif %}}\nb: {OLD}", ["value:a", "value:b"], id="directive-lines"),
        pytest.param(f"a:\n{{{{- if .x }}}}\n  b: {OLD}\n{{{{- end }}}}\n", ["value:a.b"], id="indented-under-directive"),
        pytest.param(f"a: ${{{{ env.X }}}}/y\n{{{{ k }}}}: [{OLD}]", ["value:xxxxxxx"], id="template-key"),
        pytest.param(f"{{# {OLD} #}}\na: b\n", ["comment"], id="template-comment"),
        pytest.param(f"a: {{{{ x }}}}\n---\nb: @c\n---\nc: {OLD}\n", ["value:c"], id="one-bad-document-of-three"),
    ],
)
def test_several(text: str, wheres: list[str]) -> None:
    found = contexts(text)
    assert [context.where for context in found] == wheres
    assert not any("low-confidence" in context.labels for context in found)


def test_escapes_are_decoded_in_double_quotes() -> None:
    context = one('a: "registry.ci.openshift.org\\/ocp\\u002f4.20:cli"')
    assert (context.where, context.whole, context.escapes) == ("value:a", True, True)
    assert not one(f"a: '{OLD}'").escapes


def test_an_escaped_line_break_cuts_the_reference() -> None:
    context = one('a: "registry.ci.openshift.org/ocp/\\\n  4.20:cli"')
    assert (context.where, context.whole) == ("value:a", False)


def test_masked_templates_keep_what_is_around_them() -> None:
    assert one("a: {{ x }}\nimage: registry.ci.openshift.org/{{ ns }}/cli:v1\n").whole
    assert not one(f"a: {{{{ x | default('{OLD}') }}}}\n").whole


def test_text_that_no_parser_takes_is_read_line_by_line() -> None:
    context = one(f"a:\n  - b: @x\n    image: {OLD}\n")
    assert (context.where, context.whole) == ("value:a.image", True)
    assert "low-confidence" in context.labels


@pytest.mark.parametrize("text", [f"a: [b, {OLD}]", f'a: "\\ud83d\\ude00{OLD}"', f"k:x: 1\na: {{b: {OLD}}}"])
def test_the_c_parser_alone_reads_what_it_would_refuse(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = one(text)
    monkeypatch.setattr(yaml, "MAX_PURE", 0)
    assert one(text) == found
    assert "low-confidence" not in found.labels


def test_a_key_keeps_its_colon() -> None:
    assert one(f"k:x: [{OLD}]").where == "value:k:x"


def test_large_texts_are_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "LARGE", 10)
    context = one(f"a:\n  image: {OLD}\n")
    assert (context.where, context.labels) == ("value:a.image", ("low-confidence",))


def test_deep_brackets_are_not_parsed() -> None:
    assert "low-confidence" in one("a: " + "[" * 100_000 + OLD).labels


@pytest.mark.parametrize(
    ("text", "where", "whole"),
    [
        pytest.param(f"a:\n  b:\n  - c: 1\n    image: {OLD} # x\n", "value:a.b.image", True, id="indentation"),
        pytest.param(f"a:\n- x\nb: {OLD}\n", "value:b", True, id="back-to-the-key-above"),
        pytest.param(f"a:\n- '{OLD}'\n", "value:a", True, id="item"),
        pytest.param(f'a: "{OLD}" # \'\n', "value:a", True, id="double-quoted"),
        pytest.param(f"a: {OLD}\n  more\n", "value:a", False, id="continued"),
        pytest.param(f"a: x\n  {OLD}\n", "value:a", False, id="continuation"),
        pytest.param(f"- image: {OLD}\n  name: x\n", "value:image", True, id="next-key-is-no-continuation"),
        pytest.param(f"a: 'x # {OLD}'\n", "value:a", False, id="hash-in-quotes"),
        pytest.param(f"a: 'x' # {OLD}\n", "comment", True, id="comment"),
        pytest.param(f"  # {OLD}\n", "comment", True, id="comment-line"),
        pytest.param(f"a: ['x # y', b] # {OLD}\n", "comment", True, id="comment-after-flow"),
        pytest.param(f"a: |\n  # {OLD}\n  b: c\n", "value:a", False, id="block-scalar"),
        pytest.param(f"- a: |\n    x: {OLD}\n  b: c\n", "value:a", False, id="block-scalar-in-item"),
        pytest.param(f"a: 'x\n  b: {OLD}\n  y'\nc: d\n", "value:a", False, id="quotes-over-lines"),
        pytest.param(f"{OLD}: x\n", "key", True, id="key"),
        pytest.param(f'"{OLD}": x\n', "key", True, id="quoted-key"),
        pytest.param(f"a: &x {OLD}\n", "value:a", True, id="anchor"),
        pytest.param(f"a:\n  b: 1\n---\nc: {OLD}\n", "value:c", True, id="documents"),
    ],
)
def test_lines(text: str, where: str, whole: bool) -> None:
    data = text.encode()
    (reference,) = Locator(HOSTS).locate(data)
    (context,) = yaml_lines.contexts(data, [(reference.start, reference.end)])
    assert (context.where, context.whole) == (where, whole)


CI_OPERATOR = f"""\
base_images:
  cli:
    name: "4.20"
    namespace: ocp
    tag: cli
build_root:
  from_repository: true
images:
  items:
  - from: cli
    inputs:
      bin:
        as:
        - {OLD}
raw_steps:
- project_directory_image_build_step:
    inputs:
      bin: {{as: [{OLD}]}}
"""


@pytest.mark.parametrize("text", [CI_OPERATOR, CI_OPERATOR.replace("  items:\n", "")])
def test_ci_operator_input_alias(text: str) -> None:
    first, second = contexts(text)
    assert replace(first, region=None) == replace(second, region=None)
    assert first.region != second.region  # two lists
    assert (first.where, first.whole, first.labels) == ("input-alias", True, ("ci-operator-config",))


PART = f"images:\n- inputs:\n    bin:\n      as:\n      - {OLD}\n"


@pytest.mark.parametrize(
    ("text", "where", "labels"),
    [
        pytest.param(PART, "input-alias", ("fragment",), id="a part of a configuration"),
        pytest.param(f"{PART}operator: {{}}\n", "input-alias", ("fragment",), id="keys that a chart has too"),
        pytest.param(f"{PART}base_rpm_images: {{}}\n", "input-alias", ("ci-operator-config",), id="two keys"),
        pytest.param(PART.replace("images", "bakery"), "value:bakery.inputs.bin.as", (), id="something else"),
        pytest.param(f"tests: []\nbuild_root: {{}}\nx: &x\n  as: [{OLD}]\n", "input-alias", ("ci-operator-config",), id="anchor"),
        pytest.param(f"tests: []\nbuild_root: {{}}\nx:\n  as: {OLD}\n", "value:x.as", ("ci-operator-config",), id="no list"),
        pytest.param(
            f'{{"tests": [], "build_root": {{}}, "x": {{"as": ["{OLD}"]}}}}', "input-alias", ("ci-operator-config",), id="json"
        ),
    ],
)
def test_input_aliases_elsewhere(text: str, where: str, labels: tuple[str, ...]) -> None:
    assert (one(text).where, one(text).labels) == (where, labels)


@pytest.mark.parametrize("keys", ["resources: []\nimages: []\n", "images: {}\nreleases: []\n", "operator: {}\nimages: {}\n"])
def test_a_kustomization_or_a_chart_is_no_ci_operator_config(keys: str) -> None:
    assert one(f"{keys}env:\n  x: {OLD}\n").labels == ()
    long = "# long\n" * 200
    assert one(f"{keys}{long}env:\n  x: {OLD}\n").labels == ()
    assert one(f"{keys}tests: []\n{long}env:\n  x: {OLD}\n").labels == ("ci-operator-config",)


def test_only_a_ci_operator_config_has_input_aliases() -> None:
    assert contexts(CI_OPERATOR.replace("bin:\n        as:", "bin:\n        paths:"))[0].where.startswith("value:")


def test_build_config_image_alias() -> None:
    context = one(f"apiVersion: v1\nkind: BuildConfig\nspec:\n  source:\n    images:\n    - as:\n      - {OLD}\n")
    assert (context.where, context.labels) == ("input-alias", ("kind:BuildConfig",))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param(f"image: {OLD}\nkind: Pod\napiVersion: v1\n", ("kind:Pod",), id="kind-after-the-value"),
        pytest.param(f"image: {OLD}\nkind: Pod\n", (), id="kind-without-version"),
        pytest.param(
            f"apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: v1, kind: Pod, spec: {{image: '{OLD}'}}}}\n",
            ("kind:Pod", "kind:List"),
            id="innermost-and-top",
        ),
        pytest.param(f"apiVersion: v1\nkind: A\n---\nimage: {OLD}\n", (), id="another-document"),
        pytest.param(f"apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n# {OLD}\n", ("kind:B",), id="comment"),
        pytest.param(
            f"metadata:\n  annotations: {{include.release.openshift.io/x: 'true'}}\nimage: {OLD}\n",
            ("payload-manifest",),
            id="payload",
        ),
    ],
)
def test_labels(text: str, labels: tuple[str, ...]) -> None:
    assert one(text).labels == labels


DOCKERFILE = f"FROM {OLD} AS a\nRUN x\nFROM a\n"
NESTED = [
    pytest.param("dockerfile", "dockerfile: |\n  FROM {}\n", "from", id="dockerfile-key"),
    pytest.param("dockerfile", 'dockerfile_literal: "FROM {}\\nRUN x\\n"', "from", id="dockerfile-literal-quoted"),
    pytest.param("dockerfile", "data:\n  Dockerfile: |\n    FROM {}\n", "from", id="configmap-dockerfile"),
    pytest.param("dockerfile", "x: |\n  # c\n  ARG A=b\n  FROM {}\n", "from", id="dockerfile-by-its-text"),
    pytest.param("json", 'data:\n  a.json: |\n    {{"b": "{}"}}\n', "value:b", id="json-file"),
    pytest.param("json", 'data:\n  a: |\n    {{\n    "b": "{}"}}\n', "value:b", id="json-by-its-text"),
    pytest.param("yaml", "data:\n  a.yaml: |\n    b:\n    - {}\n", "value:b", id="yaml-file"),
    pytest.param("yaml", "data:\n  a: |\n    # x\n    b:\n      c: {}\n", "value:b.c", id="yaml-by-its-text"),
    pytest.param("shell", "run: |\n  set -e\n  podman pull {}\n", "command:pull", id="run"),
    pytest.param("shell", "run: podman pull {}\n", "command:pull", id="run-on-one-line"),
    pytest.param("shell", '- type: script\n  script: |-\n    docker pull "{}"\n', "command:pull", id="script"),
    pytest.param("shell", "run: |\n  podman \\\n    pull {}\r\n".replace("\n", "\r\n"), "command:pull", id="crlf"),
    pytest.param("shell", "run: >-\n  podman\n  pull {}\n", "command:pull", id="folded"),
    pytest.param("shell", 'run: "podman \\\n  pull {}"', "command:pull", id="escaped-line-break"),
    pytest.param("shell", "script:\n- make\n- podman pull {}\n", "command:pull", id="list-of-lines"),
    pytest.param("shell", "data:\n  a.sh: |\n    podman pull {}\n", "command:pull", id="shell-file"),
    pytest.param("shell", "data:\n  a: |\n    #!/usr/bin/env bash\n    podman pull {}\n", "command:pull", id="shebang"),
    pytest.param("shell", "args:\n- -c\n- podman pull {}\n", "command:pull", id="after-dash-c"),
    pytest.param("shell", "command: [podman, pull, {}]\n", "command:pull", id="words-in-flow"),
    pytest.param("shell", "command:\n- \"podman\"\n- 'pull'\n- {}\n", "command:pull", id="words-in-block"),
    pytest.param("shell", "x:\n  value: IMAGE={} make\n", "assignment:IMAGE", id="assignment-with-a-command"),
    pytest.param("shell", "run: |\n  A={}\n  B=c\n", "assignment:A", id="assignments-on-lines"),
    pytest.param("shell", "run: |\n  # {}\n", "comment", id="shell-comment"),
    pytest.param("shell", "when: |\n  grep {} x\n", "pattern", id="pattern-under-any-key"),
    pytest.param("python", "data:\n  a.py: |\n    x = '{}'\n", "string", id="python-file"),
]


@pytest.mark.parametrize(("module", "text", "where"), NESTED)
def test_nested(module: str, text: str, where: str) -> None:
    pytest.importorskip(f"qcilint.languages.{module}")
    context = one(text.format(OLD))
    assert (context.where, context.language) == (where, module)
    assert "yaml" in context.labels or module == "yaml"


def test_a_nested_context_keeps_the_outer_names() -> None:
    context = one(f'apiVersion: v1\nkind: ConfigMap\ndata:\n  a.json: \'{{"b": "{OLD}"}}\'\n')
    assert (context.where, context.labels, context.escapes) == ("value:b", ("value:data.a.json", "yaml", "kind:ConfigMap"), True)


def test_a_nested_dockerfile_is_a_region_of_its_own() -> None:
    pytest.importorskip("qcilint.languages.dockerfile")
    first, second = contexts(f"- dockerfile: |\n    FROM {OLD}\n- dockerfile: |\n    FROM {OLD}\n")
    assert (first.where, second.where) == ("from", "from")
    assert first.region != second.region


@pytest.mark.parametrize(
    ("text", "where", "whole"),
    [
        pytest.param(f"run: {OLD}\n", "value:run", True, id="only-the-reference"),
        pytest.param(f"command: [{OLD}]\n", "value:command", True, id="only-word"),
        pytest.param(f"args: [--image, {OLD}]\n", "value:args", True, id="arguments-without-a-command"),
        pytest.param(f'args: ["podman;", pull, {OLD}]\n', "value:args", True, id="unsafe-word-before"),
        pytest.param(f"args: [podman, [pull], {OLD}]\n", "value:args", True, id="list-before"),
        pytest.param(f"about: the image {OLD} is old\n", "value:about", False, id="prose"),
        pytest.param(f"run: the image {OLD} is old\n", "value:run", False, id="prose-under-run"),
        pytest.param(f"description: |\n  podman pull {OLD}\n", "value:description", False, id="instructions"),
        pytest.param(f"a.b: |\n  [x]\n  IMAGE={OLD}\n", "value:a.b", False, id="unit-file"),
        pytest.param(f'conf: |\n  [[registry]]\n  location = "{OLD}"\n', "value:conf", False, id="toml"),
        pytest.param(f"note: |\n  FROM the top\n  FROM {OLD} you see\n", "value:note", False, id="prose-from"),
        pytest.param(f"mapping: |\n  {OLD} quay.io/a/b:c\n", "value:mapping", False, id="mapping-file"),
        pytest.param(f"dockerfile: images/{OLD} x\n", "value:dockerfile", False, id="no-dockerfile"),
    ],
)
def test_not_nested(text: str, where: str, whole: bool) -> None:
    pytest.importorskip("qcilint.languages.shell")
    context = one(text)
    assert (context.where, context.whole, context.language) == (where, whole, "yaml")


def test_a_directive_line_does_not_end_a_block_scalar() -> None:
    pytest.importorskip("qcilint.languages.shell")
    found = contexts(f"a: {{{{ x }}}}\nrun: |\n{{{{ if y }}}}\n    podman pull {OLD}\n{{{{ end }}}}\n    true {OLD}\nb: {OLD}\n")
    assert [context.where for context in found] == ["command:pull", "argument:true", "value:b"]
    assert "low-confidence" not in found[0].labels


def test_indentation_is_that_of_the_text_where_a_directive_comes_first() -> None:
    found = contexts(f"a: {{{{ x }}}}\nb.yaml: |\n{{{{ if y }}}}\n  - c: 1\n    d: {OLD}\n{{{{ end }}}}\n")
    assert [(context.where, context.labels) for context in found] == [("value:d", ("value:b.yaml", "yaml"))]


TEXT = st.text(st.sampled_from(" \t\n'\"\\:#-é\u2028\U0001f600ab,[]{}&*!|>%@`"), max_size=40)


@given(TEXT, st.sampled_from(["", "'", '"', "|", ">"]), st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_decoded_scalars_are_those_of_the_parser(value: str, style: str, depth: int) -> None:
    """Whatever is a scalar for the parser is decoded to the parser's value."""
    prefix = "".join("  " * level + "k:\n" for level in range(depth)) + "  " * depth
    body_of = {
        "": value,
        "'": "'" + value.replace("'", "''") + "'",
        '"': '"' + value.replace('"', '\\"') + '"',
        "|": "|\n" + "\n".join("  " * (depth + 1) + line for line in value.split("\n")),
        ">": ">+\n" + "\n".join("  " * (depth + 1) + line for line in value.split("\n")),
    }
    data = (prefix + "- " + body_of[style]).encode()
    source = Source(data, 0, len(data))
    try:
        scalars = [event for event in events(source.chars, pure=False) if hasattr(event, "value")]
    except Exception:  # the text is no YAML
        return
    for event in scalars:
        scalar = body(data, source.offset(event.start_mark.index), source.offset(event.end_mark.index), event.style or "")
        assert View.build(parts(data, scalar, event.value)).text.decode().replace("\u2028", "\ufffd") == event.value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param(r'"a\x41\u00e9\U0001F600\ud83d\ude00"', "aAé\U0001f600\U0001f600", id="numeric-escapes"),
        pytest.param(r'"\0\a\b\t\n\v\f\r\e\N\_\L\P\"\\\/"', '\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029"\\/', id="named-escapes"),
        pytest.param('"a \\\n  b\n  c\n\n  d\\\n\n  e"', "a b c\nd\ne", id="folds"),
        pytest.param('"a\r  b\r\r  c\r\n\r\n  d"', "a b\nc\nd", id="folds-with-carriage-returns"),
        pytest.param("'a''b\n  c'", "a'b c", id="single"),
        pytest.param(">\n  a\n  b\n\n  c\n    d\n\n    e\n  f\n\n\n", "a b\nc\n  d\n\n  e\nf\n", id="folded"),
        pytest.param("|+\n\n  a\n   b\n\n", "\na\n b\n\n", id="literal-keep"),
        pytest.param("|-\r\n  a\r\n  b\r\n", "a\nb", id="literal-crlf"),
    ],
)
def test_decoding(source: str, value: str) -> None:
    data = source.encode()
    scalar = body(data, 0, len(data), source[0])
    assert View.build(parts(data, scalar, value)).text.decode() == value


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a: {{ x }}\n", "a: xxxxxxx\n"),
        ("a: ${{ x }}/y\n", "a: xxxxxxxx/y\n"),
        ("  {{- if x }}\nb: c", "\n" * 14 + "b: c"),
        ("{% a %} {{ b }}\n", "\n" * 16),
        ("{# a\nb #}\n", "\n" * 10),
        ("- {{ x }}", "- xxxxxxx"),
        ("a: ${#x[@]} {{ y", "a: ${#x[@]} {{ y"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask_templates(text) == masked


PIECES = st.lists(
    st.sampled_from(
        [*"a:-#|>[]{},&!*?\n\r\t '\"\\%@é\ufeff", ": ", "- ", " #", "\r\n", "---\n", "{{ x }}", "{%", "run: ", "x.yaml: ", OLD],
    ),
    max_size=40,
).map(lambda pieces: "".join(pieces).encode())


@given(st.binary(max_size=200) | PIECES, st.lists(st.integers(0, 250), max_size=8))
@settings(max_examples=300, deadline=None)
def test_never_raises(data: bytes, cuts: list[int]) -> None:
    pytest.importorskip("qcilint.languages.shell")
    ordered = sorted(cuts)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert len(yaml.contexts(data, spans)) == len(spans)
    assert len(yaml_lines.contexts(data, spans)) == len(spans)


def test_a_hundred_thousand_references() -> None:
    data = b"".join(b"k%d:\n  image: %s # %s\n" % (index, OLD.encode(), OLD.encode()) for index in range(50_000))
    spans = [match.span() for match in re.finditer(re.escape(OLD).encode(), data)]
    found = yaml.contexts(data, spans)
    assert (found[-2].where, found[-1].where, len(found)) == ("value:k49999.image", "comment", 100_000)


def test_the_c_parser_is_there() -> None:
    assert "CParser" in YAML(typ="safe").Parser.__name__
