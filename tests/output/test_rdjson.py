"""rdjson: a reader that does as reviewdog does, and accepts every suggestion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ..conftest import OLD, Repository, git, qcilint
from .samples import FILES, load

POSITION = {
    "type": "object",
    "required": ["line"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}
RANGE = {
    "type": "object",
    "required": ["start"],
    "properties": {"start": POSITION, "end": POSITION},
    "additionalProperties": False,
}
LOCATION = {
    "type": "object",
    "required": ["path"],
    "properties": {"path": {"type": "string"}, "range": RANGE},
    "additionalProperties": False,
}
# https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
FORM = {
    "type": "object",
    "required": ["diagnostics"],
    "additionalProperties": False,
    "properties": {
        "source": {"required": ["name"]},
        "diagnostics": {
            "items": {
                "type": "object",
                "required": ["message", "location", "severity", "code"],
                "additionalProperties": False,
                "properties": {
                    "message": {"type": "string"},
                    "location": LOCATION,
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {"type": "object", "required": ["value"]},
                    "suggestions": {
                        "items": {"required": ["range", "text"], "properties": {"range": RANGE, "text": {"type": "string"}}}
                    },
                    "related_locations": {"items": {"properties": {"message": {"type": "string"}, "location": LOCATION}}},
                },
            }
        },
    },
}


def diagnostics(root: Path, *arguments: str, code: int = 1) -> list[dict[str, Any]]:
    document = load("rdjson", root, *arguments, code=code)
    Draft202012Validator(FORM).validate(document)
    found: list[dict[str, Any]] = document["diagnostics"]
    return found


def offset(lines: list[bytes], position: dict[str, int]) -> int:
    """The byte of a position, whose column counts bytes."""
    return sum(map(len, lines[: position["line"] - 1])) + position["column"] - 1


def accept(root: Path, found: list[dict[str, Any]]) -> None:
    """Make every suggestion, last ones first."""
    edits: dict[str, list[tuple[int, int, bytes]]] = {}
    for each in found:
        path = each["location"]["path"]
        lines = (root / path).read_bytes().splitlines(keepends=True)
        for suggestion in each.get("suggestions", []):
            start, end = (offset(lines, suggestion["range"][side]) for side in ("start", "end"))
            edits.setdefault(path, []).append((start, end, suggestion["text"].encode()))
    for path, changes in edits.items():
        data = (root / path).read_bytes()
        for start, end, new in sorted(changes, reverse=True):
            data = data[:start] + new + data[end:]
        (root / path).write_bytes(data)


def contents(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in FILES}


@pytest.mark.parametrize(("folder", "changed"), [("", 4), ("hack", 1)], ids=["top", "subfolder"])
def test_who_accepts_every_suggestion_gets_the_fixed_files(repository: Repository, folder: str, changed: int) -> None:
    root = repository(FILES)
    before = contents(root)
    accept(root / folder, diagnostics(root / folder))
    accepted = contents(root)
    assert sum(accepted[name] != before[name] for name in FILES) == changed
    git(root, "checkout", "-q", ".")
    qcilint("--fix", cwd=root / folder)
    assert contents(root) == accepted


def test_no_suggestion_where_fix_would_do_nothing(repository: Repository) -> None:
    root = repository(
        {"Dockerfile": f"FROM {OLD}\nFROM registry.ci.openshift.org/ocp/my_image:latest\n", "x.go": f'var i = "{OLD}"\n'}
    )
    found = diagnostics(root)
    assert len(found) == 3
    assert not any("suggestions" in each for each in found)
    qcilint("--fix", cwd=root)
    assert git(root, "status", "--porcelain") == ""


def test_a_range_holds_the_reference_in_bytes(repository: Repository) -> None:
    root = repository(FILES)
    for each in diagnostics(root):
        lines = (root / each["location"]["path"]).read_bytes().split(b"\n")
        span = each["location"]["range"]
        assert span["start"]["line"] == span["end"]["line"]
        written = lines[span["start"]["line"] - 1][span["start"]["column"] - 1 : span["end"]["column"] - 1]
        assert written.startswith((b"registry.", b"${R}"))
        assert written == b"${R}/ocp/4.20:cli" or written.decode() in each["message"]


@pytest.mark.parametrize(("cwd", "path"), [("", "Makefile"), ("held", "../Makefile")])
def test_related_places_are_named_from_here(repository: Repository, cwd: str, path: str) -> None:
    root = repository(FILES)
    (held,) = [each for each in diagnostics(root / cwd) if "related_locations" in each and "base" in each["message"]]
    (related,) = held["related_locations"]
    assert related["location"] == {"path": path, "range": {"start": {"line": 2}}}


def test_a_clean_run(repository: Repository) -> None:
    assert diagnostics(repository({"a": ""}), code=0) == []
