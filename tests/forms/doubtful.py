"""Forms in which a rewrite may be right: who reads the text decides."""

from __future__ import annotations

from . import SUM, Case, Entry, Table, left, safe, silent, told, unsafe

WHO = "nothing here shows who pulls"
CONFIG = "ci-operator/config/o/r/o-r-main.yaml"

ENDS = {
    "full stop": "Take §/ocp/4.21:cli.\n", "comma": "Take §/ocp/4.21:cli, then run it.\n", "colon": "Take §/ocp/4.21:cli: it has it.\n",
    "parenthesis": "Take it (§/ocp/4.21:cli) now.\n", "backtick": "Take `§/ocp/4.21:cli` now.\n", "typographic quotes": "Take “§/ocp/4.21:cli” now.\n",
    "tag of HTML": "Take <i>§/ocp/4.21:cli</i> now.\n", "emphasis": "Take **§/ocp/4.21:cli** now.\n",
}  # fmt: skip

DOCS: list[Entry] = [
    safe("a command in a fence", "README.md", "```sh\npodman run --rm -v $PWD:/w §/openshift/release:golang-1.24 make update\n```\n", "```sh\npodman run --rm -v $PWD:/w ¤:openshift_release_golang-1.24 make update\n```\n"),
    *(unsafe(f"prose, and then {name}", "docs/a.md", text, text.replace("§/ocp/4.21:cli", "¤:ocp_4.21_cli"), WHO) for name, text in ENDS.items()),
    unsafe("LaTeX", "paper/a.tex", "\\texttt{§/ocp/4.21:cli} is used.\n", "\\texttt{¤:ocp_4.21_cli} is used.\n", WHO),
    unsafe("JSX", "web/page.tsx", "return <p>Pull <i>§/ocp/4.21:cli</i> first.</p>;\n", "return <p>Pull <i>¤:ocp_4.21_cli</i> first.</p>;\n", WHO),
    unsafe(
        "a command above its output", "README.md", "```console\n$ oc image info §/ocp/4.21:cli | head -n1\nName: §/ocp/4.21:cli\n```\n",
        "```console\n$ oc image info ¤:ocp_4.21_cli | head -n1\nName: ¤:ocp_4.21_cli\n```\n", ("the output in line 3 repeats it", "pasted output"),
    ),
    unsafe(
        "a command above an error", "README.md", "1. Pull:\n   ```bash\n   $ docker pull §/ci/a:latest\n   Error: unable to pull §/ci/a:latest: denied\n   ```\n",
        "1. Pull:\n   ```bash\n   $ docker pull ¤:ci_a_latest\n   Error: unable to pull ¤:ci_a_latest: denied\n   ```\n", ("the output in line 4 repeats it", "pasted output"),
    ),
    Case(
        "a command above the output of another", "README.md", "```console\n$ podman pull §/ocp/4.21:cli\n```\n\n```console\n$ oc get pod -o yaml\nimage: §/ocp/4.21:cli\n```\n",
        "```console\n$ podman pull ¤:ocp_4.21_cli\n```\n\n```console\n$ oc get pod -o yaml\nimage: §/ocp/4.21:cli\n```\n",
        "```console\n$ podman pull ¤:ocp_4.21_cli\n```\n\n```console\n$ oc get pod -o yaml\nimage: ¤:ocp_4.21_cli\n```\n", ("pasted output",), (),
    ),
    unsafe("pasted output", "README.md", "```console\n$ oc get pod -o yaml\nimage: §/ocp/4.21:cli\n```\n", "```console\n$ oc get pod -o yaml\nimage: ¤:ocp_4.21_cli\n```\n", "pasted output"),
    unsafe("a folder of examples", "examples/Dockerfile", "FROM §/ocp/4.21:cli\n", "FROM ¤:ocp_4.21_cli\n", "which something else may read"),
    left("history", "CHANGELOG.md", "```sh\npodman pull §/ocp/4.21:cli\n```\n", silent("a record of history")),
    left("a patch", "hack/Dockerfile.patch", "+FROM §/ocp/4.21:cli\n", silent("a patch or a backup")),
    left("what another repository holds", "docs/streams.md", "```yaml\ngolang:\n  upstream_image: §/ocp/builder:rhel-9-golang-1.24-openshift-{MAJOR}.{MINOR}\n```\n", told("ART's own data")),
    left("made-up names", "docs/a.md", "The form is `§/namespace/name:tag`.\n", silent("a made-up example")),
    left("a payload is named", "docs/a.md", "Nightlies are in `§/ocp/release:4.21.0-0.nightly-2026-02-03-000000`.\n", silent("a release payload")),
    left("the host is named", "docs/a.md", "Log in to §, then go on.\n", silent("a bare host")),
]  # fmt: skip

