"""Forms whose image has no QCI form, or is no whole image: payloads, dated and short-lived streams, hosts, parts."""

from __future__ import annotations

from . import SUM, Entry, Table, left, safe, silent, told, unsafe

PAYLOADS = (
    "ocp/release:4.21.3-x86_64", "ocp-arm64/release-arm64:4.21.0-0.nightly-arm64-2026-02-03-000000", "origin/release:4.21",
    "origin/release-scos:scos-4.21", "origin/release-scos-next:4.21.0-okd", "ocp-priv/release-priv:4.21", "ocp/konflux-release:4.21.1",
    "openshift/origin-release:v4.1", "openshift/release:v4.0", "openshift/release:4.2.1", "ocp/release",
)  # fmt: skip
BUILD_ROOTS = ("golang-1.24", "rhel-9-release-golang-1.24-openshift-4.21", "rhel-8", "tests")

PAYLOAD: list[Entry] = [
    *(left(f"info on {name}", "x.sh", f"oc image info §/{name}\n", silent("a release payload")) for name in PAYLOADS),
    *(left(f"info on {name}, on the host that is gone", "x.sh", f"docker pull †/{name}\n", told("a release payload")) for name in ("openshift/origin-release:v4.1", "openshift/release:v4.0", "${NS}/release:4.5.1")),
    left("by its tag", "x.sh", "podman pull §/team/payloads:4.21.0-0.nightly-2026-02-03-000000\n", silent("a release payload, by its tag")),
    left("of OKD", "x.sh", "podman pull §/okd/scos-release:4.21\n", silent("a release payload")),
    left("in FROM", "Dockerfile", "FROM §/ocp/release:4.21.3\n", silent("a release payload")),
    left("f-string", "x.py", "spec = f'§/ocp-arm64/release-arm64:{version}'\n", silent("a release payload")),
    left("help text", "a.go", 'var usage = "oc adm release new --from-release §/origin/release:v4.21"\n', silent("a release payload")),
    left("on the host that is gone", "x.sh", "docker pull †/ocp/release:4.3.1\n", told("a release payload")),
    left("the namespace is a variable", "x.sh", "podman pull §/$NS/release:4.21.3\n", silent("a release payload (its namespace is a variable)")),
    *(safe(f"the build root {tag}", "Dockerfile", f"FROM §/openshift/release:{tag}\n", f"FROM ¤:openshift_release_{tag}\n") for tag in BUILD_ROOTS),
    safe("an image beside it", "x.sh", "oc image info §/ocp/release:4.21.3\npodman pull §/ocp/4.21:cli\n", "oc image info §/ocp/release:4.21.3\npodman pull ¤:ocp_4.21_cli\n", silent("a release payload")),
]  # fmt: skip

DATED: list[Entry] = [
    left("a dated stream by digest", "Dockerfile", f"FROM §/ocp/4.18-2025-01-02-112233@{SUM} AS x\n", silent("a dated payload stream")),
    left("what ART assembles", "x.sh", "oc image info §/ocp/4.18-art-latest:rhel-coreos\n", silent("a stream that ART assembles")),
    left("pasted from a node", "docs/a.md", f"```\n* ostree-unverified-registry:§/ocp/4.18-2025-01-02-112233@{SUM}\n```\n", silent("a dated payload stream")),
    left("a stream of nightlies", "x.sh", "podman pull §/ocp/4-stable:cli\n", silent("a stream of release payloads")),
    left("a stream of RHCOS", "x.sh", "podman pull §/rhcos/os:latest\n", silent("an RHCOS build stream")),
    left("what lived for weeks", "x.sh", "podman pull §/ocp/4.21-quay:cli\n", silent("a -quay stream")),
    left("what ART assembled, on the host that is gone", "x.sh", "docker pull †/ocp/4.5-art-latest:cli\n", told("a stream that ART assembles")),
    left("a tag and a digest", "x.sh", f"podman pull §/ocp/4.18:cli@{SUM}\n", told("a tag and a digest")),
    left("on the host that is gone", "x.sh", "docker pull †/ocp/4.3-2020-01-02-112233:cli\n", told("a dated payload stream")),
    unsafe("a digest of a stream that is mirrored", "x.sh", f"podman pull §/ocp/4.18@{SUM}\n", f"podman pull ¤@{SUM}\n", "only if that very manifest was mirrored"),
    safe("the stream itself", "x.sh", "podman pull §/ocp/4.18:rhel-coreos\n", "podman pull ¤:ocp_4.18_rhel-coreos\n"),
]  # fmt: skip

