"""The unified diff: git applies it, and gets the new text."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.output.diff import unified

LINES = [f"line {number}\n" for number in range(30)]


def applied(before: str, after: str) -> str:
    """What `git apply` makes of the old text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_text(before, newline="")
        patch = b"".join(unified("f", before.encode(), after.encode()))
        subprocess.run(["git", "apply", "-"], cwd=folder, input=patch, check=True)
        return path.read_bytes().decode()


def replaced(*changes: tuple[int, str]) -> str:
    lines = list(LINES)
    for number, text in changes:
        lines[number] = text
    return "".join(lines)


@pytest.mark.parametrize(
    ("before", "after", "hunks"),
    [
        pytest.param(replaced(), replaced((5, "new\n")), ["@@ -3,7 +3,7 @@"], id="a line"),
        pytest.param(replaced(), replaced((0, "new\n"), (29, "new\n")), ["@@ -1,4 +1,4 @@", "@@ -27,4 +27,4 @@"], id="the first and the last"),
        pytest.param(replaced(), replaced((5, "a\n"), (12, "b\n")), ["@@ -3,14 +3,14 @@"], id="contexts that meet"),
        pytest.param(replaced(), replaced((5, "line 5\nnew\n")), ["@@ -4,6 +4,7 @@"], id="an added line"),
        pytest.param(replaced(), replaced((5, "new\nline 5\n"), (20, "x\n")), ["@@ -3,6 +3,7 @@", "@@ -18,7 +19,7 @@"], id="added, then changed"),
        pytest.param(replaced(), replaced((5, "x\nnew\nmore\n")), ["@@ -3,7 +3,9 @@"], id="changed and added"),
        pytest.param("- a", "- a\n- b", ["@@ -1 +1,2 @@"], id="no final newline"),
        pytest.param(replaced(), replaced() + "new\n", ["@@ -28,3 +28,4 @@"], id="at the end"),
        pytest.param(replaced(), replaced((5, "")), None, id="a removed line"),
    ],
)  # fmt: skip
def test_git_takes_it(before: str, after: str, hunks: list[str] | None) -> None:
    assert applied(before, after) == after
    shown = [line.decode().strip() for line in unified("f", before.encode(), after.encode()) if line.startswith(b"@@")]
    assert hunks is None or shown == hunks


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=25), st.data())
def test_any_edit_survives(lines: list[str], data: st.DataObject) -> None:
    changed = [data.draw(st.sampled_from([line, line, line, "x", f"{line}\ny", f"y\n{line}"])) for line in lines]
    before, after = "\n".join(lines) + data.draw(st.sampled_from(["", "\n"])), "\n".join(changed) + "\n"
    if before != after:
        assert applied(before, after) == after


HOSTILE = ["a\nb", "a\x1b[31mb", "a\u202eb", "a\u2028b", "caf\udce9", "a\udc9bb", 'a"b', "a\\b", "é 😀"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_any_name_can_be_printed_and_git_finds_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("old\n")
    patch = b"".join(unified(name, b"old\n", b"new\n"))
    assert all(line.isprintable() for line in patch.decode().replace("\t", "").splitlines())
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert path.read_text() == "new\n"
