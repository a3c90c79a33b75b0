"""References that are put together from several places: found, judged as a whole, fixed as one group or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.composition import Compositions, compose
from qcilint.findings import Finding
from qcilint.languages import contexts
from qcilint.locate import Locator
from tests.conftest import Repository, fixed, lint, qcilint

HOST = "registry.ci.openshift.org"
PROXY = "quay-proxy.ci.openshift.org"


def reported(text: str, path: str) -> list[Finding]:
    return [finding for finding in lint(text.encode(), path).findings if not finding.kept]


UNSAFE = {
    "a host in an argument": (
        "Dockerfile",
        f"ARG REGISTRY={HOST}\nFROM ${{REGISTRY}}/ocp/4.20:cli\n",
        f"ARG REGISTRY={PROXY}\nFROM ${{REGISTRY}}/openshift/ci:ocp_4.20_cli\n",
    ),
    "two uses are one group": (
        "Dockerfile",
        f"ARG R={HOST}\nFROM $R/ocp/4.20:cli AS a\nFROM ${{R}}/ocp/4.20:base\n",
        f"ARG R={PROXY}\nFROM $R/openshift/ci:ocp_4.20_cli AS a\nFROM ${{R}}/openshift/ci:ocp_4.20_base\n",
    ),
    "host and namespace": (
        "Dockerfile",
        f"ARG REPO={HOST}/ocp\nFROM $REPO/4.20:cli\n",
        f"ARG REPO={PROXY}/openshift/ci:ocp\nFROM ${{REPO}}_4.20_cli\n",
    ),
    "all but the tag": (
        "Dockerfile",
        f'ARG REPO="{HOST}/ocp/4.20"\nFROM ${{REPO}}:cli\n',
        f'ARG REPO="{PROXY}/openshift/ci:ocp_4.20"\nFROM ${{REPO}}_cli\n',
    ),
    "one argument rests on another": (
        "Dockerfile",
        f"ARG HOST={HOST}\nARG REPO=${{HOST}}/ocp\nFROM ${{REPO}}/4.20:cli\n",
        f"ARG HOST={PROXY}\nARG REPO=${{HOST}}/openshift/ci:ocp\nFROM ${{REPO}}_4.20_cli\n",
    ),
    "the rest in an argument": (
        "Dockerfile",
        f"ARG IMAGE=ocp/4.20:cli\nFROM {HOST}/${{IMAGE}}\n",
        f"ARG IMAGE=ocp_4.20_cli\nFROM {PROXY}/openshift/ci:${{IMAGE}}\n",
    ),
    "both in arguments": (
        "Dockerfile",
        f"ARG R={HOST}\nARG IMAGE=ocp/4.20:cli\nFROM $R/$IMAGE\n",
        f"ARG R={PROXY}\nARG IMAGE=ocp_4.20_cli\nFROM $R/openshift/ci:$IMAGE\n",
    ),
    "a part without separators stays a variable": (
        "Dockerfile",
        f"ARG R={HOST}\nARG V=4.20\nFROM $R/ocp/$V:cli\n",
        f"ARG R={PROXY}\nARG V=4.20\nFROM $R/openshift/ci:ocp_${{V}}_cli\n",
    ),
    "kustomize: the new name and tag": (
        "kustomization.yaml",
        f"images:\n- name: tool\n  newName: {HOST}/ocp/4.20\n  newTag: cli\n",
        f"images:\n- name: tool\n  newName: {PROXY}/openshift/ci\n  newTag: ocp_4.20_cli\n",
    ),
    "a variable that is taken apart": (
        "a.sh",
        f"IMG={HOST}/ocp/4.20\npodman pull $IMG:cli\nname=${{IMG##*/}}\n",
        f"IMG={PROXY}/openshift/ci:ocp_4.20\npodman pull ${{IMG}}_cli\nname=${{IMG##*/}}\n",
    ),
    "a default": (
        "Dockerfile",
        f"ARG R\nFROM ${{R:-{HOST}}}/ocp/4.20:cli\n",
        f"ARG R\nFROM ${{R:-{PROXY}}}/openshift/ci:ocp_4.20_cli\n",
    ),
}


@pytest.mark.parametrize(("path", "before", "after"), UNSAFE.values(), ids=UNSAFE)
def test_a_composed_reference_is_fixed_as_one_group(path: str, before: str, after: str) -> None:
    assert fixed(before.encode(), path).decode() == before
    assert fixed(before.encode(), path, unsafe=True).decode() == after
    assert fixed(after.encode(), path, unsafe=True).decode() == after


REFUSED = {
    "a use that is no image": (
        "Dockerfile",
        f"ARG R={HOST}\nFROM $R/ocp/4.20:cli\nARG R\nLABEL from=$R\n",
        "R is also used in line 4",
    ),
    "a use that has no QCI form": (
        "Dockerfile",
        f"ARG R={HOST}\nFROM $R/ocp/4.20:cli AS a\nFROM $R/ocp/4.20-art-latest:cli\n",
        "R is also used in line 3",
    ),
    "a loop that reaches a payload": (
        "a.sh",
        f'R={HOST}\nfor s in cli release; do podman pull "$R/ocp/$s:$V"; done\n',
        "makes it registry.ci.openshift.org/ocp/release",
    ),
    "another value on a branch": (
        "a.sh",
        f'R={HOST}\nif [ -n "$CI" ]; then R=quay.io/foo; fi\npodman pull "$R/ocp/4.20:cli"\n',
        "R also gets another value, in line 2",
    ),
    "a login": ("a.sh", f'R={HOST}\npodman login "$R"\npodman pull "$R/ocp/4.20:cli"\n', "R is also used in line 2"),
    "a host cut in two": ("Dockerfile", f"ARG D=openshift.org\nFROM registry.ci.$D/ocp/4.20:cli AS a\nFROM {HOST}/x:y\n", None),
}


@pytest.mark.parametrize(("path", "text", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_composed_reference_stays_where_one_use_would_break(path: str, text: str, reason: str | None) -> None:
    assert fixed(text.encode(), path, unsafe=True).decode() == text
    if reason:
        assert reason in next(finding.reason for finding in reported(text, path) if finding.composed)


def test_a_composed_reference_names_its_definition() -> None:
    finding = reported(f"ARG REGISTRY={HOST}\nFROM ${{REGISTRY}}/ocp/4.20:cli\n", "Dockerfile")[0]
    assert finding.reference.raw == f"{HOST}/ocp/4.20:cli"
    assert finding.related == [("Dockerfile", 1, f"REGISTRY is {HOST}")]
    assert (finding.level, finding.reason) == ("unsafe", "REGISTRY (line 1): a build argument may override it")


def test_the_definition_is_silent_and_says_why() -> None:
    findings = lint(f"ARG REGISTRY={HOST}\nFROM ${{REGISTRY}}/ocp/4.20:cli\n".encode()).findings
    assert (findings[0].kept, findings[0].reason) == (True, "a part of the reference in line 2")


def test_a_name_from_a_sourced_script_is_reported_with_both_places(repository: Repository) -> None:
    common = f'REGISTRY={HOST}\npodman pull "$REGISTRY/ocp/4.20:cli"\n'
    root = repository(
        {
            "hack/common.sh": common,
            "hack/e2e.sh": '#!/bin/bash\nsource "$(dirname "$0")/common.sh"\npodman pull "${REGISTRY}/ocp/4.20:tests"\n',
            "hack/other.sh": 'podman pull "${REGISTRY}/ocp/4.20:tests"\n',
        }
    )
    found = json.loads(qcilint("--format", "json", cwd=root).stdout)["findings"]
    assert [(each["path"], each["line"], each["fix"]) for each in found] == [
        ("hack/common.sh", 2, "none"),
        ("hack/e2e.sh", 3, "none"),
    ]
    assert "hack/e2e.sh, line 3" in found[0]["reason"]
    assert found[1]["related"] == [{"path": "hack/common.sh", "line": 1, "message": f"REGISTRY is {HOST}"}]
    qcilint("--fix", "--unsafe-fixes", cwd=root)
    assert (root / "hack/common.sh").read_text() == common


@st.composite
def split_references(draw: st.DrawFn) -> tuple[Sequence[str], str]:
    """A reference cut at one or two places into arguments of a Dockerfile, and its QCI form."""
    part = st.from_regex(r"[a-z][a-z0-9]{0,5}(\.[0-9]{1,2})?", fullmatch=True)
    namespace, name, tag = draw(part), draw(part), draw(part)
    text = f"{HOST}/{namespace}/{name}:{tag}"
    cuts = sorted(draw(st.sets(st.integers(len(HOST), len(text) - 1), min_size=1, max_size=3)))
    pieces = [text[low:high] for low, high in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return pieces, f"{PROXY}/openshift/ci:{namespace}_{name}_{tag}"


@settings(max_examples=150, deadline=None)
@given(split_references())
def test_wherever_a_reference_is_cut_the_pieces_read_as_its_new_form(split: tuple[Sequence[str], str]) -> None:
    pieces, wanted = split
    text = "".join(f"ARG P{index}={piece}\n" for index, piece in enumerate(pieces))
    text += "FROM " + "".join(f"${{P{index}}}" for index in range(len(pieces))) + "\n"
    after = fixed(text.encode(), unsafe=True).decode()
    if after != text:
        values = dict(re.findall(r"ARG (P\d)=(.*)", after))
        image = re.sub(r"\$\{(P\d)\}", lambda match: values[match[1]], after.splitlines()[-1].removeprefix("FROM "))
        assert image == wanted
        assert fixed(after.encode(), unsafe=True).decode() == after
    else:
        assert [finding.reason for finding in reported(text, "Dockerfile")] or len(pieces) > 1


def composed(text: str) -> Compositions:
    data = text.replace("§", HOST).encode()
    references = Locator([HOST]).locate(data)
    found = contexts("yaml", data, [(each.start, each.end) for each in references])
    return compose("yaml", data, references, found)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("tag: x\nenv: {A: b}\nskip: '^a$|b$'\nfrom: §/ocp\n", False, id="no-part-of-an-image"),
        pytest.param("tag: x\nenv: {A: b}\ndockerfile_literal: |\n  FROM §/ocp\n", False, id="Dockerfile"),
        pytest.param("tag: x\nenv: {A: b}\nfrom: §/ocp\nrun: echo $A\n", True, id="variable"),
        pytest.param("tag: x\nenv: {A: b}\nx.py: |\n  x = '§'\n", True, id="program"),
        pytest.param("tag: x\nenv: {A: b}\nimage: §/ocp\n", True, id="key-of-a-part"),
    ],
)
def test_a_yaml_text_is_asked_for_its_names_where_they_may_matter(text: str, asked: bool) -> None:
    assert bool(composed(text).names.bindings) is asked


@pytest.mark.parametrize(
    "extra", ["", "skip: a$\n", "dockerfile_literal: |\n  FROM §/ocp\n"], ids=["alone", "pattern", "Dockerfile"]
)
def test_parts_of_an_image_are_put_together(extra: str) -> None:
    (found,) = composed(f"{extra}x:\n  registry: §\n  repository: ocp/4.20\n  tag: cli\n").composed
    assert found.triple is not None