NO_TAG: list[Entry] = [
    unsafe("run", "docs/test.md", "```sh\npodman run --rm --entrypoint cat §/ci/auditor /etc/os-release\n```\n", "```sh\npodman run --rm --entrypoint cat ¤:ci_auditor_latest /etc/os-release\n```\n", "if the tag latest is meant"),
    unsafe("in FROM", "Dockerfile", "FROM §/ci/auditor\n", "FROM ¤:ci_auditor_latest\n", "if the tag latest is meant"),
    left("a value, to which a tag may be added", "deploy/is.yaml", "kind: ImageStream\nspec:\n  tags:\n  - from:\n      kind: DockerImage\n      name: †/ci/porter\n", told("no tag: perhaps a repository")),
    left("a string", "a.go", 'var base = "§/ci/auditor"\n', told("no tag: perhaps a repository")),
    left("a comment", "x.sh", "# see §/ci/auditor\n", silent("names no tag")),
    left("a variable that may hold the tag", "x.sh", "podman pull §/ci/$WHAT\n", told("no tag beside a variable")),
    left("the namespace alone", "x.sh", "podman pull §/auditor\n", silent("one path component")),
]  # fmt: skip

VARIABLE: list[Entry] = [
    unsafe("a template for tests", "test/e2e.sh", 'readonly IMAGE_TEMPLATE="§/openshift/${RELEASE}:serving-test-{{.Name}}"\nrun_e2e "$IMAGE_TEMPLATE"\n', 'readonly IMAGE_TEMPLATE="¤:openshift_${RELEASE}_serving-test-{{.Name}}"\nrun_e2e "$IMAGE_TEMPLATE"\n', WHO),
    unsafe("set for others", "x.sh", "export TOOL=§/ocp/4.21:jq\n", "export TOOL=¤:ocp_4.21_jq\n", WHO),
    unsafe("a default", "x.sh", ': "${TOOL:=§/ocp/4.21:jq}"\n', ': "${TOOL:=¤:ocp_4.21_jq}"\n', WHO),
    safe("only pulled", "x.sh", 'tool="§/ocp/4.21:jq"\npodman run --rm "$tool" .\n', 'tool="¤:ocp_4.21_jq"\npodman run --rm "$tool" .\n'),
    unsafe("taken apart elsewhere", "x.sh", "tool=§/ocp/4.21:jq\npodman pull $tool\necho ${tool##*:}\n", "tool=¤:ocp_4.21_jq\npodman pull $tool\necho ${tool##*:}\n", "taken apart"),
    left("pushed as well", "x.sh", "tool=§/ci/mine:v1\npodman pull $tool\npodman push $tool\n", told("it needs two names")),
    left("a pattern as well", "x.sh", 'tool=§/ocp/4.21:jq\npodman pull $tool\ngrep -q "^FROM $tool" Dockerfile\n', told("looks for this very text")),
    left("a stream of one run", "x.sh", "tool=§/ci-op-x1/stable:jq\npodman pull $tool\n", told("a stream of one CI run")),
]  # fmt: skip

