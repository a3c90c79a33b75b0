"""The grammar, against docker-image-py and by hand."""

from __future__ import annotations

import pickle

import pytest
from docker_image import reference as oracle
from hypothesis import given
from hypothesis import strategies as st

from qcilint.reference import HOLE, Text, hole_at, parse, parse_text, split_path

SHA = "sha256:" + "a1" * 32

VALID = [
    "quay.io/a/b:c", "quay.io/a/b", "quay.io/a", f"quay.io/a/b@{SHA}", f"quay.io/a/b:c@{SHA}", "quay.io:443/a/b:c", "localhost/a:b",
    "quay.io/a.b/c__d/e-f:g", "quay.io/a--b/c:V1.2_x-y", "QUAY.io/a/b:c", "quay.io/a/b:" + "t" * 128, "quay.io/0/1:2", "quay.io/a/b:_x",
]  # fmt: skip
INVALID = [
    "quay.io/A/b:c", "quay.io/a//b:c", "quay.io/a/b:", "quay.io/a/b:-x", "quay.io/a/b:" + "t" * 129, "quay.io/a_/b", "quay.io/a/b.:c",
    "quay.io/a___b:c", "quay.io/a..b:c", "quay.io/a/b@sha256:abc", "quay.io/a/b@sha256:" + "A1" * 32, "quay.io/a/b:c:d", "quay.io/a b",
    "quay.io/a/b:c\n", "quay.io/é:c", "quay.io/" + "a/" * 130 + "b", "quay.io/a/b@", "quay.io/",
]  # fmt: skip


def theirs(pullspec: str) -> bool:
    try:
        oracle.Reference.parse(pullspec)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("pullspec", VALID)
def test_valid(pullspec: str) -> None:
    reference = parse(pullspec)
    assert theirs(pullspec)
    parsed = oracle.Reference.parse(pullspec)
    ours = [reference.tag.raw or None, reference.digest.raw or None]
    assert ours == [parsed["tag"], parsed["digest"]]
    name = "/".join(part for part in (reference.registry, reference.namespace.raw, reference.name.raw) if part)
    assert name == parsed["name"]


@pytest.mark.parametrize("pullspec", INVALID)
def test_invalid(pullspec: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse(pullspec)
    # docker-image-py ends its expression with `$`, which a final line feed satisfies.
    assert not theirs(pullspec) or pullspec.endswith("\n")


@given(st.from_regex(r"\Aquay\.io/[a-zA-Z0-9._/-]{0,12}(:[A-Za-z0-9._:-]{0,8})?(@sha256:[a-f0-9]{62,65})?\Z"))
def test_agrees_with_docker_image(pullspec: str) -> None:
    try:
        parse(pullspec)
        ours = True
    except ValueError:
        ours = False
    assert ours == theirs(pullspec)


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("ocp/${V}:cli", "ocp/{}:cli"),
        ("ocp/${V:-4.20}:cli", "ocp/{}:cli"),
        ("ocp/$V:cli", "ocp/{}:cli"),
        ("ocp/$(V):cli", "ocp/{}:cli"),
        ("ocp/$(oc get x -o $(y)):cli", "ocp/{}:cli"),
        ("ocp/$$V:cli", "ocp/{}:cli"),
        ("ocp/$${V}:cli", "ocp/{}:cli"),
        ("ocp/{{ v }}:cli", "ocp/{}:cli"),
        ("ocp/{{ a | default('x/y') }}:cli", "ocp/{}:cli"),
        ("ocp/${{ env.V }}:cli", "ocp/{}:cli"),
        ("ocp/%s:cli", "ocp/{}:cli"),
        ("ocp/%[1]s:%[2]d", "ocp/{}:{}"),
        ("ocp/%(v)s:cli", "ocp/{}:cli"),
        ("ocp/{v}:cli", "ocp/{}:cli"),
        ("ocp/{v!r:>3}:cli", "ocp/{}:cli"),
        ("ocp/{MAJOR}.{MINOR}:cli", "ocp/{}.{}:cli"),
        ("ocp/{}:{}", "ocp/{}:{}"),
        ("ocp/__V__:cli", "ocp/{}:cli"),
        (r"ocp/\${V}:cli", "ocp/{}:cli"),
        ("$NS_$NAME:$TAG", "{}{}:{}"),
        ("%22%3A%7B", "%22%3A%7B"),
        ("a_b__c", "a_b__c"),
        ("{a,b}", "{a,b}"),
        ("$", "$"),
        ("${", "${"),
        ("{{", "{{"),
    ],
)
def test_holes(text: str, skeleton: str) -> None:
    parsed = parse_text(text.encode())
    assert parsed.skeleton == skeleton
    assert parsed.raw == text


