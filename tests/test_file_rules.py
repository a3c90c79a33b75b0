"""Rules about whole files, which name no registry: they are told by their paths, in every way in which files are looked at."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from qcilint import index
from qcilint.output import FORMATS
from qcilint.ruleset import RuleError, load_builtin, parse_rules
from tests.conftest import DEAD, NEW, OLD, Repository, git, qcilint

TEAM = "clusters/app.ci/registry-access/team"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\ntype: kubernetes.io/service-account-token\n"
GOOD = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"
FILES = {f"{TEAM}/OWNERS": "approvers: [team]\n", f"{TEAM}/admin_manifest.yaml": SECRET, "README.md": "x\n"}
LINE = f"{TEAM}/admin_manifest.yaml:4:7: QCI404"


def test_a_tree_and_named_files_alike(repository: Repository) -> None:
    root = repository(FILES)
    for arguments in ([], ["."], ["--color", "never"], ["clusters"], [f"{TEAM}/admin_manifest.yaml"], ["--jobs", "1"]):
        done = qcilint(*arguments, cwd=root)
        assert (done.returncode, done.stdout.decode().startswith(LINE), done.stderr) == (1, True, b""), arguments
    inside = qcilint("admin_manifest.yaml", cwd=root / TEAM)
    assert inside.stdout.startswith(b"admin_manifest.yaml:4:7: QCI404")
    given = qcilint("--stdin-filename", "admin_manifest.yaml", cwd=root / TEAM, stdin=b"\n" + SECRET.encode())
    assert given.stdout.startswith(b"admin_manifest.yaml:5:7: QCI404")


def test_a_clean_folder_is_told_without_the_rules(repository: Repository) -> None:
    root = repository({**FILES, f"{TEAM}/admin_manifest.yaml": GOOD, f"{TEAM}/x.yaml": b"\0", f"{TEAM}/y.yaml": ""})
    (root / TEAM / "link.yaml").symlink_to("admin_manifest.yaml")
    script = (
        "import sys; from qcilint.quick import look; print(look([]).message);"
        "print('qcilint.ruleset' in sys.modules, 'qcilint.engine' in sys.modules)"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "no findings in 5 files\nFalse False\n"
    assert qcilint("--color", "never", cwd=root).stdout == b"no findings in 5 files\n"


def test_a_clean_file_elsewhere_pays_for_none_of_it(repository: Repository) -> None:
    root = repository({"registry-access/team/x.yaml": SECRET})
    import subprocess

    script = "import sys; from qcilint.quick import look; print(look([]).message, 'qcilint.named_files' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "no findings in 1 file False\n"


def test_a_useless_comment_in_a_clean_folder_is_told(repository: Repository) -> None:
    root = repository({**FILES, f"{TEAM}/admin_manifest.yaml": f"# qcilint: ignore[QCI404] once\n{GOOD}"})
    assert b"QCI001" in qcilint(cwd=root).stdout


def test_beside_references(repository: Repository) -> None:
    root = repository(FILES)
    for image in (OLD, NEW):  # what stands in these folders is about access, and is kept
        (root / TEAM / "admin_manifest.yaml").write_text(f"{SECRET}---\nspec:\n  image: {image}\n")
        found = json.loads(qcilint("--format", "json", cwd=root).stdout)["findings"]
        assert [(each["rule"], each["line"]) for each in found] == [("QCI404", 4)], image
        assert image.encode() in qcilint("--show-kept", cwd=root).stdout


def test_a_fix_elsewhere_leaves_it(repository: Repository) -> None:
    root = repository({**FILES, "Dockerfile": f"FROM {DEAD}\n"})
    done = qcilint("--fix", cwd=root)
    assert b"QCI404" in done.stdout
    assert done.stdout.endswith(b"fixed 1 reference in 1 file; warning: 1 finding left in 1 file\n")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_carries_it(repository: Repository, name: str) -> None:
    root = repository(FILES)
    done = qcilint("--format", name, cwd=root)
    assert done.returncode == 1
    assert b"QCI404" in done.stdout


def test_the_document_of_a_finding(repository: Repository) -> None:
    (found,) = json.loads(qcilint("--format", "json", cwd=repository(FILES)).stdout)["findings"]
    parts = {key: found[key] for key in ("registry", "namespace", "image", "tag", "digest", "context", "written", "fix")}
    assert parts == {
        "registry": "", "namespace": "", "image": "", "tag": "", "digest": "", "context": "file:token-secret",
        "written": "kubernetes.io/service-account-token", "fix": "none",
    }  # fmt: skip


SILENT = {
    "a comment": ("", f"{SECRET[:-1]} # qcilint: ignore[QCI404] old\n"),
    "a comment by name": ("", SECRET.replace("type:", "# qcilint: ignore[registry-access-manifest] old\ntype:")),
    "off": ('ignore = ["QCI404"]\n', SECRET),
    "off by severity": ('[severity]\nQCI404 = "off"\n', SECRET),
    "a path": ('[per-path-ignores]\n"clusters/" = ["QCI4"]\n', SECRET),
    "excluded": ('exclude = ["clusters/"]\n', SECRET),
}


@pytest.mark.parametrize(("settings", "text"), SILENT.values(), ids=SILENT)
def test_ways_to_leave_it_out(repository: Repository, settings: str, text: str) -> None:
    root = repository({**FILES, f"{TEAM}/admin_manifest.yaml": text, **({"qcilint.toml": settings} if settings else {})})
    done = qcilint(cwd=root)
    assert (done.returncode, done.stderr) == (0, b""), done.stdout


def test_severity_comments_and_baseline(repository: Repository) -> None:
    root = repository({**FILES, "qcilint.toml": '[severity]\nQCI404 = "note"\n'})
    assert qcilint(cwd=root).returncode == 0
    (root / "qcilint.toml").unlink()
    assert qcilint("--add-ignores", "old", cwd=root).returncode == 0
    assert (root / TEAM / "admin_manifest.yaml").read_text() == f"{SECRET[:-1]}  # qcilint: ignore[QCI404] old\n"
    assert qcilint(cwd=root).returncode == 0
    git(root, "checkout", "-q", TEAM)
    assert qcilint("baseline", "write", cwd=root).returncode == 0
    (root / "qcilint.toml").write_text('baseline = "qcilint-baseline.txt"\n')
    assert qcilint(cwd=root).returncode == 0


def test_what_changed_and_what_is_staged(repository: Repository) -> None:
    root = repository({**FILES, f"{TEAM}/admin_manifest.yaml": GOOD})
    path = root / TEAM / "admin_manifest.yaml"
    assert qcilint("--since", "HEAD", cwd=root).returncode == 0
    path.write_text(f"{GOOD}---\n{SECRET}")
    assert qcilint("--staged", cwd=root).returncode == 0
    assert qcilint("--since", "HEAD", cwd=root).returncode == 1
    git(root, "add", "-A")
    path.write_text(GOOD)
    assert qcilint("--staged", cwd=root).returncode == 1
    git(root, "rm", "-q", "--cached", f"{TEAM}/OWNERS")
    assert b"has no OWNERS" in qcilint("--staged", cwd=root).stdout


def test_outside_git(tmp_path: Path) -> None:
    (tmp_path / TEAM).mkdir(parents=True)
    (tmp_path / TEAM / "admin_manifest.yaml").write_text(SECRET)
    found = json.loads(qcilint("--format", "json", cwd=tmp_path).stdout)["findings"]
    assert [each["context"] for each in found] == ["file:no-owners", "file:token-secret"]


def test_the_index_has_a_text_of_every_path() -> None:
    known = index.of(load_builtin())
    assert known.files == (("clusters/app.ci/registry-access/", ("clusters/app.ci/registry-access/",), "registry_access"),)
    assert known.named(["a", f"{TEAM}/x", f"/abs/{TEAM}/y"]) == [1, 2]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('about="other"', "about 'other' is none of comments, files, catalog"),
        ('about="files"\ncheck="registry_access"\n[[case]]\nnote="n"', "'files' is missing"),
        ('about="files"\nfiles=["a/"]\n[[case]]\nnote="n"', "'check' is missing"),
        ('about="files"\nfiles=["a/"]\ncheck="registry_access"', "'case' is missing"),
    ],
)
def test_rules_that_cannot_be_used(text: str, problem: str) -> None:
    head = 'id="X1"\nname="x-y"\nseverity="error"\nsummary="s"\nwhy="w"\n'
    with pytest.raises(RuleError, match=problem):
        parse_rules({"x.toml": head + text})
