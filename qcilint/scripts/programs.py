"""Programs of sed, awk, jq and grep that stand in files of their own, and scripts that search whole folders."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from qcilint import lazy as re
from qcilint.scripts.files import Operands
from qcilint.scripts.regexes import UNKNOWN
from qcilint.scripts.tools import Options

_NAMED = re.compile(
    rb"(?<![\w-])(?:g?sed|[ef]?grep|[gmn]?awk|SED|GREP|AWK)[)}]?[ \t]+(?:-[\w.]*[ \t]+)*-[A-Za-z]*f[ \t]+[\"']?([^\s\"';|&]+)"
    rb"|(?<![\w-])g?(?:sed|grep|awk)[ \t][^\n|;&]{0,200}?--file[= ][\"']?([^\s\"';|&]+)"
)
_EDITED = re.compile(rb"(?<![\w-])(?:r?ed|ex|n?vim?)[ \t][^\n|;&<]{0,200}?(?:<[ \t]*(?![<&(])|-S[ \t]*)[\"']?([^\s\"';|&<]+)")
_SUFFIXED = re.compile(rb"[\w./-]+\.(?:sed|awk|jq|yq)\b")
_SHEBANG = re.compile(rb"#![^\n]*\b(sed|awk)[ \t]+(-\w*f)\b")
_PREFIXES = frozenset(("sudo", "env", "exec", "time", "if", "then", "do", "else", "while", "until", "!", "{"))
"""Words before a command."""
RECURSIVE = re.compile(
    rb"(?<![\w-])(?:g?[ef]?grep[ \t]+(?:-[A-Za-z-]+(?:=\S+)?[ \t]+)*-(?:[A-Za-z]*[rR]|-recursive)"
    rb"|git[ \t]+(?:grep|ls-files)\b|(?:rg|ag)[ \t]+-)"
)
"""A search in all files of a folder, or a list of them."""
_CALLS = tuple(name + end for name in (b"sed", b"grep", b"awk", b"SED", b"GREP", b"AWK") for end in (b" -", b") -", b"} -"))


def program_names(script: bytes) -> set[str]:
    """The file names of the programs that a script runs, with `-f` or by themselves."""
    given = [match[1] for match in _EDITED.finditer(script)] + _SUFFIXED.findall(script)
    if any(each in script for each in _CALLS):
        given += [match[1] or match[2] for match in _NAMED.finditer(script)]
    found = {name.rpartition(b"/")[2].strip(b"\"'") for name in given}
    return {name.decode("utf-8", "replace") for name in found if name}


def may_concern(script: bytes) -> bool:
    """Whether a script may work on files that it does not name."""
    return b"xargs" in script or b"find " in script or bool(RECURSIVE.search(script))


def with_programs(tool: str, found: Options, operands: Operands, programs: Mapping[str, bytes]) -> Options:
    """The options of a command with the program that it reads from a file in the place of its name."""
    given = [text for name in found.values.get("f", ()) if (text := _program(name, operands, programs))]
    if not given or tool not in ("sed", "grep", "awk", "ed", "vim", "jq", "yq"):
        return found
    values = {flag: value for flag, value in found.values.items() if flag != "f"}
    if tool == "awk":
        return found._replace(values=values, operands=["\n".join(given), *found.operands])
    return found._replace(values=values | {"e": [*values.get("e", []), *(text.rstrip("\n") for text in given)]})


def spelled(words: Sequence[str], operands: Operands, programs: Mapping[str, bytes]) -> list[str]:
    """The words of a command, with `sed -f FILE` in the place of a file that is such a program (`#!/bin/sed -f`)."""
    for at, word in enumerate(words):
        if word.endswith((".sed", ".awk")) and (match := _SHEBANG.match(_program(word, operands, programs).encode("latin-1"))):
            return [*words[:at], match[1].decode(), match[2].decode(), *words[at:]]
        if word not in _PREFIXES:
            break
    return list(words)


def _program(name: str, operands: Operands, programs: Mapping[str, bytes]) -> str:
    for path, data in programs.items():
        if posixpath.basename(path) == posixpath.basename(name) and operands.may_name(path, [name]):
            return data.replace(b"\r\n", b"\n").decode("latin-1")
    return ""


_SPECIFIC = re.compile(r"[A-Za-z0-9]\\?/[A-Za-z0-9]")
_INCLUDE = re.compile(r"--include=(.+)")


def within(folders: Sequence[str], words: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The files that a search in folders reads, as globs.

    The whole tree counts only for a text that says more than a host: a search for a bare host there looks for references
    to be changed.
    """
    names = [match[1] for word in words if (match := _INCLUDE.fullmatch(word))]
    out: list[str] = []
    for folder in folders or ["."]:
        top = folder.rstrip("/") in ("", ".", "..") or not UNKNOWN.sub("", folder).strip("./")
        if names:
            out += [("**/" if top else folder.rstrip("/") + "/**/") + name for name in names]
        elif not top:
            out += [folder, folder.rstrip("/") + "/**"]
        elif is_specific(texts):
            out.append("**/*")
    return out or ["-"]


def is_specific(texts: Sequence[str]) -> bool:
    """Whether one of the expressions says more than a host."""
    return any(_SPECIFIC.search(text) for text in texts)
