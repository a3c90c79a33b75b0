"""Configurations at work: real processes in real repositories."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import DEAD, NEW, OLD, Repository, git, qcilint
from .test_packs import RULE

FILES = {
    "Dockerfile": f"FROM {OLD}\n",
    "hack/pull.sh": f"podman pull {OLD}\n",
    "third_party/x.sh": f"podman pull {OLD}\n",
    "legacy/x.sh": f"podman pull {DEAD}\n",
}


def found(root: Path, *arguments: str) -> list[tuple[str, str, str]]:
    done = qcilint("--format", "json", *arguments, cwd=root)
    assert done.returncode in (0, 1), done.stderr
    return [(each["path"], each["rule"], each["severity"]) for each in json.loads(done.stdout)["findings"]]


def test_selection_exclusion_and_severity(repository: Repository) -> None:
    root = repository({
        **FILES,
        "qcilint.toml": 'ignore = ["QCI103"]\nexclude = ["third_party"]\n[per-path-severity]\n"legacy/" = { all = "note" }\n',
    })  # fmt: skip
    assert found(root) == [("hack/pull.sh", "QCI102", "warning"), ("legacy/x.sh", "QCI101", "note")]
    assert found(root, "--isolated") == [
        ("Dockerfile", "QCI103", "warning"), ("hack/pull.sh", "QCI102", "warning"), ("legacy/x.sh", "QCI101", "error"),
    ]  # fmt: skip
    assert qcilint("legacy", cwd=root).returncode == 0
    assert found(root, "--select", "QCI103") == [("Dockerfile", "QCI103", "warning")]
    assert found(root, "--ignore", "QCI101,QCI102") == []
    assert found(root, "--extend-select", "QCI103", "--exclude", "hack/*.sh", "--exclude", "legacy") == [
        ("Dockerfile", "QCI103", "warning")
    ]
    assert qcilint("--fix", cwd=root).returncode == 0
    assert git(root, "diff", "--name-only") == "hack/pull.sh\nlegacy/x.sh\n"


def test_the_nearest_configuration_counts_alone(repository: Repository) -> None:
    root = repository({
        **FILES,
        "qcilint.toml": 'ignore = ["QCI102"]\n',
        "hack/pyproject.toml": "[tool.qcilint]\n",
        "legacy/.qcilint.toml": 'extend = "../qcilint.toml"\nignore = ["QCI101"]\n',
    })  # fmt: skip
    assert found(root) == [("Dockerfile", "QCI103", "warning"), ("hack/pull.sh", "QCI102", "warning")]
    # The same from another folder, and by name.
    assert found(root / "hack") == [("pull.sh", "QCI102", "warning")]
    assert found(root, "hack/pull.sh", "legacy/x.sh") == [("hack/pull.sh", "QCI102", "warning")]


def test_excluded_files_that_are_named(repository: Repository) -> None:
    root = repository({**FILES, "qcilint.toml": 'exclude = ["hack/"]\n'})
    assert found(root, "hack/pull.sh") == [("hack/pull.sh", "QCI102", "warning")]
    assert found(root, "hack") == []
    done = qcilint("--force-exclude", "--fix", "hack/pull.sh", cwd=root)
    assert (done.returncode, done.stderr) == (0, b"qcilint: no files to check: 1 file excluded\n")
    (root / "qcilint.toml").write_text('exclude = ["hack/"]\nforce-exclude = true\n')
    assert found(root, "hack/pull.sh") == []
    assert found(root, "--no-force-exclude", "hack/pull.sh") != []


def test_standard_input_has_the_configuration_of_its_name(repository: Repository) -> None:
    root = repository({"qcilint.toml": 'exclude = ["a/"]\nforce-exclude = true\n[per-path-ignores]\n"b/" = ["QCI103"]\n'})
    text = FILES["Dockerfile"].encode()
    for name, wanted in (("a/Dockerfile", text), ("b/Dockerfile", text), ("c/Dockerfile", f"FROM {NEW}\n".encode())):
        done = qcilint("--stdin-filename", name, "--fix", cwd=root, stdin=text)
        assert (done.returncode, done.stdout) == (0, wanted)


def test_unsafe_fixes_of_a_folder(repository: Repository) -> None:
    root = repository({"a/x.go": f'x := "{OLD}"\n', "b/x.go": f'x := "{OLD}"\n', "b/qcilint.toml": "unsafe-fixes = true\n"})
    assert b"2 findings in 2 files (1 fixable with --fix, 1 more with --unsafe-fixes)" in qcilint(cwd=root).stdout
    assert b"a/x.go" not in qcilint("--diff", cwd=root).stdout
    assert qcilint("--diff", "--no-unsafe-fixes", cwd=root).stdout == b""
    qcilint("--fix", cwd=root)
    assert git(root, "diff", "--name-only") == "b/x.go\n"


def test_excluded_files_still_count_for_others(repository: Repository) -> None:
    root = repository({
        "Dockerfile": f"FROM {OLD}\n",
        "hack/bump.sh": "sed -i 's|registry.ci.openshift.org/ocp/.*:cli|x|' Dockerfile\n",
        "qcilint.toml": 'exclude = ["hack/"]\n',
    })  # fmt: skip
    qcilint("--fix", cwd=root)
    assert git(root, "status", "--porcelain") == ""


def test_a_file_that_is_compared_with_a_silent_one_stays(repository: Repository) -> None:
    root = repository({
        "a/Dockerfile": f"FROM {OLD}\n", "b/Dockerfile": f"FROM {OLD}\n",
        "Makefile": "verify:\n\tdiff a/Dockerfile b/Dockerfile\n",
    })  # fmt: skip
    assert qcilint("--diff", cwd=root).stdout.count(b"+FROM") == 2
    (root / "b/qcilint.toml").write_text('ignore = ["QCI103"]\n')
    assert qcilint("--diff", cwd=root).stdout == b""


def test_show_kept_names_the_setting(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {OLD}\n", "qcilint.toml": 'extend = "art"\n'})
    assert qcilint(cwd=root).stdout == b"no findings in 2 files\n"
    out = qcilint("--show-kept", cwd=root).stdout.decode()
    assert f"Dockerfile:1:6: kept QCI103 {OLD}: QCI103 is off: ignore has 'QCI103' (preset art)" in out


def test_rules_of_the_repository_bring_their_hosts(repository: Repository) -> None:
    text = "FROM registry.old.example.com/team/app:1\n"
    root = repository({
        "Dockerfile": text, "a/Dockerfile": text, "a/b/Dockerfile": f"FROM {OLD}\n",
        "a/qcilint.toml": 'rules = ["rules"]\nextend-select = ["OLD001"]\n', "a/rules/OLD001.toml": RULE,
    })  # fmt: skip
    # Each folder has its own rules; a word of the command line may be any of them.
    assert found(root) == [("a/Dockerfile", "OLD001", "error"), ("a/b/Dockerfile", "QCI103", "warning")]
    assert found(root, "--select", "OLD001") == [("a/Dockerfile", "OLD001", "error")]
    qcilint("--fix", cwd=root)
    assert (root / "a/Dockerfile").read_text() == "FROM registry.new.example.org/team/app:1\n"
    assert (root / "Dockerfile").read_text() == text


def test_openshift_release(repository: Repository) -> None:
    job = f"presubmits:\n  a/b:\n  - spec:\n      containers:\n      - image: {DEAD}\n"
    root = repository({
        "ci-operator/jobs/a/b/a-b-main-presubmits.yaml": job,
        "ci-operator/jobs/infra-periodics.yaml": job,
        "ci-operator/jobs/openshift/release/x.yaml": job,
        "ci-operator/step-registry/x/x-commands.sh": f"podman pull {OLD}\n",
        "core-services/image-mirroring/x/mapping_x": f"{OLD} quay.io/x/y:z\n",
    })  # fmt: skip
    severities = {path: severity for path, _, severity in found(root, "--config", "openshift-release")}
    assert severities == {
        "ci-operator/jobs/a/b/a-b-main-presubmits.yaml": "note",
        "ci-operator/jobs/infra-periodics.yaml": "error",
        "ci-operator/jobs/openshift/release/x.yaml": "error",
        "ci-operator/step-registry/x/x-commands.sh": "warning",
        "core-services/image-mirroring/x/mapping_x": "note",
    }


def test_component_and_art(repository: Repository) -> None:
    direct = "podman pull quay.io/openshift/ci:ocp_4.20_cli\n"
    root = repository(
        {**FILES, "x.sh": direct, "old/Dockerfile": f"FROM {DEAD}\n", "qcilint.toml": 'extend = ["component", "art"]\n'}
    )
    severities = {(path, rule): severity for path, rule, severity in found(root)}
    assert severities["x.sh", "QCI105"] == "error"
    assert severities["old/Dockerfile", "QCI101"] == "error"
    assert ("Dockerfile", "QCI103") not in severities


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ({"qcilint.toml": "\nignor = []"}, [], "qcilint.toml:2: unknown key 'ignor'; did you mean 'ignore'?"),
        ({"qcilint.toml": "ignore = ['x']"}, [], "qcilint.toml:1: ignore: no rule 'x'"),
        ({"a/qcilint.toml": "x", "a/y": ""}, [], "a/qcilint.toml: no valid TOML: "),
        ({"qcilint.toml": "", ".qcilint.toml": ""}, [], "two configurations for one folder"),
        ({}, ["--config", "gone.toml"], "--config gone.toml: gone.toml: no such file"),
        ({}, ["--config", "artt"], "--config artt: no preset 'artt'; did you mean 'art'?"),
        ({}, ["--config", "art", "--isolated"], "give one of them"),
        ({}, ["--select", "QCI7"], "command line: select: no rule 'QCI7'"),
        ({}, ["--ignore", "push-to-prox"], "did you mean 'push-to-proxy'?"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [[], ["config"], ["--stdin-filename", "a/b"]], ids=["check", "config", "stdin"])
def test_wrong_configurations(
    repository: Repository, files: dict[str, str], arguments: list[str], message: str, command: list[str]
) -> None:
    root = repository({"Dockerfile": f"FROM {OLD}\n", **files})
    if command == ["config"] and "a/y" in files:
        command = ["config", "a/y"]
    done = qcilint(*command, *arguments, cwd=root)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_the_hooks_leave_out_what_is_excluded() -> None:
    hooks = (Path(__file__).parent.parent / ".pre-commit-hooks.yaml").read_text()
    entries = [line.strip() for line in hooks.splitlines() if "entry:" in line]
    assert entries == ["entry: qcilint --force-exclude", "entry: qcilint --fix --force-exclude"]


def test_a_clean_run_without_a_configuration_looks_for_files_and_reads_none(repository: Repository) -> None:
    root = repository({"clean.yaml": "a: b\n", "a/b/clean.yaml": "a: b\n", "pyproject.toml": "[tool.other]\n"})
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "qcilint"], cwd=root, capture_output=True, text=True, check=True
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "qcilint.quick" in imported
    assert imported.isdisjoint({
        "qcilint.config_files",        "qcilint.config_schema", "qcilint.filters", "qcilint.packs", "qcilint.selectors", "importlib.metadata", "difflib",
    })  # fmt: skip
