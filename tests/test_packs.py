"""Rule packs: local ones, installed ones, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qcilint.config_files import ConfigError, Layer
from qcilint.packs import with_packs
from qcilint.ruleset import load_builtin

RULE = """
id = "OLD001"
name = "old-example-registry"
severity = "error"
hosts = ["registry.old.example.com"]
summary = "moved"
why = "It moved."
[[case]]
use = "text-that-is-data"
[[case]]
when = { where = "from", tag = "*" }
fix = "safe"
to = "registry.new.example.org/{namespace}/{name}:{tag}"
[[case]]
note = "by hand"
"""


def layer(folder: Path, key: str, *names: str) -> Layer:
    return Layer("qcilint.toml", str(folder), {key: list(names)}, str(folder))


@pytest.mark.parametrize("name", ["ci/rules", "ci/rules/", "ci/rules/OLD001.toml", "./ci/../ci/rules"])
def test_a_local_pack_adds_its_rules(tmp_path: Path, name: str) -> None:
    (tmp_path / "ci/rules").mkdir(parents=True)
    (tmp_path / "ci/rules/OLD001.toml").write_text(RULE)
    rules = with_packs(load_builtin(), [layer(tmp_path, "rules", name)])
    assert "registry.old.example.com" in rules.hosts
    assert rules.by_id["OLD001"].cases[0].note == load_builtin().by_id["QCI102"].cases[0].note


def test_a_pack_has_lists_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "OLD001.toml").write_text(RULE.replace("text-that-is-data", "mine"))
    (tmp_path / "_cases.toml").write_text('[[cases.mine]]\nnote = "ours"\n')
    rules = with_packs(load_builtin(), [layer(tmp_path, "rules", ".")])
    assert rules.by_id["OLD001"].cases[0].note == "ours"


def test_an_installed_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_rules").mkdir()
    (tmp_path / "acme_rules/__init__.py").write_text("")
    (tmp_path / "acme_rules/OLD001.toml").write_text(RULE)
    info = tmp_path / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[qcilint.rules]\nacme = acme_rules\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        assert "OLD001" in with_packs(load_builtin(), [layer(tmp_path, "packs", "acme")]).by_id
        with pytest.raises(ConfigError, match="no rule pack 'acmee' is installed; did you mean 'acme'"):
            with_packs(load_builtin(), [layer(tmp_path, "packs", "acmee")])
    finally:
        sys.modules.pop("acme_rules", None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id = ", "id "), "OLD001.toml: no valid TOML"),
        (('id = "OLD001"', "id = 7"), "OLD001.toml: 'id' must be a string"),
        (('id = "OLD001"', 'id = "QCI101"'), "rule QCI101 old-example-registry: QCI101 of qcilint has this id or name"),
        (('"old-example-registry"', '"push-to-proxy"'), "QCI203 of qcilint has this id or name"),
        (("[[case]]\nuse", "[case]\nuse"), "no valid TOML"),
        (("hosts = [", "hosts = [7, "), "'hosts' must be a list of hosts"),
        (('["registry.old.example.com"]', '"a"'), "'hosts' must be a list of hosts"),
        (('["registry.old.example.com"]', '["e"]'), "'hosts' holds names such as"),
        (('{ where = "from", tag = "*" }', "{ where = 3 }"), "'when' must be a table of patterns"),
        (('why = "It moved."', 'why = "x"\npriority = "high"'), "'priority' must be a whole number"),
        (('why = "It moved."', 'why = "x"\ntogether = 1'), "'together' must be true or false"),
        (('why = "It moved."', 'why = "x"\ncheck = "half_migrated"'), "a rule pack is data only"),
        (('why = "It moved."', 'why = "x"\n[[example]]\npath = "x"'), "an example needs a 'path' and 'before'"),
        (('why = "It moved."', 'why = "x"\nexample = 3'), "'example' must be a list of tables"),
        (("text-that-is-data", "nothing"), "no list of cases 'nothing'"),
        (("severity =", "severty ="), "unknown key 'severty'; did you mean 'severity'"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in RULE
    (tmp_path / "OLD001.toml").write_text(RULE.replace(*change))
    with pytest.raises(ConfigError) as raised:
        with_packs(load_builtin(), [layer(tmp_path, "rules", ".")])
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [("cases = 3", "'cases' must be a table of lists"), ("[[cases.a]]\nnote = 3", "'note' must be a string")],
)
def test_lists_that_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "OLD001.toml").write_text(RULE)
    (tmp_path / "_cases.toml").write_text(text)
    with pytest.raises(ConfigError, match=message):
        with_packs(load_builtin(), [layer(tmp_path, "rules", ".")])


@pytest.mark.parametrize(("name", "message"), [("gone", "gone: no such file or folder"), ("empty", "no \\*.toml in this folder")])
def test_folders_that_are_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=message):
        with_packs(load_builtin(), [layer(tmp_path, "rules", name)])
