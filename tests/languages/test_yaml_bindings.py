"""Names that YAML documents give values, and where they use them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from qcilint.bindings import Binding, Bindings
from qcilint.languages.yaml_bindings import bindings
from tests.growth import assert_linear

HOST = "registry.ci.openshift.org"
OLD = f"{HOST}/ocp/4.20:cli"


def shown(text: str | bytes) -> dict[str, tuple[list[str], list[tuple[str, str]]]]:
    """Each name with its values and uses; a name that is bound twice has a number."""
    data = text.encode() if isinstance(text, str) else text
    found: dict[str, tuple[list[str], list[tuple[str, str]]]] = {}
    for each in bindings(data).bindings:
        name, number = each.name, 1
        while name in found:
            number += 1
            name = f"{each.name} {number}"
        values = [data[start:end].decode() for start, end in each.values]
        found[name] = (values, [(data[use.start : use.end].decode(), use.kind) for use in each.uses])
    return found


def one(text: str | bytes, name: str = "R") -> Binding:
    data = text.encode() if isinstance(text, str) else text
    (found,) = (each for each in bindings(data).bindings if each.name == name)
    return found


def plain(*uses: str) -> list[tuple[str, str]]:
    return [(use, "plain") for use in uses]


# ── OpenShift templates ────────────────────────────────────────────────────────────────────────────────────────

TEMPLATE = f"""\
kind: Template
apiVersion: template.openshift.io/v1
parameters:
- name: R
  value: {HOST}
- name: P
  generate: expression
  from: "[a-z]{{8}}"
- {{name: T, value: '4.20'}}
- name: EMPTY
objects:
- spec:
    image: ${{R}}/ocp/${{T}}:cli
    number: ${{{{T}}}}
    list: ["${{R}}", $R]
