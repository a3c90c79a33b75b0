"""Makes YAML texts in which references stand in all kinds of places, valid and not."""

from __future__ import annotations

import random

REFERENCE = "registry.ci.openshift.org/ocp/4.20:cli"
_KEYS = (
    "a", "b", "image", "kind", "apiVersion", "labels", "ci.openshift.io/generator", "images", "tests", "inputs", "root", "as", "as",
    "command", "args", "commands", "dockerfile_literal", "base_images", "metadata", "spec", "env", "name", '"q"', "'s'", "x y", "<<",
    "? e", "*al", "&an k", "!!str t", "-", '"kind"', "kind ",
)  # fmt: skip
_VALUES = (
    "", "", "v", "v", "§", "§", "§", '"§"', "'§'", '"a"', '"a', "'a", "it's", "[a, §]", '["a", "§"]', "[a,", "b]", "{k: §}", "{", "}",
    "|", "|-", ">", "|2", "|+", "# c", "v # §", "§ # c", "&x", "*x", "&x §", "!!str §", "!!map", "foo § bar", "podman pull §",
    '"a\\n §"', '"a \\', "a: b", "Pod", "v1", "prowgen", "- §", "{{ x }}", "? x", '"a" c', '"x": §', "FROM § AS b", "é §", "\u2028x",
)  # fmt: skip
_TEXT = ("podman pull §", "# §", "if x; then", "FROM §", "a: §", "b:", "- §", "", "c: |", '"x', "echo foo |")
_ODD_LINES = ("---", "...", "--- # c", "---:", "--- |", "# §", "", "   ", "%YAML 1.1", "  |", " >-", '    "x')


def text(source: random.Random) -> str:
    """A text: blocks and lists nested in each other, and often some lines out of place."""
    lines = _mapping(source, 0, 0) if source.random() < 0.8 else _list(source, 0, 0)
    for _ in range(source.choice((0, 0, 1, 1, 2, 4))):
        _disturb(source, lines)
    if source.random() < 0.15:
        lines += ["---", *_mapping(source, 0, 0)]
    return "\n".join(lines).replace("§", REFERENCE) + "\n"


def _mapping(source: random.Random, depth: int, indent: int) -> list[str]:
    lines: list[str] = []
    for _ in range(source.choice((1, 1, 2, 3))):
        key, kind = " " * indent + source.choice(_KEYS) + ":", source.random()
        if depth < 4 and kind < 0.3:
            lines += [key, *_mapping(source, depth + 1, indent + source.choice((1, 2, 2, 2, 4)))]
        elif depth < 4 and kind < 0.5:
            lines += [key, *_list(source, depth + 1, indent + source.choice((0, 0, 2, 4)))]
        elif kind < 0.6:
            lines += [f"{key} {source.choice(('|', '|-', '>', '>-', '|+', '| # §', '|2'))}", *_block(source, indent + 2)]
        else:
            lines.append(f"{key} {source.choice(_VALUES)}".rstrip())
        if source.random() < 0.06:
            lines.append(" " * source.choice((0, indent, indent + 2)) + "# c §")
    return lines


def _list(source: random.Random, depth: int, indent: int) -> list[str]:
    lines: list[str] = []
    for _ in range(source.choice((1, 1, 2, 3))):
        kind = source.random()
        if depth < 4 and kind < 0.5:
            dashes = source.choice(("- ", "- ", "- ", "-   ", "- - "))
            inner = _mapping(source, depth + 1, indent + len(dashes))
            lines += [" " * indent + dashes + inner[0][indent + len(dashes) :], *inner[1:]]
        elif kind < 0.6:
            lines += [" " * indent + source.choice(("-", "- |", "- >-")), *_block(source, indent + 2)]
        else:
            lines.append(f"{' ' * indent}- {source.choice(_VALUES)}")
    return lines


def _block(source: random.Random, indent: int) -> list[str]:
    return [" " * (indent + source.choice((0, 0, 0, 2))) + source.choice(_TEXT) for _ in range(source.randrange(4))]


def _disturb(source: random.Random, lines: list[str]) -> None:
    at, kind = source.randrange(len(lines) or 1), source.randrange(7)
    if kind == 0 or not lines:
        lines.insert(at, source.choice(_ODD_LINES))
    elif kind == 1:
        lines.insert(at, source.choice(lines))
    elif kind == 2:
        lines[at] = " " * source.choice((1, 2, 2)) + lines[at]
    elif kind == 3:
        lines[at] = lines[at][source.choice((1, 2, 2)) :]
    elif kind == 4:
        lines.insert(at, " " * source.choice((0, 0, 1, 2, 4, 6)) + source.choice(_VALUES))
    elif kind == 5:
        lines[at] += source.choice((" ", "  # c", "\\", " §", ":", " x"))
    else:
        lines.pop(at)
