"""What sed does to a line before and after an edit: its commands, and what becomes of the line."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence

from qcilint import lazy as re
from qcilint.records import NamedTuple
from qcilint.scripts.differences import parts
from qcilint.scripts.regexes import UNKNOWN, Pattern, UnreadableError
from qcilint.scripts.tools import REFERENCE, HeldError, Options, Pair, delimited, matches, replacement_of, substitute


class SedCommand(NamedTuple):
    addresses: list[Pattern]
    other: bool  # an address that is no expression
    negated: bool
    name: str
    pattern: Pattern | None
    replacement: str
    flags: str
    text: str


def sed_commands(script: str, dialect: str) -> list[SedCommand]:
    """The commands of a sed script, as far as it can be read."""
    out: list[SedCommand] = []
    try:
        at = 0
        while at < len(script):
            at = _sed_command(script, at, dialect, out)
    except UnreadableError:
        pass
    return out


def _sed_command(script: str, at: int, dialect: str, out: list[SedCommand]) -> int:
    addresses, other, begin = list[Pattern](), False, at
    while at < len(script):
        char = script[at]
        if char == "/" or (char == "\\" and at + 1 < len(script)):
            closer = char if char == "/" else script[at + 1]
            start = at
            text, at = delimited(script, at + (1 if char == "/" else 2), closer)
            ignore = script[at : at + 1] == "I"
            at += ignore
            addresses.append(Pattern(text, dialect, ignore=ignore))
            addresses[-1].text = script[start:at]
        elif char in "0123456789$+~" or UNKNOWN.match(char):
            other = True
            at += 1
        elif char in " \t\n;{}," or (char == "M" and addresses):
            if char in "{};\n" and not addresses:
                begin, other = at + 1, False
            at += 1
            if char in "{;\n" and addresses:
                out.append(SedCommand(addresses, True, False, "", None, "", "", script[begin : at - 1]))
                addresses, other, begin = [], False, at
        else:
            break
    negated = script[at : at + 1] == "!"
    at = re.compile(r"[!\s]*").match(script, at).end()  # type: ignore[union-attr]
    name = script[at : at + 1]
    at += 1
    pattern, replacement, flags, line = None, "", "", script.find("\n", at)
    line = len(script) if line < 0 else line
    if name in ("s", "y"):
        closer = script[at : at + 1]
        if not closer or closer in "\n\\":
            raise UnreadableError
        source, at = delimited(script, at + 1, closer)
        replacement, at = delimited(script, at, closer)
        match = re.compile(r"[gpeIiMm0-9]*").match(script, at)
        flags = match[0] if match else ""
        at += len(flags)
        pattern = Pattern(source, dialect if name == "s" else "fixed", ignore="i" in flags.lower())
    elif name and name in "aicrRwW#bBtT:":
        stop = script.find(";", at) if name in "btT" else -1
        at = line if stop < 0 else min(stop, line)
    if name or addresses:
        out.append(SedCommand(addresses, other, negated, name, pattern, replacement, flags, script[begin:at].strip(" \t\n;{")))
    return at


def sed(found: Options, pairs: Iterable[Pair]) -> Iterator[Pair]:
    dialect = "ere" if set(found.flags) & set("Er") else "bre"
    scripts = found.values["e"] if "e" in found.values else [] if "f" in found.values else found.operands[:1]
    return do_commands(sed_commands("\n".join(scripts), dialect), pairs, silent="n" in found.flags)


def do_commands(commands: Sequence[SedCommand], pairs: Iterable[Pair], *, silent: bool = False) -> Iterator[Pair]:
    """What becomes of lines; those that no command prints are left out where it is silent."""
    for given in pairs:
        pair: Pair | None = given
        printed = not silent
        for command in commands:
            if pair is None or pair[0] == pair[1]:
                break
            hits = [matches(address, pair) for address in command.addresses]
            known = len(hits) == 1 and not command.other
            if known and hits[0] == command.negated:
                continue
            printed = printed or any(hits) or (command.name == "p" and not hits)
            if command.name == "d" and known:
                pair = None
            elif command.pattern and command.name == "y":
                if any(char in part for part in parts(*pair) for char in command.pattern.text if char in string.punctuation):
                    raise HeldError(command.text)
            elif command.pattern and command.pattern.text:
                number = re.search(r"[1-9]", command.flags)
                expand = None if number or "e" in command.flags else replacement_of(command.replacement, REFERENCE)
                pair = substitute(command.pattern, pair, expand, 0 if "g" in command.flags else 1, command.text)
                printed = printed or "p" in command.flags
        if printed and pair:
            yield pair