EPHEMERAL: list[Entry] = [
    left("the registry of a build cluster", "x.sh", "podman pull registry.build07.ci.openshift.org/ci-op-7k2/stable:cli\n", told("deleted after about an hour")),
    left("the host alone", "x.sh", "R=registry.build07.ci.openshift.org\npodman pull $R\n", told("the host of a build cluster")),
    left("the host alone, in prose", "a.md", "Log in to registry.build07.ci.openshift.org.\n", silent("the registry is named")),
    left("in test data", "testdata/x.sh", "podman pull registry.build07.ci.openshift.org/ci-op-7k2/stable:cli\n", silent("test data")),
    left("in a folder of examples", "examples/x.sh", "podman pull registry.build07.ci.openshift.org/ci-op-7k2/stable:cli\n", silent("a record of one CI run")),
    left("in FROM", "Dockerfile", "FROM registry.build07.ci.openshift.org/ocp/4.21:cli\n", told("deleted after about an hour")),
    left("a namespace of a job", "Dockerfile", "FROM §/ci-op-7k2/pipeline:src\n", told("a stream of one CI run")),
    left("a namespace of a job, whatever its stream", "x.sh", "podman pull §/ci-op-7k2/tools:src\n", told("a stream of one CI run")),
    left("a namespace of a job, in a variable", "x.sh", "podman pull §/${NAMESPACE}/tools:src\n", told("a stream of one CI run")),
    left("a namespace of a cluster", "x.sh", "podman pull §/ci-ln-9x1/stable:installer\n", told("a stream of one CI run")),
    left("the stream of a job, whatever its namespace", "x.yaml", "image: §/${NS}/stable:installer\n", told("a stream of one CI run")),
    left("pipeline, whatever its namespace", "x.sh", "docker pull †/build-17/pipeline:bin\n", told("a stream of one CI run")),
    left("shown in a page", "docs/a.md", "It was `registry.build07.ci.openshift.org/ci-op-7k2/stable:cli`.\n", silent("a record of one CI run")),
    safe("a namespace that only looks like it", "x.sh", "podman pull §/ci/ci-op-helper:latest\n", "podman pull ¤:ci_ci-op-helper_latest\n"),
    safe("a stream whose name only begins so", "x.sh", "podman pull §/ci/stable-tools:v1\n", "podman pull ¤:ci_stable-tools_v1\n"),
]  # fmt: skip

BARE: list[Entry] = [
    left("login", "x.sh", 'podman login -u x -p "$TOKEN" §\n', silent("a bare host")),
    left("pull secret", "secret.json", '{"auths": {"§": {"auth": "eA=="}}}\n', silent("a credential, certificate or lookup entry")),
    left("registry_url", "secrets.yaml", "- registry_url: §\n  auth: x\n", silent("a credential, certificate or lookup entry")),
    left("name of a certificate", "clusters/x/certificate.yaml", "kind: Certificate\nspec:\n  dnsNames:\n  - §\n", silent("a credential, certificate or lookup entry")),
    left("allow list", "a.go", 'var trusted = sets.New("quay.io", "§")\n', silent("a bare host")),
    left("scope of a policy", "policy.json", '{"transports": {"docker": {"§": [{"type": "insecureAcceptAnything"}]}}}\n', silent("a credential, certificate or lookup entry")),
    left("variable of a Makefile", "Makefile", "IMAGE_REGISTRY ?= §\nall: ; echo $(IMAGE_REGISTRY)\n", silent("a bare host")),
    left("the host that is gone, in prose", "a.md", "Once there was †, now gone.\n", silent("named, not pulled from")),
    left("variable with the host that is gone", "Makefile", "IMAGE_REGISTRY ?= †\nall: ; echo $(IMAGE_REGISTRY)\n", told("a host, no image")),
    unsafe("the pull below a login", "x.sh", "podman login §\npodman pull §/ocp/4.21:cli\n", "podman login §\npodman pull ¤:ocp_4.21_cli\n", "line 1 logs in to", silent("a bare host")),
]  # fmt: skip

