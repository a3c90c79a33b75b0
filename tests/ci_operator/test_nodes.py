"""The tree of a document: lines, Go's scalars, merges, and what is skipped."""

from __future__ import annotations

import pytest

from qcilint.ci_operator.nodes import Mapping, NodeError, Scalar, Sequence, compose

ALL = frozenset({"a", "b", "c"})


def mapping(text: str, wanted: frozenset[str] = ALL) -> Mapping:
    found = compose(text.encode(), wanted)
    assert isinstance(found, Mapping)
    return found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("cli", "cli"), ("4.20", "4.2"), ("4.2", "4.2"), ("'4.20'", "4.20"), ('"4.20"', "4.20"), ("4.0", "4"), ("4", "4"),
        ("5.10-priv", "5.10-priv"), ("1.2.3", "1.2.3"), ("010", "8"), ("0x1F", "31"), ("0b11", "3"), ("1_000", "1000"), ("-3", "-3"),
        ("+3", "3"), ("089", "89"), (".5", "0.5"), ("true", "true"), ("yes", "true"), ("off", "false"), ("'yes'", "yes"), ("~", ""),
        ("null", ""), ("!!str 4.20", "4.20"), ("2026-01-01", "2026-01-01"), ("1e3", "1000"), ("12345678.5", "12345678.5"), ("y", "true"), ("N", "false"),
        ("0o17", "15"), ("1.2345678", "1.2345678"),
    ],
)  # fmt: skip
def test_a_scalar_is_read_as_go_reads_a_string(written: str, read: str) -> None:
    value = mapping(f"a: {written}\n").entries["a"][1]
    assert isinstance(value, Scalar)
    assert value.string == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[registry.example.com/a:b]", ["registry.example.com/a:b"]),
        ("[x, r/a:b, 'c:d', \"e: f\"]", ["x", "r/a:b", "c:d", "e: f"]),
        ("[\n  r/a:b, # c:d\n  e]", ["r/a:b", "e"]),
    ],
)
def test_a_text_in_brackets_may_hold_a_colon(written: str, read: list[str]) -> None:
    items = mapping(f"a: {written}\nb: {{c: d:e}}\n").get("a")
    assert isinstance(items, Sequence)
    assert [item.string for item in items.items if isinstance(item, Scalar)] == read


def test_a_mistake_beside_a_colon_in_brackets_is_told_with_its_line() -> None:
    with pytest.raises(NodeError, match="no valid YAML") as caught:
        compose(b"a: [r/a:b]\nb: [\nc: d\n", ALL)
    assert caught.value.line > 1


def test_lines_count_from_one() -> None:
    root = mapping("# comment\na:\n- x\n-\n  b: y\n")
    items = root.get("a")
    assert isinstance(items, Sequence)
    assert (root.line, items.line, [item.line for item in items.items]) == (2, 3, [3, 5])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark(newline: str, mark: str) -> None:
    root = mapping(mark + f"a: é{newline}b: 1{newline}")
    assert [(key.text, value.line) for key, value in root.entries.values()] == [("a", 1), ("b", 2)]


def test_keys_that_are_not_wanted_have_no_value() -> None:
    root = mapping("tests:\n- {as: e2e, list: [1, {x: y}]}\nb: {tests: 1}\n")
    assert root.get("tests") is None
    assert list(root.entries) == ["tests", "b"]
    inner = root.get("b")
    assert isinstance(inner, Mapping)
    assert inner.get("tests") is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("tests: &x {k: v}\na: *x\n", id="an anchor on what is skipped"),
        pytest.param("tests: [{deep: &x {k: v}}]\na: *x\n", id="an anchor deep in what is skipped"),
        pytest.param("b: &x {k: old}\ntests: [&x {k: v}]\na: *x\n", id="an anchor that gets another meaning"),
        pytest.param("tests: [&y {k: v}]\na: {<<: *y}\n", id="a merge of what is skipped"),
    ],
)
def test_an_alias_to_what_is_not_wanted(text: str) -> None:
    value = mapping(text).get("a")
    assert isinstance(value, Mapping)
    assert isinstance(found := value.get("k"), Scalar)
    assert found.text == "v"


def test_merged_keys_yield_to_own_ones() -> None:
    value = mapping("b: &b {x: 1, w: 1}\nc: &c {w: 2, z: 2}\na: {z: 3, <<: [*b, *c]}\n").get("a")
    assert isinstance(value, Mapping)
    assert {key: entry.text for key, (_, entry) in value.entries.items() if isinstance(entry, Scalar)} == {
        "x": "1",
        "w": "1",
        "z": "3",
    }


def test_an_empty_document() -> None:
    assert compose(b"# nothing\n", ALL) is None


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"a: [\n", 2, "no valid YAML"),
        (b"a: 1\n\tb: 2\n", 2, "no valid YAML"),
        (b"a: 1\nb: {x: 1, x: 2}\n", 2, "the key 'x' stands here a second time"),
        (b"a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands here a second time (first in line 1)"),
        (b"a: *nothing\n", 1, "nothing"),
        (b"a: 1\n---\nb: 2\n", 2, "a second YAML document"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        (b"a: 1\n? [x]\n: 1\n", 2, "a key that is a list or a mapping"),
        (b"a: " + b"[" * 600, 1, "too many brackets"),
        (b"a: \x00\n", 1, "no valid YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(data: bytes, line: int, problem: str) -> None:
    with pytest.raises(NodeError) as caught:
        compose(data, ALL)
    assert caught.value.line == line
    assert problem in caught.value.problem
