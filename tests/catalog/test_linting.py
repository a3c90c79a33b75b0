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


def findings(output: bytes, about: str = "") -> dict[str, dict[str, Any]]:
    """By script; those about references, or those of one rule."""
    return {
        finding["path"].removeprefix("hack/").removesuffix(".sh"): finding
        for finding in json.loads(output)["findings"]
        if (finding["rule"] == about if about else finding["rule"] != RULE)
    }


RULE = "QCI205"


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


def test_what_is_unknown_is_a_finding_of_its_own(repository: Repository, qci: str) -> None:
    root = repository(SCRIPTS)
    found = findings(qcilint("--catalog", qci, "--format", "json", cwd=root).stdout, RULE)
    assert {name: (each["severity"], each["fix"], each["reason"]) for name, each in found.items()} == {
        "unknown": (
            "warning",
            "none",
            "not in the catalogue: ocp/4.20:operater; perhaps ocp/4.20:operator or ocp/4.20:operator-src",
        ),
        "withheld": (
            "warning",
            "none",
            f"not in the catalogue: org/library:latest; the promotion in line 6 is disabled ({LIBRARY}:4); {NO_NAME}",
        ),
    }
    assert b"QCI205" not in qcilint("--format", "json", cwd=root).stdout


def test_an_unsafe_fix_of_what_is_unknown_is_reported_too(repository: Repository, qci: str) -> None:
    root = repository({"Dockerfile": f"ARG BASE={UNKNOWN}\nFROM ${{BASE}}\n"})
    done = qcilint("--catalog", qci, "--format", "json", cwd=root)
    (of_rule,) = findings(done.stdout, RULE).values()
    assert of_rule["line"] == 1
    assert findings(done.stdout)["Dockerfile"]["fix"] == "unsafe"


SILENT = {
    "ignored": ('ignore = ["QCI205"]\n', f"podman pull {UNKNOWN}\n"),
    "off": ('[severity]\nimage-not-in-catalogue = "off"\n', f"podman pull {UNKNOWN}\n"),
    "for its path": ('[per-path-ignores]\n"hack/" = ["QCI205"]\n', f"podman pull {UNKNOWN}\n"),
    "suppressed": ("", f"podman pull {UNKNOWN} # qcilint: ignore[QCI205] pushed by hand\n"),
}


@pytest.mark.parametrize(("settings", "text"), SILENT.values(), ids=SILENT)
def test_where_nobody_wants_to_know_the_fix_stays_safe(repository: Repository, qci: str, settings: str, text: str) -> None:
    root = repository({"hack/x.sh": text, "qcilint.toml": f"catalog = {json.dumps(qci)}\n{settings}"})
    done = qcilint("--format", "json", cwd=root)
    assert findings(done.stdout, RULE) == {}
    assert (findings(done.stdout)["x"]["fix"], len(json.loads(done.stdout)["findings"])) == ("safe", 1)
    assert b"not in the catalogue: ocp/4.20:operater" in qcilint(cwd=root).stdout
    assert qcilint("--no-catalog", cwd=root).stdout.count(b"QCI001") == 0, "only a catalogue can tell whether it is of use"


def test_its_severity_and_the_ways_around_it(repository: Repository, qci: str) -> None:
    root = repository(
        {"hack/x.sh": f"podman pull {UNKNOWN}\n", "qcilint.toml": f'catalog = "{qci}"\n[severity]\nQCI205 = "note"\n'}
    )
    assert findings(qcilint("--format", "json", cwd=root).stdout, RULE)["x"]["severity"] == "note"
    assert qcilint("--add-ignores", "later", cwd=root).returncode == 0
    assert qcilint(cwd=root).returncode == 0
    git(root, "checkout", "-q", ".")
    assert qcilint("--fix", "--unsafe-fixes", cwd=root).returncode == 0
    assert QCI.encode() in (root / "hack/x.sh").read_bytes()


