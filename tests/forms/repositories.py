"""Forms that more than one file shows: text that another file matches, repeats or writes; and folders of data and copies."""

from __future__ import annotations

from . import Entry, Table, left, repo, safe, silent, told

BOTH = "something else in the repository looks for this very text"
PLACEHOLDER = silent("a placeholder of image-references")
REFERENCES = "kind: ImageStream\nspec:\n  tags:\n  - name: op\n    from:\n      kind: DockerImage\n      name: {}\n"
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {}\n"

COUPLED: list[Entry] = [
    repo(
        "a sed of the Makefile names one of two Dockerfiles",
        {
            "Dockerfile.agent.rhel7": "FROM §/ocp/4.21:base-rhel9\n",
            "Dockerfile.rhel7": "FROM §/ocp/4.21:base-rhel9\n",
            "Makefile": "agent:\n\tsed -e 's~§/ocp/.*:base.*~fedora:41~' Dockerfile.agent.rhel7 > out\n",
        },
        {"Dockerfile.rhel7": "FROM ¤:ocp_4.21_base-rhel9\n"},
        {"Dockerfile.agent.rhel7": (told(BOTH),), "Makefile": (silent("a pattern that is matched"),)},
    ),
    repo(
        "a workflow looks for the host and escapes its dots",
        {
            "Dockerfile": "FROM §/ocp/4.21:cli\n",
            "images/Dockerfile": "FROM §/ocp/4.21:jq\n",
            ".github/workflows/x.yml": "jobs:\n  a:\n    steps:\n    - run: sed -i 's|registry\\.ci\\.openshift\\.org/ocp/4.21:cli|x|' Dockerfile\n",
        },
        {"images/Dockerfile": "FROM ¤:ocp_4.21_jq\n"},
        {"Dockerfile": (told(BOTH),), ".github/workflows/x.yml": (silent("a pattern that is matched"),)},
    ),
    repo(
        "a pattern elsewhere, and an image that it does not match",
        {"Dockerfile": "FROM §/ocp/4.21:cli AS a\n", "Dockerfile.b": "FROM §/ci/tool:v1\n", "x.sh": "grep -q §/ocp/4.21:cli Dockerfile\n"},
        {"Dockerfile.b": "FROM ¤:ci_tool_v1\n"},
        {"Dockerfile": (told(BOTH),), "x.sh": (silent("compared with"),)},
    ),
    repo(
        "a pattern about the host that is gone",
        {"Dockerfile": "FROM †/ocp/4.5:cli\n", "Dockerfile.b": "FROM †/ocp/4.5:jq\n", "x.sh": "grep -q †/ocp/4.5:cli Dockerfile\n"},
        {"Dockerfile.b": "FROM ¤:ocp_4.5_jq\n"},
        {"Dockerfile": (told(BOTH),), "x.sh": (silent("compared with"),)},
    ),
    repo(
        "an alias of the configuration in the repository",
        {
            ".ci-operator.yaml": "build_root_image:\n  name: x\n",
            "ci/config.yaml": "base_images: {}\nimages:\n- inputs:\n    b:\n      as:\n      - §/ocp/4.21:cli\n  to: op\ntests: []\n",
            "Dockerfile": "FROM §/ocp/4.21:cli\n",
            "Dockerfile.b": "FROM §/ocp/4.21:jq\n",
        },
        {
            "ci/config.yaml": "base_images: {}\nimages:\n- inputs:\n    b:\n      as:\n      - §/ocp/4.21:cli\n      - ¤:ocp_4.21_cli\n  to: op\ntests: []\n",
            "Dockerfile": "FROM ¤:ocp_4.21_cli\n",
            "Dockerfile.b": "FROM ¤:ocp_4.21_jq\n",
        },
        {},
    ),
    repo(
        "an alias that a patch of kustomize gives a build",
        {
            "kustomization.yaml": "patches:\n- patch: |-\n    - op: add\n      path: /spec/source/images/-\n      value:\n        from: {kind: ImageStreamTag, name: b:c}\n        as:\n        - §/ocp/4.21:cli\n  target: {kind: BuildConfig}\n",
            "Dockerfile": "FROM §/ocp/4.21:cli\n",
            "Dockerfile.b": "FROM §/ocp/4.21:jq\n",
        },
        {"Dockerfile.b": "FROM ¤:ocp_4.21_jq\n"},
        {"kustomization.yaml": (told("append the new spelling by hand"),)},
        {"Dockerfile": "FROM ¤:ocp_4.21_cli\n"},
    ),
    repo(
        "lines that must be those of another repository",
        {
            "images/Dockerfile.e2e": "FROM §/ocp/4.21:cli\n",
            "images/Dockerfile": "FROM §/ocp/4.21:cli\n",
            "hack/sync.sh": "NAME=Dockerfile\nOURS=${TOP}/images/${NAME}.e2e\nfor r in $REPOS; do\n  diff <(grep ^FROM ${OURS}) <(grep ^FROM $r/$NAME) || exit 1\ndone\n",
        },
        {"images/Dockerfile": "FROM ¤:ocp_4.21_cli\n"},
        {"images/Dockerfile.e2e": (told(BOTH),)},
    ),
    repo(
        "what is made from a template that stays, and what is not",
        {
            "templates/op.Dockerfile": "FROM §/ocp/__V__:cli\nFROM §/ci/tool:v1\nCMD /op\n",
            "op/Dockerfile": "FROM §/ocp/4.21:cli\nFROM §/ci/tool:v1\nCMD /op\n",
            "other/Dockerfile": "FROM §/ocp/4.21:cli\nFROM §/ci/tool:v1\nCMD /other\n",
            "hack/fill.sh": 'for k in "${!values[@]}"; do sed -i "s|__${k}__|${values[$k]}|" "$2"; done\n',
            "Makefile": "all:\n\thack/fill.sh templates/op.Dockerfile op/Dockerfile\n",
        },
        {"other/Dockerfile": "FROM ¤:ocp_4.21_cli\nFROM ¤:ci_tool_v1\nCMD /other\n"},
        {"templates/op.Dockerfile": (told("a script reads this file"),) * 2},
        {
            "op/Dockerfile": "FROM ¤:ocp_4.21_cli\nFROM ¤:ci_tool_v1\nCMD /op\n",
        },
    ),
    repo(
        "what is made from a template that is fixed too",
        {"templates/Dockerfile": "FROM §/ci/go:v__V__-a\n", "Dockerfile": "FROM §/ci/go:v1-a\n"},
        {"templates/Dockerfile": "FROM ¤:ci_go_v__V__-a\n", "Dockerfile": "FROM ¤:ci_go_v1-a\n"},
        {},
    ),
    repo(
        "what a script builds, another pulls",
        {"hack/build.sh": "podman build -t §/ci/mine:v1 .\n", "hack/run.sh": "podman run §/ci/mine:v1\npodman pull §/ci/other:v1\n"},
        {"hack/run.sh": "podman run §/ci/mine:v1\npodman pull ¤:ci_other_v1\n"},
        {"hack/build.sh": (silent("a build's output"),), "hack/run.sh": (told("this repository builds, tags, loads or pushes"),)},
    ),
    repo(
        "a kept checksum",
        {"Dockerfile": "FROM §/ocp/4.21:cli\n", "Dockerfile.b": "FROM §/ocp/4.21:cli\n", "images.sha256": "0" * 64 + "  Dockerfile\n"},
        {"Dockerfile.b": "FROM ¤:ocp_4.21_cli\n"},
        {"Dockerfile": (told("a checksum of this file is kept"),)},
    ),
]  # fmt: skip

