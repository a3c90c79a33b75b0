"""The strings and logical lines of Python programs."""

from __future__ import annotations

import ast
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.languages.code_lexer import tokens
from qcilint.languages.python_scan import Unread, same_length_ascii, scan
from tests.languages.python_programs import Programs


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_strings_are_those_of_the_lexer(data: st.DataObject) -> None:
    source = Programs(lambda options: data.draw(st.sampled_from(options))).program().removeprefix("\ufeff")
    read = same_length_ascii(source.encode())
    try:
        ast.parse(read)
    except SyntaxError:
        return
    try:
        found = scan(read.encode(), 200)
    except Unread:
        assert sys.version_info >= (3, 12)  # an f-string may hold its own quotes there (PEP 701): libcst reads it
        return
    assert found.strings == [token for token in tokens("python", read.encode()) if token.kind == "string"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a = 1234567\nb\n", ["a = 1234567\n"], id="a line"),
        pytest.param("a\nb = (\n1,\n2\n)\nc\n", ["b = (\n1,\n2\n)\n"], id="brackets"),
        pytest.param("a = \\\n 1234\nb", ["a = \\\n 1234\n"], id="a backslash"),
        pytest.param("a = \\\r\n 1234\r\nb", ["a = \\\r\n 1234\r\n"], id="a backslash before crlf"),
        pytest.param("# 1234567890\n'1234567890'\n", [], id="comments and strings"),
        pytest.param("'''\n\n\n\n\n\n\n\n\n\n'''\n", [], id="lines in a string"),
        pytest.param("a = 1234567", ["a = 1234567"], id="no newline at the end"),
    ],
)
def test_long_lines(source: str, expected: list[str]) -> None:
    assert [source[start:end] for start, end in scan(source.encode(), 10).long_lines] == expected


@pytest.mark.parametrize("source", ["a = 'b", 'a = "b\n"', ")", "a = '''b"])
def test_what_is_no_python(source: str) -> None:
    with pytest.raises(Unread):
        scan(source.encode(), 10)


def test_moved() -> None:
    found, moved = scan(b"  'a' f'b'", 200).strings, scan(b"'a' f'b'", 200).moved(2)
    assert (moved.strings, moved.starts) == (found, [2, 6])
    assert [token.start for token in moved.within(3, 10)] == [6]


def test_same_length() -> None:
    for data in ("é\x0c\n\x0cü".encode(), b"\xff\r\n\x0c"):
        assert len(same_length_ascii(data)) == len(data)
