"""What the documents show is what the tool prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from qcilint.output import FORMATS

from .catalog.trees import tree
from .conftest import OLD, git, git_environment, qcilint
from .pages import DOCS, ROOT, assert_shown, sessions


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a user would, with this qcilint."""
    environment = git_environment() | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def play(text: str, folder: Path) -> None:
    """Run every command of the console blocks of a page, one after the other, and compare what they print."""
    for command, shown in sessions(text):
        done = shell(f"{command}\nstatus=$?; pwd > {folder}.pwd; exit $status", folder)
        assert_shown(command, shown, done.stdout)
        folder = Path(Path(f"{folder}.pwd").read_text().rstrip("\n"))


def example(folder: Path) -> Path:
    """The example of the documents as a committed repository."""
    root = folder / "example"
    shutil.copytree(DOCS / "example", root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    return root


def test_the_four_uses(tmp_path: Path) -> None:
    play((DOCS / "uses.md").read_text(), example(tmp_path))


def test_the_tutorial(tmp_path: Path) -> None:
    play((DOCS / "tutorial.md").read_text(), tmp_path)
    assert (tmp_path / "shop" / "Dockerfile").read_text().startswith("FROM registry.acme.example/ci/build-go:1.24 AS build\n")


def test_the_composed_reference_in_the_page_of_fixes_is_real(tmp_path: Path) -> None:
    section = (DOCS / "fixes.md").read_text().partition("## References in pieces")[2].partition("\n## ")[0]
    (dockerfile,) = re.findall(r"```dockerfile\n(.*?)```", section, re.S)
    (shown,) = re.findall(r"```text\n(.*?)```", section, re.S)
    (tmp_path / "Dockerfile").write_text(dockerfile)
    git(tmp_path, "init", "-q")
    assert shown in qcilint("Dockerfile", cwd=tmp_path).stdout.decode()
    qcilint("--fix", "--unsafe-fixes", cwd=tmp_path)
    after = (tmp_path / "Dockerfile").read_text()
    for line in ("ARG REGISTRY=quay-proxy.ci.openshift.org", "FROM ${REGISTRY}/openshift/ci:ocp_${VERSION}_base-rhel9"):
        assert line in section
        assert line in after.splitlines()


def test_the_output_in_the_page_of_commands_is_real(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    (config,) = re.findall(r"```yaml\n(.*?)```", page, re.S)
    (tmp_path / "org-operator-main.yaml").write_text(config)
    shown = re.findall(r"```console\n(.*?)```", page, re.S)
    assert len(shown) == 5
    for session in shown:
        command, _, output = session.removeprefix("$ ").partition("\n")
        done = qcilint(*command.split()[1:], cwd=tmp_path)
        real = done.stdout.decode()
        assert done.stderr == b"", command
        if output.endswith("…\n"):
            assert real.startswith(output.removesuffix("…\n")), command
        else:
            assert real == output, command


def test_the_output_in_the_formats_page_is_real(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "example")
    git(tmp_path / "example", "init", "-q")
    text = (ROOT / "docs" / "formats.md").read_text()
    sessions = re.findall(r"```console\n\$ (.*?)\n(.*?)```", text, re.S)
    assert len(sessions) == 8
    for command, output in sessions:
        done = qcilint(*command.split()[1:], cwd=tmp_path / "example")
        assert done.returncode == 1
        at = 0
        for part in re.split(r"(?m)^…\n", output):
            assert part in done.stdout.decode()[at:], command
            at = done.stdout.decode().index(part, at) + len(part)
    assert {"qcilint.sarif", "references.csv"} <= {path.name for path in tmp_path.iterdir()}


def test_the_commands_in_the_formats_page_work(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "example")
    git(tmp_path / "example", "init", "-q")
    text = (ROOT / "docs" / "formats.md").read_text()
    commands = re.findall(r"(?:```sh\n|script: |run: )qcilint ([^|\n]*)", text)
    assert len(commands) == 6
    for command in commands:
        words = command.replace("$ARTIFACT_DIR", str(tmp_path)).replace("${{ runner.temp }}", str(tmp_path)).split()
        assert qcilint(*words, cwd=tmp_path / "example").returncode == (0 if "--exit-zero" in words else 1)


def test_the_formats_page_has_every_format() -> None:
    text = (ROOT / "docs" / "formats.md").read_text()
    titles = {word for title in re.findall(r"(?m)^## (.*)$", text) for word in title.split()}
    assert set(FORMATS) <= titles
    assert all(f"`{name}`" in text.partition("## ")[0] for name in FORMATS)


def test_the_output_in_the_page_of_ci_operator_is_real(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci-operator.md").read_text()
    (dockerfile,), (config,) = (re.findall(rf"```{kind}\n(.*?)```", page, re.S) for kind in ("dockerfile", "yaml"))
    ((command, shown),) = re.findall(r"```console\n\$ (.*?)\n…\n(.*?)```", page, re.S)
    files = {"operator/Dockerfile": dockerfile, "release/ci-operator/config/example/operator/example-operator-main.yaml": config}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    git(tmp_path / "operator", "init", "-q", "-b", "main")
    git(tmp_path / "operator", "remote", "add", "origin", "https://github.com/example/operator")
    assert qcilint(*command.split()[1:], cwd=tmp_path / "operator").stdout.decode().endswith(shown)


def test_the_output_in_the_page_of_the_catalogue_is_real(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "catalog.md").read_text()
    config, mirroring = re.findall(r"```yaml\n(.*?)```", page, re.S)
    files = {
        "ci-operator/config/org/operator/org-operator-main.yaml": config,
        "core-services/image-mirroring/_config.yaml": mirroring,
    }
    assert all(f"`{path}`" in page for path in files)
    tree(tmp_path / "release", files, date="2026-11-02T09:00:00Z")
    (makefile,) = re.findall(r"```make\n(.*?)```", page, re.S)
    (tmp_path / "Makefile").write_text(makefile)
    shown = re.findall(r"```console\n(.*?)```", page, re.S)
    assert len(shown) == 5
    for session in shown:
        command, _, output = session.removeprefix("$ ").partition("\n")
        done = qcilint(*command.split()[1:], cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
        assert (done.stderr if " build " in command else done.stdout).decode() == output, command


@pytest.mark.parametrize("page", ["faq.md", "comparison.md"])
def test_the_commands_of_a_page_print_what_it_shows(tmp_path: Path, page: str) -> None:
    play((DOCS / page).read_text(), example(tmp_path))


def test_the_script_for_sed_is_as_wrong_as_the_page_says(tmp_path: Path) -> None:
    root = example(tmp_path)
    qcilint("--fix", cwd=root)
    script = (root / "hack" / "e2e.sh").read_text()
    assert ":ocp_${VERSION}_cli" in script
    assert "registry.ci.openshift.org/ocp/release:" in script
    assert "podman push registry.svc.ci.openshift.org/" in script


def ci_commands() -> Iterator[str]:
    """The lines of docs/ci.md that run qcilint, as they are after the CI system has filled in its variables."""
    text = (DOCS / "ci.md").read_text()
    for command in re.findall(r"(?m)^(?:\t|(?: *- )?(?:run: )? *|  - )(qcilint (?:--|-o)[^|\n]*)", text):
        filled = command.replace("$$", "$").replace("${{ runner.temp }}", "$TMPDIR")
        yield re.sub(r"\$\{\{ github.base_ref \}\}|\$CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main", filled).strip()


def test_the_commands_of_the_ci_page_work(tmp_path: Path) -> None:
    commands = list(ci_commands())
    assert len(commands) == 4
    if "--since" not in qcilint("--help", cwd=tmp_path).stdout.decode():
        pytest.skip("this qcilint has no --since")
    git(tmp_path, "clone", "-q", str(example(tmp_path)), "clone")
    (tmp_path / "clone" / "new.sh").write_text(f"podman pull {OLD}\n")
    git(tmp_path / "clone", "add", "-A")
    git(tmp_path / "clone", "commit", "-q", "-m", "change")
    for command in commands:
        done = shell(f"export TMPDIR={tmp_path} ARTIFACT_DIR={tmp_path}\n{command}", tmp_path / "clone")
        assert done.returncode == (0 if "--exit-zero" in command else 1), done.stdout
        if "--since" in command and "--format" not in command:
            assert "1 finding in 1 file" in done.stdout


def test_the_yaml_of_the_page_of_ci_can_be_read() -> None:
    yaml = YAML(typ="safe")
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "ci.md").read_text(), re.S)
    assert len(blocks) == 4
    for block in blocks:
        assert yaml.load(block)


def anchors(path: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    titles = re.findall(r"(?m)^#+ (.*)$", re.sub(r"```.*?```", "", path.read_text(), flags=re.S))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md")), *sorted((DOCS / "rules").glob("*.md"))]


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", page.read_text(), flags=re.S)):
        if "://" not in target:
            name, _, anchor = target.partition("#")
            other = (page.parent / name).resolve() if name else page
            assert other.exists(), target
            assert not anchor or anchor in anchors(other), target


def test_the_readme_leads_to_every_page() -> None:
    text = "".join(page.read_text() for page in PAGES[:1])
    assert {page.name for page in DOCS.glob("*.md")} == set(re.findall(r"\(docs/([\w-]+\.md)", text))
