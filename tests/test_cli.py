"""The command as users run it: real processes, real repositories, exit codes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import DEAD, NEW, OLD, Repository, git, git_environment, qcilint, unprivileged

FILES = {
    "Dockerfile": f"FROM {OLD} AS cli\nFROM scratch\n",
    "hack/pull.sh": f"#!/bin/bash\npodman pull {DEAD}\n",
    "pkg/image.go": f'package pkg\n\nconst image = "{OLD}"\n',
    "README.md": "# Hello\n",
    "logo.png": b"\x89PNG\0" + OLD.encode(),
}


def test_check_finds_and_changes_nothing(repository: Repository) -> None:
    root = repository(FILES)
    done = qcilint(cwd=root)
    out = done.stdout.decode()
    assert done.returncode == 1
    assert f"Dockerfile:1:6: QCI103 {''}" in out
    assert "    1 | FROM registry.ci.openshift.org/ocp/4.20:cli AS cli\n      |      ^^^^" in out
    assert f"help: → {NEW} (safe)" in out
    assert "hack/pull.sh:2:13: QCI101" in out
    assert "error: 3 findings in 3 files (2 fixable with --fix, 1 more with --unsafe-fixes)" in out
    assert git(root, "status", "--porcelain") == ""


def test_diff_writes_nothing_and_applies(repository: Repository) -> None:
    root = repository(FILES)
    done = qcilint("--diff", cwd=root)
    assert done.returncode == 1
    assert git(root, "status", "--porcelain") == ""
    subprocess.run(["git", "apply", "-"], cwd=root, input=done.stdout, check=True, env=git_environment())
    by_diff = git(root, "diff")
    git(root, "checkout", "-q", ".")
    assert qcilint("--fix", cwd=root).returncode == 1
    assert git(root, "diff") == by_diff
    assert (root / "Dockerfile").read_text() == f"FROM {NEW} AS cli\nFROM scratch\n"
    assert (root / "pkg/image.go").read_text() == FILES["pkg/image.go"]


def test_fix_until_clean(repository: Repository) -> None:
    root = repository(FILES)
    done = qcilint("--fix", "--unsafe-fixes", cwd=root)
    assert (done.returncode, done.stdout.decode()) == (0, "fixed 3 references in 3 files\n")
    assert qcilint(cwd=root).returncode == 0
    assert qcilint("--diff", "--unsafe-fixes", cwd=root).returncode == 0
    before = git(root, "diff")
    assert qcilint("--fix", "--unsafe-fixes", cwd=root).returncode == 0
    assert git(root, "diff") == before


def test_the_diff_of_a_subfolder_applies_there(repository: Repository) -> None:
    root = repository(FILES)
    done = qcilint("--diff", cwd=root / "hack")
    assert b"--- a/hack/pull.sh\n" in done.stdout
    assert b"Dockerfile" not in done.stdout
    subprocess.run(["git", "apply", "-"], cwd=root / "hack", input=done.stdout, check=True, env=git_environment())
    assert git(root, "diff", "--name-only") == "hack/pull.sh\n"


@pytest.mark.parametrize("name", ["a b/Dockerfile", "Dockerfile.a\nb", 'Dockerfile."q"', "Dockerfile.\\x", "Dockerfile.é"])
def test_the_diff_of_an_odd_name_applies(repository: Repository, name: str) -> None:
    root = repository({name: f"FROM {OLD}"})
    done = qcilint("--diff", cwd=root)
    subprocess.run(["git", "apply", "-"], cwd=root, input=done.stdout, check=True, env=git_environment())
    assert (root / name).read_text() == f"FROM {NEW}"


def test_the_diff_outside_git(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "Dockerfile").write_text(f"FROM {OLD}\n")
    assert qcilint("--diff", "x", cwd=tmp_path).stdout.startswith(b"--- a/x/Dockerfile\n+++ b/x/Dockerfile\n")


def test_the_rest_of_the_repository_counts_for_one_file(repository: Repository) -> None:
    root = repository({**FILES, "Makefile": "x:\n\tsed -i 's|registry.ci.openshift.org/ocp/.*:cli|y|' Dockerfile\n"})
    done = qcilint("--fix", "Dockerfile", cwd=root)
    assert done.returncode == 1
    assert "see:  Makefile:2: looks for registry.ci.openshift.org/ocp/.*:cli" in done.stdout.decode()
    assert git(root, "status", "--porcelain") == ""


def test_json(repository: Repository) -> None:
    root = repository(FILES)
    done = qcilint("--format", "json", cwd=root)
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert document["version"] == 1
    finding = document["findings"][0]
    expected = {
        "path": "Dockerfile",
        "line": 1,
        "column": 6,
        "rule": "QCI103",
        "fix": "safe",
        "reference": OLD,
        "replacement": NEW,
        "context": "from",
    }
    assert expected.items() <= finding.items()
    assert [f["fix"] for f in document["findings"]] == ["safe", "safe", "unsafe"]
    assert all(f["reason"] for f in document["findings"] if f["fix"] != "safe")


def test_show_kept_gives_every_reference_and_its_reason(repository: Repository) -> None:
    root = repository({"a.sh": "podman login registry.ci.openshift.org\n", "testdata/x": OLD, "b.md": f"{NEW}\n"})
    assert qcilint(cwd=root).stdout == b"no findings in 3 files\n"
    document = json.loads(qcilint("--format", "json", "--show-kept", cwd=root).stdout)
    assert [(f["path"], f["kept"]) for f in document["findings"]] == [("a.sh", True), ("b.md", True), ("testdata/x", True)]
    assert all(f["reason"] for f in document["findings"])


def test_statistics(repository: Repository) -> None:
    out = qcilint("--statistics", cwd=repository(FILES)).stdout.decode()
    assert "5 files checked, 1 binary, 3 with references, 3 references" in out
    assert "QCI101 decommissioned-registry" in out
    assert "dockerfile" in out


def test_stdin(tmp_path: Path) -> None:
    text = f"FROM {OLD}\n".encode()
    done = qcilint("--stdin-filename", "x/Dockerfile", cwd=tmp_path, stdin=text)
    assert done.returncode == 1
    assert b"x/Dockerfile:1:6: QCI103" in done.stdout
    done = qcilint("--stdin-filename", "Dockerfile", "--fix", cwd=tmp_path, stdin=text)
    assert (done.returncode, done.stdout) == (0, f"FROM {NEW}\n".encode())
    clean = b"nothing \xff\0here"
    assert qcilint("--stdin-filename", "x", "--fix", cwd=tmp_path, stdin=clean).stdout == clean
    assert qcilint("--stdin-filename", "Dockerfile", "--diff", cwd=tmp_path, stdin=text).stdout.startswith(b"--- a/Dockerfile\n")


@pytest.mark.parametrize("separator", ["\n", "\0"])
def test_files_from(repository: Repository, separator: str) -> None:
    root = repository(FILES)
    done = qcilint("--files-from", "-", cwd=root, stdin=f"Dockerfile{separator}README.md".encode())
    assert b"in 1 file (1 fixable" in done.stdout
    (root / "list").write_text(f"hack/pull.sh{separator}")
    assert b"hack/pull.sh:2:13" in qcilint("--files-from", "list", cwd=root).stdout


def test_an_empty_list_checks_nothing(repository: Repository) -> None:
    done = qcilint("--files-from", "-", cwd=repository(FILES))
    assert (done.returncode, done.stdout) == (0, b"no findings in 0 files\n")
    assert b"no files to check" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere: no such file or folder; check the path"),
        ([""], "an empty path: no such file or folder; check the path"),
        (["--fix", "--diff"], "--fix writes and --diff does not"),
        (["--unsafe-fixes"], "goes with --fix or --diff"),
        (["--stdin-filename", "x", "y"], "give no paths"),
        (["--format", "xml"], "unknown format 'xml'; known: full, concise"),
        (["--files-from", "nowhere"], "nowhere: No such file"),
        (["--statistics", "--format", "json"], "--statistics goes with"),
        (["--diff", "--format", "json"], "--format and --output do not apply"),
        *(
            ([name, "", "--fix"], f"argument {name}: the value is empty; give one, or leave the option out")
            for name in (
                "--files-from",
                "--stdin-filename",
                "--release-repo",
                "--config",
                "--baseline",
                "--catalog",
                "--select",
                "--since",
            )
        ),
        *((["--diff", name], "--show-kept and --statistics do not apply") for name in ("--show-kept", "--statistics")),
        *(
            (["--add-ignores", "why", *options], "--format, --output, --statistics and --show-kept do not apply")
            for options in (["--format", "json"], ["-o", "json:x"], ["--statistics"], ["--show-kept"])
        ),
        (["--add-ignores", "why", "--verify"], "it goes without --verify"),
        (["--exclude", "!a.sh"], "argument --exclude: no pattern brings back what another leaves out: '!a.sh'"),
        (["baseline", "write", "--file", ""], "argument --file: the value is empty"),
        (["--stdin-filename", "x", "--fix", "--format", "json"], "so --format does not apply; -o FORMAT:FILE does"),
        (["rule", "QCI999"], "no rule 'QCI999'"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = qcilint(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_folder_with_the_name_of_a_command(repository: Repository) -> None:
    root = repository({"config/Dockerfile": f"FROM {OLD}\n"})
    note = b"qcilint: config is a command; the path of that name is ./config\n"
    done = qcilint("config", cwd=root)
    assert (done.returncode, done.stderr) == (0, note)
    for path in ("./config", "config/"):
        done = qcilint(path, cwd=root)
        assert (done.returncode, done.stderr) == (1, b"")


def test_hostile_names_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\nDockerfile").write_text(f"FROM {OLD} \x1b[31m\n")
    out = qcilint(cwd=tmp_path).stdout
    assert b"\x1b" not in out
    assert b"a\\x1b[2J\\nDockerfile:1:6" in out


def test_colour(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {OLD}\n")
    assert b"\x1b[" not in qcilint(cwd=tmp_path).stdout
    assert b"\x1b[" in qcilint(cwd=tmp_path, FORCE_COLOR="1").stdout
    assert b"\x1b[" in qcilint("--color", "always", cwd=tmp_path, NO_COLOR="1").stdout
    assert b"\x1b[" not in qcilint("--color", "never", cwd=tmp_path, FORCE_COLOR="1").stdout


def test_rule_explains_itself(tmp_path: Path) -> None:
    assert len(qcilint("rule", cwd=tmp_path).stdout.splitlines()) >= 12
    out = qcilint("rule", "decommissioned-registry", cwd=tmp_path).stdout.decode()
    assert out.startswith("QCI101 decommissioned-registry (error)")
    assert "+ FROM quay-proxy.ci.openshift.org/openshift/ci:ocp_builder_golang-1.13 AS build" in out


def test_an_unreadable_file_is_an_error(repository: Repository) -> None:
    root = repository(FILES)
    (root / "Dockerfile").chmod(0)
    done = unprivileged(cwd=root)
    assert done.returncode == 2
    assert "qcilint: error: Dockerfile: Permission denied\n" in done.stderr


def test_a_reader_that_leaves_early(repository: Repository) -> None:
    root = repository({f"d{number}/Dockerfile": f"FROM {OLD}\n" * 50 for number in range(40)})
    command = subprocess.Popen([sys.executable, "-m", "qcilint"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert command.stdout
    assert command.stderr
    command.stdout.readline()
    command.stdout.close()
    assert b"Traceback" not in command.stderr.read()
    assert command.wait() in (1, 2)


def test_interrupt(tmp_path: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "qcilint", "--stdin-filename", "x"], cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stderr
    try:
        command.wait(1.5)
    except subprocess.TimeoutExpired:
        command.send_signal(signal.SIGINT)
    assert b"Traceback" not in command.stderr.read()
    assert command.wait() == 130


def test_an_interrupted_fix_leaves_every_file_whole(repository: Repository) -> None:
    root = repository({f"{number}.sh": f"podman pull {OLD}\n" * 5 for number in range(300)})
    command = subprocess.Popen([sys.executable, "-m", "qcilint", "--fix"], cwd=root, stderr=subprocess.PIPE)
    while command.poll() is None and not git(root, "diff", "--name-only"):
        pass
    command.send_signal(signal.SIGINT)
    _, said = command.communicate()
    assert b"Traceback" not in said
    assert git(root, "ls-files", "--others") == ""
    texts = {path.read_text() for path in root.glob("*.sh")}
    assert texts <= {f"podman pull {image}\n" * 5 for image in (OLD, NEW)}


HEAVY = (
    "libcst",
    "ruamel",
    "dockerfile_parse",
    "multiprocessing",
    "identify",
    "argparse",
    "dataclasses",
    "subprocess",
    "tomllib",
    "qcilint.engine",
    "qcilint.languages",
    "qcilint.locate",
    "qcilint.judge",
    "qcilint.output.run",
    "qcilint.output.full",
    "json",
    "hypothesis",
)


def test_a_clean_file_pays_for_no_parser(tmp_path: Path) -> None:
    (tmp_path / "clean.yaml").write_text("a: b\n")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "qcilint", "clean.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = [line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert "qcilint.scan" in imported
    assert [name for name in imported if name.startswith(HEAVY)] == []


@pytest.mark.parametrize("in_git", [True, False])
@pytest.mark.parametrize(
    ("script", "held"),
    [
        ("x:\n\tsed -E 's#ocp/[0-9.]+:#ocp/$(V):#' Dockerfile > y\n", True),
        ("x:\n\tgrep ^FROM Dockerfile | cut -d: -f2\n", True),
        ("x:\n\tgrep ^FROM Dockerfile\n", False),
        ("x:\n\tsed -E 's#ocp/[0-9.]+:#ocp/$(V):#' Dockerfile.other > y\n", False),
        ("x:\n\t./gen > Dockerfile\n", True),
    ],
)
def test_a_script_that_works_on_the_file_holds_the_edit_back(
    repository: Repository, tmp_path: Path, script: str, held: bool, in_git: bool
) -> None:
    files = {"Dockerfile": f"FROM {OLD}\n", "Makefile": script}
    if in_git:
        root = repository(files)
    else:
        root = tmp_path / "plain"
        root.mkdir()
        for name, content in files.items():
            (root / name).write_text(content)
    done = qcilint("--fix", cwd=root)
    assert (root / "Dockerfile").read_text() == f"FROM {OLD if held else NEW}\n"
    assert (b"see:  Makefile:2" in done.stdout) is held
