"""Lines and columns of bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qcilint.source import Source

TEXTS = st.lists(
    st.sampled_from([b"a", b"\n", b"\r\n", "é".encode(), "€".encode(), "😀".encode(), b"\xff", b"\xe2\x82"]), max_size=30
)


@given(TEXTS.map(b"".join), st.lists(st.integers(0, 60), min_size=1))
def test_positions_do_not_depend_on_what_was_asked_before(data: bytes, offsets: list[int]) -> None:
    source = Source("x", data)
    for offset in (min(offset, len(data)) for offset in offsets):
        start = data.rfind(b"\n", 0, offset) + 1
        assert source.position(offset) == (
            data.count(b"\n", 0, offset) + 1,
            len(data[start:offset].decode("utf-8", "replace")) + 1,
        )


@given(TEXTS.map(b"".join))
def test_spans_of_lines(data: bytes) -> None:
    source = Source("x", data)
    for number, line in enumerate(data.split(b"\n"), 1):
        start, end = source.line_span(number)
        assert data[start:end] == (line.removesuffix(b"\r"))
