"""`qcilint images CONFIG…`: what ci-operator configurations publish, and where to pull it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from qcilint.ci_operator.config import Config, ConfigError, load
from qcilint.ci_operator.promotion import PUBLISHED, Published, images_of
from qcilint.discovery import DiscoveryError, printable, select
from qcilint.mapping import REFUSED, map_image
from qcilint.records import replace
from qcilint.ruleset import load_builtin
from qcilint.source import read

DONE, FAILED = 0, 2
VERSION = 1
"""Of the JSON document: raised when a field changes its meaning or goes away."""
MARK = b"zz_generated_metadata:"
"""Every configuration in openshift/release has this key: in a folder it tells them from other YAML files."""

DESCRIPTION = """\
List the images that ci-operator configurations publish, with the pullspec of each.

A CONFIG is a configuration of openshift/release (ci-operator/config/ORG/REPO/ORG-REPO-BRANCH.yaml), or a folder: then every YAML
file in it that has a zz_generated_metadata key."""

EPILOG = """\
exit code:
  0  everything was read; a configuration may well publish nothing
  2  wrong usage, or a file that cannot be read; the others are listed all the same

examples:
  qcilint images ci-operator/config/openshift/console/openshift-console-main.yaml
  qcilint images --all ci-operator/config/openshift/hypershift
  qcilint images --format json ci-operator/config | jq -r '.configs[].images[].pullspec'
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint images",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("configs", nargs="+", metavar="CONFIG", help="ci-operator configurations, or folders of them")
    parser.add_argument("--all", action="store_true", help="also list what is built but not published, and why")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print the list (default: text)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Print what the configurations publish; returns the exit code."""
    listing = Listing(options.configs)
    if options.format == "json":
        import json

        configs = [_document(config, images) for config, images in listing.read(everything=options.all)]
        print(json.dumps({"version": VERSION, "configs": configs}, indent=2))
    else:
        for config, images in listing.read(everything=options.all):
            for text in _text(config, images, titled=listing.holds_several):
                print(text)
    return FAILED if listing.failed else DONE


class Listing:
    """Reads configurations one after the other, and complains of those that cannot be read."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths
        self.holds_several = len(paths) > 1 or os.path.isdir(paths[0])
        self.failed = False
        self.rules = load_builtin()

    def read(self, *, everything: bool) -> Iterator[tuple[Config, list[Published]]]:
        """Each configuration with what it publishes, or with all that it builds."""
        for path in self.paths:
            for config in self._configs(path):
                yield config, [self._noted(each) for each in images_of(config) if everything or each.state == PUBLISHED]

    def _configs(self, path: str) -> Iterator[Config]:
        """The configurations of one path: of a file, or of a folder."""
        is_folder = os.path.isdir(path)
        try:
            selection = select([path])
        except DiscoveryError as error:
            self._complain(str(error))
            return
        found = False
        for skipped, reason in selection.skipped:
            print(f"qcilint: skipped {printable(skipped)}: {reason}", file=sys.stderr)
        for target in selection.targets:
            if is_folder and not target.path.endswith((".yaml", ".yml")):
                continue
            try:
                data = read(target.path)
            except OSError as error:
                found = True
                self._complain(f"{printable(target.path)}: {error.strerror}; check the permissions")
                continue
            if is_folder and not (data.startswith(MARK) or b"\n" + MARK in data):
                continue
            found = True
            if (config := self._load(target.path, data)) is not None:
                yield config
        if not found:
            self._complain(f"{printable(path)}: no ci-operator configuration; name a file, or a folder of ci-operator/config")

    def _load(self, path: str, data: bytes) -> Config | None:
        try:
            config = load(path, data)
        except ConfigError as error:
            self._complain(f"{printable(path)}:{error.line}: {printable(error.problem)}")
            return None
        for line, what in config.warnings:
            print(f"qcilint: warning: {printable(path)}:{line}: {printable(what)}", file=sys.stderr)
        return config

    def _noted(self, each: Published) -> Published:
        """With what the rules have against its pullspec, such as a namespace that has a new name."""
        if not each.pullspec or each.origin == "commit":
            return each
        judged = map_image(each.pullspec, self.rules)
        if judged.status != REFUSED or not judged.suggestion:
            return each
        return replace(each, note=f"{judged.reason}; perhaps {judged.suggestion}")

    def _complain(self, problem: str) -> None:
        self.failed = True
        print(f"qcilint: error: {problem}", file=sys.stderr)


def _text(config: Config, images: Sequence[Published], *, titled: bool) -> Iterator[str]:
    where = printable(config.path)
    if not images:
        yield f"{where}: {_nothing(config)}"
        return
    if titled:
        yield f"{where}:"
    rows = [(each.component, str(each.image), each.pullspec or f"not published: {each.reason}") for each in images]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, each in zip(rows, images, strict=True):
        cells = [printable(cell).ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join([*cells, f"(line {each.line})", *([printable(each.note)] if each.note else [])])


def _nothing(config: Config) -> str:
    if config.promotion is None:
        return "no promotion: it publishes no image"
    if not config.promotion.targets:
        return "publishes no image: its promotion names no target"
    return "publishes no image; --all says why" if images_of(config) else "publishes no image: it builds none"


def _document(config: Config, images: Sequence[Published]) -> dict[str, Any]:
    of = config.metadata
    return {
        "path": config.path,
        "org": of.org,
        "repo": of.repo,
        "branch": of.branch,
        "variant": of.variant,
        "promotes": config.promotion is not None,
        "images": [
            {
                "component": each.component,
                "image": str(each.image),
                "namespace": each.image.namespace,
                "name": each.image.name,
                "tag": each.image.tag,
                "pullspec": each.pullspec or None,
                "source": each.source,
                "origin": each.origin,
                "line": each.line,
                "state": each.state,
                "reason": each.reason,
                "note": each.note,
            }
            for each in images
        ],
        "warnings": [{"line": line, "message": what} for line, what in config.warnings],
    }
