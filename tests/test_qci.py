"""The mapping both ways, and its limits."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qcilint.qci import StreamTag, Unmappable, from_tag, round_trips, to_tag
from qcilint.reference import MAX_TAG


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        (StreamTag("ocp", "4.20", "cli"), "ocp_4.20_cli"),
        (StreamTag("openshift", "release", "golang-1.24"), "openshift_release_golang-1.24"),
        (StreamTag("ocp", "${V}", "cli"), "ocp_${V}_cli"),
    ],
)
def test_to_tag(image: StreamTag, tag: str) -> None:
    assert to_tag(image) == tag


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (StreamTag("", "openshift", "cli"), "a part of namespace/name:tag is missing"),
        (StreamTag("ocp", "4.20", "t" * 120), "129 characters; 128 is the limit"),
    ],
)
def test_unmappable(image: StreamTag, reason: str) -> None:
    with pytest.raises(Unmappable, match=reason):
        to_tag(image)


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
