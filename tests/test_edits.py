"""Edits are applied where they say, and what stands outside of them keeps its bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qcilint.edits import Edit, Shift, apply
from qcilint.view import View


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    data = draw(st.binary(max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(data)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return data, [Edit(low, high, data[low:high], draw(st.binary(max_size=5))) for low, high in pairs]


@given(edited(), st.data())
def test_a_span_outside_the_edits_keeps_its_bytes_at_its_new_place(given_: tuple[bytes, list[Edit]], data: st.DataObject) -> None:
    before, edits = given_
    after, shift = apply(before, edits), Shift(edits)
    edges = [0, *(offset for edit in edits for offset in (edit.start, edit.end)), len(before)]
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        if low < high:
            start = data.draw(st.integers(low, high - 1))
            end = data.draw(st.integers(start + 1, high))
            new_start, new_end = shift((start, end))
            assert after[new_start:new_end] == before[start:end]
    for edit in edits:
        new_start, new_end = shift((edit.start, edit.end))
        assert after[new_start:new_end] == edit.new


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=4), st.booleans()), max_size=8), st.data())
def test_a_view_leads_back_to_the_same_bytes_or_nowhere(parts: list[tuple[bytes, bool]], data: st.DataObject) -> None:
    outer, pieces = b"", []
    for text, is_plain in parts:
        written = text if is_plain else b"\\" + text
        pieces.append((text, len(outer), len(outer) + len(written)))
        outer += written
    view = View.build(pieces)
    if view.text:
        start = data.draw(st.integers(0, len(view.text) - 1))
        end = data.draw(st.integers(start + 1, len(view.text)))
        found = view.outward_span((start, end))
        if found is not None:
            assert found[1] - found[0] == end - start
        if all(is_plain for _, is_plain in parts):
            assert found is not None
            assert outer[slice(*found)] == view.text[start:end]
