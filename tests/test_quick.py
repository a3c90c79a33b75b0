"""The quick answer of a run over clean files is that of a whole run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qcilint.discovery import select
from qcilint.quick import look
from tests.conftest import NEW, OLD, Repository
from tests.test_packs import RULE

WHOLE = ("--color", "never")
"""An option with which everything is done, and that changes nothing."""


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "qcilint", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "job.yaml").write_text(f"image: {NEW}\n")
    (folder / "b").write_text("b\n")
    (folder / "binary").write_bytes(b"\0")
    (folder / ".gitignore").write_text("ignored\n")
    (folder / "ignored").write_text(f"FROM {OLD}\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    return folder


def test_a_clean_tree(tree: Path) -> None:
    assert run(tree) == (0, "no findings in 4 files\n", "")


SETTINGS = 'rules = ["rules"]\nextend-select = ["OLD001"]\n'


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "an untracked file": lambda tree: (tree / "new").write_text("x"),
    "an untracked file with a finding": lambda tree: (tree / "new").write_text(f"FROM {OLD}\n"),
    "a finding": lambda tree: (tree / "Dockerfile").write_text(f"FROM {OLD}\n"),
    "a deleted file": lambda tree: (tree / "b").unlink(),
    "a link in the tree": lambda tree: (tree / "link").symlink_to("b"),
    "a link to nothing": lambda tree: (tree / "link").symlink_to("nothing"),
    "a link out of the tree": lambda tree: (tree / "link").symlink_to("/etc/passwd"),
    "a pipe in the place of a file": lambda tree: ((tree / "b").unlink(), os.mkfifo(tree / "b")),
    "a folder in the place of a file": lambda tree: ((tree / "b").unlink(), (tree / "b").mkdir()),
    "a repository in it": lambda tree: git(tree, "init", "-q", "inner"),
    "a name with a line end": lambda tree: (tree / "a\nb").write_text("x"),
    "a name that is no text": lambda tree: (tree / os.fsdecode(b"\xff")).write_text("x"),
    "all deleted": lambda tree: git(tree, "rm", "-qr", "."),
    "settings of a folder that is clean without them": lambda tree: write(
        tree,
        {
            "Dockerfile": f"FROM {OLD}\n",
            "c/d/Dockerfile": "FROM registry.old.example.com/a/b:1\n",
            "c/qcilint.toml": SETTINGS,
            "c/rules/OLD001.toml": RULE,
        },
    ),
    "a script that borrows a name": lambda tree: write(
        tree, {"lib.sh": f"REGISTRY={OLD.partition('/')[0]}\n", "run.sh": 'source lib.sh\npodman pull "$REGISTRY/ocp/4.20:cli"\n'}
    ),
    "no tree of git": lambda tree: (tree / ".git").rename(tree / "x"),
    "a broken index of git": lambda tree: (tree / ".git" / "index").write_text("x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_listed_is_selected_as_if_nothing_was_known(
    tree: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    monkeypatch.chdir(tree)
    (tree / "Dockerfile").write_text(f"FROM {OLD}\n")
    change(tree)
    glance, plain = look([]), select(["."])
    assert glance.message is None
    told = select(["."], glance.listing)
    assert "Dockerfile" in {target.path for target in told.targets}
    assert set(told.targets) <= set(plain.targets)
    assert told.count == plain.count
    told.look_at_all()
    assert (told.targets, told.skipped, told.whole) == (plain.targets, plain.skipped, plain.whole)


def test_a_tree_with_findings_is_listed_once(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    (tree / "new").write_text(f"FROM {OLD}\n")
    glance = look([])
    listing = glance.listing(str(tree.resolve()))
    assert listing
    assert listing.names == [".gitignore", "a/job.yaml", "b", "binary", "new"]
    assert listing.opened == ["binary", "new"]
    assert glance.listing(str(tree.resolve() / "a")) is None


@pytest.mark.parametrize("name", ["qcilint.toml", ".qcilint.toml", "pyproject.toml"])
@pytest.mark.parametrize("folder", [".", "a"])
def test_where_settings_may_stand_a_whole_run_decides(
    tree: Path, monkeypatch: pytest.MonkeyPatch, name: str, folder: str
) -> None:
    monkeypatch.chdir(tree)
    path = tree / folder / name
    path.write_text("[tool.other]\n")
    assert (look([]).message is None) is (look(["a/job.yaml"]).message is None) is (name != "pyproject.toml")
    path.write_text("[tool.qcilint]\n")
    assert look([]).message is None
    assert look(["a/job.yaml"]).message is None
    assert (look(["b"]).message is None) is (folder == ".")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_tree_is_told_as_by_a_whole_run(tree: Path, change: Callable[[Path], object]) -> None:
    change(tree)
    whole = run(tree, *WHOLE)
    assert run(tree) == whole
    assert run(tree, ".") == whole
    assert run(tree, "--jobs", "1") == whole


ARGUMENTS = [
    ["b"],
    ["b", "a/job.yaml", "binary"],
    ["b", "b"],
    ["b", "./b", "a/../b"],
    ["link"],
    ["out"],
    ["folder/b"],
    ["outside/passwd"],
    ["a"],
    ["a", "b"],
    ["missing"],
    ["ignored"],
    ["pipe"],
    [""],
    ["--", "b"],
    ["--jobs", "2", "b"],
    ["--jobs", "0", "b"],
    ["--jobs", "²", "b"],
    ["--jobs", "400", "b"],
    ["--jobs", "-1", "b"],
    ["--jobs", "--fix", "b"],
    ["--force-exclude", "b"],
    ["--fix", "--force-exclude", "b", "a/job.yaml"],
    ["--force-exclude", "--jobs", "1", "--fix", "b"],
    ["--fix", "--fix", "b"],
    ["--fix", "ignored"],
    ["--force-exclude", "ignored"],
    ["--fix", "--diff", "b"],
    ["--fix", "rule"],
    ["--fix"],
    ["--fix", "."],
    ["b", "--fix"],
    ["--no-force-exclude", "b"],
    ["--jobs"],
    ["-x"],
]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=" ".join)
def test_files_are_told_as_by_a_whole_run(tree: Path, arguments: list[str]) -> None:
    (tree / "link").symlink_to("b")
    (tree / "out").symlink_to("/etc/passwd")
    (tree / "outside").symlink_to("/etc")
    (tree / "folder").symlink_to(".")
    os.mkfifo(tree / "pipe")
    (tree / "rule").write_text("a command is no path when it comes first\n")
    git(tree, "add", ".")
    ignored = tree / "ignored"
    told, fixed = run(tree, *arguments), ignored.read_text()
    ignored.write_text(f"FROM {OLD}\n")
    assert told == run(tree, *WHOLE, *arguments)
    assert fixed == ignored.read_text()


@pytest.mark.parametrize(
    "arguments", [["b"], ["--force-exclude", "b"], ["--fix", "--force-exclude", "b"], ["--fix", "."], []], ids=" ".join
)
def test_the_runs_of_the_hooks_are_quick(tree: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tree)
    assert look(arguments).message is not None


def test_a_name_that_leads_through_a_link_is_not_judged_by_its_spelling(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "a" / "deep").mkdir()
    (tree / "link").symlink_to("a/deep")
    (tree / "a" / "c").write_text("c\n")
    (tree / "a" / ".qcilint.toml").write_text("")
    monkeypatch.chdir(tree)
    assert look(["link/../c"]).message is None


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be read by root")
def test_what_cannot_be_read_is_told(tree: Path) -> None:
    (tree / "b").chmod(0)
    assert run(tree) == run(tree, *WHOLE) == (2, "no findings in 4 files\n", "qcilint: error: b: Permission denied\n")


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that a run imports, those of the interpreter's own start apart."""
    code = "import sys; known = {*sys.modules}; from qcilint.start import entry\n"
    code += "import os; leave = os._exit\n"
    code += "def told(status=0): print(*({*sys.modules} - known), file=sys.stderr, flush=True); leave(status or 0)\n"
    code += "os._exit = sys.exit = told; entry()"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return set(done.stderr.split())