"""


def test_template() -> None:
    assert shown(TEMPLATE) == {
        "R": ([HOST], [*plain("${R}", "${R}"), ("$R", "other")]),
        "T": (["4.20"], plain("${T}", "${{T}}")),
    }
    assert {each.caveat for each in bindings(TEMPLATE.encode()).bindings} == {"`oc process -p` may give it another value"}
    assert not any(each.barred for each in bindings(TEMPLATE.encode()).bindings)


def template(body: str, parameters: str = f"- name: R\n  value: {HOST}\n") -> str:
    return f"kind: Template\nparameters:\n{parameters}objects:\n{body}"


@pytest.mark.parametrize(
    ("body", "uses"),
    [
        pytest.param("- a: ${R}/${R}\n", plain("${R}", "${R}"), id="twice-in-a-string"),
        pytest.param("- a: x${{R}}\n", [("${{R", "other")], id="raw-is-only-replaced-where-it-is-all"),
        pytest.param("- a: ${{R}}\n", plain("${{R}}"), id="raw"),
        pytest.param("- a: ${R:-x}\n", [("${R", "other")], id="no-defaults-in-templates"),
        pytest.param("- ${R}: x\n", [("${R}", "other")], id="in-a-key"),
        pytest.param("- # ${R}\n  a: b # ${R}\n", [], id="comments"),
        pytest.param('- a: "\\u0024{R}"\n', [("\\u0024{R}", "other")], id="escaped"),
        pytest.param('- a: "x\\"${R}\\""\n', plain("${R}"), id="beside-escapes"),
        pytest.param("- a: |\n    echo ${R}\n", plain("${R}"), id="block"),
        pytest.param("- a: >\n    echo\n    ${R}\n", plain("${R}"), id="folded"),
        pytest.param("- a: |\n    R=x\n    echo ${R}\n", [("${R}", "other")], id="script-sets-it"),
        pytest.param("- a: |\n    for R in x; do\n    echo ${R}; done\n", [("${R}", "other")], id="script-loops-over-it"),
        pytest.param("- a: !x ${R}\n", [("${R}", "other")], id="tag"),
        pytest.param("- a: &a ${R}\n  b: *a\n", plain("${R}"), id="aliased-inside"),
        pytest.param("- <<: {b: c}\n  a: ${R}\n", plain("${R}"), id="merge"),
        pytest.param("- a: ${OTHER} R $(R) {R}\n", [("$(R", "other")], id="other-notations"),
    ],
)
def test_template_uses(body: str, uses: list[tuple[str, str]]) -> None:
    assert shown(template(body)) == {"R": ([HOST], uses)}


@pytest.mark.parametrize(
    ("entry", "values", "barred"),
    [
        pytest.param("{name: R, value: a.b}", ["a.b"], "", id="flow"),
        pytest.param("{name: R, value: 'a.b'}", ["a.b"], "", id="single-quoted"),
        pytest.param('{"name": "R", "value": "a.b"}', ["a.b"], "", id="json"),
        pytest.param("{name: R, value: &x a.b}", ["a.b"], "", id="anchor-nobody-uses"),
        pytest.param("{name: R, value: 4.2}", ["4.2"], "", id="number-that-stays"),
        pytest.param(
            "{name: R, value: 4.20}", [], "line 3 gives it a number, which readers may print in another way", id="number"
        ),
        pytest.param("{name: R, value: 010}", [], "line 3 gives it a number, which readers may print in another way", id="octal"),
        pytest.param("{name: R, value: 4.20.1}", ["4.20.1"], "", id="version"),
        pytest.param('{name: R, value: "a\\x2eb"}', [], "line 3 writes it with escapes or on several lines", id="escapes"),
        pytest.param("{name: R, value: 'a''b'}", [], "line 3 writes it with escapes or on several lines", id="doubled-quote"),
        pytest.param("{name: R, value: [a]}", [], "line 3 gives it a list or a mapping", id="list"),
        pytest.param("{name: R, value: !!binary YQ==}", [], "line 3 gives it a value with a tag", id="tag"),
        pytest.param("{name: R, value: !!str a.b}", ["a.b"], "", id="text-tag"),
        pytest.param(
            "{name: R, value: '{{ x }}'}", ["{{ x }}"], "line 3 lets a template or an expression compute it", id="jinja"
        ),
        pytest.param("{name: R, value: a, value: b}", ["a", "b"], "", id="equal-keys"),
        pytest.param("{name: R, value: a}\n- {name: R, value: b}", ["a", "b"], "", id="equal-names"),
        pytest.param("{name: R, name: Q, value: a}", ["a"], "line 3 gives it a second name", id="two-names"),
        pytest.param("{name: R, value: a, generate: expression}", ["a"], "line 3 generates it", id="generate"),
        pytest.param("{name: R, value: a}\n- {name: R, generate: x}", ["a"], "line 4 generates it", id="generated-elsewhere"),
        pytest.param("{name: R, value: a, <<: {b: c}}", ["a"], "line 3 merges other keys in", id="merge"),
        pytest.param("\n    name: R\n    value: >-\n      a", [], "line 5 gives it a block of text", id="block"),
        pytest.param("\n    name: R\n    value: a\n      b", [], "line 5 writes it with escapes or on several lines", id="lines"),
    ],
)
def test_template_values(entry: str, values: list[str], barred: str) -> None:
    text = f"kind: Template\nparameters:\n- {entry}\n- {{name: R, value: z}}\nobjects: [{{a: x}}]\n"
    found = one(text)
    assert [text[start:end] for start, end in found.values] == [*values, "z"]
    assert found.barred == barred


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("kind: Template\nparameters: [{title: R, value: x}]\nobjects: []\n", id="no-name"),
        pytest.param("kind: Template\nparameters: {name: R}\nobjects: []\n", id="no-list"),
        pytest.param(template("- a: ${R}\n", "- name: R\n"), id="no-value"),
        pytest.param(template("- a: ${R}\n", "- name: R\n  value: ''\n"), id="empty-value"),
        pytest.param(template("- a: ${R}\n", "- name: R\n  value:\n"), id="null"),
        pytest.param("kind: Template\nparameters: [{name: R, value: x}\nobjects: []\n", id="no-yaml"),
        pytest.param("- just: a list\n", id="list"),
        pytest.param("a: " + "[" * 5000, id="deep"),
    ],
)
def test_nothing_is_bound(text: str) -> None:
    assert bindings(text.encode()) == Bindings()


def test_parameters_are_not_filled_in() -> None:
    text = template("- a: ${Q}\n", "- {name: R, value: x}\n- {name: Q, value: '${R}/y', description: '${R}'}\n")
    assert shown(text)["R"] == (["x"], [("${R}", "other")])


def test_documents_are_scopes() -> None:
    text = template("- a: ${R}\n") + "---\n" + template("- b: ${R}${R}\n", "- {name: R, value: x}\n")
    assert shown(text) == {"R": ([HOST], plain("${R}")), "R 2": (["x"], plain("${R}", "${R}"))}


def test_templates_in_lists_are_scopes() -> None:
    inner = template("- a: ${R}\n").replace("\n", "\n  ")
    assert shown(f"kind: List\nitems:\n- {inner}\n- {inner}") == {
        "R": ([HOST], plain("${R}")),
        "R 2": ([HOST], plain("${R}")),
    }


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_bom_and_line_endings(mark: str, ending: str) -> None:
    text = mark + template("- a: |\n    é ${R}\n    ${R}\n").replace("\n", ending)
    assert shown(text) == {"R": ([HOST], plain("${R}", "${R}"))}


def test_a_templated_file_is_barred() -> None:
    text = "{{- if .x }}\n" + template("- a: ${R}\n") + "{{- end }}\n"
    assert one(text).barred == "the file is a template itself, and was not read in full"


def test_a_bad_document_leaves_the_others() -> None:
    assert shown("a: @b\n---\n" + template("- a: ['${R}', q/b:c]\n")) == {"R": ([HOST], plain("${R}"))}


def test_undecodable_bytes_are_not_certain() -> None:
    assert shown(template("- a: ${R}\n").encode() + b"# \xff\n")["R"][1] == [("${R}", "other")]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param(template("- a: *x\n", "- name: R\n  value: &x a.b\n"), "also used through the alias *x", id="value"),
        pytest.param(template("- a: *x\n", "- &x\n  name: R\n  value: a.b\n"), "also used through the alias *x", id="entry"),
        pytest.param(
            "kind: Template\nparameters: &x [{name: R, value: a.b}]\nobjects: [*x]\n", "also used through the alias *x", id="list"
        ),
    ],
)
def test_anchors(text: str, note: str) -> None:
    (use,) = one(text).uses
    assert (use.kind, use.note, text[use.start : use.end]) == ("other", note, "*x")


def test_an_anchor_around_the_scope() -> None:
    text = "a: &x\n  env: {R: v}\n  run: echo $R\nb: *x\n"
    assert shown(text) == {"R": (["v"], [("$R", "other"), ("*x", "other")])}


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        pytest.param("kind: A\nparameters: [{name: R, value: v}]\nobjects: ['${R}']\n", [("${R", "other")], id="no-template"),
        pytest.param("jobs: [a]\nenv: {R: v}\nrun: ${{ env.R }}\n", [("R", "other")], id="jobs-but-no-workflow"),
        pytest.param("env: {R: v, script: $R, description: $R}\n", [("$R", "other"), ("$R", "other")], id="telling-keys-in-env"),
        pytest.param("env: {R: v}\nscript: {$R: x}\n", [("$R", "other")], id="key-in-a-script"),
        pytest.param("env: {R: v}\nscript: [$R]\n", plain("$R"), id="list-of-commands"),
        pytest.param("env: [{name: R, value: v, description: $R}]\n", [], id="description-in-env"),
        pytest.param("services: {a: {description: $R, x: '${R:-v}'}}\n", plain("$R", "${R:-v}"), id="description-in-compose"),
        pytest.param(template("- description: ${R}\n", "- {name: R, value: v}\n"), plain("${R}"), id="description-in-a-template"),
        pytest.param("env: {R: v}\na: '{{ R }}'\n", [("R", "other")], id="jinja"),
        pytest.param("env: {R: v}\na: '${{ parameters.R }}'\n", [("R", "other")], id="azure"),
        pytest.param("on: x\njobs: {a: '{{ R }}'}\nenv: {R: v}\n", [], id="no-jinja-in-workflows"),
    ],
)
def test_shapes(text: str, uses: list[tuple[str, str]]) -> None:
    assert shown(text)["R"] == (["v"], uses)


def test_an_alias_for_a_name_binds_nothing() -> None:
    assert list(shown("a: &x y\nenv: [{name: *x, value: w}, {name: R, value: v}]\n")) == ["R"]
    assert list(shown("a: &x y\nenv: {*x : w, R: v}\n")) == ["R"]


def test_large_texts_are_left_out() -> None:
    text = "env: {R: v}\n"
    assert shown(text + "#" * 1_999_000)
    assert not shown(text + "#" * 2_000_000)


def test_prose_uses_nothing() -> None:
    text = TEKTON.replace("spec:\n", "spec:\n  description: $(params.image) R $R\n", 1)
    assert shown(text) == shown(TEKTON)
    assert shown(workflow("    - run: x\n", top=f"description: ${{{{ env.R }}}}\nenv: {{R: {HOST}}}\n")) == {"R": ([HOST], [])}


def test_a_value_from_an_alias_is_barred() -> None:
    assert one(template("- a: ${R}\n", "- {name: R, value: a}\n- {x: &x b}\n- {name: R, value: *x}\n")).barred == (
        "line 5 takes it from the alias *x"
    )


# ── ci-operator ────────────────────────────────────────────────────────────────────────────────────────────────


def test_step_reference() -> None:
    text = f"""\
ref:
  as: a
  commands: a-commands.sh
  env:
  - name: R
    default: {OLD}
    documentation: The image, $R.
