"""Shell scripts of a tree like openshift/release: `(random numbers, old) -> text`, as in `texts`."""

from __future__ import annotations

from random import Random

from benchmarks import old_references as rows
from benchmarks.filling import blocks, fill, some

_HEAD, *_SHELL = blocks(r"""
#!/bin/bash

set -o nounset
set -o errexit
set -o pipefail

export KUBECONFIG=${SHARED_DIR}/kubeconfig

%%
function wait_for_@w@() {
  local -r limit="${1:-@n@}"
  local try
  for ((try = 0; try < limit; try++)); do
    if oc -n openshift-@w@ get deployment @w@ -o jsonpath='{.status.readyReplicas}' | grep -q '^[1-9]'; then
      return 0
    fi
    echo "$(date -u --rfc-3339=seconds) - @w@ is not ready, try ${try} of ${limit}"
    sleep @n@
  done
  return 1
}

%%
if [[ -f "${SHARED_DIR}/proxy-conf.sh" ]]; then
  # shellcheck disable=SC1091
  source "${SHARED_DIR}/proxy-conf.sh"
fi

%%
cat <<EOF_CONFIG | oc apply -f -
apiVersion: v1
kind: ConfigMap
metadata:
  name: @w@-@w@
  namespace: openshift-@w@
data:
  @w@.yaml: |
    level: "@n@"
    path: ${ARTIFACT_DIR}/@w@
    nodes: "${NODES:-@n@}"
EOF_CONFIG

%%
mapfile -t nodes < <(oc get nodes -l node-role.kubernetes.io/@w@ -o name)
for node in "${nodes[@]}"; do
  oc debug "${node}" -- chroot /host journalctl -u kubelet --since "-@n@min" > "${ARTIFACT_DIR}/${node##*/}-@w@.log" || true
done

%%
CLUSTER_NAME="${NAMESPACE}-${UNIQUE_HASH}"
REGION="${LEASED_RESOURCE}"
INSTANCE_TYPE="${NODE_TYPE:-m6i.xlarge}"
echo "Creating ${CLUSTER_NAME} in ${REGION} with ${INSTANCE_TYPE}"

%%
jq -r '.items[] | select(.status.phase != "Running") | .metadata.name' "${ARTIFACT_DIR}/@w@.json" | while read -r pod; do
  echo "pod ${pod} does not run"
  oc -n @w@ describe pod "${pod}" >> "${ARTIFACT_DIR}/@w@-pods.txt"
done

%%
case "${CLUSTER_TYPE}" in
  aws*|aws-arm64) platform=aws ;;
  azure4|azure-@w@) platform=azure ;;
  *) echo >&2 "unsupported cluster type ${CLUSTER_TYPE}"; exit 1 ;;
esac

%%
curl -fsSL --retry 5 "https://mirror.example.com/pub/@w@/@v@.@n@/@w@-linux.tar.gz" | tar -xz -C /tmp/bin
chmod +x /tmp/bin/@w@

%%
timeout @n@m oc adm wait-for-stable-cluster --minimum-stable-period=@n@s || {
  oc get clusteroperators
  exit 1
}

%%
aws ec2 describe-instances --region "${REGION}" --filters "Name=tag:Name,Values=${CLUSTER_NAME}-@w@" \
  --query 'Reservations[].Instances[].InstanceId' --output text | tr '\t' '\n' > "${SHARED_DIR}/@w@-instances"

""")


def commands(rng: Random, old: bool) -> str:
    """The script of a step."""
    parts = [rng.choice(_SHELL) for _ in range(rng.choice((3, 5, 8, 8, 12, 16, 30)))]
    if old:
        parts.insert(rng.randint(0, len(parts)), some(rows.SHELL, rng, 4) + "\n")
    if rng.random() < 0.04:
        parts.append('echo "see https://prow.ci.openshift.org/view/gs/@w@/${JOB_NAME}/${BUILD_ID}"\n')
    return fill(_HEAD + "".join(parts), rng)


def script(rng: Random, old: bool) -> str:
    """A script of `hack/`; it works on other files of the tree."""
    edits = "sed -i 's/level=[0-9]*/level=@n@/' clusters/@w@/*.yaml\ngrep -rl '@w@' core-services | xargs sed -i 's/@w@/@w@/g'\n"
    return commands(rng, old) + fill(edits, rng)
