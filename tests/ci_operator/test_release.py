"""`--release-repo`: a component's repository beside a checkout of openshift/release, both real git repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ..conftest import NEW, OLD, Repository, git, qcilint

CONFIG = "ci-operator/config/example/operator/example-operator-{}.yaml"


def config(branch: str, alias: str = "bin", *texts: str) -> str:
    items = "".join(f"        - {text}\n" for text in texts or (OLD,))
    base = "base_images:\n  cli: {name: '4.20', namespace: ocp, tag: cli}\n"
    metadata = f"zz_generated_metadata:\n  branch: {branch}\n  org: example\n  repo: operator\n"
    return f"{base}images:\n  items:\n  - inputs:\n      {alias}:\n        as:\n{items}    to: x\n{metadata}"


@pytest.fixture
def component(repository: Repository) -> Path:
    root = repository({"Dockerfile": f"FROM {OLD}\n"})
    git(root, "remote", "add", "origin", "git@github.com:someone/operator.git")
    git(root, "remote", "add", "upstream", "https://github.com/example/operator")
    return root


def release(folder: Path, files: dict[str, str]) -> Path:
    root = folder / "release"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(root, "init", "-q", "-b", "main")
    return root


def test_an_override_must_get_the_new_spelling_first(component: Path, tmp_path: Path) -> None:
    there = release(tmp_path, {CONFIG.format("main"): config("main"), CONFIG.format("old"): config("old")})
    run = qcilint("--fix", "--release-repo", str(there), cwd=component)
    assert (component / "Dockerfile").read_text() == f"FROM {OLD}\n"
    assert b"an input alias (" in run.stdout
    assert b"openshift/release: 1 configuration must change first" in run.stderr
    patch = run.stdout.partition(b"(`git apply`):\n")[2]
    subprocess.run(["git", "apply", "-"], cwd=there, input=patch, check=True)
    assert (there / CONFIG.format("main")).read_text() == config("main", "bin", OLD, NEW)
    assert (there / CONFIG.format("old")).read_text() == config("old")  # another branch has another Dockerfile
    run = qcilint("--fix", "--release-repo", str(there), cwd=component)
    assert (run.returncode, (component / "Dockerfile").read_text()) == (0, f"FROM {NEW}\n")
    assert b"nothing has to change there first (1 configuration there builds Dockerfiles seen here)" in run.stderr


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(config("main", "cli"), id="the alias is the very image"),
        pytest.param(
            config("main").replace("    to: x", "    dockerfile_path: other/Dockerfile\n    to: x"), id="another Dockerfile"
        ),
        pytest.param(config("main").replace("as:", "paths:"), id="no alias"),
    ],
)
def test_nothing_has_to_change_first(text: str, component: Path, tmp_path: Path) -> None:
    there = release(tmp_path, {CONFIG.format("main"): text})
    assert qcilint("--fix", "--release-repo", str(there), cwd=component).returncode == 0
    assert (component / "Dockerfile").read_text() == f"FROM {NEW}\n"


def test_what_cannot_be_patched_is_named(component: Path, tmp_path: Path) -> None:
    text = config("main").replace("as:\n", "as: &x\n") + "y: *x\n"
    there = release(tmp_path, {CONFIG.format("main"): text})
    run = qcilint("--release-repo", str(there), cwd=component)
    assert b"1 configuration must change first" in run.stderr
    assert b"git apply" not in run.stdout
    line = f"{CONFIG.format('main')}:8: add {NEW} to the `as` with {OLD}\n"
    assert run.stdout.endswith(f"change this there by hand before a Dockerfile changes here:\n{line}".encode())


def test_a_dockerfile_that_has_changed_already_gets_its_override_back(component: Path, tmp_path: Path) -> None:
    (component / "Dockerfile").write_text(f"FROM {NEW}\n")
    there = release(tmp_path, {CONFIG.format("main"): config("main")})
    run = qcilint("--release-repo", str(there), cwd=component)
    assert b"1 configuration must change first; for 1 of them, a Dockerfile here has changed already" in run.stderr
    subprocess.run(["git", "apply", "-"], cwd=there, input=run.stdout.partition(b"(`git apply`):\n")[2], check=True)
    assert (there / CONFIG.format("main")).read_text() == config("main", "bin", OLD, NEW)
    assert qcilint("--release-repo", str(there), cwd=component).returncode == 0


def test_every_branch_counts_where_none_is_known(component: Path, tmp_path: Path) -> None:
    git(component, "checkout", "-q", "-b", "my-change")
    there = release(tmp_path, {CONFIG.format(name): config(name) for name in ("main", "old")})
    assert b"2 configurations must change first" in qcilint("--release-repo", str(there), cwd=component).stderr


def test_a_fork_is_known_by_its_name(component: Path, tmp_path: Path) -> None:
    git(component, "remote", "remove", "upstream")
    there = release(tmp_path, {CONFIG.format("main"): config("main")})
    assert b"1 configuration must change first" in qcilint("--release-repo", str(there), cwd=component).stderr


def test_a_configuration_that_is_no_yaml_is_an_error(component: Path, tmp_path: Path) -> None:
    there = release(tmp_path, {CONFIG.format("main"): "images: [\n"})
    run = qcilint("--release-repo", str(there), cwd=component)
    assert run.returncode == 2
    assert f"{there}/{CONFIG.format('main')}:2: ".encode() in run.stderr


def test_another_folder_is_an_error(component: Path, tmp_path: Path) -> None:
    run = qcilint("--release-repo", str(tmp_path), cwd=component)
    assert (run.returncode, b"takes a checkout of openshift/release" in run.stderr) == (2, True)


def test_a_repository_without_configurations_is_told(component: Path, tmp_path: Path) -> None:
    for remote in ("origin", "upstream"):
        git(component, "remote", "remove", remote)
    there = release(tmp_path, {CONFIG.format("main"): config("main")})
    assert (
        f"{component}: no remote has configurations there".encode() in qcilint("--release-repo", str(there), cwd=component).stderr
    )
