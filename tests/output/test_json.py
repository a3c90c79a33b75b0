"""json and jsonl: real output fits the schema that the command prints."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ..conftest import Repository, qcilint
from .samples import FILES, load, report


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = qcilint("--json-schema", cwd=tmp_path_factory.mktemp("empty"))
    assert done.returncode == 0
    read: dict[str, Any] = json.loads(done.stdout)
    Draft202012Validator.check_schema(read)
    return read


@pytest.mark.parametrize("arguments", [[], ["--show-kept"], ["--fix"], ["--fix", "--unsafe-fixes"]], ids=" ".join)
def test_real_reports_fit_the_schema(repository: Repository, schema: dict[str, Any], arguments: list[str]) -> None:
    document = load("json", repository(FILES), *arguments)
    Draft202012Validator(schema).validate(document)
    assert document["findings"]
    assert bool(document["fixed"]) is ("--fix" in arguments)
    assert {finding["kept"] for finding in document["findings"]} == ({True, False} if "--show-kept" in arguments else {False})
    described = set(schema["$defs"]["finding"]["properties"])
    assert all(set(finding) == described for finding in document["findings"])
    assert set(document) == set(schema["properties"])


def test_a_document_that_lacks_a_field_does_not_fit(repository: Repository, schema: dict[str, Any]) -> None:
    document = load("json", repository(FILES))
    del document["findings"][0]["reason"]
    assert not Draft202012Validator(schema).is_valid(document)


def test_an_empty_report_fits(repository: Repository, schema: dict[str, Any]) -> None:
    document = load("json", repository({"a": "b\n"}), code=0)
    Draft202012Validator(schema).validate(document)
    assert (document["findings"], document["checked"]) == ([], 1)


def test_an_empty_report_has_no_lines(repository: Repository) -> None:
    assert report("jsonl", repository({"a": "b\n"}), code=0) == ""


def test_lines_hold_the_same_findings(repository: Repository, schema: dict[str, Any]) -> None:
    root = repository(FILES)
    lines = [json.loads(line) for line in report("jsonl", root, "--show-kept").splitlines()]
    assert lines == load("json", root, "--show-kept")["findings"]
    one = Draft202012Validator({"$ref": "#/$defs/finding", "$defs": schema["$defs"]})
    for line in lines:
        one.validate(line)


def test_edits_are_what_fix_does(repository: Repository) -> None:
    root = repository(FILES)
    found = load("json", root)["findings"]
    before = {path: (root / path).read_bytes() for path in {finding["path"] for finding in found}}
    qcilint("--fix", "--unsafe-fixes", cwd=root)
    for path, data in before.items():
        edits = {tuple(edit.values()) for finding in found if finding["path"] == path for edit in finding["edits"]}
        for start, length, new in sorted(edits, reverse=True):
            data = data[:start] + new.encode() + data[start + length :]
        assert data == (root / path).read_bytes()


def test_positions_in_the_document(repository: Repository) -> None:
    root = repository(FILES)
    for finding in load("json", root, "--show-kept")["findings"]:
        lines = (root / finding["path"]).read_bytes().decode("utf-8", "replace").split("\n")
        written = lines[finding["line"] - 1][finding["column"] - 1 : finding["end_column"] - 1]
        assert written == finding["written"]
        assert finding["line"] == finding["end_line"]
