"""Reading one ci-operator configuration: both forms of everything, and clear errors."""

from __future__ import annotations

import pytest

from qcilint.ci_operator.config import Config, ConfigError, Image, Metadata, Named, Target, load, metadata_of

PATH = "ci-operator/config/org/repo/org-repo-main.yaml"


def read(text: str, path: str = PATH) -> Config:
    return load(path, text.encode())


WHOLE = """\
base_images:
  os: {name: ubi, namespace: ocp, tag: "9"}
binary_build_commands: make
build_root: {from_repository: true}
images:
  items:
  - dockerfile_path: Dockerfile
    to: operator
  - from: os
    optional: true
    to: extra
promotion:
  disable_build_cache: true
  to:
  - additional_images:
      operator-src: src
    excluded_images:
    - extra
    name: "4.20"
    namespace: ocp
  - disabled: true
    namespace: team
    tag: latest
    tag_by_commit: true
something_new: [1, {a: b}]
tests:
- as: unit
  commands: make test
zz_generated_metadata:
  branch: main
  org: org
  repo: repo
  variant: scos
"""


def test_everything() -> None:
    config = read(WHOLE)
    assert config.metadata == Metadata("org", "repo", "main", "scos")
    assert config.images == (Image("operator", 8), Image("extra", 11, optional=True))
    assert config.build_cache == Named("bin", 3)
    assert config.warnings == ()
    assert config.promotion is not None
    assert config.promotion.disable_build_cache
    assert config.promotion.targets == (
        Target("ocp", "4.20", "", 15, (Named("extra", 18),), (Named("operator-src", 16, "src"),)),
        Target("team", "", "latest", 21, tag_by_commit=True, disabled=True),
    )


def test_old_forms_are_read_and_warned_of() -> None:
    config = read("images:\n- to: a\npromotion:\n  namespace: ci\n  tag: latest\n  to:\n  - {namespace: x, name: s}\n")
    assert config.images == (Image("a", 2),)
    assert config.promotion is not None
    assert [(target.namespace, target.name, target.tag) for target in config.promotion.targets] == [
        ("ci", "", "latest"),
        ("x", "s", ""),
    ]
    assert [line for line, _ in config.warnings] == [1, 4]


def test_an_old_key_beside_targets_is_no_target() -> None:
    config = read("promotion:\n  disabled: true\n  to:\n  - {namespace: x, name: s}\n")
    assert config.promotion is not None
    assert [target.disabled for target in config.promotion.targets] == [False]
    assert len(config.warnings) == 1


def test_a_number_is_what_ci_operator_makes_of_it() -> None:
    config = read("promotion:\n  to:\n  - name: 4.20\n    namespace: ocp\n")
    assert config.promotion is not None
    assert config.promotion.targets[0].name == "4.2"
    assert config.warnings == ((3, "name: 4.20 is read as '4.2': put quotes around it"),)


@pytest.mark.parametrize(
    "text",
    [
        "tests: []\n",
        "images: {}\n",
        "images:\n  items:\n",
        "images: []\n",
        "promotion:\ntests: []\n",
        "images: {build_if_affected: true}\n",
    ],
)
def test_nothing_to_publish(text: str) -> None:
    config = read(text)
    assert (config.images, config.promotion) == ((), None)


def test_a_promotion_without_targets() -> None:
    config = read("promotion: {to: []}\n")
    assert config.promotion is not None
    assert config.promotion.targets == ()


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "it is empty"),
        ("~\n", 1, "it is empty"),
        ("- a\n", 1, "no ci-operator configuration"),
        ("kind: Pod\napiVersion: v1\n", 1, "no ci-operator configuration"),
        ("images: a\n", 1, "images is a single value; make it a list"),
        ("images:\n  items: {to: a}\n", 2, "images.items is a mapping; make it a list"),
        ("images:\n  items:\n  - a\n", 3, "an image is a single value; make it a mapping"),
        ("images:\n  items:\n  - from: a\n", 3, "an image without `to`"),
        ("images:\n  items:\n  - to: [a]\n", 3, "to of an image is a list; give a text"),
        ("images:\n  items:\n  - to: a\n  - to: b\n  - to: a\n", 5, "a second image 'a' (first in line 3)"),
        (
            "images:\n  items:\n  - to: a\n    optional: 'true'\n",
            4,
            "optional of an image is the text 'true'; write true or false",
        ),
        ("images:\n  items:\n  - to: a\n    optional: [true]\n", 4, "optional of an image is a list"),
        ("promotion: ocp\n", 1, "promotion is a single value; make it a mapping"),
        ("promotion:\n  to: ocp\n", 2, "promotion.to is a single value; make it a list"),
        ("promotion:\n  to:\n  - ocp\n", 3, "promotion.to[0] is a single value; make it a mapping"),
        ("promotion:\n  to:\n  - name: x\n", 3, "promotion.to[0] has no namespace"),
        ("promotion:\n  additional_images: {a: b}\n", 2, "promotion has no namespace"),
        ("promotion:\n  to:\n  - namespace: x\n", 3, "promotion.to[0] has neither name nor tag"),
        ("promotion:\n  to:\n  - {namespace: x, name: s, tag: z}\n", 3, "promotion.to[0] has both name and tag"),
        (
            "promotion:\n  to:\n  - {namespace: x, name: s, additional_images: [a]}\n",
            3,
            "additional_images is a list; make it a mapping",
        ),
        (
            "promotion:\n  to:\n  - namespace: x\n    name: s\n    additional_images:\n      a:\n",
            6,
            "additional_images.a is empty",
        ),
        ("promotion:\n  to:\n  - namespace: x\n    name: s\n    excluded_images: a\n", 5, "excluded_images is a single value"),
        ("promotion:\n  to:\n  - namespace: x\n    name: s\n    excluded_images: [[a]]\n", 5, "excluded_images holds a list"),
        ("zz_generated_metadata: main\n", 1, "zz_generated_metadata is a single value; make it a mapping"),
        ("images: [\n", 2, "no valid YAML"),
    ],
)
def test_an_error_names_the_line_and_the_remedy(text: str, line: int, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert (caught.value.path, caught.value.line) == (PATH, line)
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("path", "metadata"),
    [
        (PATH, Metadata("org", "repo", "main")),
        ("config/a-b/c-d/a-b-c-d-release-4.20__okd-scos.yaml", Metadata("a-b", "c-d", "release-4.20", "okd-scos")),
        ("config/org/repo/org-repo-a__b__c.yaml", Metadata("org", "repo", "a__b", "c")),
        ("config/org/repo/other.yaml", Metadata()),
    ],
)
def test_metadata_of_a_path(path: str, metadata: Metadata) -> None:
    assert metadata_of(path) == metadata
    assert read("tests: []\n", path).metadata == metadata
