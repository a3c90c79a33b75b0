"""Dockerfiles and the ci-operator configurations that build them, looked at together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from qcilint.ci_operator import DROPPED, LOST, RACING
from qcilint.ci_operator.aliases import is_about_others
from qcilint.ci_operator.builds import Build, Builds, load
from qcilint.ci_operator.config import ConfigError
from qcilint.ci_operator.inputs import Problem, problems
from qcilint.facts import Facts
from qcilint.source import Source

_SAID = {
    LOST: "its input {0.alias} replaces {0.other}, another spelling of this image",
    RACING: "its base image {0.alias} is {0.other}: two imports under one name",
    DROPPED: "its input {0.alias} also replaces {0.other}, and no longer does once this image is detected",
}


def connect(sources: Iterable[Source], facts: Facts) -> None:
    """Note in `facts` what goes wrong with images of Dockerfiles that configurations among the sources build."""
    sources = list(sources)
    paths = {alias.path for found in facts.aliases.values() for alias in found}
    for source in sources:
        if source.repo_path in paths and not is_about_others(source.repo_path):
            try:
                builds = load(source.repo_path, source.data)
            except ConfigError:
                continue  # reported as what it is: a text whose aliases cannot be added to
            for dockerfile, build in pairs(sources, builds):
                note(dockerfile, problems(text_of(dockerfile), build, builds.base_images), builds, builds.path, facts)


def renew(sources: Iterable[Source], changed: Container[str], facts: Facts) -> set[str]:
    """Note anew what the configurations at the paths `changed` do; returns the Dockerfiles of which that is something else."""
    before = {key: {kind: list(places) for kind, places in kinds.items()} for key, kinds in facts.problems.items()}
    for key, kinds in before.items():
        left = {kind: [place for place in places if place[0] not in changed] for kind, places in kinds.items()}
        facts.problems[key] = {kind: places for kind, places in left.items() if places}
    connect(sources, facts)
    return {path for path, text in facts.problems if facts.problems[path, text] != before.get((path, text), {})}


def pairs(sources: Iterable[Source], builds: Builds) -> list[tuple[Source, Build]]:
    """The Dockerfiles among the sources, each with an image that is built from it."""
    by_path: Mapping[str, Source] = {source.repo_path: source for source in sources}
    return [(by_path[build.dockerfile], build) for build in builds.builds if build.dockerfile in by_path]


def text_of(source: Source) -> str:
    """The text of a Dockerfile, every byte a character where it is no UTF-8."""
    return source.data.decode("utf-8", "surrogateescape")


def note(dockerfile: Source, found: Iterable[Problem], builds: Builds, shown: str, facts: Facts) -> None:
    """Keep problems of a Dockerfile with the configuration `builds`, whose path is shown as `shown`, in `facts`."""
    for problem in found:
        said = _SAID.get(problem.kind, "finds no input of this text").format(problem)
        places = facts.problems.setdefault((dockerfile.repo_path, problem.text), {}).setdefault(problem.kind, [])
        if (place := (shown, problem.line or builds.lines.get(problem.alias, 0), said)) not in places:
            places.append(place)