def test_a_checkout_is_a_catalogue_too(repository: Repository, tmp_path: Path) -> None:
    root, release = repository(SCRIPTS), tree(tmp_path / "release", date="2026-11-01T00:00:00Z")
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache")}

    def lint(*arguments: str) -> tuple[dict[str, dict[str, Any]], str]:
        done = qcilint("--release-repo", str(release), "--format", "json", *arguments, cwd=root, **home)
        return findings(done.stdout), re.sub(
            r"qcilint: warning: .* days ago.*\n|.*nothing has to change.*\n|.*no remote.*\n", "", done.stderr.decode()
        )

    expected = "qcilint: 6 images looked up in the catalogue: 2 known, 1 possible, 2 unknown, 1 broken\n"
    first, said = lint()
    assert said == f"qcilint: reading {release} for what QCI should hold; later runs read only what changed\n{expected}"
    assert (first["known"]["fix"], first["unknown"]["fix"], first["broken"]["fix"]) == ("safe", "unsafe", "none")
    assert lint() == (first, expected)
    path = release / OPERATOR
    path.write_text(path.read_text().replace("- to: operator\n", "- to: operater\n"))
    changed, said = lint()
    assert (changed["known"]["fix"], changed["unknown"]["fix"], said) == ("unsafe", "safe", expected)
    git(release, "commit", "-qam", "y")
    assert lint()[0]["unknown"]["fix"] == "safe"
    git(release, "reset", "-q", "--hard", "HEAD~1")
    assert lint() == (first, expected)
    assert lint("--no-catalog")[0]["unknown"]["fix"] == "safe"
    (tmp_path / "qci.json").write_text(json.dumps(EMPTY))
    assert lint("--catalog", str(tmp_path / "qci.json"))[0]["known"]["fix"] == "unsafe"


EMPTY = {
    "version": 1, "source": {"commit": "", "date": "", "configurations": 0}, "files": [], "images": {}, "streams": {}, "patterns": [],
}  # fmt: skip


def test_what_a_checkout_lacks_is_said(repository: Repository, tmp_path: Path) -> None:
    root = repository({"hack/x.sh": f"podman pull {UNKNOWN}\n"})
    files = {name: text for name, text in FILES.items() if name != MIRRORING} | {LIBRARY: "images: [\n"}
    release = tree(tmp_path / "release", files, date="2026-11-01T00:00:00Z")
    cache = str(tmp_path / "cache")
    done = qcilint("--release-repo", str(release), "--format", "json", cwd=root, XDG_CACHE_HOME=cache)
    assert findings(done.stdout)["x"]["fix"] == "safe"
    assert f"{release} has no {MIRRORING}: what QCI holds is not known, and no image is looked up" in done.stderr.decode()
    (release / MIRRORING).parent.mkdir(parents=True)
    (release / MIRRORING).write_text("ignoredSources: {}\n")
    done = qcilint("--release-repo", str(release), "--format", "json", cwd=root, XDG_CACHE_HOME=cache)
    assert findings(done.stdout)["x"]["fix"] == "safe"
    assert b"ignoredSources is no list; make it one: what QCI holds is not known, and no image is looked up" in done.stderr
    (release / MIRRORING).write_text(FILES[MIRRORING])
    for _ in range(2):
        done = qcilint("--release-repo", str(release), "--format", "json", cwd=root, XDG_CACHE_HOME=cache)
        assert findings(done.stdout)["x"]["fix"] == "unsafe"
        assert f"warning: left out of the catalogue: {release}/{LIBRARY}:" in done.stderr.decode()


def test_a_kept_catalogue_that_cannot_be_read_is_made_anew(repository: Repository, tmp_path: Path) -> None:
    root, release = repository(SCRIPTS), tree(tmp_path / "release", date="2026-11-01T00:00:00Z")
    arguments = ("--release-repo", str(release), "--format", "json")
    whole = qcilint(*arguments, cwd=root, XDG_CACHE_HOME=str(tmp_path / "cache")).stdout
    (kept,) = (tmp_path / "cache").rglob("*.catalog.json")
    good = kept.read_bytes()
    for bad in (b"", b"{}", good[:200], good.replace(b'"images"', b'"pictures"')):
        kept.write_bytes(bad)
        assert qcilint(*arguments, cwd=root, XDG_CACHE_HOME=str(tmp_path / "cache")).stdout == whole
        assert kept.read_bytes() == good
