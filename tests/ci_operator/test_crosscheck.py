"""A Dockerfile and the configuration that builds it, in one repository: real repositories, real runs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..conftest import NEW, OLD, Repository, qcilint

BASE = "base_images:\n  cli: {name: '4.20', namespace: ocp, tag: cli}\n  ocp_4.20_cli: {name: '4.21', namespace: ocp, tag: cli}\n"


def config(inputs: str, more: str = "", base: str = "base_images: {}\n") -> str:
    return f"{base}images:\n  items:\n  - inputs:\n{inputs}    to: x\n{more}tests: []\n"


def findings(root: Any) -> list[dict[str, Any]]:
    found = json.loads(qcilint("--format", "json", cwd=root).stdout)["findings"]
    return [each for each in found if each["path"] == "Dockerfile"]


@pytest.mark.parametrize(
    ("dockerfile", "text", "rule", "said"),
    [
        pytest.param(
            f"FROM {NEW}\n", config(f"      bin:\n        as: ['{OLD}']\n"), "QCI303", f"its input bin replaces {OLD}", id="lost"
        ),
        pytest.param(
            f"FROM {NEW}\n",
            config(f"      bin:\n        as: [{OLD}]\n"),
            "QCI303",
            f"its input bin replaces {OLD}",
            id="no-quotes",
        ),
        pytest.param(
            f"FROM {NEW}\nCOPY --from=nginx:latest /a /a\n",
            config(
                f"      cli:\n        as: ['{OLD}', 'nginx:latest']\n",
                base="base_images: {cli: {name: '4.20', namespace: ocp, tag: cli}}\n",
            ),
            "QCI303",
            "its input cli also replaces nginx:latest",
            id="dropped",
        ),
        pytest.param(
            f"FROM {OLD} AS b\nFROM {OLD}\n",
            config("      b:\n        as: ['registry.ci.openshift.org/ocp/4.20:jq']\n", "    from: b\n"),
            "QCI303",
            "finds no input of this text",
            id="direct",
        ),
        pytest.param(f"FROM {OLD}\n", config(f"      bin:\n        as: ['{OLD}', '{NEW}']\n"), "QCI103", "", id="both"),
    ],
)
def test_what_is_told(dockerfile: str, text: str, rule: str, said: str, repository: Repository) -> None:
    root = repository({"Dockerfile": dockerfile, "ci/config.yaml": text})
    found = findings(root)
    assert found[0]["rule"] == rule
    assert [place["path"] for place in found[0]["related"] if said and said in place["message"]] == (
        ["ci/config.yaml"] if said else []
    )


def test_appending_mends_a_lost_override(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {NEW}\n", "ci/config.yaml": config(f"      bin:\n        as: ['{OLD}']\n")})
    assert [each["severity"] for each in findings(root)] == ["error"]
    assert qcilint("--fix", cwd=root).returncode == 0  # nothing is said of what the same run has mended
    assert findings(root) == []


def test_mending_one_configuration_leaves_what_another_does(repository: Repository) -> None:
    mended, shared = config(f"      bin:\n        as: ['{OLD}']\n"), config(f"      bin:\n        as: &x ['{OLD}']\n", "y: *x\n")
    root = repository({"Dockerfile": f"FROM {NEW}\n", "ci/config.yaml": mended, "ci/other.yaml": shared})
    run = qcilint("--fix", cwd=root)
    assert (run.returncode, b"ci/other.yaml:6: its input bin" in run.stdout, b"ci/config.yaml" in run.stdout) == (1, True, False)


def test_a_race_is_told_with_the_line_of_the_base_image(repository: Repository) -> None:
    text = config(
        f"      ocp_4.20_cli:\n        as: ['{OLD}']\n",
        base=BASE.replace("cli: {name: '4.20'", "other: {name: '4.20'", 1).replace("tag: cli", "tag: x", 1),
    )
    root = repository({"Dockerfile": f"FROM {NEW}\n", "ci/config.yaml": text})
    told = [(place["line"], place["message"]) for each in findings(root) for place in each["related"]]
    assert [line for line, message in told if "two imports under one name" in message] == [3]


def test_a_configuration_that_builds_another_file_says_nothing(repository: Repository) -> None:
    text = config(f"      bin:\n        as: ['{OLD}']\n", "    dockerfile_path: Dockerfile.other\n")
    root = repository({"Dockerfile": f"FROM {NEW}\n", "ci/config.yaml": text})
    assert findings(root) == []
