"""A view maps spans inward and offsets outward."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.view import Span, View

# outer: a\nb\tcd, where `\n` and `\t` are written as two bytes each
ESCAPED = View.build([(b"a", 0, 1), (b"\n", 1, 3), (b"b", 3, 4), (b"\t", 4, 6), (b"cd", 6, 8)])
# outer: two lines, each with an indentation of two that the view leaves out
DEDENTED = View.build([(b"one\n", 2, 6), (b"two\n", 8, 12)])


@pytest.mark.parametrize(
    ("view", "outer", "inner"),
    [
        pytest.param(ESCAPED, (0, 1), (0, 1), id="plain"),
        pytest.param(ESCAPED, (1, 3), (1, 2), id="a whole escape"),
        pytest.param(ESCAPED, (0, 8), (0, 6), id="everything"),
        pytest.param(ESCAPED, (7, 8), (5, 6), id="the second byte of a piece"),
        pytest.param(ESCAPED, (2, 4), (1, 3), id="from within an escape: all of it"),
        pytest.param(DEDENTED, (2, 5), (0, 3), id="first line"),
        pytest.param(DEDENTED, (8, 11), (4, 7), id="second line"),
        pytest.param(DEDENTED, (4, 9), None, id="over a gap"),
        pytest.param(DEDENTED, (0, 3), None, id="begins in the indentation"),
        pytest.param(DEDENTED, (6, 8), None, id="only indentation"),
        pytest.param(DEDENTED, (9, 13), None, id="past the end"),
        pytest.param(DEDENTED, (3, 3), None, id="empty"),
    ],
)
def test_inward(view: View, outer: Span, inner: Span | None) -> None:
    assert view.inward(outer) == inner


@pytest.mark.parametrize(("inner", "outer"), [(0, 0), (1, 1), (2, 3), (3, 4), (4, 6), (5, 7), (6, 8)])
def test_outward(inner: int, outer: int) -> None:
    assert ESCAPED.outward(inner) == outer


def test_empty_view() -> None:
    assert View.build([]).inward((0, 1)) is None
    assert View.build([]).outward(0) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.binary(min_size=1, max_size=5)), max_size=12), st.data())
def test_inward_finds_the_same_bytes(rows: list[tuple[int, bytes]], data: st.DataObject) -> None:
    outer = b""
    parts = []
    for gap, text in rows:
        outer += b" " * gap
        parts.append((text, len(outer), len(outer) + len(text)))
        outer += text
    view = View.build(parts)
    start = data.draw(st.integers(0, len(outer)))
    end = data.draw(st.integers(start, len(outer)))
    inner = view.inward((start, end))
    if inner is not None:
        assert view.text[inner[0] : inner[1]] == outer[start:end]
        assert view.outward(inner[0]) == start
