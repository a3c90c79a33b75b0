"""The C library finds what Python finds."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.memory import finder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its C library has no such functions")
DATA = st.binary(max_size=40) | st.lists(st.sampled_from([b"a", b"b", b"\n", b"\0"]), max_size=40).map(b"".join)
NEEDLES = st.binary(min_size=1, max_size=3) | st.sampled_from([b"a", b"ab", b"aab"])


@given(DATA, NEEDLES, st.integers(0, 40), st.integers(0, 40))
def test_any_bytes_are_found(data: bytes, needle: bytes, at: int, end: int) -> None:
    assert finder is not None
    end = min(end, len(data))
    at = min(at, end)
    held = bytearray(data)
    assert finder(held, -1)(needle, at, end) == held.find(needle, at, end)
    assert held == data


@given(DATA, NEEDLES, st.integers(0, 40))
def test_text_is_found(data: bytes, needle: bytes, at: int) -> None:
    assert finder is not None
    text, needle = data.replace(b"\0", b"."), needle.replace(b"\0", b".")
    at = min(at, len(text))
    assert finder(bytearray(text + b"x" + needle), len(text))(needle, at, len(text)) == text.find(needle, at)


@given(st.lists(st.sampled_from([b"a", b"-a-", b"aa", b"", b"b"]), max_size=9), st.integers(0, 9))
def test_a_known_line_is_passed_over(lines: list[bytes], start: int) -> None:
    assert finder is not None
    data = b"\n" + b"".join(line + b"\n" for line in lines)
    at = len(b"\n".join(lines[:start]))
    expected = next((place for place in range(at, len(data)) if data[place] == ord("a") and data[place - 1] != ord("-")), -1)
    assert finder(bytearray(data + b"x"), len(data))(b"a", at, len(data), b"\n-a-\n", 2) == expected
