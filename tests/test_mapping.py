"""One image, in all its forms: what the rules make of a plain pull, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.mapping import FROM_QCI, MAPPED, REFUSED, TO_QCI, Malformed, map_image
from qcilint.qci import FACES, readings
from qcilint.reference import parse
from qcilint.ruleset import load_builtin

from .conftest import LINTER, lint

RULES = load_builtin()
SHA = "sha256:" + "0" * 64
APP_CI = "registry.ci.openshift.org"
PROXY = "quay-proxy.ci.openshift.org"
QCI = f"{PROXY}/openshift/ci"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        pytest.param("ocp/4.20:cli", "ocp_4.20_cli", id="image stream tag"),
        pytest.param(f"{APP_CI}/ocp/4.20:cli", "ocp_4.20_cli", id="app.ci"),
        pytest.param(f"docker://{APP_CI}/ocp/4.20:cli", "ocp_4.20_cli", id="transport"),
        pytest.param(f"{APP_CI}:443/ocp/4.20:cli", "ocp_4.20_cli", id="the port of https"),
        pytest.param("registry.svc.ci.openshift.org/ocp/builder:golang-1.13", "ocp_builder_golang-1.13", id="api.ci"),
        pytest.param("openshift/release:golang-1.24", "openshift_release_golang-1.24", id="a builder, no payload"),
        pytest.param("ocp-priv/4.20:cli", "ocp-priv_4.20_cli", id="private"),
        pytest.param("origin/scos-4.20:tests", "origin_scos-4.20_tests", id="okd"),
        pytest.param("ci/tool:a_b", "ci_tool_a_b", id="underscore in the tag"),
        pytest.param("ocp/${V}:cli", "ocp_${V}_cli", id="variable"),
        pytest.param("ocp/$V:cli", "ocp_${V}_cli", id="variable that needs braces"),
    ],
)
def test_to_qci(text: str, tag: str) -> None:
    found = map_image(text, RULES)
    assert (found.direction, found.status, found.output) == (TO_QCI, MAPPED, f"{QCI}:{tag}")
    assert found.notes == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ocp/release:4.20.1-x86_64", "a release payload"),
        ("openshift/origin-release:v4.1", "a release payload"),
        ("openshift/release:v4.1", "a release payload"),
        ("ci-op-1a2b3c/pipeline:src", "one CI run"),
        ("x/stable:cli", "one CI run"),
        ("ocp/4.20-art-latest:cli", "ART assembles"),
        ("rhcos/rhcos:x", "RHCOS"),
        (f"ci/tool@{SHA}", "a digest"),
        (f"ci/tool:x@{SHA}", "a tag and a digest"),
        ("ci/tool", "no tag"),
        ("tool:latest", "one path component"),
        ("a/b/c:d", "more than two path components"),
        ("ocp/4.20:" + "a" * 120, "129 characters; 128 is the limit"),
        ("ocp-private/4.20-priv:cli", "ocp-priv"),
        (APP_CI, "a bare host"),
        (f"{APP_CI}:5000/ocp/4.20:cli", "a port"),
        ("registry.build05.ci.openshift.org/ci-op-1/pipeline:src", "one CI run"),
        ("quay.io/openshift/origin-cli:4.20", "no registry of OpenShift CI"),
        ("quay.io/openshift/ci-public:ci_x_latest", "the public repository"),
    ],
)
def test_refused_for_the_reason_of_the_rules(text: str, reason: str) -> None:
    found = map_image(text, RULES)
    assert (found.direction, found.status, found.output) == (TO_QCI, REFUSED, "")
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("ci/tool", f"{QCI}:ci_tool_latest"),
        (f"ci/tool@{SHA}", f"{QCI}@{SHA}"),
        ("ocp-private/4.20-priv:cli", f"{QCI}:ocp-priv_4.20_cli"),
        ("docker-registry.default.svc:5000/ocp/builder:x", f"{QCI}:ocp_builder_x"),
    ],
)
def test_what_is_right_under_a_condition_is_suggested_and_given_on_demand(text: str, suggestion: str) -> None:
    assert map_image(text, RULES).suggestion == suggestion
    found = map_image(text, RULES, unsafe=True)
    assert (found.status, found.output) == (MAPPED, suggestion)


def test_an_underscore_in_the_name_maps_but_not_in_a_dockerfile() -> None:
    found = map_image("ci/my_image:latest", RULES)
    assert found.output == f"{QCI}:ci_my_image_latest"
    assert len(found.notes) == 1
    assert "not in a Dockerfile: the image stream name holds an underscore" in found.notes[0]


@pytest.mark.parametrize("face", FACES)
def test_the_way_back_from_every_face(face: str) -> None:
    found = map_image(f"{face}/openshift/ci:ocp_4.20_cli", RULES)
    assert (found.direction, found.status, found.output) == (FROM_QCI, MAPPED, f"{APP_CI}/ocp/4.20:cli")
    assert str(found.image) == "ocp/4.20:cli"
    assert found.candidates == ()
    assert (f"pull it as {QCI}:ocp_4.20_cli" in found.notes) == (face != PROXY)


def test_an_ambiguous_way_back_names_every_reading() -> None:
    found = map_image(f"{QCI}:ci_my_image_latest", RULES)
    assert found.output == f"{APP_CI}/ci/my:image_latest"
    assert [str(image) for image in found.candidates] == ["ci/my:image_latest", "ci/my_image:latest"]
    assert found.notes == ("ambiguous: ci-operator reads ci/my:image_latest, it may be ci/my_image:latest",)


@pytest.mark.parametrize(
    ("tag", "note"), [("ci-op-1a2b_pipeline_src", "of one CI run"), ("ocp_4.20-art-latest_cli", "a stream that ART assembles")]
)
def test_the_way_back_doubts_what_the_way_there_refuses(tag: str, note: str) -> None:
    found = map_image(f"{QCI}:{tag}", RULES)
    assert found.status == MAPPED
    assert [each.startswith("perhaps not in QCI: ") and note in each for each in found.notes] == [True]


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        (f"{PROXY}/openshift/ci-public:ci_x_latest", "the proxy serves only", f"{QCI}:ci_x_latest"),
        (f"{PROXY}/openshift/ci/ci:ci_x_latest", "the proxy serves only", f"{QCI}:ci_x_latest"),
        (f"{PROXY}/openshift:ci_x_latest", "its last part is missing", f"{QCI}:ci_x_latest"),
        (f"{PROXY}/ocp/4.20:cli", "the old path behind the new host", f"{QCI}:ocp_4.20_cli"),
        (f"{QCI}:ocp-private_4.20-priv_cli", "ocp-private is now ocp-priv", f"{QCI}:ocp-priv_4.20_cli"),
        (f"{QCI}:latest", "the tag is no", ""),
        (f"{QCI}:20260801120000_prune_ocp_4.20_cli", "removes again", ""),
        (f"{QCI}:rc_payload__4.22.0", "a release payload", ""),
        (f"{QCI}:art__0123", "an image of ART", ""),
        (f"{QCI}@{SHA}", "a digest", ""),
        (QCI, "no tag", ""),
        (PROXY, "the repository is not openshift/ci", ""),
        (f"{QCI}:ocp_4.20_${{C}}", "a variable", ""),
        (f"{QCI}:OCP_4.20_cli", "OCP/4.20:cli is no image stream tag", ""),
    ],
)
def test_no_way_back(text: str, reason: str, suggestion: str) -> None:
    found = map_image(text, RULES)
    assert (found.direction, found.status) == (FROM_QCI, REFUSED)
    assert reason in found.reason
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    "text",
    ["", "ocp/4.20:", "Ocp/x:y", "ocp/4.20:cli extra", "ocp/4.20:\x1b[31m", f"https://{APP_CI}/ocp/4.20", "ocp//x:y", "a/b:" + "t" * 129, "ocp/4.20@sha256:12"],
)  # fmt: skip
def test_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        map_image(text, RULES)


NAME = st.from_regex(r"\A[a-z0-9]{1,8}([.-][a-z0-9]{1,8})?\Z")
TAG = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,20}\Z")


@settings(max_examples=60, deadline=None)
@given(NAME, NAME, TAG)
def test_there_and_back(namespace: str, name: str, tag: str) -> None:
    text = f"{namespace}/{name}:{tag}"
    there = map_image(text, RULES)
    if there.status == REFUSED:
        assert there.reason
        return
    back = map_image(there.output, RULES)
    if back.status == REFUSED:  # the mapping makes a tag that CI has another use for, such as one that begins with art__
        assert back.reason
        return
    assert str(back.image) == text
    assert map_image(back.output, RULES).output == there.output


@settings(max_examples=60, deadline=None)
@given(NAME, st.from_regex(r"\A[a-z0-9]{1,4}(_[a-z0-9]{1,4}){0,2}\Z"), TAG)
def test_every_image_is_among_the_readings_of_its_tag(namespace: str, name: str, tag: str) -> None:
    there = map_image(f"{namespace}/{name}:{tag}", RULES)
    if there.status == MAPPED and not there.output.partition(":")[2].startswith(
        ("art__", "art-builder-", "remove__", "rc_payload__")
    ):
        assert f"{namespace}/{name}:{tag}" in map(str, readings(parse(there.output).tag.raw))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["ocp", "ci", "origin", "openshift", "ci-op-x"]), st.sampled_from(["4.20", "release", "a_b", "stable"]), TAG
)
def test_it_agrees_with_what_check_makes_of_a_pull(namespace: str, name: str, tag: str) -> None:
    text = f"{APP_CI}/{namespace}/{name}:{tag}"
    (finding,) = lint(f"#!/bin/sh\npodman pull {text}\n".encode(), "pull.sh").findings
    if finding.reference.raw != text:
        return  # a tag whose end looks like punctuation of a sentence
    found = map_image(text, LINTER.rules)
    assert (found.output or None) == (finding.replacement if finding.level == "safe" else None)
