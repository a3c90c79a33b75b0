"""Which files scripts give to programs, and how a program is read with these."""

from __future__ import annotations

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from qcilint.generated import Candidates
from qcilint.scripts.given import given, paths_given, with_arguments

FILES = Candidates(["Dockerfile", "images/a/Dockerfile.x", "deploy/op.yaml"])
PIECES = [
    b"hack/a.sh",
    b"a.py",
    b" ",
    b"\n",
    b"\\\n",
    b"Dockerfile",
    b"*.yaml",
    b"$F",
    b"${F}/",
    b"F=",
    b"for F in ",
    b"; ",
    b"'",
    b"\xff",
    b"*",
]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("hack/a.sh Dockerfile", {("a.sh", "Dockerfile")}),
        ("hack/a.sh ./images/a/Dockerfile.x", {("a.sh", "./images/a/Dockerfile.x")}),
        ("hack/a.sh \\\n  Dockerfile", {("a.sh", "Dockerfile")}),
        ("hack/a.sh --in=deploy/op.yaml", {("a.sh", "deploy/op.yaml")}),
        ('python3 a.py "$ROOT/Dockerfile"', {("a.py", "**/Dockerfile")}),
        ("u:\n\ta.py $(CURDIR)/Dockerfile", {("a.py", "**/Dockerfile")}),
        ("a.sh images/$X/Dockerfile", {("a.sh", "images/*/Dockerfile")}),
        ("F=Dockerfile\na.sh $F", {("a.sh", "Dockerfile")}),
        ("F=\nF=Dockerfile\na.sh ${F}", {("a.sh", "Dockerfile")}),
        ("for f in *.yaml; do\n  a.sh $f\ndone", {("a.sh", "*.yaml")}),
        ("find . -name 'Dockerfile*' | xargs a.sh", {("a.sh", "Dockerfile*")}),
        ("a.sh other.yaml", set()),
        ("a.sh *", set()),
        ("a.sh", set()),
        ("Dockerfile\na.sh x", set()),
        ("make Dockerfile", set()),
    ],
)
def test_what_is_given(script: str, expected: set[tuple[str, str]]) -> None:
    assert {(program, path.decode()) for program, path in given(script.encode(), FILES.may_be)} == expected


@having(st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_any_text_can_be_asked(script: bytes) -> None:
    for _, path in given(script, FILES.may_be):
        assert FILES.may_be(path)
    assert with_arguments(script, [b"Dockerfile"]).count(b"\n") >= script.count(b"\n")


@pytest.mark.parametrize(
    ("script", "head"),
    [
        ('sed x "$1" "${2:-y}" $@ ${*}', 'sed x "$_" "${_:-y}" $_ ${_}'),
        ("echo $0 $# $10 $1a ${11}", "echo $0 $# $10 $1a ${11}"),
    ],
)
def test_arguments_have_one_name(script: str, head: str) -> None:
    assert with_arguments(script.encode(), [b"b", b"a"]).decode() == f"{head}\n_=a\n_=b\n: _=\n"


def test_paths() -> None:
    paths = ["Dockerfile", "images/a/Dockerfile", "images/b/Dockerfile.x", "op.yaml"]
    assert paths_given([b"Dockerfile"], paths) == {"Dockerfile", "images/a/Dockerfile"}
    assert paths_given([b"./images/a/Dockerfile"], paths) == {"images/a/Dockerfile"}
    assert paths_given([b"**/Docker*"], paths) == {"Dockerfile", "images/a/Dockerfile", "images/b/Dockerfile.x"}
