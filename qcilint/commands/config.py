"""`qcilint config [PATH]`: what is in force for a path, and why; `qcilint config schema`: what a configuration may hold."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from qcilint import config_options
from qcilint.config import Settings, Value
from qcilint.config_files import ConfigError
from qcilint.config_schema import OPTIONS, json_schema, reference
from qcilint.discovery import printable

EPILOG = """\
`qcilint config schema` prints the JSON schema of qcilint.toml, which editors can use, and with
--format markdown its reference. (A file of that name is ./schema.)

exit code:
  0  the configuration is valid
  2  it is not, or the path does not exist
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint config",
        description="Show which settings and rules are in force for a path, and where each comes from.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a file or folder (default: the current folder)")
    parser.add_argument("--format", choices=("text", "json", "markdown"), help="how to print (default: text; a schema: json)")
    config_options.add_to(parser)
    return parser


def run(options: argparse.Namespace) -> int:
    """Print what was asked for; returns the exit code."""
    if options.path == "schema":
        return _print_schema(options.format or "json")
    config_options.check(parser(), options)
    if options.format == "markdown":
        parser().error("--format markdown goes with `qcilint config schema`")
    path = os.path.realpath(options.path)
    if not os.path.exists(path):
        print(f"qcilint: error: {printable(options.path)}: no such file or folder; check the path", file=sys.stderr)
        return 2
    try:
        policy = config_options.policy(options)
        settings = policy.of_folder(path) if os.path.isdir(path) else policy.of(path)
        policy.rules()
    except ConfigError as error:
        print(f"qcilint: error: {error}", file=sys.stderr)
        return 2
    in_force = describe(settings, path)
    if options.format == "json":
        import json

        print(json.dumps({"version": 1, "path": options.path, **in_force}, indent=2))
    else:
        for line in _lines(options.path, in_force):
            print(line)
    return 0


def _print_schema(form: str) -> int:
    if form == "text":
        parser().error("a schema is printed as json or markdown")
    if form == "json":
        import json

        print(json.dumps(json_schema(), indent=2))
    else:
        print(*reference(), sep="\n", end="")
    return 0


def describe(settings: Settings, path: str) -> dict[str, Any]:
    """What is in force for an absolute path: the files, every setting with its place, every rule with its state."""
    layers = [layer.origin for layer in settings.layers]
    return {
        "configuration": layers,
        "excluded": settings.excluded(path) or None,
        "settings": [
            {"key": option.key, "value": value.value, "from": _place(option.key, value)}
            for option in OPTIONS
            for value in settings.values(option.key)
        ],
        "rules": [_rule(settings, rule_id, path) for rule_id in settings.rules.by_id],
    }


def _place(key: str, value: Value) -> str:
    return value.layer.place(key) if value.layer else "default"


def _rule(settings: Settings, rule_id: str, path: str) -> dict[str, Any]:
    rule = settings.rules.by_id[rule_id]
    verdict = settings.verdict(rule_id, rule.severity, path)
    why = verdict.silent.removeprefix(f"{rule_id} is off: ").removeprefix(f"{rule_id} is off here: ")
    return {"id": rule_id, "name": rule.name, "on": not verdict.silent, "severity": verdict.severity, "why": why}


def _lines(path: str, in_force: dict[str, Any]) -> Iterator[str]:
    yield f"path: {printable(path)}"
    yield f"configuration: {', '.join(in_force['configuration']) or 'none; everything is as it comes'}"
    if in_force["excluded"]:
        yield f"excluded: {printable(in_force['excluded'])}"
    yield ""
    yield "settings:"
    settings = [(each["key"], _value(each["value"]), each["from"]) for each in in_force["settings"]]
    yield from _columns(settings)
    yield ""
    yield "rules:"
    yield from _columns(
        (each["id"], each["name"], each["severity"] if each["on"] else "off", each["why"]) for each in in_force["rules"]
    )


def _value(value: Any) -> str:
    """A value as one line of TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_value(key)} = {_value(each)}' for key, each in value.items())} }}" if value else "{}"
    return f'"{printable(value)}"'


def _columns(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    table = list(rows)
    widths = [max(len(row[index]) for row in table) for index in range(len(table[0]))]
    for row in table:
        yield ("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))).rstrip()
