"""What registries write into WWW-Authenticate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.registry.challenges import Challenge, parse, preferred

HEADERS = [
    pytest.param(
        'Bearer realm="https://quay-proxy.ci.openshift.org/v2/auth",service="quay-proxy.ci.openshift.org"',
        Challenge("bearer", "https://quay-proxy.ci.openshift.org/v2/auth", "quay-proxy.ci.openshift.org"),
        id="the proxy",
    ),
    pytest.param(
        'Bearer realm="https://r/t",service="s",scope="repository:a/b:pull,push"',
        Challenge("bearer", "https://r/t", "s", "repository:a/b:pull,push"),
        id="a comma in quotes",
    ),
    pytest.param('Basic realm="x"', Challenge("basic", "x"), id="basic"),
    pytest.param('Basic realm="x", Bearer realm="https://r"', Challenge("bearer", "https://r"), id="bearer is better"),
    pytest.param("BEARER REALM=https://r", Challenge("bearer", "https://r"), id="in capitals, without quotes"),
    pytest.param('Bearer realm = "https://r" , service = s', Challenge("bearer", "https://r", "s"), id="spaces"),
    pytest.param(r'Basic realm="a \"b\""', Challenge("basic", 'a "b"'), id="escapes"),
    pytest.param("Negotiate", None, id="neither"),
    pytest.param("", None, id="nothing"),
]


@pytest.mark.parametrize(("header", "wanted"), HEADERS)
def test_the_challenge_to_answer(header: str, wanted: Challenge | None) -> None:
    assert preferred(header) == wanted


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_header_is_too_strange(header: str) -> None:
    assert all(challenge.scheme for challenge in parse(header))
