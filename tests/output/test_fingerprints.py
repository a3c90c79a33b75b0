"""Fingerprints stay when lines move, and tell findings apart."""

from __future__ import annotations

import pytest

from qcilint.output.fingerprints import line_hashes
from qcilint.source import Source

# Computed by hand for the first two: 37^99·65535, and 37^99·97 + 37^98·65535, in 64 bits.
EMPTY = f"{pow(37, 99, 1 << 64) * 65535 % (1 << 64):x}:1"
ONE = f"{(pow(37, 99, 1 << 64) * 97 + pow(37, 98, 1 << 64) * 65535) % (1 << 64):x}:1"


def hashes(text: str) -> list[str]:
    return list(line_hashes(Source("x", text.encode()), range(1, 100)).values())


def test_the_polynomial() -> None:
    assert hashes("") == [EMPTY]
    assert hashes("a") == [ONE]
    assert hashes("\t a ") == [ONE]


def test_equal_windows_are_counted() -> None:
    text = "x" * 120 + "\n"
    first, second, _, last = hashes(text * 3)
    assert first.split(":")[0] == second.split(":")[0]
    assert [each.split(":")[1] for each in (first, second, last)] == ["1", "2", "1"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_blanks_do_not_count(end: str) -> None:
    assert hashes(f"a b{end}\tc{end}") == hashes("ab\nc\n")


def test_lines_above_do_not_count() -> None:
    below = "FROM a\nRUN b 😀\n"
    assert hashes("new\nlines\n" + below)[2:] == hashes(below)
    assert hashes("FROM b\nRUN b\n")[0] != hashes("FROM a\nRUN b\n")[0]


def test_only_the_wanted_lines_are_hashed() -> None:
    assert list(line_hashes(Source("x", b"a\nb\nc\n"), {2})) == [2]
