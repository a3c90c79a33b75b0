"""The baseline file: its text, and what it subtracts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.baseline import HEADER, Baseline, Key, count, read, render, write
from qcilint.config_files import ConfigError

from .conftest import NEW, OLD, lint

OTHER = OLD.replace(":cli", ":base")
TEXT = st.text(min_size=1, max_size=8)
ENTRIES = st.dictionaries(st.builds(Key, TEXT, st.sampled_from(["QCI102", "X1"]), TEXT), st.integers(1, 99), max_size=5)


@settings(max_examples=100, deadline=None)
@given(ENTRIES)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, entries: dict[Key, int]) -> None:
    path = tmp_path_factory.mktemp("b") / "baseline"
    write(str(path), entries)
    assert read(str(path)).entries == entries
    assert len(path.read_text().splitlines()) == 2 + len(entries)


def test_one_sorted_line_an_entry_and_no_line_numbers() -> None:
    entries = {Key("b", "QCI102", "x"): 2, Key("a\tb\n", "QCI103", "y z"): 1}
    assert render(entries) == HEADER + "a\\tb\\n\tQCI103\ty z\t1\nb\tQCI102\tx\t2\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a\tQCI102\tx", "baseline:2: no entry: path, rule, reference, number"),
        ("a\tQCI102\tx\tmany", "baseline:2: no entry"),
        ("a\tQCI102\tx\t0", "baseline:2: no entry"),
        ("<<<<<<< HEAD", "baseline:2: no entry: a merge conflict is left"),
    ],
)
def test_what_is_refused(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "baseline").write_text(f"# x\n{line}\n")
    with pytest.raises(ConfigError, match=message):
        read(str(tmp_path / "baseline"))


def test_files_that_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; `qcilint baseline write` makes a baseline"):
        read(str(tmp_path / "gone"))
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="byte 0 is no UTF-8"):
        read(str(tmp_path / "bytes"))
    with pytest.raises(ConfigError, match="cannot be written"):
        write(str(tmp_path / "no/folder"), {})


def test_an_entry_that_a_merge_left_twice(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a\tQCI102\tx\t2\na\tQCI102\tx\t3\n")
    assert read(str(tmp_path / "b")).entries == {Key("a", "QCI102", "x"): 2}


@pytest.mark.parametrize(
    ("text", "entries", "reported"),
    [
        pytest.param(f"podman pull {OLD}\n", {OLD: 1}, [], id="it is in the baseline"),
        pytest.param(f"x\ny\n\npodman pull {OLD}\n", {OLD: 1}, [], id="in another line"),
        pytest.param(f"podman pull {OLD}\n", {OTHER: 1}, [OLD], id="another one is"),
        pytest.param(f"podman pull {OLD}\n", {OLD: 2}, [], id="it was there twice"),
        pytest.param(f"podman pull {OLD}\npodman run {OLD}\n", {OLD: 1}, [OLD, OLD], id="it was there once"),
        pytest.param(f"podman pull {OLD}\npodman pull {OTHER}\n", {OLD: 1}, [OTHER], id="one is new"),
        pytest.param(f"podman pull {NEW}\n", {OLD: 1}, [], id="it is gone"),
    ],
)
def test_what_is_subtracted(text: str, entries: dict[str, int], reported: list[str]) -> None:
    result = lint(text.encode(), "/x.sh")
    keys = {Key("x.sh", "QCI102", reference): number for reference, number in entries.items()}
    Baseline("/baseline", keys, dict.fromkeys(keys, 3)).subtract(result.findings, result.source)
    assert [finding.reference.raw for finding in result.findings if not finding.kept] == reported
    for finding in result.findings:
        if finding.silenced:
            assert (finding.silenced, finding.reason) == ("baseline", "in the baseline (/baseline:3)")
    assert count([(result.source, result.findings)], "/") == {
        Key("x.sh", "QCI102", each): reported.count(each) for each in reported
    }


def test_more_than_the_baseline_has_names_it() -> None:
    result = lint(f"podman pull {OLD}\npodman run {OLD}\n".encode(), "/x.sh")
    key = Key("x.sh", "QCI102", OLD)
    Baseline("/baseline", {key: 1}, {key: 3}).subtract(result.findings, result.source)
    assert result.findings[0].related[-1] == ("/baseline", 3, "the baseline has 1 of these, and there are 2")
