#!/usr/bin/env bash
set -euo pipefail
podman login -u unused -p "$(oc whoami -t)" quay-proxy.ci.openshift.org
VERSION=${VERSION:-4.20}
podman login -u "$(oc whoami)" -p "$(oc whoami -t)" registry.ci.openshift.org
oc image extract "registry.ci.openshift.org/ocp/$VERSION:cli" --path /usr/bin/oc:/usr/local/bin
oc adm release info "registry.ci.openshift.org/ocp/release:${VERSION}.0-0.nightly-2026-01-01-000000"

if [[ $IMAGE == registry.ci.openshift.org/* ]]; then
    echo "running an image of CI"
fi
podman push registry.svc.ci.openshift.org/example/results:latest
