"""`qcilint map` as a real process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..conftest import NEW, OLD, qcilint

QCI = "quay-proxy.ci.openshift.org/openshift/ci"


def test_one_line_for_each_image(tmp_path: Path) -> None:
    done = qcilint("map", OLD, "ocp/release:4.20.1", NEW, cwd=tmp_path)
    assert done.returncode == 1
    first, second, third = done.stdout.decode().splitlines()
    assert first == f"{OLD} → {NEW}"
    assert second.startswith(
        "ocp/release:4.20.1 → refused: a release payload: published on registry.ci.openshift.org, not in QCI;"
    )
    assert third == f"{NEW} → ocp/4.20:cli ({OLD})"
    assert done.stderr == b""


@pytest.mark.parametrize(("text", "answer"), [("ocp/4.20:cli", NEW), (OLD, NEW), (NEW, OLD)])
def test_quiet_prints_a_pullspec_and_nothing_else(tmp_path: Path, text: str, answer: str) -> None:
    done = qcilint("map", "-q", text, cwd=tmp_path)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, f"{answer}\n", b"")


def test_quiet_leaves_standard_output_empty_where_it_refuses(tmp_path: Path) -> None:
    done = qcilint("map", "--quiet", "ci/tool", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert (
        f"no tag: right if the tag latest is meant; perhaps {QCI}:ci_tool_latest (--unsafe-fixes takes it)"
        in done.stderr.decode()
    )
    assert qcilint("map", "-q", "--unsafe-fixes", "ci/tool", cwd=tmp_path).stdout.decode() == f"{QCI}:ci_tool_latest\n"


def test_quiet_tells_of_an_ambiguity_on_standard_error(tmp_path: Path) -> None:
    done = qcilint("map", "-q", f"{QCI}:ci_my_image_latest", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"registry.ci.openshift.org/ci/my:image_latest\n")
    assert b"it may be ci/my_image:latest" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = qcilint("map", *arguments, cwd=tmp_path, stdin=b"# images\n\nocp/4.20:cli\r\n  ci/boskos:latest  \nocp/4.21:cli")
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        f"ocp/4.20:cli → {NEW}",
        f"ci/boskos:latest → {QCI}:ci_boskos_latest",
        f"ocp/4.21:cli → {QCI}:ocp_4.21_cli",
    ]


def test_malformed_input_is_named_by_its_place_and_loses_nothing(tmp_path: Path) -> None:
    done = qcilint("map", "ocp/4.20:cli", "-", "ocp/4.20:", cwd=tmp_path, stdin=b"ocp/4.21:cli\n\x1b[31m\xff\n")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    errors = done.stderr.decode()
    assert "standard input, line 2: \\x1b[31m\\udcff: it holds white space or control characters" in errors
    assert "argument 3: ocp/4.20:: '' is no valid tag; give a pullspec or namespace/name:tag" in errors
    assert "\x1b" not in errors


def test_json(tmp_path: Path) -> None:
    done = qcilint("map", "--format", "json", "ocp/4.20:cli", "ci/tool", f"{QCI}:ci_my_image_latest", "!", cwd=tmp_path)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    mapped, refused, back = document["results"]
    assert document["version"] == 1
    assert mapped == {
        "input": "ocp/4.20:cli", "direction": "to-qci", "status": "mapped", "image": "ocp/4.20:cli", "output": NEW,
        "rule": "QCI102", "reason": "", "suggestion": None, "candidates": [], "notes": [],
    }  # fmt: skip
    assert (refused["status"], refused["output"], refused["suggestion"]) == ("refused", None, f"{QCI}:ci_tool_latest")
    assert back["candidates"] == ["ci/my:image_latest", "ci/my_image:latest"]
    assert document["errors"][0]["place"] == "argument 4"


def test_nothing_to_map_is_said(tmp_path: Path) -> None:
    done = qcilint("map", cwd=tmp_path, stdin=b"# nothing\n")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"nothing to map" in done.stderr


def test_quiet_json_is_wrong_usage(tmp_path: Path) -> None:
    assert qcilint("map", "-q", "--format", "json", "ocp/4.20:cli", cwd=tmp_path).returncode == 2


def test_a_variable_reaches_a_shell_whole(tmp_path: Path) -> None:
    assert qcilint("map", "-q", "ocp/$V:cli", cwd=tmp_path).stdout.decode() == f"{QCI}:ocp_${{V}}_cli\n"
