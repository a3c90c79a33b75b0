"""A short look at a buffer rules out no spelling of a host that stands in it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint import index, memory
from qcilint.signs import Signs
from tests.conftest import LINTER

INDEX = index.of(LINTER.rules)
SIGNS = Signs(INDEX, (b"[.", b"%2"))
DOTS = [b".", rb"\.", rb"\\.", b"[.]", b"%2E", b"%2e"]
SLASHES = [b"/", rb"\/", rb"\\/"]


def look(text: bytes) -> tuple[list[bytes], bool, bool]:
    find, needles, is_escaped, is_disguised = SIGNS.look(bytearray(text + b"\n\0"), len(text) + 1)
    assert all(find(needle, 0, len(text) + 1) == text.find(needle) for needle in INDEX.needles)
    return list(needles), is_escaped, is_disguised


@given(st.sampled_from(INDEX.needles), st.data())
def test_every_spelling_shows(needle: bytes, data: st.DataObject) -> None:
    spelt = {ord("."): DOTS, ord("/"): SLASHES}
    parts = [data.draw(st.sampled_from(spelt.get(byte, [bytes([byte])]))) for byte in needle]
    needles, is_escaped, is_disguised = look(b"- " + b"".join(parts) + b"\n")
    assert needle in needles
    assert is_escaped or not any(b"\\" in part for part in parts)
    assert is_disguised or not any(part[:1] in (b"[", b"%") for part in parts)


@pytest.mark.skipif(not memory.IS_SWIFT or sys.platform == "win32", reason="short strings are not looked for first")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"a: b", ([], False, False), id="nothing"),
        pytest.param(rb"- ^docs/|\.md$", ([], False, False), id="no label"),
        pytest.param(
            rb"quay openshift ^docs/|\.md$",
            ([b"ci.openshift.org", b"quay.io/openshift/ci"], False, False),
            id="another expression",
        ),
        pytest.param(rb"docker-registry\.default", ([b"docker-registry.default.svc"], True, False), id="backslashes"),
        pytest.param(b"[.]%", ([], True, True), id="brackets"),
        pytest.param(b"\0", (list(INDEX.needles), True, True), id="no text"),
    ],
)
def test_what_a_buffer_without_a_sign_is_not_searched_for(text: bytes, expected: tuple[list[bytes], bool, bool]) -> None:
    assert look(text) == expected
