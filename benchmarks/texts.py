"""Texts of a tree like openshift/release, one function for each kind of file: `(random numbers, old) -> text`.

With `old`, the text holds references to the old registries. All of it is invented.
"""

from __future__ import annotations

from random import Random

from benchmarks import old_references as rows
from benchmarks.filling import WORDS, blocks, fill, some

_CONFIG, _TEST, _METADATA = blocks("""
base_images:
  base:
    name: '@v@'
    namespace: ocp
    tag: base-rhel9
  upi:
    name: '@v@'
    namespace: ocp
    tag: upi-installer
binary_build_commands: make build
build_root:
  image_stream_tag:
    name: release
    namespace: openshift
    tag: golang-1.24
promotion:
  to:
  - name: '@v@'
    namespace: ocp
releases:
  initial:
    integration:
      name: '@v@'
      namespace: ocp
  latest:
    candidate:
      product: ocp
      stream: nightly
      version: '@v@'
resources:
  '*':
    limits:
      memory: 4Gi
    requests:
      cpu: 100m
%%
- as: @w@-@w@
  optional: true
  run_if_changed: ^(pkg|cmd)/@w@
  steps:
    cluster_profile: aws-@n@
    env:
      BASE_DOMAIN: @w@.devcluster.example.com
      WORKER_REPLICAS: "@n@"
    test:
    - ref: @w@-@w@-@w@
    - as: @w@
      cli: latest
      commands: make e2e-@w@
      from: src
      resources:
        requests:
          cpu: "1"
          memory: 200Mi
    workflow: ipi-@w@
%%
zz_generated_metadata:
  branch: release-@v@
  org: @w@
  repo: @w@-@w@
""")


def config(rng: Random, old: bool) -> str:
    """A ci-operator configuration."""
    in_tests = old and rng.random() < 0.4
    images = some(rows.CONFIG, rng, 1) if old and not in_tests else "images:\n- dockerfile_path: Dockerfile\n  to: @w@\n"
    tests = _TEST * rng.randint(2, 14) + (some(rows.CONFIG_TESTS, rng, 1) if in_tests else "")
    return fill(f"{_CONFIG}{images}tests:\n{tests}{_METADATA}", rng)


def owners(rng: Random, _old: bool) -> str:
    """An OWNERS file."""
    people = "".join(f"- {name}{rng.randrange(100)}\n" for name in rng.sample(WORDS, rng.randint(2, 9)))
    return f"approvers:\n{people}options: {{}}\nreviewers:\n{people}"


_REF, _ENV, _ABOUT, _CHAIN = blocks("""
ref:
  as: @w@-@w@
  from: cli
  grace_period: 10m
  commands: @w@-@w@-commands.sh
  resources:
    requests:
      cpu: 10m
      memory: 100Mi
  env:
%%
  - name: @W@_@W@
    default: "@n@"
    documentation: |-
      How many @w@ of the @w@ the step waits for.
%%
  documentation: |-
    This step brings up the @w@ of the @w@, and leaves its address in the shared folder
    for the steps that follow. It needs a cluster of version @v@ or newer.
%%
chain:
  as: @w@-@w@
  documentation: |-
    Installs a cluster on @w@ and gathers its @w@.
  steps:
""")


def ref(rng: Random, old: bool) -> str:
    """A step of the registry."""
    return fill(_REF + _ENV * rng.randint(1, 8) + (some(rows.REF, rng, 1) if old else "") + _ABOUT, rng)


def chain(rng: Random, _old: bool) -> str:
    """A chain of steps."""
    return fill(_CHAIN + "  - ref: @w@-@w@-@w@\n" * rng.randint(2, 12), rng)


def metadata(rng: Random, _old: bool) -> str:
    """The generated metadata of a step."""
    people = ",\n".join(f'\t\t\t"{name}"' for name in rng.sample(WORDS, 5))
    return fill(f'{{\n\t"path": "@w@/@w@-ref.yaml",\n\t"owners": {{\n\t\t"approvers": [\n{people}\n\t\t]\n\t}}\n}}\n', rng)


