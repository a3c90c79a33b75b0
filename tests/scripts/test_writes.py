"""Files that scripts write, compare with each other, or compare with what they make."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest

from qcilint.discovery import select
from qcilint.findings import Finding
from qcilint.fixing import fixed
from qcilint.generated import Candidates, directives, written_files
from qcilint.results import FileResult
from qcilint.scripts.writes import script_writes
from qcilint.sums import compared_files, is_sums, summed_files

from ..conftest import LINTER, OLD, Repository

FILES = {"Dockerfile", "Dockerfile.rhel7", "Dockerfile.ci", "images/Dockerfile", "images/a.yaml"}


class Row(NamedTuple):
    path: str
    script: str
    written: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    families: tuple[tuple[str, ...], ...] = ()
    alike: tuple[str, ...] = ()


ROWS = [
    Row("x.sh", "sed s/a/b/ Dockerfile > Dockerfile.rhel7", ("Dockerfile.rhel7",)),
    Row("x.sh", "sed s/a/b/ Dockerfile >| Dockerfile.rhel7", ("Dockerfile.rhel7",)),
    Row("x.sh", "cp Dockerfile Dockerfile.ci", ("Dockerfile.ci",)),
    Row("x.sh", "cp -f Dockerfile images/", ("images/Dockerfile",)),
    Row("x.sh", "cp a.yaml Dockerfile images", ("images/Dockerfile", "images/a.yaml")),
    Row("x.sh", "install -m 644 in Dockerfile.ci", ("Dockerfile.ci",)),
    Row("x.sh", "./gen | tee Dockerfile.ci > /dev/null", ("Dockerfile.ci",)),
    Row("x.sh", "envsubst < Dockerfile.in > Dockerfile", ("Dockerfile",)),
    Row("x.sh", "oc process -f t.yaml > images/a.yaml", ("images/a.yaml",)),
    Row("x.sh", "cat a b > Dockerfile", ("Dockerfile",)),
    Row("x.sh", "cat > Dockerfile <<EOF\nFROM x\nEOF", ("Dockerfile",)),
    Row("x.sh", "gen --output Dockerfile.ci; gen --out=Dockerfile", ("Dockerfile", "Dockerfile.ci")),
    Row("x.sh", "OUT=images/Dockerfile\ngen > $OUT", ("images/Dockerfile",)),
    Row("x.sh", 'OUT="${ROOT}/images/Dockerfile"\ngen > "${OUT}"', ("images/Dockerfile",)),
    Row("x.sh", 'gen > "$(git rev-parse --show-toplevel)/images/Dockerfile"', ("images/Dockerfile",)),
    Row("x.sh", "for f in Dockerfile Dockerfile.ci; do gen > $f; done", ("Dockerfile", "Dockerfile.ci")),
    Row("x.sh", "sed s/a/b/ in > t && mv t Dockerfile", ("Dockerfile",)),
    Row("images/x.sh", 'cd "$(dirname "$0")"\ngen > Dockerfile', ("images/Dockerfile",)),
    Row("images/x.sh", "gen > Dockerfile", ("Dockerfile",)),
    Row("Makefile", "OUT := images/Dockerfile\nx:\n\tgen > $(OUT)", ("images/Dockerfile",)),
    Row("Makefile", "Dockerfile.rhel7: Dockerfile\n\tsed s/a/b/ $< > $@.tmp && mv $@.tmp $@", ("Dockerfile.rhel7",)),
    Row("images/Makefile", "x:\n\tgen > Dockerfile", ("images/Dockerfile",)),
    Row("Makefile", "x:\n\t$(SED) s/a/b/ Dockerfile > Dockerfile.ci", ("Dockerfile.ci",)),
    # not written anew from something else
    Row("x.sh", "echo LABEL >> Dockerfile"),
    Row("x.sh", "gen | tee -a Dockerfile"),
    Row("x.sh", "sed -i s/a/b/ Dockerfile"),
    Row("Makefile", "x:\n\t$(SED) -i s/a/b/ Dockerfile"),
    Row("x.sh", "sed s/a/b/ Dockerfile > t && mv t Dockerfile"),
    Row("x.sh", "t=$(mktemp)\nsed s/a/b/ Dockerfile > $t\nmv $t Dockerfile"),
    Row("x.sh", "cp Dockerfile Dockerfile.bak\nsed -i s/a/b/ Dockerfile\nmv Dockerfile.bak Dockerfile"),
    Row("x.sh", 'cp Dockerfile "${tmp_dir}/Dockerfile"'),
    Row("x.sh", "cat > $BUILD_DIR/Dockerfile <<EOF\nEOF"),
    Row("x.sh", "gen > Dockerfile.$V"),
    Row("x.sh", "gen 2> Dockerfile"),
    Row("x.sh", "gen Dockerfile 2>&1 >/dev/null"),
    Row("x.sh", "podman build -f Dockerfile -o out ."),
    Row("x.sh", "grep -o Dockerfile Dockerfile.ci"),
    Row("x.sh", "echo 'cp a Dockerfile'"),
    Row("x.sh", "# cp a Dockerfile"),
    # compared
    Row("x.sh", "make update && git diff --exit-code -- Dockerfile", (), ("Dockerfile",)),
    Row("x.sh", "diff -u <(gen) Dockerfile", (), ("Dockerfile",)),
    Row("x.sh", "gen | diff - Dockerfile", (), ("Dockerfile",)),
    Row("x.sh", "git diff --exit-code main..HEAD -- Dockerfile"),
    Row("x.sh", "git diff --exit-code"),
    Row("x.sh", "diff Dockerfile other"),
    Row("x.sh", "diff Dockerfile Dockerfile.rhel7", (), (), (("Dockerfile", "Dockerfile.rhel7"),)),
    Row("x.sh", "cmp -s Dockerfile ./Dockerfile.ci || exit 1", (), (), (("Dockerfile", "Dockerfile.ci"),)),
    Row("Makefile", "x:\n\tdiff Dockerfile images/Dockerfile", (), (), (("Dockerfile", "images/Dockerfile"),)),
    Row("x.sh", "diff <(grep -v FROM Dockerfile) <(grep -v FROM Dockerfile.ci)"),
    Row("x.sh", "diff <(sed /^FROM/d Dockerfile) <(sed /^FROM/d Dockerfile.ci)"),
    Row("x.sh", "diff <(grep ^FROM Dockerfile) <(grep ^FROM Dockerfile.ci)", (), (), (("Dockerfile", "Dockerfile.ci"),)),
    Row("x.sh", "diff <(grep FROM Dockerfile) <(grep FROM ../other/images.txt)", (), (), (), ("Dockerfile",)),
    Row("x.sh", 'N=Dockerfile\nA=${DIR}/${N}.ci\nf() { B=$1/$N; diff <(grep "^FROM " "$A") <(grep "^FROM " "$B"); }', (), (), (), ("Dockerfile.ci",)),
    Row("x.sh", "diff <(sort Dockerfile) <(cat Dockerfile)"),
    Row("x.sh", "diff <(git show HEAD:Dockerfile) <(cat Dockerfile)"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.path} {row.script}" for row in ROWS])
def test_script_writes(row: Row) -> None:
    found = script_writes(row.path, row.script.encode() + b"\n", FILES)
    assert sorted(found.files) == sorted(row.written)
    assert sorted(found.compared) == sorted(row.compared)
    assert sorted(found.alike) == sorted(row.alike)
    assert [tuple(sorted(members)) for members, _ in found.families] == list(row.families)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (b'with open("Dockerfile", "w") as f:\n', True),
        (b'with open("Dockerfile", mode="x") as f:\n', True),
        (b'OUT = "Dockerfile"\nopen(OUT, "w").write(x)\n', True),
        (b'OUT = Path("Dockerfile")\nOUT.write_text(x)\n', True),
        (b'Path("Dockerfile").write_text(x)\n', True),
        (b'shutil.copy("in", "Dockerfile")\n', True),
        (b'open("Dockerfile", "a").write(x)\n', False),
        (b'open("Dockerfile").read()\n', False),
        (b'OUT = "Dockerfile"\nopen(OUT).read()\n', False),
        (b'open(f"{folder}/Dockerfile", "w")\n', False),
    ],
)
def test_python_writes(text: bytes, written: bool) -> None:
    assert bool(written_files("x.py", text, Candidates({"Dockerfile"}))) is written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (b"//go:generate go run ../gen -o Dockerfile\n", True),
        (b"//go:generate go run ../gen --out=./Dockerfile\n", True),
        (b'//go:generate sh -c "go run ../gen > Dockerfile"\n', True),
        (b"//go:generate go run ../gen Dockerfile\n", False),
        (b"//go:generate go run ../gen -o ../Dockerfile\n", False),
        (b"// go:generate go run ../gen -o Dockerfile\n", False),
    ],
)
def test_go_generate(text: bytes, written: bool) -> None:
    found = directives("images/gen.go", b"package x\n\n" + text, Candidates({"Dockerfile", "images/Dockerfile"}))
    assert (found == {"images/Dockerfile": 3}) is written or found == {"Dockerfile": 3}


@pytest.mark.parametrize(
    ("path", "is_list"),
    [
        ("a.sha256", True),
        ("SHA256SUMS", True),
        ("md5sums.txt", True),
        ("checksums.txt", True),
        ("sha256.go", False),
        ("a.txt", False),
    ],
)
def test_names_of_checksum_lists(path: str, is_list: bool) -> None:
    assert is_sums(path) is is_list


def test_files_with_checksums() -> None:
    text = b"# x\n" + b"a" * 64 + b"  Dockerfile\n" + b"b" * 32 + b" *./a.yaml\n" + b"zz  other\n"
    assert summed_files("images/md5sums", text, Candidates({"images/Dockerfile", "images/a.yaml"})) == {
        "images/Dockerfile": 2,
        "images/a.yaml": 3,
    }


SAFE, PAYLOAD = f"FROM {OLD}\n", "FROM registry.ci.openshift.org/ocp/release:4.20\n"


@pytest.mark.parametrize(
    ("files", "levels"),
    [
        ({"Dockerfile": SAFE, "Dockerfile.b": SAFE}, ("safe", "safe")),
        ({"Dockerfile": SAFE, "Dockerfile.b": f"# Code generated. DO NOT EDIT.\n{SAFE}"}, ("none", "none")),
        (
            {"Dockerfile": SAFE, "Dockerfile.b": f"{SAFE}RUN x\n", "y.sh": "sed -i 's|ocp/4.20|x|' Dockerfile.b\n"},
            ("none", "none"),
        ),
        ({"Dockerfile": SAFE, "Dockerfile.b": PAYLOAD}, ("safe", "none")),
    ],
    ids=["both", "one-is-generated", "one-is-read-by-a-script", "other-texts"],
)
def test_files_that_are_compared_are_fixed_alike(files: dict[str, str], levels: tuple[str, str], repository: Repository) -> None:
    root = repository({"x.sh": "diff Dockerfile Dockerfile.b\n", **files})
    report = LINTER.lint(select([os.fspath(root)]))
    found = {file.source.repo_path: file.findings[0] for file in report.files}
    assert (found["Dockerfile"].level, found["Dockerfile.b"].level) == levels
    if levels == ("none", "none"):
        assert ("x.sh", 1, "compares both files") in found["Dockerfile"].related


def test_a_file_is_not_fixed_alone_when_what_it_is_compared_with_is_out_of_view(repository: Repository) -> None:
    root = repository({"x.sh": "diff Dockerfile Dockerfile.b\n", "Dockerfile": SAFE, "Dockerfile.b": SAFE})
    report = LINTER.lint(select([os.fspath(root / "Dockerfile")]))
    assert report.files[0].findings[0].level == "none"


def again(file: FileResult, *, unsafe: bool) -> Finding:
    """The first finding of a file after its fix, which refuses what a second run would change."""
    return fixed(LINTER, file, unsafe=unsafe).left.findings[0]


def test_unsafe_fixes_are_held_too(repository: Repository) -> None:
    text = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: {}\n"
    files = {"examples/a.yaml": text.format(OLD), "examples/b.yaml": text.format(OLD), "README.md": f"Use {OLD} here.\n"}
    root = repository({**files, "x.sh": "sed -i 's|ocp/4.20:|x|' examples/a.yaml\ncmp examples/a.yaml examples/b.yaml\n"})
    report = LINTER.lint(select([os.fspath(root)]))
    assert {file.source.repo_path: file.findings[0].level for file in report.files} == {
        "README.md": "unsafe",
        "examples/a.yaml": "none",
        "examples/b.yaml": "none",
    }
    for file in report.files:
        assert again(file, unsafe=True).level == "none" or file.source.repo_path == "README.md"


def test_a_file_of_which_a_part_is_held_is_fixed_otherwise(repository: Repository) -> None:
    pull = "docker pull {}\n"
    other = OLD.replace("cli", "base")
    root = repository({
        "a.sh": pull.format(OLD) + pull.format(other), "b.sh": "# Code generated. DO NOT EDIT.\n" + pull.format(OLD),
        "x.sh": "cmp a.sh b.sh\n",
    })  # fmt: skip
    report = LINTER.lint(select([os.fspath(root)]))
    file = report.files[0]
    assert [finding.level for finding in file.findings] == ["none", "safe"]
    assert fixed(LINTER, file, unsafe=False).data.decode() == pull.format(OLD) + pull.format(
        "quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_base"
    )


def test_a_copy_is_reported_and_its_source_fixed(repository: Repository) -> None:
    root = repository({"Makefile": "OUT := Dockerfile.b\nx:\n\tcp Dockerfile $(OUT)\n", "Dockerfile": SAFE, "Dockerfile.b": SAFE})
    report = LINTER.lint(select([os.fspath(root)]))
    source, copy = (file.findings[0] for file in report.files)
    assert (source.level, copy.level, copy.related) == ("safe", "none", [("Makefile", 3, "writes this file")])


HASH = "0123456789abcdef" * 4
KEPT = [
    f'sha256sum -c <<<"{HASH}  Dockerfile"',
    f'echo "{HASH} *Dockerfile" | sha256sum -c -',
    f"printf '%s  %s\\n' {HASH} Dockerfile | sha256sum --check",
    f"sha256sum --check --strict <<EOF\n{HASH}  Dockerfile\nEOF",
    f'echo "{HASH}  Dockerfile" | shasum -a 256 -c',
    'echo "$SUM  Dockerfile" | sha256sum --check --quiet',
    "echo '0123456789abcdef0123456789abcdef  Dockerfile' | md5sum -c",
    f'test "$(sha256sum Dockerfile | cut -d" " -f1)" = {HASH}',
    f'WANT={HASH}\nGOT=$(shasum -a 256 "$ROOT/Dockerfile" | awk \'{{print $1}}\')\n[ "$GOT" = "$WANT" ] || exit 1',
    f"[[ $(git hash-object Dockerfile) == {HASH[:40]} ]]",
    f'assert hashlib.sha256(open("Dockerfile", "rb").read()).hexdigest() == "{HASH}"',
]
NOT_KEPT = [
    f'podman build -f Dockerfile .\nsha256sum -c <<<"{HASH}  oc.tar.gz"',
    "sha256sum Dockerfile | cut -c1-8",
    f"podman build -f Dockerfile -t a:{HASH[:40]} .\nsha256sum oc.tar.gz",
    f"git show {HASH[:40]} Dockerfile",
    f"curl -O https://example.com/Dockerfile && echo {HASH[:39]} Dockerfile | sha1sum",
]


@pytest.mark.parametrize("script", KEPT, ids=KEPT)
def test_a_checksum_that_a_script_compares(script: str) -> None:
    assert list(compared_files("a.sh", script.encode(), Candidates({"Dockerfile"}))) == ["Dockerfile"]


@pytest.mark.parametrize("script", NOT_KEPT, ids=NOT_KEPT)
def test_no_checksum_of_the_file(script: str) -> None:
    assert compared_files("a.sh", script.encode(), Candidates({"Dockerfile"})) == {}
