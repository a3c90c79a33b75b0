"""Suppression comments at work, and the rule about those that are of no use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from qcilint.fixes import fix

from .conftest import DEAD, LINTER, NEW, OLD, Repository, git, lint, qcilint

OTHER = OLD.replace(":cli", ":base")


def reported(text: str, path: str) -> list[str]:
    return [finding.rule for finding in lint(text.encode(), path).findings if not finding.kept]


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore[QCI102] why\n", [], id="by id"),
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore[app-ci-registry]\n", [], id="by name"),
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore[qci102]\n", [], id="in small letters"),
        pytest.param("x.sh", f"podman pull {OLD} {DEAD} # qcilint: ignore[QCI102]\n", ["QCI101"], id="another rule"),
        pytest.param("x.sh", f"podman pull {OLD} {DEAD} # qcilint: ignore[QCI102,QCI101]\n", [], id="two rules"),
        pytest.param(
            "x.sh", f"podman pull {OLD}\npodman pull {OTHER} # qcilint: ignore[QCI102]\n", ["QCI102"], id="another line"
        ),
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore\n", ["QCI102", "QCI001"], id="no rule"),
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore[all]\n", ["QCI102", "QCI001"], id="all is no rule"),
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore[QCI1]\n", ["QCI102", "QCI001"], id="nor is a beginning"),
        pytest.param("x.sh", f"podman pull {OLD} # see qcilint: ignore[QCI102]\n", ["QCI102"], id="a mention"),
        pytest.param("x.sh", f"# qcilint: ignore-file[QCI102] why\npodman pull {OLD}\npodman pull {OTHER}\n", [], id="a file"),
        pytest.param(
            "x.sh", f"true\n# qcilint: ignore-file[QCI102]\npodman pull {OLD}\n", ["QCI001", "QCI102"], id="too late for a file"
        ),
        pytest.param(
            "x.yaml", f"image: {OLD}\nrun: |  # qcilint: ignore[QCI102] why\n  podman pull {OTHER}\n", ["QCI102"], id="YAML"
        ),
        pytest.param("x.sh", f"podman pull {NEW} # qcilint: ignore[QCI102]\n", ["QCI001"], id="nothing to suppress"),
        pytest.param("testdata/x.sh", f"podman pull {OLD} # qcilint: ignore[QCI102]\n", ["QCI001"], id="kept anyway"),
        pytest.param("x.sh", f"podman pull {OLD} # qcilint: ignore[QCI102,QCI102]\n", ["QCI001"], id="twice"),
        pytest.param(
            "x.sh", f"# qcilint: ignore[QCI102]\npodman pull {OLD} # qcilint: ignore[QCI102]\n", ["QCI001"], id="above and behind"
        ),
        pytest.param("x.sh", f"podman pull {NEW} # qcilint: ignore[QCI001]\n", ["QCI001"], id="not of itself"),
    ],
)
def test_what_is_reported(path: str, text: str, rules: list[str]) -> None:
    assert reported(text, path) == rules


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("x.sh", f"podman pull {NEW}  # qcilint: ignore[QCI102] x\ny\n", f"podman pull {NEW}\ny\n", id="behind"),
        pytest.param("x.sh", f"a\n  # qcilint: ignore[QCI102]\npodman pull {NEW}\n", f"a\npodman pull {NEW}\n", id="above"),
        pytest.param("x.sh", f"podman pull {NEW}\n# qcilint: ignore[QCI102]", f"podman pull {NEW}", id="the last line, unended"),
        pytest.param("x.sh", f"podman pull {NEW}\n# qcilint: ignore[QCI102]\n", f"podman pull {NEW}\n", id="the last line"),
        pytest.param(
            "x.sh", f"podman pull {NEW} # qcilint: ignore[QCI102] x  # noqa\n", f"podman pull {NEW}  # noqa\n", id="another comment stays"
        ),
        pytest.param(
            "x.sh", f"podman push {OLD} # qcilint: ignore[QCI101, QCI102, QCI9] x\n", f"podman push {OLD} # qcilint: ignore[QCI102] x\n",
            id="one of several rules",
        ),
        pytest.param("x.sh", f"podman push {OLD} # qcilint: ignore[QCI102,QCI102]\n", f"podman push {OLD} # qcilint: ignore[QCI102]\n", id="twice"),
        pytest.param("x.go", f'/* qcilint: ignore[QCI102] */ a := "{NEW}"\n', f'a := "{NEW}"\n', id="in front"),
        pytest.param("x.go", f'a := "{NEW}" /* qcilint: ignore[QCI102]\n*/\n', f'a := "{NEW}" /* qcilint: ignore[QCI102]\n*/\n', id="open"),
        pytest.param("x.md", f"{NEW} <!-- qcilint: ignore[QCI102] --> x\n", f"{NEW} x\n", id="Markdown"),
        pytest.param("x.sh", f"podman pull {NEW} # qcilint: ignore\n", f"podman pull {NEW} # qcilint: ignore\n", id="no rule named"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_fix_takes_out_what_is_of_no_use(path: str, before: str, after: str, ending: str) -> None:
    text = before.replace("\n", ending).encode()
    result = lint(text, path)
    done, _ = fix(text, result.findings, lambda data: LINTER.relint(result, data).findings, LINTER.analyst.locate, unsafe=False)
    assert done == after.replace("\n", ending).encode()


def test_a_suppressed_reference_stays_and_the_rest_is_fixed_around_it() -> None:
    text = f"podman pull {OLD} # qcilint: ignore[QCI102] why\n# qcilint: ignore[QCI101]\npodman pull {OTHER}\n".encode()
    result = lint(text, "x.sh")
    assert [finding.silenced for finding in result.findings] == ["suppression", "", ""]
    assert result.findings[0].reason == "suppressed: why"
    done, _ = fix(text, result.findings, lambda data: LINTER.relint(result, data).findings, LINTER.analyst.locate, unsafe=False)
    assert done == text.replace(b"# qcilint: ignore[QCI101]\n", b"").replace(
        OTHER.encode(), NEW.replace("_cli", "_base").encode()
    )


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("ignore", "it names no rule, and suppresses nothing; name the rules: ignore[QCI102]"),
        ("ignore[push-to-prox]", "no rule 'push-to-prox'; did you mean 'push-to-proxy'?"),
        ("ignore[xyz]", "no rule 'xyz'; `qcilint rule` lists them"),
        ("ignore[QCI101, QCI104]", "no finding of QCI101, QCI104 there"),
    ],
)
def test_the_reason(comment: str, reason: str) -> None:
    findings = lint(f"podman pull {NEW} # qcilint: {comment}\n".encode(), "x.sh").findings
    assert [finding.reason for finding in findings if finding.about] == [reason]


def test_in_a_repository(repository: Repository) -> None:
    root = repository({
        "a.sh": f"podman pull {OLD} # qcilint: ignore[QCI102] the mirror needs it\n",
        "b.yaml": f"image: {NEW} # qcilint: ignore[QCI102]\n",
    })  # fmt: skip
    done = qcilint(cwd=root)
    out = done.stdout.decode()
    assert done.returncode == 1
    assert "b.yaml:1:62: QCI001 this suppression comment suppresses nothing" in out
    assert "   help: remove it (safe)\n   note: no finding of QCI102 there\n" in out
    assert "a.sh" not in out
    assert f"kept QCI102 {OLD}: suppressed: the mirror needs it" in qcilint("--show-kept", cwd=root).stdout.decode()
    rules = [each["rule"] for each in json.loads(qcilint("--no-suppressions", "--format", "json", cwd=root).stdout)["findings"]]
    assert rules == ["QCI102"]
    assert qcilint("--ignore", "QCI001", cwd=root).returncode == 0
    # A rule that is off does not make its comments useless.
    assert qcilint("--ignore", "QCI102", "a.sh", cwd=root).returncode == 0
    assert qcilint("--fix", cwd=root).returncode == 0
    assert git(root, "diff", "--name-only") == "b.yaml\n"
    assert (root / "b.yaml").read_text() == f"image: {NEW}\n"


def test_the_examples_of_the_page_suppress() -> None:
    page = (Path(__file__).parent.parent / "docs/suppressions.md").read_text()
    examples = re.findall(r"```(sh|dockerfile|yaml)\n(.*?)```", page, re.S)
    assert len(examples) == 3
    for language, text in examples:
        path = {"sh": "x.sh", "dockerfile": "Dockerfile", "yaml": "x.yaml"}[language]
        findings = lint(text.encode(), path).findings
        assert [(finding.silenced, bool(finding.about)) for finding in findings] == [("suppression", False)], text


def test_a_useless_comment_beside_a_script_that_reads_files(repository: Repository) -> None:
    root = repository(
        {
            "Dockerfile": f"# qcilint: ignore[QCI102] moved long ago\nFROM {NEW}\n",
            "hack/pull.sh": f"podman pull {OLD}\ngrep -o 'registry.ci.openshift.org/ocp/.*' Dockerfile\n",
        }
    )
    done = qcilint(cwd=root)
    assert done.stderr == b""
    assert b"QCI001" in done.stdout
    qcilint("--fix", cwd=root)
    assert (root / "Dockerfile").read_text() == f"FROM {NEW}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["Dockerfile", "x.py"], ["--staged"], ["--jobs", "2"]], ids=["all", "named", "staged", "jobs"]
)
def test_a_useless_comment_where_no_reference_is_left(repository: Repository, arguments: list[str]) -> None:
    root = repository({"README.md": "# Hello\n", "Makefile": 'qcilint:\n\techo "# qcilint: ignore[QCI102] in a string"\n'})
    (root / "Dockerfile").write_text("# qcilint: ignore[QCI103] moved long ago\nFROM scratch\n")
    (root / "x.py").write_text("# qcilint: ignore-file[QCI102] once\nx = 1\n")
    git(root, "add", ".")
    done = qcilint("--format", "concise", *arguments, cwd=root)
    assert done.returncode == 1
    assert [line.split(b": ")[0] for line in done.stdout.splitlines()] == [b"Dockerfile:1:1", b"x.py:1:1"]
    assert qcilint("--no-suppressions", cwd=root).returncode == 0
    assert qcilint("--fix", cwd=root).returncode == 0
    assert (root / "Dockerfile").read_text() == "FROM scratch\n"
    assert (root / "x.py").read_text() == "x = 1\n"
