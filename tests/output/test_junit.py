"""JUnit, read back by junitparser: one case a rule, always there."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from qcilint.output import render
from qcilint.output.run import Run
from qcilint.results import Report

from ..conftest import LINTER, OLD, Repository, lint, qcilint
from .samples import FILES, load, report


def cases(text: str) -> dict[str, TestCase]:
    """The test cases by name, of a document whose counts are right."""
    document = JUnitXml.fromstring(text.encode())
    (suite,) = document
    assert isinstance(suite, TestSuite)
    found = {case.name: case for case in suite}
    counted = (suite.tests, suite.failures, suite.errors)
    assert len(found) == suite.tests == document.tests
    suite.update_statistics()
    assert (suite.tests, suite.failures, suite.errors) == counted
    return found


def test_every_rule_has_its_case_whatever_is_found(repository: Repository, tmp_path: Path) -> None:
    dirty = cases(report("junit", repository(FILES)))
    (tmp_path / "clean").mkdir()
    clean = cases(report("junit", tmp_path / "clean", code=0))
    names = [f"{rule.id} {rule.name}" for rule in LINTER.rules.by_id.values()]
    assert list(dirty) == list(clean) == ["every file can be read", *names]
    assert all(case.classname == "qcilint" for case in dirty.values())
    assert not any(case.result for case in clean.values())


def test_findings_are_listed_in_the_case_of_their_rule(repository: Repository) -> None:
    root = repository({**FILES, "x.yaml": "a: registry.ci.openshift.org/ocp/4.20\n"})
    found = load("json", root)["findings"]
    for name, case in cases(report("junit", root)).items():
        mine = [finding for finding in found if finding["rule"] == name.split()[0]]
        failing = [finding for finding in mine if finding["severity"] != "note"]
        assert bool(case.result) is bool(failing)
        if failing:
            (failure,) = case.result
            assert isinstance(failure, Failure)
            assert failure.message.startswith(f"{len(failing)} finding")
            listed = failure.text.splitlines()
            assert [line.split(": ")[0] for line in listed] == [
                f"{each['path']}:{each['line']}:{each['column']}" for each in failing
            ]
        notes = [finding for finding in mine if finding["severity"] == "note"]
        assert len((case.system_out or "").splitlines()) == len(notes)


def test_a_file_that_cannot_be_read() -> None:
    run = Run(Report(errors=[("a\x1b", "Permission denied")]), tuple(LINTER.rules.by_id.values()), "1.0.0")
    first, *others = cases("\n".join(render("junit", run))).values()
    assert isinstance(first.result[0], Error)
    assert first.result[0].text == "a\\x1b: Permission denied"
    assert not any(case.result for case in others)


def test_a_long_list_is_cut() -> None:
    file = lint(f"FROM {OLD}\n".encode())
    run = Run(Report([file] * 600), tuple(LINTER.rules.by_id.values()), "1.0.0")
    (failure,) = cases("\n".join(render("junit", run)))["QCI103 app-ci-registry-in-dockerfile"].result
    assert len(failure.text.splitlines()) == 501
    assert failure.text.endswith("… and 100 more")
    assert failure.message.startswith("600 findings in 1 file:")


def test_in_prow(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    path = tmp_path / "artifacts" / "junit_qcilint.xml"
    done = qcilint("-o", f"junit:{path}", cwd=repository(FILES))
    assert done.returncode == 1
    assert b"help:" in done.stdout
    assert cases(path.read_text())
