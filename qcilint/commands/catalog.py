"""`qcilint catalog build|show|explain`: what QCI should hold, from a checkout of openshift/release."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from qcilint.catalog import CatalogError
from qcilint.catalog.cache import Cache, path_for
from qcilint.catalog.model import BROKEN, KINDS, KNOWN, POSSIBLE, UNKNOWN, Answer, Catalog, Known, Origin
from qcilint.commands.registries import tell
from qcilint.discovery import printable
from qcilint.qci import APP_CI, PROXY, REPOSITORY, StreamTag, Unmappable, to_tag
from qcilint.workers import WorkerError, default_jobs

DONE, NOT_THERE, FAILED = 0, 1, 2
VERSION = 1
"""Of the JSON documents: raised when a field changes its meaning or goes away."""
NAME = "qci.json"
_DECOMMISSIONED = "registry.svc.ci.openshift.org"
"""The registry before app.ci; its image stream tags are looked up by the same names."""

EPILOG = """\
The catalogue says what the files of openshift/release say should be in QCI: nothing here asks a registry.

exit code:
  0  done; explain: every image is there, or may be
  1  explain: an image is not
  2  wrong usage, or a file that cannot be used

examples:
  qcilint catalog build ~/src/release -o qci.json
  qcilint catalog show --namespace ocp
  qcilint catalog explain ocp/4.20:cli registry.ci.openshift.org/ocp/builder:golang-1.13
  qcilint --catalog qci.json --diff
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint catalog",
        description="List what QCI should hold, from a checkout of openshift/release.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="build|show|explain")
    build = actions.add_parser("build", help="make the catalogue", description="Make the catalogue.", allow_abbrev=False)
    build.add_argument("release_repo", metavar="RELEASE_REPO", help="a checkout of openshift/release")
    build.add_argument("-o", "--output", metavar="FILE", default=NAME, help=f"where it is written (default: {NAME})")
    build.add_argument(
        "--keep-going", action="store_true", help="leave out the files that cannot be used, instead of writing no catalogue"
    )
    build.add_argument("--no-cache", action="store_true", help="read every file anew, and keep nothing for the next build")
    build.add_argument("--jobs", type=int, metavar="N", help="processes at the same time (default: one for each processor)")
    show = actions.add_parser(
        "show", help="count and list", description="Count and list what is in the catalogue.", allow_abbrev=False
    )
    show.add_argument("--namespace", metavar="NS", help="list the images of this namespace")
    explain = actions.add_parser(
        "explain", help="say why an image is there", description="Say whether an image is there, and why.", allow_abbrev=False
    )
    explain.add_argument("images", nargs="+", metavar="IMAGE", help="namespace/name:tag, or a pullspec of app.ci or QCI")
    for each in (show, explain):
        each.add_argument("--catalog", metavar="FILE", default=NAME, help=f"the catalogue (default: {NAME})")
        each.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; returns the exit code."""
    try:
        if options.action == "build":
            return _build(options)
        return _show(options) if options.action == "show" else _explain(options)
    except (CatalogError, WorkerError) as error:
        tell(f"error: {error}")
        return FAILED


def _build(options: argparse.Namespace) -> int:
    from qcilint.catalog.build import build
    from qcilint.catalog.document import write
    from qcilint.output.summary import count

    if options.jobs is not None and options.jobs < 1:
        raise CatalogError("--jobs: give a number from 1")
    root = options.release_repo
    cache = Cache("" if options.no_cache else path_for(root, os.environ))
    built = build(root, cache, options.jobs or default_jobs())
    for warning in built.warnings:
        tell(f"warning: {warning}")
    for problem in built.problems:
        tell(f"{'left out' if options.keep_going else 'error'}: {problem}")
    if trouble := cache.save():
        tell(f"warning: {trouble}")
    if built.problems and not options.keep_going:
        tell("error: no catalogue was written; correct these files, or leave them out with --keep-going")
        return FAILED
    write(built.catalog, options.output)
    made = built.catalog
    held = ", ".join((count(len(made.images), "image"), count(len(made.streams), "stream"), count(len(made.patterns), "pattern")))
    tell(f"{printable(options.output)}: {held}; {count(built.files, 'file')} looked at, {built.parsed} of them anew")
    return DONE


def _read(path: str) -> Catalog:
    from qcilint.catalog.document import read
    from qcilint.catalog.linting import MOST_DAYS, age

    catalog = read(path)
    if (days := age(catalog)) > MOST_DAYS:
        tell(f"warning: {printable(path)} describes openshift/release as it was {days} days ago")
    return catalog


def _show(options: argparse.Namespace) -> int:
    catalog = _read(options.catalog)
    wanted = options.namespace
    images = {image: known for image, known in sorted(catalog.images.items()) if wanted in (None, image.namespace)}
    if options.format == "json":
        import json

        print(json.dumps(_listing(catalog, images, wanted), indent=2))
        return DONE
    for line in _counts(catalog, images) if wanted is None else _rows(images):
        print(printable(line))
    if wanted is not None and not images:
        tell(f"nothing of {printable(wanted)} in {printable(options.catalog)}")
    return DONE


def _counts(catalog: Catalog, images: dict[StreamTag, Known]) -> Iterator[str]:
    made = f", {catalog.date}" if catalog.date else ""
    yield f"openshift/release {catalog.commit[:12] or '(no commit)'}{made}: {catalog.configurations} configurations"
    strongest = Counter(known.origins[0].kind for known in images.values())
    yield from _table([(str(strongest[kind]), kind) for kind in KINDS if strongest[kind]])
    yield from _table([(str(len(catalog.streams)), "whole streams"), (str(len(catalog.patterns)), "patterns")])
    namespaces = Counter(image.namespace for image in images)
    yield from _table([(str(count), name) for name, count in sorted(namespaces.items(), key=lambda item: (-item[1], item[0]))])


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"{count:>7}  {name}" for count, name in rows)


def _rows(images: dict[StreamTag, Known]) -> Iterator[str]:
    width = max((len(str(image)) for image in images), default=0)
    for image, known in images.items():
        first = known.origins[0]
        yield f"{image!s:{width}}  {first.kind:12}  {first.place}"


def _listing(catalog: Catalog, images: dict[StreamTag, Known], namespace: str | None) -> dict[str, Any]:
    return {
        "version": VERSION,
        "commit": catalog.commit or None,
        "date": catalog.date or None,
        "configurations": catalog.configurations,
        "images": [
            {"image": str(image), "pullspec": _pullspec(image), "inputs": known.inputs, "origins": _places(known.origins)}
            for image, known in images.items()
        ],
        "streams": [
            {"stream": f"{stream.namespace}/{stream.name}", "inputs": known.inputs, "origins": _places(known.origins)}
            for stream, known in sorted(catalog.streams.items())
            if namespace in (None, stream.namespace)
        ],
        "patterns": [
            {
                "namespace": each.namespace,
                "name": each.name,
                "tag": each.tag or None,
                "path": each.origin.path,
                "line": each.origin.line,
            }
            for each in catalog.patterns
            if namespace in (None, each.namespace)
        ],
    }


def _places(origins: Sequence[Origin]) -> list[dict[str, Any]]:
    return [{"kind": each.kind, "path": each.path, "line": each.line, "detail": each.detail or None} for each in origins]


def _pullspec(image: StreamTag) -> str | None:
    try:
        return f"{PROXY}/{REPOSITORY}:{to_tag(image)}"
    except Unmappable:
        return None


def _explain(options: argparse.Namespace) -> int:
    from qcilint.catalog.nearest import nearest

    answers: list[tuple[str, Answer]] = []
    malformed = False
    catalog = _read(options.catalog)
    for text in options.images:
        try:
            answers.append((text, _answer(catalog, text)))
        except ValueError as error:
            malformed = True
            tell(f"error: {printable(text)}: {error}")
    near = {answer.image: nearest(catalog, answer.image) for _, answer in answers if answer.state == UNKNOWN}
    if options.format == "json":
        import json

        print(json.dumps(_document(answers, near), indent=2))
    else:
        for text, answer in answers:
            for line in _explained(text, answer, near.get(answer.image, [])):
                print(printable(line))
    if malformed:
        return FAILED
    return DONE if all(answer.state in (KNOWN, POSSIBLE) for _, answer in answers) else NOT_THERE


def _answer(catalog: Catalog, text: str) -> Answer:
    """What the catalogue says of an image in any of its forms. Raises ValueError."""
    from qcilint.mapping import Malformed, parsed
    from qcilint.qci import LATEST, from_pullspec, is_qci

    reference = parsed(text)
    if is_qci(reference):
        from_pullspec(reference)  # raises where it names no image stream tag
        answer = catalog.look_up(reference.tag.raw)
        assert answer is not None  # noqa: S101
        return answer
    if reference.host not in (APP_CI, _DECOMMISSIONED):
        raise Malformed("no registry of OpenShift CI")
    image = StreamTag(reference.namespace.raw, reference.name.raw, reference.tag.raw or LATEST)
    if reference.digest or reference.text.holes or not all(image) or "/" in image.namespace:
        raise Malformed("give one image: namespace/name:tag, or a pullspec by tag")
    return catalog.look(image)


_VERDICTS = {
    KNOWN: "in QCI",
    POSSIBLE: "in QCI if app.ci has it",
    BROKEN: "not in QCI",
    UNKNOWN: "not in the catalogue",
}


def _explained(text: str, answer: Answer, near: Sequence[StreamTag]) -> Iterator[str]:
    pullspec = _pullspec(answer.image)
    name = text if text == str(answer.image) else f"{text} is {answer.image}"
    where = f" as {pullspec}" if pullspec and answer.state in (KNOWN, POSSIBLE) else ""
    yield f"{name}: {_VERDICTS[answer.state]}{where}"
    for origin in answer.origins:
        yield f"  {origin.place}: {origin.kind}{f': {origin.detail}' if origin.detail else ''}"
    if answer.inputs > sum(origin.kind == "input" for origin in answer.origins):
        yield f"  a test input in {answer.inputs} places; these are the first"
    if answer.public_source:
        yield f"  without a login of OpenShift CI: {answer.public_source}"
    for image in near:
        yield f"  perhaps {image}"
    if answer.state == UNKNOWN and not near:
        yield "  nothing there has a name like it"


def _document(answers: Sequence[tuple[str, Answer]], near: dict[StreamTag, list[StreamTag]]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "images": [
            {
                "input": text,
                "image": str(answer.image),
                "state": answer.state,
                "pullspec": _pullspec(answer.image) if answer.state in (KNOWN, POSSIBLE) else None,
                "inputs": answer.inputs,
                "origins": _places(answer.origins),
                "public_source": answer.public_source or None,
                "nearest": [str(image) for image in near.get(answer.image, ())],
            }
            for text, answer in answers
        ],
    }
