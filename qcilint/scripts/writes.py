"""The files that a script writes anew from something else, compares with each other, or compares with what it makes."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from qcilint import lazy as re
from qcilint.records import NamedTuple
from qcilint.scripts.files import Operands
from qcilint.scripts.makefiles import Makefile
from qcilint.scripts.words import Names, Reader, Stage, shell_pipelines

_WORDS = r"(?<![0-9&>-])>(?![>&(])|\b(?:tee|cp|mv|install|diff|cmp|comm)\b|[ \t](?:-o|--out(?:put)?|--destination|of=)\b"
_WANTED = re.compile(_WORDS)
_WANTED_BYTES = re.compile(_WORDS.encode())
_NO_OUTPUT = frozenset(
    {"grep", "egrep", "fgrep", "rg", "git", "set", "shopt", "find", "mount", "ssh", "scp", "test", "[", "podman", "docker"}
)
"""Commands whose `-o` is no output file."""
_SHELLS = frozenset({"sh", "bash", "dash", "zsh"})
_COPIES = frozenset({"cp", "mv", "install"})
_COPY_VALUES = frozenset({"-t", "-m", "-o", "-g", "-S", "--mode", "--owner", "--group", "--suffix"})
_OUTPUTS = ("--output", "--out", "--destination")


class Written(NamedTuple):
    """What a script does with files of the repository; each with the line."""

    files: dict[str, int]
    """Written anew."""
    compared: dict[str, int]
    """Compared with what a command makes."""
    families: list[tuple[frozenset[str], int]]
    """Compared with each other."""
    alike: dict[str, int]
    """Some lines are compared with those of a file that is not known."""


def script_writes(path: str, script: bytes, wanted: Collection[str], every: Collection[str] = ()) -> Written:
    """What the script at `path` does with the `wanted` files (repository paths); `every` are all files of the repository."""
    found = Written({}, {}, [], {})
    if not _WANTED_BYTES.search(script):
        return found
    text, names = script.replace(b"\r\n", b"\n").decode("latin-1"), Names()
    operands = Operands(path, text, names)
    makefile = bool(re.fullmatch(r"(?:GNU)?[Mm]akefile.*|.*\.ma?k", posixpath.basename(path)))
    pipelines = Makefile(names).pipelines(text, _WANTED) if makefile else shell_pipelines(text, names, _WANTED)
    sources: dict[str, set[str]] = {}
    targets: list[tuple[str, int]] = []
    for line, pipe in ((line, pipe) for line, outer in pipelines for pipe in _with_nested(outer, names)):
        for target, read in _edges(pipe):
            key = names.show(target)
            sources.setdefault(key, set()).update(names.show(word) for word in read)
            targets.append((target, line))
        for number, stage in enumerate(pipe):
            before = [word for each in pipe[:number] for word in each.words[1:]]
            _compare(stage, before, line, operands, wanted, every or wanted, found)
    for target, line in targets:
        if _comes_from(names.show(target), sources):
            continue  # edited in place, or restored
        for place in operands.places(target, wanted):
            found.files.setdefault(place, line)
    return found


def _with_nested(pipe: list[Stage], names: Names) -> Iterator[list[Stage]]:
    """A pipeline, and those that it gives to a shell in one word (`bash -c`)."""
    yield pipe
    for stage in pipe:
        if stage.words and posixpath.basename(stage.words[0]) in _SHELLS:
            for word in stage.words[1:]:
                if " " in word:
                    reader = Reader(word, names)
                    reader.read(0, len(word), "`")
                    yield from reader.pipelines


def _edges(pipe: list[Stage]) -> Iterator[tuple[str, list[str]]]:
    """The files that a pipeline writes, each with the words that it may be made from."""
    read = [word for stage in pipe for word in (*stage.words[1:], *stage.inputs)]
    for stage in pipe:
        command = posixpath.basename(stage.words[0]) if stage.words else ""
        for output in stage.outputs:
            yield output, read
        if command == "tee" and not {"-a", "--append"} & set(stage.words):
            for word in stage.words[1:]:
                if not word.startswith("-"):
                    yield word, [other for other in read if other != word]
        elif command in _COPIES or (command in ("sudo", "command", "git") and stage.words[1:2] and stage.words[1] in _COPIES):
            yield from _copies(stage.words[1 if command in _COPIES else 2 :])
        else:
            for output in _options(stage.words, command):
                yield output, [word for word in read if word != output]


def _copies(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    files = [
        word for before, word in zip(["", *words], words, strict=False) if not word.startswith("-") and before not in _COPY_VALUES
    ]
    if len(files) < 2:
        return
    *given, target = files
    if len(given) == 1 and not target.endswith("/"):
        yield target, given
    for each in given:
        yield posixpath.join(target, posixpath.basename(each)), [each]


def _options(words: list[str], command: str) -> Iterator[str]:
    for index, word in enumerate(words[1:], 1):
        name, given, value = word.partition("=")
        following = words[index + 1] if index + 1 < len(words) else ""
        if (name in _OUTPUTS or (command == "dd" and name == "of")) and given:
            yield value
        elif (word in _OUTPUTS or (word == "-o" and command not in _NO_OUTPUT)) and following:
            yield following


def _comes_from(target: str, sources: dict[str, set[str]]) -> bool:
    """Whether a file is made from itself, by way of other files."""
    seen: set[str] = set()
    todo = [target]
    while todo:
        for each in sources.get(todo.pop(), ()):
            if each == target:
                return True
            if each not in seen:
                seen.add(each)
                todo.append(each)
    return False


def _compare(
    stage: Stage,
    before: list[str],
    line: int,
    operands: Operands,
    wanted: Collection[str],
    every: Collection[str],
    found: Written,
) -> None:
    """Add what a command compares; `before` are the words of the commands that its standard input comes from."""
    words = [word for word in stage.words if not word.startswith("-") or word == "-"]
    command = posixpath.basename(words[0]) if words else ""
    if command == "git" and words[1:2] == ["diff"] and "--exit-code" in stage.words and not any(".." in word for word in words):
        for word in words[2:]:
            for place in operands.places(word, wanted):
                found.compared.setdefault(place, line)
    elif command in ("diff", "cmp", "comm") and len(words) == 3:
        places = {place for word in words[1:] for place in list(operands.places(word, wanted)) or operands.places(word, every)}
        shown = [operands.names.show(word) for word in words[1:]]
        made = [each for each in shown if each == "-" or each.startswith("<(")]
        if len(made) == 2:
            _compare_made(made, line, operands, wanted, found)
            return
        read = [word.strip("\"'") for each in made for word in (before if each == "-" else each[2:-1].split())]
        sources = {place for word in read for place in operands.places(word, wanted)}
        if len(places | sources) == 2 and not (places | sources).isdisjoint(wanted):
            found.families.append((frozenset(places | sources), line))
        if made and command != "comm":
            found.compared.update({place: line for place in places if place in wanted and place not in found.compared})


def _compare_made(made: list[str], line: int, operands: Operands, wanted: Collection[str], found: Written) -> None:
    """Add the files of which two commands pick lines that are compared (`diff <(grep FROM a) <(grep FROM b)`)."""
    if any(not _KEEPS.fullmatch(each) for each in made):
        return
    sides = []
    for each in made:
        names = [name for word in each[2:-1].split() for name in operands.shown(word.strip("\"'"))]
        sides.append({place for name in names for place in operands.places(name, wanted)})
    places = sides[0] | sides[1]
    if len(places) == 2:
        found.families.append((frozenset(places), line))
    elif sides[0] != sides[1]:  # perhaps of another repository
        found.alike.update({place: line for place in places if place not in found.alike})


_KEEPS = re.compile(r"<\((?:cat|sort|e?grep(?! (?:-\w*v|--invert)))[ \t][^|;&]*\)")
"""A command that gives lines of a file as they are, and leaves out none because of what stands in it."""
