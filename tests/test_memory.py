"""The C library finds what Python finds."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.memory import holds


@pytest.mark.skipif(sys.platform == "win32", reason="its C library has no memmem")
@given(st.binary(max_size=40), st.binary(min_size=1, max_size=3), st.integers(0, 40))
def test_the_c_library_finds_what_python_finds(data: bytes, needle: bytes, end: int) -> None:
    assert holds is not None
    end = min(end, len(data))
    assert holds(bytearray(data), needle, end) == (needle in data[:end])
