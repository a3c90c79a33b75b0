"""What a configuration may hold: the one list from which the checks, the JSON schema and the reference page are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcilint.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SEVERITIES = ("error", "warning", "note", "off")

_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_PATTERNS: dict[str, Any] = {"type": "array", "items": {**_TEXT, "pattern": "^[^!]"}}
_SEVERITY: dict[str, Any] = {"type": "string", "enum": list(SEVERITIES)}


def _table(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": dict(values)}


REPLACE, ADD, TABLE = "replace", "add", "table"
"""How the values of several configurations become one: the last wins, all count, or an entry wins over its equals below."""


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a configuration."""

    key: str
    type: str
    """For people."""
    schema: Mapping[str, Any]
    default: Any
    merge: str
    about: str
    example: str


OPTIONS = (
    Option(
        "extend",
        "preset or path, or a list of them",
        {"anyOf": [_TEXT, _TEXTS]},
        [],
        ADD,
        "Configurations to build on: the name of a preset, or a path relative to this file (with a `/`, or ending in `.toml`). "
        "Later ones win over earlier ones, and this file over all of them.",
        'extend = ["component", "art"]',
    ),
    Option(
        "select",
        "list of rules",
        _TEXTS,
        ["all"],
        REPLACE,
        "The rules that are on: ids, names, beginnings of ids such as `QCI1`, or `all`. The more exact word wins over the less "
        "exact one, and `ignore` over `select` where they are equally exact. It starts anew: what an extended configuration "
        "selects or ignores counts no more.",
        'select = ["QCI1", "half-migrated-dockerfile"]',
    ),
    Option("extend-select", "list of rules", _TEXTS, [], ADD, "Rules that are on besides.", 'extend-select = ["QCI105"]'),
    Option("ignore", "list of rules", _TEXTS, [], ADD, "Rules that are off.", 'ignore = ["app-ci-registry-in-dockerfile"]'),
    Option(
        "severity",
        "table: rule = severity",
        _table(_SEVERITY),
        {},
        TABLE,
        "`error`, `warning`, `note` (never fails a run) or `off`, in place of a rule's own severity. Where a rule makes a "
        "difference itself, as for generated files, which are notes, that stays.",
        '[severity]\nQCI102 = "error"',
    ),
    Option(
        "per-path-ignores",
        "table: pattern = list of rules",
        _table(_TEXTS),
        {},
        TABLE,
        "Rules that are off for files that a pattern matches. Every pattern that matches counts.",
        '[per-path-ignores]\n"docs/archive/" = ["all"]\n"*.md" = ["QCI105"]',
    ),
    Option(
        "per-path-severity",
        "table: pattern = { rule = severity }",
        _table(_table(_SEVERITY)),
        {},
        TABLE,
        "Severities for files that a pattern matches. The first pattern that matches a file decides, and no other is looked at: "
        "an empty table leaves its files as the rules have them. Wins over `severity`.",
        '[per-path-severity]\n"hack/legacy/" = {}\n"hack/" = { all = "note", QCI101 = "warning" }',
    ),
    Option(
        "exclude",
        "list of patterns",
        _PATTERNS,
        [],
        REPLACE,
        "Files that are not checked when the folder they are in is checked. What they say of other files still counts.",
        'exclude = ["third_party/", "*.tmpl"]',
    ),
    Option(
        "extend-exclude",
        "list of patterns",
        _PATTERNS,
        [],
        ADD,
        "Files that are not checked, besides those of `exclude`.",
        'extend-exclude = ["hack/legacy/"]',
    ),
    Option(
        "force-exclude",
        "true or false",
        {"type": "boolean"},
        False,
        REPLACE,
        "Leave excluded files out even where they are named: what pre-commit needs, which names every file.",
        "force-exclude = true",
    ),
    Option(
        "unsafe-fixes",
        "true or false",
        {"type": "boolean"},
        False,
        REPLACE,
        "Let `--fix` and `--diff` make unsafe fixes unasked.",
        "unsafe-fixes = true",
    ),
    Option(
        "rules",
        "list of paths",
        _TEXTS,
        [],
        ADD,
        "Rule files of your own, or folders of them, relative to this file. They are data; no code is run.",
        'rules = ["ci/rules"]',
    ),
    Option(
        "packs",
        "list of names",
        _TEXTS,
        [],
        ADD,
        "Installed rule packs: Python packages that hold rule files and announce themselves under the entry-point group "
        "`qcilint.rules`.",
        'packs = ["acme"]',
    ),
    Option(
        "baseline",
        "path",
        {"type": "string"},
        "",
        REPLACE,
        "The list of findings that were there before, relative to this file: they are silent. `qcilint baseline write` makes it. "
        "An empty one takes that of an extended configuration away.",
        'baseline = "qcilint-baseline.txt"',
    ),
    Option(
        "catalog",
        "path",
        {"type": "string"},
        "",
        REPLACE,
        "What QCI should hold, relative to this file: a fix to an image that it does not have is unsafe. `qcilint catalog build` "
        "makes it. An empty one takes that of an extended configuration away.",
        'catalog = "qci.json"',
    ),
)
KEYS = {option.key: option for option in OPTIONS}


def problems(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with a configuration: the way of keys to the place, and what is wrong there."""
    for key, value in table.items():
        if key in KEYS:
            yield from _violations(value, KEYS[key].schema, (key,))
        else:
            yield (key,), f"unknown key {key!r}{suggestion(key, KEYS)}"


def suggestion(word: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    """`; did you mean …?`, or what there is."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"


_TYPES: dict[str, tuple[type, str]] = {
    "string": (str, "a string"),
    "array": (list, "a list"),
    "object": (dict, "a table"),
    "boolean": (bool, "true or false"),
}


def _violations(value: Any, schema: Mapping[str, Any], way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a value breaks a schema, for the few words of JSON schema that `OPTIONS` uses."""
    if "anyOf" in schema:
        found = [list(_violations(value, each, way)) for each in schema["anyOf"]]
        if all(found):
            kind = "array" if isinstance(value, list) else "string"
            yield from next((each for each, sub in zip(found, schema["anyOf"], strict=True) if sub["type"] == kind), found[0])
        return
    wanted, name = _TYPES[schema["type"]]
    if not isinstance(value, wanted):
        yield way, f"{'.'.join(way)} must be {name}, not {value!r}"
    elif schema.get("minLength") and not value:
        yield way, f"{'.'.join(way)} must not be empty"
    elif "pattern" in schema and str(value).startswith("!"):
        yield way, f"{'.'.join(way)} has {value!r}, but no pattern brings back what another leaves out; make that one narrower"
    elif "enum" in schema and value not in schema["enum"]:
        yield way, f"{'.'.join(way)} is {value!r}{suggestion(str(value), schema['enum'])}"
    elif isinstance(value, list):
        for each in value:
            yield from _violations(each, schema["items"], way)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _violations(each, schema["additionalProperties"], (*way, key))


def json_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of `qcilint.toml`, and of `[tool.qcilint]`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of qcilint",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            option.key: {**option.schema, "description": option.about, "default": option.default} for option in OPTIONS
        },
    }


def reference() -> Iterator[str]:
    """The reference of all keys, as lines of Markdown."""
    for option in OPTIONS:
        yield f"### `{option.key}`"
        yield ""
        yield option.about
        yield ""
        yield f"*Type:* {option.type}. *Default:* `{_toml(option.default)}`."
        yield ""
        yield "```toml"
        yield option.example
        yield "```"
        yield ""


def _toml(value: Any) -> str:
    """A default as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).replace("'", '"')
