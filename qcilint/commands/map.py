"""`qcilint map [IMAGE…]`: the QCI pullspec of an image, and the way back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from qcilint.discovery import printable
from qcilint.mapping import MAPPED, Malformed, Mapping, map_image
from qcilint.qci import APP_CI
from qcilint.ruleset import load_builtin

ALL_MAPPED, SOME_REFUSED, WRONG_USAGE = 0, 1, 2
VERSION = 1
"""Of the JSON document: raised when a field changes its meaning or goes away."""

DESCRIPTION = """\
Print where an image is in QCI, and which image stream tag a QCI pullspec is.

An IMAGE is a pullspec of an old registry, an image stream tag of app.ci (namespace/name:tag), or a pullspec of QCI,
through the proxy or on quay.io. What the rules would not rewrite in a plain `podman pull` is refused, with their reason."""

EPILOG = """\
exit code:
  0  everything was mapped
  1  something was refused
  2  wrong usage, or an input that is no image

examples:
  qcilint map registry.ci.openshift.org/ocp/4.20:cli
  podman pull "$(qcilint map -q ocp/4.20:cli)"
  qcilint map quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_cli
  grep -oh 'registry.ci.openshift.org/[^ ]*:[^ ]*' hack/*.sh | qcilint map
"""


class Input(NamedTuple):
    """One image to map, and where it was given."""

    text: str
    place: str


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint map",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "images",
        nargs="*",
        metavar="IMAGE",
        help="what to map; without any, or for -, standard input is read: one a line, blank lines and # comments skipped",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print the result (default: text)")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print the pullspecs only, one a line; refusals and notes go to standard error"
    )
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="also map what is right only under a condition, such as an image without a tag; the refusal names it",
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Print what each image maps to; returns the exit code."""
    if options.quiet and options.format != "text":
        return _wrong("--quiet prints pullspecs only: --format does not apply")
    if not options.images and sys.stdin.isatty():
        return _wrong("no image given; name some, or pipe them in, one a line")
    rules = load_builtin()
    results: list[Mapping] = []
    malformed: list[tuple[Input, str]] = []
    for given in _inputs(options.images or ["-"]):
        try:
            result = map_image(given.text, rules, unsafe=options.unsafe_fixes)
        except Malformed as error:
            malformed.append((given, str(error)))
            print(f"qcilint: error: {given.place}: {printable(given.text)}: {error}", file=sys.stderr)
            continue
        results.append(result)
        if options.format == "text":
            _show(result, quiet=options.quiet)
    if options.format == "json":
        import json

        print(json.dumps(_document(results, malformed), indent=2))
    if not results and not malformed:
        print("qcilint: nothing to map: standard input names no image", file=sys.stderr)
    if malformed:
        return WRONG_USAGE
    return ALL_MAPPED if all(result.status == MAPPED for result in results) else SOME_REFUSED


def _wrong(problem: str) -> int:
    print(f"qcilint: error: {problem}", file=sys.stderr)
    return WRONG_USAGE


def _inputs(arguments: Iterable[str]) -> Iterator[Input]:
    for number, argument in enumerate(arguments, 1):
        if argument != "-":
            yield Input(argument.strip(), f"argument {number}")
            continue
        for line, data in enumerate(sys.stdin.buffer, 1):
            text = data.decode("utf-8", "surrogateescape").strip()
            if text and not text.startswith("#"):
                yield Input(text, f"standard input, line {line}")


def _show(result: Mapping, *, quiet: bool) -> None:
    if result.status != MAPPED:
        hint = f"; perhaps {result.suggestion} (--unsafe-fixes takes it)" if result.suggestion else ""
        print(f"{result.input} → refused: {result.reason}{hint}", file=sys.stderr if quiet else sys.stdout)
    elif quiet:
        print(result.output)
        for note in result.notes:
            print(f"{result.input}: {note}", file=sys.stderr)
    else:
        # On the way back the short form is the answer that a configuration wants; the pullspec stands beside it.
        answer = f"{result.image} ({result.output})" if result.output.startswith(APP_CI) else result.output
        print(f"{result.input} → {'; '.join([answer, *result.notes])}")


def _document(results: Iterable[Mapping], malformed: Iterable[tuple[Input, str]]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "results": [
            {
                "input": result.input,
                "direction": result.direction,
                "status": result.status,
                "image": str(result.image) if result.image else None,
                "output": result.output or None,
                "rule": result.rule or None,
                "reason": result.reason,
                "suggestion": result.suggestion or None,
                "candidates": [str(image) for image in result.candidates],
                "notes": list(result.notes),
            }
            for result in results
        ],
        "errors": [{"input": given.text, "place": given.place, "error": error} for given, error in malformed],
    }
