"""`qcilint images` as a real process, on real files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..conftest import Repository, qcilint

QCI = "quay-proxy.ci.openshift.org/openshift/ci"
FOLDER = "ci-operator/config/org/operator"
MAIN = f"{FOLDER}/org-operator-main.yaml"
SCOS = f"{FOLDER}/org-operator-main__okd-scos.yaml"
TESTS = f"{FOLDER}/org-operator-main__periodics.yaml"
FILES = {
    MAIN: """\
images:
  items:
  - to: operator
  - to: operator-tests
promotion:
  to:
  - excluded_images:
    - operator-tests
    name: "4.20"
    namespace: ocp
zz_generated_metadata:
  branch: main
  org: org
  repo: operator
""",
    SCOS: """\
images:
- to: operator
promotion:
  to:
  - name: scos-4.20
    namespace: origin
zz_generated_metadata: {branch: main, org: org, repo: operator, variant: okd-scos}
""",
    TESTS: "tests: []\nzz_generated_metadata: {branch: main, org: org, repo: operator, variant: periodics}\n",
    "ci-operator/jobs/org/operator/jobs.yaml": "presubmits: {}\n",
    "README.md": "zz_generated_metadata:\n",
}


def test_one_file_is_a_table(repository: Repository) -> None:
    done = qcilint("images", MAIN, cwd=repository(FILES))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"operator  ocp/4.20:operator  {QCI}:ocp_4.20_operator  (line 3)\n"


def test_all_also_says_what_is_not_published(repository: Repository) -> None:
    lines = qcilint("images", "--all", MAIN, cwd=repository(FILES)).stdout.decode().splitlines()
    assert len(lines) == 2
    assert lines[1].split("  ")[0] == "operator-tests"
    assert "not published: excluded_images, line 8" in lines[1]
    assert lines[1].endswith("(line 4)")


def test_a_folder_lists_its_configurations(repository: Repository) -> None:
    done = qcilint("images", ".", cwd=repository(FILES))
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        f"{MAIN}:",
        f"operator  ocp/4.20:operator  {QCI}:ocp_4.20_operator  (line 3)",
        f"{SCOS}:",
        f"operator  origin/scos-4.20:operator  {QCI}:origin_scos-4.20_operator  (line 2)",
        f"{TESTS}: no promotion: it publishes no image",
    ]
    assert done.stderr.decode() == (
        f"qcilint: warning: {SCOS}:1: images is a plain list: today's ci-operator reads images.items only\n"
    )


def test_json(repository: Repository) -> None:
    done = qcilint("images", "--format", "json", "--all", MAIN, TESTS, cwd=repository(FILES))
    document = json.loads(done.stdout)
    first, second = document["configs"]
    assert document["version"] == 1
    assert [first[key] for key in ("path", "org", "repo", "branch", "variant", "promotes")] == [
        MAIN,
        "org",
        "operator",
        "main",
        "",
        True,
    ]
    assert first["images"][0] == {
        "component": "operator", "image": "ocp/4.20:operator", "namespace": "ocp", "name": "4.20", "tag": "operator",
        "pullspec": f"{QCI}:ocp_4.20_operator", "source": "operator", "origin": "image", "line": 3, "state": "published",
        "reason": "", "note": "",
    }  # fmt: skip
    assert [image["state"] for image in first["images"]] == ["published", "excluded"]
    assert (second["promotes"], second["variant"], second["images"]) == (False, "periodics", [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ci, tag: x, disabled: true}]}\n",
            "publishes no image; --all says why",
        ),
        ("promotion: {to: [{namespace: ci, tag: x}]}\n", "publishes no image: it builds none"),
        ("images: {items: [{to: a}]}\npromotion: {to: []}\n", "publishes no image: its promotion names no target"),
    ],
)
def test_a_promotion_of_nothing_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    done = qcilint("images", "a.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, f"a.yaml: {said}\n")


def test_errors_name_file_and_line_and_the_rest_is_listed(repository: Repository) -> None:
    root = repository(FILES | {"bad.yaml": "images:\n  items: a\n", "odd\x1b.yaml": "[\n"})
    done = qcilint("images", "bad.yaml", "missing.yaml", "odd\x1b.yaml", "ci-operator/jobs", MAIN, cwd=root)
    assert done.returncode == 2
    assert f"{QCI}:ocp_4.20_operator" in done.stdout.decode()
    errors = done.stderr.decode().splitlines()
    assert errors[0] == "qcilint: error: bad.yaml:2: images.items is a single value; make it a list"
    assert errors[1] == "qcilint: error: missing.yaml: no such file or folder; check the path"
    assert errors[2].startswith("qcilint: error: odd\\x1b.yaml:2: no valid YAML")
    assert errors[3].startswith("qcilint: error: ci-operator/jobs: no ci-operator configuration")


def test_control_characters_of_a_configuration_do_not_reach_the_terminal(tmp_path: Path) -> None:
    text = (
        'images: {items: [{to: "a\\e[31m"}]}\npromotion: {to: [{namespace: ci, tag: x, additional_images: {"b\\e[31m": []}}]}\n'
    )
    (tmp_path / "bad.yaml").write_text(text)
    (tmp_path / "odd.yaml").write_text(text.replace("[]", "src"))
    done = qcilint("images", "--all", "bad.yaml", "odd.yaml", cwd=tmp_path)
    assert b"bad.yaml:2: promotion.to[0].additional_images.b\\x1b[31m is a list" in done.stderr
    assert b"ci/a\\x1b[31m:x" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr


def test_a_renamed_namespace_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "images: {items: [{to: cli}]}\npromotion: {to: [{namespace: ocp-private, name: 4.20-priv}]}\n"
    )
    out = qcilint("images", "a.yaml", cwd=tmp_path).stdout.decode()
    assert f"{QCI}:ocp-private_4.20-priv_cli" in out
    assert f"perhaps {QCI}:ocp-priv_4.20_cli" in out


def test_every_listed_pullspec_maps_back(repository: Repository) -> None:
    root = repository(FILES)
    listed = json.loads(qcilint("images", "--format", "json", ".", cwd=root).stdout)
    images = [image for config in listed["configs"] for image in config["images"]]
    assert len(images) == 2
    given = "\n".join(image["pullspec"] for image in images).encode()
    back = json.loads(qcilint("map", "--format", "json", cwd=root, stdin=given).stdout)
    assert [each["image"] for each in back["results"]] == [image["image"] for image in images]


def test_without_arguments_it_says_what_to_give(tmp_path: Path) -> None:
    done = qcilint("images", cwd=tmp_path)
    assert done.returncode == 2
    assert b"CONFIG" in done.stderr
