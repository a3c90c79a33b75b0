"""What a silent finding means for itself and for the fixes of others."""

from __future__ import annotations

from typing import Any

import pytest

from qcilint.config import Settings
from qcilint.config_files import Layer
from qcilint.filters import apply, silence
from qcilint.findings import Finding
from qcilint.fixes import edits_for
from qcilint.ruleset import load_builtin

from .conftest import DEAD, NEW, OLD, lint

OTHER = OLD.replace(":cli", ":base")
RULES = load_builtin()


def filtered(text: str, table: dict[str, Any], path: str = "Dockerfile") -> list[Finding]:
    result = lint(text.encode(), path)
    apply(result.findings, result.source, Settings([Layer("file", "/", table, "/")], RULES))
    return result.findings


def test_a_silent_finding_is_kept_with_its_reason_and_not_fixed() -> None:
    (finding,) = filtered(f"FROM {OLD}\n", {"ignore": ["QCI103"]})
    assert (finding.kept, finding.silenced, finding.rule) == (True, "configuration", "QCI103")
    assert finding.reason == "QCI103 is off: ignore has 'QCI103' (file)"
    assert not finding.fixable(unsafe=True)


def test_what_was_kept_keeps_its_own_reason() -> None:
    (finding,) = filtered(f"FROM {OLD}\n", {"ignore": ["all"]}, "testdata/Dockerfile")
    assert (finding.silenced, finding.reason) == ("", "test data: a test expects this very text")


def test_no_other_rule_takes_over() -> None:
    # Of QCI302 and QCI103, which both are about it, the first decides, on or off.
    text = f"FROM {OLD} AS a\nFROM {NEW} AS b\n"
    assert lint(text.encode()).findings[0].rule == "QCI302"
    findings = filtered(text, {"ignore": ["QCI302"]})
    assert all(finding.kept for finding in findings)


def test_severity() -> None:
    (finding,) = filtered(f"FROM {OLD}\n", {"severity": {"QCI103": "note"}})
    assert (finding.severity, finding.fails, finding.fixable(unsafe=False)) == ("note", False, True)


@pytest.mark.parametrize(
    ("text", "path", "index", "unsafe", "left"),
    [
        pytest.param(f"FROM {OLD}\nFROM {OTHER}\n", "Dockerfile", 0, True, set(), id="a Dockerfile stays whole"),
        pytest.param(f"# {OLD}\nFROM {OLD}\n", "Dockerfile", 1, True, set(), id="a comment stays like what it repeats"),
        pytest.param(f"podman pull {OLD}\npodman pull {OTHER}\n", "x.sh", 0, False, {1}, id="another image of a script changes"),
        pytest.param(f"podman pull {OLD}\npodman pull {OLD}\n", "x.sh", 0, False, set(), id="the same text is not changed unasked"),
        pytest.param(
            "ARG R=registry.ci.openshift.org\nFROM ${R}/ocp/4.20:cli\nFROM ${R}/ocp/4.20:base\n",
            "Dockerfile", 1, True, set(), id="names in common",
        ),
        pytest.param(
            f"images:\n- dockerfile_literal: |\n    FROM {OLD}\n- dockerfile_literal: |\n    FROM {OLD}\n    FROM {OTHER}\n",
            "x.yaml", 0, False, set(),
            id="the same text in another Dockerfile holds that one back whole",
        ),
    ],
)  # fmt: skip
def test_what_changes_with_a_silent_finding_stays(text: str, path: str, index: int, unsafe: bool, left: set[int]) -> None:
    result = lint(text.encode(), path)
    before, _ = edits_for(result.source.data, result.findings, unsafe=unsafe)
    assert len(before) > len(left)
    silence(result.findings, [(result.findings[index], "for a reason")], "configuration", result.source)
    chosen, _ = edits_for(result.source.data, result.findings, unsafe=unsafe)
    assert {result.findings.index(finding) for finding in chosen} == left


def test_the_note_names_the_line_that_stays() -> None:
    findings = filtered(f"FROM {DEAD}\nFROM {OLD}\n", {"ignore": ["QCI103"]})
    assert findings[0].reason == "changes only together with line 2, which stays: QCI103 is off: ignore has 'QCI103' (file)"
