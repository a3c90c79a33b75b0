"""Everything that a search for the host finds is located, with the right borders."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qcilint import locate
from qcilint.hosts import host_regex, literals, needles
from qcilint.locate import Locator
from qcilint.ruleset import load_builtin

HOSTS = load_builtin().hosts
LOCATOR = Locator(HOSTS)
R = "registry.ci.openshift.org"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(f"FROM {R}/ocp/4.20:cli AS x", f"{R}/ocp/4.20:cli", id="plain"),
        pytest.param(f"see {R}/ocp/4.20:cli.", f"{R}/ocp/4.20:cli", id="full stop"),
        pytest.param(f"({R}/ocp/4.20:cli),", f"{R}/ocp/4.20:cli", id="bracket and comma"),
        pytest.param(f"<i>{R}/ocp/4.20:cli</i>", f"{R}/ocp/4.20:cli", id="markup"),
        pytest.param(f"“{R}/ocp/4.20:cli”", f"{R}/ocp/4.20:cli", id="curly quotes"),
        pytest.param(f"docker://{R}/ocp/4.20:cli", f"{R}/ocp/4.20:cli", id="transport"),
        pytest.param(f"a={R}/ocp/4.20:cli=b", f"{R}/ocp/4.20:cli", id="equals signs"),
        pytest.param(f"{R}/ocp/4.20:cli\x1b[0m", f"{R}/ocp/4.20:cli", id="terminal escape behind"),
        pytest.param(f"\x1b[1m{R}/ocp/4.20:cli", f"{R}/ocp/4.20:cli", id="terminal escape before"),
        pytest.param(f"&#34;{R}/ocp/4.20:cli&#34;", f"{R}/ocp/4.20:cli", id="entities"),
        pytest.param(rf"\n{R}/ocp/4.20:cli\n", f"{R}/ocp/4.20:cli", id="escaped line ends"),
        pytest.param(rf"\u0022{R}/ocp/4.20:cli\u0022", f"{R}/ocp/4.20:cli", id="escaped quotes"),
        pytest.param(f"{R}/ocp/4.20:__TAG__ x", f"{R}/ocp/4.20:__TAG__", id="marker at the end"),
        pytest.param(f"_{R}/ocp/4.20:cli_", f"{R}/ocp/4.20:cli", id="underscores around, as a sed delimiter"),
        pytest.param(f"${{BASE-{R}/ocp/4.20:cli}}", f"{R}/ocp/4.20:cli", id="default of a variable, without a colon"),
        pytest.param("quay.io/openshift/ci-public:x", "quay.io/openshift/ci-public:x", id="repository of a longer name"),
    ],
)
def test_borders(text: str, found: str) -> None:
    data = text.encode()
    (reference,) = LOCATOR.locate(data)
    assert data[reference.start : reference.end].decode() == found
    assert reference.raw == found
    assert not reference.flaw


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (f"my-{R}/a/b:c", "other-host"),
        (f"{R}.example.com/a/b:c", "other-host"),
        (f"{R}-old/a/b:c", "other-host"),
        (f"https://{R}/v2/ocp/4.20/blobs", "url"),
        (f"%22{R}%22%3A%7B", "encoded"),
        (r"registry\.ci\.openshift\.org\/ocp", "regex"),
        (r"registry\\.svc\\.ci\\.openshift\\.org/a", "regex"),
        (r"registry[.]ci[.]openshift[.]org", "regex"),
        (f"{R}/ocp/.*:cli", "wildcard"),
        (f"{R}/*", "wildcard"),
        (rf"{R}/ocp/\d+", "wildcard"),
        (f"*.{R}", "wildcard"),
        (f"{R}/ocp/4.20:*", "cut"),
        (f"{R}/ocp/4.11@sha256:...", "cut"),
        (f"{R}/ocp/builder:\\ldots", "cut"),
        (f"{R}/ocp/4.1…", "cut"),
        (f"{R}/<namespace>/<name>:<tag>", "cut"),
        (f"{R}/ocp/\\\n4.20:cli", "cut"),
        (f"{R}/ocp/OPERATOR_VERSION:x", "malformed"),
        (f"{R}:latest", "malformed"),
        (f"{R}/${{R:-a/b}}:c", "malformed"),
        (f"{R}//a:b", "malformed"),
    ],
)
def test_flaws(text: str, flaw: str) -> None:
    (reference,) = LOCATOR.locate(text.encode())
    assert reference.flaw == flaw or (flaw == "cut" and reference.flaw == "wildcard")


@pytest.mark.parametrize(
    "text",
    [
        "registry.svc2.ci.openshift.org/a/b:c",
        "registry.ci.openshif.org/a/b",
        "registry-ci-openshift-org",
        "github.com/openshift/ci-tools",
    ],
)
def test_near_misses(text: str) -> None:
    assert LOCATOR.locate(text.encode()) == []


@pytest.mark.parametrize(
    "text", [f"{R}\\/ocp\\/4.20:cli", f"{R}\\/ocp\\u002f4.20:cli", f"{R}\\x2focp/4.20\\x3acli", f"{R}/ocp/4.20\\u003Acli"]
)
def test_escapes_are_resolved(text: str) -> None:
    (reference,) = LOCATOR.locate(f'"{text}"'.encode())
    assert reference.escaped
    assert (reference.start, reference.end) == (1, len(text) + 1)
    assert reference.raw == f"{R}/ocp/4.20:cli"


def test_hosts_with_a_port_and_a_star() -> None:
    texts = [
        "docker-registry.default.svc:5000/ocp/a:b",
        "registry.build02.ci.openshift.org/ci-op-1/pipeline:src",
        "registry.apps.build02.vmc.ci.openshift.org",
    ]
    found = LOCATOR.locate(" ".join(texts).encode())
    assert [reference.raw for reference in found] == texts
    assert [reference.flaw for reference in found] == ["", "", ""]


LITERALS = [host for host in HOSTS if "*" not in host]
NOISE = st.one_of(
    st.sampled_from(
        [
            *LITERALS,
            r"registry\.ci\.openshift\.org",
            "/ocp/4.20:cli",
            "${V}",
            "$V",
            "{{ x }}",
            "\\",
            "\n",
            "\0",
            "%22",
            "https://",
            "…",
            ".*",
            "é",
        ]
    ).map(lambda text: text.encode()),
    st.binary(max_size=4),
)


@given(st.lists(NOISE, max_size=12).map(b"".join))
def test_finds_whatever_a_search_finds(data: bytes) -> None:
    references = LOCATOR.locate(data)
    spans = [(reference.start, reference.end) for reference in references]
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    for host in LITERALS:
        for match in re.finditer(re.escape(host.encode()), data):
            assert any(start <= match.start() and match.end() <= end for start, end in spans), host


EVERY_LABEL = b" ".join(sorted({label for host in HOSTS for label in literals(host)}))


@given(st.lists(NOISE, max_size=12).map(b"".join))
@example(b"registry.apps.build02.vmc.ci.openshift.org quay.io/openshift/ci-public registry%2Esvc\\.ci[.]openshift.org")
def test_hosts_that_a_text_cannot_hold_change_nothing(data: bytes) -> None:
    data += b"\n"
    assert LOCATOR.locate(data) == LOCATOR.locate(data + EVERY_LABEL)


@given(st.one_of(st.binary(max_size=6), *(st.from_regex(each.pattern) for each in (locate._CUT, locate._WILDCARD))))
def test_what_cuts_a_reference_short_is_told_by_its_first_byte(after: bytes) -> None:
    for expression in (locate._CUT, locate._WILDCARD):
        if expression.match(after):
            assert after[0] in locate._CUT_SHORT


@given(st.lists(NOISE, max_size=12).map(b"".join))
def test_prefilter_lets_every_reference_through(data: bytes) -> None:
    plain = [reference for reference in LOCATOR.locate(data) if reference.flaw not in ("regex", "encoded")]
    if plain:
        assert any(needle in data for needle in needles(HOSTS))


@pytest.mark.parametrize("host", HOSTS)
def test_needles_cover_every_host_and_its_escaped_spelling(host: str) -> None:
    found = needles(HOSTS)
    plain = host.replace("*", "01").encode()
    escaped = plain.replace(b".", b"\\.")
    assert re.fullmatch(host_regex(host), plain)
    assert re.fullmatch(host_regex(host), escaped)
    assert any(needle in plain for needle in found)
    assert any(needle in escaped for needle in found)


def test_needles_are_few() -> None:
    hosts = ["registry.ci.openshift.org", "registry.svc.ci.openshift.org", "quay-proxy.ci.openshift.org"]
    assert needles(hosts) == (b"ci.openshift.org", b"openshift\\")
    assert needles(["quay.io/example/app"]) == (b"quay.io/example/app", b"quay\\.io/example/app")


def test_a_very_long_line_is_searched_in_linear_time() -> None:
    data = b"x" * 2_000_000 + f" {R}/ocp/4.20:cli ".encode() + b"y." * 1_000_000 + R.encode() + b"/" + b"a" * 500_000
    assert [reference.tag.raw for reference in LOCATOR.locate(data)] == ["cli", ""]
