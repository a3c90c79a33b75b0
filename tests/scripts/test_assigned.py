"""What variables of a script stand for."""

from __future__ import annotations

import pytest

from qcilint.scripts.assigned import files, literal
from tests.growth import assert_linear

LITERALS = {
    "A=x": "x", "A='x y' # z": "x y", 'A="x";': "x", "A=": "", "readonly A=x": "x", "f() {\n  local A=x\n}": "x", "export A=x": "x",
    "A := x": "x", "A=$'\\t'": "\t", "A=$(printf '\\t')": "\t", "A=x\nA=x": "x", "B=y\nA=x\necho $A ${A} ${#A}": "x",
    "A=x\nA=y": None, "A=$1": None, "A=x$B": None, "A=${B:-x}": None, "A=$(cat x)": None, "[ $B ] || A=x": None, "  A=x": None,
    "A=x\nread A": None, "A=x\nfor A in *; do :; done": None, "A=x\n: ${A:=y}": None, "A=x\nA+=y": None, "A=x\nA[1]=y": None,
    "A ?= x": None, "A=x make": None, "B=x": None, "": None, "A=x\nwhile read -r B A; do :; done": None, 'A="x\ny"': None,
}  # fmt: skip
FILES = {
    "": ("", ["README.md", "docs/*.md"], ("README.md", "docs/*.md")),
    "a variable": ("F=README.md", ["$F"], ("README.md",)),
    "of make": ("F := README.md", ["$(F)"], ("README.md",)),
    "of several values": ("F=a\nF='b'", ["${F}"], ("a", "b")),
    "below a folder": ("", ["$R/a.md", "${R}/b/c", "$(R)/d", "$(git x)/e", '"$R"/f'], ("a.md", "b/c", "d", "e", "f")),
    "below a folder, by a variable": ('F="$ROOT/a.md"', ["$F"], ("a.md",)),
    "one that is not known": ("F=a\nG=$1", ["$F", "$G"], ()),
    "another variable": ("F=a", ["$R/$F"], ()),
    "several words": ("F='a b'", ["$F"], ()),
    "a name that begins with a variable": ("", ["$A.md"], ()),
    "too long": ("", ["$A/" + "b" * 400], ()),
}  # fmt: skip


@pytest.mark.parametrize(("script", "text"), LITERALS.items(), ids=LITERALS)
def test_literal(script: str, text: str | None) -> None:
    for variable in ("$A", "${A}", "$(A)"):
        assert literal(script, variable) == text


@pytest.mark.parametrize("variable", ["A", "${A:-x}", "$A$A", "$(cat A)", "`A`"])
def test_other_expansions(variable: str) -> None:
    assert literal("A=x", variable) is None


@pytest.mark.parametrize(("script", "operands", "named"), FILES.values(), ids=FILES)
def test_files(script: str, operands: list[str], named: tuple[str, ...]) -> None:
    assert files(script, operands) == named


@pytest.mark.parametrize("unit", ["A=x\n", 'A=$(x)$(y)"z"\'', "A=$(", "read for ", "$(x)", "A[", "A=\"'"])
def test_time(unit: str) -> None:
    assert_linear(lambda text: (literal(text, "$A"), files(text, ["$A", text])), lambda size: unit * size, 1_000)
    literal("A=" + unit * 20_000, "$A")
