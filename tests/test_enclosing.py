"""Spans that hold others are the same as all of them looked through would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qcilint.enclosing import Enclosing
from tests.growth import assert_linear

SPANS = st.tuples(st.integers(0, 12), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(SPANS, max_size=12), SPANS)
def test_the_spans_that_hold_another(spans: list[tuple[int, int]], wanted: tuple[int, int]) -> None:
    start, end = wanted
    holding = [number for number, (low, high) in enumerate(spans) if low <= start and end <= high]
    found = Enclosing(spans)
    assert found.numbers(start, end) == holding
    assert found.holds(start, end) == bool(holding)
    assert found.holds(start, end, wider=True) == any(spans[number] != wanted for number in holding)


def test_many_spans_within_one() -> None:
    def work(count: int) -> None:
        spans = [(0, 10 * count), *((10 * number, 10 * number + 5) for number in range(count))]
        found = Enclosing(spans)
        for start, _ in spans:
            found.numbers(start + 2, start + 7)

    assert_linear(work, int, 200)
