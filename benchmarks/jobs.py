"""Generated Prow jobs, nearly all of which name the image of ci-operator in QCI."""

from __future__ import annotations

from random import Random

from benchmarks import old_references
from benchmarks.filling import WORDS, fill

MOST = 1500
"""Jobs of one file: some MB."""
_IMAGE = "quay-proxy.ci.openshift.org/openshift/ci:ci_ci-operator_latest"
_OTHERS = ("registry.access.redhat.com/ubi9/ubi:latest", "quay.io/invented/tool:v1", "quay.io/centos/centos:stream9")
_JOB = r"""  - agent: kubernetes
    always_run: @always@
    branches:
    - ^release-4\.@minor@$
    - ^release-4\.@minor@-
    cluster: build@cluster@
    context: ci/prow/@test@
    decorate: true
    decoration_config:
      skip_cloning: true
    labels:
      ci-operator.openshift.io/cloud: @cloud@
      ci-operator.openshift.io/cloud-cluster-profile: @cloud@-@profile@
      ci.openshift.io/generator: prowgen
      pj-rehearse.openshift.io/can-be-rehearsed: "true"
    name: pull-ci-@org@-@repo@-release-4.@minor@-@test@
    rerun_command: /test @test@
    skip_if_only_changed: ^(docs|examples)/|\.md$|(^|/)OWNERS$
    spec:
      containers:
      - args:
        - --gcs-upload-secret=/secrets/gcs/service-account.json
        - --image-import-pull-secret=/etc/pull-secret/.dockerconfigjson
        - --lease-server-credentials-file=/etc/boskos/credentials
        - --report-credentials-file=/etc/report/credentials
        - --target=@test@
        command:
        - ci-operator
@env@        image: @image@
        imagePullPolicy: Always
        name: ""
        resources:
          requests:
            cpu: 10m
        volumeMounts:
        - mountPath: /etc/boskos
          name: boskos
          readOnly: true
        - mountPath: /secrets/gcs
          name: gcs-credentials
          readOnly: true
        - mountPath: /etc/pull-secret
          name: pull-secret
          readOnly: true
        - mountPath: /etc/report
          name: result-aggregator
          readOnly: true
      serviceAccountName: ci-operator
      volumes:
      - name: boskos
        secret:
          items:
          - key: credentials
            path: credentials
          secretName: boskos-credentials
      - name: pull-secret
        secret:
          secretName: registry-pull-credentials
      - name: result-aggregator
        secret:
          secretName: result-aggregator
    trigger: (?m)^/test( | .* )@test@,?($|\s.*)
"""


def jobs(rng: Random, old: bool) -> str:
    """A file of jobs: mostly some tens of kB, a few of some MB."""
    org, repo, minor = rng.choice(WORDS), rng.choice(WORDS), rng.randrange(12, 22)
    count = min(MOST, int(10 * rng.paretovariate(1.35)))
    marked = rng.randrange(count) if old else -1
    template = _JOB.replace("@minor@", str(minor)).replace("@org@", org).replace("@repo@", repo)
    text = [f"presubmits:\n  {org}/{repo}:\n"]
    for index in range(count):
        fields = {
            "always": rng.choice(("true", "false")),
            "cluster": f"{rng.randrange(1, 15):02}",
            "test": f"e2e-{rng.choice(WORDS)}-{index}",
            "cloud": rng.choice(("aws", "azure4", "gcp", "metal")),
            "profile": str(index % 5),
            "env": fill(old_references.JOB, rng) if index == marked else "",
            "image": _IMAGE if rng.random() < 0.97 else rng.choice(_OTHERS),
        }
        job = template
        for name, value in fields.items():
            job = job.replace(f"@{name}@", value)
        text.append(job)
    return "".join(text)
