"""Small trees like openshift/release, of our own writing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..conftest import git, git_environment

OPERATOR = "ci-operator/config/org/operator/org-operator-main.yaml"
LIBRARY = "ci-operator/config/org/library/org-library-main__nightly.yaml"
STEP = "ci-operator/step-registry/org/e2e/org-e2e-ref.yaml"
MIRRORING = "core-services/image-mirroring/_config.yaml"
FILES: dict[str, str] = {
    OPERATOR: """\
base_images:
  base:
    name: "4.20"
    namespace: ocp
    tag: base-rhel9
build_root:
  image_stream_tag:
    name: builder
    namespace: ocp
    tag: rhel-9-golang-1.24-openshift-4.20
images:
  items:
  - to: operator
  - to: operator-tests
  - optional: true
    to: operator-debug
promotion:
  to:
  - additional_images:
      operator-src: src
    excluded_images:
    - operator-tests
    name: "4.20"
    namespace: ocp
releases:
  latest:
    integration:
      name: "4.19"
      namespace: ocp
tests:
- as: e2e
  steps:
    test:
    - as: run
      from_image:
        name: tools
        namespace: ci
        tag: latest
zz_generated_metadata: {branch: main, org: org, repo: operator}
""",
    LIBRARY: """\
base_images:
  base: {namespace: ocp, name: "4.20", tag: base-rhel9}
images:
- to: library
promotion:
  disabled: true
  namespace: org
  tag: latest
zz_generated_metadata: {branch: main, org: org, repo: library, variant: nightly}
""",
    STEP: "ref:\n  as: org-e2e\n  from_image: {namespace: ci, name: steps, tag: v1}\n  commands: org-e2e-commands.sh\n",
    "ci-operator/step-registry/org/e2e/org-e2e-chain.yaml": "chain: {as: org-e2e, steps: []}\n",
    MIRRORING: """\
supplementalCIImages:
  ci/scorecard:v7:
    image: quay.io/example/scorecard:v7
  ci/inner:latest:
    namespace: other
    name: inner
    tag: latest
  ci/fedora:latest:
    image: registry.example.com/fedora:latest
qciToAppCIImages:
  ocp/4.14:base: {}
ignoredSources:
- image: registry.example.com/fedora:latest
  reason: it is too big
- image: registry.ci.openshift.org/ocp/builder:odd-1.13
  reason: broken image
artImages:
- namespace: ocp
  name: ^builder$
- namespace: ocp
  name: ^\\d+\\.\\d+$
  tag: ^rhel-coreos.*
""",
}


def tree(root: Path, files: Mapping[str, str] = FILES, *, date: str = "") -> Path:
    """Write the files into a folder; with a date, as a commit of that time."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    if date:
        import subprocess

        git(root, "init", "-q")
        git(root, "add", "-A")
        times = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        subprocess.run(["git", "commit", "-q", "-m", "x"], cwd=root, env=git_environment() | times, check=True)
    return root
