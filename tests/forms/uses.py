"""Forms that what is done with the text decides: compared, mirrored, pushed."""

from __future__ import annotations

from . import SUM, Entry, Table, left, safe, silent, told, unsafe

CONFIG = "ci-operator/config/o/r/o-r-main.yaml"
EXPRESSION = "a pattern that is matched against other text"
COMPARED = "compared with, or replaced in, other text"

ALIAS: list[Entry] = [
    safe("of a configuration", CONFIG, "base_images: {}\nimages:\n- inputs:\n    base:\n      as:\n      - §/ocp/4.21:base-rhel9\n  to: op\ntests: []\n", "base_images: {}\nimages:\n- inputs:\n    base:\n      as:\n      - §/ocp/4.21:base-rhel9\n      - ¤:ocp_4.21_base-rhel9\n  to: op\ntests: []\n"),
    left("of a configuration, without a tag", CONFIG, "base_images: {}\nimages:\n- inputs:\n    base:\n      as:\n      - §/ocp/4.21\n  to: op\ntests: []\n", told("compares it byte for byte")),
    safe("of the host that is gone", CONFIG, "base_images: {}\nimages:\n- inputs:\n    base:\n      as: ['†/ocp/4.5:base']\n  to: op\ntests: []\n", "base_images: {}\nimages:\n- inputs:\n    base:\n      as: ['†/ocp/4.5:base', '¤:ocp_4.5_base']\n  to: op\ntests: []\n"),
    safe("of a build", "build.yaml", "kind: BuildConfig\nspec:\n  source:\n    images:\n    - as:\n      - §/ocp/4.21:base-rhel9\n", "kind: BuildConfig\nspec:\n  source:\n    images:\n    - as:\n      - §/ocp/4.21:base-rhel9\n      - ¤:ocp_4.21_base-rhel9\n"),
    safe("of a build, by a JSON patch", "patches/a.yaml", "- op: add\n  value:\n    as:\n    - §/ocp/4.21:base-rhel9\n  path: /spec/source/images/0\n", "- op: add\n  value:\n    as:\n    - §/ocp/4.21:base-rhel9\n    - ¤:ocp_4.21_base-rhel9\n  path: /spec/source/images/0\n"),
    safe("all images of a build, by a JSON patch", "patches/a.yaml", "- op: replace\n  path: /spec/source\n  value:\n    images:\n    - as: ['§/ocp/4.21:base-rhel9']\n", "- op: replace\n  path: /spec/source\n  value:\n    images:\n    - as: ['§/ocp/4.21:base-rhel9', '¤:ocp_4.21_base-rhel9']\n"),
    left("one more of a build, by a JSON patch", "patches/a.yaml", "- op: add\n  path: /spec/source/images/0/as/-\n  value: §/ocp/4.21:cli\n", told("append the new spelling by hand")),
    unsafe("a JSON patch of something else", "patches/a.yaml", "- op: add\n  path: /spec/tools\n  value:\n    as: §/ocp/4.21:cli\n", "- op: add\n  path: /spec/tools\n  value:\n    as: ¤:ocp_4.21_cli\n", "nothing here shows"),
    left("that another input of the image has too", CONFIG, "base_images: {}\nimages:\n- inputs:\n    bin:\n      as:\n      - §/ocp/4.22:base-rhel9\n    root:\n      as:\n      - §/ocp/4.22:base-rhel9\n  to: op\ntests: []\n", told("another input of the same image"), told("another input of the same image")),
    left("with both spellings", CONFIG, "base_images: {}\nimages:\n- inputs:\n    bin:\n      as:\n      - §/ocp/4.22:base-rhel9\n      - ¤:ocp_4.22_base-rhel9\n  to: op\ntests: []\n", silent("stands beside it"), silent("a pullspec of QCI")),
    left("of a configuration that is no YAML", CONFIG, "images:\n- inputs:\n    base: {as: [§/ocp/4.21:base-rhel9\n  to: op\n", told("a part of a longer value")),
    left("of what may be a part of a configuration", "x.yaml", "images:\n- inputs:\n    base:\n      as:\n      - §/ocp/4.21:base-rhel9\n", told("a part of a configuration")),
    *(
        left(f"in another spelling: {text}", CONFIG, f"base_images: {{}}\nimages:\n- inputs:\n    bin:\n      as:\n      - {text}\n  to: op\ntests: []\n", told(reason))
        for text, reason in [
            ("quay.io/openshift/ci:ocp_4.21_cli", "compares it byte for byte"),
            ("qci-pull-through-cache-us-east-1-ci.apps.ci.l2s4.p1.openshiftapps.com/openshift/ci:ocp_4.21_cli", "compares it byte for byte"),
            ("quay-proxy.ci.openshift.org/ocp/4.21:cli", "compares it byte for byte"),
            ("quay-proxy.ci.openshift.org/openshift/ci/ci:ocp_4.21_cli", "compares it byte for byte"),
            ("¤:ocp-private_4.21-priv_cli", "is compared with the FROM of a Dockerfile"),
        ]
    ),
    safe("beside a parameter with the same text", CONFIG, "base_images: {}\nimages:\n- inputs:\n    bin:\n      as:\n      - §/ocp/4.21:cli\n  to: op\ntests:\n- as: e2e\n  steps:\n    env: {IMAGE: '§/ocp/4.21:cli'}\n", "base_images: {}\nimages:\n- inputs:\n    bin:\n      as:\n      - §/ocp/4.21:cli\n      - ¤:ocp_4.21_cli\n  to: op\ntests:\n- as: e2e\n  steps:\n    env: {IMAGE: '§/ocp/4.21:cli'}\n", told("a parameter of a step")),
    safe("where its anchor is", CONFIG, "base_images: {}\nx-inputs: &x\n  bin:\n    as:\n    - §/ocp/4.21:base\nimages:\n- inputs: {<<: *x}\n  to: op\ntests: []\n", "base_images: {}\nx-inputs: &x\n  bin:\n    as:\n    - §/ocp/4.21:base\n    - ¤:ocp_4.21_base\nimages:\n- inputs: {<<: *x}\n  to: op\ntests: []\n"),
    safe("the Dockerfile in a configuration is none", CONFIG, "base_images: {}\nimages:\n- dockerfile_literal: FROM §/ocp/4.21:base-rhel9\n  to: op\ntests: []\n", "base_images: {}\nimages:\n- dockerfile_literal: FROM ¤:ocp_4.21_base-rhel9\n  to: op\ntests: []\n"),
]  # fmt: skip

