"""Whether a regular expression may match the beginning of a text with holes."""

from __future__ import annotations

from functools import lru_cache

from qcilint import lazy as re
from qcilint.reference import Text

ONE, MANY, PART = "\0", "\1", "\2"
"""One character; any characters; any characters within one part of a reference."""
_SEPARATORS = "/:@ "
LONGEST = 300
"""Characters of a text that are compared: a reference is no longer (distribution/reference, `RepositoryNameTotalLengthMax`)."""
_ATOM = re.compile(r"\\(.)|\[\^?\]?(?:\\.|[^\]])*\]|(.)", re.S)
_QUANTIFIER = re.compile(r"[*+?]|\{[0-9]*,?[0-9]*\}")
_GROUP = re.compile(r"\(\?(?:P?<\w+>|:)|\(")


def shape(expression: str) -> str:
    """A regular expression as literals, ONE and MANY: it matches whatever the expression matches, and perhaps more."""
    out: list[str] = []
    at = 0
    while at < len(expression):
        char = expression[at]
        if char == "(":
            at, token = _group(expression, at)
        else:
            match = _ATOM.match(expression, at)
            at = match.end() if match else at + 1
            escaped = match[1] if match else None
            if escaped:
                token = ONE if escaped in "dDwWsS" else "" if escaped in "bBAzZ<>" else escaped
            else:
                token = ONE if char in ".[" else "" if char in "^$" else char
        if quantifier := _QUANTIFIER.match(expression, at):
            at, token = quantifier.end(), MANY if token else ""
            at += expression[at : at + 1] in ("?", "+")
        out.append(token)
    return re.sub(f"{MANY}+", MANY, "".join(out))


def _group(expression: str, at: int) -> tuple[int, str]:
    """Where a group ends, and its shape: that of its only alternative, else MANY."""
    opening = _GROUP.match(expression, at)
    inner, depth, end = opening.end() if opening else at + 1, 1, at + 1
    while end < len(expression) and depth:
        char = expression[end]
        if char == "\\":
            end += 1
        elif char == "[":
            match = _ATOM.match(expression, end)
            end = match.end() - 1 if match else end
        depth += {"(": 1, ")": -1}.get(char, 0)
        end += 1
    body = expression[inner : end - 1]
    if expression[at:].startswith(("(?=", "(?!", "(?<=", "(?<!")):
        return end, ""
    return end, MANY if "|" in body or depth else shape(body)


def text_shape(text: Text) -> str:
    """A text with holes as literals and PART."""
    return "".join(PART if part.is_hole else part.text for part in text)


def may_match(expression: str, text: str) -> bool:
    """Whether what the shape `expression` stands for may be the beginning of what the shape `text` stands for."""
    if MANY not in expression:
        return bool(_beginnings(text).fullmatch(expression))
    return _walk(expression, text)


@lru_cache(maxsize=4096)
def _beginnings(text: str) -> re.Pattern[str]:
    """Matches the shapes without MANY that may be the beginning of a text."""
    regex = ""
    for char in reversed(text[:LONGEST]):
        item = f"[^{_SEPARATORS}]*" if char == PART else f"[{ONE}{re.escape(char)}]"
        regex = f"(?:{item}{regex})?"
    return re.compile(regex, re.S)


def _walk(expression: str, text: str) -> bool:
    seen = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        if i == len(expression):
            return True
        wanted, given = expression[i], text[j : j + 1]
        steps = []
        if wanted == MANY:
            steps = [(i + 1, j), *([(i, j + 1)] if given else [])]
        elif given == PART:
            steps = [(i, j + 1), *([(i + 1, j)] if wanted not in _SEPARATORS else [])]
        elif given and wanted in (ONE, given):
            steps = [(i + 1, j + 1)]
        for step in steps:
            if step not in seen:
                seen.add(step)
                todo.append(step)
    return False
