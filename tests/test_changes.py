"""What changed since a commit: real repositories, hostile names and settings of git that would change its output."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.changes import WHOLE, Changes, Lines, parse_patch
from qcilint.discovery import DiscoveryError

from .conftest import Repository, git, git_environment

TEN = "".join(f"line {number}\n" for number in range(1, 11))


def changed(root: Path, ref: str = "main") -> dict[str, list[int] | None]:
    """Path → lines, None for all of them."""
    changes = Changes(str(root), ref)
    found = {path: changes.lines(path) for path in changes.paths}
    return {path: None if lines.is_whole else sorted(lines.numbers) for path, lines in found.items()}


def branch(root: Path, **files: str) -> None:
    git(root, "switch", "-q", "-c", "work")
    commit(root, **files)


def commit(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / name).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "change")


def test_commits_of_the_branch_the_index_and_the_work_tree_count_and_what_main_did_since_does_not(repository: Repository) -> None:
    root = repository({"a": TEN, "b": TEN, "c": TEN})
    branch(root, a=TEN.replace("line 2\n", "new 2\n"))
    git(root, "switch", "-q", "main")
    commit(root, b=TEN.replace("line 1\n", "main\n"))
    git(root, "switch", "-q", "work")
    (root / "a").write_text((root / "a").read_text() + "end\n")
    (root / "c").write_text("first\n" + TEN)
    git(root, "add", "c")
    (root / "new").write_text("x\n")
    assert changed(root) == {"a": [2, 11], "c": [1], "new": None}


def test_what_leaves_no_line_behind(repository: Repository) -> None:
    root = repository({"gone": TEN, "less": TEN, "mode": TEN})
    git(root, "rm", "-q", "gone")
    (root / "less").write_text(TEN.replace("line 3\nline 4\n", ""))
    (root / "mode").chmod(0o755)
    assert changed(root) == {"less": [], "mode": []}


@pytest.mark.parametrize("name", ["to", "a b", 'q"\\', "tab\t", "line\nend", "é", "+++ b", "::x", "-x", ":(top)x", "*"])
def test_a_rename_is_followed_whatever_the_names(repository: Repository, name: str) -> None:
    root = repository({"from here": TEN, "x": TEN + "x\n"})
    git(root, "mv", "--", "from here", name)
    (root / name).write_text(TEN.replace("line 7\n", "new 7\n"))
    assert changed(root) == {name: [7]}


def test_a_name_that_is_no_text(repository: Repository) -> None:
    root = repository({"x": TEN})
    raw = os.path.join(os.fsencode(root), b"raw\xff \x01")
    with open(raw, "wb") as file:
        file.write(TEN.encode())
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "raw")
    with open(raw, "ab") as file:
        file.write(b"more\n")
    assert changed(root) == {os.fsdecode(b"raw\xff \x01"): [11]}


def test_what_looks_like_a_patch_is_text(repository: Repository) -> None:
    root = repository({"a": TEN, "z": TEN})
    text = "++ b/z\n-- a/z\n@@ -1 +1 @@\ndiff --git a/z b/z\n"
    (root / "a").write_text(text + TEN.replace("line 5\n", "++ b/z\n"))
    assert changed(root) == {"a": [1, 2, 3, 4, 9]}


@pytest.mark.parametrize(
    ("settings_", "environment"),
    [
        ({"diff.noprefix": "true"}, {}),
        ({"diff.mnemonicPrefix": "true"}, {}),
        ({"color.ui": "always", "color.diff": "always", "diff.colorMoved": "zebra"}, {}),
        ({"diff.external": "false"}, {}),
        ({"diff.renames": "false"}, {}),
        ({"diff.renames": "copies", "diff.algorithm": "minimal"}, {}),
        ({"diff.context": "5", "diff.interHunkContext": "5"}, {}),
        ({"diff.relative": "true"}, {}),
        ({"core.quotepath": "true"}, {}),
        ({"diff.suppressBlankEmpty": "true"}, {}),
        ({}, {"GIT_EXTERNAL_DIFF": "false"}),
        ({}, {"GIT_DIFF_OPTS": "--unified=5"}),
        ({}, {"GIT_GLOB_PATHSPECS": "1"}),
    ],
    ids=lambda value: "+".join(value),
)
def test_no_setting_of_git_matters(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, settings_: dict[str, str], environment: dict[str, str]
) -> None:
    root = repository({"a": TEN, "d/é": TEN})
    for key, value in settings_.items():
        git(root, "config", key, value)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    git(root, "mv", "d/é", "d/ü")
    (root / "d/ü").write_text(TEN.replace("line 1\n", "new\n"))
    (root / "a").write_text(TEN.replace("line 2\n", "new\n").replace("line 5\n", "new\n\n"))
    assert changed(root) == {"a": [2, 5, 6], "d/ü": [1]}


def test_a_file_that_git_takes_for_binary_and_one_with_a_driver_have_lines(repository: Repository) -> None:
    root = repository({"a": TEN, "b": TEN, ".gitattributes": "a -diff\nb diff=odd\n"})
    git(root, "config", "diff.odd.command", "false")
    git(root, "config", "diff.odd.textconv", "false")
    for name in ("a", "b"):
        (root / name).write_text(TEN + "x\n")
    assert changed(root) == {"a": [11], "b": [11]}


def test_submodules_and_links_have_no_lines(repository: Repository) -> None:
    root = repository({"a": TEN, "b": TEN})
    inner = root / "sub"
    inner.mkdir()
    git(inner, "init", "-q")
    git(inner, "commit", "-q", "--allow-empty", "-m", "x")
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "sub")
    (root / "a").unlink()
    (root / "a").symlink_to("b")
    assert changed(root) == {}


def test_a_conflict_counts_where_it_stands(repository: Repository) -> None:
    root = repository({"a": TEN})
    branch(root, a=TEN.replace("line 2\n", "work\n"))
    git(root, "switch", "-q", "main")
    commit(root, a=TEN.replace("line 2\n", "main\n"))
    subprocess.run(["git", "merge", "-q", "work"], cwd=root, capture_output=True, check=False, env=git_environment())
    assert (root / "a").read_text().splitlines()[1:6] == ["<<<<<<< HEAD", "main", "=======", "work", ">>>>>>> work"]
    assert changed(root) == {"a": [2, 4, 5, 6]}  # HEAD is main, which has line 3


def test_files_that_git_does_not_track_are_new(repository: Repository) -> None:
    root = repository({"a": TEN, ".gitignore": "ignored\n"})
    (root / "ignored").write_text("x\n")
    changes = Changes(str(root), "HEAD")
    assert [changes.touch(path) for path in ("a", "ignored")] == [False, True]
    assert changes.lines("ignored") == WHOLE
    assert changes.paths == ["ignored"]


def test_more_files_than_a_command_line_takes(repository: Repository) -> None:
    root = repository({f"{number:04}{'x' * 200}": TEN for number in range(900)})
    for path in root.glob("0*"):
        path.write_text(TEN + "x\n")
    changes = Changes(str(root), "main")
    changes.load(changes.paths)
    assert len(changes.paths) == 900
    assert {changes.lines(path) for path in changes.paths} == {Lines(frozenset({11}))}


def test_errors_say_what_to_do(repository: Repository, tmp_path: Path) -> None:
    root = repository({"a": TEN})
    commit(root, a="x\n")
    for ref in ("nowhere", "-p", "", "main..main", "main:a"):
        with pytest.raises(DiscoveryError, match="git knows no such commit; name a commit"):
            Changes(str(root), ref)
    git(root, "switch", "-q", "--orphan", "other")
    with pytest.raises(DiscoveryError, match="no commit yet"):
        Changes(str(root), "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(DiscoveryError, match="no commit in common with HEAD; name a branch"):
        Changes(str(root), "main")
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{root}", "shallow")
    for ref in ("origin/main", "origin/nowhere"):
        with pytest.raises(DiscoveryError, match="shallow: fetch the rest with `git fetch --unshallow`"):
            Changes(str(tmp_path / "shallow"), ref)
    commit(root, a="y\n")
    tree = git(root, "rev-parse", "HEAD^{tree}").strip()
    commit(root, a="x\n")
    (root / f".git/objects/{tree[:2]}/{tree[2:]}").unlink()
    with pytest.raises(DiscoveryError, match=r"git cannot read this repository; `git diff [0-9a-f]+` there says why"):
        Changes(str(root), "HEAD~1")
    (root / ".git/HEAD").write_text("nonsense\n")
    with pytest.raises(DiscoveryError, match="git cannot read this repository; `git status` there says why"):
        Changes(str(root), "main")


LINES = st.lists(st.sampled_from([b"a", b"b", b"", b"+++ b/x", b"--- a/x", b"@@ -1 +1 @@", b"\\ x", b"\r"]), max_size=8)


@settings(max_examples=25, deadline=None)
@given(before=LINES, after=LINES, ends=st.tuples(st.booleans(), st.booleans()))
def test_what_is_not_among_the_lines_stood_there_before(
    tmp_path_factory: pytest.TempPathFactory, before: list[bytes], after: list[bytes], ends: tuple[bool, bool]
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    for name, lines, end in zip(("a", "b"), (before, after), ends, strict=True):
        (folder / name).write_bytes(b"\n".join(lines) + (b"\n" if end and lines else b""))
    command = ["git", "diff", "--no-index", "--unified=0", "--text", "a", "b"]
    patch = subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout
    found = parse_patch(patch).get(b"b", set())
    old, new = ((folder / name).read_bytes().split(b"\n") for name in "ab")
    left = iter(old)
    assert all(line in left for number, line in enumerate(new, 1) if number not in found and (line or number < len(new)))
    assert found <= set(range(1, len(new) + 1))


def test_a_patch_that_breaks_off_is_refused() -> None:
    with pytest.raises(ValueError, match="ends within a hunk"):
        parse_patch(b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a")


@pytest.mark.parametrize(
    ("before", "after", "lines", "expected"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\n", {1}, {1, 2}),
        (b"a\nb\nc\n", b"b\nc\n", {3}, {2}),
        (b"a\nb\nc\n", b"a\nnew\nb\nc\n", {3}, {2, 4}),
        (b"a\nb\nc\n", b"a\nb\nc\n", {2}, {2}),
    ],
    ids=["edited", "removed", "added", "the same"],
)
def test_lines_move_with_an_edit(before: bytes, after: bytes, lines: set[int], expected: set[int]) -> None:
    assert Lines(frozenset(lines)).moved(before, after).numbers == expected
    assert WHOLE.moved(before, after) is WHOLE
