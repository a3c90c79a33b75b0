"""What ed, ex and vim do to a line before and after an edit: their commands, read as those of sed."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.scripts.regexes import Pattern, UnreadableError
from qcilint.scripts.sed import SedCommand
from qcilint.scripts.tools import Options, delimited
from qcilint.scripts.words import Stage

EDITORS = {"ed": "ed", "red": "ed", "ex": "vim", "vi": "vim", "vim": "vim", "nvim": "vim"}
_VALUED = frozenset({"-u", "-i", "-U", "-T", "-w", "-W", "-p", "--startuptime"})
"""Options of an editor whose value is neither a command nor a file that it edits."""
_COMMAND = re.compile(r"-[A-Za-z]*c|--cmd")
_RANGE = re.compile(r"[\s:|]*(?:(?:sil(?:ent)?|keep\w+|noa\w*)!?\s+)*(?:[%,.$0-9;+-]|'[a-z<>])*")
_GLOBAL = re.compile(r"(g(?:lobal)?(!)?|v(?:global)?)([^\w\s\"|\\])")
_SUBSTITUTE = re.compile(r"s(?:ubstitute)?([^\w\s\"\\])")
_FLAGS = re.compile(r"[&cegiInp#lr0-9]*")
_TEXT = re.compile(r"(?m)^([^\n]*(?:\A|[\s:0-9$.,/?'a-z])[aic])\n(?s:.*?)(?:^\.$|\Z)")
_VIM = (
    (re.compile(r"\\z[se]|\\[cCm]"), ""),
    (re.compile(r"\\%\("), r"\\("),
    (re.compile(r"\\\{-[\d,]*\\?\}"), "*"),
    (re.compile(r"\\="), r"\\?"),
    (re.compile(r"\\d"), "[0-9]"),
    (re.compile(r"\\a"), "[A-Za-z]"),
    (re.compile(r"\\f"), r"[^ \\t]"),
)
"""What vim writes in another way than sed (vimhelp.org/pattern.txt)."""


def editor_options(tool: str, words: Sequence[str], given: Sequence[str]) -> Options:
    """The commands and the files of an editor; `given` are the texts that it reads its commands from."""
    commands, files, programs, at = list(given), list[str](), list[str](), 0
    while at < len(words):
        word = words[at]
        at += 1
        if tool == "vim" and _COMMAND.fullmatch(word):
            commands += words[at : at + 1]
            at += 1
        elif tool == "vim" and word.startswith("+"):
            commands.append(word[1:])
        elif tool == "vim" and word == "-S":
            programs += words[at : at + 1]
            at += 1
        elif word in _VALUED:
            at += 1
        elif not word.startswith("-"):
            files.append(word)
    return Options("", {"e": commands, "f": programs}, files)


def given_to(pipe: Sequence[Stage], stage: Stage) -> list[str]:
    """The texts that a command of a pipeline gets on its standard input: here-documents, and what `echo` or `printf` writes."""
    at = next(number for number, each in enumerate(pipe) if each is stage)
    texts = list(stage.texts)
    if at and not texts:
        before = pipe[at - 1]
        texts += before.texts
        if before.words and posixpath.basename(before.words[0].lstrip("@+-(")) in ("echo", "printf", "print"):
            texts.append("\n".join(before.words[1:]))
    return [text.replace("\\n", "\n") if text.count("\n") < text.count("\\n") or "%s" in text else text for text in texts]


def editor_commands(tool: str, script: str) -> list[SedCommand]:
    """The searches and substitutions of a program of ed or vim."""
    out: list[SedCommand] = []
    text = _TEXT.sub(r"\1", script) if tool == "ed" else script
    for line in text.split("\n"):
        at = 0
        while at < len(line):
            at = _command(tool, line, at, out)
    return out


def _command(tool: str, line: str, at: int, out: list[SedCommand]) -> int:
    """Read the command that begins at `at`; gives where the next one does."""
    addresses, negated, begin = list[Pattern](), False, at
    while True:
        at = _RANGE.match(line, at).end()  # type: ignore[union-attr]
        if match := _GLOBAL.match(line, at):
            negated = match[1].startswith("v") or bool(match[2])
            text, at = _part(line, match.end(), match[3])
        elif line[at : at + 1] in ("/", "?"):
            text, at = _part(line, at + 1, line[at])
        else:
            break
        addresses.append(_pattern(tool, text))
    name, pattern, replacement, flags = line[at : at + 1], None, "", ""
    if match := _SUBSTITUTE.match(line, at):
        text, at = _part(line, match.end(), match[1])
        replacement, at = _part(line, at, match[1])
        flags = _FLAGS.match(line, at)[0]  # type: ignore[index]
        name, pattern, at = "s", _pattern(tool, text, ignore="i" in flags), at + len(flags)
    else:
        name = name if name == "d" else ""
    if pattern or addresses:
        out.append(SedCommand(addresses, False, negated, name, pattern, replacement, flags, line[begin:at].strip(" \t:|")))
    stop = line.find("|", at)
    return len(line) if stop < 0 or tool == "ed" else stop + 1


def _part(line: str, at: int, closer: str) -> tuple[str, int]:
    """The text up to `closer`, which may be left out at the end of a line."""
    try:
        return delimited(line, at, closer)
    except UnreadableError:
        return line[at:], len(line)


def _pattern(tool: str, text: str, *, ignore: bool = False) -> Pattern:
    if tool == "ed":
        return Pattern(text, "bre", ignore=ignore)
    ignore = ignore or "\\c" in text
    dialect = {"\\v": "ere", "\\V": "fixed"}.get(text[:2], "bre")
    plain = text[2:] if dialect != "bre" else text
    for expression, becomes in _VIM if dialect != "fixed" else ():
        plain = expression.sub(becomes, plain)
    found = Pattern(plain, dialect, ignore=ignore)
    found.text = text
    return found