SOURCED: list[Entry] = [
    repo(
        "a variable of a file that another sources",
        {"hack/lib.sh": "TOOL=§/ocp/4.21:jq\npodman pull $TOOL\n", "hack/run.sh": "source hack/lib.sh\nuse $TOOL\n"},
        {},
        {},
        {"hack/lib.sh": "TOOL=¤:ocp_4.21_jq\npodman pull $TOOL\n"},
    ),
    repo(
        "the same variable where nothing sources the file",
        {"hack/lib.sh": "TOOL=§/ocp/4.21:jq\npodman pull $TOOL\n", "hack/run.sh": "source hack/other.sh\n"},
        {"hack/lib.sh": "TOOL=¤:ocp_4.21_jq\npodman pull $TOOL\n"},
        {},
    ),
    repo(
        "a host in one file, its use in another",
        {"hack/lib.sh": "REGISTRY=§\n", "hack/run.sh": "source hack/lib.sh\npodman pull $REGISTRY/ocp/4.21:jq\npodman pull §/ocp/4.21:cli\n"},
        {"hack/run.sh": "source hack/lib.sh\npodman pull $REGISTRY/ocp/4.21:jq\npodman pull ¤:ocp_4.21_cli\n"},
        {"hack/lib.sh": (silent("a bare host"),), "hack/run.sh": (told("REGISTRY is set in hack/lib.sh, line 1: both files must change together"),)},
    ),
]  # fmt: skip