"""
    assert shown(text) == {"R": ([OLD], [])}
    assert one(text).caveat == "who reads it is not in this file"


def test_ci_operator_tests() -> None:
    text = f"""\
tests:
- as: one
  steps:
    env:
      R: {HOST}
    test:
    - as: x
      env:
      - name: R
        default: "{OLD}"
      commands: |-
        podman pull ${{R}}/ocp/4.20:cli $R
    - as: y
      commands: echo "$R"
- as: two
  commands: echo $R
- as: three
  steps: {{env: {{R: other}}}}
"""
    assert shown(text) == {"R": ([HOST, OLD], plain("${R}", "$R", "$R")), "R 2": (["other"], [])}


def test_job_parameters() -> None:
    text = f"parameters:\n- name: R\n  default_value: '{HOST}/'\nactions:\n- script: pull ${{R}}x\n- forward: [R]\n"
    assert shown(text) == {"R": ([f"{HOST}/"], [("${R}", "plain"), ("R", "other")])}


@pytest.mark.parametrize(
    ("script", "uses", "values", "barred"),
    [
        pytest.param('echo $R ${R} "$R"', plain("$R", "${R}", "$R"), [], "", id="expansions"),
        pytest.param("# $R\necho $R # R", plain("$R"), [], "", id="comments"),
        pytest.param("echo '$R'", [("R", "other")], [], "", id="single-quotes"),
        pytest.param("echo \\$R", [("R", "other")], [], "", id="backslash"),
        pytest.param("echo ${R##*/}", [("${R##*/}", "apart")], [], "", id="taken-apart"),
        pytest.param("echo ${#R} ${R:1}", [("${#R}", "apart"), ("${R:1}", "apart")], [], "", id="length-and-slice"),
        pytest.param("echo $R | cut -d: -f1", [("$R", "apart")], [], "", id="cut"),
        pytest.param("[[ $R == x* ]]", [("$R", "apart")], [], "", id="compared"),
        pytest.param("echo ${R:-d} ${R-e} ${R:=f}", plain("${R:-d}", "${R-e}", "${R:=f}"), ["d", "e", "f"], "", id="defaults"),
        pytest.param("echo ${R:-}", plain("${R:-}"), [], "", id="empty-default"),
        pytest.param(
            "echo ${R:-$(x)}", plain("${R:-$(x)}"), [], "gives it a default that is not understood", id="computed-default"
        ),
        pytest.param("echo ${R:?}", plain("${R:?}"), [], "", id="required"),
        pytest.param("echo ${R:+x} ${!R}", [("${R:+x}", "other"), ("${!R}", "other")], [], "", id="not-its-value"),
        pytest.param("R=x", [("R", "other")], [], "sets it in a script", id="assigned"),
        pytest.param("export R=x", [("R", "other")], [], "sets it in a script", id="exported-anew"),
        pytest.param("R+=x", [("R", "other")], [], "sets it in a script", id="appended"),
        pytest.param("read -r R", [("R", "other")], [], "sets it in a script", id="read"),
        pytest.param("for R in a; do :; done", [("R", "other")], [], "sets it in a script", id="loop"),
        pytest.param("export R", [("R", "other")], [], "", id="exported"),
        pytest.param("printenv R", [("R", "other")], [], "", id="named"),
        pytest.param("cat <<EOF\n$R\nEOF", plain("$R"), [], "", id="heredoc"),
        pytest.param("cat <<'EOF'\n$R\nEOF", [("R", "other")], [], "", id="quoted-heredoc"),
        pytest.param("echo $(echo $R) `echo $R`", plain("$R", "$R"), [], "", id="substitutions"),
        pytest.param("echo $RR ${RR} R2 xR", [], [], "", id="longer-names"),
        pytest.param("[[ ${R:-d} == x* ]]", [("${R:-d}", "apart")], ["d"], "", id="default-compared"),
        pytest.param("cut -d: -f1 <<< $R", [("$R", "apart")], [], "", id="here-string"),
        pytest.param("cat $R", plain("$R"), [], "", id="a-file"),
        pytest.param("build --build-arg R=$R", [("R", "other"), ("$R", "plain")], [], "", id="build-argument"),
        pytest.param("echo $(R)", [("$(R)", "other")], [], "", id="parenthesis"),
        pytest.param("echo '$R", [("R", "other")], [], "", id="open-quote"),
        pytest.param('echo "$R', [("$R", "other")], [], "", id="open-double-quote"),
        pytest.param("#!/usr/bin/env python3\nos.environ['R']", [("R", "other")], [], "", id="python"),
        pytest.param("#!/bin/bash\necho $R", plain("$R"), [], "", id="shebang"),
    ],
)
def test_scripts(script: str, uses: list[tuple[str, str]], values: list[str], barred: str) -> None:
    lines = script.replace("\n", "\n      ")
    text = f"ref:\n  env:\n  - name: R\n    default: v\n  commands: |\n      {lines}\n"
    assert shown(text) == {"R": (["v", *values], uses)}
    assert re.sub(r"line \d+ ", "", one(text).barred) == barred


@pytest.mark.parametrize(
    ("script", "notes"),
    [
        pytest.param("echo ${R%%/*}", ["taken apart with `${R%%/*}`"], id="apart"),
        pytest.param("echo $R | awk x", ["split by `awk`"], id="split"),
        pytest.param("export R", ["declared anew by a script"], id="declared"),
        pytest.param("echo '$R' '${R}'", ["in text that the shell does not expand here"] * 2, id="quoted"),
        pytest.param("printenv R", ["named by a script"], id="named"),
        pytest.param("R", ["named by a script"], id="first"),
        pytest.param("echo ${R", ["in a script that is not understood"], id="open"),
        pytest.param("# R\necho x", [], id="comment"),
    ],
)
def test_notes_on_scripts(script: str, notes: list[str]) -> None:
    lines = script.replace("\n", "\n  ")
    assert [use.note for use in one(f"env: {{R: v}}\nrun: |\n  {lines}\n").uses] == notes


def test_defaults_with_escapes_are_not_read_off() -> None:
    assert one('env: {R: v}\nrun: "echo ${R:-a\\x2fb}"\n').barred == "line 2 gives it a default that is not understood"
    assert one('env: {R: v}\nrun: "echo \\"${R:-a}\\""\n').barred == ""


# ── GitHub workflows ───────────────────────────────────────────────────────────────────────────────────────────


def workflow(steps: str, top: str = f"env: {{R: {HOST}}}\n", job: str = "") -> str:
    return f"on: push\n{top}jobs:\n  a:\n    runs-on: x\n{job}    steps:\n{steps}"


@pytest.mark.parametrize(
    ("steps", "uses"),
    [
        pytest.param("    - run: echo $R ${R} ${{ env.R }}\n", plain("$R", "${R}", "${{ env.R }}"), id="run"),
        pytest.param("    - run: |\n        # ${{ env.R }} $R\n        x ${{env.R}}\n", plain("${{env.R}}"), id="block"),
        pytest.param("    - name: pull ${{ env.R }}\n", plain("${{ env.R }}"), id="name"),
        pytest.param("    - with: {a: '${{ env.R }}'}\n", [("${{ env.R }}", "other")], id="with"),
        pytest.param("    - if: env.R == 'x'\n", [("env.R", "other")], id="if"),
        pytest.param("    - if: ${{ env.R }}\n", [("${{ env.R }}", "other")], id="if-expression"),
        pytest.param("    - run: ${{ format('{0}', env.R) }}\n", [("env.R", "other")], id="function"),
        pytest.param("    - run: ${{ env['R'] }}\n", [("env['R']", "other")], id="index"),
        pytest.param("    - run: ${{ env.r }}\n", [("env.r", "other")], id="other-case"),
        pytest.param("    - run: ${{ matrix.R }} ${{ steps.env.R }}\n", [("R", "other"), ("R", "other")], id="other-contexts"),
        pytest.param("    - run: print($R)\n      shell: python\n", [("$R", "other")], id="python"),
        pytest.param("    - run: os.environ['R']\n      shell: python\n", [("R", "other")], id="python-name"),
        pytest.param("    - run: echo $R\n      shell: bash -e {0}\n", plain("$R"), id="bash"),
        pytest.param("    - uses: x\n      with: {script: process.env.R}\n", [("R", "other")], id="github-script"),
        pytest.param("    - run: echo R=x >> $GITHUB_ENV\n", [("R", "other")], id="set-for-later-steps"),
        pytest.param("    - env: {Q: '${{ env.R }}/x'}\n      run: y\n", plain("${{ env.R }}"), id="in-env-of-a-step"),
        pytest.param("    - env: {Q: $R}\n      run: y\n", [("$R", "other")], id="not-expanded-in-env"),
        pytest.param("    - env: {R: '${{ env.R }}/x'}\n      run: y\n", [("${{ env.R }}", "other")], id="in-its-own-definition"),
        pytest.param("    - <<: {a: b}\n      run: echo $R\n", [("$R", "other")], id="merge"),
    ],
)
def test_workflow_uses(steps: str, uses: list[tuple[str, str]]) -> None:
    assert shown(workflow(steps))["R"][1] == uses


def test_workflow_scopes() -> None:
    text = workflow("    - run: $R $S\n      env: {S: x, R: y}\n    - run: $S\n", job="    env: {T: 'z'}\n")
    text += "  b:\n    env: {T: zz}\n    steps: [{run: $T $R}]\n"
    assert shown(text) == {
        "R": ([HOST, "y"], plain("$R", "$R")),
        "T": (["z"], []),
        "S": (["x"], plain("$S")),
        "T 2": (["zz"], plain("$T")),
    }
    assert one(text, "S").caveat == "programs that its steps run may read it"


def test_env_of_a_job_container() -> None:
    text = workflow("    - run: echo $R\n", top="", job=f"    container:\n      image: x\n      env: {{R: {HOST}}}\n")
    assert shown(text) == {"R": ([HOST], plain("$R"))}


def test_values_that_are_computed() -> None:
    text = workflow("    - run: $R\n", top="env:\n  R: ${{ inputs.x || 'a' }}\n")
    assert one(text).barred == "line 3 lets a template or an expression compute it"
    assert one(workflow("    - run: $R\n", top="env:\n  R: ${{ github.actor }}/x\n")).barred == ""


def test_all_of_a_context() -> None:
    assert one(workflow("    - run: ${{ toJSON(env) }}\n")).barred == "line 7 uses all of `env`"


def test_matrix() -> None:
    job = f"""\
    strategy:
      matrix:
        image: [{OLD}, "b"]
        n: {{a: b}}
        include:
        - image: c
          also: d
