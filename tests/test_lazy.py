"""Expressions that are compiled when they are first used say what those of `re` say."""

from __future__ import annotations

import re

import pytest

from qcilint import lazy

USES = {
    "match": lambda found: found.match("b1 a22").group(),
    "fullmatch": lambda found: found.fullmatch("b1").group(),
    "search": lambda found: found.search("  A3").span(),
    "finditer": lambda found: [match[1] for match in found.finditer("a1 b2")],
    "findall": lambda found: found.findall("a1 b2"),
    "sub": lambda found: found.sub(r"<\1>", "a1 b2"),
    "split": lambda found: found.split("x a1 y"),
    "the rest": lambda found: (found.pattern, found.flags, found.groups),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_lazy_expression_does_what_a_compiled_one_does(use: object) -> None:
    given = r"(?m)[ab](\d+)", lazy.I
    found = lazy.compile(*given)
    for _ in range(2):
        assert use(found) == use(re.compile(*given))  # type: ignore[operator]


def test_it_is_compiled_once_and_only_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or real(*given))
    found = lazy.compile(rb"x+")
    assert compiled == []
    assert found.match(b"xx")
    assert found.search(b" x")
    assert compiled == [(b"x+", 0)]


def test_an_invalid_expression_is_told_when_used() -> None:
    with pytest.raises(re.error):
        lazy.compile("(").match("")
