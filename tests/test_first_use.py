"""Who follows the README, and nothing else, gets its four uses to work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import OLD
from .first_use import README, TRANSCRIPT, follow, page
from .pages import assert_shown

FINDS = re.compile(r"qcilint( --.*)?$")
"""A check, which ends with 1 where something is found."""


def test_a_fresh_clone_and_a_fresh_home_are_enough(tmp_path: Path) -> None:
    readme = README.read_text()
    done = follow(readme, tmp_path)
    if any(step.code and "pip install" in step.command for step in done):
        pytest.skip(f"pip cannot install what the README needs; is PyPI out of reach?\n{done[1].printed}")
    for step in done:
        assert_shown(step.command, step.shown, step.printed)
    assert [step.command for step in done if step.code == 1] == [step.command for step in done if FINDS.match(step.command)]
    assert all(step.code in (0, 1) for step in done)
    assert OLD not in (tmp_path / "home" / "second" / "Dockerfile").read_text()
    assert (tmp_path / "home" / "junit_qcilint.xml").exists()
    assert page(readme, done) == TRANSCRIPT.read_text(), "README or output changed: `make transcript` writes the page anew"