PLACEHOLDERS: list[Entry] = [
    repo(
        "one path component, in every copy",
        {
            "manifests/image-references": REFERENCES.format("†/openshift:op"),
            "manifests/07-op.yaml": "kind: Deployment\nspec:\n  image: †/openshift:op\n",
            "pkg/images.go": 'package images\n\nconst op = "†/openshift:op"\n',
            "Dockerfile": "FROM †/ocp/4.5:base\n",
        },
        {"Dockerfile": "FROM ¤:ocp_4.5_base\n"},
        {"manifests/image-references": (PLACEHOLDER,), "manifests/07-op.yaml": (PLACEHOLDER,), "pkg/images.go": (PLACEHOLDER,)},
    ),
    repo(
        "a whole reference, which no command may change either",
        {
            "manifests/image-references": REFERENCES.format("§/ocp/4.21:op"),
            "hack/try.sh": "podman pull §/ocp/4.21:op\npodman pull §/ocp/4.21:other\n",
            "images/Dockerfile": "FROM §/ocp/4.21:op\n",
        },
        {"hack/try.sh": "podman pull §/ocp/4.21:op\npodman pull ¤:ocp_4.21_other\n"},
        {"manifests/image-references": (PLACEHOLDER,), "hack/try.sh": (PLACEHOLDER,), "images/Dockerfile": (PLACEHOLDER,)},
    ),
    repo(
        "JSON in a ConfigMap",
        {
            "manifests/image-references": REFERENCES.format("§/openshift:ironic"),
            "manifests/01-images.yaml": 'kind: ConfigMap\ndata:\n  images.json: |\n    {"ironic": "§/openshift:ironic"}\n',
            "clusters/app.ci/test.yaml": POD.format("§/ocp/4.21:ironic"),
        },
        {"clusters/app.ci/test.yaml": POD.format("¤:ocp_4.21_ironic")},
        {"manifests/image-references": (PLACEHOLDER,), "manifests/01-images.yaml": (PLACEHOLDER,)},
    ),
]  # fmt: skip

DATA_PATHS = (
    "pkg/x_test.go", "pkg/testdata/Dockerfile", "pkg/testdata/zz_fixture_TestA.yaml", "zz_fixture_TestB.yaml", "golden/x.yaml",
    "test/integration/x/Dockerfile", "tests/test_x.py", "out/build-log.txt", "a/b.log", "test/fixtures/pod.yaml",
)  # fmt: skip
DATA_REASON = {"out/build-log.txt": "a recorded log", "a/b.log": "a recorded log"}
TEST_DATA: list[Entry] = [
    *(left(path, path, "FROM §/ocp/4.21:cli\n", silent(DATA_REASON.get(path, "test data"))) for path in DATA_PATHS),
    left("an alias", "testdata/config.yaml", "images:\n- inputs:\n    b:\n      as:\n      - §/ocp/4.21:cli\n", silent("test data")),
    left("a pull secret", "pkg/testdata/secret.json", '{"auths": {"§": {"auth": "eA=="}}}\n', silent("test data")),
    safe("a folder whose name only ends so", "latestdata/Dockerfile", "FROM §/ocp/4.21:cli\n", "FROM ¤:ocp_4.21_cli\n"),
    safe("the image in which tests run", "test/Dockerfile", "FROM §/ocp/4.21:cli\n", "FROM ¤:ocp_4.21_cli\n"),
]  # fmt: skip

