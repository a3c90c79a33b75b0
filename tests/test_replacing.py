"""A file is replaced whole or not at all, and stays what it was: a link, a device, a file of this mode."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcilint.replacing import replace_file


@pytest.mark.parametrize("mode", [0o600, 0o755, 0o644])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(mode)
    replace_file(str(path), (b"n", b"ew"))
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert os.listdir(tmp_path) == ["file"]


def test_a_new_file_has_the_mode_of_every_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    replace_file(str(tmp_path / "file"), (b"new",))
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_stays(tmp_path: Path, is_there: bool) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/file")
    if is_there:
        (tmp_path / "folder/file").write_text("old")
    replace_file(str(tmp_path / "link"), (b"new",))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder/file").read_text() == "new"
    assert os.listdir(tmp_path / "folder") == ["file"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    replace_file(str(pipe), (b"new",))
    reader.join(20)
    assert read == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("reason", [KeyboardInterrupt, OSError])
def test_a_run_that_ends_early_leaves_nothing(tmp_path: Path, reason: type[BaseException]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"new" * 100_000
        raise reason

    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(reason):
        replace_file(str(path), pieces())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(str(tmp_path / "folder/file"), ())
