"""Answers on disk: how long they are believed, and what becomes of a file that is broken or shared."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from qcilint.registry.cache import LIFETIME, Cache, default_path
from qcilint.registry.client import MISSING, PRESENT, UNKNOWN, State

FOUND, GONE = State(PRESENT, "sha256:" + "1" * 64), State(MISSING, reason="MANIFEST_UNKNOWN")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "images.json"


def test_what_is_known_is_kept_and_what_is_unknown_is_not(path: Path) -> None:
    cache = Cache(str(path))
    cache.put("a", FOUND)
    cache.put("b", GONE)
    cache.put("c", State(UNKNOWN, reason="401"))
    assert cache.save() == ""
    again = Cache(str(path))
    assert [again.get(key) for key in "abc"] == [FOUND, GONE, None]
    assert os.listdir(path.parent) == ["images.json"]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_presence_is_believed_longer_than_absence(path: Path) -> None:
    assert LIFETIME[PRESENT] > LIFETIME[MISSING]
    cache = Cache(str(path))
    cache.put("a", FOUND)
    cache.put("b", GONE)
    cache.save()

    def aged(seconds: float) -> list[State | None]:
        document = json.loads(path.read_text())
        for row in document["images"].values():
            row[3] = time.time() - seconds
        path.write_text(json.dumps(document))
        return [Cache(str(path)).get(key) for key in "ab"]

    assert aged(LIFETIME[MISSING] - 60) == [FOUND, GONE]
    assert aged(LIFETIME[MISSING] + 60) == [FOUND, None]
    assert aged(LIFETIME[PRESENT] + 60) == [None, None]
    assert aged(-3600) == [None, None]  # learnt in the future: a clock was wrong


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff{", id="binary"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"version": 1, "images": {"a": ["present"', id="cut off"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"version": 99, "images": {"a": ["absent", "", "", 9e99]}}', id="a later version"),
        pytest.param(b'{"version": 1, "images": []}', id="no table"),
        pytest.param(
            b'{"version": 1, "images": {"a": ["absent", "", "x"], "b": 5, "c": ["absent", 1, "", 1]}}', id="broken rows"
        ),
        pytest.param(b'{"version": 1, "images": {"a": ["absent", "", "", NaN], "b": ["absent", "", "", true]}}', id="no times"),
        pytest.param(b'{"version": 1, "images": {"a": ["other", "", "", 1]}}', id="a state that is none"),
    ],
)
def test_a_broken_cache_counts_as_nothing_and_is_replaced(path: Path, text: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(text)
    cache = Cache(str(path))
    assert [cache.get(key) for key in "abc"] == [None, None, None]
    cache.put("a", FOUND)
    assert cache.save() == ""
    assert Cache(str(path)).get("a") == FOUND


def test_two_runs_keep_what_both_learnt(path: Path) -> None:
    one, two = Cache(str(path)), Cache(str(path))
    one.put("a", FOUND)
    two.put("a", GONE)
    two.put("b", FOUND)
    two.save()
    one.save()
    assert [Cache(str(path)).get(key) for key in "ab"] == [GONE, FOUND]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(str(tmp_path / "file" / "images.json"))
    assert cache.save() == ""
    cache.put("a", FOUND)
    assert cache.save() == f"{tmp_path}/file/images.json cannot be written: File exists"


def test_the_usual_place() -> None:
    assert default_path({"XDG_CACHE_HOME": "/c", "HOME": "/h"}) == "/c/qcilint/images.json"
    assert default_path({"HOME": "/h"}) == "/h/.cache/qcilint/images.json"
    assert default_path({"XDG_CACHE_HOME": "relative", "HOME": "/h"}) == "/h/.cache/qcilint/images.json"
