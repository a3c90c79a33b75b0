"""The recipe of the container image: its form, what it runs, and, where that is possible, the image itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dockerfile as buildkit
import pytest

from .conftest import git, git_environment, qcilint
from .pages import DOCS, ROOT, publish

RECIPE = ROOT / ".ci" / "Containerfile"
STEPS = [(each.cmd.upper(), each.value) for each in buildkit.parse_file(str(RECIPE))]
BASE, COMMAND, SETTINGS = STEPS[0][1][0], STEPS[4][1][0], STEPS[5][1][1]
TARGET, HOME = "/tmp/qcilint", "/opt/app-root"
FIXED = '+oc image extract "quay-proxy.ci.openshift.org/openshift/ci:ocp_${VERSION}_cli"'


def test_its_form() -> None:
    assert [name for name, _ in STEPS] == ["FROM", "COPY", "COPY", "COPY", "RUN", "ENV", "WORKDIR", "ENTRYPOINT"]
    assert STEPS[5:] == [
        ("ENV", ("GIT_CONFIG_SYSTEM", f"{HOME}/etc/gitconfig")), ("WORKDIR", ("/src",)), ("ENTRYPOINT", ("qcilint",)),
    ]  # fmt: skip
    assert BASE.partition(":")[0].startswith("registry.access.redhat.com/ubi9/python-3")
    assert BASE.partition(":")[2]
    assert qcilint(".ci/Containerfile", cwd=ROOT).returncode == 0


def example(folder: Path) -> Path:
    """A repository to run on."""
    shutil.copytree(DOCS / "example", folder / "example")
    git(folder / "example", "init", "-q")
    return folder / "example"


def copy(places: tuple[str, ...], target: Path) -> None:
    """What COPY does: the contents of a folder, or files."""
    target.mkdir(parents=True, exist_ok=True)
    for place in map(ROOT.joinpath, places):
        if place.is_dir():
            shutil.copytree(place, target, dirs_exist_ok=True)
        else:
            shutil.copy(place, target)


def test_what_it_runs(tmp_path: Path) -> None:
    """Its RUN, in a virtual environment, on what its COPY takes; then qcilint in a repository of somebody else."""
    context, home = tmp_path / "context", tmp_path / "app-root"
    for name, value in STEPS:
        if name == "COPY":
            copy(value[:-1], Path(value[-1].replace(TARGET, str(context))))
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    (home / "etc").mkdir()
    environment = git_environment() | {"PATH": f"{home / 'bin'}:{os.environ['PATH']}", "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    command = COMMAND.replace(TARGET, str(context)).replace(HOME, str(home))
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr:
        pytest.skip("PyPI is out of reach")
    assert done.returncode == 0, done.stderr
    assert not context.exists()
    root = example(tmp_path)
    for settings, code in ((os.devnull, 128), (SETTINGS.replace(HOME, str(home)), 0)):
        own = environment | {"GIT_CONFIG_SYSTEM": settings}
        assert subprocess.run(["git", "status"], cwd=root, env=own, capture_output=True, check=False).returncode == code
    ran = subprocess.run(["qcilint", "--diff", "hack"], cwd=root, env=own, capture_output=True, text=True, check=False)
    assert (ran.returncode, FIXED in ran.stdout) == (1, True), ran.stderr


def buildah(*arguments: str | Path, code: int = 0) -> str:
    done = subprocess.run(["buildah", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def container(tmp_path: Path) -> Iterator[str]:
    """A container made from the recipe."""
    if not shutil.which("buildah"):
        pytest.skip("buildah is not installed")
    if BASE not in buildah("images", "--format", "{{.Name}}:{{.Tag}}").split():
        pytest.skip(f"the base image is not here; `buildah pull {BASE}` gets it")
    context = publish(tmp_path / "context")
    image = f"localhost/qcilint-test-{os.getpid()}"
    buildah("build", "--pull-never", "--tag", image, "--file", context / ".ci" / "Containerfile", context)
    name = buildah("from", "--pull-never", image).strip()
    yield name
    buildah("rm", name)
    buildah("rmi", image)


def test_the_image(tmp_path: Path, container: str) -> None:
    """On a repository of one user, as another, who is not in the image: OpenShift gives out any number."""
    root = example(tmp_path)
    subprocess.run(["chmod", "-R", "a+rX", tmp_path], check=True)
    buildah("config", "--user", "1234:0", container)
    assert '"Entrypoint": [\n                "qcilint"\n' in buildah("inspect", container)
    run = ("run", "--volume", f"{root}:/src", container, "--", "qcilint")
    assert FIXED in buildah(*run, "--diff", "hack", code=1)
    assert "11 findings" in buildah(*run, code=1)
