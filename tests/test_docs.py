"""What the documents show is what the tool prints."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from qcilint.output import FORMATS
from qcilint.ruleset import load_builtin

from .catalog.trees import tree
from .conftest import git, qcilint

ROOT = Path(__file__).parent.parent


def test_the_output_in_the_readme_is_real(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "example")
    git(tmp_path / "example", "init", "-q")
    (shown,) = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    for session in re.split(r"(?m)^\$ ", shown)[1:]:
        command, _, output = session.partition("\n")
        real = qcilint(*command.split()[1:], cwd=tmp_path / "example").stdout.decode()
        for part in re.split(r"(?m)^…\n", output):
            assert part.strip("\n") in real, command


def test_the_composed_reference_in_the_readme_is_real(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text().partition("## References in pieces")[2].partition("\n## ")[0]
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


def test_the_readme_lists_every_rule() -> None:
    text = (ROOT / "README.md").read_text()
    assert re.findall(r"(?m)^\| (QCI\d+) ([\w-]+) \|", text) == [(rule.id, rule.name) for rule in load_builtin().by_id.values()]


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
