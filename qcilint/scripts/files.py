"""The files that the words of a script name: with variables that it gives a value, from the folders that it enters."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from qcilint import lazy
from qcilint.scripts.regexes import UNKNOWN
from qcilint.scripts.words import Names

_ASSIGN = lazy.compile(
    r"(?:^|(?<=;))[ \t]*(?:(?:export|local|readonly)[ \t]+)?([A-Za-z_]\w*)[ \t]*[:?]?=[ \t]*[\"']?"
    r"(\$[({]?\w+[)}]?/)?((?:[\w./*-]|\$[{(]\w+[)}])+)[\"']?[ \t]*(?=$|[;#])",
    re.MULTILINE,
)
_SHOWN = lazy.compile(r"\$\{?(\w+)\}?")
_PART = lazy.compile(r"\$[{(](\w+)[)}]")
_LIST = lazy.compile(
    r"^[ \t]*(?:(?:export|local|readonly)[ \t]+)?([A-Za-z_]\w*)=[\"'(]([\w./*-]+(?:\s+[\w./*-]+)+)\s*[\"')]", re.MULTILINE
)
_VARIABLE = lazy.compile(r"\$\{?([A-Za-z_]\w*)")
_FUNCTION = lazy.compile(r"^[ \t]*(?:function[ \t]+)?([A-Za-z_]\w*)[ \t]*\(\)", re.MULTILINE)
_FIRST = lazy.compile(r"\b([A-Za-z_]\w*)=[\"']?\$\{?1\b")
_FOR = lazy.compile(r"\bfor[ \t]+([A-Za-z_]\w*)[ \t]+in[ \t]+([^;\n]+)")
_WHILE = lazy.compile(r"\bfind[ \t][^\n|]*\|[ \t]*while[ \t]+(?:IFS=\S*[ \t]+)?read[ \t]+(?:-\w+[ \t]+)*(\w+)")
_FIND_NAME = lazy.compile(r"-i?name[ \t]+[\"']?([^\s\"'()`]+)")
_CD = lazy.compile(r"\bcd[ \t]+[\"']?(?:\$\$?[({]?\w+[)}]?/)?([\w./-]+)")
_BELOW = lazy.compile(r"\bcd[ \t]+[\"']?(?:--[ \t]+)?[\"']?(?:\$\(|`)dirname[^)`]*[)`][\"']?[ \t]*(?:$|[;&|)])", re.MULTILINE)
_REFERENCE = lazy.compile(r"\$\$?(?:\{\w+\}|\(\w+\)|\w+)")
NAME = lazy.compile(r"\$[({]?(\w+)[)}]?\Z")
"""The source text of an unknown that is a variable."""
_WILDCARD = lazy.compile("\\*\\*/?|[*?\ue000-\uf8ff]|\\[[^]/]{1,40}\\]|\\{[^{}/]{1,200}\\}")
_ANY = "\uf8ff"
_MAX_GLOB = 300
_MOST_VALUES = 10
_SCRATCH = lazy.compile(r"(?i)te?mp|mktemp|work|build|out|dist|stag|cache|artifact|dest|\bhome\b")
"""In the name of a folder outside of the tree, or of one that is built."""


@lru_cache(maxsize=4096)
def glob(text: str) -> re.Pattern[str] | None:
    """A path with wildcards and unknowns."""
    out, at = list[str](), 0
    if len(text) > _MAX_GLOB or len(_WILDCARD.findall(text)) > 5:
        return None
    for match in _WILDCARD.finditer(text):
        out.append(re.escape(text[at : match.start()]))
        at, char = match.end(), match[0]
        if char.startswith("**"):
            out.append("(?:.*/)?" if char.endswith("/") else ".*")
        elif char in "*?":
            out.append("[^/]" + char.replace("?", ""))
        elif char.startswith("["):
            inner = re.escape(char[1:-1].lstrip("!^")).replace(r"\-", "-")
            out.append(f"[{'^' * (char[1] in '!^')}{inner}]" if inner else re.escape(char))
        elif char.startswith("{"):
            out.append(f"(?:{'|'.join(re.escape(each) for each in char[1:-1].split(','))})")
        else:
            out.append(".*")
    try:
        return re.compile("".join(out) + re.escape(text[at:]), re.DOTALL)
    except re.error:
        return None


class Paths(frozenset[str]):
    """A set of paths that remembers which of them a glob matches."""

    def __init__(self, _paths: Iterable[str]) -> None:
        self._matching: dict[re.Pattern[str], frozenset[str]] = {}

    def matching(self, pattern: re.Pattern[str]) -> frozenset[str]:
        """Those that a glob matches."""
        found = self._matching.get(pattern)
        if found is None:
            found = self._matching[pattern] = frozenset(path for path in self if pattern.fullmatch(path))
        return found


class Operands:
    """What the operands of the commands of one script mean."""

    def __init__(self, path: str, text: str, names: Names) -> None:
        self.names, self.folder = names, posixpath.dirname(path)
        entered = [match[1] for match in islice(_CD.finditer(text), 20)]
        self.folders = dict.fromkeys(posixpath.join(base, into) for base in ("", self.folder) for into in ("", *entered))
        is_below = bool(_BELOW.search(text)) or posixpath.basename(path).lower().startswith(("makefile", "gnumakefile"))
        self.starts = list(dict.fromkeys((self.folder, "") if is_below else ("", self.folder)))
        """Where the script most likely runs first."""
        self._meanings: dict[str, tuple[set[str], list[re.Pattern[str]]]] = {}
        self.values: dict[str, list[str]] = {}
        for match in _ASSIGN.finditer(text):
            if not _SCRATCH.search(match[2] or "") and (values := self._composed(match[3])):
                self.values.setdefault(match[1], []).extend(values)
        for match in _LIST.finditer(text):
            self.values.setdefault(match[1], []).extend(match[2].split())
        self._take_arguments(text)
        for match in _FOR.finditer(text):
            held = [value for name in _VARIABLE.findall(match[2]) for value in self.values.get(name, ())]
            self.values.setdefault(match[1], []).extend(held)
            listed = [word.strip("\"'()`") for word in _REFERENCE.sub(_ANY, match[2]).split()]
            self.values.setdefault(match[1], []).extend([*listed, *("**/" + name for name in _FIND_NAME.findall(match[2]))])
        for match in _WHILE.finditer(text):
            self.values.setdefault(match[1], []).extend("**/" + name for name in _FIND_NAME.findall(match[0]))

    def _composed(self, value: str) -> list[str]:
        """A value with the values that its parts have so far; none where one of them has none."""
        match = _PART.search(value)
        if not match:
            return [value]
        known = self.values.get(match[1], ())[:_MOST_VALUES]
        made = (value[: match.start()] + part + value[match.end() :] for part in known)
        return [each for each in made if not _PART.search(each)]

    def _take_arguments(self, text: str) -> None:
        """Give `$1`, and what is set to it, the first arguments that functions of the script are called with."""
        names = {match[1] for match in islice(_FUNCTION.finditer(text), 50)}
        if not names or "$1" not in text.replace("{", ""):
            return
        calls = re.findall(rf"^[ \t]*(?:{'|'.join(sorted(names))})[ \t]+[\"']?([\w./*-]+)", text, re.MULTILINE)
        for name in ("1", *_FIRST.findall(text)):
            self.values.setdefault(name, []).extend(calls)

    def variants(self, operand: str) -> list[str]:
        """An operand with the values of the first variable of it that has known ones."""
        if len(operand) > 300:
            return []
        for match in UNKNOWN.finditer(operand):
            name = NAME.match(self.names.source(match[0]))
            if name and (values := self.values.get(name[1])):
                return [operand[: match.start()] + value + operand[match.end() :] for value in values[:50]]
        return [operand]

    def may_name(self, path: str, operands: Sequence[str]) -> bool:
        """Whether one of the operands may be the file at the repository path."""
        return any(
            path in paths or any(found.fullmatch(path) for found in globs) for paths, globs in map(self._meaning, operands)
        )

    def named(self, operands: Sequence[str], wanted: Paths) -> frozenset[str]:
        """The paths of a set that the operands may be."""
        found: frozenset[str] = frozenset()
        for operand in operands:
            paths, globs = self._meaning(operand)
            for more in (wanted & paths, *map(wanted.matching, globs)):
                found = found | more if found else more
        return found

    def _meaning(self, operand: str) -> tuple[set[str], list[re.Pattern[str]]]:
        """The repository paths that an operand may be, and globs for further ones."""
        known = self._meanings.get(operand)
        if known is None:
            known = self._meanings[operand] = (set(), [])
            for text in [text for each in self.variants(operand) for text in self._texts(each)]:
                if not _WILDCARD.search(text) and len(text) <= _MAX_GLOB:
                    known[0].add(text)
                elif found := glob(text):
                    known[1].append(found)
        return known

    def _texts(self, operand: str) -> list[str]:
        """An operand without known variables, from each folder that the script may be in: globs of repository paths."""
        base = operand.rpartition("/")[2]
        if not UNKNOWN.sub("", base) or not operand:
            return []
        if (first := UNKNOWN.match(operand)) or operand.startswith("**/"):
            rest = operand[1:].lstrip("/") if first else operand
            return [("**/" + rest) if first and operand[1:2] == "/" else operand]
        return list(dict.fromkeys(posixpath.normpath(posixpath.join(folder, operand)) for folder in self.folders))

    def shown(self, word: str) -> list[str]:
        """A word of a text that was not read as a command, with the values of the variable that it is."""
        name = _SHOWN.fullmatch(word)
        return self.values.get(name[1], [])[:_MOST_VALUES] if name else [word]

    def places(self, operand: str, wanted: Collection[str]) -> Iterator[str]:
        """Which of the wanted repository paths an operand is: one for each value that its variables are known to have."""
        for name in self._known(operand):
            paths = (posixpath.normpath(posixpath.join(folder, name.lstrip("/"))) for folder in self.starts)
            yield from [path for path in paths if path in wanted][:1]

    def _known(self, operand: str, depth: int = 0) -> Iterator[str]:
        """An operand with every variable of it replaced; a leading folder that is one is the top."""
        match = UNKNOWN.search(operand)
        if not match:
            yield from [operand] if operand and "*" not in operand else []
            return
        known = self.variants(operand) if depth < 3 else []
        if known and known != [operand]:
            for each in known:
                yield from self._known(each, depth + 1)
        elif match.start() == 0 and operand[1:2] == "/" and self._may_be_top(match[0]):
            yield from self._known(operand[2:], depth + 1)

    def _may_be_top(self, unknown: str) -> bool:
        """Whether a variable or substitution in front of a path may be a folder of the repository: no scratch folder is."""
        return not _SCRATCH.search(self.names.source(unknown))
