"""SARIF: the object model accepts it, regions hold the reference, fingerprints stay, fixes are those of --fix."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qcilint.output import render
from qcilint.output.run import Run
from qcilint.records import replace
from qcilint.results import Report

from ..conftest import LINTER, OLD, Repository, lint, qcilint
from .samples import FILES, load
from .sarif_reader import path_of, read, slice_of


def place(result: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = result["locations"][0]["physicalLocation"]
    return held


@pytest.mark.parametrize("arguments", [[], ["--show-kept"]], ids=["findings", "kept too"])
def test_a_region_holds_the_reference_and_nothing_else(repository: Repository, arguments: list[str]) -> None:
    root = repository(FILES)
    results = read(load("sarif", root, *arguments))["results"]
    for result in results:
        data = (root / path_of(place(result)["artifactLocation"])).read_bytes()
        start, end = slice_of(data, place(result)["region"])
        assert data[start:end].decode() == place(result)["region"]["snippet"]["text"]
        assert data[start:end].startswith((b"registry.", b"${R}", b"quay-proxy."))
    assert len(results) == len(load("json", root, *arguments)["findings"])
    assert any(result["kind"] == "informational" for result in results) is bool(arguments)


def test_every_rule_explains_itself(repository: Repository) -> None:
    rules = read(load("sarif", repository({"a": ""}), code=0))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(LINTER.rules.by_id)
    for rule in rules:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']} {rule['name']}\n\n{rule['shortDescription']['text']}")
        assert rule["help"]["markdown"].count("````") % 2 == 0


def marks(root: Any) -> list[tuple[str, ...]]:
    results = read(load("sarif", root))["results"]
    return [(path_of(place(result)["artifactLocation"]), *result["partialFingerprints"].values()) for result in results]


def test_fingerprints_stay_when_lines_move(repository: Repository) -> None:
    root = repository(FILES)
    before = marks(root)
    for name, data in FILES.items():
        if name.endswith(("Dockerfile", ".sh")):
            (root / name).write_bytes(b"# one\n\n# two\n" + (data if isinstance(data, bytes) else data.encode()))
    assert marks(root) == before


def test_fingerprints_tell_equal_findings_apart(repository: Repository) -> None:
    far = "".join(f"# line {number} of many\n" for number in range(20))
    found = marks(repository({"a.sh": f"podman pull {OLD}\n{far}" * 3}))
    assert len({mark[1] for mark in found}) == len({mark[2] for mark in found}) == 3


def test_fixes_do_what_fix_does(repository: Repository) -> None:
    root = repository(FILES)
    fixes: dict[str, set[tuple[int, int, bytes]]] = {}
    before: dict[str, bytes] = {}
    for result in read(load("sarif", root))["results"]:
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                path = path_of(change["artifactLocation"])
                before[path] = (root / path).read_bytes()
                for edit in change["replacements"]:
                    new = edit["insertedContent"]["text"].encode()
                    fixes.setdefault(path, set()).add((*slice_of(before[path], edit["deletedRegion"]), new))
    qcilint("--fix", "--unsafe-fixes", cwd=root)
    assert {"Dockerfile", "composed/Dockerfile", "latin/pull.sh", "images/😀 a/Dockerfile"} <= set(fixes)
    for path, edits in fixes.items():
        data = before[path]
        for start, end, new in sorted(edits, reverse=True):
            data = data[:start] + new + data[end:]
        assert data == (root / path).read_bytes()


def test_a_fix_brings_its_whole_group(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {OLD} AS a\nFROM {OLD}-x\n"})
    for result in read(load("sarif", root))["results"]:
        assert len(result["fixes"][0]["artifactChanges"][0]["replacements"]) == 2
        assert "(safe, with 1 other of this group)" in result["fixes"][0]["description"]["text"]


def test_related_locations(repository: Repository) -> None:
    results = read(load("sarif", repository(FILES)))["results"]
    (held,) = [result for result in results if path_of(place(result)["artifactLocation"]) == "held/Dockerfile"]
    (other,) = held["relatedLocations"]
    assert (path_of(other["physicalLocation"]["artifactLocation"]), other["physicalLocation"]["region"]) == (
        "Makefile",
        {"startLine": 2},
    )
    assert other["message"]["text"].startswith("looks for registry.ci.openshift.org/ocp/.*:base")


def test_paths_are_those_of_the_repository(repository: Repository) -> None:
    root = repository(
        {"a/%20:x?#/Dockerfile": f"FROM {OLD}\n", b"a/caf\xe9.sh".decode("utf-8", "surrogateescape"): f"podman pull {OLD}\n"}
    )
    for cwd in (root, root / "a"):
        results = read(load("sarif", cwd))["results"]
        assert [place(result)["artifactLocation"]["uri"] for result in results] == ["a/%2520%3Ax%3F%23/Dockerfile", "a/caf%E9.sh"]


def test_too_many_results_are_cut_and_told() -> None:
    file = lint(f"FROM {OLD}\n".encode())
    (finding,) = file.findings
    file.findings = [replace(finding, severity="note" if number < 10 else "error") for number in range(25_005)]
    told: list[str] = []
    run = Run(Report([file]), tuple(LINTER.rules.by_id.values()), "1.0.0", warn=told.append)
    results = read(json.loads("\n".join(render("sarif", run))))["results"]
    assert len(results) == 25_000
    assert [result["level"] for result in results].count("note") == 5
    assert told == ["SARIF holds 25000 results a run: 5 of 25005 were left out"]


def test_an_unreadable_file_is_told(repository: Repository) -> None:
    file = lint(f"FROM {OLD}\n".encode())
    run = Run(Report([file], errors=[("a\nb", "Permission denied")]), tuple(LINTER.rules.by_id.values()), "1.0.0")
    (invocation,) = read(json.loads("\n".join(render("sarif", run))))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "a\\nb: Permission denied"


def test_silenced_findings_are_suppressed_results() -> None:
    file = lint(f"FROM {OLD}\n".encode())
    (finding,) = file.findings
    kinds = ("suppression", "configuration", "")
    file.findings = [replace(finding, kept=True, silenced=kind, reason="not before 4.22") for kind in kinds]
    run = Run(Report([file]), tuple(LINTER.rules.by_id.values()), "1.0.0", show_kept=True)
    results = read(json.loads("\n".join(render("sarif", run))))["results"]
    assert [(result["level"], result.get("suppressions")) for result in results] == [
        ("warning", [{"kind": "inSource", "justification": "not before 4.22"}]),
        ("warning", [{"kind": "external", "justification": "not before 4.22"}]),
        ("none", None),
    ]
