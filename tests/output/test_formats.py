"""What holds for every format: how it is asked for, where it goes, and that it decides nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from qcilint.output import FORMATS, FormatError, format_name

from ..conftest import NEW, OLD, Repository, qcilint
from .samples import FILES, load, report


@pytest.mark.parametrize("form", [*FORMATS, "text"])
def test_the_exit_code_does_not_depend_on_the_format(repository: Repository, form: str) -> None:
    root = repository(FILES)
    (root / "clean").mkdir()
    (root / "clean" / "a").write_text("b\n")
    assert report(form, root, code=1)
    report(form, root, "clean", code=0)
    report(form, root, "--exit-zero", code=0)
    report(form, root, "nowhere", code=2)
    report(form, root, "--fix", "--unsafe-fixes", "pkg", code=0)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_would_be_printed(repository: Repository, form: str) -> None:
    root = repository(FILES)
    printed, other = report(form, root), report("concise", root)
    (root / "out").mkdir()
    done = qcilint("-o", f"{form}:out/report", "--output", "concise:out/other", cwd=root, FORCE_COLOR="1")
    assert done.returncode == 1
    assert b"\x1b[" in done.stdout  # the terminal has its colours, a file has none
    assert (root / "out" / "report").read_bytes() == printed.encode()
    assert (root / "out" / "other").read_text() == other
    assert sorted(os.listdir(root / "out")) == ["other", "report"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_the_encoding_of_the_terminal_does_not_matter(repository: Repository, form: str, encoding: str) -> None:
    done = qcilint("--format", form, cwd=repository(FILES), PYTHONIOENCODING=encoding)
    assert done.returncode == 1
    if not FORMATS[form].is_for_people:
        assert "😀" in done.stdout.decode() or form in ("json", "jsonl", "gitlab", "rdjson", "sarif", "html")


def test_a_report_is_no_part_of_what_is_checked(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {OLD}\n"})
    for _ in range(2):
        assert len(load("json", root, "-o", "csv:report.csv")["findings"]) == 1
    assert OLD in (root / "report.csv").read_text()


def test_a_report_replaces_a_file_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {OLD}\n")
    (tmp_path / "real").write_text("x" * 100_000)
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    reader = (tmp_path / "real").open()
    assert qcilint("-o", "concise:link", "Dockerfile", cwd=tmp_path).returncode == 1
    assert reader.read() == "x" * 100_000
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text().startswith("Dockerfile:1:6: warning:")
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o640


def test_a_new_report_can_be_read_by_others(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        qcilint("-o", "junit:new", os.devnull, cwd=tmp_path)
        qcilint("-o", "junit:new", cwd=tmp_path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o644


def test_a_report_can_go_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {OLD}\n")
    done = qcilint("--format", "json", "-o", "concise:/dev/stderr", "Dockerfile", cwd=tmp_path)
    assert done.stderr.startswith(b"Dockerfile:1:6: warning:")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "jsn"], "unknown format 'jsn'; did you mean 'json'?"),
        (["--format", "SARIF"], "unknown format 'SARIF'; did you mean 'sarif'?"),
        (["--format", "yaml9"], "known: full, concise"),
        (["-o", "x.json"], "'x.json' is no FORMAT:FILE, such as sarif:qcilint.sarif"),
        (["-o", "json:"], "'json:' is no FORMAT:FILE"),
        (["-o", "junt:x"], "did you mean 'junit'?"),
        (["-o", "json:-"], "for standard output use --format json"),
        (["-o", "json:."], ". is a folder; name a file"),
        (["-o", "json:no/x"], "there is no folder"),
        (["-o", "json:a", "-o", "sarif:./a"], "--output names a twice"),
        (["--diff", "-o", "json:a"], "--format and --output do not apply"),
        (["--exit-non-zero-on-fix"], "--exit-non-zero-on-fix goes with --fix"),
        (["--fix", "--exit-zero", "--exit-non-zero-on-fix"], "contradict each other"),
    ],
)
def test_wrong_usage_writes_nothing(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = qcilint(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert os.listdir(tmp_path) == []


def test_a_report_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    done = qcilint("-o", "json:/dev/full", "--format", "csv", cwd=tmp_path)
    assert done.returncode == 2
    assert b"/dev/full: No space left on device; the report was not written" in done.stderr
    assert done.stdout.startswith(b"path,line")


def test_exit_codes_of_fixes(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {OLD}\n"})
    assert qcilint("--diff", "--exit-zero", cwd=root).returncode == 0
    assert qcilint("--fix", "--exit-non-zero-on-fix", cwd=root).returncode == 1
    assert qcilint("--fix", "--exit-non-zero-on-fix", cwd=root).returncode == 0
    assert (root / "Dockerfile").read_text() == f"FROM {NEW}\n"
    assert qcilint("--exit-zero", "nowhere", cwd=root).returncode == 2


def test_standard_input_can_be_reported_too(tmp_path: Path) -> None:
    text = f"FROM {OLD}\nFROM registry.ci.openshift.org/ocp/4.20\n".encode()
    arguments = ("--stdin-filename", "x/Dockerfile", "-o", "concise:out")
    done = qcilint(*arguments, "--fix", cwd=tmp_path, stdin=text)
    assert done.stdout.count(b"\n") == 2
    assert "x/Dockerfile:2:6:" in (tmp_path / "out").read_text()


def test_the_name_that_was_meant() -> None:
    assert [format_name(name) for name in ("text", "full", "html")] == ["full", "full", "html"]
    with pytest.raises(FormatError, match="did you mean 'github'"):
        format_name("githb")


@pytest.mark.parametrize(
    ("report", "environment", "is_told"),
    [
        pytest.param("report.json", {}, True, id="in the repository"),
        pytest.param("[r]eport.json", {}, True, id="a name that is a pattern"),
        pytest.param("ignored.json", {}, False, id="git ignores it"),
        pytest.param("excluded.json", {}, False, id="qcilint excludes it"),
        pytest.param("../report.json", {}, False, id="outside"),
        pytest.param("report.json", {"CI": "true"}, False, id="CI"),
    ],
)
def test_a_report_that_later_runs_would_check_is_told(
    repository: Repository, report: str, environment: dict[str, str], is_told: bool
) -> None:
    files = {".gitignore": "ignored.json\n", "qcilint.toml": 'exclude = ["excluded.json"]\n', "a.sh": f"podman pull {OLD}\n"}
    done = qcilint("-o", f"json:{report}", cwd=repository(files), **({"CI": ""} | environment))
    assert done.returncode == 1
    told = (
        f"qcilint: warning: {report}: later runs will check it; write it elsewhere, let git ignore it, or name it under exclude\n"
    )
    assert done.stderr.decode() == (told if is_told else "")
