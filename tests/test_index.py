"""What a run over clean files knows of the rules without reading them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint import compiled, index
from qcilint.ruleset import RuleSet, load_builtin, parse_rules
from qcilint.settled import are_settled
from tests.conftest import LINTER, NEW, OLD

RULES = Path(__file__).parent.parent / "rules"
INDEX = index.made(LINTER.rules)
LINES = re.compile(INDEX.settled)


def rules(**texts: str) -> RuleSet:
    return RuleSet(parse_rules(texts))


def test_the_compiled_index_is_that_of_the_rules() -> None:
    for name, text in index.sources().items():
        assert Path(index.__file__).with_name(f"{name}.py").read_text("utf-8") == text, "run `python -m qcilint.index`"
    assert index.load() is not None
    assert index.tables() is not None


def test_compiled_rules_are_those_of_the_files() -> None:
    read, known = rules(**{path.name: path.read_text("utf-8") for path in RULES.glob("*.toml")}), load_builtin()
    assert (read.index, known.index is not None) == (None, True)
    assert read.rules == known.rules
    for ours, theirs in zip(read.rules, known.rules, strict=True):
        assert (ours.cases, ours.examples) == (theirs.cases, theirs.examples)


def test_a_changed_rule_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    assert index.digest([str(folder)]) == compiled.DIGEST
    path = folder / "QCI101.toml"
    path.write_bytes(path.read_bytes().replace(b"QCI", b"QCJ", 1))
    assert index.digest([str(folder)]) != compiled.DIGEST
    path.write_bytes((RULES / "QCI101.toml").read_bytes())
    path.rename(folder / "QCI100.toml")
    assert index.digest([str(folder)]) != compiled.DIGEST


@pytest.mark.parametrize("module", ["compiled", "compiled_rules"])
@pytest.mark.parametrize(
    "text", ["DIGEST = MADE_FROM = (0, 0)\nTABLES = {}\n", "", "this is no Python\n"], ids=["stale", "empty", "broken"]
)
def test_without_a_good_index_the_rules_are_read(tmp_path: Path, module: str, text: str) -> None:
    shutil.copytree(Path(index.__file__).parent, tmp_path / "qcilint", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(RULES, tmp_path / "qcilint" / "rules")
    (tmp_path / "qcilint" / f"{module}.py").write_text(text)
    (tmp_path / "clean").write_text("a: b\n")
    (tmp_path / "old").write_text(f"FROM {OLD}\n")
    for name, code in (("clean", 0), ("old", 1)):
        command = [sys.executable, "-c", "from qcilint.start import entry; entry()", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, "")


def test_rules_of_other_registries_are_compiled_too() -> None:
    text = (
        'id="X1"\nname="x-y"\nseverity="error"\nhosts=["new.example.com", "old.example.com"]\nsummary="s"\nwhy="w"\n'
        '[[case]]\nwhen={tag="bad*"}\nnote="n"\n'
        '[[case]]\nwhen={namespace="a", name="b", tag=["v?", "1.*"]}\nnote="n"\nkeep=true\n'
        '[[case]]\nwhen={namespace="a", name="c"}\nnote="n"\nkeep=true\n'
    )
    found = index.of(rules(X1=text))
    assert found.needles == (b"example.com",)
    settled = [
        text
        for text in ("a/b:v1", "a/b:v12", "a/b:1.x", "a/b:1x", "a/b:bad1", "a/b:", "a/c:z", "a/c:bad", "x/b:v1", "a/c")
        if re.fullmatch(found.settled, f"image: old.example.com/{text}".encode())
    ]
    assert settled == ["a/b:v1", "a/b:1.x", "a/c:z"]


def test_a_line_is_settled_whichever_rules_a_configuration_leaves_out() -> None:
    head = 'severity="error"\nhosts=["old.example.com"]\nsummary="s"\nwhy="w"\n'
    keeps = '[[case]]\nwhen={namespace="a", name="b", tag="v*"}\nnote="n"\nkeep=true\n'
    first = f'id="X1"\nname="first-rule"\n{head}{keeps}'
    second = f'id="X2"\nname="second-rule"\n{head}[[case]]\nwhen={{tag="*2"}}\nnote="n"\n'
    settled = index.of(rules(X1=first, X2=second)).settled
    assert re.fullmatch(settled, b"image: old.example.com/a/b:v1")
    assert not re.fullmatch(settled, b"image: old.example.com/a/b:v2")


def test_literals_say_nothing_that_the_regular_expressions_do_not_say() -> None:
    found = INDEX
    assert OLD.partition("/")[0].encode() in found.plain
    assert all(re.search(found.hosts, host) for host in found.plain)
    assert found.kept == tuple(start for start in found.kept if re.fullmatch(found.settled, b"image: %sa_b_c" % start))
    assert LINES.fullmatch(f"image: {NEW}".encode())
    assert any(start in NEW.encode() for start in found.kept)


TAG = st.lists(
    st.sampled_from(
        ["_", "__", ".", "-", "a", "B", "0", "prune", "incoming", "pre", "__post1", "ocp", "-priv", "art__", "_sha256_"]
    )
)
AROUND = st.sampled_from(["", " ", "- ", '"', "'", ",", "\t", "\r", "#", "image: ", '"image": ', "x", "**", "\\", "docker://"])


@given(
    AROUND, AROUND, AROUND, TAG.map("".join), AROUND, AROUND, st.sampled_from([NEW.rpartition(":")[0], OLD.rpartition(":")[0]])
)
@settings(max_examples=150, deadline=None)
def test_a_settled_line_is_kept_wherever_it_stands(a: str, b: str, c: str, tag: str, d: str, e: str, repository: str) -> None:
    data = f"{a}{b}{c}{repository}:{tag}{d}{e}".encode()
    if LINES.fullmatch(data):
        assert any(start in data for start in INDEX.kept)
        for whole in (data, data + b"\n", b"image: x\n" + data + b"\n- *\n"):
            for path in ("x", "testdata/x.yaml", "hack/x.sh"):
                assert are_settled(whole, LINTER.analyst.locate(whole), LINTER.rules, path)


def test_most_valid_references_are_settled() -> None:
    for tag in ("ocp_4.20_cli", "ci_ci-operator_latest", "rc_payload__4.22.0-0.ci-2026-08-01-000000", "art__0123", "a_b_C.d"):
        assert LINES.fullmatch(f"        image: {NEW.rpartition(':')[0]}:{tag}".encode())