MATCHER: list[Entry] = [
    left("grep", "x.sh", "grep -Rl '§/ocp/4.21:base' images\n", silent(COMPARED)),
    left("grep with escaped dots", "x.sh", "grep -q 'registry\\.ci\\.openshift\\.org/ocp/4\\.21:base' \"$1\"\n", silent(EXPRESSION)),
    left("sed, left side", "x.sh", "sed -i 's,§/ocp/4.21:base,scratch,' f\n", silent(COMPARED)),
    left("sed, right side", "x.sh", "sed -i 's,FROM .*,FROM §/ocp/4.21:base,' f\n", silent(COMPARED)),
    left("sed with escaped slashes", "x.sh", "sed 's/†\\/ocp\\/4.5:base/x/' f\n", silent(COMPARED)),
    left("case", "x.sh", "case $spec in\n  §/ocp/*) echo old ;;\nesac\n", silent(EXPRESSION)),
    left("brackets", "x.sh", '[[ "$spec" == "§/ocp/4.21:base" ]]\n', silent(COMPARED)),
    left("regular expression of bash", "x.sh", "[[ $spec =~ ^§/ocp/4.21: ]]\n", silent(COMPARED)),
    left("cut off a prefix", "x.sh", "echo ${spec#§/ocp/}\n", silent(COMPARED)),
    left("prefix in Go", "a.go", 'if strings.HasPrefix(s, "§/ocp/") {\n', silent(COMPARED)),
    left("trimmed in Go", "a.go", 'tag := strings.TrimPrefix(s, "§/ocp/release:")\n', silent(COMPARED)),
    left("replaced in Go", "a.go", 'tag := strings.ReplaceAll(s, "§/ocp/4.21:cli", "")\n', silent(COMPARED)),
    left("expression in Go", "a.go", "var re = regexp.MustCompile(`^(quay\\.io|registry\\.ci\\.openshift\\.org)/.*release:`)\n", silent(EXPRESSION)),
    left("prefix in Python", "a.py", 'old = spec.startswith("§/ocp/4.21:cli")\n', silent(COMPARED)),
    left("membership in Python", "a.py", 'if "§/ocp/4.21:cli" in text:\n    pass\n', silent(COMPARED)),
    left("expression in Python", "a.py", "re.sub(r'registry\\.ci\\.openshift\\.org/ocp/(.*):cli', 'x', text)\n", silent(EXPRESSION)),
    left("ifeq", "Makefile", "ifeq ($(BASE),§/ocp/4.21:base)\nendif\n", silent(COMPARED)),
    safe("a pull is none", "x.sh", "grep -q '§/ocp/4.21:base' f || podman pull §/ocp/4.21:cli\n", "grep -q '§/ocp/4.21:base' f || podman pull ¤:ocp_4.21_cli\n", silent(COMPARED)),
    safe("what is pulled in a branch", "x.sh", "case $1 in\n  old) podman pull §/ocp/4.21:cli ;;\nesac\n", "case $1 in\n  old) podman pull ¤:ocp_4.21_cli ;;\nesac\n"),
]  # fmt: skip

