"""csv: one row for every reference, read back by the csv module."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from qcilint.output.csv import COLUMNS

from ..conftest import OLD, Repository
from .samples import FILES, load, report


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_reference_has_its_row(repository: Repository) -> None:
    root = repository(FILES)
    read = rows(report("csv", root))
    assert tuple(read[0]) == COLUMNS
    assert ",".join(COLUMNS) == (
        "path,line,column,rule,severity,level,kept,context,namespace,name,tag,reference,replacement,reason"
    )  # fmt: skip
    expected = load("json", root, "--show-kept")["findings"]
    assert {each["kept"] for each in expected} == {True, False}
    for row, each in zip(read, expected, strict=True):
        assert (row["path"], int(row["line"]), int(row["column"])) == (each["path"], each["line"], each["column"])
        assert (row["rule"], row["severity"], row["level"]) == (each["rule"], each["severity"], each["fix"])
        assert row["kept"] == ("yes" if each["kept"] else "no")
        assert (row["reference"], row["replacement"] or None) == (each["reference"], each["replacement"])
        assert (row["namespace"], row["name"], row["tag"]) == (each["namespace"], each["image"], each["tag"])
        assert (row["context"], row["reason"]) == (each["context"], each["reason"])


def test_every_occurrence_that_grep_finds_is_there(repository: Repository) -> None:
    read = rows(report("csv", repository(FILES)))
    for name, data in FILES.items():
        text = data if isinstance(data, str) else data.decode("latin-1")
        assert sum(row["path"] == name for row in read) >= text.count("registry.")


def test_cells_are_no_formulas(tmp_path: Path) -> None:
    for name in ("=cmd|' calc'!A0.sh", "+a.sh", "-a.sh", "@a.sh"):
        (tmp_path / name).write_text(f"podman pull {OLD}\npodman pull registry.ci.openshift.org/ocp/@V@:=x\n")
    read = rows(report("csv", tmp_path))
    assert {row["path"][:2] for row in read} == {"./"}
    assert all((tmp_path / row["path"]).exists() for row in read)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in read for cell in row.values())


def test_a_clean_run_is_a_header(repository: Repository) -> None:
    assert report("csv", repository({"a": ""}), code=0) == ",".join(COLUMNS) + "\n"
