"""full, concise and github: what a terminal or a workflow runner shows, and what it must not be made to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..conftest import DEAD, NEW, OLD, Repository, qcilint
from .samples import FILES, load, report

HOSTILE = [
    "a\nb/Dockerfile",
    "::add-mask::x/Dockerfile",
    " ::stop-commands::x/Dockerfile",
    "a%0A::error::x/Dockerfile",
    "a,line=9::b/Dockerfile",
    "\x1b[2J\u202e/Dockerfile",
    "caf\udce9/Dockerfile",
    "a\u2028b/Dockerfile",
    "##[add-mask]x/Dockerfile",
]


def make(root: Path, names: list[str]) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True)
        path.write_text(f"FROM {OLD} ##[group]\n")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as the runner reads them: at the start of a line, blanks apart, with its escapes undone."""
    found = []
    for line in text.split("\n"):
        if match := re.match(r"\s*::([a-z-]+)(?: (.*?))?::(.*)$", line):
            pairs = [pair.partition("=") for pair in (match[2] or "").split(",") if pair]
            values = {key: value.replace("%2C", ",").replace("%3A", ":") for key, _, value in pairs}
            plain = {key: value.replace("%0A", "\n").replace("%25", "%") for key, value in values.items()}
            found.append((match[1], plain, match[3].replace("%0A", "\n").replace("%25", "%")))
    return found


def test_github_commands(repository: Repository) -> None:
    root = repository(FILES)
    text = report("github", root)
    found = commands(text)
    expected = load("json", root)["findings"]
    assert len(found) == len(text.splitlines()) == len(expected)
    assert [kind for kind, _, _ in found] == sorted((kind for kind, _, _ in found), key=["error", "warning", "notice"].index)
    places = {(values["file"], int(values["line"]), int(values["col"]), int(values["endColumn"])) for _, values, _ in found}
    assert places == {(each["path"], each["line"], each["column"], each["end_column"]) for each in expected}
    (dead,) = [entry for entry in found if DEAD in entry[2]]
    assert dead[0] == "error"
    assert dead[1]["title"] == "QCI101 decommissioned-registry"
    assert dead[2].endswith(f"{DEAD} → {NEW} (safe)")


def test_hostile_names_make_no_other_command(tmp_path: Path) -> None:
    make(tmp_path, HOSTILE)
    found = commands(report("github", tmp_path))
    assert [(kind, values["line"]) for kind, values, _ in found] == [("warning", "1")] * len(HOSTILE)
    named = {values["file"] for _, values, _ in found}
    assert {"a\nb/Dockerfile", "::add-mask::x/Dockerfile", "a%0A::error::x/Dockerfile", "a,line=9::b/Dockerfile"} <= named
    assert not re.search("[\x1b\u202e\u2028]", "".join(named))


@pytest.mark.parametrize("form", ["full", "concise", "junit", "csv"])
def test_hostile_names_reach_no_terminal_and_no_runner(tmp_path: Path, form: str) -> None:
    make(tmp_path, HOSTILE)
    done = qcilint("--format", form, cwd=tmp_path, GITHUB_ACTIONS="true")
    text = done.stdout.decode() + done.stderr.decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\u2028]", text)
    assert commands(text) == []
    if form in ("full", "concise"):
        assert "##[" not in text
        assert "./::add-mask::x/Dockerfile:1:6:" in text


def test_concise_is_one_line_a_finding(repository: Repository) -> None:
    root = repository(FILES)
    lines = report("concise", root, "--show-kept").splitlines()
    expected = load("json", root, "--show-kept")["findings"]
    form = re.compile(r"(.+):(\d+):(\d+): (error|warning|note|kept): (.+?)(?: \[(QCI\d+)\])?")
    read = [match.groups() for line in lines if (match := form.fullmatch(line))]
    assert [(path, int(line), int(column), rule or "") for path, line, column, _, _, rule in read] == [
        (each["path"], each["line"], each["column"], each["rule"]) for each in expected
    ]
    assert [kind for _, _, _, kind, _, _ in read] == ["kept" if each["kept"] else each["severity"] for each in expected]
    assert qcilint("--format", "concise", cwd=root).stderr.startswith(b"qcilint: error: ")


def test_text_is_another_name_of_full(repository: Repository) -> None:
    root = repository(FILES)
    assert report("text", root) == report("full", root) == qcilint(cwd=root).stdout.decode()


@pytest.mark.parametrize("filler", ["x", "é", "😀", "\t", "\x1b"], ids=["letters", "two-bytes", "four-bytes", "tabs", "escapes"])
def test_a_long_line_is_cut_around_the_reference(tmp_path: Path, filler: str) -> None:
    image = f"{OLD}/ocp/4.20:cli"
    short, long = (f"echo '{filler * count}'; podman pull {image} # {filler * count}\n" for count in (200, 5000))
    excerpts = []
    for text in (short, long):
        (tmp_path / "a.sh").write_text(text)
        shown = qcilint("a.sh", cwd=tmp_path).stdout.decode().splitlines()
        excerpts.append(next(line for line in shown if line.startswith("    1 |")))
    assert excerpts[0] == excerpts[1]
    assert re.fullmatch(rf"    1 \| ….* {re.escape(image)} .*…", excerpts[0])
