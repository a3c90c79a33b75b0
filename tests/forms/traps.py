"""Twenty-five traps: lines that a plain rewrite would break, each with its right outcome."""

from __future__ import annotations

from collections.abc import Mapping

from . import SUM, Entry, left, repo, safe, silent, told, unsafe

WHO = "nothing here shows who pulls"

TRAPS: Mapping[int, list[Entry]] = {
    1: [
        left(
            "spliced into a sed that underscores delimit, behind a placeholder of upper case",
            "hack/index.sh",
            "oc apply -f - <<END\nspec:\n  command:\n  - |\n    export OP_IMAGE=§/ocp/OPERATOR_VERSION:nmstate\n    sed -i \"s_quay.io/x/nmstate:.*_${OP_IMAGE}_\" csv.yaml\nEND\n",
            told("no valid image reference"),
        ),
        left("the same with a version", "hack/index.sh", 'OP_IMAGE=§/ocp/4.21:nmstate\nsed -i "s_quay.io/x/nmstate:.*_${OP_IMAGE}_" csv.yaml\n', told("looks for this very text")),
    ],
    2: [
        repo(
            "a sed of the Makefile reads one of two Dockerfiles with the same FROM",
            {
                "Dockerfile.lso.rhel7": "FROM §/ocp/builder:golang-1.24 AS b\nFROM §/ocp/5.0:base-rhel9\n",
                "Dockerfile.rhel7": "FROM §/ocp/5.0:base-rhel9\n",
                "Makefile": "lso:\n\tsed -e 's~§/ocp/.*:base.*~alpine:3~' Dockerfile.lso.rhel7 > x\n",
            },
            {
                "Dockerfile.rhel7": "FROM ¤:ocp_5.0_base-rhel9\n",
                "Dockerfile.lso.rhel7": "FROM ¤:ocp_builder_golang-1.24 AS b\nFROM §/ocp/5.0:base-rhel9\n",
            },
            {"Dockerfile.lso.rhel7": (told("looks for this very text"),), "Makefile": (silent("a pattern that is matched"),)},
        ),
    ],
    3: [left("pulled, and the text of a grep", "hack/common", '#!/bin/bash\nBASE=${BASE:-§/ocp/4.0:base}\npodman pull $BASE\ngrep -q "^FROM $BASE" Dockerfile\n', told("looks for this very text"))],
    4: [left("a header names the source", "Dockerfile", "### This is a generated file from Dockerfile.in ###\n\nFROM §/ocp/builder:rhel-9-golang-1.22 AS b\n", told("a generated file"))],
    5: [
        repo(
            "make writes the copy",
            {"Dockerfile": "FROM §/ocp/4.21:cli\n", "Dockerfile.rhel7": "FROM §/ocp/4.21:cli\n", "Makefile": "Dockerfile.rhel7: Dockerfile\n\t(echo '# made' && sed -e s,/ocp/5,/okd/5, < $<) > $@.tmp\n\tmv $@.tmp $@\n"},
            {"Dockerfile": "FROM ¤:ocp_4.21_cli\n"},
            {"Dockerfile.rhel7": (told("a generated file"),)},
        ),
    ],
    6: [
        safe(
            "pulled and source of a tag: both or none",
            "jobs/origin.yml",
            'script: |-\n  docker pull "†/openshift/node-${rev}:${what}"\n  docker tag "†/openshift/node-${rev}:${what}" "openshift/node-${what}:x"\n',
            'script: |-\n  docker pull "¤:openshift_node-${rev}_${what}"\n  docker tag "¤:openshift_node-${rev}_${what}" "openshift/node-${what}:x"\n',
        ),
    ],
    7: [left("target of a tag, pushed then", "jobs/push.yml", "script: |-\n  docker tag op:canary †/cluster-op/op:latest\n  docker push †/cluster-op/op:latest\n", told("a push target"), told("a push target"))],
    8: [
        left("test data", "test/testdata/jobs.yaml", "value: §/openshift/release:v4.0\n", silent("test data")),
        left("a payload with a version under the name of the build roots", "jobs.yaml", "value: §/openshift/release:v4.0\n", silent("a release payload")),
    ],
    9: [safe("an alias that names an older version on purpose", "ci-operator/config/o/etcd/o-etcd-main__okd.yaml", 'base_images:\n  b:\n    name: "5.0"\nimages:\n- inputs:\n    b:\n      as:\n      - §/ocp/builder:rhel-9-golang-1.25-openshift-4.22\n  to: etcd\ntests: []\n', 'base_images:\n  b:\n    name: "5.0"\nimages:\n- inputs:\n    b:\n      as:\n      - §/ocp/builder:rhel-9-golang-1.25-openshift-4.22\n      - ¤:ocp_builder_rhel-9-golang-1.25-openshift-4.22\n  to: etcd\ntests: []\n')],
    10: [
        unsafe(
            "FROM in a string and the alias that repeats it: both or none",
            "pkg/catalog.go",
            'package catalog\n\nvar dockerfile = `FROM §/origin/ubi-tiny:9 AS b\nRUN true`\n\nvar source = buildv1.ImageSource{\n\tAs: []string{"§/origin/ubi-tiny:9"},\n}\n',
            'package catalog\n\nvar dockerfile = `FROM ¤:origin_ubi-tiny_9 AS b\nRUN true`\n\nvar source = buildv1.ImageSource{\n\tAs: []string{"¤:origin_ubi-tiny_9"},\n}\n',
            ("within another text", WHO),
        ),
    ],
    11: [left("an expression between escaped quotes", "test/e2e.sh", 'sed -i -e "s|\\"§/openshift/serving-.*:serving-queue\\"|\\"${QUEUE}\\"|g" csv.yaml\n', silent("a pattern that is matched"))],
    12: [unsafe("stops before a typographic quote", "README.md", "Run “docker pull †/openshift/serving-v1:controller” first.\n", "Run “docker pull ¤:openshift_serving-v1_controller” first.\n", WHO)],
    13: [
        safe(
            "escaped dots and slashes in a sed, and a pull below it",
            "jobs/act.yml",
            "script: |-\n  sed -i \"s/FROM registry\\.svc\\.ci\\.openshift\\.org\\/openshift\\/origin-v4\\.1:base/FROM docker\\.io\\/x\\/base/\" Dockerfile\n  docker pull †/openshift/origin-v4.1:other\n",
            "script: |-\n  sed -i \"s/FROM registry\\.svc\\.ci\\.openshift\\.org\\/openshift\\/origin-v4\\.1:base/FROM docker\\.io\\/x\\/base/\" Dockerfile\n  docker pull ¤:openshift_origin-v4.1_other\n",
            silent("a pattern that is matched"),
        ),
    ],
    14: [
        left("entities of XML around it, in a folder of generated files", "jobs/generated/p.xml", "<a>docker pull &#34;†/openshift/origin-\\${tag}:\\${i}&#34;; then</a>\n", silent("generated code")),
        unsafe("entities of XML around it", "jobs/p.xml", "<a>docker pull &#34;†/openshift/origin-\\${tag}:\\${i}&#34;; then</a>\n", "<a>docker pull &#34;¤:openshift_origin-\\${tag}_\\${i}&#34;; then</a>\n", WHO),
    ],
    15: [left("a mirror source with a template of Jinja in it", "install-config.yaml", "{% if mirrored %}\nimageContentSources:\n- mirrors:\n  - {{ host }}/ocp\n  source: §/{{ 'origin' if okd else 'ocp/release' }}\n{% endif %}\n", silent("must name what payloads contain"))],
    16: [left("a host that names a build output", "Makefile", "IMAGE_REGISTRY?=†\n$(call build-image,ocp-web,$(IMAGE_REGISTRY)/ocp/4.5:web,./Dockerfile,.)\n", told("a part of the reference in line 2; a host, no image"), silent("a build's output"))],
    17: [left("a host that is composed with a namespace of one run", "deploy/Dockerfile.nightly", "ARG CI_REGISTRY=†\nARG OPENSHIFT_BUILD_NAMESPACE\nFROM ${CI_REGISTRY}/${OPENSHIFT_BUILD_NAMESPACE}/stable:hco-registry\n", told("a host, no image"), told("a stream of one CI run"))],
    18: [left("an art stream below a migrated command", "docs/a.md", "```sh\noc image info ¤:ocp_4.21_config-api\noc image info §/ocp/4.21-art-latest:config-api\n```\n", silent("a pullspec of QCI"), silent("a stream that ART assembles"))],
    19: [left("source and target of a mirror", "docs/a.md", "This makes `§/ci/my-build-root:1.24` available as `quay.io/openshift/ci:ci_my-build-root_1.24`.\n", told("its QCI form stands beside it"), silent("explains where images are kept"))],
    20: [left("a repository is not latest", "docs/a.md", "```sh\nskopeo list-tags docker://§/ocp/builder\n```\n", told("cannot list one stream"))],
    21: [
        left("a golden file", "pkg/testdata/zz_fixture_TestPod.yaml", f"- oc image mirror §/ci-op-1/pipeline@{SUM}=§/ci/bin:latest\n", silent("test data"), silent("test data")),
        left("a pair joined by =", "job.yaml", f"run: oc image mirror §/ci-op-1/pipeline@{SUM}=§/ci/bin:latest\n", told("a stream of one CI run"), told("a mirror source or target")),
    ],
    22: [left("percent-encoded, on a very long line", "pkg/status/examples/mc.yaml", "source: data:," + "%7B%22a%22%3A" * 900 + "%22§%22%3A%7B%22auth%22%3A%22x%22\n", silent("percent-encoded"))],
    23: [left("a dated stream by digest, in a Dockerfile in a page", "docs/a.md", f"```Dockerfile\nFROM §/ocp/4.18-2025-01-02-112233@{SUM} AS x\n```\n", silent("a dated payload stream"))],
    24: [
        repo(
            "a shipped manifest, its copy and a default",
            {
                "install/00_op_deployment.yaml": "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - env:\n        - name: SKILLS\n          value: \"quay.io/openshift/ci:ocp_5.0_skills\"\n",
                "pkg/op.go": 'package op\n\nvar skills = "quay.io/openshift/ci:ocp_5.0_skills"\n',
                "pkg/testdata/op.yaml": "value: quay.io/openshift/ci:ocp_5.0_skills\n",
            },
            {},
            {
                "install/00_op_deployment.yaml": (told("a product manifest"),),
                "pkg/op.go": (told("customers cannot pull it"),),
                "pkg/testdata/op.yaml": (silent("test data"),),
            },
        ),
    ],
    25: [
        unsafe(
            "runs on a node, with the pull secret of that cluster",
            "ci-operator/step-registry/fips/fips-commands.sh",
            'oc debug node/"$n" -- chroot /host bash -c "podman run --authfile /var/lib/kubelet/config.json -e A=/b/c.json §/ci/fips-scan:latest scan"\n',
            'oc debug node/"$n" -- chroot /host bash -c "podman run --authfile /var/lib/kubelet/config.json -e A=/b/c.json ¤:ci_fips-scan_latest scan"\n',
            "its pull secret",
        ),
    ],
}  # fmt: skip
