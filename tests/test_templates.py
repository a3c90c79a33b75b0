"""Files that are made from a template: which these are, what a template that stays does to them, and how the work grows."""

from __future__ import annotations

import pytest

from qcilint.facts import Facts
from qcilint.source import Source
from qcilint.templates import hold_made

from .conftest import Repository, lint, qcilint
from .growth import assert_linear

HOST = "registry.ci.openshift.org"
MADE = f"FROM {HOST}/ocp/4.21:cli\nCMD /a\n"


@pytest.mark.parametrize(
    ("template", "is_made"),
    [
        (f"FROM {HOST}/ocp/{{{{ .Version }}}}:cli\nCMD /a\n", True),
        (f"FROM {HOST}/ocp/@V@:cli\nCMD /a\n", True),
        (f"FROM {HOST}/ocp/4.21:@N@\nCMD @C@\n", True),
        (f"FROM {HOST}/ocp/${{V}}:cli\nCMD __CMD__\n", True),
        (f"FROM {HOST}/ocp/__V__:cli\nCMD /b\n", False),
        (f"FROM {HOST}/ocp/__V__:etcd\nCMD /a\n", False),
        (f"FROM {HOST}/ocp/4.2__V__21:cli\nCMD /a\n", False),
        (f"FROM {HOST}/ocp/__V__:cli\n", False),
        (f"FROM {HOST}/ocp/4.21:cli\nCMD __CMD__\n", False),
    ],
)
def test_a_part_of_a_tree_knows_the_templates_of_the_rest(repository: Repository, template: str, is_made: bool) -> None:
    root = repository({"Dockerfile.tmpl": template, "Dockerfile": MADE})
    run = qcilint("--fix", "Dockerfile", cwd=root)
    assert (b"it is made from line 1 of Dockerfile.tmpl, which stays" in run.stdout) == is_made
    assert ((root / "Dockerfile").read_text() == MADE) == is_made


def test_what_stays_beside_what_is_fixed_stays_in_a_second_run(repository: Repository) -> None:
    model = f"#!/bin/sh\npodman pull {HOST}/ocp/@V@:tools\npodman pull {HOST}/ocp/4.20:base\n"
    root = repository({"pull.sh.in": model, "pull.sh": model.replace("@V@", "4.18")})
    first = qcilint("--fix", cwd=root)
    assert (first.returncode, first.stderr.count(b"not fixed")) == (1, 0)
    text = (root / "pull.sh").read_text()
    assert f"{HOST}/ocp/4.18:tools\n" in text
    assert "ci:ocp_4.20_base\n" in text
    qcilint("--fix", cwd=root)
    assert (root / "pull.sh").read_text() == text


def test_many_templates_cost_no_more_than_they_are_long() -> None:
    def made(count: int) -> tuple[list[tuple[Source, list]], Facts]:
        template = Source("t", b"x __A__ y\n" * 9, "t")
        facts = Facts(templates=[(template, {1: "x"})] * count)
        return [
            (Source("a", MADE.encode() + b"x\n" * 7, "a"), lint(MADE.encode(), "Dockerfile").findings) for _ in range(count)
        ], facts

    assert_linear(lambda given: hold_made(*given), made, 100)