@pytest.mark.parametrize("options", [[], ["--force-exclude"], ["--fix", "--force-exclude"]], ids=" ".join)
def test_a_hook_over_clean_files_imports_next_to_nothing(tree: Path, options: list[str]) -> None:
    found = imported(tree, *options, "b")
    assert {name for name in found if name.startswith("qcilint.") and not name.startswith("qcilint.rules")} == {
        "qcilint.compiled", "qcilint.index", "qcilint.quick", "qcilint.scan", "qcilint.start",
    }  # fmt: skip
    assert found.isdisjoint({"re", "bisect", "zlib", "typing", "dataclasses", "functools", "collections"})


NOT_TO_FIX = {
    *("argparse", "subprocess", "tomllib", "pathlib", "tempfile", "shutil", "zipfile", "importlib.resources"),
    *("typing", "dataclasses", "inspect", "json", "logging", "traceback", "string", "textwrap", "tokenize", "shlex", "fnmatch"),
    *("math", "unicodedata", "dockerfile_parse", "identify", "qcilint.cli", "qcilint.commands.reports", "qcilint.output.run"),
    *("qcilint.output.full", "qcilint.expressions", "qcilint.couplings_code", "qcilint.couplings_config"),
    *("difflib", "qcilint.pattern_index", "qcilint.groups", "qcilint.alignment", "qcilint.assignments", "qcilint.scripts"),
}
"""What parses arguments, rules and instructions that are continued, and what is for scripts, other languages and reports."""


def test_to_fix_a_dockerfile_needs_little(repository: Repository) -> None:
    root = repository({"Dockerfile": f"FROM {OLD} AS a\nFROM {OLD}\nCOPY --from=a /a /b\n"})
    found = imported(root, "--fix", "--force-exclude", "Dockerfile")
    assert (root / "Dockerfile").read_text() == f"FROM {NEW} AS a\nFROM {NEW}\nCOPY --from=a /a /b\n"
    assert "qcilint.fixes" in found
    assert found & NOT_TO_FIX == set()


def test_what_is_not_needed_there_is_needed_elsewhere(repository: Repository) -> None:
    """Else nothing would be said by its absence."""
    script = f"grep {OLD} Dockerfile\ncurl https://{OLD}\nR={OLD}\npodman pull $R\n"
    root = repository({"Dockerfile": f"FROM {OLD}\nRUN a \\\n  b\n", "x.sh": script})
    found = imported(root, "--fix", "Dockerfile", "x.sh")
    assert {"dockerfile_parse", "qcilint.output.full", "qcilint.pattern_index", "qcilint.expressions"} <= found
