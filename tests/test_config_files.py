"""Where configurations are found, what they extend, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcilint.config_files import ConfigError, Finder, line_of, presets, read, read_file


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({"repo/qcilint.toml": ""}, "repo/qcilint.toml", id="at the top"),
        pytest.param({"repo/.qcilint.toml": ""}, "repo/.qcilint.toml", id="hidden"),
        pytest.param({"repo/pyproject.toml": "[tool.qcilint]\n"}, "repo/pyproject.toml", id="pyproject"),
        pytest.param(
            {"repo/pyproject.toml": "tool = { 'qcilint' = {} }"}, "repo/pyproject.toml", id="pyproject, another spelling"
        ),
        pytest.param({"repo/qcilint.toml": "", "repo/a/b/qcilint.toml": ""}, "repo/a/b/qcilint.toml", id="the nearest wins"),
        pytest.param({"repo/qcilint.toml": "", "repo/a/pyproject.toml": "[tool.ruff]\n"}, "repo/qcilint.toml", id="no table"),
        pytest.param(
            {"repo/qcilint.toml": "", "repo/a/pyproject.toml": "name='qcilint'"}, "repo/qcilint.toml", id="only the name"
        ),
        pytest.param(
            {"repo/qcilint.toml": "", "repo/a/pyproject.toml": "tool = 'qcilint'"}, "repo/qcilint.toml", id="no table of tools"
        ),
        pytest.param({"repo/qcilint.toml": "", "repo/a/qcilint.toml/x": ""}, "repo/qcilint.toml", id="a folder of that name"),
        pytest.param({"qcilint.toml": ""}, None, id="not above the repository"),
        pytest.param({"repo/a/b/c/qcilint.toml": "", "repo/z/qcilint.toml": ""}, None, id="not below or beside"),
        pytest.param({"repo/qcilint.toml": "", "repo/a/.git": "gitdir: x"}, None, id="not above a submodule"),
    ],
)
@pytest.mark.parametrize("knows_root", [True, False])
def test_the_nearest_up_to_the_top_of_the_repository(
    tmp_path: Path, files: dict[str, str], found: str | None, knows_root: bool
) -> None:
    put(tmp_path, {"repo/.git/HEAD": "", "repo/a/b/x": "", **files})
    root = tmp_path / ("repo/a" if "repo/a/.git" in files else "repo")
    finder = Finder()
    for _ in range(2):
        assert finder.find(str(tmp_path / "repo/a/b"), str(root) if knows_root else None) == (found and str(tmp_path / found))


def test_each_folder_is_looked_at_once(tmp_path: Path) -> None:
    put(tmp_path, {".git/HEAD": "", "a/b/x": "", "c/x": ""})
    finder = Finder()
    assert finder.find(str(tmp_path / "a/b")) is None
    put(tmp_path, {"qcilint.toml": ""})
    assert finder.find(str(tmp_path / "a")) is None
    assert finder.find(str(tmp_path / "c")) is None
    assert Finder().find(str(tmp_path / "c")) == str(tmp_path / "qcilint.toml")


def test_two_in_one_folder(tmp_path: Path) -> None:
    put(tmp_path, {"qcilint.toml": "", "pyproject.toml": "[tool.qcilint]"})
    with pytest.raises(ConfigError, match=r"qcilint.toml and .*pyproject.toml: two configurations for one folder; keep one"):
        Finder().find(str(tmp_path))


def test_extended_files_come_first(tmp_path: Path) -> None:
    put(tmp_path, {
        "repo/qcilint.toml": 'extend = ["art", "../shared/base.toml", "up.toml"]',
        "repo/up.toml": 'extend = "component"',
        "shared/base.toml": "",
    })  # fmt: skip
    layers = read_file(str(tmp_path / "repo/qcilint.toml"))
    assert [Path(layer.origin).name for layer in layers] == [
        "preset art",
        "base.toml",
        "preset component",
        "up.toml",
        "qcilint.toml",
    ]
    # Patterns of what is not above the file are relative to the file that extends it; other paths are not.
    assert {layer.base for layer in layers} == {str(tmp_path / "repo")}
    assert layers[1].folder == str(tmp_path / "shared")


def test_patterns_of_a_file_above_stay_relative_to_it(tmp_path: Path) -> None:
    put(tmp_path, {"repo/qcilint.toml": "", "repo/a/qcilint.toml": 'extend = "../qcilint.toml"'})
    layers = read_file(str(tmp_path / "repo/a/qcilint.toml"))
    assert [layer.base for layer in layers] == [str(tmp_path / "repo"), str(tmp_path / "repo/a")]
    assert layers[0].relative(str(tmp_path / "repo/a/b")) == "a/b"
    assert layers[1].relative(str(tmp_path / "repo/a/b")) == "b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "qcilint.toml: no valid TOML: Invalid value"),
        ("\n\nignor = []", "qcilint.toml:3: unknown key 'ignor'; did you mean 'ignore'?"),
        ("zzz = 1", "qcilint.toml:1: unknown key 'zzz'; known: baseline, catalog, exclude, "),
        ("# ignore\nignore = 'QCI1'", "qcilint.toml:2: ignore must be a list, not 'QCI1'"),
        ("ignore = ['']", "qcilint.toml:1: ignore must not be empty"),
        ("exclude = ['a/', '!a/b/']", "qcilint.toml:1: exclude has '!a/b/', but no pattern brings back what another leaves out"),
        ("extend-exclude = ['!a']", "qcilint.toml:1: extend-exclude has '!a', but no pattern"),
        ("unsafe-fixes = 'yes'", "qcilint.toml:1: unsafe-fixes must be true or false, not 'yes'"),
        ("[severity]\nQCI1 = 'fatal'", "qcilint.toml:2: severity.QCI1 is 'fatal'; known: error, note, off, warning"),
        ("[severity]\nQCI1 = 'errror'", "severity.QCI1 is 'errror'; did you mean 'error'?"),
        ("[per-path-severity]\n'a/' = 'note'", "qcilint.toml:2: per-path-severity.a/ must be a table, not 'note'"),
        ("[per-path-ignores]\n'a/' = 'QCI1'", "qcilint.toml:2: per-path-ignores.a/ must be a list, not 'QCI1'"),
        ("extend = 3", "qcilint.toml:1: extend must be a string, not 3"),
        ("extend = [3]", "qcilint.toml:1: extend must be a string, not 3"),
        ("extend = 'componet'", "qcilint.toml:1: no preset 'componet'; did you mean 'component'?"),
        ("extend = './gone.toml'", "gone.toml: no such file"),
        ("extend = 'qcilint.toml'", "qcilint.toml:1: extend goes in a circle: "),
        ("extend = 'other.toml'", "other.toml:1: extend goes in a circle: "),
    ],
)
def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    put(tmp_path, {"qcilint.toml": text, "other.toml": "extend = ['./qcilint.toml']"})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as raised:
        read_file(str(tmp_path / "qcilint.toml"))
    assert message in str(raised.value)


def test_one_base_may_be_reached_twice(tmp_path: Path) -> None:
    put(tmp_path, {"qcilint.toml": "extend = ['a.toml', 'b.toml']", "a.toml": "extend = 'art'", "b.toml": "extend = 'art'"})
    assert len(read_file(str(tmp_path / "qcilint.toml"))) == 5


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "qcilint.toml").write_bytes(b"# \xff")
    with pytest.raises(ConfigError, match="byte 2 is no UTF-8"):
        read_file(str(tmp_path / "qcilint.toml"))
    (tmp_path / "qcilint.toml").write_bytes(b"\xef\xbb\xbfignore = []")
    assert read_file(str(tmp_path / "qcilint.toml"))[0].table == {"ignore": []}


@pytest.mark.parametrize("name", presets())
def test_every_preset_is_valid(tmp_path: Path, name: str) -> None:
    (layer,) = read(name, str(tmp_path))
    assert (layer.origin, layer.base) == (f"preset {name}", str(tmp_path))


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a = 1\nignore = []", "ignore", 2),
        ("# ignore = 1\n[severity]\nignore = 1", "ignore", 3),
        ('x = "ignore"', "ignore", 0),
        ("[tool.qcilint]\nselect=[]", "select", 2),
        ("[tool.qcilint.severity]\n", "severity", 1),
        ('["per-path-severity"."a b"]\n', "a b", 1),
        ("severity = { QCI1 = 'x' }", "QCI1", 1),
        ("xignore = 1\n  ignore = 2", "ignore", 2),
    ],
)
def test_the_line_of_a_key(text: str, key: str, line: int) -> None:
    assert line_of(text, key) == line
