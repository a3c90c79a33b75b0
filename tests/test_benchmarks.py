"""The benchmarks work: their trees are reproducible and hold what they promise. No time is asserted."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import measuring, report
from benchmarks.measuring import Case, Command, Result, Row
from benchmarks.tree import KINDS, files, make
from tests.conftest import git, git_environment

ROOT = Path(__file__).parent.parent
OLD_HOSTS = (b"registry.ci.openshift.org", b"registry.svc.ci.openshift.org")


def contents(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in git(root, "ls-files", "-z").split("\0") if name}


def digest(root: Path) -> str:
    whole = hashlib.sha256()
    for name, data in sorted(contents(root).items()):
        whole.update(f"{name} {len(data)}\n".encode() + data)
    return whole.hexdigest()


def test_same_seed_gives_the_same_tree_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = make(tmp_path / "a", 300, 5), make(tmp_path / "b", 300, 5), make(tmp_path / "c", 300, 6)
    assert first.commit == again.commit
    assert digest(first.root) == digest(again.root)
    assert first.commit != other.commit
    assert digest(first.root) != digest(other.root)


def test_a_made_tree_is_a_clean_repository_of_the_wanted_size(tmp_path: Path) -> None:
    tree = make(tmp_path / "tree", 300)
    assert git(tree.root, "status", "--porcelain") == ""
    found = contents(tree.root)
    assert len(found) == tree.files == 300
    assert sum(map(len, found.values())) == tree.size
    assert sum(any(host in data for host in OLD_HOSTS) for data in found.values()) == tree.old


def test_about_three_percent_of_the_files_hold_old_references() -> None:
    made = list(files(3000, 1))
    assert len({path for path, _, _ in made}) == 3000
    holding = [path for path, data, _ in made if any(host in data for host in OLD_HOSTS)]
    assert holding == [path for path, _, old in made if old]
    assert 0.025 <= len(holding) / 3000 <= 0.04
    folders = Counter(path.split("/")[0] for path in holding)
    assert {"ci-operator", "core-services", "clusters", "images", "docs", "hack"} <= set(folders)
    assert not any(b"@w@" in data or b"@old@" in data for _, data, _ in made)


def test_generated_jobs_name_the_image_in_qci() -> None:
    jobs = [data for path, data, _ in files(1000, 1) if path.endswith("-presubmits.yaml")]
    entries = sum(data.count(b"- agent: kubernetes") for data in jobs)
    assert sum(data.count(b"quay-proxy.ci.openshift.org/openshift/ci:ci_ci-operator_latest") for data in jobs) > 0.9 * entries


def test_paths_of_the_largest_tree_differ() -> None:
    from benchmarks import tree

    for kind, number in tree._kinds(tree.MOST_FILES):
        assert len({tree._path(kind, index) for index in range(number)}) == number, kind.path
    assert len({kind.path for kind in KINDS}) == len(KINDS)


def test_a_folder_with_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    with pytest.raises(FileExistsError):
        make(tmp_path, 300)


def test_passes_prints_its_tables() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.passes", "--files", "300", "--rounds", "1"],
        cwd=ROOT, capture_output=True, text=True, check=False, env=git_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "300 files, " in done.stdout
    for row in (
        "| | lexical | whole check |",
        "| wall time |",
        "| processor time |",
        "| contexts: yaml |",
        "| judge |",
        "| function",
    ):
        assert row in done.stdout


@pytest.mark.skipif(shutil.which("docker-registry") is None, reason="docker-registry not installed")
def test_verification_prints_its_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.verification", "--images", "20", "--rounds", "1"],
        cwd=ROOT, capture_output=True, text=True, check=False, env=git_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "20 images, " in done.stdout
    assert "| wall time |" in done.stdout


def test_the_catalogue_prints_its_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.catalog", "--files", "300", "--rounds", "1"],
        cwd=ROOT, capture_output=True, text=True, check=False, env=git_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "configurations, " in done.stdout
    assert "| after a change |" in done.stdout


def test_peers_write_the_figures_into_the_documentation(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "speed.md", tmp_path)
    result = measuring.measure(
        Case(
            "sleeping",
            tmp_path,
            (
                Command("one", ("sh", "-c", "exit 1"), target=2.5),
                Command("two", ("sh", "-c", "touch seen"), before=lambda: (tmp_path / "seen").unlink(missing_ok=True)),
                Command("three", ("no-such-tool",), needs="no-such-tool"),
            ),
            runs=2,
        ),
        3,
    )
    assert (tmp_path / "seen").exists()
    assert [(row.name, row.missing, row.target) for row in result.rows] == [
        ("one", "", 2.5), ("two", "", None), ("three", "no-such-tool", None),
    ]  # fmt: skip
    first, second, _ = result.rows
    assert (first.wall, first.lowest, first.highest, first.cpu) == (1, 1, 1, 1)
    assert second.lowest <= second.wall <= second.highest
    page = tmp_path / "speed.md"
    prose = page.read_text().partition(report.BEGIN)[0]
    for _ in range(2):
        report.write_page(page, "one machine.", [result])
        text = page.read_text()
        assert text.startswith(prose)
        assert text.count("### Sleeping") == text.count("| three | no-such-tool is not installed |") == 1
        assert text.count(report.BEGIN) == text.count(report.END) == 1


def test_a_plot_of_the_same_figures_has_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = (Row("rg", wall=1), Row("qcilint", wall=2.5, target=1.5), Row("other", missing="other"))
    for name in ("a", "b"):
        report.plot([Result("searching", rows)], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert b"searching: wall time / rg" in (tmp_path / "a").read_bytes()


def test_a_command_that_fails_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        measuring.measure(Case("failing", tmp_path, (Command("one", ("sh", "-c", "exit 3")),)), 1)