GENERATED: list[Entry] = [
    left("header", "Dockerfile", "# GENERATED by gen-images. DO NOT EDIT.\nFROM §/ocp/4.21:cli\n", told("a generated file")),
    left("header that names the source", "Dockerfile", "### This is a generated file from Dockerfile.tmpl ###\nFROM §/ocp/4.21:cli\n", told("a generated file")),
    left("folder", "jobs/generated/push.xml", "<command>docker pull §/ocp/4.21:cli</command>\n", silent("generated code")),
    left("job of the configuration", "ci-operator/jobs/o/r/o-r-main-presubmits.yaml", "presubmits:\n  o/r:\n  - spec:\n      containers:\n      - image: §/ocp/4.21:cli\n", told("generated by ci-operator-prowgen")),
    safe("job by hand", "ci-operator/jobs/infra-x.yaml", "periodics:\n- spec:\n    containers:\n    - image: §/ocp/4.21:cli\n", "periodics:\n- spec:\n    containers:\n    - image: ¤:ocp_4.21_cli\n"),
    safe("a header about other files", "Dockerfile", "# The code that `make gen` writes is copied in.\nFROM §/ocp/4.21:cli\n", "# The code that `make gen` writes is copied in.\nFROM ¤:ocp_4.21_cli\n"),
    repo(
        "make writes one Dockerfile from the other",
        {
            "Dockerfile": "FROM §/ocp/4.21:cli\n",
            "Dockerfile.rhel7": "FROM §/ocp/4.21:cli\n",
            "Makefile": "Dockerfile.rhel7: Dockerfile Makefile\n\tsed -e 's/^RUN a/RUN b/' < $< > $@.tmp\n\tmv $@.tmp $@\n",
        },
        {"Dockerfile": "FROM ¤:ocp_4.21_cli\n"},
        {"Dockerfile.rhel7": (told("a generated file"),)},
    ),
    repo(
        "make writes it with a group of commands",
        {"Dockerfile": "FROM §/ocp/4.21:cli\n", "Dockerfile.b": "FROM §/ocp/4.21:cli\n", "Makefile": "Dockerfile.b: Dockerfile\n\t(echo '# made'; cat $<) > $@\n"},
        {"Dockerfile": "FROM ¤:ocp_4.21_cli\n"},
        {"Dockerfile.b": (told("a generated file"),)},
    ),
    repo(
        "a script writes it",
        {"Dockerfile.in": "FROM §/ocp/4.21:cli\n", "images/Dockerfile": "FROM §/ocp/4.21:cli\n", "hack/gen.sh": "envsubst < Dockerfile.in > images/Dockerfile\n"},
        {"Dockerfile.in": "FROM ¤:ocp_4.21_cli\n"},
        {"images/Dockerfile": (told("a generated file"),)},
    ),
]  # fmt: skip

VENDORED: list[Entry] = [
    *(
        left(path, path, "FROM §/ocp/4.21:cli\n", silent("vendored code"))
        for path in ("vendor/github.com/a/b/Dockerfile", "src/vendor/x.sh", "third_party/x/Dockerfile", "web/node_modules/a/README.md")
    ),
    left("a make library", "vendor/github.com/o/lib/make/x.mk", "x:\n\tpodman pull §/ocp/4.21:cli\n", silent("vendored code")),
    safe("a file of that name", "hack/vendor.sh", "podman run §/openshift/release:golang-1.24 go mod vendor\n", "podman run ¤:openshift_release_golang-1.24 go mod vendor\n"),
    safe("a folder whose name only begins so", "vendors/Dockerfile", "FROM §/ocp/4.21:cli\n", "FROM ¤:ocp_4.21_cli\n"),
]  # fmt: skip

TABLE: Table = {
    "coupled": [*COUPLED, *SOURCED], "placeholder": PLACEHOLDERS, "test-data": TEST_DATA, "generated": GENERATED, "vendored": VENDORED,
}  # fmt: skip
