"""`qcilint rule`: lists and explains, writes a rule file, tries examples, makes pages."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from qcilint.commands.rule import ACTIONS
from qcilint.rule_keys import RuleError, check_names
from qcilint.rule_pages import MARK
from qcilint.ruleset import load_builtin

from ..conftest import qcilint

ROOT = Path(__file__).parents[2]
PACK = "ci/rules"


def pack(folder: Path) -> Path:
    """A new rule in a rule pack of its own; gives its file."""
    done = qcilint("rule", "new", "OLD001", "old-example-registry", "--into", PACK, cwd=folder)
    assert done.returncode == 0
    return folder / PACK / "OLD001.toml"


def test_the_list_and_a_page_of_text(tmp_path: Path) -> None:
    listed = qcilint("rule", cwd=tmp_path).stdout.decode().splitlines()
    assert [line.split()[0] for line in listed] == list(load_builtin().by_id)
    by_id, by_name = qcilint("rule", "qci102", cwd=tmp_path), qcilint("rule", "app-ci-registry", cwd=tmp_path)
    assert by_id.stdout == by_name.stdout == qcilint("rule", "explain", "QCI102", cwd=tmp_path).stdout
    assert by_id.stdout.startswith(b"QCI102 app-ci-registry (warning)\n")


def test_rules_of_the_configuration_are_explained_too(tmp_path: Path) -> None:
    pack(tmp_path)
    (tmp_path / "qcilint.toml").write_text(f'rules = ["{PACK}"]\n')
    assert qcilint("rule", "OLD001", cwd=tmp_path).stdout.startswith(b"OLD001 old-example-registry (warning)\n")
    assert qcilint("rule", "OLD001", "--isolated", cwd=tmp_path).returncode == 2
    (tmp_path / "qcilint.toml").write_text("rules = 3\n")
    broken = qcilint("rule", cwd=tmp_path)
    assert (broken.returncode, broken.stdout) == (2, b"")
    assert b"qcilint.toml:1: " in broken.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tets"], "no rule 'tets'; did you mean test?"),
        (["QCI1O2"], "no rule 'QCI1O2'; did you mean QCI"),
        (["\x1b[2J"], "no rule '\\x1b[2J'; `qcilint rule` lists them"),
        (["new", "QCI101", "some-name"], "QCI101 decommissioned-registry comes with qcilint"),
        (["new", "OLD001", "push-to-proxy"], "QCI203 push-to-proxy comes with qcilint"),
        (["new", "test", "some-name"], "'id' 'test' must be capital letters and a number"),
        (["new", "../X1", "some-name"], "'id' '../X1' must be"),
        (["new", "OLD001", "test"], "'name' 'test' must be two words or more"),
        (["new", "OLD001"], "the following arguments are required: NAME"),
        (["test", "gone"], "gone: no such file or folder"),
        (["test", "bad.toml"], "bad.toml: no valid TOML"),
        (["docs", "gone"], "gone: no such file or folder"),
        (["docs", "--into", "bad.toml"], "bad.toml: "),
    ],
)
def test_what_is_refused(tmp_path: Path, words: list[str], message: str) -> None:
    (tmp_path / "bad.toml").write_text("id = \n")
    done = qcilint("rule", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


@pytest.mark.parametrize("word", [*ACTIONS, "all"])
def test_no_rule_is_called_like_an_action(word: str) -> None:
    for rule_id, name in ((word, "a-name"), (word.upper(), "a-name"), ("X1", word)):
        with pytest.raises(RuleError):
            check_names("x", rule_id, name)


def test_a_new_rule_holds_and_is_not_overwritten(tmp_path: Path) -> None:
    file = pack(tmp_path)
    assert tomllib.loads(file.read_text())["id"] == "OLD001"
    file.write_text(file.read_text().replace("registry.old.example.com", "images.example.net/team"))
    edited = file.read_text()
    again = qcilint("rule", "new", "OLD001", "old-example-registry", "--into", PACK, cwd=tmp_path)
    assert again.returncode == 2
    assert file.read_text() == edited
    file.write_text(edited.replace("images.example.net/team", "images.example.net"))
    done = qcilint("rule", "test", PACK, cwd=tmp_path)
    assert done.stdout.decode().splitlines()[0] == "OLD001 old-example-registry: 4 examples passed"
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('after = "image: registry.new', 'after = "image: registry.knew', "example 2 (deploy/settings.yaml): the fix does not give `after` (in every form)"),
        ("unsafe = true\n", "", "example 2 (deploy/settings.yaml): the fix does not give `after`"),
        ('before = "podman push', 'before = "podman pull', "example 3 (hack/publish.sh): it is fixed (in every form)"),
        ("severity = \"warning\"", "severity = \"error\"", ""),
        ('before = "podman login registry.old.example.com"', 'before = "podman pull registry.old.example.com/a/b:1"', "`keep`, but OLD001 reports it"),
        ('before = "podman push registry.old', 'before = "podman push registry.older', "OLD001 does not report it: nothing does"),
    ],
    ids=["other result", "safe by its word", "fixed after all", "no change", "reported after all", "not reported"],
)  # fmt: skip
def test_an_example_that_does_not_hold(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = pack(tmp_path)
    file.write_text(file.read_text().replace(old, new))
    done = qcilint("rule", "test", PACK, cwd=tmp_path)
    assert done.returncode == (1 if message else 0)
    assert message in done.stdout.decode()
    assert ("--- expected" in done.stdout.decode()) == (done.returncode == 1 and "nothing does" not in message)


def test_a_rule_without_examples_does_not_pass(tmp_path: Path) -> None:
    file = pack(tmp_path)
    file.write_text(file.read_text().partition("\n[[example]]")[0])
    done = qcilint("rule", "test", str(file), cwd=tmp_path)
    assert done.returncode == 1
    assert b"it has no [[example]]" in done.stdout


def test_one_built_in_rule(tmp_path: Path) -> None:
    done = qcilint("rule", "test", str(ROOT / "rules" / "QCI203.toml"), cwd=tmp_path)
    assert done.stdout.decode().startswith("QCI203 push-to-proxy: ")
    assert done.stdout.count(b"\n") == 2


def test_the_pages_are_not_stale() -> None:
    done = qcilint("rule", "docs", "--check", cwd=ROOT)
    assert done.returncode == 0, done.stdout.decode()


def test_pages_are_made_checked_and_tidied_up(tmp_path: Path) -> None:
    assert qcilint("rule", "docs", "--check", cwd=tmp_path).returncode == 1
    assert list(tmp_path.iterdir()) == []
    qcilint("rule", "docs", cwd=tmp_path)
    folder = tmp_path / "docs/rules"
    assert {path.name for path in folder.iterdir()} == {"README.md", *(f"{rule_id}.md" for rule_id in load_builtin().by_id)}
    page = (folder / "QCI102.md").read_text()
    for heading in ("What it does", "Why is this bad?", "Example", "Fix safety", "Hosts", "How to leave it out", "References"):
        assert f"\n## {heading}\n" in page
    (folder / "QCI102.md").write_text(page + "more\n")
    (folder / "OLD001.md").write_text(f"{MARK}\n# gone\n")
    (folder / "notes.md").write_text("mine\n")
    stale = qcilint("rule", "docs", "--check", cwd=tmp_path)
    assert stale.returncode == 1
    assert stale.stdout.decode().splitlines()[:-1] == ["docs/rules/QCI102.md: stale", "docs/rules/OLD001.md: of no rule"]
    assert (
        qcilint("rule", "docs", cwd=tmp_path).stdout
        == f"docs/rules: {len(load_builtin().by_id) + 1} pages, 1 written, 1 removed\n".encode()
    )
    assert (folder / "notes.md").read_text() == "mine\n"
    assert qcilint("rule", "docs", "--check", cwd=tmp_path).returncode == 0


def test_somebody_elses_page_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    done = qcilint("rule", "docs", "--into", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert b"is no page that qcilint made" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_pages_of_a_pack(tmp_path: Path) -> None:
    pack(tmp_path)
    shutil.rmtree(tmp_path / "docs", ignore_errors=True)
    assert qcilint("rule", "docs", PACK, "--into", "pages", cwd=tmp_path).returncode == 0
    assert {path.name for path in (tmp_path / "pages").iterdir()} == {"README.md", "OLD001.md"}
