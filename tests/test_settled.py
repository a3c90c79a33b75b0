"""Files that are not parsed, because the rules keep each of their references wherever it stands."""

from __future__ import annotations

import pytest

from qcilint.discovery import Target
from qcilint.settled import are_settled
from qcilint.source import Source
from tests.conftest import LINTER, NEW, OLD, lint

SETTLED = {
    "a container": f"    image: {NEW}\n",
    "an item": f"  - image: {NEW}\n",
    "quoted": f'- image: "{NEW}"\n',
    "JSON": f'  "image": "{NEW}",\n',
    "several, at the end without a newline": f"image: {NEW}\nimage: {NEW}",
    "line ends of Windows": f"image: {NEW}\r\n",
    "by digest": f"image: quay-proxy.ci.openshift.org/openshift/ci@sha256:{'a' * 64}\n",
}
OPEN = {
    "the old host": f"image: {OLD}\n",
    "another key": f"target: {NEW}\n",
    "a command": f"podman push {NEW}\n",
    "text behind it": f"image: {NEW} # pushed\n",
    "a variable": "image: quay-proxy.ci.openshift.org/openshift/ci:ocp_${V}_cli\n",
    "a transient tag": "image: quay-proxy.ci.openshift.org/openshift/ci:20260101_prune_ocp_4.20_cli\n",
    "a malformed tag": "image: quay-proxy.ci.openshift.org/openshift/ci:cli\n",
    "past the proxy": "image: quay.io/openshift/ci:ocp_4.20_cli\n",
    "one of two": f"image: {NEW}\nimage: {OLD}\n",
}


def settled(text: str, path: str) -> bool:
    return are_settled(text.encode(), LINTER.analyst.locate(text.encode()), LINTER.rules, path)


@pytest.mark.parametrize("text", SETTLED.values(), ids=SETTLED)
@pytest.mark.parametrize(
    "path", ["ci-operator/jobs/a.yaml", "a.json", "hack/a.sh", "Dockerfile", "manifests/a.yaml", "a.md", "x"]
)
def test_what_is_settled_would_be_kept_in_any_language(text: str, path: str) -> None:
    assert settled(text, path)
    source = Source(path, text.encode(), path)
    assert LINTER.analyst.analyse(source, Target(path, "", path)) is None
    analysis = LINTER.analyst.analyse(source, Target(path, "", path), thorough=True)
    assert analysis is not None
    assert all(finding.kept for finding in LINTER.judge(analysis, lint(b"").facts).findings)


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_everything_else_is_looked_at(text: str) -> None:
    assert not settled(text, "a.yaml")
