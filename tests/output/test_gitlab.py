"""GitLab code quality: the fields that GitLab needs, and fingerprints that stay."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from ..conftest import OLD, Repository
from .samples import FILES, load

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
FORM = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "type": {"const": "issue"},
            "description": {"type": "string", "minLength": 10},
            "check_name": {"pattern": "^QCI[0-9]+$"},
            "categories": {"items": {"enum": ["Bug Risk", "Clarity", "Compatibility", "Complexity", "Duplication", "Performance", "Security", "Style"]}},
            "fingerprint": {"pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": "^(\\./|/)"}},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}  # fmt: skip


def test_the_report_has_its_form(repository: Repository) -> None:
    root = repository(FILES)
    issues = load("gitlab", root)
    Draft202012Validator(FORM).validate(issues)
    found = load("json", root)["findings"]
    assert [(issue["location"]["path"], issue["location"]["lines"]["begin"], issue["check_name"]) for issue in issues] == [
        (finding["path"], finding["line"], finding["rule"]) for finding in found
    ]
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_paths_are_those_of_the_repository(repository: Repository) -> None:
    (issue,) = load("gitlab", repository({"a/b/Dockerfile": f"FROM {OLD}\n"}) / "a")
    assert issue["location"]["path"] == "a/b/Dockerfile"


def test_fingerprints_stay_when_lines_move(repository: Repository) -> None:
    root = repository({"a.sh": f"podman pull {OLD}\n" * 3})
    before = [issue["fingerprint"] for issue in load("gitlab", root)]
    (root / "a.sh").write_text("# new\n" + f"podman pull {OLD}\n" * 2 + "# new\n" + f"podman pull {OLD}\n")
    assert [issue["fingerprint"] for issue in load("gitlab", root)] == before
    assert len(set(before)) == 3


def test_a_clean_run_is_an_empty_list(repository: Repository) -> None:
    assert load("gitlab", repository({"a": ""}), code=0) == []