"""
    text = workflow("    - run: pull ${{ matrix.image }} ${{ matrix.also }}\n", top="", job=job)
    assert shown(text) == {"image": ([OLD, "b", "c"], plain("${{ matrix.image }}")), "also": (["d"], plain("${{ matrix.also }}"))}
    assert (one(text, "image").caveat, one(text, "image").barred) == ("the names of its jobs hold it", "")


@pytest.mark.parametrize(
    ("matrix", "barred"),
    [
        pytest.param("{i: [a], exclude: [{i: a}]}", "line 6 leaves out one of its values", id="exclude"),
        pytest.param("{i: [a], include: '${{ fromJSON(x) }}'}", "line 6 may add values that are computed", id="computed-include"),
        pytest.param("{i: [a], include: [{b: c}, '${{ x }}']}", "line 6 may add values that are computed", id="computed-item"),
        pytest.param("{i: [a], include: [{<<: {b: c}}]}", "line 6 may add values that are computed", id="merged-include"),
        pytest.param("{i: '${{ x }}', include: [{i: a}]}", "line 6 computes it", id="computed-list"),
        pytest.param("{i: [a, {b: c}]}", "line 6 gives it a list or a mapping", id="nested"),
    ],
)
def test_barred_matrix(matrix: str, barred: str) -> None:
    text = workflow("    - run: ${{ matrix.i }}\n", top="", job=f"    strategy:\n      matrix: {matrix}\n")
    assert one(text, "i").barred == barred


def test_inputs() -> None:
    text = f"""\
on:
  workflow_dispatch:
    inputs:
      image:
        default: {OLD}
        options: [{OLD}, x]
jobs:
  a:
    steps:
    - run: ${{{{ inputs.image }}}} ${{{{ github.event.inputs.image }}}}
