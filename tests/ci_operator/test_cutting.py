"""Cutting a configuration before it is parsed changes nothing that is read of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.ci_operator import config, tested
from qcilint.ci_operator.config import ConfigError
from qcilint.ci_operator.cutting import cut
from qcilint.ci_operator.promotion import images_of

PATH = "ci-operator/config/org/repo/org-repo-main.yaml"
IMAGE = "from_image: {namespace: ci, name: tools, tag: latest}"
SECTIONS = {
    "images": ["images:\n  items:\n  - to: a\n", "images:\n- to: a\n", "images: # what is built\n\n  items:\n    - {to: a}\n"],
    "promotion": ["promotion:\n  to:\n  - namespace: ocp\n    name: '4.20'\n", "promotion: {to: [{namespace: n, tag: t}]}\n"],
    "base_images": ["base_images:\n  b:\n    namespace: ocp\n    name: '4.20'\n    tag: base\n", "base_images: {}\n"],
    "resources": ["resources:\n  '*':\n    limits: {memory: 1Gi}\n", "resources:\n", "resources: ~\n", "resources: &r\n  a: b\n"],
    "tests": [
        "tests:\n- as: x\n  commands: make\n",
        f"tests:\n- as: x\n  commands: |\n    a\n\n    b: c\n- as: y\n  steps:\n    test:\n    - {IMAGE}\n- as: z\n",
        f"tests:\n  - as: x\n    steps:\n      test:\n      - {IMAGE}\n",
        'tests:\n# a comment\n- as: "it\'s"\n  commands: "a\n\n    b"\n',
        "tests:\n- as: x\n  commands: echo don't && x &y\n",
        f"tests: [{{as: x, {IMAGE}}}]\n",
    ],
    "raw_steps": ["raw_steps:\n- input_image_tag_step:\n    base_image: {namespace: o, name: n, tag: t}\n", "raw_steps: []\n"],
    "build_root": ["build_root:\n  from_repository: true\n", "build_root:\n  use_build_cache: true\n"],
    "zz_generated_metadata": ["zz_generated_metadata:\n  branch: main\n  org: org\n  repo: repo\n"],
}
EXTRAS = st.sampled_from(["", "\n", "# comment: x\n", "---\n", "canonical_go_repository: example.com/x\n", "a b\n", "...\n"])


def read(data: bytes, whole: bytes) -> object:
    wanted = config.READ | tested.wanted(whole)
    try:
        root = config.tree(PATH, data, wanted)
        found = config.of_tree(PATH, root)
        return images_of(found), list(tested.inputs_of(root, found.metadata)), list(root.entries)
    except ConfigError as error:
        return error.line, error.problem


@given(st.permutations(list(SECTIONS)), st.data(), EXTRAS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_is_read_stays_the_same(order: list[str], draw: st.DataObject, extra: str, carriage: bool) -> None:
    parts = [draw.draw(st.sampled_from(SECTIONS[name])) for name in order[: draw.draw(st.integers(1, len(order)))]]
    text = extra.join(parts) if draw.draw(st.booleans()) else extra + "".join(parts)
    data = (text.replace("\n", "\r\n") if carriage else text).encode()
    short = cut(data, config.READ | tested.wanted(data))
    assert short.count(b"\n") == data.count(b"\n")
    whole = read(data, data)
    if not (isinstance(whole, tuple) and isinstance(whole[0], int)):  # a part with a mistake may be taken out
        assert read(short, data) == whole


def test_what_nobody_asked_for_is_taken_out() -> None:
    text = f"images:\n- to: a\nresources:\n  a: b\ntests:\n- as: x\n  commands: make\n- as: y\n  {IMAGE}\n- as: z\nbuild_root: {{}}\n"
    kept = f"images:\n- to: a\nresources:\n\ntests:\n\n\n- as: y\n  {IMAGE}\n\nbuild_root: {{}}\n"
    wanted = frozenset({"images", "tests", "build_root"})
    assert cut(text.replace("{}", "x").encode(), wanted) == kept.replace("{}", "x").encode()
    assert cut(text.encode(), wanted) == text.encode(), "a value in brackets may go on at the beginning of a line"


@pytest.mark.parametrize(
    "text",
    ["", "text\n", "tests:\n- as: &a x\n", "tests:\n\ta: b\n" * 2 + "?\n", "{tests: [a]}\n", "'tests':\n- a\n", "tests: |\n a\n"],
)
def test_another_layout_stays_as_it_is(text: str) -> None:
    assert cut(text.encode(), frozenset()) == text.encode()
