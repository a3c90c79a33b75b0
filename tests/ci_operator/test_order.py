"""A Dockerfile is not parted from the input alias that replaces its image: real repositories, whole and in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import NEW, OLD, Repository, git, qcilint

DOCKERFILE = f"FROM {OLD}\n"
BOTH = (OLD, NEW)


def config(*texts: str) -> str:
    items = "".join(f"      - {text}\n" for text in texts)
    return f"base_images: {{}}\nimages:\n- inputs:\n    bin:\n      as:\n{items}  to: x\ntests: []\n"


def changed(root: Path) -> list[str]:
    return git(root, "diff", "--name-only").split()


def test_both_sides_change_in_one_run(repository: Repository) -> None:
    root = repository({"Dockerfile": DOCKERFILE, "ci/config.yaml": config(OLD)})
    assert qcilint("--fix", cwd=root).returncode == 0
    assert (root / "Dockerfile").read_text() == f"FROM {NEW}\n"
    assert (root / "ci/config.yaml").read_text() == config(*BOTH)
    assert qcilint("--diff", cwd=root).returncode == 0


def test_a_part_of_the_tree_does_not_change_the_dockerfile_alone(repository: Repository) -> None:
    root = repository({"Dockerfile": DOCKERFILE, "ci/config.yaml": config(OLD)})
    run = qcilint("--fix", "Dockerfile", cwd=root)
    assert (run.returncode, changed(root)) == (1, [])
    assert "an input alias (ci/config.yaml, line 6)" in run.stdout.decode()
    assert qcilint("--fix", "ci/config.yaml", cwd=root).returncode == 0
    assert qcilint("--fix", "Dockerfile", cwd=root).returncode == 0
    assert changed(root) == ["Dockerfile", "ci/config.yaml"]


def test_the_dockerfile_waits_for_an_alias_that_cannot_be_added_to(repository: Repository) -> None:
    text = config(OLD).replace("as:\n", "as: &x\n") + "y: *x\n"
    root = repository({"Dockerfile": f"{DOCKERFILE}COPY --from={OLD.replace('cli', 'jq')} /a /a\n", "ci/config.yaml": text})
    run = qcilint("--fix", cwd=root)
    assert (run.returncode, changed(root)) == (1, [])
    assert "its list is shared" in run.stdout.decode()
    assert run.stdout.decode().count("an input alias (ci/config.yaml, line 6)") == 2  # a Dockerfile is fixed whole


@pytest.mark.parametrize(
    ("path", "is_held"),
    [
        pytest.param("ci-operator/config/o/r/o-r-main.yaml", False, id="of another repository"),
        pytest.param("ci-operator/config/openshift/release/openshift-release-main.yaml", True, id="of openshift/release itself"),
        pytest.param(".ci/config.yaml", True, id="of this repository"),
    ],
)
def test_whose_aliases_count(path: str, is_held: bool, repository: Repository) -> None:
    root = repository({"images/Dockerfile": DOCKERFILE, path: config(OLD)})
    qcilint("--fix", "images", cwd=root)
    assert changed(root) == ([] if is_held else ["images/Dockerfile"])


def test_the_literal_of_an_item_and_its_alias_are_one_group(repository: Repository) -> None:
    text = config(OLD).replace("- inputs:", f"- dockerfile_literal: |\n    FROM {OLD}\n  inputs:")
    root = repository({"ci-operator/config/o/r/o-r-main.yaml": text})
    assert qcilint("--fix", cwd=root).returncode == 0
    expected = text.replace(f"FROM {OLD}", f"FROM {NEW}").replace(f"      - {OLD}\n", f"      - {OLD}\n      - {NEW}\n")
    assert (root / "ci-operator/config/o/r/o-r-main.yaml").read_text() == expected


def test_a_fix_that_is_unsafe_anyway_names_the_alias_too(repository: Repository) -> None:
    untagged = OLD.partition(":")[0]
    root = repository({"Dockerfile": f"FROM {untagged}\n", "ci/config.yaml": config(untagged)})
    said = qcilint(cwd=root).stdout.decode()
    assert "no tag: right if the tag latest is meant; an input alias (ci/config.yaml, line 6)" in said


def test_one_literal_does_not_wait_for_the_alias_of_another(repository: Repository) -> None:
    """The groups of both are joined by an alias whose text both hold; a second run has nothing to do."""
    jq, tools = OLD.replace("cli", "jq"), OLD.replace("cli", "tools")
    shared = "x: *l\n"
    item = "- dockerfile_literal: |\n    FROM {}\n    FROM {}\n  inputs:\n    {}:\n      as:{}\n      - {}\n  to: {}\n"
    text = (
        "base_images: {}\ntests: []\nimages:\n"
        + item.format(OLD, tools, "bin", "", OLD, "a")
        + item.format(jq, jq, "root", " &l", jq, "b")
        + shared
    )
    path = "ci-operator/config/o/r/o-r-main.yaml"
    root = repository({path: text})
    assert qcilint("--fix", cwd=root).returncode == 1
    once = (root / path).read_text()
    assert once.count(NEW) == 2  # in the literal, and beside the old spelling
    assert (once.count(jq), NEW.replace("cli", "jq") in once) == (3, False)
    assert tools not in once
    qcilint("--fix", cwd=root)
    assert (root / path).read_text() == once
