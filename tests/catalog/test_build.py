"""What a catalogue makes of a checkout, and that an incremental build makes the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.catalog import CatalogError
from qcilint.catalog.build import build
from qcilint.catalog.cache import RACY_NS, Cache
from qcilint.catalog.document import dumped, read, write
from qcilint.catalog.model import Catalog
from qcilint.catalog.nearest import nearest
from qcilint.qci import StreamTag

from .trees import FILES, LIBRARY, MIRRORING, OPERATOR, STEP, tree


def image(text: str) -> StreamTag:
    namespace, _, rest = text.partition("/")
    return StreamTag(namespace, *rest.split(":"))


def built(root: Path) -> Catalog:
    made = build(str(root), Cache(), 1)
    assert (made.problems, made.warnings) == ([], [])
    return made.catalog


def line(path: str, text: str) -> int:
    return next(number for number, row in enumerate(FILES[path].splitlines(), 1) if text in row)


CASES = {
    "an image of a configuration": ("ocp/4.20:operator", "known", "promoted", OPERATOR, "- to: operator"),
    "an additional image": ("ocp/4.20:operator-src", "known", "promoted", OPERATOR, "operator-src"),
    "a base image": ("ocp/4.20:base-rhel9", "known", "input", LIBRARY, "base: {"),
    "a build root": ("ocp/builder:rhel-9-golang-1.24-openshift-4.20", "known", "input", OPERATOR, "image_stream_tag"),
    "the image of a step in a test": ("ci/tools:latest", "known", "input", OPERATOR, "from_image"),
    "the image of a step of the registry": ("ci/steps:v1", "known", "input", STEP, "from_image"),
    "a copy from elsewhere": ("ci/scorecard:v7", "known", "supplemental", MIRRORING, "ci/scorecard:v7"),
    "a copy of another stream": ("ci/inner:latest", "known", "supplemental", MIRRORING, "ci/inner:latest"),
    "what is copied back": ("ocp/4.14:base", "known", "to-app-ci", MIRRORING, "ocp/4.14:base"),
    "any tag of a stream that is tested with": ("ocp/4.19:cli", "possible", "input", OPERATOR, "integration"),
    "a name that a pattern fits": ("ocp/builder:other", "possible", "art", MIRRORING, "- namespace: ocp"),
    "a tag that a pattern fits": ("ocp/4.9:rhel-coreos-8", "possible", "art", MIRRORING, "tag: ^rhel-coreos"),
    "an ignored source": ("ocp/builder:odd-1.13", "broken", "ignored", MIRRORING, "ocp/builder:odd-1.13"),
    "a copy of an ignored source": ("ci/fedora:latest", "broken", "ignored", MIRRORING, "ci/fedora:latest"),
    "an excluded image": ("ocp/4.20:operator-tests", "unknown", "withheld", OPERATOR, "- to: operator-tests"),
    "an optional image": ("ocp/4.20:operator-debug", "unknown", "withheld", OPERATOR, "to: operator-debug"),
    "an image of a disabled target": ("org/library:latest", "unknown", "withheld", LIBRARY, "- to: library"),
}


@pytest.mark.parametrize(("name", "state", "kind", "path", "text"), CASES.values(), ids=CASES)
def test_each_way_into_qci(tmp_path: Path, name: str, state: str, kind: str, path: str, text: str) -> None:
    answer = built(tree(tmp_path)).look(image(name))
    assert (answer.state, answer.origins[0].kind, answer.origins[0].path) == (state, kind, path)
    assert abs(answer.origins[0].line - line(path, text)) <= (2 if kind == "art" else 0)


NOWHERE = ["ocp/4.20:nothing", "ocp/4.18:cli", "ocp/4.9:rhel", "ocp/xbuilder:other", "ci/builder:other", "other/inner:latest"]


@pytest.mark.parametrize("name", NOWHERE)
def test_what_nothing_names_is_unknown(tmp_path: Path, name: str) -> None:
    answer = built(tree(tmp_path)).look(image(name))
    assert (answer.state, answer.origins) == ("unknown", ())


def test_where_the_public_source_is_known(tmp_path: Path) -> None:
    catalog = built(tree(tmp_path))
    assert catalog.look(image("ci/scorecard:v7")).public_source == "quay.io/example/scorecard:v7"
    assert catalog.look(image("ci/inner:latest")).public_source == ""
    assert catalog.look(image("ocp/4.20:operator")).public_source == ""


def test_a_tag_by_commit_is_known_for_every_commit(tmp_path: Path) -> None:
    text = "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, name: s, tag_by_commit: true}]}\n"
    catalog = built(tree(tmp_path, FILES | {"ci-operator/config/o/r/o-r-b.yaml": text}))
    assert catalog.look(image(f"ns/a:{'0f' * 20}")).state == "known"
    assert catalog.look(image("ns/a:0f0f")).state == "unknown"


def test_a_tag_of_qci_stands_for_every_reading(tmp_path: Path) -> None:
    text = "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, name: my_stream}]}\n"
    catalog = built(tree(tmp_path, FILES | {"ci-operator/config/o/r/o-r-b.yaml": text}))
    answer = catalog.look_up("ns_my_stream_a")
    assert answer
    assert (answer.state, str(answer.image)) == ("known", "ns/my_stream:a")
    assert catalog.look_up("rc_payload__4.20") is None


def test_what_is_promoted_is_there_though_its_source_is_ignored(tmp_path: Path) -> None:
    text = "images: {items: [{to: builder}]}\npromotion: {to: [{namespace: ocp, tag: odd-1.13}]}\n"
    catalog = built(tree(tmp_path, FILES | {"ci-operator/config/o/r/o-r-b.yaml": text}))
    assert catalog.look(image("ocp/builder:odd-1.13")).state == "known"


def test_many_inputs_are_counted(tmp_path: Path) -> None:
    others = {f"ci-operator/config/org/r{n}/org-r{n}-main.yaml": FILES[LIBRARY] for n in range(9)}
    catalog = built(tree(tmp_path, FILES | others))
    known = catalog.images[image("ocp/4.20:base-rhel9")]
    assert (known.inputs, len(known.origins)) == (11, 3)
    assert known == _again(catalog, tmp_path / "x").images[image("ocp/4.20:base-rhel9")]


def _again(catalog: Catalog, path: Path) -> Catalog:
    write(catalog, str(path))
    return read(str(path))


def test_a_catalogue_is_read_as_it_was_written(tmp_path: Path) -> None:
    catalog = built(tree(tmp_path / "release", date="2026-01-02T03:04:05Z"))
    read_back = _again(catalog, tmp_path / "qci.json")
    assert list(dumped(read_back)) == list(dumped(catalog))
    assert (read_back.images, read_back.streams, read_back.patterns) == (catalog.images, catalog.streams, catalog.patterns)
    assert (read_back.date, len(read_back.commit), read_back.configurations) == ("2026-01-02T03:04:05Z", 40, 2)


def test_the_same_files_give_the_same_bytes_with_any_number_of_processes(tmp_path: Path) -> None:
    others = {f"ci-operator/config/org/r{n}/org-r{n}-main.yaml": FILES[OPERATOR].replace("operator", f"r{n}") for n in range(150)}
    root = str(tree(tmp_path, FILES | others))
    assert list(dumped(build(root, Cache(), 1).catalog)) == list(dumped(build(root, Cache(), 3).catalog))


PATHS = [OPERATOR, LIBRARY, STEP, "ci-operator/config/org/new/org-new-main.yaml"]
TEXTS = [
    *(FILES[path] for path in PATHS[:2]),
    "images: {items: [{to: a}]}\npromotion: {to: [{namespace: ns, tag: x}]}\n",
    "a: [",
    None,
]
CHANGE = st.tuples(st.sampled_from(PATHS), st.sampled_from(TEXTS), st.booleans())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CHANGE, max_size=3), min_size=1, max_size=3))
def test_an_incremental_build_equals_a_full_one(tmp_path_factory: pytest.TempPathFactory, rounds: list) -> None:
    root = tree(tmp_path_factory.mktemp("release"))
    kept = str(root / "cache.json")
    for changes in [[], *rounds]:
        for path, text, is_old in changes:
            file = root / path
            if text is None:
                file.unlink(missing_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            if is_old:  # what tools do that keep times
                os.utime(file, ns=(10**18, 10**18))
        cache = Cache(kept)
        some, full = build(str(root), cache, 1), build(str(root), Cache(), 1)
        assert cache.save() == ""
        assert (list(dumped(some.catalog)), some.problems) == (list(dumped(full.catalog)), full.problems)


def test_unchanged_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, kept = str(tree(tmp_path / "release")), str(tmp_path / "cache.json")
    cache = Cache(kept)
    assert build(root, cache, 1).parsed == 3
    cache.save()
    assert build(root, Cache(kept), 1).parsed == 3, "they changed just before the first build: in doubt"
    later = time.time_ns() + 2 * RACY_NS
    monkeypatch.setattr(time, "time_ns", lambda: later)
    cache = Cache(kept)
    assert build(root, cache, 1).parsed == 3
    cache.save()
    assert build(root, Cache(kept), 1).parsed == 0
    (tmp_path / "release" / LIBRARY).write_text(FILES[LIBRARY].replace("base-rhel9", "base-rhel8"))
    again = build(root, Cache(kept), 1)
    assert again.parsed == 1
    assert again.catalog.look(image("ocp/4.20:base-rhel8")).state == "known"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": [1, "0"], "files": 1, "started": 0}'])
def test_a_broken_cache_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "cache.json").write_text(content)
    assert Cache(str(tmp_path / "cache.json")).entries == {}


WRONG = {
    "no YAML": (OPERATOR, "images: [", f"{OPERATOR}:2: no valid YAML"),
    "no configuration": (OPERATOR, "\n\nx: 1\n", f"{OPERATOR}:3: no ci-operator configuration"),
    "a target without a namespace": (
        OPERATOR,
        "promotion:\n  to:\n  - tag: x\n",
        f"{OPERATOR}:3: promotion.to[0] has no namespace",
    ),
    "a broken step": (STEP, "ref:\n  from_image: [\n", f"{STEP}:3: no valid YAML"),
    "a broken target": (
        MIRRORING,
        "supplementalCIImages:\n  x: {image: y}\n",
        f"{MIRRORING}:2: supplementalCIImages: 'x' is no namesp",
    ),
    "no source": (
        MIRRORING,
        "supplementalCIImages:\n  a/b:c: {}\n",
        f"{MIRRORING}:2: a/b:c of supplementalCIImages has no source",
    ),
    "a broken expression": (
        MIRRORING,
        "artImages:\n- {namespace: a, name: '('}\n",
        f"{MIRRORING}:2: artImages: '(' is no regular",
    ),
    "no namespace": (MIRRORING, "artImages:\n- {name: a}\n", f"{MIRRORING}:2: an entry of artImages has no namespace"),
    "an ignored nothing": (
        MIRRORING,
        "ignoredSources:\n- reason: a\n",
        f"{MIRRORING}:2: an entry of ignoredSources has no source",
    ),
    "no list": (MIRRORING, "artImages: {}\n", f"{MIRRORING}:1: artImages is no list"),
    "empty": (MIRRORING, "", f"{MIRRORING}:1: no mapping with supplementalCIImages"),
}


@pytest.mark.parametrize(("path", "text", "problem"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, path: str, text: str, problem: str) -> None:
    made = build(str(tree(tmp_path, FILES | {path: text})), Cache(), 1)
    assert [each.removeprefix(f"{tmp_path}/")[: len(problem)] for each in made.problems] == [problem]
    assert made.catalog.images, "the others count"


def test_what_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no ci-operator/config there"):
        build(str(tmp_path), Cache(), 1)


NEAR = {
    "a tag of the same stream": ("ocp/4.20:operater", ["ocp/4.20:operator", "ocp/4.20:operator-src"]),
    "the same component of another stream": ("ocp/4.13:base", ["ocp/4.14:base"]),
    "the same name elsewhere": ("cl/scorecard:v7", ["ci/scorecard:v7"]),
    "nothing": ("zz/zz:zz", []),
}


@pytest.mark.parametrize(("name", "expected"), NEAR.values(), ids=NEAR)
def test_the_nearest_names(tmp_path: Path, name: str, expected: list[str]) -> None:
    found = [str(each) for each in nearest(built(tree(tmp_path)), image(name))]
    assert found[: len(expected)] == expected
    assert "ocp/4.20:operator-tests" not in found, "it is not there"
