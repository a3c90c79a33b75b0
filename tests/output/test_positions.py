"""The three units of columns, each read back by slicing a line in that unit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.output.positions import characters, region, utf8_bytes, utf16_units
from qcilint.source import Source

LINES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(LINES, max_size=3), LINES, st.text("aé😀", min_size=1, max_size=4), LINES)
def test_every_unit_finds_the_same_text(above: list[str], before: str, wanted: str, after: str) -> None:
    if not above:
        before = before.removeprefix("\ufeff")  # the next test
    head = "".join(f"{line}\n" for line in ["x", *above])
    data = f"{head}{before}{wanted}{after}\n".encode()
    start = len(f"{head}{before}".encode())
    source = Source("x", data)
    line = data.split(b"\n")[len(above) + 1]
    text = line.decode()
    places = [region(source, start, start + len(wanted.encode()), unit) for unit in (characters, utf16_units, utf8_bytes)]
    assert {place.line for place in places} == {len(above) + 2} == {place.end_line for place in places}
    people, sarif, reviewdog = places
    assert text[people.column - 1 : people.end_column - 1] == wanted
    assert text.encode("utf-16-le")[2 * sarif.column - 2 : 2 * sarif.end_column - 2].decode("utf-16-le") == wanted
    assert line[reviewdog.column - 1 : reviewdog.end_column - 1].decode() == wanted


@pytest.mark.parametrize(("unit", "column"), [(utf16_units, 1), (characters, 2), (utf8_bytes, 4)])
def test_a_byte_order_mark_counts_for_all_but_sarif(unit: object, column: int) -> None:
    source = Source("x", b"\xef\xbb\xbfab\n\xef\xbb\xbfab")
    assert region(source, 3, 5, unit)[:2] == (1, column)  # type: ignore[arg-type]
    assert region(source, 9, 11, utf16_units)[:2] == (2, 2)


def test_positions_of_people_are_those_of_the_source() -> None:
    source = Source("x", "é\n😀 ab".encode() + b"\xff c")
    for offset in range(len(source.data)):
        if source.data[offset] & 0xC0 != 0x80:
            assert region(source, offset, offset, characters)[:2] == source.position(offset)
