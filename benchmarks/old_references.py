"""References to the old registries, in the contexts in which real trees have them."""

from benchmarks.filling import blocks

SHELL = blocks(r"""
podman run --rm -v "${SHARED_DIR}:/data:z" @old@ --config /data/@w@.yaml
%%
oc image extract "@old@" --path /usr/bin/oc:/tmp/bin --confirm
%%
REGISTRY=@host@
oc image mirror "${REGISTRY}/ocp/@v@:cli" "${MIRROR_HOST}:5000/ocp/@v@:cli"
%%
export TOOL_IMAGE="${TOOL_IMAGE:-@old@}"
echo "using ${TOOL_IMAGE}"
%%
oc adm release info "@payload@" -o json | jq -r .metadata.version
%%
RELEASE_IMAGE="@payload@"
oc adm upgrade --to-image="${RELEASE_IMAGE}" --allow-explicit-upgrade --force
%%
oc registry login --to=/tmp/pull-secret
podman login -u @w@ -p "$(oc whoami -t)" @host@
%%
digest=$(oc adm release info "${RELEASE_IMAGE_LATEST}" | grep -o '@host@[^"]*' | head -n 1)
%%
if [[ "${RELEASE_IMAGE_LATEST}" == @host@/* ]]; then
  echo "a payload of CI"
fi
%%
cat <<EOF_POD | oc apply -f -
apiVersion: v1
kind: Pod
metadata:
  name: @w@
spec:
  containers:
  - name: @w@
    image: @old@
    command: [sleep, infinity]
EOF_POD
%%
cat > /tmp/Dockerfile <<'EOF_BUILD'
FROM @old@
COPY . /src
RUN make -C /src @w@
EOF_BUILD
%%
ssh "${SSHOPTS[@]}" "root@${IP}" "podman pull @old@ && podman run --rm @old@ @w@"
%%
skopeo inspect --raw docker://@old@ > "${ARTIFACT_DIR}/@w@.json"
%%
# the image was built from @old@
""")
CONFIG = blocks("""
images:
- dockerfile_path: images/@w@/Dockerfile
  from: base
  inputs:
    bin:
      as:
      - @old@
    @w@:
      as:
      - @old@
  to: @w@
%%
images:
- dockerfile_literal: |
    FROM @old@ AS build
    COPY . .
    RUN make build
    FROM @old@
    COPY --from=build /go/bin/@w@ /usr/bin/
  from: base
  to: @w@
%%
images:
- build_args:
  - name: BASE_IMAGE
    value: @old@
  dockerfile_path: Dockerfile
  to: @w@
""")
CONFIG_TESTS = blocks("""
- as: @w@-check
  commands: |
    set -o pipefail
    podman run --rm @old@ verify
  container:
    from: src
%%
- as: @w@-upgrade
  steps:
    cluster_profile: aws
    env:
      INITIAL_RELEASE: @payload@
    workflow: ipi-aws-upgrade
""")
REF = blocks("""
  - name: @W@_IMAGE
    default: @old@
    documentation: The image of @w@.
%%
  - name: @W@_REGISTRY
    default: "@host@"
    documentation: Where images are pulled from.
%%
  - name: @W@_RELEASE
    default: @payload@
    documentation: |-
      A payload, e.g. @payload@.
""")
JOB = """\
        env:
        - name: RELEASE_IMAGE_INITIAL
          value: @payload@
"""
MAPPING = blocks("""
@old@ quay.io/@w@/@w@:@v@
%%
@old@ quay.io/@w@/@w@-next:latest
%%
registry.access.redhat.com/ubi9/@w@:latest @old@
""")
CLUSTER = blocks("""
      - name: @w@-sidecar
        image: @old@
        imagePullPolicy: Always
%%
      - name: @w@-init
        image: @old@
        env:
        - name: REGISTRY
          value: @host@
%%
      - name: @w@-shell
        image: @old@
        command: [/bin/bash, -c]
        args:
        - |-
          oc image mirror @old@ quay.io/@w@/@w@:latest
%%
      - name: @w@-args
        image: cli
        args: ["--release=@payload@", "--registry=@host@"]
""")
SERVICE = blocks("""
- registry: @host@
  secret: @w@
%%
- name: @w@
  image: @old@
%%
- name: @w@
  pullSpec: "@old@"
""")
DOCKERFILE = blocks("""
FROM @old@ AS tools
%%
FROM @old@ AS builder-@w@
WORKDIR /go/src/@w@
%%
ARG BASE=@old@
FROM ${BASE} AS base-@w@
%%
ARG REGISTRY=@host@
FROM ${REGISTRY}/ocp/@v@:cli AS cli
%%
FROM quay.io/centos/centos:stream9 AS copy-@w@
COPY --from=@old@ /usr/bin/oc /usr/bin/oc
""")
MARKDOWN = blocks("""
Log in with `podman login @host@`, then pull the image:

```console
$ podman pull @old@
```

%%
The base image is `@old@`; see [the list](https://@host@/v2/_catalog).

%%
```dockerfile
FROM @old@
RUN make @w@
```

%%
Payloads such as @payload@ are published by the release controller.

""")
PYTHON = blocks("""
IMAGE_@W@ = "@old@"
%%
REGISTRY = "@host@"


def image_@w@(name: str) -> str:
    return f"{REGISTRY}/ocp/@v@:{name}"
%%
subprocess.run(["podman", "pull", "@old@"], check=True)
""")
MAKE = blocks("""
@w@-image:
	$(CONTAINER_ENGINE) pull @old@
	$(CONTAINER_ENGINE) run --rm -v $(CURDIR):/src:z @old@ --to /src/@w@
%%
REGISTRY ?= @host@
CLI_IMAGE := $(REGISTRY)/ocp/@v@:cli
""")
DATA = blocks("""
  image: @old@
%%
  from: @payload@
%%
  registry: @host@
""")
