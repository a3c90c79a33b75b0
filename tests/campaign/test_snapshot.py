"""The files of a commit, read without a work tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcilint.campaign import snapshot
from qcilint.campaign.credentials import Credentials
from qcilint.campaign.examine import scanner
from qcilint.campaign.gitcli import Git, GitError
from tests.conftest import OLD, git

LINE = f"FROM {OLD}\n".encode()
FILES = {
    "Dockerfile": LINE,
    "again/Dockerfile": LINE,
    "Makefile": b"x:\n",
    "binary": b"\0" + LINE,
    "blob 5\nDockerfile": b"deadbeef blob 3\nabc\n",
    "empty": b"",
    "no-end": LINE.rstrip(),
    "é": b"caf\xe9 \\",
    "image.go": b"package a\n" + b"// x\n" * 2000,
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main", ".")
    for path, data in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "link").symlink_to("Dockerfile")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "start")
    return tmp_path


@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize("kept", [0, 1 << 20])
def test_every_file_is_read_and_searched(repository: Path, monkeypatch: pytest.MonkeyPatch, piece: int, kept: int) -> None:
    monkeypatch.setattr(snapshot, "_PIECE", piece)
    monkeypatch.setattr(snapshot, "MOST_KEPT", kept)
    found = snapshot.read(Git(Credentials("", "https://example.com")), str(repository), "HEAD", scanner(False), "/none")
    assert dict(found.held) == FILES
    assert found.open == {"Dockerfile", "again/Dockerfile", "no-end"}
    assert len(found.held) == len(FILES)
    assert "link" not in found.held


def test_a_blob_that_is_missing_is_an_error(repository: Path) -> None:
    name = git(repository, "rev-parse", "HEAD:image.go").strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(GitError, match=r"image\.go: git does not have its content; in a partial"):
        snapshot.read(Git(Credentials("", "https://example.com")), str(repository), "HEAD", scanner(False), "/none")


TREES = {
    "nothing": ({"pyproject.toml": b"[project]\n", "Dockerfile": LINE}, ""),
    "a configuration": ({"a/.qcilint.toml": b""}, "all"),
    "a table": ({"pyproject.toml": b"[tool.qcilint]\n"}, "all"),
    "attributes": ({".gitattributes": b"a linguist-generated\n", "Dockerfile": LINE}, "attributes"),
    "attributes of nothing": ({".gitattributes": b"a linguist-generated\n", "x": b""}, ""),
    "other attributes": ({".gitattributes": b"a text\n", "Dockerfile": LINE}, ""),
    "attributes below": ({"a/.gitattributes": b"a linguist-generated\n", "Dockerfile": LINE}, ""),
}


@pytest.mark.parametrize(("files", "wanted"), TREES.values(), ids=TREES)
def test_what_has_to_be_on_disk(tmp_path: Path, files: dict[str, bytes], wanted: str) -> None:
    git(tmp_path, "init", "-q", "-b", "main", ".")
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "start")
    found = snapshot.read(Git(Credentials("", "https://example.com")), str(tmp_path), "HEAD", scanner(False), "/none")
    assert snapshot.work_tree(found) == wanted
