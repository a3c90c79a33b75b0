"""The mapping both ways, and its limits."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qcilint.qci import StreamTag, Unmappable, from_tag, round_trips, to_pullspec, to_tag
from qcilint.reference import MAX_TAG, parse

SHA = "sha256:" + "0" * 64
HOST = "registry.ci.openshift.org"


@pytest.mark.parametrize(
    ("path", "pullspec"),
    [
        ("ocp/4.20:cli", "openshift/ci:ocp_4.20_cli"),
        ("openshift/release:golang-1.24", "openshift/ci:openshift_release_golang-1.24"),
        ("ci/ci-operator", "openshift/ci:ci_ci-operator_latest"),
        (f"ocp/4.20@{SHA}", f"openshift/ci@{SHA}"),
        ("ocp/${V}:cli", "openshift/ci:ocp_${V}_cli"),
    ],
)
def test_to_pullspec(path: str, pullspec: str) -> None:
    assert to_pullspec(parse(f"{HOST}/{path}")) == f"quay-proxy.ci.openshift.org/{pullspec}"


@pytest.mark.parametrize(
    ("pullspec", "reason"),
    [
        (f"{HOST}/openshift:cli", "one path component"),
        (f"{HOST}/a/b/c:d", "more than two"),
        (f"{HOST}/ocp/4.20:cli@{SHA}", "a tag and a digest"),
        (HOST, "no image"),
        (f"{HOST}/ocp/4.20:{'t' * 120}", "129 characters; 128 is the limit"),
    ],
)
def test_unmappable(pullspec: str, reason: str) -> None:
    with pytest.raises(Unmappable, match=reason):
        to_pullspec(parse(pullspec))


@pytest.mark.parametrize(
    "tag", ["latest", "ocp_4.20", "ocp__cli", "_a_b", "rc_payload__4.22.0", "art__0123", "art-builder-4.20-x"]
)
def test_no_way_back(tag: str) -> None:
    with pytest.raises(Unmappable):
        from_tag(tag)


PART = st.from_regex(r"\A[a-z0-9]+([.-][a-z0-9]+)?\Z")


@given(PART, PART, st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,20}\Z"))
def test_round_trip_without_underscore_in_the_name(namespace: str, name: str, tag: str) -> None:
    image = StreamTag(namespace, name, tag)
    assume(len("_".join(image)) <= MAX_TAG and not namespace.startswith("art"))
    assert from_tag(to_tag(image)) == image
    assert round_trips(image)


def test_underscore_in_the_name_does_not_round_trip() -> None:
    assert not round_trips(StreamTag("ci", "my_image", "latest"))
    assert str(from_tag("ci_my_image_latest")) == "ci/my:image_latest"
