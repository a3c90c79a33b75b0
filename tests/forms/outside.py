"""Forms that are no pull of an old reference: repositories, URLs, schematic text, and what already names QCI."""

from __future__ import annotations

from . import SUM, Entry, Table, left, safe, silent, told, unsafe

REPOSITORY: list[Entry] = [
    left("tags of a stream", "x.sh", "skopeo list-tags docker://§/ocp/builder\n", told("cannot list one stream")),
    left("tags of a stream, in a page", "a.md", "```sh\nskopeo list-tags docker://§/ocp/builder | jq .Tags\n```\n", told("cannot list one stream")),
    left("tags of a stream, in an argument list", "x.py", 'run(["skopeo", "list-tags", "docker://§/ocp/builder"])\n', told("cannot list one stream")),
    left("tags of a stream of the host that is gone", "x.sh", "skopeo list-tags docker://†/ocp/builder\n", told("cannot list one stream")),
    left("a prefix for tags", "a.go", 'tagged := "§/ocp/builder" + ":" + tag\n', told("no tag: perhaps a repository")),
    safe("one image of it", "x.sh", "skopeo inspect docker://§/ocp/builder:golang-1.24\n", "skopeo inspect docker://¤:ocp_builder_golang-1.24\n"),
]  # fmt: skip

URL: list[Entry] = [
    left("a blob", "x.sh", f"curl -sL https://§/v2/ocp/4.21/blobs/{SUM}\n", silent("a URL")),
    left("a link of a page", "a.md", "See [the registry](https://§/).\n", silent("a URL")),
    left("a value", "x.yaml", "endpoint: https://§/v2/\n", silent("a URL")),
    left("the host that is gone", "a.go", 'const api = "http://†/v2/ocp/4.5/manifests/cli"\n', silent("a URL")),
    safe("a transport is none", "x.sh", "oc image info docker://§/ocp/4.21:cli\n", "oc image info docker://¤:ocp_4.21_cli\n"),
]  # fmt: skip

SCHEMATIC: list[Entry] = [
    left("dots of LaTeX", "a.tex", "Use \\texttt{§/ocp/builder:\\ldots} here.\n", silent("cut off")),
    left("three dots", "a.md", "Say `§/origin/release:4.21.0-0...` here.\n", silent("cut off")),
    left("an ellipsis", "a.md", "Say `§/ocp/builder:rhel-9…` here.\n", silent("cut off")),
    left("angle brackets", "a.md", "Say `§/ocp/<version>:cli` here.\n", silent("a bare host")),
    left("made-up names", "a.md", "Say `§/namespace/name:tag` here.\n", silent("a made-up example")),
    left("anything", "a.go", '// matches §/anything\nvar x = 1\n', silent("one path component")),
    left("every tag of a stream", "x.yaml", "- §/ocp/4.21:*\n", told("cut off")),
    left("every stream that begins so", "x.yaml", "- §/ocp/4.21*\n", silent("a pattern that is matched")),
    unsafe("an example that is whole", "a.md", "Say `§/ocp/builder:rhel-9-golang-1.24` here.\n", "Say `¤:ocp_builder_rhel-9-golang-1.24` here.\n", "nothing here shows who pulls"),
]  # fmt: skip

DIRECT: list[Entry] = [
    left("shipped manifest", "install/0000_50_x_deployment.yaml", "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: quay.io/openshift/ci:ocp_5.0_agent\n", told("a product manifest")),
    left("default of a product", "pkg/defaults.go", 'package p\n\nconst agent = "quay.io/openshift/ci:ocp_5.0_agent"\n', told("customers cannot pull it")),
    unsafe("a value", "x.yaml", "tool: quay.io/openshift/ci:ocp_5.0_agent\n", "tool: ¤:ocp_5.0_agent\n", "a login to the proxy"),
    unsafe("a digest", "x.sh", f"podman pull quay.io/openshift/ci@{SUM}\n", f"podman pull ¤@{SUM}\n", "serves the same digest"),
    left("configuration of the platform", "clusters/x/y.yaml", "tool: quay.io/openshift/ci:ocp_5.0_agent\n", silent("configuration of the platform")),
    left("the repository alone", "x.yaml", "repository: quay.io/openshift/ci\n", silent("named, not pulled from")),
    left("in test data", "a_test.go", 'const a = "quay.io/openshift/ci:ocp_5.0_agent"\n', silent("test data")),
    left("prose", "a.md", "Images are in `quay.io/openshift/ci:ocp_5.0_agent`.\n", silent("explains where images are kept")),
    left("mirroring", "core-services/image-mirroring/x/mapping_x", "quay.io/openshift/ci:ocp_5.0_cli quay.io/o/cli:5.0\n", silent("mirroring configuration")),
    left("promotion", "x.sh", "oc image mirror quay.io/openshift/ci:a_b_c quay.io/openshift/ci:d_e_f\n", silent("use the repository itself"), silent("use the repository itself")),
    left("anybody's", "x.sh", "podman run quay.io/openshift/ci-public:ci_applyconfig_latest\n", silent("anybody can pull it")),
    safe("a pull past the proxy", "x.sh", "podman pull quay.io/openshift/ci:ocp_4.21_cli\n", "podman pull ¤:ocp_4.21_cli\n"),
]  # fmt: skip

TAGS = (
    "ocp_4.21_cli", "rc_payload__4.21.0-0.ci-2026-02-03-000000", "20260203_sha256_" + SUM[7:], "art__0123abcd", "ocp_${V}_cli",
)  # fmt: skip
QCI: list[Entry] = [
    *(left(f"the tag {tag[:20]}", "x.sh", f"podman pull ¤:{tag}\n", silent("a pullspec of QCI")) for tag in TAGS),
    left("in FROM", "Dockerfile", "FROM ¤:ocp_4.21_cli\n", silent("a pullspec of QCI")),
    left("the proxy is named", "x.sh", "podman login quay-proxy.ci.openshift.org\n", silent("the host of the proxy")),
    left("the repository is named", "x.yaml", "repository: ¤\n", silent("the repository of QCI")),
    left("a tag that keeps a digest alive, in test data", "testdata/x.sh", "podman pull ¤:20260203112233_prune_ocp_4.21_cli\n", silent("test data")),
    left("a tag that keeps a digest alive, in prose", "a.md", "CI writes `¤:20260203112233_prune_ocp_4.21_cli`.\n", silent("explains or handles")),
    left("a tag that keeps a digest alive, pulled", "x.sh", "podman pull ¤:20260203112233_prune_ocp_4.21_cli\n", told("which image stream tag is meant")),
    left("the repository by digest", "x.sh", f"podman pull quay.io/openshift/ci-public@{SUM}\n", silent("anybody can pull it")),
    safe("beside an old one", "Dockerfile", "FROM ¤:ocp_4.21_base AS b\nFROM §/ocp/4.21:cli\n", "FROM ¤:ocp_4.21_base AS b\nFROM ¤:ocp_4.21_cli\n", silent("a pullspec of QCI")),
]  # fmt: skip

TABLE: Table = {"repository": REPOSITORY, "url": URL, "truncated-or-schematic": SCHEMATIC, "quay-direct": DIRECT, "qci": QCI}
