"""Files are told to be clean without a rule or a parser being asked: never one of which these have something to say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint import index, scan
from qcilint.discovery import Target
from qcilint.source import Source
from tests.conftest import LINTER, NEW, OLD

INDEX = index.of(LINTER.rules)
JOB = f"      image: {NEW}\n"


def verdicts(folder: Path, files: dict[str, bytes], *, jobs: int = 1, thorough: bool = False) -> dict[str, int]:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    paths = [str(folder / name) for name in files]
    names = list(files)
    found = scan.scan(paths, INDEX, jobs, follow=True, thorough=thorough)
    scanner = scan.Scanner(INDEX, follow=True, thorough=thorough)
    scanner.hurry()
    assert scanner.scan(paths, 0, len(paths)) == found, "what many files are searched with finds the same"
    return {names[at]: kind for at, kind in found}


CLEAN = {
    "nothing": "a: b\n",
    "empty": "",
    "QCI references": JOB * 3,
    "the last line is open-ended": JOB.rstrip("\n"),
    "another host": "url: https://prow.ci.openshift.org/view\n",
    "an expression of another host": JOB + r"- ^prow\.ci\.openshift\.org$" + "\n",
    "backslashes": JOB + r"- ^release-4\.20$" + "\n" + r"- \.md$|\.ci$" + "\n",
}
OPEN = {
    "the old host": f"image: {OLD}\n",
    "the old host, at the very end": f"FROM {OLD}",
    "behind QCI references": JOB * 3 + f"image: {OLD}\n",
    "a QCI reference elsewhere": f"run: podman pull {NEW}\n",
    "a transient tag": f"image: {NEW}__post1\n",
    "an expression": r"grep '^registry\.ci\.openshift\.org/ocp'" + "\n",
    "an expression behind QCI references": JOB + r"- registry\.ci.openshift.org/ocp" + "\n",
    "brackets behind QCI references": JOB + "- registry[.]ci[.]openshift[.]org/ocp\n",
    "percent signs behind QCI references": JOB + "- registry%2Eci%2eopenshift%2Eorg/ocp\n",
    "escaped slashes behind QCI references": JOB + r"- quay.io\/openshift\/ci:ocp_4.20_cli" + "\n",
    "a very long line": "x" * 5000 + f" image: {NEW} " + "x" * 5000 + "\n",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_a_file_in_which_all_is_in_order_is_not_told(tmp_path: Path, text: str) -> None:
    assert verdicts(tmp_path, {"a": text.encode(), "b": b"x", "c": text.encode()}) == {}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_a_file_that_a_rule_may_speak_of_is_open(tmp_path: Path, text: str) -> None:
    files = {"a": b"x: y", "b": text.encode(), "c": b"y", "d": JOB.encode(), "e": text.encode()}
    assert verdicts(tmp_path, files) == {"b": scan.OPEN, "e": scan.OPEN}


def test_what_is_kept_is_open_where_that_is_asked_for(tmp_path: Path) -> None:
    assert verdicts(tmp_path, {"a": JOB.encode(), "b": b"prow.ci.openshift.org"}, thorough=True) == {"a": scan.OPEN}


PIECES = st.sampled_from(
    [
        *(
            text
            for text in (
                NEW,
                OLD,
                "\n",
                "image: ",
                "- ",
                '"',
                ",",
                "\\",
                ".",
                "[.]",
                "%2E",
                "%2e",
                "\\/",
                "/",
                " ",
                "x",
                "{",
                "$",
                "}",
            )
        ),
        *(
            "registry",
            "ci",
            "openshift",
            "org",
            "quay",
            "io",
            "svc",
            ":",
            "@",
            "_a_b",
            "__X__",
            "__pre",
            "\r\n",
            "*",
            "<",
            "\x1b[0m",
        ),
        *(
            "registry.ci.openshift.org",
            r"registry\.ci\.openshift\.org",
            "quay-proxy.ci.openshift.org/openshift/ci:",
            "a_b_c",
            "\0",
            "qcilint: ignore",
            "openshiftapps",
            "shift",
        ),
        *(f"image: {NEW}\n", f"image: {NEW}\r\n", f'  "image": "{NEW}",\n', "docker-registry.default.svc:5000"),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_file_that_would_be_analysed_is_passed_over(
    tmp_path_factory: pytest.TempPathFactory, text: str, thorough: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "scan"
    data = text.encode()
    told = verdicts(folder, {"before": b"org", "x": data, "after": b"ci.openshift.org"}, thorough=thorough)
    assert set(told) <= {"x"}
    for path in ("x", "testdata/x.yaml", "hack/x.sh"):
        analysis = LINTER.analyst.analyse(Source(path, data, path), Target(path, "", path), thorough=thorough)
        if b"\0" in data:
            assert told == {"x": scan.BINARY}
        elif analysis is not None:
            assert told == {"x": scan.OPEN}


def test_binary_files_and_late_nul_bytes_hide_nothing(tmp_path: Path) -> None:
    files = {
        "binary": b"\0 " + OLD.encode(),
        "old": OLD.encode(),
        "another": b"\0\0",
        "job": JOB.encode(),
        "escaped": rb"registry\.ci\.openshift\.org/ocp",
    }
    expected = {"binary": scan.BINARY, "old": scan.OPEN, "another": scan.BINARY, "escaped": scan.OPEN}
    assert verdicts(tmp_path, files) == expected
    late = {"late": b"a" * 9000 + b"\0 " + OLD.encode(), "later": b"a" * 9000 + b"\0 x"}
    assert verdicts(tmp_path, {**files, **late}) == {**expected, "late": scan.OPEN}
    assert verdicts(tmp_path, {**late, **files}) == {**expected, "late": scan.OPEN}


BUFFERS = (scan._SMALL_BUFFER, scan._BUFFER)


@pytest.mark.parametrize("size", [size + more for size in BUFFERS for more in (-5, -4, -3, 0, 5)])
def test_files_as_large_as_the_buffer(tmp_path: Path, size: int) -> None:
    end = f"\nimage: {OLD}\n".encode()
    large = b"x" * (size - len(end)) + end
    files = {"a": b"x", "large": large, "b": b"x\n", "again": large, "old": OLD.encode(), "clean": b"x" * size, "c": OLD.encode()}
    assert verdicts(tmp_path, files) == {"large": scan.OPEN, "again": scan.OPEN, "old": scan.OPEN, "c": scan.OPEN}


def test_a_file_that_begins_where_the_buffer_ends(tmp_path: Path) -> None:
    files = {"a": b"x" * (scan._SMALL_BUFFER - 5), "b": OLD.encode(), "c": b"", "d": OLD.encode()}
    assert verdicts(tmp_path, files) == {"b": scan.OPEN, "d": scan.OPEN}


def test_a_needle_does_not_reach_over_the_end_of_a_file(tmp_path: Path) -> None:
    assert verdicts(tmp_path, {"a": b"FROM registry.ci.open", "b": b"shift.org/ocp/4.20:cli"}) == {}


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"a\0" + OLD.encode())
    (tmp_path / "late").write_bytes(b"a" * 9000 + b"\0 " + OLD.encode())
    (tmp_path / "link").symlink_to("late")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret").write_text(OLD)
    names = ["missing", "folder", "binary", "late", "link", "pipe"]
    found = dict(scan.scan([str(tmp_path / name) for name in names], INDEX, 1, follow=False))
    expected = {0: scan.ABSENT, 1: scan.ABSENT, 2: scan.BINARY, 3: scan.OPEN, 4: scan.ABSENT, 5: scan.ABSENT}
    assert found == expected
    assert dict(scan.scan([str(tmp_path / "link")], INDEX, 1, follow=True)) == {0: scan.OPEN}


@pytest.mark.parametrize("jobs", [2, 5])
def test_processes_change_nothing(tmp_path: Path, jobs: int) -> None:
    texts = [*CLEAN.values(), *OPEN.values()]
    files = {f"{number % 7}/{number}": texts[number % len(texts)].encode() for number in range(1000)}
    files["0/binary"] = b"\0"
    alone = verdicts(tmp_path, files)
    assert len(alone) > 300
    assert list(verdicts(tmp_path, files, jobs=jobs).items()) == list(alone.items())
