"""What sed and perl do to a line before and after an edit; finds the expressions that tell them apart."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Sequence

from qcilint import lazy as re
from qcilint.languages.command_tables import MATCHERS
from qcilint.records import NamedTuple
from qcilint.scripts.differences import parts, touches
from qcilint.scripts.regexes import MAX_PATTERN, Pattern, UnreadableError

Pair = tuple[str, str]  # a line before and after the edit

_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_JQ_LIKE = ("jq", "yq")
_VALUED = {
    "sed": "efl",
    "grep": "efmABCdD",
    "awk": "Fvf",
    "perl": "eEMmIF",
    "cut": "dfbc",
    "tr": "",
    "sd": "nf",
    "rev": "",
    "csplit": "fbn",
    "dasel": "",
} | dict.fromkeys(_JQ_LIKE, "f")
_SUFFIXED = {"sed": "i", "perl": "i"}  # options that take the rest of their word
_LONG = {"expression": "e", "regexp": "e", "field-separator": "F", "delimiter": "d", "characters": "c", "bytes": "b", "file": "f"}
_LONG["from-file"] = "f"
_LONG |= {"regexp-extended": "E", "extended-regexp": "E", "fixed-strings": "F", "perl-regexp": "P", "invert-match": "v"}
_LONG |= {"quiet": "n", "silent": "n", "ignore-case": "i", "only-matching": "o", "word-regexp": "w", "line-regexp": "x"}
_PERL_CALL = re.compile(r"(?<![\w$@%&])(?:(s|m|qr|tr|y)\s*([^\w\s=,;)])|(?:^|[~(,;{!&|]|\bif\b|\bunless\b|\band\b)\s*(/))")
REFERENCE = re.compile(r"\\([0-9&nLUElu])|\\(.)|(&)", re.DOTALL)
_PERL_REFERENCE = re.compile(r"[$\\](?:\{(\d)\}|(\d))|(\$&)")


class HeldError(Exception):
    """The edit changes what an expression does."""


class Options(NamedTuple):
    flags: str
    values: dict[str, list[str]]
    operands: list[str]


def options(tool: str, words: Sequence[str]) -> Options:
    """The options and the operands of a command."""
    flags, values, operands, at = "", dict[str, list[str]](), list[str](), 0
    valued, suffixed = _VALUED.get(tool, ""), _SUFFIXED.get(tool, "")
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            operands += words[at:]
            break
        if tool in _JQ_LIKE and word in MATCHERS[tool].pairs:
            at += 2
        elif word.startswith("--"):
            name, given, value = word[2:].partition("=")
            short = _LONG.get(name, "")
            if short and short in valued and (tool, short) != ("grep", "F"):
                if not given:
                    value = words[at] if at < len(words) else ""
                    at += 1
                values.setdefault(short, []).append(value)
            else:
                flags += short
        elif word.startswith("-") and len(word) > 1:
            for index, char in enumerate(word[1:], 2):
                if char in valued:
                    value = word[index:]
                    if not value and at < len(words):
                        value = words[at]
                        at += 1
                    values.setdefault(char, []).append(value)
                    break
                flags += char
                if char in suffixed:
                    break
            if tool == "sed" and word == "-i" and at < len(words) and re.fullmatch(r"|\.\w+", words[at]):
                at += 1
        else:
            operands.append(word)
    return Options(flags, values, operands)


def matches(pattern: Pattern, pair: Pair, *, inside: bool = False) -> bool:
    """Whether both lines match; refused where one does, or where the match may stand in the reference."""
    old, new = pair
    try:
        before, after = pattern.search(old), pattern.search(new)
        if bool(before) != bool(after) or (before and (inside or pattern.unsure) and touches(pattern, old, new)):
            raise HeldError(pattern.text)
    except UnreadableError:
        if pattern.stands_in(old):
            raise HeldError(pattern.text) from None
        return False
    return bool(before)


def split_on(delimiter: str, text: str, pair: Pair) -> None:
    """Refuse a delimiter that stands in what differs."""
    pattern = Pattern(delimiter, "ere" if len(delimiter) > 1 else "fixed")
    try:
        if delimiter.strip(" \t") and any(pattern.search(part) for part in parts(*pair)):
            raise HeldError(text)
    except UnreadableError:
        return


def substitute(pattern: Pattern, pair: Pair, replacement: Callable[[re.Match[str]], str] | None, count: int, text: str) -> Pair:
    """The lines after a substitution, which is refused where it does not do the same to both."""
    old, new = pair
    try:
        before, after = pattern.search(old), pattern.search(new)
        if not before and not after:
            return pair
        differs = not before or not after or ((pattern.unsure or not replacement) and touches(pattern, old, new))
        if differs or not pattern.regex:
            raise HeldError(text)
        if not replacement:
            return pair
        done = pattern.regex.sub(replacement, old, count), pattern.regex.sub(replacement, new, count)
    except (UnreadableError, IndexError):
        if pattern.stands_in(old):
            raise HeldError(text) from None
        return pair
    was, becomes = parts(old, new)
    if done[0] != done[1] and (not was or done[0].replace(was, becomes) != done[1]):
        raise HeldError(text)
    return done


def translate(characters: str, text: str, pair: Pair) -> None:
    punctuation = string.punctuation if "[:punct:]" in characters else re.sub(r"\[:\w+:\]|(?<=\w)-(?=\w)|\\.", "", characters)
    if any(char in part for part in parts(*pair) for char in punctuation if char in string.punctuation):
        raise HeldError(text)


def replacement_of(text: str, references: re.Pattern[str]) -> Callable[[re.Match[str]], str] | None:
    """A function that expands a replacement; None where it changes the case of what it gets."""
    if re.search(r"\\[LUElu]", text):
        return None

    def expand(match: re.Match[str]) -> str:
        def one(reference: re.Match[str]) -> str:
            first, second, third = reference.groups()
            if references is _PERL_REFERENCE:
                return match[0] if third else match[int(first or second)] or ""
            if third or first == "&":
                return match[0] if third else "&"
            return "\n" if first == "n" else match[int(first)] or "" if first else second

        return references.sub(one, text)

    return expand


def delimited(text: str, at: int, closer: str, opener: str = "") -> tuple[str, int]:
    """The text up to `closer`, and where it goes on after it."""
    out, level = list[str](), 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            out.append(text[at + 1] if text[at + 1] == closer and closer in "/,#@!:;%~ " else text[at : at + 2])
            at += 2
            continue
        if char == closer and not level:
            return "".join(out), at + 1
        level += (char == opener) - (char == closer)
        out.append(char)
        at += 1
    raise UnreadableError


def perl(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    script = "\n".join(found.values.get("e", []) + found.values.get("E", []))[: 20 * MAX_PATTERN]
    for given in pairs:
        pair, at = given, 0
        for separator in found.values.get("F", []):
            split_on(separator.strip("/"), "-F" + separator, pair)
        while pair[0] != pair[1] and (match := _PERL_CALL.search(script, at)):
            at = match.end()
            name, opener = match[1] or "m", match[2] or match[3]
            closer = _BRACKETS.get(opener, opener)
            replacement = ""
            try:
                source, at = delimited(script, at, closer, opener if closer != opener else "")
                if name in ("s", "tr", "y"):
                    if closer != opener:
                        second = re.compile(r"\s*(\S)").match(script, at)
                        opener = second[1] if second else opener
                        closer, at = _BRACKETS.get(opener, opener), second.end() if second else at
                    replacement, at = delimited(script, at, closer, opener if closer != opener else "")
            except UnreadableError:
                continue
            flags = re.compile(r"[a-z]*").match(script, at)[0]  # type: ignore[index]
            text = script[match.start(1) if match[1] else match.end() - 1 : at + len(flags)]
            if name in ("tr", "y"):
                translate(source, text, pair)
            elif name == "s":
                expand = None if "e" in flags else replacement_of(replacement, _PERL_REFERENCE)
                pattern = Pattern(source, "perl", ignore="i" in flags)
                pair = substitute(pattern, pair, expand, 0 if "g" in flags else 1, text)
            elif source:
                pattern = Pattern(source, "perl", ignore="i" in flags)
                pattern.text = text
                matches(pattern, pair)
        yield pair
