"""What ci-operator does with the images of a Dockerfile: the cases that were worked through, each a row."""

from __future__ import annotations

import pytest

from qcilint.ci_operator import DIRECT, DROPPED, LOST, RACING
from qcilint.ci_operator.builds import Build, load
from qcilint.ci_operator.inputs import new_problems, new_spelling, problems, stream_tag
from qcilint.qci import StreamTag

OLD, NEW = "registry.ci.openshift.org/ocp/4.19:base-rhel9", "quay-proxy.ci.openshift.org/openshift/ci:ocp_4.19_base-rhel9"
BASE = StreamTag("ocp", "4.19", "base-rhel9")
OTHER = StreamTag("ocp", "4.20", "base-rhel9")
KEY = "ocp_4.19_base-rhel9"


def build(replaces_last: bool = False, **inputs: list[str]) -> Build:
    return Build("x", "Dockerfile", replaces_last, {alias: dict.fromkeys(texts, 7) for alias, texts in inputs.items()})


NOW = [
    pytest.param(f"FROM {NEW}\n", build(bin=[OLD]), {}, [(LOST, NEW, OLD)], id="migrated, the alias is another image"),
    pytest.param(f"FROM {OLD}\n", build(bin=[NEW]), {}, [(LOST, OLD, NEW)], id="not migrated, the configuration is"),
    pytest.param(f"FROM {OLD}\n", build(bin=[OLD, NEW]), {}, [], id="old, both in as"),
    pytest.param(f"FROM {NEW}\n", build(bin=[OLD, NEW]), {}, [], id="new, both in as"),
    pytest.param(f"FROM {NEW}\n", build(base=[OLD]), {"base": BASE}, [], id="the alias is the same image"),
    pytest.param(f"FROM {NEW}\n", build(), {KEY: OTHER}, [(RACING, NEW, "ocp/4.20:base-rhel9")], id="two imports under one name"),
    pytest.param(f"FROM {OLD}\nCOPY --from={NEW} /a /a\n", build(), {}, [(DIRECT, OLD, "")], id="half migrated: the last spelling wins"),
    pytest.param(f"FROM {NEW}\nCOPY --from=nginx:latest /a /a\n", build(base=[OLD, "nginx:latest"]), {"base": BASE}, [(DROPPED, NEW, "nginx:latest")], id="the list of the alias is written over"),
    pytest.param(f"FROM {NEW}\n", build(base=[OLD, "nginx:latest"]), {"base": BASE}, [], id="but nothing uses what is dropped"),
    pytest.param(f"ARG BASE={OLD}\nFROM $BASE\n", build(), {}, [], id="a variable is no text of a FROM"),
    pytest.param(f"FROM {OLD} AS b\nFROM {OLD}\n", build(replaces_last=True), {}, [(DIRECT, OLD, "")], id="from: hides the builder of the same text"),
    pytest.param(f"FROM {OLD}\n", build(replaces_last=True), {}, [], id="from: replaces the last stage"),
    pytest.param(f"FROM {OLD} AS b\nFROM b\nCOPY --from=0 /a /a\n", build(), {}, [], id="stages are no images"),
    pytest.param(f"FROM \\\n  {OLD}\n", build(), {}, [], id="a continued line"),
    pytest.param("FROM quay-proxy.ci.openshift.org/openshift/ci@sha256:1\n", build(), {}, [(DIRECT, "quay-proxy.ci.openshift.org/openshift/ci@sha256:1", "")], id="a digest in QCI is not found"),
    pytest.param("FROM quay.io/openshift/ci:ocp_4.19_base\n", build(), {}, [], id="another host is nobody's business"),
]  # fmt: skip


@pytest.mark.parametrize(("dockerfile", "built", "bases", "expected"), NOW)
def test_what_goes_wrong(
    dockerfile: str, built: Build, bases: dict[str, StreamTag], expected: list[tuple[str, str, str]]
) -> None:
    assert [(each.kind, each.text, each.other) for each in problems(dockerfile, built, bases)] == expected


@pytest.mark.parametrize(
    ("built", "bases", "kinds"),
    [
        pytest.param(build(bin=[OLD]), {}, [LOST], id="another image"),
        pytest.param(build(base=[OLD]), {"base": BASE}, [], id="the same image"),
        pytest.param(build(**{KEY: [OLD]}), {KEY: OTHER}, [RACING, LOST], id="another version under the name of the old one"),
        pytest.param(build(bin=[OLD, NEW]), {}, [], id="both spellings"),
        pytest.param(build(), {}, [], id="detected before and after"),
        pytest.param(build(base=[OLD, "nginx:latest"]), {"base": BASE}, [DROPPED], id="a text beside it"),
    ],
)
def test_what_a_migration_would_break(built: Build, bases: dict[str, StreamTag], kinds: list[str]) -> None:
    dockerfile = f"FROM {OLD}\nCOPY --from=nginx:latest /a /a\n"
    assert [each.kind for each in new_problems(dockerfile, built, bases, {OLD: NEW})] == kinds


def test_how_a_reference_is_read() -> None:
    assert stream_tag(OLD) == stream_tag(NEW) == BASE
    assert stream_tag("registry.ci.openshift.org/ocp/builder") == StreamTag("ocp", "builder", "latest")
    assert stream_tag("quay-proxy.ci.openshift.org/openshift/ci:latest") is None
    assert (new_spelling(OLD), new_spelling(NEW), new_spelling(f"{OLD}@sha256:1")) == (NEW, "", "")


def test_a_configuration_is_read_in_both_forms() -> None:
    item = f"- context_dir: images\n  dockerfile_path: x/../Dockerfile.rhel9\n  from: base\n  inputs: {{bin: {{as: ['{OLD}', builder]}}, plain: {{paths: []}}}}\n  to: a\n"
    base = (
        'base_images:\n  cli: {name: "4.20", namespace: ocp, tag: cli}\nzz_generated_metadata: {org: o, repo: r, branch: main}\n'
    )
    for text in (f"{base}images:\n{item}", f"{base}images:\n  items:\n" + "".join(f"  {line}\n" for line in item.splitlines())):
        found = load("config.yaml", text.encode())
        assert (found.metadata.org, found.base_images) == ("o", {"cli": StreamTag("ocp", "4.20", "cli")})
        (built,) = found.builds
        assert (built.dockerfile, built.replaces_last, list(built.inputs["bin"])) == (
            "images/Dockerfile.rhel9",
            True,
            [OLD, "builder"],
        )
    literal = load("config.yaml", b"images:\n- dockerfile_literal: FROM x\n  to: a\n- ref: o.r\n  to: b\n- to: c\n")
    assert [each.dockerfile for each in literal.builds] == ["", "", "Dockerfile"]
