"""How deep Python programs nest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.languages.python_depth import MAX_NESTING, is_scanned_shallow, is_shallow
from qcilint.languages.python_scan import scan


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "[" * 3000 + "]" * 3000,
        "x = " + "not " * 5000 + "1",
        "x = a" + ".b" * 5000,
        "x = ((" + "-" * 5000 + "1))",
        "x = f'{" + "(" * 3000 + "1" + ")" * 3000 + "}'",
        "x = a + \\\n" * 5000 + "1",
        "if a:\n  pass\n" + "elif a:\n  pass\n" * 5000,
        "x = 'unclosed " + "(" * 3000,
    ],
)
def test_what_would_crash_libcst_is_not_given_to_it(source: str) -> None:
    assert not is_shallow(source.encode())


@pytest.mark.parametrize(
    "source",
    ["x = [" + "a, " * 5000 + "]", "x = 1\n" * 5000, "f(" * 40 + ")" * 40, "x = f'{{" + "(" * 3000 + "}}'", "# " + "(" * 3000],
)
def test_what_is_long_but_shallow(source: str) -> None:
    assert is_shallow(source.encode())
    assert is_scanned_shallow(source.encode(), scan(source.encode(), MAX_NESTING))


PIECES = [
    "a",
    " + b",
    "(",
    ")",
    "[",
    "]",
    ", c",
    "\n",
    "\\\n",
    "# d\n",
    "'e'",
    "f'{g}'",
    "elif h:\n",
    "not " * 60,
    "i, " * 70,
    "x" * 199,
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_the_faster_question_has_the_same_answer(pieces: list[str]) -> None:
    text = "".join(pieces)
    depth = 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            return
    data = (text + ")" * depth).replace("[", "(").replace("]", ")").encode()
    assert is_scanned_shallow(data, scan(data, MAX_NESTING)) == is_shallow(data)


def test_long_fields() -> None:
    for inside in ("a" * 300, "a+" * 90 + "a", "a+" * 150 + "a", "a } {" * 100):
        data = b"x = f'{%s}'\n" % inside.encode()
        assert is_scanned_shallow(data, scan(data, MAX_NESTING)) == is_shallow(data), inside
