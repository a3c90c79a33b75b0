"""Literal values that a text gives its variables, whatever language it is in.

Only to find a reason against an edit: a stream named `$STREAM` is not mapped where the same file says
`STREAM=4.20-art-latest`. A value that is not found proves nothing.
"""

from __future__ import annotations

from itertools import islice

from qcilint import lazy as re
from qcilint.reference import Part, Reference, Text

MOST_VALUES = 40
"""Values of one variable that are tried."""
_NAME = re.compile(r"\A(?:\$\$?|\$\{\{|\{\{|%)?[({]*\s*(?:\.?Values\.|env\.|params\.|inputs\.|\.)?([A-Za-z_][A-Za-z0-9_]*)")
_DEFAULT = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=]([^{}$\s]+)\}")
_VALUE = rb"(?:\"([^\"\n$]*)\"|'([^'\n$]*)'|([^\s\"'$;,)]+))"


def values(data: bytes, hole: Part) -> list[str]:
    """What the text assigns to the variable of a hole: assignments, defaults, words of a loop."""
    found = dict.fromkeys(match[1] for match in [_DEFAULT.fullmatch(hole.text)] if match)
    name = _NAME.match(hole.text)
    if name:
        word = re.escape(name[1].encode())
        assigned = re.compile(rb"(?<![A-Za-z0-9_$\{(.])" + word + rb"[ \t]*(?::-|:=|\?=|::=|=|:)[ \t]*" + _VALUE)
        for match in islice(assigned.finditer(data), MOST_VALUES):
            found[(match[1] or match[2] or match[3] or b"").decode("utf-8", "replace")] = None
        defaults = re.compile(rb"\$\{" + word + rb":?[-=]([^{}$\s\"']+)\}")
        for match in islice(defaults.finditer(data), MOST_VALUES):
            found[match[1].decode("utf-8", "replace")] = None
        loops = re.compile(rb"\bfor\s+" + word + rb"\s+in\s+([^;\n]*(?:\\\n[^;\n]*)*)")
        for match in islice(loops.finditer(data), MOST_VALUES):
            found.update(dict.fromkeys(re.findall(r"[^\s\"'\\(),\[\]]+", match[1].decode("utf-8", "replace"))))
        parameter = re.compile(rb"name:[ \t]*[\"']?" + word + rb"[\"']?[ \t]*\r?\n[ \t]*(?:value|default)[ \t]*:[ \t]*" + _VALUE)
        for match in islice(parameter.finditer(data), MOST_VALUES):
            found[(match[1] or match[2] or match[3] or b"").decode("utf-8", "replace")] = None
    return [value for value in found if value and "$" not in value and "{" not in value][:MOST_VALUES]


def variants(data: bytes, reference: Reference) -> list[str]:
    """The path of a reference (`/namespace/name:tag`) with each literal value of its variables in place, one at a time or all."""
    holes = list(dict.fromkeys(reference.text.holes))
    known = {hole: options for hole in holes if (options := values(data, hole))}
    texts: dict[str, None] = {}
    for hole, options in known.items():
        for option in options:
            texts[_path(reference.text, {hole: option})] = None
    first = {hole: options[0] for hole, options in known.items()}
    if len(first) > 1:
        texts[_path(reference.text, first)] = None
    return list(texts)


def _path(text: Text, given: dict[Part, str]) -> str:
    return "".join(given.get(part, part.text) for part in text)
