"""The comparison of a YAML text before and after edits: what is edited may differ, nothing else."""

from __future__ import annotations

import pytest

from qcilint.edits import Edit, apply
from qcilint.languages.yaml_equal import difference


def replacing(text: str, old: str, new: str) -> list[Edit]:
    at = text.encode().index(old.encode())
    return [Edit(at, at + len(old.encode()), old.encode(), new.encode())]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        pytest.param("a: OLD\nb: [c]\n", "OLD", "x.y/z:t_u", id="value"),
        pytest.param("a: é\nb: OLD # why\n", "OLD", "new", id="behind non-ASCII"),
        pytest.param("run: |\n  pull OLD\n  more\nb: 1\n", "OLD", "new", id="block scalar"),
        pytest.param("as:\n- OLD\n", "\n- OLD", "\n- OLD", id="nothing"),
        pytest.param("a: [\n", "a", "b", id="no YAML before"),
        pytest.param('{"a": "OLD"}', "OLD", "new", id="JSON"),
    ],
)
def test_an_edited_scalar_may_differ(text: str, old: str, new: str) -> None:
    edits = replacing(text, old, new)
    assert difference(text.encode(), apply(text.encode(), edits), edits) == ""


@pytest.mark.parametrize(
    ("text", "old", "new", "what"),
    [
        pytest.param("a: OLD\nb: c\n", "OLD", "x: y", "no valid YAML", id="a second colon"),
        pytest.param("a: [OLD, b]\n", "OLD", "x, y", "value at byte 9", id="another item"),
        pytest.param("a: OLD\nb: c\n", "OLD", "{}", "structure", id="a mapping"),
    ],
)
def test_another_structure_is_told(text: str, old: str, new: str, what: str) -> None:
    edits = replacing(text, old, new)
    assert what in difference(text.encode(), apply(text.encode(), edits), edits)


def test_a_scalar_without_an_edit_may_not_differ() -> None:
    assert "value at byte 10" in difference(b"a: OLD\nb: c\n", b"a: new\nb: d\n", [Edit(3, 6, b"OLD", b"new")])


@pytest.mark.parametrize("after", [b"a: 2\nb: [\n", b"a: [1]\nb: [\n", b"a: 2\n", b"[", b""])
def test_a_text_that_is_no_yaml_is_not_compared(after: bytes) -> None:
    assert difference(b"a: 1\nb: [\n", after, []) == ""


def test_a_text_that_ends_earlier_or_later_is_told() -> None:
    assert "structure changes at byte 5" in difference(b"a: 1\nb: 2\n", b"a: 1\n", [])
    assert "structure changes at byte 5" in difference(b"a: 1\n", b"a: 1\nb: 2\n", [])


def test_an_added_item_is_all_that_is_added() -> None:
    text, edit = b"as:\n- x\nb:\n- y\n", Edit(8, 8, b"", b"- z\n")
    assert difference(text, apply(text, [edit]), [edit]) == ""
    assert "structure" in difference(text, b"as:\n- x\n- z\nb:\n- y\n- w\n", [edit])
    nested = Edit(8, 8, b"", b"- {z: 1}\n")
    assert "structure" in difference(text, apply(text, [nested]), [nested])
