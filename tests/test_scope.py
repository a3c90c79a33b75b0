"""`--since`: only what changed is reported and fixed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import NEW, OLD, Repository, git, qcilint

PULL = "oc image extract {image}\n"
OTHER = OLD.replace("cli", "tools")


def lines(root: Path, *arguments: str, cwd: str = ".") -> list[str]:
    """`path:line` of what is reported."""
    done = qcilint("--since", "main", "--format", "json", *arguments, cwd=root / cwd)
    assert done.stderr == b"" or b"no files to check" in done.stderr
    return [f"{each['path']}:{each['line']}" for each in json.loads(done.stdout)["findings"] if not each["kept"]]


@pytest.fixture
def root(repository: Repository) -> Path:
    """Two old references, and a branch that adds one to the same file."""
    root = repository(
        {"hack/a.sh": f"{PULL.format(image=OLD)}echo\n{PULL.format(image=OLD)}", "hack/b.sh": PULL.format(image=OLD)}
    )
    git(root, "switch", "-q", "-c", "work")
    script = root / "hack/a.sh"
    script.write_text(script.read_text().replace("echo\n", PULL.format(image=OTHER)))
    git(root, "commit", "-q", "-a", "-m", "work")
    return root


def test_only_what_changed_is_reported_and_fixed(root: Path) -> None:
    assert lines(root) == ["hack/a.sh:2"]
    assert lines(root, ".", cwd="hack") == ["a.sh:2"]
    assert lines(root, "hack/b.sh") == []
    done = qcilint("--since", "main", "--fix", cwd=root)
    assert (done.returncode, done.stdout) == (0, b"fixed 1 reference in 1 file\n")
    text = (root / "hack/a.sh").read_text()
    assert text == PULL.format(image=OLD) + PULL.format(image=NEW.replace("cli", "tools")) + PULL.format(image=OLD)
    assert qcilint("--since", "main", "--fix", cwd=root).stdout == b"fixed 0 references in 0 files\n"


def test_new_files_and_uncommitted_lines_count(root: Path) -> None:
    (root / "new.sh").write_text(PULL.format(image=OLD))
    (root / "hack/b.sh").write_text((root / "hack/b.sh").read_text() + PULL.format(image=OTHER))
    assert lines(root) == ["hack/a.sh:2", "hack/b.sh:2", "new.sh:1"]


def test_a_rename_blames_nobody(root: Path) -> None:
    git(root, "mv", "hack/b.sh", "hack/c.sh")
    assert lines(root) == ["hack/a.sh:2"]


def test_what_did_not_change_is_kept_with_its_reason(root: Path) -> None:
    shown = qcilint("--since", "main", "--show-kept", cwd=root).stdout.decode()
    assert shown.count("nothing of it changed since main") == 2
    assert "hack/b.sh" not in shown


def test_nothing_changed(repository: Repository) -> None:
    done = qcilint("--since", "main", cwd=repository({"a.sh": PULL.format(image=OLD)}))
    assert (done.returncode, done.stdout) == (0, b"no findings in 0 files\n")
    assert done.stderr == b"qcilint: no files to check: nothing here changed since main\n"


def test_what_is_fixed_together_is_fixed_wholly_or_not_at_all(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {OLD} AS cli\nRUN x\nFROM {OLD}\n"})
    (root / "Dockerfile").write_text(f"FROM {OLD} AS cli\nRUN x\nFROM {OTHER}\n")
    done = qcilint("--since", "main", "--fix", cwd=root)
    assert "changes only together with line 1, which stays: nothing of it changed since main" in done.stdout.decode()
    assert (root / "Dockerfile").read_text() == f"FROM {OLD} AS cli\nRUN x\nFROM {OTHER}\n"
    (root / "Dockerfile").write_text(f"FROM {OTHER} AS cli\nRUN x\nFROM {OTHER}\n")
    assert qcilint("--since", "main", "--fix", cwd=root).stdout == b"fixed 2 references in 1 file\n"


def test_a_definition_that_changed_counts_for_its_uses(repository: Repository) -> None:
    root = repository({"Dockerfile": "ARG REGISTRY=quay.io\nFROM ${REGISTRY}/ocp/4.20:cli\nRUN x\n"})
    text = (root / "Dockerfile").read_text()
    (root / "Dockerfile").write_text(text.replace("RUN x", "RUN y"))
    assert lines(root) == []
    (root / "Dockerfile").write_text(text.replace("quay.io", "registry.ci.openshift.org"))
    assert lines(root) == ["Dockerfile:2"]


def test_the_rest_of_the_repository_counts(repository: Repository) -> None:
    root = repository(
        {"Dockerfile": "RUN x\n", "Makefile": "x:\n\tsed -i 's#registry.ci.openshift.org/ocp/.*:cli#y#' Dockerfile\n"}
    )
    (root / "Dockerfile").write_text(f"FROM {OLD}\n")
    assert "nothing to change" in qcilint("--since", "main", "--diff", cwd=root).stderr.decode()


def test_a_fix_that_removes_a_line_keeps_the_others_apart(repository: Repository) -> None:
    useless = "# qcilint: ignore[QCI102] no\n"
    root = repository({"a.sh": f"echo\n{PULL.format(image=OLD)}"})
    (root / "a.sh").write_text(f"{useless}echo\n{PULL.format(image=OLD)}")
    done = qcilint("--since", "main", "--fix", cwd=root)
    assert done.stdout == b"fixed 1 reference in 1 file\n"
    assert (root / "a.sh").read_text() == f"echo\n{PULL.format(image=OLD)}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "nowhere"], "--since nowhere: git knows no such commit; name a commit, a branch or a tag that is here"),
        (["--since", ""], "--since: the value is empty; give one, or leave the option out"),
        (["--since", "a\x1b[2J"], "--since a\\x1b[2J: git knows no such commit"),
        (["--since", "main", "--staged"], "give one of them"),
        (["--since", "main", "--stdin-filename", "x"], "it goes without --since and --staged"),
    ],
)
def test_wrong_use(root: Path, arguments: list[str], message: str) -> None:
    done = qcilint(*arguments, cwd=root)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.decode().split())


def test_the_page_shows_real_output(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs/scope.md").read_text()
    root = tmp_path / "example"
    shutil.copytree(Path(__file__).parent.parent / "docs/example", root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    with (root / "hack/e2e.sh").open("a") as script:
        script.write(f"oc image extract {OTHER} --path /usr/bin/jq:/usr/local/bin\n")
    git(root, "add", "-A")
    sessions = re.findall(r"```console\n\$ (.*?)\n(.*?)```", page, re.S)
    assert len(sessions) == 3
    for command, output in sessions:
        done = qcilint(*command.split()[1:], cwd=root)
        assert (done.stdout or done.stderr).decode() == output
    git(root, "switch", "-q", "-c", "work")
    done = qcilint("--staged", "--diff", cwd=root)
    subprocess.run(["git", "apply", "--cached"], cwd=root, input=done.stdout, check=True)
    assert NEW.replace("cli", "tools") in git(root, "show", ":hack/e2e.sh")


def test_outside_of_git(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(OLD)
    for path in (".", "x"):
        done = qcilint("--since", "main", path, cwd=tmp_path)
        assert done.returncode == 2
        assert b"in no git repository; --since compares with a commit of one: leave it out" in done.stderr
