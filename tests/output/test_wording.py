"""What is said of a finding in one line."""

from __future__ import annotations

import pytest

from qcilint.output.wording import advice, markdown, message
from qcilint.records import replace

from ..conftest import LINTER, NEW, OLD, lint

(FINDING,) = lint(f"FROM {OLD}\n".encode()).findings


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, f"{OLD} → {NEW} (safe)"),
        ({"level": "unsafe", "reason": "who\npulls"}, f"{OLD} → {NEW} (unsafe: who\\npulls)"),
        ({"level": "none", "reason": "why"}, f"{OLD}: why"),
        ({"kept": True, "reason": "why"}, f"{OLD}: why"),
        ({"appends": True}, f"{OLD}: add {NEW} (safe)"),
        ({"replacement": ""}, f"{OLD}: remove it (safe)"),
    ],
    ids=["safe", "unsafe", "none", "kept", "appended", "removed"],
)
def test_advice(changed: dict[str, object], expected: str) -> None:
    finding = replace(FINDING, **changed)  # type: ignore[arg-type]
    assert advice(finding) == expected
    assert message(finding) == (expected if finding.kept else f"{finding.message}: {expected}")


def test_a_rule_as_markdown() -> None:
    text = markdown(LINTER.rules.by_id["QCI103"])
    assert text.startswith("# QCI103 app-ci-registry-in-dockerfile\n\nthis Dockerfile pulls")
    assert "`Dockerfile`, which is fixed:\n\n````\nFROM --platform" in text
    assert "which is left as it stands:\n\n````\n" in text
