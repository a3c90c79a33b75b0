"""Regular expressions against texts with holes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.possible import may_match, shape, text_shape
from qcilint.reference import parse_text


@pytest.mark.parametrize(
    ("expression", "text", "possible"),
    [
        ("h/ocp/4.20:cli", "h/ocp/${V}:cli", True),
        ("h/ocp/4.20:cli", "h/ocp/${V}:base", False),
        ("h/ocp/4.20:cli", "h/${V}:cli", False),
        ("h/ocp/4.20:cli", "h/${N}/${V}:cli", True),
        ("h/ocp/4.20:cli", "h/ocp/4.${V}:cli", True),
        ("h/ocp/4.20:cli", "h/ocp/5.${V}:cli", False),
        ("h/ocp/.*:cli", "h/ocp/${V}:cli", True),
        (r"h/ocp/[0-9.]+:(?:cli|base)", "h/ocp/${V}:tool", True),
        (r"h/ocp/(?P<v>\d+):c", "h/ocp/${V}:cli", True),
        (r"h/ocp/(?=x)4\.20:b", "h/ocp/${V}:cli", False),
        ("h/ocp/4.20", "h/ocp/${V}:cli", True),
        ("h/ocp/4.20:cli-extra", "h/ocp/${V}:cli", False),
        ("h/ocp/4.20:cli-?", "h/ocp/${V}:cli", True),
        ("h/ocp/", "h", False),
    ],
)
def test_may_match(expression: str, text: str, possible: bool) -> None:
    assert may_match(shape(expression), text_shape(parse_text(text.encode()))) is possible


ATOMS = ("a", "b", "/", ":", ".", "[ab]", r"\.", r"\w", "(a)", "(a|b)", "(?:b)", "a*", "b?", ".+", "a{1,2}", "[^/]*", "^", "$")


@given(st.lists(st.sampled_from(ATOMS), max_size=8), st.text("ab/:.", max_size=12), st.integers(0, 12), st.integers(0, 4))
def test_a_match_is_always_possible(atoms: list[str], text: str, at: int, length: int) -> None:
    """Whatever value a hole has for which the expression matches, the match is found possible."""
    expression = "".join(atoms)
    value = text[at : at + length]
    holed = text[:at] + "\2" + text[at + length :] if not set(value) & set("/:") else text
    if re.match(expression, text):
        assert may_match(shape(expression), holed)


@given(st.text("ab/:\0", max_size=10), st.text("ab/:\2", max_size=10))
def test_expressions_of_known_length_take_a_shorter_way(expression: str, text: str) -> None:
    assert may_match(expression, text) == may_match(expression + "\1", text)