"""
    assert shown(text) == {"image": ([OLD, OLD, "x"], plain("${{ inputs.image }}", "${{ github.event.inputs.image }}"))}
    action = "inputs: {i: {default: v}}\nruns:\n  using: composite\n  steps: [{run: 'a ${{ inputs.i }}', shell: bash}]\n"
    assert shown(action) == {"i": (["v"], plain("${{ inputs.i }}"))}


# ── containers, Tekton ─────────────────────────────────────────────────────────────────────────────────────────


def container(rest: str, env: str = f"- {{name: R, value: {HOST}}}") -> str:
    return f"kind: Pod\nspec:\n  containers:\n  - image: x\n    env:\n    {env}\n{rest}"


@pytest.mark.parametrize(
    ("rest", "uses"),
    [
        pytest.param("    args: [$(R)/x, $R]\n", [("$(R)", "plain"), ("$R", "other")], id="args"),
        pytest.param("    command: [sh, -c, 'pull $R $(R)']\n", plain("$R", "$(R)"), id="shell"),
        pytest.param(
            "    command: [/bin/bash, -ec]\n    args: ['$R', '$R']\n", [("$R", "plain"), ("$R", "other")], id="args-of-sh"
        ),
        pytest.param("    command: [python, -c, 'x $R']\n", [("$R", "other")], id="not-a-shell"),
        pytest.param("    args: [$$(R)]\n", [("$(R", "other")], id="escaped"),
        pytest.param("    - {name: Q, value: $(R)/x}\n", plain("$(R)"), id="later-variable"),
        pytest.param("    lifecycle: {preStop: {exec: {command: [$(R)]}}}\n", [("$(R)", "other")], id="hook"),
        pytest.param("    args: [-e, R]\n", [("R", "other")], id="passed-on"),
        pytest.param("    workingDir: $(R)\n", [("$(R)", "other")], id="elsewhere"),
        pytest.param("  - image: y\n    args: [$(R)]\n", [], id="another-container"),
    ],
)
def test_containers(rest: str, uses: list[tuple[str, str]]) -> None:
    assert shown(container(rest))["R"] == ([HOST], uses)
    assert one(container(rest)).caveat == "programs of its image may read it"


@pytest.mark.parametrize(
    ("env", "barred"),
    [
        pytest.param(
            "- {name: R, value: a}\n    - {name: R, valueFrom: {x: y}}", "line 7 takes it from elsewhere", id="value-from"
        ),
        pytest.param("- {name: R, value: a}\n    - {<<: {x: y}, name: R, value: b}", "line 7 merges other keys in", id="merge"),
    ],
)
def test_barred_containers(env: str, barred: str) -> None:
    assert one(container("", env)).barred == barred


def test_earlier_variables_do_not_see_it() -> None:
    env = "- {name: Q, value: $(R)}\n    - {name: R, value: v}\n    - {name: R, value: $(R)}"
    assert shown(container("", env))["R"][1] == [("$(R)", "other"), ("$(R)", "other")]


def test_an_alias_in_env_may_hide_it() -> None:
    text = workflow("    - run: echo $R\n      env: *e\n", job="    x: &e {R: y}\n")
    assert shown(text)["R"] == ([HOST], [("$R", "other")])


def test_scripts_beside_containers() -> None:
    script = "---\nkind: ConfigMap\ndata:\n  a.sh: |\n    echo $R\n  b.sh: |\n    R=x\n    echo $R\n"
    assert shown(container("") + script)["R"][1] == [("$R", "other")]
    assert shown(container("") + script.replace("echo $R\n  b", "x\n  b"))["R"][1] == []
    assert shown(container("") + "---\ndescription: |\n  a\n  $R\n")["R"][1] == []


TEKTON = f"""\
kind: Pipeline
spec:
  params:
  - {{name: image, default: {HOST}}}
  tasks:
  - params:
    - {{name: image, value: $(params.image)/ocp/4.20:cli}}
    - {{name: other, value: x}}
    taskSpec:
      params: [{{name: image, default: y}}]
      stepTemplate: {{env: [{{name: R, value: $(params.image)}}]}}
      steps:
      - image: $(params.image)
        script: |
          pull $(params["image"]) $(params.image[*]) $R $(R) $(params.other)
  - taskSpec:
      steps: [{{args: ["$(params.image)"]}}]
    when: [{{input: $(params.image)}}]
  - taskRef: {{name: x}}
    params: [{{name: image, value: z}}]
