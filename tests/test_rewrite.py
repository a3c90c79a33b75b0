"""Templates: what comes out, and when nothing may."""

from __future__ import annotations

import pytest

from qcilint.checks.unbraced_variable import check
from qcilint.context import Context
from qcilint.reference import parse
from qcilint.rewrite import Refusal, render

TO = "quay-proxy.ci.openshift.org/openshift/ci:{namespace}_{name}_{tag}"
Q = "quay-proxy.ci.openshift.org/openshift/ci:"
SHELL = Context("command:pull", "shell")
RECIPE = Context("command:pull", "shell", ("recipe", "make"))
MAKE = Context("assignment:A", "make")
PYTHON = Context("string", "python")


def to(path: str, context: Context, template: str = TO) -> str:
    return render(template, parse(f"registry.ci.openshift.org/{path}"), {}, context).raw


@pytest.mark.parametrize(
    ("path", "context", "tag"),
    [
        pytest.param("ocp/4.20:cli", SHELL, "ocp_4.20_cli", id="plain"),
        pytest.param("$NS/$NAME:$TAG", SHELL, "${NS}_${NAME}_$TAG", id="shell: braces before an underscore"),
        pytest.param("${NS}/${NAME}:${TAG}", SHELL, "${NS}_${NAME}_${TAG}", id="shell: braces stay"),
        pytest.param("ocp/v$V-x:cli", SHELL, "ocp_v$V-x_cli", id="shell: no braces before a hyphen"),
        pytest.param("$1/$2:$3", SHELL, "${1}_${2}_$3", id="shell: positional"),
        pytest.param("$(NS)/$(NAME):$(TAG)", MAKE, "$(NS)_$(NAME)_$(TAG)", id="make: parentheses"),
        pytest.param("ocp/$V:cli", MAKE, "ocp_$(V)_cli", id="make: one letter"),
        pytest.param("ocp/$$V:cli", RECIPE, "ocp_$${V}_cli", id="recipe: the shell's variable"),
        pytest.param("ocp/$$(v):cli", RECIPE, "ocp_$$(v)_cli", id="recipe: the shell's substitution"),
        pytest.param("%s/%s:%s", PYTHON, "%s_%s_%s", id="printf"),
        pytest.param("{ns}/{n!r:>3}:x", PYTHON, "{ns}_{n!r:>3}_x", id="f-string"),
        pytest.param("ocp/{{ v }}:cli", Context("value:a", "yaml"), "ocp_{{ v }}_cli", id="template"),
        pytest.param("ocp/__V__:cli", SHELL, "ocp___V___cli", id="marker"),
    ],
)
def test_render(path: str, context: Context, tag: str) -> None:
    assert to(path, context) == Q + tag


@pytest.mark.parametrize(
    ("path", "context", "reason"),
    [
        pytest.param("ocp/4.20", SHELL, "has no tag", id="no tag"),
        pytest.param("cli:x", SHELL, "has no namespace", id="no namespace"),
        pytest.param("ocp/$VER:cli", RECIPE, "braces may not be right", id="recipe: $VER is $(V)ER"),
        pytest.param("ocp/$VER:cli", PYTHON, "braces may not be right", id="no shell, no braces"),
        pytest.param("ocp/4.20:" + "t" * 125, SHELL, "128 is the limit", id="tag too long"),
        pytest.param("a/b/c:d", SHELL, "no valid repository name", id="three components"),
    ],
)
def test_refusals(path: str, context: Context, reason: str) -> None:
    with pytest.raises(Refusal, match=reason.replace("$", r"\$")):
        to(path, context)


@pytest.mark.parametrize(
    "template",
    ["quay.io/x/y:{tag}_{name}_{namespace}", "quay.io/x/y:{namespace}_{name}", "quay.io/x/y:{tag}_{tag}_{name}_{namespace}"],
)
def test_variables_come_out_once_and_in_order(template: str) -> None:
    with pytest.raises(Refusal, match="once and in order"):
        to("%s/%s:%s", PYTHON, template)


def test_captures() -> None:
    reference = parse("registry.ci.openshift.org/ocp-private/4.20-priv:cli")
    assert render("quay.io/x/y:{name*1}_{tag}", reference, {"name": ("4.20",)}, SHELL).raw == "quay.io/x/y:4.20_cli"
    variable = parse("registry.ci.openshift.org/ocp-private/$V-priv:cli")
    with pytest.raises(Refusal, match="holds a variable"):
        render("quay.io/x/y:{name*1}_{tag}", variable, {"name": ("{}",)}, SHELL)


@pytest.mark.parametrize(
    ("tag", "mended"),
    [
        ("$NS_${NAME}_x", "${NS}_${NAME}_x"),
        ("$NS_$NAME_$TAG", "${NS}_${NAME}_$TAG"),
        ("$A__$B", "${A}__$B"),
        ("${NS}_$NAME", None),
        ("$NS-$NAME", None),
        ("x_$NAME_", None),
    ],
)
def test_unbraced_variable(tag: str, mended: str | None) -> None:
    found = check(parse(Q + tag), SHELL, [], b"")
    assert (found.reference.tag.raw if found else None) == mended
