"""Globs and path patterns: what is told by comparing text is what their regular expressions say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.patterns import glob, glob_source, match_paths, path_regex

GLOBS = [
    ("", "", ()),
    ("", "a", None),
    ("abc", "abc", ()),
    ("abc", "abcd", None),
    ("*", "", ("",)),
    ("*", "a\nb", ("a\nb",)),
    ("a*", "abc", ("bc",)),
    ("*c", "abc", ("ab",)),
    ("ab*bc", "abc", None),
    ("ab*bc", "abbc", ("",)),
    ("a*c*", "abcd", ("b", "d")),
    ("a?c", "abc", ()),
    ("[ab]c", "bc", ()),
    ("a[c", "a[c", ()),
    ("a.c", "abc", None),
]


@pytest.mark.parametrize(("pattern", "text", "groups"), GLOBS)
def test_what_the_stars_of_a_glob_stand_for(pattern: str, text: str, groups: tuple[str, ...] | None) -> None:
    assert glob(pattern)(text) == groups


@given(st.text("ab*.?/", max_size=5), st.text("ab.\n/", max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_glob_says_what_its_regular_expression_says(pattern: str, text: str) -> None:
    found = re.fullmatch(glob_source(pattern, "."), text, re.S)
    assert glob(pattern)(text) == (found.groups() if found else None)


PATHS = [
    ("testdata/", "testdata/x", True),
    ("testdata/", "a/testdata/x/y", True),
    ("testdata/", "mytestdata/x", False),
    ("testdata/", "a/testdata", False),
    ("a/b/", "a/b/c", True),
    ("a/b/", "x/a/b/c", False),
    ("/a/", "a/b", True),
    ("/a/", "x/a/b", False),
    ("*.md", "docs/x.md", True),
    ("*.md", "docs/x.mdx", False),
    ("OWNERS", "a/OWNERS", True),
    ("OWNERS", "a/XOWNERS", False),
    ("/OWNERS", "a/OWNERS", False),
    ("a/*.yaml", "a/b.yaml", True),
    ("a/*.yaml", "a/b/c.yaml", False),
    ("a/**/c", "a/b/b/c", True),
]


@pytest.mark.parametrize(("pattern", "path", "matches"), PATHS)
def test_paths(pattern: str, path: str, matches: bool) -> None:
    assert match_paths((pattern,), path) is matches


@given(st.lists(st.text("a*?/.", min_size=1, max_size=5), max_size=3).map(tuple), st.text("a/.b\n", max_size=6))
@settings(max_examples=600, deadline=None)
def test_path_patterns_say_what_their_regular_expressions_say(patterns: tuple[str, ...], path: str) -> None:
    assert match_paths(patterns, path) is any(path_regex(pattern).fullmatch(path) for pattern in patterns)
