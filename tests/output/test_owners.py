"""Who approves a file: the nearest OWNERS that names anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcilint.output.owners import Owners

TREE = {
    "OWNERS": "approvers: [top]\n",
    "a/OWNERS": "reviewers: [nobody]\n",
    "a/b/OWNERS": "approvers:\n- one\n- two\n- one\n",
    "filters/OWNERS": "filters:\n  '.*': {approvers: [every]}\n  '\\.go$': {approvers: [go]}\n",
    "broken/OWNERS": "approvers: [\n",
    "list/OWNERS": "- a\n",
    "numbers/OWNERS": "approvers: [1, null, name]\n",
    "tag/OWNERS": "!!python/object/apply:os.getcwd []\n",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("x", ["top"]),
        ("a/x", ["top"]),
        ("a/b/c/x", ["one", "two"]),
        ("filters/x.go", ["every"]),
        ("broken/x", ["top"]),
        ("list/x", ["top"]),
        ("numbers/x", ["name"]),
        ("tag/x", ["top"]),
    ],
)
def test_approvers(tmp_path: Path, path: str, expected: list[str]) -> None:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    assert Owners().of(str(tmp_path), path) == tuple(expected)


def test_nobody(tmp_path: Path) -> None:
    assert Owners().of(str(tmp_path), "a/b") == ()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("approvers: [secret]\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "OWNERS").symlink_to(tmp_path / "secret")
    assert Owners().of(str(tmp_path / "tree"), "x") == ()
