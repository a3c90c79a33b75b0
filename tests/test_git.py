"""What git says of the files of a repository."""

from __future__ import annotations

from pathlib import Path

from qcilint.git import git_files

from .conftest import Repository


def test_what_git_lists_below_a_folder(repository: Repository, tmp_path: Path) -> None:
    root = repository({"a*/x": "1", "ab/y": "2", ".gitignore": "ignored\n"})
    (root / "a*" / "new").write_text("3")
    (root / "a*" / "ignored").write_text("4")
    assert git_files(str(root), "a*/") == ["a*/new", "a*/x"]
    assert git_files(str(root), "a*/", untracked=False) == ["a*/x"]
    assert git_files(str(root), untracked=False) == [".gitignore", "a*/x", "ab/y"]
    outside = tmp_path / "outside"
    outside.mkdir()
    assert git_files(str(outside)) is None
