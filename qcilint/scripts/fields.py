"""What grep, cut, tr and queries do to a line before and after an edit: which lines they select, and how they split them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qcilint import lazy as re
from qcilint.scripts.awk import awk, field
from qcilint.scripts.differences import changed, parts
from qcilint.scripts.editors import editor_commands
from qcilint.scripts.regexes import Pattern, UnreadableError
from qcilint.scripts.sed import do_commands, sed
from qcilint.scripts.tools import HeldError, Options, Pair, matches, perl, substitute, translate


def grep(found: Options, pairs: Iterable[Pair], dialect: str) -> Iterator[Pair]:
    flags = found.flags
    dialect = "perl" if "P" in flags else "ere" if "E" in flags else "fixed" if "F" in flags else dialect
    texts = found.values["e"] if "e" in found.values else [] if "f" in found.values else found.operands[:1]
    wrap = "line" if "x" in flags else "word" if "w" in flags else ""
    lines = [line for text in texts for line in text.split("\n") if line]
    patterns = [Pattern(line, dialect, ignore="i" in flags or "y" in flags, wrap=wrap) for line in lines]
    for pair in pairs:
        sure = [p for p in patterns if p.regex and not p.unsure]
        try:
            selected = [any(p.search(line) for p in sure) for line in pair]
        except UnreadableError:
            sure, selected = [], [False, False]
        if selected[0] != selected[1]:
            raise HeldError(next(p.text for p in sure if bool(p.search(pair[0])) != bool(p.search(pair[1]))))
        hit = any(matches(p, pair) for p in patterns if p not in sure) or selected[0]
        if hit and "o" in flags:
            for pattern in patterns:
                shown = tuple("\n".join(m[a:b] for a, b in pattern.spans(m)) for m in pair) if pattern.regex else pair
                was, becomes = parts(*pair)
                if shown[0] != shown[1] and (not was or shown[0].replace(was, becomes) != shown[1]):
                    raise HeldError(pattern.text)
        if hit != ("v" in flags) and not set(flags) & set("cqlL"):
            yield pair


def cut(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    for pair in pairs:
        start, _ = changed(*pair)
        positions = (found.values.get("c", []) + found.values.get("b", []))[:1]
        for text in positions:
            if re.fullmatch(r"(\d{1,4})-", text):
                start = max(start, int(text[:-1]) - 1)
                if start != changed(*pair)[0]:
                    raise HeldError("-c" + text)
            elif any(int(number[:4]) > start for number in re.findall(r"\d+", text)):
                raise HeldError("-c" + text)
        delimiter = (found.values.get("d") or ["\t"])[0][:1]
        fields = (found.values.get("f") or [""])[0]
        if not positions and delimiter:
            if any(delimiter in part for part in parts(*pair)):
                raise HeldError("-d" + delimiter)
            pair = field(pair, fields, delimiter) if re.fullmatch(r"[1-9]\d{0,3}", fields) else pair
        yield pair


def tr(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    for pair in pairs:
        if found.operands and set(found.flags) & set("cC") and pair[0] != pair[1]:
            raise HeldError(found.operands[0])
        for characters in found.operands[:1]:
            translate(characters, characters, pair)
        yield pair


def replaced(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """`sd OLD NEW FILE…`, or another command of this form; without its option for plain texts, OLD is an expression."""
    patterns = [Pattern(text, "fixed" if set(found.flags) & set("sF") else "perl") for text in found.operands[:1]]
    for given in pairs:
        pair = given
        for pattern in patterns:
            pair = substitute(pattern, pair, None, 0, pattern.text)
        yield pair


QUERIES = ("jq", "yq", "dasel")
"""Commands that give a part of a document."""
_SPLIT_AT = re.compile(r"([/%])((?:(?!\1)[^\\]|\\.)+)\1")
_KEY = re.compile(r"[ \t-]*[\"']?([\w.-]+)[\"']?[ \t]*:")
_NO_IMAGE = re.compile(r"\.(?:metadata\b.*|(?:name|namespace|kind|version|apiVersion|replicas|tag)\W*)\Z")


def queried(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The values of a query; not those of other keys, where it ends in one that holds no image."""
    programs = found.values.get("e", [])
    query = next((text for text in (*programs, *found.operands) if text.startswith((".", "[", "(", "select"))), "")
    about_others = bool(_NO_IMAGE.search(query))
    for pair in pairs:
        key = _KEY.match(pair[0])
        if not key or key[1] in query or not about_others:
            for program in programs:
                look_into(program, pair)
            yield pair


def look_into(program: str, pair: Pair) -> None:
    """Refuse what a program of jq in a file of its own looks for; of one in a script, the script is asked."""
    from qcilint.scripts.sought import texts_noticed

    for text in texts_noticed(program, pair):
        raise HeldError(text)


def csplit(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """`csplit FILE /EXPRESSION/ %EXPRESSION%`: a file is cut where a line matches."""
    patterns = [Pattern(match[2], "bre") for text in found.operands[1:] if (match := _SPLIT_AT.match(text))]
    for pair in pairs:
        for pattern in patterns:
            matches(pattern, pair)
        yield pair


def paths(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """`xargs basename`: a part of a path."""
    for _ in pairs:
        if "xargs" in found.values:
            raise HeldError("basename")
    yield from ()


def reverse(_: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    for old, new in pairs:
        yield old[::-1], new[::-1]


_RUN = {"sed": sed, "awk": awk, "perl": perl, "cut": cut, "tr": tr, "sd": replaced, "basename": paths, "dirname": paths}
_RUN |= {"rev": reverse, "csplit": csplit} | dict.fromkeys(QUERIES, queried)


def run(tool: str, found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The lines that a command gives on, for those that it gets, one after the other. Raises HeldError when its time comes."""
    pairs = (pair for pair in pairs if pair[0] != pair[1])
    if tool in ("grep", "egrep", "fgrep"):
        return grep(found, pairs, {"egrep": "ere", "fgrep": "fixed"}.get(tool, "bre"))
    if tool in ("ed", "vim"):
        return do_commands(editor_commands(tool, "\n".join(found.values["e"])), pairs)
    return _RUN[tool](found, pairs)
