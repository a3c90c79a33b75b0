"""SARIF: valid by the published schema, and without complaint from Microsoft's validator for the standard and for GitHub.

Both come with the package of that validator, pinned in tests/consumers: no PyPI package has the schema, and nothing is
fetched while the tests run. Its copy of the schema is the OASIS one for 2.1.0, in a newer dialect of JSON Schema.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from qcilint.engine import Report
from qcilint.output import render
from qcilint.output.run import Run

from ..conftest import DEAD, NEW, OLD, Repository, lint, qcilint
from ..consumers import node_package
from .samples import FILES

PACKAGE = "@microsoft/sarif-multitool-linux"
HOSTILE = "a\nb <&>\"' %20?#:é😀/[x](y) ::error::\x1b[31m\u202e"


class Shape(NamedTuple):
    """A repository, and how it is looked at."""

    files: dict[str, str | bytes]
    arguments: tuple[str, ...] = ()
    folder: str = ""
    code: int = 1


PULL = f"podman pull {OLD}\n"
SHAPES = {
    "empty": Shape({"a": ""}, code=0),
    "a bit of everything": Shape(FILES),
    "kept too": Shape(FILES, ("--show-kept",)),
    "below the top": Shape(FILES, folder="hack"),
    "safe fixes": Shape({"Dockerfile": f"FROM {OLD} AS a\r\nFROM {OLD}-x\r\n", "a.sh": PULL}),
    "unsafe fixes": Shape({"x.go": f'package x\n\nconst image = "{OLD}"\n', "deploy.yaml": f"spec:\n  image: {OLD}\n"}),
    "no fix": Shape({"a.sh": f"podman push {DEAD}\n"}),
    "hostile names": Shape({f"{HOSTILE}/Dockerfile": f"FROM {OLD}\n", b"caf\xe9.sh".decode("utf-8", "surrogateescape"): PULL}),
    "hostile text": Shape({"a.sh": f"# \x1b[31m\u202e ]( [x](y)\n: '\u2028😀'; {PULL}".encode() + b": '\xff'; " + PULL.encode()}),
    "suppressed": Shape({"a.sh": f"{PULL.strip()}  # qcilint: ignore[QCI102] [not](before) 4.22\n"}, ("--show-kept",), code=0),
    "useless suppression": Shape({"a.sh": f"podman pull {NEW}  # qcilint: ignore[QCI102] x\n"}),
    "fixed before": Shape(FILES, ("--fix", "--unsafe-fixes")),
}


@pytest.fixture(params=[pytest.param(shape, id=name) for name, shape in SHAPES.items()])
def report(request: pytest.FixtureRequest, repository: Repository, tmp_path: Path) -> Path:
    """The report of a run over a repository."""
    shape: Shape = request.param
    path = tmp_path / "qcilint.sarif"
    done = qcilint("-o", f"sarif:{path}", *shape.arguments, cwd=repository(shape.files) / shape.folder)
    assert done.returncode == shape.code, done.stderr.decode()
    return path


def schema() -> Draft202012Validator:
    held = json.loads((node_package(PACKAGE) / "sarif-2.1.0.json").read_text())
    assert held["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    Draft202012Validator.check_schema(held)
    return Draft202012Validator(held)


def complaints(path: Path) -> set[str]:
    """The rules of the validator that are broken, for errors and warnings, by what the standard and GitHub ask for."""
    program = node_package(PACKAGE) / "Sarif.Multitool"
    settings, found = path.with_suffix(".settings"), path.with_suffix(".found")
    settings.write_text('{"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}')  # it would ask the network
    command = [program, "validate", path, "--config", settings, "--output", found, "--rule-kind", "Sarif;Ghas"]
    environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = json.loads(found.read_bytes().removeprefix(b"\xef\xbb\xbf"))["runs"]
    return {result["ruleId"] for result in run["results"]}


def test_the_published_schema_accepts_it(report: Path) -> None:
    schema().validate(json.loads(report.read_text()))


def test_the_published_schema_accepts_what_could_not_be_read() -> None:
    run = Run(Report([lint(f"FROM {OLD}\n".encode())], errors=[("a\nb", "Permission denied")]), (), "1.0.0")
    document = json.loads("\n".join(render("sarif", run)))
    assert document["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    schema().validate(document)


NO_HOME_PAGE = "SARIF2005"
"""The validator misses the address of a home page. That it does, shows that it has read the report to its end."""


def test_the_validator_of_microsoft_accepts_it(report: Path) -> None:
    assert complaints(report) == {NO_HOME_PAGE}


Break = Callable[[dict[str, Any]], object]


def results(document: dict[str, Any]) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = document["runs"][0]["results"]
    return held


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda document: results(document)[0].update(level="bad"), id="level"),
        pytest.param(lambda document: results(document)[0].pop("message"), id="no message"),
        pytest.param(lambda document: results(document)[0].update(extra=1), id="unknown property"),
        pytest.param(lambda document: document["runs"][0].pop("tool"), id="no tool"),
    ],
)
def test_the_schema_would_notice(repository: Repository, spoil: Break) -> None:
    held = json.loads(qcilint("--format", "sarif", cwd=repository({"a.sh": PULL})).stdout)
    validator, spoilt = schema(), deepcopy(held)
    assert validator.is_valid(held)
    spoil(spoilt)
    assert not validator.is_valid(spoilt)


def test_the_validator_would_notice(repository: Repository, tmp_path: Path) -> None:
    held = json.loads(qcilint("--format", "sarif", cwd=repository({"a.sh": f"\n{PULL}"})).stdout)
    results(held)[0]["locations"][0]["physicalLocation"]["region"]["endLine"] = 1
    (tmp_path / "spoilt.sarif").write_text(json.dumps(held))
    assert complaints(tmp_path / "spoilt.sarif") == {NO_HOME_PAGE, "SARIF1007"}
