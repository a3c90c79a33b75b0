"""Only the statements that hold a reference in a string are given to the parser."""

from __future__ import annotations

import pytest

from qcilint.languages.python_parts import strings_with, with_only

MARK = b"REF"


def shown(text: str) -> str:
    """The text with only the statements around the mark; what is left out is `…`."""
    data = text.encode()
    at = data.find(MARK)
    found = with_only(data, strings_with(data, [(at, at + len(MARK))]), text)
    assert len(found) == len(data)
    return "".join("…\n" if not line.strip("#\n") and "##" in line else line for line in found.decode().splitlines(True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 11\nb = 'REF'\nc = 33\n", "…\nb = 'REF'\n…\n", id="one of three"),
        pytest.param("a = 11\nb = 'REF'\nc = 33", "…\nb = 'REF'\n…\n", id="no newline at the end"),
        pytest.param("# top\na = 11\nb = 'REF'\n", "# top\n…\nb = 'REF'\n", id="the head stays"),
        pytest.param("if a:\n    b()\nelse:\n    c('REF')\nd = 44\n", "if a:\n    b()\nelse:\n    c('REF')\n…\n", id="else"),
        pytest.param("try:\n    a\nexcept E:\n    b\nfinally:\n    c\nd = 'REF'\n", "…\nd = 'REF'\n", id="try"),
        pytest.param("@a\n@b(\n)\ndef f():\n    'REF'\nx = 11\n", "@a\n@b(\n)\ndef f():\n    'REF'\n…\n", id="decorators"),
        pytest.param("a = (\n1,\n'REF',\n)\nb = 22\n", "a = (\n1,\n'REF',\n)\n…\n", id="brackets"),
        pytest.param("a = 1 + \\\n'REF'\nb = 22\n", "a = 1 + \\\n'REF'\n…\n", id="a backslash"),
        pytest.param('a = """\nREF\n"""\nb = 22\n', 'a = """\nREF\n"""\n…\n', id="a long string"),
        pytest.param("print 1\na = 'REF'\n", "print 1\na = 'REF'\n", id="not valid"),
        pytest.param("a = 'REF'\n", "a = 'REF'\n", id="nothing else"),
    ],
)
def test_what_is_left(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_reference_in_a_comment_is_in_no_string() -> None:
    assert strings_with(b"a = 'x'  # REF\n", [(11, 14)]) == []
