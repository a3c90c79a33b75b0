"""Edits that a script of the repository would notice: its sed, grep, awk, perl, cut or tr works on the edited line."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from operator import itemgetter

from qcilint import lazy as re
from qcilint.languages.command_tables import SED_CALL
from qcilint.scripts.assigned import literal
from qcilint.scripts.changes import Change, Changed, Changes, Held, Lines, path_of
from qcilint.scripts.editors import EDITORS, editor_options, given_to
from qcilint.scripts.fields import QUERIES
from qcilint.scripts.files import NAME, Operands, glob
from qcilint.scripts.flow import Step, noticed, sent
from qcilint.scripts.makefiles import Makefile
from qcilint.scripts.programs import RECURSIVE, is_specific, spelled, with_programs, within
from qcilint.scripts.regexes import UNKNOWN
from qcilint.scripts.tools import Options, Pair, options
from qcilint.scripts.words import Names, Reader, Stage, shell_pipelines

_TOOLS = {"sed": "sed", "gsed": "sed", "grep": "grep", "ggrep": "grep", "egrep": "egrep", "fgrep": "fgrep", "awk": "awk"}
_TOOLS |= {"gawk": "awk", "mawk": "awk", "nawk": "awk", "perl": "perl", "cut": "cut", "tr": "tr", "rg": "egrep", "ag": "egrep"}
_TOOLS |= {"ack": "egrep", "sd": "sd", "fastmod": "sd", "rpl": "sd", **EDITORS}
_TOOLS |= {name: name for name in ("basename", "dirname", "rev", "csplit", *QUERIES)}
_WORD = (
    rf"(?<![\w-])(?:{SED_CALL}|g?[ef]?grep|[gmn]?awk|perl|cut|tr|rg|ag|ack|sd|fastmod|rpl|r?ed|ex|n?vim?|basename|dirname|rev|csplit"
    rf"|{'|'.join(QUERIES)}|SED|GREP|AWK|PERL)(?![\w-])"
)
_SED = re.compile(SED_CALL)
_TOOL, _TOOL_BYTES = re.compile(_WORD), re.compile(_WORD.encode())
_GLOB = re.compile(rb"(?<![\w./%-])[\w./%-]*[*%][\w./*%-]*")
_NAME_LIKE = re.compile(rb"[^\s/\"'`$(){}=,;:|&<>*?\[\]%\\]+")
_STEM = re.compile(rb"(?<!%s)(%s++)[.-][${]" % ((rb"[^\s/\"'`$(){}=,;:|&<>*?\[\]%\\.-]",) * 2))
_WANTED = re.compile(_WORD + r"|(?<![\w-])(?:find|cat|head|tail)(?![\w-])")
_THROUGH = frozenset(
    ("cat", "head", "tail", "sort", "uniq", "tee", "tac", "nl", "column", "paste", "fold", "xargs", "dockerfile-json")
)
_LISTERS = frozenset(("find", "ls", "echo", "printf", "git"))
_MAX_TEXT, _MAX_DEPTH = 200, 3
_Command = tuple[Stage, str, int, Options | None]
"""A command of a pipeline, its tool, where that stands, and its options."""


def held(
    script_path: str, script: bytes, changes: Changes | Sequence[Change], programs: Mapping[str, bytes] | None = None
) -> list[Held]:
    """The edits that a command of the script would notice, in the order of the script.

    `programs` are the files of the repository that hold programs of sed, awk or grep.
    """
    known = changes if isinstance(changes, Changes) else Changes(changes)
    if not may_notice(script) or not (lines := _mentioned(script, known)).by_file:
        return []
    return Script(script_path, script, lines, programs or {}).held()


def may_notice(script: bytes) -> bool:
    """Whether a script has a command that looks into lines."""
    return bool(_TOOL_BYTES.search(script))


def reader_of(path: str, script: bytes, changes: Changes, programs: Mapping[str, bytes]) -> Script | None:
    """What tells of single commands of a script; None where the script names no changed file."""
    lines = _mentioned(script, changes)
    return Script(path, script, lines, programs) if lines.by_file else None


def _mentioned(script: bytes, changes: Changes) -> Lines:
    """The changed lines of the files that a script may name, or search with all others of a folder."""
    if RECURSIVE.search(script):
        return changes.lines
    words = set(_NAME_LIKE.findall(script))
    names = {word for word in words if word in changes.by_name}
    for stem in _STEM.findall(script):
        names.update(changes.by_stem.get(stem, ()))
    globs = {match[0].rpartition(b"/")[2].replace(b"%", b"*") for match in _GLOB.finditer(script)}
    for text in globs:
        if found := glob(text.decode("latin-1")):
            names.update(name for name in changes.by_name if found.fullmatch(name.decode("latin-1")))
    return changes.named(names)


class Script:
    """A script, and the changed lines of the files that it may name."""

    def __init__(self, path: str, script: bytes, lines: Lines, programs: Mapping[str, bytes]) -> None:
        text = script.replace(b"\r\n", b"\n").decode("latin-1")
        self.path, self.text, self.names, self.programs, self.lines = path, text, Names(), programs, lines
        self.operands = Operands(path, text, self.names)
        self._literals: dict[str, str | None] = {}
        self.is_makefile = bool(re.fullmatch(r"(?:GNU)?[Mm]akefile.*|.*\.ma?k", posixpath.basename(path)))

    def held(self) -> list[Held]:
        """The edits that a command of it would notice."""
        out: dict[Held, None] = {}
        if self.is_makefile:
            pipelines = Makefile(self.names).pipelines(self.text, _WANTED)
        else:
            pipelines = shell_pipelines(self.text, self.names, _WANTED)
        for line, pipe in pipelines:
            for (path, kind), text in self._pipeline(pipe, 0):
                out[Held(path_of(path), self.path, line, self.names.show(text)[:_MAX_TEXT], kind)] = None
        return list(out)

    def told(self, command: str, *, of_make: bool = False) -> tuple[list[tuple[Changed, str]], list[tuple[Changed, list[Pair]]]]:
        """The changes that a command would notice, with the expression, and the edited lines that come out of it."""
        reader = Reader(Makefile(self.names).expand(command) if of_make else command, self.names)
        reader.read(0, len(reader.text), "`")
        texts, given = list[tuple[Changed, str]](), list[tuple[Changed, list[Pair]]]()
        for pipe in reader.pipelines:
            read = self._read(pipe)
            steps = self._steps(read)
            texts += self._noticed(steps) if _has_tool(read) else self._nested(pipe, 0)
            for into, paths in _together(steps):
                for changed in self.lines.of(paths):
                    given.append((changed, sent(self.lines.by_file[changed], into, steps)))
        return texts, [(changed, pairs) for changed, pairs in given if pairs]

    def _pipeline(self, pipe: list[Stage], depth: int) -> list[tuple[Changed, str]]:
        """The paths whose edit a pipeline would notice, with the expression."""
        read = self._read(pipe)
        return self._noticed(self._steps(read)) if _has_tool(read) else self._nested(pipe, depth)

    def _noticed(self, steps: Sequence[Step]) -> list[tuple[Changed, str]]:
        """The same of its commands, where they are known."""
        out: list[tuple[Changed, str]] = []
        for into, paths in _together(steps):
            texts = noticed(self.lines.different(paths), into, steps)
            for changed in self.lines.of(paths) if texts else ():
                told = [texts[line] for line in self.lines.by_file[changed] if line in texts]
                out += [(changed, min(told, key=itemgetter(0))[1])] if told else []
        return sorted(out, key=lambda each: self.lines.order[each[0]])

    def _read(self, pipe: list[Stage]) -> list[_Command]:
        """The commands of a pipeline, each with its tool, where that stands, and its options."""
        for stage in pipe if self.programs else ():
            stage.words = spelled(stage.words, self.operands, self.programs)
        calls = [(stage, *_tool(stage.words, self.names)) for stage in pipe]
        return [(stage, tool, at, self._options(pipe, stage, tool, at) if tool else None) for stage, tool, at in calls]

    def _options(self, pipe: Sequence[Stage], stage: Stage, tool: str, at: int) -> Options:
        """The options of a tool; of a search in folders, the files in these are its operands."""
        if tool in ("basename", "dirname"):  # of paths that stand in its words, or come by xargs
            return Options("", {"xargs": []} if "xargs" in stage.words[:at] else {}, [])
        if tool in EDITORS.values():
            found = editor_options(tool, stage.words[at + 1 :], given_to(pipe, stage))
            found.values["f"] += stage.inputs
            return with_programs(tool, found, self.operands, self.programs)
        found = options(_base(tool), [UNKNOWN.sub(self._known, word) for word in stage.words[at + 1 :]])
        if "f" in found.values:
            found = with_programs(_base(tool), found, self.operands, self.programs)
        of_git = at > 0 and posixpath.basename(stage.words[at - 1]) == "git"
        if _base(tool) == "grep" and (of_git or {"r", "R"} & set(found.flags) or "--recursive" in stage.words):
            given = 0 if {"e", "f"} & set(found.values) else 1
            texts = found.values.get("e", []) + found.operands[:given]
            operands = found.operands[:given] + within(found.operands[given:], stage.words, texts)
            found = found._replace(operands=operands)
        return found

    def _known(self, unknown: re.Match[str]) -> str:
        """The text of a variable that the script sets once, in the place of an unknown."""
        variable = self.names.source(unknown[0])
        if variable not in self._literals:
            self._literals[variable] = literal(self.text, variable)
        text = self._literals[variable]
        return unknown[0] if text is None else text

    def _nested(self, pipe: list[Stage], depth: int) -> list[tuple[Changed, str]]:
        """A command that is given to another in one word, as by `bash -c`."""
        out: list[tuple[Changed, str]] = []
        for word in (word for stage in pipe for word in stage.words if depth < _MAX_DEPTH):
            if " " in word and _TOOL.search(word):
                reader = Reader(word, self.names)
                reader.read(0, len(word), "`")
                for inner in reader.pipelines:
                    out += self._pipeline(inner, depth + 1)
        return out

    def _steps(self, read: list[_Command]) -> list[Step]:
        """What each command of a pipeline reads."""
        steps: list[Step] = []
        listed: list[str] = []
        for stage, tool, at, found in read:
            if not found:
                word = posixpath.basename(stage.words[0]) if stage.words else ""
                through = any(each in _THROUGH for each in stage.words[:4])
                named = self.operands.named([*stage.words, *stage.inputs], self.lines.paths) if through else frozenset[str]()
                steps.append(Step("", None, named, not through))
                listed = listed or (_listed(stage.words) if word in _LISTERS or "find" in stage.words else [])
                continue
            given = {"perl": 0, "cut": 0, "ed": 0, "vim": 0, "rev": 0, "tr": len(found.operands), "sd": 2}.get(tool, 1)
            files = found.operands[given:] if tool != "csplit" else found.operands[:1]
            if set(found.values) & {"e", "f"} and _base(tool) in ("sed", "grep", "awk", *QUERIES):
                files = found.operands
            before = stage.words[:at]
            if listed == ["-"] and is_specific([*found.values.get("e", []), *found.operands[:1]]):
                listed = ["**/*"]  # files of the whole tree that a search for a bare host lists
            if _base(tool) == "grep" and {"l", "L"} & set(found.flags):
                listed = listed or files or ["**/*"]
            files = (
                files
                + (listed if "xargs" in before and tool not in ("basename", "dirname") else [])
                + (_listed(before) if "find" in before else [])
            )
            is_given = bool([file for file in files if file != "-"] or stage.inputs)
            steps.append(Step(tool, found, self.operands.named(files + stage.inputs, self.lines.paths), is_given))
        return steps


def _has_tool(read: list[_Command]) -> bool:
    return any(tool for _, tool, _, _ in read)


def _together(steps: Sequence[Step]) -> list[tuple[tuple[bool, ...], frozenset[str]]]:
    """The files that the same commands read, with these commands."""
    groups: list[tuple[tuple[bool, ...], frozenset[str]]] = []
    for number, step in enumerate(steps):
        new, split = step.named, []
        for into, paths in groups:
            both = paths & new
            split += [((*into, True), both), ((*into, False), paths - both)]
            new -= both
        groups = [(into, paths) for into, paths in (*split, ((False,) * number + (True,), new)) if paths]
    return groups


def _base(tool: str) -> str:
    return "grep" if tool.endswith("grep") else tool


def _tool(words: list[str], names: Names) -> tuple[str, int]:
    """The first tool among the words of a command, and where it stands."""
    for at, word in enumerate(words):
        name = posixpath.basename(word.lstrip("@+-("))
        if len(name) == 1 and UNKNOWN.match(name):
            match = NAME.match(names.source(name))
            name = match[1].lower() if match and match[1].isupper() else ""
        if name in _TOOLS or _SED.fullmatch(name):
            return _TOOLS.get(name, "sed"), at
    return "", 0


def _listed(words: list[str]) -> list[str]:
    """The files that `find`, `ls`, `echo` or `git ls-files` gives, as globs."""
    if "find" not in words:
        every = [word for word in words[1:] if not word.startswith("-")]
        return ([word.replace("*", "**") for word in every[1:]] or ["**/*"]) if words[:1] == ["git"] else every
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
