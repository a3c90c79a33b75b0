"""The fields of f-strings."""

from __future__ import annotations

import pytest

from qcilint.languages.python_fstrings import fields
from qcilint.languages.python_nodes import FormattedStringExpression, Name
from qcilint.languages.python_scan import Unread


def found(content: str) -> list[FormattedStringExpression]:
    data = content.encode()
    return fields(data, 0, len(data), lambda start, end: Name(start, end, data[start:end].decode()))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("a", [], id="none"),
        pytest.param("{{a}}", [], id="doubled"),
        pytest.param("{{{a}}}", ["a"], id="doubled around a field"),
        pytest.param("{a}{ b }", ["a", " b "], id="two"),
        pytest.param("{a[0]['}']}", ["a[0]['}']"], id="a brace in quotes"),
        pytest.param("{a != b}{c <= d}{e == f}", ["a != b", "c <= d", "e == f"], id="comparisons"),
        pytest.param("{f(a=1, b={1: 2})}", ["f(a=1, b={1: 2})"], id="marks in brackets"),
        pytest.param("{a!r}{b:>{c}}{d=}{e = !s:f}", ["a", "b", "d", "e "], id="how"),
    ],
)
def test_expressions(content: str, expected: list[str]) -> None:
    assert [content[each.expression[0] : each.expression[1]] for each in found(content)] == expected


def test_how_they_are_filled() -> None:
    plain, conversion, formatted, equal = found("{a}{b!r}{c:>{d}0}{e=}")
    assert (plain.start, plain.end, plain.conversion, plain.format_spec, plain.equal) == (0, 3, None, None, False)
    assert (conversion.start, conversion.end, conversion.conversion) == (3, 8, "r")
    assert (formatted.end, [each.expression[2] for each in formatted.format_spec or ()]) == (17, ["d"])
    assert equal.equal


@pytest.mark.parametrize(
    "content", ["{", "}", "{a", "a}", "{a[", "{a!x}", "{a=b}", "{a:{{}}}", "\\{a}", "\\N{a}", "{a # b}", "{a\\n}"]
)
def test_what_is_not_understood(content: str) -> None:
    with pytest.raises(Unread):
        found(content)
