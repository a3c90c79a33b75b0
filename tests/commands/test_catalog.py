"""`qcilint catalog` as a real process."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.catalog.trees import FILES, MIRRORING, OPERATOR, tree

from ..conftest import qcilint

ROOT = Path(__file__).parent.parent.parent
DATE = "2026-01-02T03:04:05Z"


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tree(tmp_path / "release", date=DATE)


def test_it_is_built_shown_and_explained(release: Path, tmp_path: Path) -> None:
    done = qcilint("catalog", "build", "release", cwd=tmp_path)
    expected = "qcilint: qci.json: 14 images, 1 stream, 2 patterns; 3 files looked at, 3 of them anew\n"
    assert (done.returncode, done.stderr.decode()) == (0, expected)
    first = (tmp_path / "qci.json").read_bytes()
    assert qcilint("catalog", "build", "release", "-o", "other.json", "--no-cache", "--jobs", "2", cwd=tmp_path).returncode == 0
    assert (tmp_path / "other.json").read_bytes() == first
    shown = qcilint("catalog", "show", "--namespace", "ci", cwd=tmp_path).stdout.decode().splitlines()
    assert [line.split()[:2] for line in shown] == [
        ["ci/fedora:latest", "ignored"], ["ci/inner:latest", "supplemental"], ["ci/scorecard:v7", "supplemental"],
        ["ci/steps:v1", "input"], ["ci/tools:latest", "input"],
    ]  # fmt: skip
    listing = json.loads(qcilint("catalog", "show", "--format", "json", cwd=tmp_path).stdout)
    assert (len(listing["images"]), listing["date"], listing["streams"][0]["stream"]) == (14, DATE, "ocp/4.19")
    done = qcilint("catalog", "explain", "--format", "json", "ocp/4.20:operator", "ocp/4.20:operater", cwd=tmp_path)
    known, unknown = json.loads(done.stdout)["images"]
    assert (done.returncode, known["state"], unknown["state"]) == (1, "known", "unknown")
    assert unknown["nearest"] == ["ocp/4.20:operator", "ocp/4.20:operator-src"]
    assert known["origins"] == [{"kind": "promoted", "path": OPERATOR, "line": 13, "detail": None}]
    assert b"warning: qci.json describes openshift/release as it was " in done.stderr


def test_only_what_changed_is_read_again(release: Path, tmp_path: Path) -> None:
    assert b"3 of them anew" in qcilint("catalog", "build", "release", cwd=tmp_path).stderr
    (release / OPERATOR).write_text(FILES[OPERATOR].replace("to: operator\n", "to: renamed\n"))
    assert qcilint("catalog", "build", "release", cwd=tmp_path).returncode == 0
    assert qcilint("catalog", "explain", "ocp/4.20:renamed", cwd=tmp_path).returncode == 0
    assert qcilint("catalog", "explain", "ocp/4.20:operator", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("name", ["ocp/4.20:operator", "registry.ci.openshift.org/ocp/4.20:operator",
                                  "registry.svc.ci.openshift.org/ocp/4.20:operator", "quay.io/openshift/ci:ocp_4.20_operator",
                                  "quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_operator"])  # fmt: skip
def test_an_image_may_be_written_in_any_form(release: Path, tmp_path: Path, name: str) -> None:
    qcilint("catalog", "build", "release", cwd=tmp_path)
    done = qcilint("catalog", "explain", name, cwd=tmp_path)
    assert done.returncode == 0
    assert "ocp/4.20:operator: in QCI as quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_operator" in done.stdout.decode()


@pytest.mark.parametrize("name", ["x", "a b", "quay.io/openshift/ci", "ocp/4.20@sha256:" + "0" * 64, "a/b/c:d", "ocp/$V:cli",
                                  "quay-proxy.ci.openshift.org/openshift/ci:rc_payload__4.20", "quay.io/other/x:y"])  # fmt: skip
def test_what_is_no_image_is_refused(release: Path, tmp_path: Path, name: str) -> None:
    qcilint("catalog", "build", "release", cwd=tmp_path)
    done = qcilint("catalog", "explain", name, "ci/tools:latest", cwd=tmp_path)
    assert done.returncode == 2
    assert re.search(rb"(?m)^qcilint: error: ", done.stderr)
    assert b"Traceback" not in done.stderr
    assert b"ci/tools:latest: in QCI" in done.stdout


def test_a_file_that_cannot_be_used_is_named(release: Path, tmp_path: Path) -> None:
    (release / OPERATOR).write_text("promotion:\n  to:\n  - tag: x\n")
    (release / MIRRORING).unlink()
    done = qcilint("catalog", "build", "release", cwd=tmp_path)
    assert done.returncode == 2
    assert f"error: release/{OPERATOR}:3: promotion.to[0] has no namespace" in done.stderr.decode()
    assert f"error: release/{MIRRORING}: No such file or directory; it says what is copied to QCI" in done.stderr.decode()
    assert not (tmp_path / "qci.json").exists()
    done = qcilint("catalog", "build", "release", "--keep-going", cwd=tmp_path)
    assert (done.returncode, done.stderr.decode().count("left out: ")) == (0, 2)
    assert (tmp_path / "qci.json").exists()


@pytest.mark.parametrize(("arguments", "problem"), [
    (["build", "."], "no ci-operator/config there; name a checkout of openshift/release"),
    (["build", "release", "-o", "none/qci.json"], "none/qci.json cannot be written"),
    (["build", "release", "--jobs", "0"], "--jobs: give a number from 1"),
    (["show"], "qci.json: No such file or directory; make it with"),
    (["explain", "a/b:c"], "qci.json: No such file or directory; make it with"),
    ([], "the following arguments are required"),
])  # fmt: skip
def test_wrong_usage(release: Path, tmp_path: Path, arguments: list[str], problem: str) -> None:
    done = qcilint("catalog", *arguments, cwd=tmp_path)
    assert (done.returncode, problem in done.stderr.decode()) == (2, True), done.stderr


def test_help_stands_alone(tmp_path: Path) -> None:
    for words in ([], ["build"], ["show"], ["explain"]):
        assert qcilint("catalog", *words, "--help", cwd=tmp_path).returncode == 0
