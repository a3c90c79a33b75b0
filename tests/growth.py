"""How work grows with its input: lines of Python are counted, not seconds, so that a busy machine changes nothing."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 3
"""How many times as much work the second of two steps may add, where it adds twice as much input: 2 is linear, 4 is quadratic.

Half-way between them, since what other tests have left in caches moves it a little.
"""


def assert_linear(work: Callable[[T], object], made: Callable[[int], T], size: int) -> None:
    """Assert that the lines that `work` runs grow no faster than its input: `made(n)`, for n of `size`, twice and four times that.

    Work in one call of a function in C counts as one line, however long it takes: where that may grow too (a regular expression
    that backtracks), give a test a text for which quadratic work takes many minutes, and leave it to the time limit of all tests.
    """
    work(made(size + 1))  # what is imported, compiled and kept once is no part of the growth
    small, medium, large = (lines(work, made(size * times)) for times in (1, 2, 4))
    first, second = medium - small, large - medium
    assert second <= MOST * max(first, 0) + 100, f"{small}, {medium} and {large} lines for once, twice and four times {size}"


def lines(work: Callable[[T], object], given: T) -> int:
    """How many lines of Python a call runs; each turn of a loop within a line is one more."""
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return trace

    outer = sys.gettrace()
    gc.disable()  # it would run callbacks of others now and then
    sys.settrace(trace)
    try:
        work(given)
        lost = sys.gettrace() is not trace
    finally:
        sys.settrace(outer)
        gc.enable()
    assert not lost, "Python gave up tracing, as it does where the stack is full"
    return count