"""


def test_tekton() -> None:
    inner = plain("$(params.image)", "$(params.image)", '$(params["image"])')
    unknown = ("params.image", "other")
    assert shown(TEKTON) == {
        "image": ([HOST], [("$(params.image)", "plain"), unknown, ("$(params.image)", "plain"), ("$(params.image)", "other")]),
        "image 2": (["$(params.image)/ocp/4.20:cli", "y"], [*inner, unknown]),
        "other": (["x"], plain("$(params.other)")),
        "R": (["$(params.image)"], [("$R", "plain"), ("$(R)", "other")]),
        "image 3": (["z"], [unknown]),
    }


def test_tekton_defaults_are_not_filled_in() -> None:
    text = "spec:\n  params:\n  - {name: a, default: v}\n  - {name: b, default: $(params.a)}\n"
    assert shown(text)["a"] == (["v"], [("$(params.a)", "other")])


# ── Docker Compose, envsubst ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "values", "uses"),
    [
        pytest.param("${R:-d}/x", ["d"], plain("${R:-d}"), id="default"),
        pytest.param("${R-d}${R:-e}$R", ["d", "e"], plain("${R-d}", "${R:-e}", "$R"), id="several"),
        pytest.param("${R:-${Q:-d}/x}", ["${Q:-d}/x"], plain("${R:-${Q:-d}/x}"), id="nested"),
        pytest.param("$$R ${R:-d}", ["d"], plain("${R:-d}"), id="escaped"),
        pytest.param("${R:-d} ${R:?x} ${R?}", ["d"], plain("${R:-d}", "${R:?x}", "${R?}"), id="required"),
        pytest.param("${R:-d} ${R:+x}", ["d"], [("${R:-d}", "plain"), ("${R:+x}", "other")], id="alternative"),
        pytest.param(
            "${R:-d} ${R:0:3} ${R%x}", ["d"], [("${R:-d}", "plain"), ("${R:0:3}", "apart"), ("${R%x}", "apart")], id="cut"
        ),
        pytest.param("${R:-d} ${R{a}", ["d"], [("${R:-d}", "plain"), ("${R{a}", "apart")], id="brace"),
        pytest.param("${R:-d} ${R", ["d"], [("${R:-d}", "plain"), ("${R", "other")], id="open"),
    ],
)
@pytest.mark.parametrize("shape", ["services: {{a: {{image: '{}'}}}}\n", "kind: Pod\nimage: {}\n"], ids=["compose", "manifest"])
def test_defaults(shape: str, value: str, values: list[str], uses: list[tuple[str, str]]) -> None:
    text = shape.format(value)
    assert shown(text)["R"] == (values, uses)
    assert one(text).caveat == "the environment may override it"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("on: x\njobs: {a: b}\nname: ${R:-d}\n", [], id="workflow"),
        pytest.param(template("- a: ${R:-d}\n", "- name: Q\n"), [], id="template"),
        pytest.param("${R:-d}: x\n", [], id="key"),
        pytest.param("a: |\n  x\n  ${R:-d}\n", [], id="block"),
        pytest.param("services:\n  a: |\n    x\n    ${R:-d}\n", ["R"], id="block-in-compose"),
        pytest.param("a: |\n  ${R:-d}\n", ["R"], id="one-line"),
        pytest.param("run: echo ${R:-d}\n", [], id="script"),
        pytest.param("a: ${R:-}\nb: $R\n", [], id="empty"),
    ],
)
def test_where_defaults_count(text: str, names: list[str]) -> None:
    assert list(shown(text)) == names


def test_a_variable_of_a_step_has_no_defaults_elsewhere() -> None:
    text = "env: {R: v}\na: ${R:-d}\nb: ${Q:-e}\n"
    assert shown(text) == {"R": (["v"], [("${R", "other")]), "Q": (["e"], plain("${Q:-e}"))}


def test_the_environment_is_the_same_in_all_documents() -> None:
    assert shown("a: ${R:-d}\n---\na: $R\n") == {"R": (["d"], plain("${R:-d}", "$R"))}


def test_defaults_and_scripts() -> None:
    assert shown("image: ${R:-d}\nx: |\n  a\n  echo $R\nrun: echo $R ${Q:-d}\n") == {
        "R": (["d"], [("${R:-d}", "plain"), ("$R", "other"), ("$R", "other")])
    }
    barred = "line 1 gives it a default that is not understood"
    assert one("image: ${R:-a b'c}\nb: ${R:-d}\n").barred == barred
    assert one("image: ${R:-{a}}\nb: ${R:-d}\n").barred == barred
    assert one('image: "${R:-a\\x2f}"\nb: ${R:-d}\n').barred == barred
    notes = [use.note for use in one("image: ${R:-d}\nx: |\n  a\n  $R\nrun: $R\ny: ${R?\n").uses]
    assert notes == ["", "in a text that may set it", "in a script, which may set it", "in a notation that nothing here fills in"]


# ── images by their parts ──────────────────────────────────────────────────────────────────────────────────────


def parts(text: str) -> list[tuple[str | None, str, str | None, str]]:
    data = text.encode()
    return [
        (*(data[slice(*span)].decode() if span else None for span in found[:3]), found.barred)  # type: ignore[misc]
        for found in bindings(data).triples
    ]


@pytest.mark.parametrize(
    ("mapping", "found"),
    [
        pytest.param(f"registry: {HOST}, repository: ocp/4.20, tag: cli", (HOST, "ocp/4.20", "cli", ""), id="three"),
        pytest.param(f"imageRegistry: '{HOST}', image: ocp/4.20, tag: cli", (HOST, "ocp/4.20", "cli", ""), id="other-keys"),
        pytest.param(f"registry: {HOST}:5000, name: ocp/4.20, tag: cli", (f"{HOST}:5000", "ocp/4.20", "cli", ""), id="port"),
        pytest.param(f"repository: {HOST}/ocp/4.20, tag: cli", (None, f"{HOST}/ocp/4.20", "cli", ""), id="two"),
        pytest.param(f"name: x, image: {HOST}/ocp/4.20, tag: cli", (None, f"{HOST}/ocp/4.20", "cli", ""), id="name-beside"),
        pytest.param(
            f"repository: {HOST}/ocp/4.20, tag: cli, digest: ''", (None, f"{HOST}/ocp/4.20", "cli", ""), id="empty-digest"
        ),
        pytest.param(f"repository: {HOST}/ocp/x, tag: 4.19", (None, f"{HOST}/ocp/x", "4.19", ""), id="number-that-stays"),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: 4.20",
            (None, f"{HOST}/ocp/x", None, "line 1 gives it a number, which readers may print in another way"),
            id="number",
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: a, digest: b",
            (None, f"{HOST}/ocp/x", "a", "line 1 gives it a `digest` too"),
            id="digest",
        ),
        pytest.param(f"repository: {HOST}/ocp/x, sha: b", (None, f"{HOST}/ocp/x", None, "line 1 gives it a `sha` too"), id="sha"),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: a, tagSuffix: b",
            (None, f"{HOST}/ocp/x", "a", "line 1 gives it a `tagSuffix` too"),
            id="suffix",
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: ''", (None, f"{HOST}/ocp/x", None, "no plain tag stands beside it"), id="no-tag"
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: '{{{{ .a }}}}'",
            (None, f"{HOST}/ocp/x", "{{ .a }}", "line 1 lets a template or an expression compute it"),
            id="computed-tag",
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: a, tag: b", (None, f"{HOST}/ocp/x", "a", "`tag` is given twice"), id="twice"
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, image: {HOST}/ocp/y, tag: a",
            (None, f"{HOST}/ocp/x", "a", "two of its keys may be the repository"),
            id="two-repositories",
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: a, imageTag: b",
            (None, f"{HOST}/ocp/x", "a", "two of its keys may be the tag or the registry"),
            id="two-tags",
        ),
        pytest.param(
            f"registry: {HOST}/ocp, repository: a/b, tag: c",
            (f"{HOST}/ocp", "a/b", "c", "the registry is more than a host"),
            id="path",
        ),
        pytest.param(
            f"repository: {HOST}/ocp/x, tag: a, <<: {{b: c}}",
            (None, f"{HOST}/ocp/x", "a", "other keys are merged in"),
            id="merge",
        ),
    ],
)
def test_helm_values(mapping: str, found: tuple[str | None, str, str | None, str]) -> None:
    assert parts(f"a: {{{mapping}}}\n") == [found]
    (triple,) = bindings(f"a: {{{mapping}}}\n".encode()).triples
    assert triple.caveat == "the chart's templates put registry, repository and tag together"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{{image: {HOST}/ocp/x}}", id="an-image-alone"),
        pytest.param(f"{{repository: {HOST}/ocp/x}}", id="no-tag-key"),
        pytest.param("{repository: ocp/x, tag: a}", id="no-registry"),
        pytest.param(f"{{registry: {HOST}, repository: x, tag: a}}", id="no-namespace"),
        pytest.param(f"{{registry: {HOST}, repository: a/b/c, tag: a}}", id="longer-path"),
        pytest.param("{registry: local, repository: a/b, tag: c}", id="no-host"),
        pytest.param("{registry: 'a.b{{ x }}', repository: a/b, tag: c}", id="computed-registry"),
        pytest.param(f"{{registry: {HOST}, tag: a}}", id="no-repository"),
        pytest.param(f"{{registry: {HOST}, b: {{repository: a/b, tag: c}}}}", id="not-siblings"),
        pytest.param(f"{{image: {HOST}/ocp/x:y, tag: a}}", id="tag-inside"),
        pytest.param(f"{{'on': push, jobs: {{a: {{with: {{registry: {HOST}, repository: a/b, tag: c}}}}}}}}", id="workflow"),
    ],
)
def test_no_helm_values(text: str) -> None:
    assert parts(text) == []


def test_aliased_helm_values() -> None:
    assert parts(f"a: &a {{repository: {HOST}/ocp/x, tag: t}}\nb: *a\n")[0][3] == "also used through the alias *a"
    assert parts(f"a: {{repository: {HOST}/ocp/x, tag: &a t}}\nb: *a\n")[0][3] == "also used through the alias *a"


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        pytest.param(f"{{name: a, newName: {HOST}/ocp/x, newTag: t}}", [(None, f"{HOST}/ocp/x", "t", "")], id="both"),
        pytest.param(f"{{name: {OLD[:-4]}, newName: q/x, newTag: t}}", [(None, "q/x", "t", "")], id="name-is-no-value"),
        pytest.param(
            f"{{name: {HOST}/ocp/x, newTag: t}}",
            [(None, f"{HOST}/ocp/x", "t", "the name must equal the image of the manifests")],
            id="name-and-tag",
        ),
        pytest.param(
            f"{{name: a, newName: {HOST}/ocp/x}}",
            [(None, f"{HOST}/ocp/x", None, "the tag is that of the manifests")],
            id="no-tag",
        ),
        pytest.param(
            f"{{name: a, newName: {HOST}/ocp/x, digest: d}}",
            [(None, f"{HOST}/ocp/x", None, "line 2 gives it a `digest` too")],
            id="digest",
        ),
        pytest.param(
            f"{{name: a, newName: {HOST}/ocp/x, newTag: 4.20}}",
            [(None, f"{HOST}/ocp/x", None, "line 2 gives it a number, which readers may print in another way")],
            id="number",
        ),
        pytest.param(
            f"{{name: a, newName: {HOST}/ocp/x, newTag: a, newTag: b}}",
            [(None, f"{HOST}/ocp/x", "a", "`newTag` is given twice")],
            id="twice",
        ),
    ],
)
def test_kustomize(entry: str, found: list[tuple[str | None, str, str | None, str]]) -> None:
    text = f"kind: Kustomization\nimages: [{entry}]\n"
    assert parts(text) == found
    assert bindings(text.encode()).triples[0].caveat == "kustomize puts newName and newTag together"


def test_a_kustomization_of_another_kind() -> None:
    assert parts("spec:\n  images: [{name: a, newName: b/c, newTag: d}]\n") == [(None, "b/c", "d", "")]
    assert parts("kind: Kustomization\nimages: [{name: a, digest: d}]\n")[0][3] == "line 2 gives it a `digest` too"


def test_images_that_are_no_kustomization() -> None:
    assert parts(f"images:\n- {{from: a, to: b, name: {HOST}/ocp/x}}\n") == []


def test_parts_in_a_templated_file_are_barred() -> None:
    text = f"{{{{ if x }}}}\na: {{repository: {HOST}/ocp/x, tag: t}}\n{{{{ end }}}}\n"
    assert parts(text)[0][3] == "the file is a template itself, and was not read in full"


# ── what other programs make of the same documents ─────────────────────────────────────────────────────────────


def load(text: str) -> Any:
    """What the pure Python loader gives, which is not the parser under test; every scalar stays a text."""
    return YAML(typ="base", pure=True).load(text)


def filled_in(text: str) -> str | None:
    """The text with every plain use replaced by the first value of its name; None where a use is anything but plain."""
    data = text.encode()
    found = bindings(data).bindings
    if any(each.barred or any(use.kind != "plain" for use in each.uses) for each in found):
        return None
    uses = {(use.start, use.end): each.values[0] for each in found for use in each.uses}

    def read(start: int, end: int) -> bytes:
        out, at = b"", start
        for use in sorted(uses):
            if at <= use[0] and use[1] <= end:
                out += data[at : use[0]] + read(*uses[use])
                at = use[1]
        return out + data[at:end]

    return read(0, len(data)).decode()


STYLES = ("{}", "'{}'", '"{}"', "|-\n      {}", ">-\n      {}", "[x, '{}']", '{{a: "{}"}}')
WORDS = st.sampled_from(("a.b/c", "x", "registry.ci/ocp", "q:5"))
IN_TEMPLATE = st.lists(
    st.sampled_from(("${R}", "${Q}", "x", "/", ":t", "$", "$S", " é ", "${S}", "{Q}", "$$")), min_size=1, max_size=6
)


@given(
    WORDS,
    WORDS,
    st.lists(st.tuples(IN_TEMPLATE, st.sampled_from(STYLES)), min_size=1, max_size=4),
    st.sampled_from(("'{}'", '"{}"', "{}")),
)
@settings(max_examples=300, deadline=None)
def test_agrees_with_template_processing(r: str, q: str, strings: list[tuple[list[str], str]], quoted: str) -> None:
    lines = "".join(f"- k{i}: {style.format('z' + ''.join(words))}\n" for i, (words, style) in enumerate(strings))
    text = f"kind: Template\nparameters:\n- name: R\n  value: {quoted.format(r)}\n- {{value: {q}, name: Q}}\nobjects:\n{lines}"
    replaced = filled_in(text)
    assert replaced is not None
    values = {each["name"]: each["value"] for each in load(text)["parameters"]}

    def process(item: Any) -> Any:
        if isinstance(item, str):
            return re.sub(r"\$\{(\w+?)\}", lambda match: values.get(match[1], match[0]), item)
        return [process(each) for each in item] if isinstance(item, list) else {k: process(v) for k, v in item.items()}

    assert load(replaced)["objects"] == process(load(text)["objects"])


IN_CONTAINER = st.lists(st.sampled_from(("$(R)", "$(Q)", "x", "/", "(R)", "$(S)", "{R}", "R")), min_size=1, max_size=6)


@given(WORDS, IN_CONTAINER, st.lists(IN_CONTAINER, min_size=1, max_size=4), st.sampled_from(("{}", "'{}'", '"{}"')))
@settings(max_examples=300, deadline=None)
def test_agrees_with_the_expansion_of_containers(r: str, q: list[str], words: list[list[str]], quoted: str) -> None:
    args = "".join(f"  - {quoted.format('z' + ''.join(each))}\n" for each in words)
    value = "z" + "".join(each for each in q if each != "$(Q)")
    text = f"a:\n  env:\n  - name: R\n    value: {r}\n  - name: Q\n    value: '{value}'\n  args:\n{args}"
    replaced = filled_in(text)
    assert replaced is not None
    known: dict[str, str] = {}
    for each in load(text)["a"]["env"]:
        known[each["name"]] = expand(each["value"], known)
    assert load(replaced)["a"]["args"] == [expand(each, known) for each in load(text)["a"]["args"]]


def expand(text: str, known: dict[str, str]) -> str:
    return re.sub(r"\$\((\w+)\)", lambda match: known.get(match[1], match[0]), text)


COMMANDS = st.lists(
    st.sampled_from(
        (
            'printf "<%s>" "$R"',
            "printf '<%s>' ${R}/x $Q",
            'printf "<%s>" "a${Q:-d}b"',
            "printf '<%s>' x # $R ${Q}",
            "# $R",
            "for i in $R ${Q}; do printf '<%s>' \"$i\"; done",
            "cat <<EOF\n$R:${Q}\nEOF",
            'X=$R/y; printf \'<%s>\' "$X" "$(printf \'%s\' "$Q")"',
            "if [ 1 = 1 ]; then printf '%s' \"${R}\"; fi",
        )
    ),
    min_size=1,
    max_size=5,
)


@given(WORDS, WORDS, COMMANDS)
@settings(max_examples=60, deadline=None)
def test_agrees_with_bash(r: str, q: str, commands: list[str]) -> None:
    script = "\n".join(commands).replace("\n", "\n    ")
    text = f"ref:\n  commands: |\n    {script}\n  env:\n  - {{name: R, default: '{r}'}}\n  - name: Q\n    default: {q}\n"
    loaded = load(text)["ref"]
    found = {each.name: each for each in bindings(text.encode()).bindings}
    defaults = {each["name"]: each["default"] for each in loaded["env"]}
    assert all(defaults[name] in [text[s:e] for s, e in each.values] for name, each in found.items())
    data = bytearray(text.encode())
    for name, start, end in sorted(((n, u.start, u.end) for n, b in found.items() for u in b.uses), key=lambda use: -use[1]):
        data[start:end] = defaults[name].encode()
    assert run(load(data.decode())["ref"]["commands"], {}) == run(loaded["commands"], defaults)


def run(script: str, env: dict[str, str]) -> str:
    path = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(["bash", "-c", script], env=path | env, capture_output=True, text=True, check=True, timeout=20).stdout


DEFAULTS = st.recursive(
    st.sampled_from(("x", "a.b/c", "/", ":t")).map(lambda word: word),
    lambda inner: st.tuples(st.sampled_from((":-", "-")), st.lists(inner, min_size=1, max_size=3)).map(
        lambda each: f"${{NAME{each[0]}{''.join(each[1])}}}"
    ),
    max_leaves=6,
)


@given(st.lists(DEFAULTS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_agrees_with_bash_on_defaults(words: list[str]) -> None:
    numbers = iter(range(1000))
    value = re.sub("NAME", lambda match: f"N{next(numbers)}", "z" + "".join(words))
    replaced = filled_in(f"services:\n  a:\n    image: {value}\n")
    assert replaced is not None
    assert load(replaced)["services"]["a"]["image"] == run(f'printf %s "{value}"', {})


@given(
    WORDS, st.lists(st.sampled_from(("${{ env.R }}", "${{env.Q}}", "x", "/", "${{ github.x }}", " R ")), min_size=1, max_size=5)
)
@settings(max_examples=100, deadline=None)
def test_agrees_with_expressions(r: str, words: list[str]) -> None:
    name = "z" + "".join(words)
    text = f"on: push\nenv: {{R: '{r}', Q: q}}\njobs:\n  a:\n    steps:\n    - name: {name}\n      env: {{Q: inner}}\n"
    text = text.replace("{Q: inner}", "{S: inner}")
    replaced = filled_in(text)
    assert replaced is not None
    env = load(text)["env"]
    expected = re.sub(r"\$\{\{ ?env\.(\w+) ?\}\}", lambda match: env[match[1]], name)
    assert load(replaced)["jobs"]["a"]["steps"][0]["name"] == expected.strip()


# ── anything at all ────────────────────────────────────────────────────────────────────────────────────────────

LINES = st.sampled_from(
    (
        "kind: Template",
        "parameters:",
        "objects:",
        "- name: R",
        "  value: x",
        "  value: &a ${R}",
        "  default: *a",
        "on: push",
        "jobs:",
        "  a:",
        "    env: {R: x, Q: '${{ env.R }}'}",
        "    env: *a",
        "    strategy: {matrix: {R: [a, b], include: [{R: c}]}}",
        "    steps:",
        "    - run: |",
        "        echo ${R##*/} ${{ env.R }} $(params.R) ${R:-d} $R",
        "      script: echo '$R' \"${R\"",
        "spec:",
        "  params: [{name: R, default: x}, {name: Q, value: $(params.R)}]",
        "  taskSpec: {params: [{name: R}], steps: [{env: [{name: R, value: $(R)}], args: [sh, -c, $R]}]}",
        "services: {a: {image: '${R:-a${Q-b}}'}}",
        "images: [{name: a, newName: b, newTag: c}]",
        "a: {registry: a.b, repository: c/d, tag: e}",
        "<<: *a",
        "---",
        "{{ if x }}",
        "? [R]",
        "- - - R: ${R}",
        "\ufeff# $R",
    )
)
TEXTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(LINES, max_size=14).map(lambda lines: "\n".join(lines).encode()),
    st.lists(LINES, max_size=14).map(lambda lines: "\r\n".join(lines).encode("utf-16-le")),
)


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_any_text(text: bytes) -> None:
    found = bindings(text)
    for each in found.bindings:
        assert each.values
        assert all(0 <= start < end <= len(text) for start, end in each.values)
        for use in each.uses:
            assert 0 <= use.start < use.end <= len(text)
            assert use.kind in ("plain", "apart", "other")
            assert bool(use.note) == (use.kind != "plain")
            if use.kind == "plain":
                assert each.name.encode() in text[use.start : use.end]
        assert len({use[:2] for use in each.uses}) == len(each.uses)
    for triple in found.triples:
        assert all(0 <= span[0] < span[1] <= len(text) for span in triple[:3] if span)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        pytest.param(lambda n: "- " * n + "a\n", 1000, id="deep"),
        pytest.param(lambda n: "services: {a: '" + "${R:-" * n + "'}\n", 50, id="open-braces"),
        pytest.param(lambda n: "services: {a: '" + "${R:-" * n + "x" + "}" * n + "'}\n", 50, id="nested-braces"),
        pytest.param(
            lambda n: "on: x\njobs: {}\nenv:\n" + "".join(f"  R{i}: ${{{{ env }}}}\n" for i in range(n)), 150, id="contexts"
        ),
        pytest.param(lambda n: template("- a: ${R}\n" * n), 150, id="uses"),
        pytest.param(lambda n: "a: " + "{{" * n, 50, id="open-templates"),
        pytest.param(lambda n: "env:\n" + "".join(f"- {{name: R{i}, value: $(R{i - 1})}}\n" for i in range(n)), 150, id="names"),
        pytest.param(lambda n: "args: [" + "'$(R)', " * n + "x]\nenv: [{name: R, value: x}]\n", 150, id="words"),
        pytest.param(
            lambda n: "on: x\njobs:\n" + "".join(f"  j{i}: {{steps: [{{run: x, env: {{R: $R}}}}]}}\n" for i in range(n)),
            150,
            id="jobs",
        ),
        pytest.param(lambda n: "a:\n" + "- params: [{name: x, value: v}]\n  z: $(params.x)\n" * n, 150, id="parameters"),
        pytest.param(lambda n: "a: &a {env: {R: &v v}}\nb:\n" + "- *a\n- *v\n" * n, 400, id="aliases"),
        pytest.param(lambda n: "env: {R: x}\nrun: |\n" + "  echo $R '$R' # $R\n" * n, 150, id="script"),
        pytest.param(lambda n: "a: ${R:-x}\n---\n" * n + "a: @b\n", 150, id="documents"),
    ],
)
def test_work_is_linear(text: Callable[[int], str], size: int) -> None:
    assert_linear(bindings, lambda n: text(n).encode(), size)
    bindings(text(4800).encode())
