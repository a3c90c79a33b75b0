"""Twice the references in one file are twice the work, to check and to fix."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from qcilint.ci_operator.order import withhold
from qcilint.discovery import Target
from qcilint.engine import Linter
from qcilint.facts import Facts
from qcilint.fixing import fixed
from qcilint.ignores import add
from qcilint.ruleset import load_builtin
from qcilint.source import Source
from tests.conftest import lint
from tests.growth import assert_linear

LINTER = Linter(load_builtin())
HOST = "registry.ci.openshift.org"


def image(number: int) -> str:
    return f"{HOST}/ocp/4.{number % 25}:name-{number}"


def qci(number: int) -> str:
    return f"quay-proxy.ci.openshift.org/openshift/ci:ocp_4.{number % 25}_name-{number}"


def each(line: Callable[[int], str], first: str = "") -> Callable[[int], str]:
    return lambda count: first + "".join(line(number) for number in range(count))


INPUTS = "images:\n- to: i\n  inputs:\n"
INPUT = f"{INPUTS}    i:\n      as:\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("x.sh", each(lambda n: f"podman pull {image(n)}\n"), id="shell"),
        pytest.param("x.sh", each(lambda n: f"A{n}={image(n)}\npodman pull $A{n}\n"), id="shell-variables"),
        pytest.param("x.sh", each(lambda n: f"podman pull $REG/ocp/4.9:{n}\n", f"REG={HOST}\n"), id="shell-composed"),
        pytest.param("x.sh", each(lambda n: f"# see {image(n)}\npodman pull {image(n)}\n"), id="shell-comments"),
        pytest.param("x.sh", each(lambda n: f"podman pull {image(n)}\npodman images | grep ocp/4.{n % 25}\n"), id="shell-greps"),
        pytest.param(
            "x.sh", each(lambda n: f"podman login {HOST}\npodman logout {HOST}\npodman pull {image(n)}\n"), id="shell-logins"
        ),
        pytest.param("x.sh", each(lambda n: f'[ "$X" = {image(n)} ] && podman pull {image(n)}\n'), id="shell-comparisons"),
        pytest.param("x.sh", each(lambda n: f'[ "$X" = {image(0)} ] && podman pull {image(0)}\n'), id="shell-same-comparison"),
        pytest.param("x.sh", each(lambda n: f"REG={HOST}\npodman pull $REG/ocp/4.9:{n}\n" * 2), id="shell-value-again"),
        pytest.param("x.sh", each(lambda n: f"podman pull {image(n)} # qcilint: ignore[QCI102] why\n"), id="shell-ignores"),
        pytest.param("Dockerfile", each(lambda n: f"FROM {image(n)} AS s{n}\n"), id="dockerfile"),
        pytest.param("Dockerfile", each(lambda n: f"FROM {qci(n)}\nFROM {image(n + 1)}\n"), id="dockerfile-half-migrated"),
        pytest.param("Dockerfile", each(lambda n: f"ARG A{n}={image(n)}\nFROM $A{n}\n"), id="dockerfile-arguments"),
        pytest.param("Dockerfile", each(lambda n: f"ARG H{n}={HOST}\nFROM $H{n}/ocp/4.9:{n}\n"), id="dockerfile-hosts"),
        pytest.param("Makefile", each(lambda n: f"A{n} = {image(n)}\na{n}:\n\tpodman pull $(A{n})\n"), id="make"),
        pytest.param("x.yaml", each(lambda n: f"- name: n{n}\n  image: {image(n)}\n"), id="yaml"),
        pytest.param("x.yaml", each(lambda n: f"a{n}: &a{n} {image(n)}\nb{n}: *a{n}\n"), id="yaml-anchors"),
        pytest.param("x.yaml", each(lambda n: f"      - {image(n)}\n", INPUT), id="input-aliases"),
        pytest.param("x.yaml", each(lambda n: f"    i{n}:\n      as: [{image(n)}]\n", INPUTS), id="inputs"),
        pytest.param("x.yaml", each(lambda n: f"- to: i{n}\n  inputs: {{a: {{as: [{image(0)}]}}}}\n", "images:\n"), id="images"),
        pytest.param(
            "x.yaml",
            each(
                lambda n: f"- to: i{n}\n  dockerfile_literal: FROM {image(0)}\n  inputs: {{a: {{as: [{image(0)}]}}}}\n",
                "images:\n",
            ),
            id="images-with-dockerfiles",
        ),
        pytest.param(
            "x.json", lambda n: "[" + ",\n".join(f'{{"image": "{image(each)}"}}' for each in range(n)) + "]\n", id="json"
        ),
        pytest.param("x.py", each(lambda n: f'A{n} = "{image(n)}"\n'), id="python"),
        pytest.param("x.go", each(lambda n: f'const A{n} = "{image(n)}"\n', "package x\n"), id="go"),
        pytest.param("x.md", each(lambda n: f"* pull `{image(n)}` now\n"), id="markdown"),
        pytest.param("x.md", each(lambda n: f"| {image(n)} | {qci(n)} |\n", "| a | b |\n|---|---|\n"), id="markdown-mappings"),
        pytest.param("x.md", each(lambda n: f"Run\n```sh\npodman pull {image(n)}\n```\n"), id="markdown-fences"),
    ],
)
def test_many_references_in_one_file(path: str, text: Callable[[int], str]) -> None:
    def work(data: bytes) -> None:
        analysis = LINTER.analyst.analyse(Source(path, data, path), Target(path, "", path))
        assert analysis is not None
        facts = Facts()
        analysis.add_to(facts)
        result = LINTER.judge(analysis, facts)
        withhold([(result.source, result.findings)], facts)
        assert fixed(LINTER, result, unsafe=False).left.findings

    assert_linear(work, lambda count: text(count).encode(), 40)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("x.sh", each(lambda n: f"podman pull {image(n)}\n"), id="shell"),
        pytest.param("x.sh", each(lambda n: f"podman pull \\\n  {image(n)}\n"), id="shell-two-lines"),
        pytest.param("x.md", each(lambda n: f"* Use {image(n)} here.\n"), id="markdown"),
        pytest.param("x.yaml", each(lambda n: f"a{n}: |\n  podman pull {image(n)}\n"), id="yaml-scalars"),
        pytest.param("x.json", lambda n: json.dumps([image(number) for number in range(n)], indent=1), id="json"),
    ],
)
def test_many_comments_in_one_file(path: str, text: Callable[[int], str]) -> None:
    def work(data: bytes) -> None:
        result = lint(data, path)
        new, left = add(result.source, result.language, result.findings, lambda new: LINTER.relint(result, new).findings, "why")
        assert left or new != data

    assert_linear(work, lambda count: text(count).encode(), 40)
