"""Which files are looked at: real git repositories, plain folders, lists, links."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from identify import extensions

from qcilint import filetypes
from qcilint.discovery import DiscoveryError, printable, read_list, select
from qcilint.filetypes import language_of
from qcilint.source import is_binary

from .conftest import OLD, Repository, git, qcilint, unprivileged


def paths(*arguments: str) -> list[str]:
    return [target.path for target in select(arguments).targets]


def test_git_tracked_and_untracked_files_but_no_ignored_ones(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository({"a/x": "1", "b": "2", ".gitignore": "ignored\n"})
    (root / "new").write_text("3")
    (root / "ignored").write_text("4")
    monkeypatch.chdir(root)
    assert paths(".") == [".gitignore", "a/x", "b", "new"]
    assert paths("a") == ["a/x"]
    assert paths(str(root / "a")) == [str(root / "a/x")]
    assert paths("ignored") == ["ignored"]
    monkeypatch.chdir(root / "a")
    assert paths(".") == ["x"]
    assert [target.repo_path for target in select(["."]).targets] == ["a/x"]
    assert select(["."]).whole == {str(root): False}
    assert select([".."]).whole == {str(root): True}


def test_a_file_is_looked_at_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository({"a/x": "1"}))
    assert paths("a", "a/x", ".") == ["a/x"]


def test_deleted_files_and_submodules_are_passed_over(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository({"a": "1", "b": "2"})
    (root / "a").unlink()
    inner = root / "sub"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "x").write_text("x")
    git(inner, "add", "x")
    git(inner, "commit", "-q", "-m", "x")
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "sub")
    monkeypatch.chdir(root)
    assert paths(".") == ["b"]


def test_names_that_are_odd(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository({"a b\n'\"é": "1", "-x": "2", "*": "3"}))
    assert sorted(paths(".")) == sorted(["a b\n'\"é", "-x", "*"])
    os.mkdir(b"raw")
    with open(b"raw/caf\xe9", "w") as file:
        file.write("x")
    assert os.fsencode(paths("raw")[0]) == b"raw/caf\xe9"


def test_a_plain_walk_outside_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b/x", "a", "node_modules/y", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    assert paths(".") == [".hidden", "a", "b/x"]
    assert select(["."]).whole == {str(tmp_path): True}


def test_links(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    root = repository({"real": "1"})
    (root / "inner").symlink_to("real")
    (root / "outer").symlink_to(outside)
    (root / "broken").symlink_to("nowhere")
    monkeypatch.chdir(root)
    selection = select(["."])
    assert [target.path for target in selection.targets] == ["real"]
    assert selection.skipped == [("outer", "a symbolic link to a place outside the tree")]
    assert paths("inner") == ["inner"]
    assert select(["outer"]).skipped == [("outer", "a symbolic link to a place outside the tree")]
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "Dockerfile").write_text("x")
    (root / "sub").symlink_to(tmp_path / "folder")
    assert select(["sub/Dockerfile"]).targets == []
    with pytest.raises(DiscoveryError, match="broken: a symbolic link to nothing"):
        select(["broken"])


def test_special_files_are_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    assert paths(".") == []
    assert select(["pipe"]).skipped == [("pipe", "no regular file")]


@pytest.mark.parametrize("folder", ["bare", "repository/.git"])
def test_the_folder_of_a_repository_itself(repository: Repository, tmp_path: Path, folder: str) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository({"a": "1"})), "bare")
    with pytest.raises(DiscoveryError, match=f"{folder}: the folder of a git repository without its work tree; name a checkout"):
        select([str(tmp_path / folder)])


def test_a_repository_that_git_cannot_read(repository: Repository) -> None:
    root = repository({"a.sh": f"podman pull {OLD}\n", "b.sh": f"podman pull {OLD}\n", ".gitignore": "b.sh\n"})
    (root / ".git/index").write_text("no index")
    done = qcilint("--format", "concise", cwd=root)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[0] == (
        "qcilint: warning: .: git cannot list its files, so ignored ones are taken, too; `git status` there says why"
    )
    assert [line[:4] for line in done.stdout.decode().splitlines()] == ["a.sh", "b.sh"]
    assert b"git cannot list its files" in qcilint("baseline", "write", cwd=root).stderr


def test_a_sparse_checkout(repository: Repository) -> None:
    root = repository({"a/a.sh": f"podman pull {OLD}\n", "b/b.sh": f"podman pull {OLD}\n"})
    warning = f"qcilint: warning: {root}: a sparse checkout: files that are not here are neither checked nor heeded\n".encode()
    assert warning not in qcilint(cwd=root).stderr
    git(root, "sparse-checkout", "set", "a")
    for arguments in ((), ("a/a.sh",), ("--since", "HEAD"), ("--diff",)):
        assert warning in qcilint(*arguments, cwd=root).stderr
    git(root, "sparse-checkout", "disable")
    assert warning not in qcilint(cwd=root).stderr


@pytest.mark.parametrize("path", ["images/Dockerfile", "images", "."])
@pytest.mark.parametrize("broken", ["index", "git"])
def test_the_rest_of_a_repository_that_git_cannot_read_counts(
    repository: Repository, path: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(
        {"images/Dockerfile": f"FROM {OLD}\n", "Makefile": "x:\n\tsed -i 's#registry.ci.openshift.org/ocp/.*:cli#x#' $(F)\n"}
    )
    if broken == "index":
        (root / ".git/index").write_text("no index")
    else:
        monkeypatch.setenv("PATH", str(root))
    done = qcilint("--format", "concise", path, cwd=root)
    assert b"something else in the repository looks for this very text" in done.stdout
    assert b"(safe)" not in done.stdout


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o100], ids=["closed", "to list only", "to enter only"])
@pytest.mark.parametrize("in_git", [True, False])
def test_a_folder_that_cannot_be_read(tmp_path: Path, mode: int, in_git: bool) -> None:
    for name in ("a.sh", "closed/b.sh", "closed/c.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"podman pull {OLD}\n")
    if in_git:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", ".")
    (tmp_path / "closed").chmod(mode)
    try:
        done = unprivileged("--format", "concise", cwd=tmp_path)
        left_out = unprivileged("--format", "concise", "--exclude", "closed/", cwd=tmp_path)
        named = unprivileged("closed", cwd=tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    can_be_read = mode == 0o100 and in_git  # git knows the names
    assert (left_out.returncode, named.returncode) == (1, 1 if can_be_read else 2)
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "a.sh",
        *(["closed/b.sh", "closed/c.sh"] * can_be_read),
    ]
    assert done.returncode == (1 if can_be_read else 2)
    assert ("qcilint: error: closed: Permission denied\n" in done.stderr) is not can_be_read


def test_a_path_that_does_not_exist() -> None:
    with pytest.raises(DiscoveryError, match="nowhere: no such file or folder; check the path"):
        select(["nowhere"])


def test_git_variables_of_a_hook_do_not_mislead(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = repository({"a": "1"})
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.chdir(root)
    assert paths(".") == ["a"]


@pytest.mark.parametrize(
    ("data", "names"),
    [(b"a\nb\n", ["a", "b"]), (b"a\r\nb", ["a", "b"]), (b"a\0b\nc\0", ["a", "b\nc"]), (b"", []), (b"\n\n", [])],
)
def test_lists_of_paths(data: bytes, names: list[str]) -> None:
    assert read_list(data) == names


def test_printable() -> None:
    assert printable("plain é") == "plain é"
    assert printable("a\x1b[31m\nb\udce9") == "a\\x1b[31m\\nb\\udce9"


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("Dockerfile", b"", "dockerfile"), ("a/Dockerfile.rhel7", b"", "dockerfile"), ("Dockerfile-ci", b"", "dockerfile"),
        ("foo.Dockerfile", b"", "dockerfile"), ("dockerfile", b"", "dockerfile"), ("Containerfile.cli", b"", "dockerfile"),
        ("build.Dockerfile.in", b"", "dockerfile"), ("Dockerfile.md", b"", "markdown"), ("Dockerfile.j2", b"", "dockerfile"),
        ("Dockerfile.sh", b"", "shell"), ("Makefile.common", b"", "make"), ("x.mk", b"", "make"), ("a.yaml.j2", b"", "yaml"),
        ("image-references", b"", "yaml"), ("x-commands.sh", b"", "shell"), ("x-commands", b"", "shell"), (".envrc", b"", "shell"),
        ("x.bats", b"", "shell"), (".env", b"", "ini"), ("Jenkinsfile", b"", "groovy"), ("x.wsgi", b"", "python"),
        ("tool", b"#!/usr/bin/env python3\n", "python"), ("tool", b"#!/bin/bash -e\n", "shell"), ("tool", b"#!/usr/bin/env -S bash\n", "shell"),
        ("tool", b"# c\nFROM a\n", "dockerfile"), ("tool", b"FROM here to there is far\n", "dockerfile"), ("notes", b"hello\n", "text"),
        ("x.go", b"", "go"), ("x.tsx", b"", "javascript"), ("x.md", b"", "markdown"), ("pyproject.toml", b"", "ini"),
    ],
)  # fmt: skip
def test_language_of(path: str, head: bytes, language: str) -> None:
    assert language_of(path, head) == language


def test_identify_is_asked_about_all_names_that_it_knows() -> None:
    def known(*tables: dict[str, set[str]]) -> set[str]:
        return {name for table in tables for name, tags in table.items() if not tags.isdisjoint(filetypes._OF_TAG)}

    assert known(extensions.EXTENSIONS, extensions.EXTENSIONS_NEED_BINARY_CHECK) == filetypes._ENDINGS
    assert known(extensions.NAMES) == filetypes._PARTS


def test_is_binary() -> None:
    assert is_binary(b"a\0b")
    assert not is_binary(b"a" * 8000 + b"\0")