@given(st.text())
def test_text_keeps_every_character(text: str) -> None:
    assert parse_text(text.encode("utf-8", "surrogatepass")).raw.encode("utf-8", "surrogateescape") == text.encode(
        "utf-8", "surrogatepass"
    )


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/ocp/4.20:cli", ("ocp", "4.20", "cli", "")),
        ("/openshift:cli", ("", "openshift", "cli", "")),
        ("/a/b/c:d", ("a/b", "c", "d", "")),
        ("/ocp/4.20", ("ocp", "4.20", "", "")),
        (f"/ocp/4.20@{SHA}", ("ocp", "4.20", "", SHA)),
        (f"/ocp/4.20:cli@{SHA}", ("ocp", "4.20", "cli", SHA)),
        ("/${A}/${B}:${C}", ("${A}", "${B}", "${C}", "")),
        ("/ocp/a${X:-b:c}:d", ("ocp", "a${X:-b:c}", "d", "")),
    ],
)
def test_split_path(path: str, parts: tuple[str, str, str, str]) -> None:
    split = split_path(parse_text(path.encode()))
    assert tuple(part.raw for part in split[:4]) == parts
    assert not split.problem


@pytest.mark.parametrize(
    ("pullspec", "transport"),
    [
        ("docker://quay.io/a/b:c", "docker://"),
        ("oci:quay.io/a/b", "oci:"),
        ("containers-storage:quay.io/a/b", "containers-storage:"),
        ("quay.io/a/b", ""),
    ],
)
def test_transport(pullspec: str, transport: str) -> None:
    assert parse(pullspec).transport == transport


def test_port() -> None:
    reference = parse("docker-registry.default.svc:5000/ocp/a:b")
    assert (reference.host, reference.port, reference.registry) == (
        "docker-registry.default.svc",
        "5000",
        "docker-registry.default.svc:5000",
    )


def test_empty_text_is_falsy() -> None:
    assert not Text()


HOLES = st.lists(
    st.one_of(
        st.sampled_from(
            ["${A}", "$A", "$$(A)", r"\${A}", "{{ a }}", "${{ a }}", "%s", "%(a)s", "{a}", "__A_B__", "$(a b)", "x", "/", "_"]
        ),
        st.text(alphabet="${}%_\\()[]aA1 ", max_size=6),
    ),
    max_size=6,
).map(lambda parts: "".join(parts).encode())


@given(HOLES)
def test_holes_are_found_wherever_their_expression_finds_them(data: bytes) -> None:
    for at in range(len(data) + 1):
        expected, found = HOLE.match(data, at), hole_at(data, at)
        assert (found and found.span()) == (expected and expected.span())
    assert [hole.text for hole in parse_text(data).holes] == [match[0].decode() for match in HOLE.finditer(data)]
    assert parse_text(data).raw == data.decode()


@given(st.lists(st.sampled_from(["a", "/", ":", "$X", "${Y:-b}", "$(Z)", "{{ t }}", "%s", "é", "\udcff"]), max_size=6))
def test_texts_from_other_processes_are_equal_and_shared(pieces: list[str]) -> None:
    text = parse_text("".join(pieces).encode("utf-8", "surrogateescape"))
    first, second = (pickle.loads(pickle.dumps(text)) for _ in range(2))
    assert first == text
    assert first is second
    assert type(first) is Text
    assert first.raw == text.raw
