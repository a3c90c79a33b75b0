"""Plain text, ini and the like: lines, comments, keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import text
from qcilint.locate import Locator
from tests.growth import assert_linear

HOST = "registry.ci.openshift.org"
REF = f"{HOST}/ocp/4.20:cli"


def contexts(data: str | bytes, language: str = "text") -> list[Context]:
    data = data.encode() if isinstance(data, str) else data
    return text.contexts_in(language, data, [(found.start, found.end) for found in Locator([HOST]).locate(data)])


@pytest.mark.parametrize(
    ("line", "where", "whole"),
    [
        pytest.param("{REF}", "text", True, id="alone"),
        pytest.param("pull {REF}, then", "text", True, id="sentence"),
        pytest.param("# {REF}", "comment", True, id="hash"),
        pytest.param("   ; image={REF}", "comment", True, id="semicolon"),
        pytest.param("// {REF}", "comment", True, id="slashes"),
        pytest.param("-- {REF}", "comment", True, id="dashes"),
        pytest.param("--image={REF}", "text", True, id="flag-is-no-comment"),
        pytest.param("image = {REF}", "value:image", True, id="ini"),
        pytest.param("IMAGE={REF}", "value:IMAGE", True, id="env"),
        pytest.param("export IMAGE='{REF}'", "value:IMAGE", True, id="env-export"),
        pytest.param('image = "{REF}" # old', "value:image", True, id="toml-comment"),
        pytest.param("image.name: {REF}", "value:image.name", True, id="properties"),
        pytest.param("image = docker://{REF}", "value:image", True, id="transport"),
        pytest.param('image = "{REF}', "text", True, id="unclosed-quote"),
        pytest.param("image = {REF} AS builder", "text", True, id="more-than-the-reference"),
        pytest.param("image = {REF},quay.io/a/b:c", "text", False, id="comma-list"),
        pytest.param("quay.io/a/b:c={REF}", "text", False, id="mapping-target"),
        pytest.param("{REF}=quay.io/a/b:c", "text", False, id="mapping-source"),
        pytest.param("{REF} quay.io/a/b:c", "text", True, id="mapping-columns"),
        pytest.param("<image>{REF}</image>", "text", True, id="xml"),
        pytest.param("my_{REF}x", "text", False, id="glued"),
    ],
)
def test_line(line: str, where: str, whole: bool) -> None:
    (found,) = contexts("first\n" + line.replace("{REF}", REF) + "\nlast\n")
    assert (found.where, found.whole) == (where, whole)


def test_language_is_kept() -> None:
    assert contexts(f"a = {REF}", "ini")[0].language == "ini"
    assert text.contexts(REF.encode(), [(0, len(REF))]) == [Context("text", "text")]


def test_comment_ends_with_its_line() -> None:
    assert [found.where for found in contexts(f"# {REF} {REF}\r\n{REF}\r\nimage={REF}\r\n")] == [
        "comment",
        "comment",
        "text",
        "value:image",
    ]


def test_bom_and_other_encodings() -> None:
    assert [found.where for found in contexts(b"\xef\xbb\xbf\xe9\xff\n# " + REF.encode())] == ["comment"]


@pytest.mark.parametrize("unit", [f"{REF} ", f"x={REF} ", f"# {REF} ", f"x={REF}\n"])
def test_one_long_line_is_read_in_linear_time(unit: str) -> None:
    def made(n: int) -> bytes:
        return unit.encode() * n

    assert_linear(contexts, made, 1_000)
    far = b"a" * 10_000_000 + b" "
    assert len(contexts(far + made(20_000) + far)) == 20_000


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8, unique=True))
def test_never_raises(data: bytes, cuts: list[int]) -> None:
    ordered = sorted(cuts)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert len(text.contexts_in("ini", data, spans)) == len(spans)
