"""Edits that a script of the repository would notice: its sed, grep, awk, perl, cut or tr works on the edited line."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from qcilint.scripts.fields import run
from qcilint.scripts.regexes import MAX_LINE, UNKNOWN
from qcilint.scripts.tools import HeldError, Options, Pair, options
from qcilint.scripts.words import Makefile, Names, Reader, Stage, shell_pipelines


class Change(NamedTuple):
    """A line of a file before and after the edit, without its line end."""

    path: str
    old: bytes
    new: bytes


class Held(NamedTuple):
    """The edit of a file is held by an expression of a script."""

    path: str
    script: str
    line: int
    text: str


_TOOLS = {"sed": "sed", "gsed": "sed", "grep": "grep", "ggrep": "grep", "egrep": "egrep", "fgrep": "fgrep", "awk": "awk"}
_TOOLS |= {"gawk": "awk", "mawk": "awk", "nawk": "awk", "perl": "perl", "cut": "cut", "tr": "tr"}
_WORD = r"(?<![\w-])(?:g?sed|g?[ef]?grep|[gmn]?awk|perl|cut|tr|SED|GREP|AWK|PERL)(?![\w-])"
_TOOL, _TOOL_BYTES = re.compile(_WORD), re.compile(_WORD.encode())
_GLOB = re.compile(rb"[\w./%-]*[*%][\w./*%-]*")
_WANTED = re.compile(_WORD + r"|(?<![\w-])(?:find|cat|head|tail)(?![\w-])")
_ASSIGN = re.compile(
    r"^[ \t]*(?:(?:export|local|readonly)[ \t]+)?([A-Za-z_]\w*)[ \t]*[:?]?=[ \t]*[\"']?([\w./*-]+)[\"']?[ \t]*(?=$|[;#])",
    re.MULTILINE,
)
_FOR = re.compile(r"\bfor[ \t]+([A-Za-z_]\w*)[ \t]+in[ \t]+([^;\n]+)")
_WHILE = re.compile(r"\bfind[ \t][^\n|]*\|[ \t]*while[ \t]+(?:IFS=\S*[ \t]+)?read[ \t]+(?:-\w+[ \t]+)*(\w+)")
_FIND_NAME = re.compile(r"-i?name[ \t]+[\"']?([^\s\"'()`]+)")
_CD = re.compile(r"\bcd[ \t]+[\"']?(?:\$\$?[({]?\w+[)}]?/)?([\w./-]+)")
_REFERENCE = re.compile(r"\$\$?(?:\{\w+\}|\(\w+\)|\w+)")
_NAME = re.compile(r"\$[({]?(\w+)[)}]?\Z")
_WILDCARD = re.compile("\\*\\*/?|[*?\ue000-\uf8ff]|\\[[^]/]{1,40}\\]|\\{[^{}/]{1,200}\\}")
_ANY = "\uf8ff"
_THROUGH = frozenset(("cat", "head", "tail", "sort", "uniq", "tee", "tac", "nl"))
_LISTERS = frozenset(("find", "ls", "echo", "printf", "git"))
_MAX_TEXT, _MAX_DEPTH = 200, 3


def held(script_path: str, script: bytes, changes: Sequence[Change]) -> list[Held]:
    """The edits that a command of the script would notice, in the order of the script."""
    makefile = bool(re.fullmatch(r"(?:GNU)?[Mm]akefile.*|.*\.ma?k", posixpath.basename(script_path)))
    if not _TOOL_BYTES.search(script) or not (wanted := _mentioned(script, changes)):
        return []
    return _Script(script_path, script, wanted).held(makefile)


def _mentioned(script: bytes, changes: Sequence[Change]) -> list[Change]:
    """The changes of the files that a script may name."""
    globs: list[re.Pattern[str]] | None = None
    known: dict[str, bool] = {}
    for path in dict.fromkeys(change.path for change in changes):
        base = posixpath.basename(path)
        if base in known:
            continue
        name = base.encode("utf-8", "surrogateescape")
        stem = re.split(rb"[.-]", name)[0]
        known[base] = name in script or any(stem + end in script for end in (b".$", b"-$", b".{", b"-{"))
        if not known[base]:
            if globs is None:
                found = {match[0].rpartition(b"/")[2].replace(b"%", b"*") for match in _GLOB.finditer(script)}
                globs = [glob for text in found if (glob := _glob(text.decode("latin-1")))]
            known[base] = any(glob.fullmatch(name.decode("latin-1")) for glob in globs)
    return [change for change in changes if known[posixpath.basename(change.path)]]


@lru_cache(maxsize=4096)
def _glob(text: str) -> re.Pattern[str] | None:
    """A path with wildcards and unknowns."""
    out, at = list[str](), 0
    if len(text) > 300 or len(_WILDCARD.findall(text)) > 5:
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


class _Script:
    """A script, and the changes of the files that it may name."""

    def __init__(self, path: str, script: bytes, changes: Sequence[Change]) -> None:
        text = script.replace(b"\r\n", b"\n").decode("latin-1")
        self.path, self.text, self.names = path, text, Names()
        self.changes: dict[str, list[Pair]] = {}
        for change in changes:
            pair = change.old[:MAX_LINE].decode("latin-1"), change.new[:MAX_LINE].decode("latin-1")
            self.changes.setdefault(change.path, []).append(pair)
        folder = posixpath.dirname(path)
        entered = [match[1] for match in islice(_CD.finditer(text), 20)]
        self.folders = dict.fromkeys(posixpath.join(base, into) for base in ("", folder) for into in ("", *entered))
        self.values: dict[str, list[str]] = {}
        for match in _ASSIGN.finditer(text):
            self.values.setdefault(match[1], []).append(match[2])
        for match in _FOR.finditer(text):
            listed = [word.strip("\"'()`") for word in _REFERENCE.sub(_ANY, match[2]).split()]
            self.values.setdefault(match[1], []).extend([*listed, *("**/" + name for name in _FIND_NAME.findall(match[2]))])
        for match in _WHILE.finditer(text):
            self.values.setdefault(match[1], []).extend("**/" + name for name in _FIND_NAME.findall(match[0]))

    def held(self, makefile: bool) -> list[Held]:
        out: dict[Held, None] = {}
        if makefile:
            pipelines = Makefile(self.names).pipelines(self.text, _WANTED)
        else:
            pipelines = shell_pipelines(self.text, self.names, _WANTED)
        for line, pipe in pipelines:
            for path, text in self._pipeline(pipe, 0):
                out[Held(path, self.path, line, self.names.show(text)[:_MAX_TEXT])] = None
        return list(out)

    def _pipeline(self, pipe: list[Stage], depth: int) -> list[tuple[str, str]]:
        """The paths whose edit a pipeline would notice, with the expression."""
        calls = [(stage, *_tool(stage.words, self.names)) for stage in pipe]
        if not any(tool for _, tool, _ in calls):
            return self._nested(pipe, depth)
        read = [(stage, tool, at, options(_base(tool), stage.words[at + 1 :]) if tool else None) for stage, tool, at in calls]
        out: list[tuple[str, str]] = []
        for path in self.changes:
            try:
                self._flow(path, read)
            except HeldError as error:
                out.append((path, str(error)))
        return out

    def _nested(self, pipe: list[Stage], depth: int) -> list[tuple[str, str]]:
        """A command that is given to another in one word, as by `bash -c`."""
        out: list[tuple[str, str]] = []
        for word in (word for stage in pipe for word in stage.words if depth < _MAX_DEPTH):
            if " " in word and _TOOL.search(word):
                reader = Reader(word, self.names)
                reader.read(0, len(word), "`")
                for inner in reader.pipelines:
                    out += self._pipeline(inner, depth + 1)
        return out

    def _flow(self, path: str, read: list[tuple[Stage, str, int, Options | None]]) -> None:
        """Follow the lines of a file through a pipeline."""
        pairs: list[Pair] | None = None
        listed: list[str] = []
        lines, path = self.changes[path], path.encode("utf-8", "surrogateescape").decode("latin-1")
        for stage, tool, at, found in read:
            if not found:
                word = posixpath.basename(stage.words[0]) if stage.words else ""
                through = next((each for each in stage.words[:4] if each in _THROUGH), "")
                if through and self._names(path, [*stage.words, *stage.inputs]):
                    pairs = lines
                elif not through:
                    pairs = None
                listed = listed or (_listed(stage.words) if word in _LISTERS or "find" in stage.words else [])
                continue
            files = found.operands if _base(tool) in ("perl", "cut") else [] if tool == "tr" else found.operands[1:]
            if set(found.values) & {"e", "f"} and _base(tool) in ("sed", "grep", "awk"):
                files = found.operands
            before = stage.words[:at]
            files = files + (listed if "xargs" in before else []) + (_listed(before) if "find" in before else [])
            if self._names(path, files + stage.inputs):
                pairs = lines
            elif [file for file in files if file != "-"] or stage.inputs:
                pairs = None
            if pairs is not None:
                pairs = run(tool, found, pairs)

    def _names(self, path: str, operands: Sequence[str]) -> bool:
        return any(self._is(path, each) for operand in operands for each in self._candidates(operand))

    def _candidates(self, operand: str) -> list[str]:
        """An operand with the values of the first variable of it that has known ones."""
        if len(operand) > 300:
            return []
        for match in UNKNOWN.finditer(operand):
            name = _NAME.match(self.names.source(match[0]))
            if name and (values := self.values.get(name[1])):
                return [operand[: match.start()] + value + operand[match.end() :] for value in values[:50]]
        return [operand]

    def _is(self, path: str, operand: str) -> bool:
        """Whether an operand may name a file."""
        base = operand.rpartition("/")[2]
        if not UNKNOWN.sub("", base) or not operand:
            return False
        if (first := UNKNOWN.match(operand)) or operand.startswith("**/"):
            rest = operand[1:].lstrip("/") if first else operand
            glob = _glob(("**/" + rest) if first and operand[1:2] == "/" else operand)
            return bool(glob and glob.fullmatch(path))
        for folder in self.folders:
            glob = _glob(posixpath.normpath(posixpath.join(folder, operand)))
            if glob and glob.fullmatch(path):
                return True
        return False


def _base(tool: str) -> str:
    return "grep" if tool.endswith("grep") else tool


def _tool(words: list[str], names: Names) -> tuple[str, int]:
    """The first tool among the words of a command, and where it stands."""
    for at, word in enumerate(words):
        name = posixpath.basename(word.lstrip("@+-("))
        if len(name) == 1 and UNKNOWN.match(name):
            match = _NAME.match(names.source(name))
            name = match[1].lower() if match and match[1].isupper() else ""
        if name in _TOOLS:
            return _TOOLS[name], at
    return "", 0


def _listed(words: list[str]) -> list[str]:
    """The files that `find`, `ls`, `echo` or `git ls-files` gives, as globs."""
    if "find" not in words:
        every = [word for word in words[1:] if not word.startswith("-")]
        return [word.replace("*", "**") for word in every] if words[:1] == ["git"] else every
    at = words.index("find") + 1
    roots = [posixpath.normpath(word) for word in words[at : at + 1] if not word.startswith("-")]
    root = "**/" if roots in ([], ["."]) or UNKNOWN.search(roots[0]) else roots[0] + "/**/"
    out = []
    for flag, value in zip(words[at:], words[at + 1 :], strict=False):
        if flag in ("-name", "-iname"):
            out.append(root + value)
        elif flag in ("-path", "-wholename"):
            out.append("**/" + value.replace("*", "**").removeprefix("./"))
    return out
