"""The helper that counts lines tells linear work from work that grows faster."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.growth import assert_linear, lines


def twice(number: int) -> int:
    return number * 2


def nested_loops(n: int) -> None:
    for _ in range(n):
        for _ in range(n):
            pass


def halves(n: int) -> None:
    for number in range(n // 10):
        total = number
        for _ in range(20):
            total += 1
        while number:
            number -= 1


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda n: None, id="constant"),
        pytest.param(lambda n: [twice(number) for number in range(n)], id="calls"),
        pytest.param(lambda n: sorted(range(n), key=lambda number: -number), id="called-from-c"),
        pytest.param(lambda n: [twice(number) for number in range(n.bit_length())], id="logarithmic"),
    ],
)
def test_linear_work(work: Callable[[int], object]) -> None:
    assert_linear(work, int, 500)


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(nested_loops, id="loops"),
        pytest.param(halves, id="beside-linear-work"),
        pytest.param(lambda n: [b for a in range(n) for b in range(n)], id="comprehension"),
        pytest.param(lambda n: [any(b < 0 for b in range(n)) for a in range(n)], id="generator"),
        pytest.param(lambda n: [list(map(twice, range(a))) for a in range(n)], id="called-from-c"),
        pytest.param(lambda n: list(range(n)) if n < 1000 else [b for a in range(n) for b in range(100)], id="cliff"),
    ],
)
def test_faster_growth_fails(work: Callable[[int], object]) -> None:
    with pytest.raises(AssertionError, match="lines for once, twice and four times 300"):
        assert_linear(work, int, 300)


def test_a_lost_count_is_no_count() -> None:
    def deep(n: int) -> None:
        with suppress(RecursionError):
            deep(n + 1)

    with pytest.raises(AssertionError, match="gave up tracing"):
        lines(deep, 0)


def test_the_count_is_always_the_same() -> None:
    assert len({lines(halves, 200) for _ in range(3)}) == 1