YAML: list[Entry] = [
    safe("container of a pod on a cluster of CI", "clusters/app.ci/x.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: §/ocp/4.21:cli\n", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: ¤:ocp_4.21_cli\n"),
    unsafe("container of a pod on any cluster", "x.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: §/ocp/4.21:cli\n", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: ¤:ocp_4.21_cli\n", "pulled by the nodes"),
    safe("build root by its pullspec", ".ci-operator.yaml", "base_images: {}\nraw_steps:\n- source_step:\n    pull_spec: §/ocp/4.21:cli\ntests: []\n", "base_images: {}\nraw_steps:\n- source_step:\n    pull_spec: ¤:ocp_4.21_cli\ntests: []\n"),
    unsafe("a value of unknown use", "origin.yaml", "stages:\n- from: golang\n  target: §/ocp/builder:rhel-9-golang-1.22\n", "stages:\n- from: golang\n  target: ¤:ocp_builder_rhel-9-golang-1.22\n", WHO),
    unsafe("in a folder of tests", "test/pod.yaml", "kind: Pod\nspec:\n  containers:\n  - image: §/ocp/4.21:cli\n", "kind: Pod\nspec:\n  containers:\n  - image: ¤:ocp_4.21_cli\n", "on that cluster"),
    left("feeds a generator with more than an image", "origin.yaml", "stages:\n- target: §/ocp/builder:rhel-9-golang-1.22 AS b\n", told("a part of a longer value")),
    left("a bundle", "config/csv.yaml", "kind: ClusterServiceVersion\nspec:\n  image: §/ocp/4.21:cli\n", told("an operator bundle")),
    left("a bundle under another name", "config/op.yaml", "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nspec:\n  tool: §/ocp/4.21:cli\n", told("an operator bundle")),
    left("a manifest of the payload, by its annotation", "x.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    include.release.openshift.io/hosted: 'true'\nspec:\n  containers:\n  - image: §/ocp/4.21:cli\n", told("a manifest of the release payload")),
    left("a product manifest that names the host that is gone", "bindata/x.yaml", "image: †/ocp/4.5:cli\n", told("a product manifest")),
    left("an image of kustomize", "kustomization.yaml", "images:\n- name: §/ocp/4.21:cli\n  newTag: x\n", told("a kustomize image entry")),
    left("what an operator's manifests are searched for", CONFIG, "base_images: {}\noperator:\n  substitutions:\n  - pullspec: §/ocp/4.21:cli\n    with: cli\ntests: []\n", told("both must change together")),
    left("a key", "x.yaml", "§/ocp/4.21:cli: seen\n", silent("lookup entry")),
]  # fmt: skip

GO: list[Entry] = [
    unsafe("constant", "pkg/a.go", 'package a\n\nconst Prober = "§/ci/prober:latest"\n', 'package a\n\nconst Prober = "¤:ci_prober_latest"\n', WHO),
    unsafe("field of a build", "pkg/a.go", 'package a\n\nvar b = BuildConfig{From: ObjectReference{Kind: "DockerImage", Name: `§/ci/prober:v3`}}\n', 'package a\n\nvar b = BuildConfig{From: ObjectReference{Kind: "DockerImage", Name: `¤:ci_prober_v3`}}\n', WHO),
    left("prefix", "pkg/a.go", 'if strings.HasPrefix(spec, "§/ci/prober:") {\n', silent("compared with, or replaced in")),
    left("replaced", "pkg/a.go", 'spec = strings.Replace(spec, "§/ci/prober:v3", "x", 1)\n', silent("compared with, or replaced in")),
    left("of a test", "pkg/a_test.go", 'const Prober = "§/ci/prober:latest"\n', silent("test data")),
    left("host", "pkg/a.go", 'var allowed = []string{"§", "quay.io"}\n', silent("a bare host")),
]  # fmt: skip

COMMENT: list[Entry] = [
    safe("repeats the code", "Dockerfile.ci", "# Built from §/ocp/4.21:cli\nFROM §/ocp/4.21:cli\n", "# Built from ¤:ocp_4.21_cli\nFROM ¤:ocp_4.21_cli\n"),
    unsafe("as unsure as the code", "x.sh", "# default: §/ocp/4.21:jq\nexport TOOL=§/ocp/4.21:jq\n", "# default: ¤:ocp_4.21_jq\nexport TOOL=¤:ocp_4.21_jq\n", (WHO, WHO)),
    left("alone", "x.sh", "# once §/ocp/4.21:cli\ntrue\n", told("no code of this file")),
    left("of code that stays", "x.sh", "# §/ci/mine:v1\npodman push §/ci/mine:v1\n", told("builds, tags, loads or pushes"), told("a push target")),
    left("alone, with a digest", "x.sh", f"# once §/ocp/4.21@{SUM}\ntrue\n", told("no code of this file")),
    left("alone, with a variable", "x.sh", "# once §/${NS}/tool:v1\ntrue\n", told("no code of this file")),
    left("cut off", "x.py", "# from §/ocp/builder:...\n", silent("cut off")),
]  # fmt: skip

MALFORMED: list[Entry] = [
    unsafe("the last part is missing", "README.md", "```sh\npodman pull quay-proxy.ci.openshift.org/openshift:ci_auditor_latest\n```\n", "```sh\npodman pull ¤:ci_auditor_latest\n```\n", "its last part is missing"),
    unsafe("one part too many", "x.sh", "podman pull ¤/ci:ci_auditor_latest\n", "podman pull ¤:ci_auditor_latest\n", "serves only openshift/ci"),
    unsafe("the old path", "Dockerfile", "FROM quay-proxy.ci.openshift.org/ocp/4.21:cli\n", "FROM ¤:ocp_4.21_cli\n", "the old path behind the new host"),
    unsafe("a variable that swallows the underscore", "x.sh", "podman pull ¤:ocp_$V_$TOOL\n", "podman pull ¤:ocp_${V}_$TOOL\n", "right unless a variable of that very name"),
    left("no stream tag", "x.sh", "podman pull ¤:latest\n", told("the tag is no")),
    left("a payload behind the new host", "x.sh", "podman pull quay-proxy.ci.openshift.org/ocp/release:4.21.3\n", told("a release payload")),
    left("a stream of one run behind the new host", "x.sh", "podman pull quay-proxy.ci.openshift.org/ci-op-7k2/stable:cli\n", told("a stream of one CI run")),
    left("an art stream behind the new host", "x.sh", "podman pull quay-proxy.ci.openshift.org/ocp/4.21-art-latest:cli\n", told("a stream that ART assembles")),
    left("a path of other parts", "x.sh", "podman pull quay-proxy.ci.openshift.org/a/b/c:d\n", told("no path that the proxy serves")),
    left("in test data", "testdata/x.sh", "podman pull quay-proxy.ci.openshift.org/ocp/4.21:cli\n", silent("test data")),
    left("well-formed", "x.sh", "podman pull ¤:ci_auditor_latest\n", silent("a pullspec of QCI")),
    left("by digest", "x.sh", f"podman pull ¤@{SUM}\n", silent("by its digest")),
]  # fmt: skip

TABLE: Table = {
    "docs": DOCS, "no-tag": NO_TAG, "variable-value": VARIABLE, "yaml-value": YAML, "go-string": GO, "comment": COMMENT,
    "qci-malformed": MALFORMED,
}  # fmt: skip
