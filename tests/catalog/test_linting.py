"""Linting with a catalogue: real processes in real repositories."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qcilint.catalog.build import build
from qcilint.catalog.cache import Cache
from qcilint.catalog.document import write

from ..conftest import Repository, git, qcilint
from .trees import FILES, LIBRARY, MIRRORING, OPERATOR, STEP, tree

OLD, QCI = "registry.ci.openshift.org", "quay-proxy.ci.openshift.org/openshift/ci"
PUBLIC = "without a login of OpenShift CI: quay.io/example/scorecard:v7"
NO_NAME = "nothing there has a name like it"
SCRIPTS = {
    "hack/known.sh": f"podman pull {OLD}/ocp/4.20:operator\n",
    "hack/copy.sh": f"podman pull {OLD}/ci/scorecard:v7\n",
    "hack/possible.sh": f"podman pull {OLD}/ocp/builder:some\n",
    "hack/unknown.sh": f"podman pull {OLD}/ocp/4.20:operater\n",
    "hack/withheld.sh": f"podman pull {OLD}/org/library:latest\n",
    "hack/broken.sh": f"podman pull {OLD}/ocp/builder:odd-1.13\n",
    "hack/variable.sh": f"podman pull {OLD}/ocp/$VERSION:operator\n",
}


@pytest.fixture
def qci(tmp_path: Path) -> str:
    """A catalogue of today."""
    return catalogue(tmp_path, datetime.now(UTC))


def catalogue(folder: Path, date: datetime) -> str:
    root = tree(folder / "release", date=date.strftime("%Y-%m-%dT%H:%M:%SZ"))
    write(build(str(root), Cache(), 1).catalog, str(folder / "qci.json"))
    return str(folder / "qci.json")


def findings(output: bytes) -> dict[str, dict[str, Any]]:
    return {finding["path"].removeprefix("hack/").removesuffix(".sh"): finding for finding in json.loads(output)["findings"]}


def test_what_is_known_is_said_and_what_is_not_is_held_back(repository: Repository, qci: str) -> None:
    root = repository(SCRIPTS)
    done = qcilint("--catalog", qci, "--format", "json", cwd=root)
    found = findings(done.stdout)
    assert {name: (each["fix"], each["reason"], each["note"]) for name, each in found.items()} == {
        "known": ("safe", "", f"in the catalogue: published by CI ({OPERATOR}:13)"),
        "copy": (
            "safe",
            "",
            f"in the catalogue: a copy of an image from elsewhere ({MIRRORING}:2); {PUBLIC}",
        ),
        "possible": ("safe", "", f"in QCI if app.ci has it: a pattern of ART's images ({MIRRORING}:18)"),
        "unknown": ("unsafe", "not in the catalogue: ocp/4.20:operater; perhaps ocp/4.20:operator or ocp/4.20:operator-src", ""),
        "withheld": (
            "unsafe",
            f"not in the catalogue: org/library:latest; the promotion in line 6 is disabled ({LIBRARY}:4); {NO_NAME}",
            "",
        ),
        "broken": ("none", f"not copied to QCI: broken image ({MIRRORING}:15)", ""),
        "variable": ("safe", "", ""),
    }
    expected = "6 images looked up in the catalogue: 2 known, 1 possible, 2 unknown, 1 broken"
    assert done.stderr.decode() == f"qcilint: {expected}\n"


def test_a_fix_is_made_once_and_nothing_is_left_to_fix(repository: Repository, qci: str) -> None:
    root = repository(SCRIPTS)
    assert qcilint("--catalog", qci, "--fix", cwd=root).returncode == 1
    names = [f"hack/{name}.sh" for name in ("copy", "known", "possible", "variable")]
    assert git(root, "diff", "--name-only").split() == names
    before = git(root, "diff")
    assert b"fixed 0 references in 0 files" in qcilint("--catalog", qci, "--fix", cwd=root).stdout
    assert git(root, "diff") == before
    qcilint("--catalog", qci, "--fix", "--unsafe-fixes", cwd=root)
    assert git(root, "diff", "--name-only").split() == sorted([*names, "hack/unknown.sh", "hack/withheld.sh"])


UNKNOWN, KNOWN, BROKEN = f"{OLD}/ocp/4.20:operater", f"{OLD}/ocp/4.20:operator", f"{OLD}/ocp/builder:odd-1.13"


@pytest.mark.parametrize(("other", "unsafe"), [(UNKNOWN, 2), (BROKEN, 1)], ids=["unknown", "broken"])
def test_a_dockerfile_is_fixed_whole_or_not(repository: Repository, qci: str, other: str, unsafe: int) -> None:
    root = repository({"Dockerfile": f"FROM {KNOWN} AS one\nFROM {other}\nCOPY --from=one /a /a\n"})
    assert qcilint("--diff", cwd=root).stdout.count(b"\n+FROM") == 2
    assert qcilint("--catalog", qci, "--diff", cwd=root).stdout == b""
    shown = qcilint("--catalog", qci, cwd=root).stdout.decode()
    assert ("it is fixed together with" if unsafe == 2 else "it is fixed as a whole or not at all") in shown
    assert qcilint("--catalog", qci, "--diff", "--unsafe-fixes", cwd=root).stdout.count(b"\n+FROM") == unsafe


def test_references_that_share_a_value_are_fixed_together_or_not(repository: Repository, qci: str) -> None:
    for name, count in (("odd-1.13", 0), ("rhel-9-golang-1.24-openshift-4.20", 3)):
        root = repository({"hack/x.sh": f"R={OLD}\npodman pull $R/ocp/4.20:operator\npodman pull $R/ocp/builder:{name}\n"})
        assert qcilint("--diff", "--unsafe-fixes", cwd=root).stdout.count(b"\n+") - 1 == 3
        assert max(qcilint("--catalog", qci, "--diff", "--unsafe-fixes", cwd=root).stdout.count(b"\n+") - 1, 0) == count
        root.rename(root.with_name(name))


def test_files_that_are_compared_stay_alike(repository: Repository, qci: str) -> None:
    files = {
        "Makefile": "check:\n\tdiff Dockerfile.a Dockerfile.b\n",
        "Dockerfile.a": f"FROM {KNOWN} AS one\nFROM {UNKNOWN}\n",
        "Dockerfile.b": f"FROM {KNOWN} AS one\n",
    }
    root = repository(files)
    assert qcilint("--diff", cwd=root).stdout.count(b"+++") == 2
    assert qcilint("--catalog", qci, "--diff", cwd=root).stdout == b""


def test_the_configuration_names_it_and_the_command_line_takes_it_away(repository: Repository, qci: str) -> None:
    root = repository({**SCRIPTS, "hack/sub/x.sh": SCRIPTS["hack/unknown.sh"], "qcilint.toml": 'catalog = "../qci.json"\n'})
    (root / "hack/sub/qcilint.toml").write_text("")
    levels = {name: each["fix"] for name, each in findings(qcilint("--format", "json", cwd=root).stdout).items()}
    assert (levels["unknown"], levels["sub/x"]) == ("unsafe", "safe")
    text = SCRIPTS["hack/unknown.sh"].encode()
    assert qcilint("--fix", "--stdin-filename", "hack/x.sh", cwd=root, stdin=text).stdout == text
    for flag in ("--no-catalog", "--isolated"):
        assert findings(qcilint(flag, "--format", "json", cwd=root).stdout)["unknown"]["fix"] == "safe"
    assert findings(qcilint("--isolated", "--catalog", qci, "--format", "json", cwd=root).stdout)["unknown"]["fix"] == "unsafe"


def test_an_old_catalogue_is_said_to_be_old(repository: Repository, tmp_path: Path) -> None:
    root = repository(SCRIPTS)
    qci = catalogue(tmp_path, datetime.now(UTC) - timedelta(days=31, hours=1))
    done = qcilint("--catalog", qci, cwd=root)
    assert f"warning: {qci} describes openshift/release as it was 31 days ago" in done.stderr.decode()
    assert done.returncode == 1


BROKEN_FILES = {
    "nothing there": (None, r"No such file or directory; make it with `qcilint catalog build"),
    "no JSON": ("{", r":1: no catalogue: "),
    "no object": ("[]", "no catalogue: it has no version"),
    "another version": ('{"version": 2}', "a catalogue of version 2, this qcilint reads 1"),
    "not whole": ('{"version": 1}', r"a broken catalogue \(KeyError"),
    "no list of files": (
        '{"version": 1, "files": [1], "source": {"commit": "", "date": "", "configurations": 1}, "images": {}}',
        r"a broken catalogue \(ValueError",
    ),
}


@pytest.mark.parametrize(("text", "problem"), BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_catalogue_that_cannot_be_used_ends_the_run(repository: Repository, text: str | None, problem: str) -> None:
    root = repository(SCRIPTS)
    if text is not None:
        (root / "qci.json").write_text(text)
    done = qcilint("--catalog", "qci.json", "--fix", cwd=root)
    assert done.returncode == 2
    assert re.search(problem, done.stderr.decode())
    assert done.stderr.decode().startswith(f"qcilint: error: {root}/qci.json")
    assert git(root, "diff") == ""


def test_without_a_catalogue_nothing_of_it_is_imported(repository: Repository) -> None:
    root = repository(SCRIPTS)
    text = (
        "import sys, qcilint.cli as cli\ntry: cli.main(['hack'])\nfinally: print(*[m for m in sys.modules if 'qcilint.catalog.' in m"
        " or m == 'qcilint.reviewed'], file=sys.stderr)"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", text], cwd=root, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_all_origins_of_the_tree_are_lines_of_its_files(tmp_path: Path) -> None:
    catalog = build(str(tree(tmp_path)), Cache(), 1).catalog
    origins = [origin for table in (catalog.images, catalog.streams) for known in table.values() for origin in known.origins]
    assert {origin.path for origin in origins} == {OPERATOR, LIBRARY, STEP, MIRRORING}
    assert all(FILES[origin.path].splitlines()[origin.line - 1].strip() for origin in origins)