PART = "a part of the reference in line"
JOINED = "put together from several places"
COMPOSED: list[Entry] = [
    unsafe("a host and its use are one group", "Dockerfile", "ARG REGISTRY=§\nFROM ${REGISTRY}/ocp/4.21:tools\n", "ARG REGISTRY=quay-proxy.ci.openshift.org\nFROM ${REGISTRY}/openshift/ci:ocp_4.21_tools\n", "REGISTRY (line 1)", silent(f"{PART} 2")),
    unsafe("the host that is gone is reported", "Dockerfile", "ARG REGISTRY=†\nFROM ${REGISTRY}/ocp/4.5:tools\n", "ARG REGISTRY=quay-proxy.ci.openshift.org\nFROM ${REGISTRY}/openshift/ci:ocp_4.5_tools\n", "REGISTRY (line 1)", told(f"{PART} 2")),
    unsafe("in a script", "x.sh", 'repo=§/ocp\npodman pull "${repo}/4.21:cli"\npodman pull "${repo}/4.21:jq"\n', 'repo=¤:ocp\npodman pull "${repo}_4.21_cli"\npodman pull "${repo}_4.21_jq"\n', (JOINED, JOINED), silent(f"{PART} 2")),
    unsafe("in a Makefile", "Makefile", "REGISTRY := §\nget:\n\tpodman pull $(REGISTRY)/ocp/4.21:cli\n", "REGISTRY := quay-proxy.ci.openshift.org\nget:\n\tpodman pull $(REGISTRY)/openshift/ci:ocp_4.21_cli\n", "`make REGISTRY=…` may override it", silent(f"{PART} 3")),
    left("one use is a payload", "Dockerfile", "ARG R=§\nFROM $R/ocp/4.21:cli AS a\nFROM $R/ocp/release:4.21.3\n", silent(PART), told("R is also used in line 3"), silent("a release payload")),
    left("separators are values", "a.go", 'spec := fmt.Sprintf("§/%s/%s%s%s", ns, name, sep, tag)\n', told("no tag: perhaps a repository")),
    left("a namespace, the rest elsewhere", "a.py", "spec = '§/ocp/' + which\n", told("the beginning of a reference")),
    left("all of it is a value", "mirror.yaml", "name: §/{{ payload }}\n", silent("one path component")),
    left("name and tag in one", "a.py", "spec = '§/ocp/4.21:' + which\n", told("no tag: perhaps a repository")),
    left("a build output", "Makefile", "IMAGE_REGISTRY ?= §\n$(call build-image,ocp-x,$(IMAGE_REGISTRY)/ocp/4.21:x,./Dockerfile,.)\n", silent(PART), silent("the name of a build's output")),
    left("a stream of one run", "Dockerfile", "ARG CI=†\nARG NS\nFROM ${CI}/${NS}/stable:hco\n", told("a part of the reference in line 3; a host, no image"), told("a stream of one CI run")),
    safe("whole where it stands", "Dockerfile", "ARG V=4.21\nFROM §/ocp/${V}:cli\n", "ARG V=4.21\nFROM ¤:ocp_${V}_cli\n"),
]  # fmt: skip

TABLE: Table = {
    "payload": PAYLOAD, "dated-or-digest": DATED, "farm-or-ephemeral": EPHEMERAL, "bare-host": BARE, "composed": COMPOSED,
}  # fmt: skip
