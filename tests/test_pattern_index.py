"""The index of patterns gives what trying all of them gives."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.couplings import Pattern
from qcilint.pattern_index import PatternIndex, literal
from qcilint.reference import Reference, parse

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
    assert PatternIndex(patterns).matching(reference) == [pattern for pattern in patterns if pattern.matches(reference)]


@pytest.mark.parametrize(
    ("expression", "beginning"),
    [
        ("/ocp/4.20:cli", "/ocp/4"),
        (r"/ocp/4\.20:cli", "/ocp/4.20:cli"),
        ("/ocp/b?", "/ocp/"),
        ("/ocp/(a)", "/ocp/"),
        ("/ocp|x", ""),
        (".*", ""),
    ],
)
def test_literal(expression: str, beginning: str) -> None:
    assert literal(expression) == beginning


def test_many_patterns_and_many_references_take_little_time() -> None:
    host = "registry.ci.openshift.org"
    patterns = [Pattern("x", n, "", (f"{host}/ocp/4.{n % 30}:c{n}",)) for n in range(500)]
    patterns += [Pattern("x", n, "", (re.escape(f"{host}/ocp/{n}:cli") + r"\Z",)) for n in range(500)]
    index = PatternIndex(patterns)
    given_ = [parse(f"{host}/ocp/4.{n % 30}:c{n % 3000}") for n in range(29_900)]
    given_ += [parse(f"{host}/ocp/${{V}}:c{n}") for n in range(100)]
    start = time.process_time()
    found = sum(len(index.matching(reference)) for reference in given_)
    assert found
    assert time.process_time() - start < 10
