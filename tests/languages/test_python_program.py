"""The trees of Python programs: Python's own parser and libcst's say the same."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.languages import python_libcst
from qcilint.languages import python_nodes as py
from qcilint.languages import python_statement_nodes as statements
from qcilint.languages.python_children import children, is_placed
from qcilint.languages.python_program import UNREADABLE, module_of, module_with, program_of
from qcilint.languages.python_scan import bom_length, same_length_ascii
from tests.languages.python_programs import FSTRINGS, STATEMENTS, Programs

_BLOCKS = ("If", "While", "For", "With", "Try", "FunctionDef", "ClassDef", "Match", "Module")
"""Nodes of which nobody asks where they stand exactly."""
_STARTS = ("Tuple", "GeneratorExp", "BooleanOperation")
"""Nodes of which nobody asks where they end exactly."""


def shown(node: Any) -> Any:
    """A node with its name, and with the places that count."""
    if isinstance(node, list):
        return [shown(each) for each in node]
    if not isinstance(node, tuple):
        return node
    name = type(node).__name__
    left_out = 2 if name in _BLOCKS else 0
    values = [None if index < left_out or (index == 1 and name in _STARTS) else shown(each) for index, each in enumerate(node)]
    return (name, *values)


def by_libcst(data: bytes) -> statements.Module:
    offset = bom_length(data)
    return python_libcst.read(same_length_ascii(data[offset:]), offset)


def is_read(data: bytes) -> bool:
    """Whether the running Python's parser reads a program."""
    try:
        program_of(data).module()
    except UNREADABLE:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_both_parsers_say_the_same(data: st.DataObject) -> None:
    source = Programs(lambda options: data.draw(st.sampled_from(options))).program().encode()
    if not is_read(source):
        return
    try:
        slow = by_libcst(source)
    except Exception:  # what libcst does not read, the running Python may
        return
    assert shown(program_of(source).module()) == shown(slow)


@pytest.mark.parametrize("source", [*FSTRINGS, "f''", "f'{a}' f'{b}'"])
def test_f_strings(source: str) -> None:
    data = f"x = {source}\n".encode()
    try:
        slow = by_libcst(data)
    except Exception:
        assert not is_read(data) or sys.version_info >= (3, 12)
        return
    assert shown(module_of(data)) == shown(slow)


@pytest.mark.parametrize(
    "source",
    [
        "x = f\"{a}{b.c}\" 'd'",
        "x = (1, # )\n (2))",
        "x = ((1), (2))",
        "x = (1), (2)",
        "x = ((1, 2), 3), 4",
        "a[(1), (2)] = a[((1), 2)]",
        "f(*a, b, k=1, *c, **d)",
        "@a\n# b\n\n@ c (1)\nasync def  \\\n f(): pass",
        "try:\n  a\nexcept (A, (B)) as \\\n b: pass",
        "try:\n  a\nexcept (\n A # as x )\n ) as b: pass",
        "global  a, \\\n b",
        "from a import (b as c, d # e\n , f)",
        "x = '''\n''' '' # a\n",
        "x = a \\\n.b",
        "é = 'é'; ü = f'é{é}'",
    ],
)
def test_what_python_reads(source: str) -> None:
    for data in (source.encode(), b"\xef\xbb\xbf# a\n" + source.replace("\n", "\r\n").encode()):
        assert is_read(data)
        assert shown(module_of(data)) == shown(by_libcst(data))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("match a:\n  case 'b': pass\nx = 1\n", id="match"),
        pytest.param("def f[T](a: T): pass\nx = 1\n", id="parameters-for-types"),
        pytest.param("type A = B\nx = 1\n", id="type"),
        pytest.param("x = t'{a}'\n", id="template"),
        pytest.param("x = f'\\N{DASH}{a}'\n", id="named-character"),
        pytest.param("x = f'{a:{{}}}'\n", id="braces-in-format"),
        pytest.param('x = f"{a["b"]}"\n', id="nested-quotes"),
        pytest.param("x = f'{a, b}'\n", id="tuple-in-field"),
        pytest.param("a = 1\rb = 2\r", id="carriage-returns"),
    ],
)
def test_what_is_left_to_libcst(source: str) -> None:
    data = source.encode()
    assert not is_read(data)
    assert shown(module_of(data)) == shown(by_libcst(data))


def test_a_place_that_libcst_tells_wrongly_is_not_used() -> None:
    """libcst drops the blank before the colon, and counts without it."""
    wrong = "try: pass\nexcept (A, B) :\n  x = 'a'\n"
    assert is_read(wrong.encode())
    (made,) = [node for node in nodes_of(module_of(wrong.encode())) if isinstance(node, py.SimpleString)]
    assert wrong[made.start : made.end] == "'a'"
    with pytest.raises(ValueError, match="another text"):
        module_of((wrong + "match a:\n  case 1: pass\n").encode())


def test_what_libcst_refuses_and_python_does_not() -> None:
    for source in ("(a): int = 'x'\n", "class C(k=1, *a): 'x'\n"):
        with pytest.raises(Exception, match="Syntax Error"):
            by_libcst(source.encode())
        assert any(isinstance(node, py.SimpleString) for node in nodes_of(module_of(source.encode())))


def nodes_of(node: Any) -> list[Any]:
    """All nodes of a tree."""
    return [node, *(below for child in children(node) for below in nodes_of(child))]


@pytest.mark.parametrize("source", STATEMENTS)
def test_nodes_stand_within_each_other(source: str) -> None:
    data = source.replace("E", "f(b, 'c')").replace("T", "d").encode()
    for node in nodes_of(module_of(data)):
        for inner in children(node):
            if is_placed(node) and is_placed(inner):
                assert node[0] <= inner[0] <= inner[1] <= node[1]


def test_only_statements_with_a_span_are_read() -> None:
    data = b"a = 1\nb = 'REF'; c = 'x'\ndef f():\n  'REF'\n# REF\n"
    first, second = data.find(b"REF"), data.rfind(b"'REF") + 1
    found = module_with(data, [(first, first + 3), (second, second + 3)])
    assert found is not None
    assert [type(each).__name__ for each in found.body] == ["Assign", "FunctionDef"]
    comment = data.rfind(b"REF")
    assert module_with(data, [(comment, comment + 3)]) is None
