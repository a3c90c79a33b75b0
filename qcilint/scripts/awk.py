"""What awk does to a line before and after an edit: which lines it selects, how it splits them, and what it cuts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qcilint import lazy as re
from qcilint.scripts.differences import changed
from qcilint.scripts.regexes import MAX_PATTERN, Pattern
from qcilint.scripts.tools import HeldError, Options, Pair, matches, split_on

_REGEX = re.compile(r"(\$\w+\s*!?~\s*|(?:sub|split|match)\([^/\"]{0,80}|(?:^|[~(,{};!&|\n])\s*)/((?:[^/\\\n]|\\.)+)/")
_STRING = re.compile(r"(?:(sub|match)\(\s*|(\$\w+\s*!?[~]\s*))\"((?:[^\"\\\n]|\\.)+)\"")
_EQUAL = re.compile(r"\$(\d+)\s*[!=]=\s*\"([^\"\\\n]*)\"")
_INDEX = re.compile(r"\bindex\([^,\"]{0,80},\s*\"((?:[^\"\\\n]|\\.)+)\"\s*\)")
_SUBSTR = re.compile(r"\bsubstr\(\s*\$(\d+|NF)\s*,\s*(\d{1,4})\s*(?:,\s*(\d{1,4})\s*)?\)")
_FIELD = re.compile(r"\$(\d{1,4}|NF)\b")
_SPLIT = re.compile(r"split\([^,]{0,80},[^,]{0,80},\s*[\"/]((?:[^\"/\\]|\\.){1,20})[\"/]|\bFS\s*=\s*\"([^\"]{1,20})\"")
_PRINT = re.compile(r"\bprint\s*\(?\s*\$(\d+|NF)\s*\)?\s*[;}]")


def awk(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    program = "" if "f" in found.values else "".join(found.operands[:1])[: 20 * MAX_PATTERN]
    program = _with_values(program, found.values.get("v", []))
    separators = found.values.get("F", []) + [v[3:] for v in found.values.get("v", []) if v.startswith("FS=")]
    splits = [(match[1] or match[2], match[0]) for match in _SPLIT.finditer(program)]
    rules = _rules(program)
    every = not rules or bool(re.search(r"(?:^|\})\s*\{", program))
    shown = _PRINT.findall(program)
    for pair in pairs:
        selected = every
        for kind, pattern in rules:
            inside = any(name in kind for name in ("sub", "split", "match", "index"))
            for each in _looked_at(kind, pair) if kind.startswith("$") and not separators else [pair]:
                if matches(pattern, each, inside=inside):
                    selected = True
        if not selected:
            continue
        for separator in separators:
            split_on(separator, "-F" + separator, pair)
        for separator, text in splits:
            split_on(separator, text, pair)
        for match in _SUBSTR.finditer(program) if not separators else ():
            _cut_out(match, pair)
        yield field(pair, shown[0]) if len(shown) == 1 and not separators else pair


def _rules(program: str) -> list[tuple[str, Pattern]]:
    """What a program of awk looks for, each with where it does."""
    rules: list[tuple[str, Pattern]] = []
    for match in _REGEX.finditer(program):
        rules.append((match[1].strip(" \t\n{};(,!&|"), Pattern(match[2].replace("\\/", "/"), "ere")))
    for match in _STRING.finditer(program):
        rules.append((match[1] or match[2], Pattern(match[3].replace("\\\\", "\\"), "ere")))
    for match in _EQUAL.finditer(program):
        rules.append(("$" + match[1], Pattern(match[2], "fixed", wrap="line")))
    for match in _INDEX.finditer(program):
        rules.append(("index", Pattern(match[1], "fixed")))
    return rules


def _with_values(program: str, settings: Iterable[str]) -> str:
    """A program with the values of `-v NAME=VALUE` where it compares with them, or searches for them."""
    for name, _, value in (each.partition("=") for each in settings):
        if re.fullmatch(r"[A-Za-z_]\w*", name):
            text = value.replace("\\", "\\\\").replace('"', '\\\\"')
            program = re.sub(rf"([~,]\s*|[!=]=\s*){name}\b(?!\()", rf'\g<1>"{text}"', program)
    return program


def _cut_out(match: re.Match[str], pair: Pair) -> None:
    """Refuse `substr($FIELD, BEGIN, LENGTH)` that begins or ends in what differs."""
    each = field(pair, match[1])
    start, begin = changed(*each)[0], int(match[2]) - 1
    if each[0] != each[1] and (begin > start or (match[3] and begin + int(match[3]) > start)):
        raise HeldError(match[0])


def _looked_at(kind: str, pair: Pair) -> list[Pair]:
    """The field that a condition is about, in both lines; each of them where that is not known."""
    every, match = fields(pair), _FIELD.match(kind)
    if not match or len(every) != len(pair[0].split()):
        return every
    number = len(every) if match[1] == "NF" else int(match[1])
    return every[number - 1 : number] if number else [pair]


def fields(pair: Pair) -> list[Pair]:
    old, new = pair[0].split(), pair[1].split()
    return list(zip(old, new, strict=True)) if len(old) == len(new) else [pair]


def field(pair: Pair, number: str, delimiter: str | None = None) -> Pair:
    """One field of both lines."""
    out = []
    for line in pair:
        every = line.split(delimiter)
        index = len(every) if number == "NF" else int(number[:4])
        out.append(line if index == 0 else every[index - 1] if index <= len(every) else "")
    return out[0], out[1]
