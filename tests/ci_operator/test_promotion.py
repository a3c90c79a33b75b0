"""What is published: tables of configurations in the shapes that openshift/release has, and a second model to compare with."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.ci_operator.config import load
from qcilint.ci_operator.promotion import PUBLISHED, Published, images_of
from qcilint.mapping import REFUSED, map_image
from qcilint.qci import PROXY
from qcilint.ruleset import load_builtin

RULES = load_builtin()
QCI = f"{PROXY}/openshift/ci"
METADATA = "zz_generated_metadata: {org: org, repo: repo, branch: main}\n"


def images(text: str) -> list[Published]:
    return images_of(load("ci-operator/config/org/repo/org-repo-main.yaml", text.encode()))


def published(text: str) -> list[str]:
    return [str(each.image) for each in images(text) if each.state == PUBLISHED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("images: {items: [{to: cli}]}\npromotion: {to: [{namespace: ocp, name: '4.20'}]}\n", ["ocp/4.20:cli"], id="stream"),
        pytest.param("images: {items: [{to: cli}]}\npromotion: {to: [{namespace: ci, tag: latest}]}\n", ["ci/cli:latest"], id="tag"),
        pytest.param("images: [{to: cli}]\npromotion: {namespace: ocp, name: '4.10'}\n", ["ocp/4.10:cli"], id="both old forms"),
        pytest.param("images: [{to: cli}]\npromotion: {to: [{namespace: origin, name: scos-4.20}]}\n", ["origin/scos-4.20:cli"], id="okd-scos"),
        pytest.param("images: {items: [{to: cli}]}\npromotion: {to: [{namespace: ocp-priv, name: '5.0'}]}\n", ["ocp-priv/5.0:cli"], id="private"),
        pytest.param(
            "images: {items: [{to: a}, {to: b}]}\npromotion: {to: [{namespace: ns, name: s, excluded_images: [b]}]}\n",
            ["ns/s:a"], id="excluded",
        ),
        pytest.param(
            "images: {items: [{to: a}, {to: b}]}\npromotion: {to: [{namespace: ns, tag: t, excluded_images: ['*'], additional_images: {b: b}}]}\n",
            ["ns/b:t"], id="only additional",
        ),
        pytest.param(
            "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, name: s, additional_images: {tests: src, a: bin}}]}\n",
            ["ns/s:tests", "ns/s:a"], id="an additional image takes the name of another",
        ),
        pytest.param(
            "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, name: s}, {namespace: m, tag: t, disabled: true}, {namespace: o, tag: t}]}\n",
            ["ns/s:a", "o/a:t"], id="several targets, one disabled",
        ),
        pytest.param("images: {items: [{to: a, optional: true}, {to: b}]}\npromotion: {to: [{namespace: ns, name: s}]}\n", ["ns/s:b"], id="optional"),
        pytest.param(
            "images: {items: [{to: a, optional: true}]}\npromotion: {to: [{namespace: ns, name: s, additional_images: {c: a}}]}\n",
            ["ns/s:a", "ns/s:c"], id="an optional image that an additional one comes from is built, so published too",
        ),
        pytest.param(
            "images: {items: [{to: a, optional: true}]}\n"
            "promotion: {to: [{namespace: ns, name: s}, {namespace: m, tag: t, disabled: true, additional_images: {c: a}}]}\n",
            ["ns/s:a"], id="even where that target is disabled",
        ),
        pytest.param(
            "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, tag: latest, tag_by_commit: true}]}\n",
            ["ns/a:latest", "ns/a:<commit>"], id="by commit",
        ),
        pytest.param(
            "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, name: s, tag_by_commit: true}]}\n",
            ["ns/s:a", "ns/a:<commit>"], id="by commit beside a stream: a stream of its own",
        ),
        pytest.param(
            f"{METADATA}binary_build_commands: make\nimages: {{items: [{{to: a}}]}}\npromotion: {{to: [{{namespace: ns, name: s}}]}}\n",
            ["ns/s:a", "build-cache/org-repo:main"], id="build cache",
        ),
        pytest.param(
            "zz_generated_metadata: {org: org, repo: repo, branch: main, variant: x}\nbinary_build_commands: make\n"
            "promotion: {to: [{namespace: ns, name: s, additional_images: {a: src}}]}\n",
            ["ns/s:a", "build-cache/org-repo:main-x"], id="build cache of a variant",
        ),
        pytest.param(
            f"{METADATA}binary_build_commands: make\nimages: {{items: [{{to: a}}]}}\n"
            "promotion: {disable_build_cache: true, to: [{namespace: ns, name: s}]}\n",
            ["ns/s:a"], id="no build cache wanted",
        ),
        pytest.param(
            f"{METADATA}binary_build_commands: make\nimages: {{items: [{{to: a}}]}}\npromotion: {{to: [{{namespace: ns, name: s, disabled: true}}]}}\n",
            [], id="no build cache where nothing is published",
        ),
        pytest.param("images: {items: [{to: a}]}\n", [], id="no promotion"),
        pytest.param(
            "images: {items: [{to: a}]}\ntag_specification: {namespace: ocp, name: '4.1'}\n", [], id="tag_specification is no promotion",
        ),
        pytest.param(
            "images: {items: [{to: a}]}\nreleases: {latest: {integration: {namespace: ocp, name: '4.20'}}}\n", [], id="releases are no promotion",
        ),
        pytest.param(
            "images: {items: [{to: a}]}\noperator: {bundles: [{as: my-bundle}]}\nrpm_build_commands: make rpm\n"
            "raw_steps: [{project_directory_image_build_step: {to: raw}}]\npromotion: {to: [{namespace: ns, name: s}]}\n",
            ["ns/s:a"], id="bundles, RPMs and raw steps are not promoted",
        ),
        pytest.param("promotion: {to: [{namespace: ns, name: s}]}\n", [], id="nothing built"),
    ],
)  # fmt: skip
def test_published(text: str, expected: list[str]) -> None:
    assert published(text) == expected


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        (
            "images:\n  items:\n  - to: a\npromotion:\n  to:\n  - excluded_images:\n    - a\n    name: s\n    namespace: ns\n",
            "excluded",
            "line 7",
        ),
        (
            "images:\n  items:\n  - to: a\npromotion:\n  to:\n  - excluded_images:\n    - '*'\n    name: s\n    namespace: ns\n",
            "excluded",
            "line 7",
        ),
        (
            "images:\n  items:\n  - to: a\npromotion:\n  to:\n  - disabled: true\n    name: s\n    namespace: ns\n",
            "disabled",
            "line 6",
        ),
        (
            "images:\n  items:\n  - {to: a, optional: true}\npromotion:\n  to:\n  - {name: s, namespace: ns}\n",
            "optional",
            "where a job asks",
        ),
        (
            "images:\n  items:\n  - to: a\npromotion:\n  registry_override: reg.io\n  to:\n  - {name: s, namespace: ns}\n",
            "elsewhere",
            "reg.io",
        ),
        (
            "images:\n  items:\n  - to: a\npromotion:\n  to:\n  - {name: '" + "s" * 127 + "', namespace: ns}\n",
            "impossible",
            "128 is the limit",
        ),
        (
            "images:\n  items:\n  - to: a/b\npromotion:\n  to:\n  - {name: s, namespace: ns}\n",
            "impossible",
            "no valid image stream tag",
        ),
    ],
)
def test_not_published_and_why(text: str, state: str, reason: str) -> None:
    (only,) = images(text)
    assert (only.state, only.line, only.pullspec) == (state, 3, "")
    assert reason in only.reason


def test_a_hash_of_a_commit_counts_with_its_length() -> None:
    long = "c" * 85  # with a namespace of two letters and two underscores, 40 more are one too many
    first, second = images(
        f"images: {{items: [{{to: {long}}}]}}\npromotion: {{to: [{{namespace: ns, tag: t, tag_by_commit: true}}]}}\n"
    )
    assert (first.state, second.state) == (PUBLISHED, "impossible")
    assert "129 characters" in second.reason


def test_an_underscore_in_the_stream_is_noted() -> None:
    (only,) = images("images: {items: [{to: my_image}]}\npromotion: {to: [{namespace: ns, tag: latest}]}\n")
    assert only.pullspec == f"{QCI}:ns_my_image_latest"
    assert only.note == "ci-operator reads ns/my:image_latest in this pullspec"


def test_the_build_cache_needs_to_know_its_branch() -> None:
    text = b"binary_build_commands: make\nimages: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, name: s}]}\n"
    assert images_of(load("config.yaml", text))[-1].state == "impossible"


NAMES = st.sampled_from(["a", "b", "c", "d", "src"])
TARGETS = st.fixed_dictionaries(
    {"namespace": st.sampled_from(["n", "m"])},
    optional={
        "excluded_images": st.lists(st.sampled_from(["a", "b", "*", "x"]), max_size=2),
        "additional_images": st.dictionaries(NAMES, NAMES, max_size=2),
        "disabled": st.booleans(),
        "tag_by_commit": st.booleans(),
    },
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"to": NAMES}, optional={"optional": st.booleans()}),
        unique_by=lambda image: image["to"],
        max_size=4,
    ),
    st.lists(st.tuples(TARGETS, st.sampled_from([{"name": "s"}, {"tag": "t"}])), max_size=3),
    st.booleans(),
)
def test_it_agrees_with_sets_of_pairs(
    built: list[dict[str, object]], drawn: list[tuple[dict[str, object], dict[str, str]]], old: bool
) -> None:
    """The same sets as dictionaries from name to source give, the way that ci-operator keeps them."""
    targets = [{**common, **where} for common, where in drawn]
    required = {source for target in targets for source in target.get("additional_images", {}).values()}
    expected = set()
    for target in targets:
        if target.get("disabled"):
            continue
        sources = {image["to"]: image["to"] for image in built if image["to"] in required or not image.get("optional")}
        for name in target.get("excluded_images", []):
            sources = {} if name == "*" else {key: source for key, source in sources.items() if key != name}
        sources.update(target.get("additional_images", {}))
        for name, source in sources.items():
            where = ("s", name) if "name" in target else (name, "t")
            expected.add((source, target["namespace"], *where))
            if target.get("tag_by_commit"):
                expected.add((source, target["namespace"], name, "<commit>"))
    config = {"images": built if old else {"items": built}, "promotion": {"to": targets}}
    found = images(json.dumps(config))
    assert {(each.source, *each.image) for each in found if each.state == PUBLISHED} == expected
    assert {each.component for each in found} >= {image["to"] for image in built if targets}


@settings(max_examples=60, deadline=None)
@given(
    st.from_regex(r"\A[a-z0-9]{1,6}\Z"),
    st.from_regex(r"\A[a-z0-9]{1,4}([._-][a-z0-9]{1,4})?\Z"),
    st.from_regex(r"\A[a-z0-9]{1,6}\Z"),
)
def test_map_gives_the_same_pullspec(namespace: str, name: str, component: str) -> None:
    text = json.dumps({"images": {"items": [{"to": component}]}, "promotion": {"to": [{"namespace": namespace, "name": name}]}})
    (only,) = images(text)
    mapped = map_image(str(only.image), RULES)
    if mapped.status != REFUSED:  # the rules also know what is published, but not there, such as payloads
        assert mapped.output == only.pullspec
