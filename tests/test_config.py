"""What several layers of configuration come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qcilint.config import Settings
from qcilint.config_files import ConfigError, Layer
from qcilint.policy import Policy
from qcilint.ruleset import load_builtin

RULES = load_builtin()
BASE = "/repo"


def settings(*tables: dict[str, Any]) -> Settings:
    """Settings of layers, the last one strongest."""
    return Settings([Layer(f"file{number}", BASE, table, BASE) for number, table in enumerate(tables)], RULES)


def on(*tables: dict[str, Any]) -> set[str]:
    return {rule_id for rule_id, state in settings(*tables).states.items() if state.is_on}


ALL = set(RULES.by_id)
QCI1 = {rule_id for rule_id in ALL if rule_id.startswith("QCI1")}


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        pytest.param([], ALL, id="nothing said"),
        pytest.param([{"select": ["QCI1"]}], QCI1, id="a beginning"),
        pytest.param([{"select": ["qci101"]}], {"QCI101"}, id="an id, in any case"),
        pytest.param([{"select": ["push-to-proxy"]}], {"QCI203"}, id="a name"),
        pytest.param([{"select": ["QCI2", "QCI302"]}], {i for i in ALL if i.startswith("QCI2") or i == "QCI302"}, id="several"),
        pytest.param([{"select": []}], set(), id="none"),
        pytest.param([{"ignore": ["QCI1"]}], ALL - QCI1, id="ignored"),
        pytest.param([{"select": ["QCI101"], "ignore": ["QCI1"]}], {"QCI101"}, id="an id is more exact than a beginning"),
        pytest.param([{"select": ["QCI1"], "ignore": ["QCI101"]}], QCI1 - {"QCI101"}, id="and so it is in ignore"),
        pytest.param([{"select": ["QCI101"], "ignore": ["QCI101"]}], set(), id="equally exact: ignored"),
        pytest.param([{"select": ["QCI101"]}, {"extend-select": ["QCI102"]}], {"QCI101", "QCI102"}, id="more in the next layer"),
        pytest.param([{"ignore": ["QCI101"]}, {"select": ["all"]}], ALL, id="select starts anew"),
        pytest.param([{"ignore": ["QCI101"]}, {"extend-select": ["QCI1"]}], ALL, id="the next layer wins over a more exact word"),
        pytest.param([{"ignore": ["QCI101"]}, {"ignore": ["QCI102"]}], ALL - {"QCI101", "QCI102"}, id="ignored by both"),
        pytest.param([{"severity": {"QCI101": "off"}}], ALL - {"QCI101"}, id="off by severity"),
        pytest.param([{"severity": {"all": "off"}, "select": ["QCI101"]}], {"QCI101"}, id="off, but selected more exactly"),
        pytest.param([{"severity": {"QCI101": "off"}}, {"select": ["QCI101"]}], {"QCI101"}, id="off, but selected later"),
    ],
)
def test_which_rules_are_on(tables: list[dict[str, Any]], wanted: set[str]) -> None:
    assert on(*tables) == wanted


@pytest.mark.parametrize(
    ("tables", "given", "path", "wanted"),
    [
        pytest.param([], "warning", "x", "warning", id="the rule's own"),
        pytest.param([{"severity": {"QCI102": "error"}}], "warning", "x", "error", id="another"),
        pytest.param([{"severity": {"QCI102": "error"}}], "note", "x", "note", id="a case of the rule that differs stays"),
        pytest.param([{"severity": {"QCI102": "error", "QCI1": "note"}}], "warning", "x", "error", id="the more exact word"),
        pytest.param([{"severity": {"QCI102": "error"}}, {"severity": {"all": "note"}}], "warning", "x", "note", id="the later layer"),
        pytest.param([{"severity": {"QCI102": "off"}}, {"select": ["all"]}], "warning", "x", "warning", id="off, then selected"),
        pytest.param([{"per-path-severity": {"a/": {"all": "error"}}}], "note", "a/x", "error", id="by path, whatever the rule says"),
        pytest.param([{"per-path-severity": {"a": {"all": "error"}}}], "note", "a/x", "error", id="a folder without its slash"),
        pytest.param([{"per-path-severity": {"a/": {"all": "error"}}}], "note", "b/x", "note", id="another path"),
        pytest.param(
            [{"per-path-severity": {"a/b/": {}, "a/": {"all": "error"}}}], "note", "a/b/x", "note", id="the first pattern decides"
        ),
        pytest.param(
            [{"per-path-severity": {"a/": {"QCI101": "error"}, "*.md": {"all": "error"}}}], "note", "a/x.md", "note",
            id="even where it does not name the rule",
        ),
        pytest.param(
            [{"per-path-severity": {"a/": {"all": "error"}}}, {"per-path-severity": {"*.md": {"all": "warning"}}}],
            "note", "a/x.md", "warning", id="patterns of the later layer come first",
        ),
        pytest.param(
            [{"severity": {"all": "error"}, "per-path-severity": {"a/": {"QCI1": "note"}}}], "warning", "a/x", "note",
            id="by path wins over by rule",
        ),
    ],
)  # fmt: skip
def test_severity(tables: list[dict[str, Any]], given: str, path: str, wanted: str) -> None:
    assert settings(*tables).verdict("QCI102", given, f"{BASE}/{path}") == ("", wanted)


@pytest.mark.parametrize(
    ("table", "path", "reason"),
    [
        ({"ignore": ["QCI102"]}, "x", "QCI102 is off: ignore has 'QCI102' (file0)"),
        ({"select": ["QCI101"]}, "x", "QCI102 is off: not in select (file0)"),
        ({"per-path-ignores": {"docs": ["QCI1"]}}, "docs/a/x.md", "per-path-ignores has 'docs' (file0)"),
        ({"per-path-ignores": {"*.md": ["QCI101"], "docs/": ["all"]}}, "docs/x.md", "per-path-ignores has 'docs/' (file0)"),
        ({"per-path-severity": {"docs/": {"QCI1": "off"}}}, "docs/x", "QCI102 is off here: per-path-severity of 'docs/' (file0)"),
        ({"per-path-ignores": {"docs": ["QCI1"]}}, "a/docs2", ""),
        ({"per-path-ignores": {"a/*.md": ["QCI1"]}}, "a/b/c.md", ""),
        ({"per-path-ignores": {"./a/**/*.md": ["QCI1"]}}, "a/b/c.md", "per-path-ignores has './a/**/*.md' (file0)"),
    ],
)
def test_what_is_silent_and_why(table: dict[str, Any], path: str, reason: str) -> None:
    assert settings(table).verdict("QCI102", "warning", f"{BASE}/{path}").silent == reason


@pytest.mark.parametrize(
    ("tables", "path", "is_excluded"),
    [
        ([], "a", False),
        ([{"exclude": ["vendor"]}], "vendor/x", True),
        ([{"exclude": ["vendor"]}], "a/vendor/x/y", True),
        ([{"exclude": ["/vendor"]}], "a/vendor/x", False),
        ([{"exclude": ["vendor/"]}], "vendor", False),
        ([{"exclude": ["*.tmpl"]}], "a/b.tmpl", True),
        ([{"exclude": ["a/*"]}], "a/b/c", True),
        ([{"exclude": ["a"]}, {"exclude": ["b"]}], "a", False),
        ([{"exclude": ["a"]}, {"extend-exclude": ["b"]}], "a", True),
        ([{"exclude": ["a"]}, {"extend-exclude": ["b"]}], "b", True),
    ],
)
def test_excluded(tables: list[dict[str, Any]], path: str, is_excluded: bool) -> None:
    assert bool(settings(*tables).excluded(f"{BASE}/{path}")) is is_excluded


def test_every_value_says_where_it_comes_from() -> None:
    found = settings(
        {"ignore": ["QCI101"], "severity": {"QCI102": "note"}}, {"ignore": ["QCI104"], "severity": {"QCI105": "note"}}
    )
    by_key = {
        key: [(value.value, value.layer and value.layer.origin) for value in found.values(key)]
        for key in ("ignore", "severity", "exclude")
    }
    assert by_key == {
        "ignore": [("QCI101", "file0"), ("QCI104", "file1")],
        "severity": [({"QCI105": "note"}, "file1"), ({"QCI102": "note"}, "file0")],
        "exclude": [([], None)],
    }


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"ignore": ["xyz"]}, "file0: ignore: no rule 'xyz'; `qcilint rule` lists the rules"),
        ({"select": ["push-to-prox"]}, "file0: select: no rule 'push-to-prox'; did you mean 'push-to-proxy'?"),
        ({"severity": {"QCI1010": "note"}}, "file0: severity: no rule 'QCI1010'; did you mean 'QCI101'?"),
        ({"per-path-ignores": {"a": ["b"]}}, "file0: per-path-ignores: no rule 'b'"),
        ({"per-path-severity": {"a": {"b": "note"}}}, "file0: per-path-severity: no rule 'b'"),
    ],
)
def test_words_that_stand_for_no_rule(table: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        settings(table)
    assert message in str(raised.value)


def test_one_settings_object_for_each_file(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "qcilint.toml").write_text("ignore = ['QCI101']")
    policy = Policy(load_builtin, {})
    assert policy.of(str(tmp_path / "a/x")) is policy.of(str(tmp_path / "b/x"))
    assert not policy.is_plain
    assert Policy(load_builtin, {}, isolated=True).of(str(tmp_path / "x")).layers == []
    assert policy.of(str(tmp_path / "x")).path == str(tmp_path / "qcilint.toml")
