"""What ci-operator does with the images that a Dockerfile names, and what goes wrong there.

The behaviour of openshift/ci-tools (August 2026): `pkg/dockerfile/extract.go` and `inputs.go` find references, by line and not
by instruction, and skip those in any `as`; `pkg/defaults/defaults.go` (`processDetectedBaseImages`, `appendInputs`) makes them
inputs, and thereby replaces the `as` of the alias; openshift/builder `pkg/build/builder/common.go` replaces a FROM or COPY --from
whose text equals an `as`. What is in no `as` is pulled as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from qcilint.ci_operator import DIRECT, DROPPED, LOST, RACING
from qcilint.ci_operator.builds import Build
from qcilint.qci import PROXY, REPOSITORY, StreamTag, Unmappable, from_tag, to_tag

_FOUND = re.compile(r"(?:registry\.(?:svc\.)?ci\.openshift\.org|quay-proxy\.ci\.openshift\.org)/[^\s\\]+")
_CONTINUED = re.compile(r"\\\r?\n[ \t]*")
_FROM = re.compile(r"[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", re.I)
_COPY = re.compile(r"[ \t]*(?:COPY|ADD)[ \t](?:.*?[ \t])?--from=(\S+)", re.I)


class Problem(NamedTuple):
    """Something that goes wrong with an image of a Dockerfile."""

    kind: str
    """One of LOST, RACING, DROPPED and DIRECT."""
    text: str
    """The image as the Dockerfile names it."""
    alias: str = ""
    other: str = ""
    """The text of the configuration that it is about."""
    line: int = 0
    """The line of that; 0 for the base image `alias`."""


class _Operand(NamedTuple):
    text: str
    is_last_from: bool


def problems(dockerfile: str, build: Build, bases: Mapping[str, StreamTag]) -> list[Problem]:
    """What goes wrong when ci-operator builds this Dockerfile with these inputs and base images."""
    operands = list(_operands(dockerfile))
    given = {text: (alias, line) for alias, texts in build.inputs.items() for text, line in texts.items()}
    detected = _detected(dockerfile, build, given)
    found: list[Problem] = []
    inputs = {alias: dict(texts) for alias, texts in build.inputs.items()}
    for key, (image, text) in detected.items():
        present = next((alias for alias, base in bases.items() if base == image), "")
        if not present and key in bases:
            found.append(Problem(RACING, text, key, str(bases[key])))
        alias = present or key
        for other, line in inputs.get(alias, {}).items():
            if any(operand.text == other for operand in operands):
                found.append(Problem(DROPPED, text, alias, other, line))
        inputs[alias] = {text: 0}
    replaced = {text for texts in inputs.values() for text in texts}
    for operand in operands:
        if operand.is_last_from and build.replaces_last:
            continue
        if operand.text in replaced:
            if operand.text not in given:
                found += _lost(operand.text, given, bases)
        elif _FOUND.fullmatch(operand.text):
            found.append(Problem(DIRECT, operand.text, line=build.line))
    return list(dict.fromkeys(found))


def migrated(dockerfile: str, mapping: Mapping[str, str]) -> str:
    """The Dockerfile with each image that `mapping` holds in its new spelling."""
    if not mapping:
        return dockerfile
    texts = sorted(mapping, key=len, reverse=True)
    pattern = re.compile("(?:" + "|".join(map(re.escape, texts)) + r")(?=[\s\\]|\Z)")
    return pattern.sub(lambda match: mapping[match[0]], dockerfile)


def new_problems(dockerfile: str, build: Build, bases: Mapping[str, StreamTag], mapping: Mapping[str, str]) -> list[Problem]:
    """What would go wrong with the images in their new spelling, and does not today; its texts are the new ones."""
    before = {(each.kind, mapping.get(each.text, each.text), each.other) for each in problems(dockerfile, build, bases)}
    after = problems(migrated(dockerfile, mapping), build, bases)
    return [each for each in after if (each.kind, each.text, each.other) not in before]


def stream_tag(text: str) -> StreamTag | None:
    """The image stream tag that ci-operator reads in a reference (`OrgRepoTagFromPullString`)."""
    parts = text.split("/")
    if len(parts) < 2:
        return None
    name, colon, tag = parts[-1].partition(":")
    if ":" in tag:
        name, colon, tag = parts[-1], "", ""
    tag = tag if colon else "latest"
    if f"{PROXY}/{REPOSITORY}" not in text:
        return StreamTag(parts[-2], name, tag)
    try:
        return from_tag(tag)
    except Unmappable:
        return None


def _detected(dockerfile: str, build: Build, given: Iterable[str]) -> dict[str, tuple[StreamTag, str]]:
    """The images that ci-operator finds in the text: their alias, image and spelling. The last spelling of an image wins."""
    texts: list[str] = []
    last = ""
    for line in _CONTINUED.sub(" ", dockerfile).split("\n"):
        upper = line.upper()
        if not any(word in upper for word in ("FROM", "COPY", "RUN")):
            continue
        match = _FOUND.search(line)
        if upper.startswith("FROM"):
            last = match[0] if match else ""
        if match and match[0] not in texts:
            texts.append(match[0])
    found: dict[str, tuple[StreamTag, str]] = {}
    for text in texts:
        if text in given or (build.replaces_last and text == last):
            continue
        if image := stream_tag(text):
            found["_".join(image)] = (image, text)
    return found


def _lost(text: str, given: Mapping[str, tuple[str, int]], bases: Mapping[str, StreamTag]) -> Iterator[Problem]:
    """The aliases that stand for another image and hold another spelling of this text."""
    image = stream_tag(text)
    for other, (alias, line) in given.items():
        if (
            other != text
            and image is not None
            and _FOUND.fullmatch(other)
            and stream_tag(other) == image
            and bases.get(alias) != image
        ):
            yield Problem(LOST, text, alias, other, line)


def _operands(dockerfile: str) -> Iterator[_Operand]:
    """The images that FROM and COPY --from name, other stages left out."""
    found: list[tuple[str, bool]] = []
    stages: set[str] = set()
    for line in _CONTINUED.sub(" ", dockerfile).split("\n"):
        if match := _FROM.match(line):
            if match[1].lower() not in stages:
                found.append((match[1], True))
            stages |= {match[2].lower()} if match[2] else set()
        elif (match := _COPY.match(line)) and match[1].lower() not in stages and not match[1].isdigit():
            found.append((match[1], False))
    last = max((index for index, (_, is_from) in enumerate(found) if is_from), default=-1)
    for index, (text, _) in enumerate(found):
        yield _Operand(text.strip("\"'"), index == last)


def new_spelling(text: str) -> str:
    """The QCI pullspec of a reference to an old registry; empty where it has none."""
    if text.startswith(PROXY) or not _FOUND.fullmatch(text) or "@" in text or (image := stream_tag(text)) is None:
        return ""
    try:
        return f"{PROXY}/{REPOSITORY}:{to_tag(image)}"
    except Unmappable:
        return ""