_PROW, _CLUSTER, _SERVICE, _BUILD, _SECTION, _FUNCTION = blocks(r"""
branch-protection:
  orgs:
    @w@:
      repos:
        @w@-@w@:
          protect: true
tide:
  queries:
  - labels:
    - approved
    - lgtm
    missingLabels:
    - do-not-merge/hold
    - needs-rebase
    repos:
    - @w@/@w@
%%
apiVersion: apps/v1
kind: Deployment
metadata:
  name: @w@
  namespace: @w@
spec:
  replicas: 1
  selector:
    matchLabels:
      app: @w@
  template:
    metadata:
      labels:
        app: @w@
    spec:
      serviceAccountName: @w@
      containers:
%%
---
apiVersion: v1
kind: Service
metadata:
  name: @w@
  namespace: @w@
spec:
  ports:
  - port: 80@n@
    name: @w@
%%
RUN make build-@w@ && \
    mkdir -p /out && \
    cp bin/@w@ /out/

FROM registry.access.redhat.com/ubi9/ubi-minimal:latest
RUN microdnf install -y git jq && microdnf clean all
ENV LEVEL=@n@
ENTRYPOINT ["/usr/bin/@w@"]
%%
## The @w@ of the @w@

Every @w@ has a @w@, and every @w@ is watched by the `@w@` job. Run it by hand:

```sh
make @w@ LEVEL=@n@
```

* the @w@ is made first,
* then the @w@; it takes about @n@ minutes.

%%
def load_@w@(path: str) -> dict[str, str]:
    with open(path) as file:
        data = yaml.safe_load(file)
    return {name: entry["@w@"] for name, entry in data.items() if entry.get("level", 0) > @n@}


""")


def prow(rng: Random, _old: bool) -> str:
    """The Prow configuration of a repository."""
    return fill(_PROW, rng)


def cluster(rng: Random, old: bool) -> str:
    """A manifest of a cluster."""
    image = "quay-proxy.ci.openshift.org/openshift/ci:ci_@w@_latest" if rng.random() < 0.06 else "quay.io/invented/@w@:v@n@"
    container = f"      - name: @w@\n        image: {image}\n        args:\n        - --level=@n@\n"
    return fill(_CLUSTER + container + (some(rows.CLUSTER, rng, 2) if old else "") + _SERVICE * rng.randint(1, 20), rng)


def service(rng: Random, old: bool) -> str:
    """The configuration of a service of the CI system."""
    entries = "- name: @w@-@w@\n  interval: @n@m\n  clusters: [build01, build09]\n" * rng.randint(5, 60)
    return fill(entries + (some(rows.SERVICE, rng, 2) if old else ""), rng)


def mapping(rng: Random, old: bool) -> str:
    """A mapping file of `oc image mirror`."""
    lines = rows.MAPPING if old else ("quay.io/@w@/@w@:@v@ quay.io/@w@/@w@:latest\n",)
    return fill("".join(rng.choices(lines, k=rng.randint(3, 40))), rng)


def dockerfile(rng: Random, old: bool) -> str:
    """A Dockerfile."""
    return fill((some(rows.DOCKERFILE, rng, 2) if old else "FROM quay.io/centos/centos:stream9 AS builder\n") + _BUILD, rng)


def markdown(rng: Random, old: bool) -> str:
    """A page of documentation."""
    parts = [_SECTION] * rng.randint(2, 12)
    if old:
        parts.insert(rng.randint(0, len(parts)), some(rows.MARKDOWN, rng))
    return fill("# @w@\n\n" + "".join(parts) + "Results are at https://prow.ci.openshift.org/?job=*@w@*.\n", rng)


def python(rng: Random, old: bool) -> str:
    """A Python tool of `hack/`."""
    head = "import subprocess\n\nimport yaml\n\n" + (some(rows.PYTHON, rng) + "\n\n" if old else "")
    return fill(head + _FUNCTION * rng.randint(2, 20), rng)


def makefile(rng: Random, old: bool) -> str:
    """A makefile."""
    head = "CONTAINER_ENGINE ?= podman\n\n" + (some(rows.MAKE, rng, 2) + "\n" if old else "")
    return fill(head + ".PHONY: @w@\n@w@:\n\thack/@w@.sh --level @n@\n\n" * rng.randint(4, 20), rng)


def testdata(rng: Random, old: bool) -> str:
    """Data of a test."""
    return fill("- name: @w@\n  level: @n@\n" * rng.randint(2, 30) + (some(rows.DATA, rng) if old else ""), rng)