MIRROR: list[Entry] = [
    left("mapping file", "core-services/image-mirroring/x/mapping_x_4", "§/ocp/4.21:cli quay.io/o/cli:4.21\n", told("as a source this is quay.io/openshift/ci:ocp_4.21_cli")),
    left("mapping file elsewhere", "hack/mapping_images.txt", "registry.access.redhat.com/ubi9:latest §/ocp/ubi:9\n", told("as a source this is quay.io/openshift/ci:ocp_ubi_9")),
    left("mapping file: a payload", "core-services/image-mirroring/x/mapping_x", "§/ocp/release:4.21.1 quay.io/o/r:x\n", silent("a release payload")),
    left("mapping file: a payload on the host that is gone", "core-services/image-mirroring/x/mapping_x", "†/ocp/release:4.5.1 quay.io/o/r:x\n", told("a release payload")),
    left("mapping file: a whole stream", "core-services/image-mirroring/x/mapping_x", "§/ocp/4.21:* quay.io/o/r\n", told("a whole image stream has no form in QCI")),
    left("mapping file: a digest", "core-services/image-mirroring/x/mapping_x", f"§/ocp/4.21@{SUM} quay.io/o/r:x\n", told("only if that very manifest was mirrored")),
    left("source and target", "x.sh", "oc image mirror §/ocp/4.21:cli §/me/cli:v1\n", told("a mirror source or target"), told("a mirror source or target")),
    left("a pair", "x.sh", "oc image mirror §/ocp/4.21:cli=quay.io/me/cli:v1\n", told("a mirror source or target")),
    left("pair joined by =, in an argument", "x.sh", "./mirror.sh quay.io/me/cli:v1=§/ci/bin:latest\n", told("other text is joined to it")),
    *(
        left(kind, "x.yaml", f"apiVersion: config.openshift.io/v1\nkind: {kind}\nspec:\n  {key}:\n  - mirrors:\n    - mirror.local/ocp\n    source: §/ocp/4.21\n", silent("must name what payloads contain"))
        for kind, key in [("ImageContentSourcePolicy", "repositoryDigestMirrors"), ("ImageDigestMirrorSet", "imageDigestMirrors"), ("ImageTagMirrorSet", "imageTagMirrors")]
    ),
    *(
        left(f"the folder of {path}", path, "image: §/ocp/4.21:cli\n", silent(reason))
        for path, reason in [
            ("core-services/release-controller/_releases/x.yaml", "the release controller works"),
            ("core-services/ci-secret-bootstrap/x.yaml", "credentials of the registries"),
            ("clusters/app.ci/registry-access/x.yaml", "access rules"),
            ("clusters/build/x/my_image_mirror_sets.yaml", "must name what payloads contain"),
        ]
    ),
    left("the folder, with the host that is gone", "core-services/image-mirroring/x/mapping_y", "†/ocp/4.5:cli quay.io/o/cli:4.5\n", told("a mapping file")),
    left("registries.conf", "registries.conf", '[[registry]]\nlocation = "§/ocp"\n[[registry.mirror]]\nlocation = "m.local/ocp"\n', silent("must name what payloads contain")),
    left("install-config", "install-config.yaml", "imageContentSources:\n- mirrors:\n  - m.local/ocp\n  source: §/ocp/4.21\n", silent("must name what payloads contain")),
    safe("a pull beside it", "x.sh", "oc image mirror §/ocp/4.21:jq quay.io/me/jq:v1\npodman pull §/ocp/4.21:cli\n", "oc image mirror §/ocp/4.21:jq quay.io/me/jq:v1\npodman pull ¤:ocp_4.21_cli\n", told("a mirror source or target")),
]  # fmt: skip

PUSH: list[Entry] = [
    left("push", "x.sh", "docker push §/ci/mine:latest\n", told("a push target")),
    left("push in a recipe", "Makefile", "push:\n\t$(CONTAINER_ENGINE) push †/ci/mine:latest\n", told("a push target")),
    left("target of a tag", "x.sh", "docker tag mine:latest §/ci/mine:latest\n", told("a push target")),
    left("target of a copy", "x.sh", "skopeo copy oci:out docker://§/ci/mine:latest\n", told("a push target")),
    left("output of a build", "x.sh", "podman build -t §/ci/mine:latest .\n", silent("a build's output")),
    left("build-image of build-machinery-go", "Makefile", "$(call build-image,mine,†/ocp/4.5:mine,./images/mine/Dockerfile,.)\n", silent("a build's output")),
    left("the image of a new payload", "x.sh", "oc adm release new --to-image=§/me/release:v1\n", silent("works on release payloads")),
    left("built, then run", "x.sh", "podman build -t §/ci/mine:latest .\npodman run §/ci/mine:latest\n", silent("a build's output"), told("builds, tags, loads or pushes")),
    safe("source of a tag, with its pull", "x.sh", "docker pull §/ocp/4.21:cli\ndocker tag §/ocp/4.21:cli local/cli\n", "docker pull ¤:ocp_4.21_cli\ndocker tag ¤:ocp_4.21_cli local/cli\n"),
    safe("another image is pulled", "x.sh", "podman pull §/ocp/4.21:cli\npodman push §/ci/mine:latest\n", "podman pull ¤:ocp_4.21_cli\npodman push §/ci/mine:latest\n", told("a push target")),
    unsafe("the argument of a function that may pull", "x.sh", "deploy §/ocp/4.21:cli\n", "deploy ¤:ocp_4.21_cli\n", "nothing here shows who pulls"),
]  # fmt: skip

TABLE: Table = {"input-alias": ALIAS, "matcher": MATCHER, "mirror": MIRROR, "push-or-output": PUSH}
