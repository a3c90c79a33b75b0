"""The index of patterns gives what trying all of them gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.couplings import Pattern
from qcilint.pattern_index import PatternIndex, beginning
from qcilint.possible import ONE, text_shape
from qcilint.reference import Reference, parse
from tests.growth import assert_linear

HOSTS = (
    "registry.ci.openshift.org",
    "registry.svc.ci.openshift.org",
    r"registry\.ci\.openshift\.org",
    "registry-ci.openshift.org",
    "registry.*",
)
PIECES = (
    "ocp",
    "origin",
    "4.20",
    r"4\.20",
    ".*",
    "[^:]+",
    "(a|b)",
    "b?",
    "builder",
    "/",
    ":",
    "cli",
    "$",
    "|",
    "${V}",
    r"\d",
    "[^/:@\\s]*",
    ".",
    "[ab]",
    r"\Z",
)
expressions = st.builds(
    lambda host, path: host + path, st.sampled_from(HOSTS), st.lists(st.sampled_from(PIECES), max_size=6).map(lambda each: "/" + "".join(each))
)  # fmt: skip
references = st.builds(
    lambda host, namespace, name, tag: parse(f"{host}/{namespace}/{name}:{tag}"),
    st.sampled_from(["registry.ci.openshift.org", "registry.svc.ci.openshift.org", "registry-ci.openshift.org"]),
    st.sampled_from(["ocp", "origin", "${N}", "o${N}"]),
    st.sampled_from(["4.20", "4x20", "builder", "${V}", "4.${V}", "a"]),
    st.sampled_from(["cli", "base", "${T}", "a${T}"]),
)


@given(st.lists(expressions, max_size=12), references)
def test_the_index_gives_what_all_patterns_give(texts: list[str], reference: Reference) -> None:
    patterns = [Pattern("x", number, text, (text,)) for number, text in enumerate(texts)]
    given_ = text_shape(reference.text) if reference.text.holes else ""
    assert PatternIndex(patterns).matching(reference) == [each for each in patterns if each.matches(reference.raw, given_)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("/ocp/4.20:cli", f"/ocp/4{ONE}20:cli"),
        (r"/ocp/4\.20:cli", "/ocp/4.20:cli"),
        (r"/ocp/cli\Z", "/ocp/cli"),
        ("/ocp/[ab]c", f"/ocp/{ONE}c"),
        ("/ocp/b?", "/ocp/"),
        ("/ocp/(a)", "/ocp/a"),
        ("/ocp/(a|b)", ""),
        ("/ocp|x", ""),
        (".*", ""),
    ],
)
def test_beginning(expression: str, expected: str) -> None:
    assert beginning(expression) == expected


def test_work_for_many_patterns_and_many_references_grows_with_their_sum() -> None:
    host = "registry.ci.openshift.org"

    def made(n: int) -> tuple[list[Pattern], list[Reference]]:
        patterns = [Pattern("x", k, "", (f"{host}/ocp/{k}.20:c",)) for k in range(n)]
        patterns += [Pattern("x", k, "", (f"{host}/ocp/4.20.{k}:c",)) for k in range(n)]
        patterns += [Pattern("x", k, "", (re.escape(f"{host}/ocp/{k}:cli") + r"\Z",)) for k in range(n)]
        references = [parse(f"{host}/ocp/{k % n}.20:c{k}") for k in range(10 * n)]
        references += [parse(f"{host}/ocp/4.20.{k % n}:c{k}") for k in range(10 * n)]
        return patterns, [*references, *(parse(f"{host}/ocp/${{V}}:cli{k}") for k in range(5))]

    def work(given_: tuple[list[Pattern], list[Reference]]) -> None:
        index = PatternIndex(given_[0])
        assert sum(len(index.matching(reference)) for reference in given_[1])

    assert_linear(work, made, 40)
