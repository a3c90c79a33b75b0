"""An excerpt says the same of the references as the whole text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.edits import Edit
from qcilint.languages import yaml, yaml_excerpt
from qcilint.languages.yaml_lists import Unfit, append
from qcilint.languages.yaml_source import Source
from qcilint.locate import Locator
from tests.languages.yaml_texts import REFERENCE, text

locate = Locator(("registry.ci.openshift.org",)).locate
FILLER = "# nothing\n" * 200
NO_EXCERPT = "#\t\n"
"""Behind a text, it says nothing, and keeps the text from having an excerpt."""


def spans(data: bytes) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in locate(data)]


def has_excerpt(data: bytes) -> bool:
    return yaml_excerpt.excerpt(data, Source(data, 0, len(data)), spans(data)) is not None


CONFIGURATION = """\
base_images:
  base:
    name: '4.20'
    namespace: ocp
build_root:
  from_repository: true
images:
- dockerfile_path: Dockerfile
  inputs:
    root:
      as:
      - §
      - other
  to: a
- dockerfile_literal: |
    FROM § AS build
    RUN make; \\
      make install

    COPY x "y
  to: b
tests:
- as: unit
  commands: |-
    podman pull §
  container:
    from: src
"""


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(CONFIGURATION, id="configuration"),
        pytest.param(CONFIGURATION.replace("§", "é §"), id="non-ASCII"),
        pytest.param("# § first\na:\n  b: §\n  # § last\n", id="comments"),
        pytest.param("a: b\nc: §\n", id="at-the-top"),
        pytest.param("- a: b\n  c: §\n- d\n- §\n", id="list-at-the-top"),
        pytest.param("- - a: §\n    b: c\n  - d: §\n", id="lists-in-lists"),
        pytest.param("a:\n- b\n- §\nc:\n  - §\n", id="lists-below-keys"),
        pytest.param('a:\n  b: [x, "§"]\n  c: {d: e}\n', id="brackets"),
        pytest.param("a:\n  b: 'it''s §'\n  c: \"x \\\" §\"\n", id="quotes"),
        pytest.param("a:\n  b: foo\n    bar\n  c: § x\n    y\n", id="long-plain-texts"),
        pytest.param("a:\n  command:\n  - podman\n  - pull\n  - §\n  args: [pull, '§']\n", id="command"),
        pytest.param("a:\n  args:\n  - -c\n  - |-\n    podman pull §\n", id="script-of-a-command"),
        pytest.param("a: x\n---\n# §\nimages: §\ntests: []\n--- # b\nc:\n- §\n", id="documents"),
        pytest.param(
            "apiVersion: v1\nitems:\n- spec:\n    a: §\n  kind: Pod\n  apiVersion: v1\n- kind: Job\n  spec: §\nkind: List\n",
            id="objects",
        ),
        pytest.param(
            "periodics:\n- labels:\n    ci.openshift.io/generator: prowgen\n  spec:\n    image: §\n- spec:\n    image: §\n",
            id="generated-job",
        ),
        pytest.param("data:\n  x.yaml: |\n    spec:\n      commands: |\n        podman pull §\n", id="text-in-text"),
    ],
)
def test_it_says_the_same(layout: str) -> None:
    data = (layout + FILLER).replace("§", REFERENCE).encode()
    assert has_excerpt(data)
    assert yaml.contexts(data, spans(data)) == yaml.contexts(data + NO_EXCERPT.encode(), spans(data))


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param('a: "x\nb:\n  c: §"\n', id="quoted-text-over-lines"),
        pytest.param("a: [x,\nb, §]\n", id="brackets-over-lines"),
        pytest.param('"images": x\ntests: []\nbuild_root: §\n', id="quoted-key-at-the-top"),
        pytest.param("a:\n  foo\n  - §\n", id="plain-text-over-lines"),
        pytest.param("a:\n      foo\n  - §\n", id="plain-text-indented-more"),
        pytest.param("foo\n- §\n", id="text-at-the-top"),
        pytest.param("a:\n  |\n  b:\n    c: §\n", id="block-on-its-own-line"),
        pytest.param("b: §\na:\n  |2\n  x: y\n  # c §\n", id="comment-in-a-block-on-its-own-line"),
        pytest.param("- \n  |\n  b: §\n", id="block-below-a-dash"),
        pytest.param("- !!str\n  |\n  b: §\n", id="block-below-a-tag"),
        pytest.param("a: §\nb:\n  - !!str |\n    # §\n", id="comment-in-a-block-with-a-tag"),
        pytest.param("a:\n  b: §\n---:\nkind: x\napiVersion: y\n", id="no-second-document"),
        pytest.param("? a\n: b: §\n", id="key-with-a-mark"),
        pytest.param('a: !!str |\n  # "x\nb: §\n', id="quote-in-a-block-with-a-tag"),
        pytest.param("a: §\n'kind': x\napiVersion: v1\n", id="quoted-kind"),
        pytest.param("a: §\n&k kind: x\napiVersion: v1\n", id="kind-with-an-anchor"),
        pytest.param('a: §\n"k\\x69nd": x\napiVersion: v1\n', id="kind-with-an-escape"),
        pytest.param("a:\n &x\n  ci.openshift.io/generator: prowgen\nb: §\n", id="label-below-an-anchor"),
        pytest.param("a:\n  b: §\n  c: d: e\n", id="no-YAML"),
        pytest.param("a: {{ x }}\nb:\n  c: §\n", id="template"),
        pytest.param("a:\r\n  b: §\r\n", id="CRLF"),
        pytest.param("a:\n  b: x \u2028c:\n  d: §\n", id="line-separator"),
        pytest.param("\ufeffa:\n  b: §\n", id="byte-order-mark"),
    ],
)
def test_a_text_in_another_layout_has_none(layout: str) -> None:
    data = (layout + FILLER).replace("§", REFERENCE).encode()
    assert not has_excerpt(data)
    assert yaml.contexts(data, spans(data)) == yaml.contexts(data + NO_EXCERPT.encode(), spans(data))


@settings(max_examples=400)
@given(st.randoms(use_true_random=False))
def test_it_says_the_same_of_any_text(source: random.Random) -> None:
    data = (text(source) + FILLER).encode()
    found = spans(data)
    found = found if source.random() < 0.5 else found[:1]
    assert yaml.contexts(data, found) == yaml.contexts(data + NO_EXCERPT.encode(), found)


@settings(max_examples=400)
@given(st.randoms(use_true_random=False))
def test_a_list_is_added_to_in_the_same_way(source: random.Random) -> None:
    data = ("a:\n  b:\n" + text(source).replace("\n", "\n    ") + "\n" + FILLER).encode()
    for at, _ in spans(data)[:2]:
        assert added(data, at) == added(data + NO_EXCERPT.encode(), at)


def added(data: bytes, at: int) -> Edit | str:
    try:
        return append(data, at, "quay.example/new")
    except Unfit as problem:
        return str(problem)


def test_the_three_collections_around_are_whole() -> None:
    layout = CONFIGURATION + "".join(f"- as: t{number}\n  commands: make\n" for number in range(60))
    data = layout.replace("§", REFERENCE).encode()
    at = data.index(b"- " + REFERENCE.encode()) + 2
    part = yaml_excerpt.surroundings(data, Source(data, 0, len(data)), at)
    assert part is not None
    assert "  inputs:\n    root:\n      as:\n" in part.chars
    assert part.chars.endswith("      - other\n")
    assert len(part.chars) * 2 < len(data)


def test_a_long_text_with_few_references_is_cut_short() -> None:
    data = (CONFIGURATION + "- as: t\n  commands: make\n" * 60).replace("§", REFERENCE).encode()
    part = yaml_excerpt.excerpt(data, Source(data, 0, len(data)), spans(data))
    assert part is not None
    assert part.chars.count("\n") < 40
    assert [part.offset(part.chars.index(key)) for key in ("images:", "tests:")] == [
        data.index(b"images:"),
        data.index(b"tests:"),
    ]
