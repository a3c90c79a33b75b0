"""Text that something else in a repository looks for: real repositories, linted whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from qcilint.discovery import select
from qcilint.findings import Finding

from .conftest import LINTER, OLD, Repository, lint

HOLED = "registry.ci.openshift.org/ocp/${V}:cli"
RENOVATE = {
    "customManagers": [
        {"fileMatch": ["^Dockerfile$"], "matchStrings": [r"registry\.ci\.openshift\.org/ocp/(?<currentValue>[^:]+):cli"]}
    ]
}


class Case(NamedTuple):
    """Files of a repository, the file whose first finding is looked at, and what has to be named (path and line)."""

    id: str
    files: dict[str, str]
    place: tuple[str, int] | None
    path: str = "Dockerfile"
    text: str = f"FROM {OLD}\n"


def findings_of(root: Path, path: str) -> list[Finding]:
    report = LINTER.lint(select([os.fspath(root)]))
    return next((file.findings for file in report.files if file.source.repo_path == path), [])


HELD = [
    Case("go-constant", {"a.go": f'package a\nconst old = "{OLD}"\nvar re = regexp.MustCompile(old)\n'}, ("a.go", 2)),
    Case("go-constant-replaced", {"a.go": f'package a\nconst old = "{OLD}"\nfunc f() {{ s = strings.ReplaceAll(s, old, "") }}\n'}, ("a.go", 2)),
    Case("go-regex-constant", {"a.go": "package a\nconst p = `registry\\.ci\\.openshift\\.org/ocp/[^:]+:cli`\n"}, ("a.go", 2)),
    Case("python-constant", {"b.py": f'import re\nOLD = "{OLD}"\nX = re.compile("FROM " + OLD)\n'}, ("b.py", 2)),
    Case("python-replace", {"b.py": f'OLD = "{OLD}"\ntext = text.replace(OLD, "x")\n'}, ("b.py", 1)),
    Case("python-in", {"b.py": f'OLD = "{OLD}"\nif OLD in text:\n    pass\n'}, ("b.py", 1)),
    Case("javascript-constant", {"c.js": f'const OLD = "{OLD}";\nnew RegExp(OLD);\n'}, ("c.js", 1)),
    Case("renovate", {"renovate.json": json.dumps(RENOVATE)}, ("renovate.json", 1)),
    Case("renovate-package-name", {"renovate.json": '{"packageRules": [{"matchPackageNames": ["registry.ci.openshift.org/ocp/4.20"]}]}'}, ("renovate.json", 1)),
    Case("dependabot", {".github/dependabot.yml": "updates:\n- ignore:\n  - dependency-name: registry.ci.openshift.org/ocp/4.20\n"}, (".github/dependabot.yml", 3)),
    Case("yaml-match-strings", {"renovate.yaml": f"x:\n- matchStrings:\n  - 'FROM {OLD}'\n"}, ("renovate.yaml", 3)),
    Case("sed-script", {"x.sh": "sed -f hack/fix.sed Dockerfile > out\n", "hack/fix.sed": "s|^ENV|x|\ns|ocp/4.20:|mirror/|\n"}, ("x.sh", 1)),
    Case("sed-script-with-host", {"hack/fix.sed": f"s|{OLD}|x|\n"}, ("hack/fix.sed", 1)),
    Case("awk-script", {"x.sh": "awk -f hack/get.awk Dockerfile\n", "hack/get.awk": "/ocp\\/4.20/ { print $2 }\n"}, ("x.sh", 1)),
    Case("grep-patterns", {"x.sh": "grep -qf hack/patterns Dockerfile\n", "hack/patterns": "nothing\nocp/4.20:cli\n"}, ("x.sh", 1)),
    Case("grep-folder", {"x.sh": f"grep -rq {OLD} images/\n"}, ("x.sh", 1), "images/Dockerfile"),
    Case("grep-folder-without-host", {"x.sh": "grep -rq ocp/4.20: images\n"}, ("x.sh", 1), "images/a/Dockerfile"),
    Case("grep-tree", {"x.sh": f"grep -rl {OLD} . | xargs sed -i s/a/b/\n"}, ("x.sh", 1)),
    Case("grep-tree-without-host", {"x.sh": "grep -rl ocp/4.20:cli . | xargs sed -i s/4.20/4.21/\n"}, ("x.sh", 1)),
    Case("grep-include", {"x.sh": "grep -r --include=Dockerfile registry.ci .\n"}, ("x.sh", 1)),
    Case("git-grep", {"x.sh": f"git grep -q {OLD} -- images\n"}, ("x.sh", 1), "images/Dockerfile"),
    Case("git-grep-without-host", {"x.sh": "git grep -q ocp/4.20:cli -- images\n"}, ("x.sh", 1), "images/Dockerfile"),
    Case("find-exec", {"x.sh": "find . -name '*.yaml' -exec sed -i 's|ocp/4.20:|x|' {} +\n"}, ("x.sh", 1), "d.yaml", f"kind: Pod\nspec:\n  containers:\n  - image: {OLD}\n"),
    Case("xargs-sed", {"x.sh": "find images -type f -name 'Dockerfile*' | xargs sed -i 's|ocp/4.20:|x|'\n"}, ("x.sh", 1), "images/Dockerfile"),
    Case("operand-above", {"hack/x.sh": "sed -i 's|registry.ci.openshift.org/.*|x|' ../Dockerfile\n"}, ("hack/x.sh", 1)),
    Case("pattern-with-hole", {"x.sh": 'grep -q "FROM registry.ci.openshift.org/ocp/$V:cli" Dockerfile\n'}, ("x.sh", 1)),
    Case("pattern-with-hole-anywhere", {"x.sh": '[[ $i == registry.ci.openshift.org/ocp/${V}:cli ]] || exit\n'}, ("x.sh", 1)),
    Case("reference-with-hole", {"x.sh": f"[[ $i == {OLD} ]] || exit\n"}, ("x.sh", 1), text=f"ARG V=4.20\nFROM {HOLED}\n"),
    Case("basic-groups", {"x.sh": r"sed 's|registry.ci.openshift.org/ocp/\(.*\):cli|\1|' $f" + "\n"}, ("x.sh", 1)),
    Case("file-of-two-values", {"x.sh": f"F=README.md\nF=Dockerfile\nsed -i 's|{OLD}|x|' $F\n"}, ("x.sh", 3)),
    Case("file-that-may-be-given", {"x.sh": f"F=${{1:-README.md}}\nsed -i 's|{OLD}|x|' $F\n"}, ("x.sh", 2)),
    Case("file-set-on-a-condition", {"x.sh": f"if [ $1 ]; then\n  F=README.md\nfi\nsed -i 's|{OLD}|x|' $F\n"}, ("x.sh", 4)),
    Case("files-below-a-variable", {"x.sh": f"sed -i 's|{OLD}|x|' $ROOT/images/*\n"}, ("x.sh", 1), "images/Dockerfile"),
    Case("workflow", {".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: grep -q ocp/4.20:cli Dockerfile\n"}, (".github/workflows/a.yml", 4)),
    Case("test-of-a-file", {"test/x_test.go": f'package x\nfunc f() {{ d, _ := os.ReadFile("../Dockerfile")\n want(d, "{OLD}") }}\n'}, ("test/x_test.go", 3)),
    Case("test-of-a-joined-path", {"a/b/x_test.go": f'package x\nfunc f() {{ d, _ := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))\n want(d, "{OLD}") }}\n'}, ("a/b/x_test.go", 3)),
    Case("python-test-of-a-file", {"tests/test_x.py": f'def test() -> None:\n    assert "{OLD}" in open("Dockerfile").read()\n'}, ("tests/test_x.py", 2)),
    Case("kept-checksum", {"images.sha256": "0" * 64 + "  Dockerfile\n"}, ("images.sha256", 1)),
]  # fmt: skip

FIXABLE = [
    Case("go-constant-that-is-pulled", {"a.go": f'package a\nconst image = "{OLD}"\nfunc f() {{ pull(image) }}\n'}, None),
    Case("go-replacement", {"a.go": f'package a\nconst image = "{OLD}"\nfunc f() {{ s = strings.ReplaceAll(s, "x", image) }}\n'}, None),
    Case("another-file-by-a-variable", {"x.sh": f"F=README.md\nsed -i 's|{OLD}|x|' $F\n"}, None),
    Case("another-file-below-a-variable", {"x.sh": f"sed -i 's|{OLD}|x|' $ROOT/README.md ${{D}}/*.txt\n"}, None),
    Case("another-file-of-make", {"Makefile": f"F := README.md\na:\n\tsed -i 's|{OLD}|x|' $(F)\n"}, None),
    Case("python-loop", {"b.py": f'IMAGE = "{OLD}"\nfor IMAGE in images:\n    pass\n'}, None),
    Case("renovate-other-file", {"renovate.json": json.dumps(RENOVATE)}, None, "images/Dockerfile"),
    Case("renovate-other-image", {"renovate.json": '{"packageRules": [{"matchPackageNames": ["registry.ci.openshift.org/ocp/4.2"]}]}'}, None),
    Case("sed-script-replacement", {"hack/fix.sed": f"s|quay.io/x|{OLD}|\n"}, None),
    Case("sed-script-of-other-files", {"x.sh": "sed -f hack/fix.sed other > out\n", "hack/fix.sed": "s|ocp/4.20:|x|\n"}, None),
    Case("grep-other-folder", {"x.sh": f"grep -rq {OLD} images/\n"}, None),
    Case("grep-tree-bare-host", {"x.sh": "grep -r registry.ci.openshift.org . && exit 1\n"}, None),
    Case("pattern-on-the-bare-host", {"x.sh": "sed -i 's|registry.ci.openshift.org/.*|x|' $f\n"}, None),
    Case("find-other-names", {"x.sh": "find . -name '*.go' -exec sed -i 's|ocp/4.20:|x|' {} +\n"}, None),
    Case("pattern-with-hole-other-name", {"x.sh": 'grep -q "FROM registry.ci.openshift.org/ocp/$V:base" Dockerfile\n'}, None),
    Case("hole-within-a-part", {"x.sh": '[[ $i == registry.ci.openshift.org/$V:cli ]] || exit\n'}, None),
    Case("reference-with-hole-other-name", {"x.sh": "[[ $i == registry.ci.openshift.org/ocp/4.20:base ]] || exit\n"}, None, text=f"ARG V=4.20\nFROM {HOLED}\n"),
    Case("substitution-of-a-value", {"x.sh": f"sed -i 's|{OLD}|x|' $f\n"}, None, text=f"ARG V=4.20\nFROM {HOLED}\n"),
    Case("test-of-another-file", {"x_test.go": f'package x\nfunc f() {{ d, _ := os.ReadFile("images/Dockerfile")\n want(d, "{OLD}") }}\n'}, None),
    Case("test-of-values", {"x_test.go": f'package x\nfunc f() {{ want("Dockerfile", "{OLD}") }}\n'}, None),
    Case("test-of-another-text", {"x_test.go": 'package x\nfunc f() { d, _ := os.ReadFile("Dockerfile")\n want(d, "registry.ci.openshift.org/ocp/4.20:base") }\n'}, None),
    Case("checksum-of-another-file", {"images.sha256": "0" * 64 + "  images/Dockerfile\n"}, None),
    Case("hook-that-names-two-files", {".pre-commit-config.yaml": "repos:\n- hooks:\n  - entry: ./sync.sh\n    args: [Dockerfile, Dockerfile.b]\n"}, None),
]  # fmt: skip


@pytest.mark.parametrize("case", HELD, ids=[case.id for case in HELD])
def test_coupled_text_is_held_and_named(case: Case, repository: Repository) -> None:
    root = repository({**case.files, case.path: case.text})
    finding = findings_of(root, case.path)[0]
    assert (finding.level, finding.replacement) == ("none", None)
    assert case.place in [place[:2] for place in finding.related]


@pytest.mark.parametrize("case", FIXABLE, ids=[case.id for case in FIXABLE])
def test_other_text_stays_fixable(case: Case, repository: Repository) -> None:
    root = repository({**case.files, case.path: case.text})
    assert findings_of(root, case.path)[0].level == "safe"


@pytest.mark.parametrize("name", ["renovate.json", ".github/renovate.json5", "package.json"])
def test_a_part_of_a_tree_is_held_by_the_rest(name: str, repository: Repository) -> None:
    root = repository({name: json.dumps({"x": [{"matchStrings": [OLD]}]}), "Dockerfile": f"FROM {OLD}\n"})
    report = LINTER.lint(select([os.fspath(root / "Dockerfile")]))
    assert report.files[0].findings[0].related == [(name, 1, f"looks for {OLD}")]


@pytest.mark.parametrize(
    ("path", "text", "exact"),
    [
        ("x.sh", f"sed -i 's|{OLD}|x|' Dockerfile\n", OLD),
        ("x.sh", "sed -i 's|" + OLD.replace(".", r"\.") + "|x|' Dockerfile\n", OLD.replace(".", r"\.")),
        ("x.sh", f'grep -q "FROM {OLD}$" Dockerfile\n', OLD),
        ("x.sh", f"sed -i 's|{OLD}.*|x|' Dockerfile\n", ""),
        ("x.sh", "sed -i 's|registry.ci.openshift.org/ocp/[0-9.]*:cli|x|' Dockerfile\n", ""),
        ("x.sh", "sed -i 's/registry.ci.openshift.org\\/ocp\\/4.20:cli/x/' Dockerfile\n", ""),
        ("x.sh", 'grep -q "registry.ci.openshift.org/ocp/$V:cli" Dockerfile\n', ""),
        ("x.sh", "grep -q registry.ci.openshift.org/ocp/4.20 Dockerfile\n", ""),
        ("kustomization.yaml", f"images:\n- name: {OLD}\n", OLD),
        ("kustomization.yaml", "images:\n- name: registry.ci.openshift.org/ocp/4.20\n", ""),
    ],
)
def test_a_pattern_that_is_a_whole_reference_says_where_it_stands(path: str, text: str, exact: str) -> None:
    facts = lint(text.encode(), path).facts
    pattern = facts.patterns[0]
    assert pattern.exact is bool(exact)
    assert pattern.plain == exact.replace("\\", "")
    if exact:
        assert text.encode()[slice(*pattern.span)] == exact.encode()
