"""Completion scripts for shells, made from the parsers of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from shlex import quote

from qcilint.output import FORMATS
from qcilint.records import dataclass

FILES = ("FILE", "PATH", "DIR", "FOLDER", "CONFIG", "CAMPAIGN.toml")
"""Metavariables that stand for files or folders."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option, or one value that is given without one."""

    names: tuple[str, ...]
    """Empty where it is given without a name."""
    about: str
    takes: bool
    """Whether a value follows the name."""
    choices: tuple[str, ...]
    files: bool
    """The value is a file or a folder."""


@dataclass(frozen=True, slots=True)
class Command:
    """What may follow a path of words such as `qcilint rule docs`."""

    path: str
    options: tuple[Option, ...]
    commands: tuple[tuple[str, str], ...]
    """The commands that may come next: word and what it does."""

    @property
    def named(self) -> list[Option]:
        return [option for option in self.options if option.names]

    @property
    def words(self) -> dict[str, str]:
        """What may come next that is no option: word → what it does."""
        return dict(self.commands) | {word: "" for option in self.options if not option.names for word in option.choices}

    @property
    def files(self) -> bool:
        return any(option.files for option in self.options if not option.names)


def commands(path: str, parser: argparse.ArgumentParser, below: dict[str, argparse.ArgumentParser]) -> Iterator[Command]:
    """A parser and all below it; `below` are the commands that it does not know itself."""
    options, children, told = [], dict(below), {name: each.description or "" for name, each in below.items()}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            children |= action.choices
            told |= {each.dest: each.help or "" for each in action._choices_actions}
        elif action.help != argparse.SUPPRESS:
            options.append(_option(action))
    yield Command(path, tuple(options), tuple((name, _line(told.get(name, ""))) for name in children))
    for name, child in children.items():
        yield from commands(f"{path} {name}", child, {})


def _option(action: argparse.Action) -> Option:
    names = tuple(action.option_strings)
    return Option(
        names,
        _line(action.help or ""),
        bool(names) and action.nargs != 0,
        tuple(str(each) for each in action.choices or (FORMATS if "--format" in names else ())),
        action.metavar in FILES,
    )


def _line(text: str) -> str:
    """The first line of a help text, with what argparse escapes."""
    return text.partition("\n")[0].replace("%%", "%")


def bash(found: list[Command]) -> Iterator[str]:
    """A script for bash."""
    yield from ("# Completion of qcilint for bash; made by `qcilint completion bash`.", "_qcilint() {")
    yield '    local cur=${COMP_WORDS[COMP_CWORD]} at="qcilint" depth=1 options="" words="" files=""'
    yield "    local prev=${COMP_WORDS[COMP_CWORD-1]}"
    yield '    if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi'
    yield from _walk(found, "${COMP_WORDS[depth]}", "$depth -lt $COMP_CWORD")
    yield '    case "$at $prev" in'
    for command in found:
        for option in command.named:
            if option.takes:
                way = "-f" if option.files else f"-W {quote(' '.join(option.choices))}"
                yield f"    {_patterns(command, option)})"
                yield f'        mapfile -t COMPREPLY < <(compgen {way} -- "$cur")'
                yield f"        {'compopt -o filenames 2>/dev/null; ' if option.files else ''}return 0 ;;"
    yield from ("    esac", '    case "$at" in')
    for command in found:
        names = " ".join(name for option in command.named for name in option.names)
        words = " ".join(command.words)
        yield f"    {quote(command.path)}) options={quote(names)} words={quote(words)} files={'-f' if command.files else ''} ;;"
    yield from ("    esac", "    if [[ $cur == -* ]]; then", '        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")')
    yield from ("        return 0", "    fi", "    [[ $depth -eq $COMP_CWORD ]] || words=''")
    yield '    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"; [[ -n $files ]] && compgen -f -- "$cur")'
    yield from ("    [[ -n $files ]] && compopt -o filenames 2>/dev/null", "    return 0", "}", "complete -F _qcilint qcilint")


def zsh(found: list[Command]) -> Iterator[str]:
    """A script for zsh."""
    yield from ("#compdef qcilint", "# Completion of qcilint for zsh; made by `qcilint completion zsh`.", "_qcilint() {")
    yield '    local cur=${words[CURRENT]} prev=${words[CURRENT-1]} at="qcilint" files=""'
    yield from ("    local -i depth=2", "    local -a options found")
    yield from _walk(found, "${words[depth]}", "$depth -lt $CURRENT")
    yield '    case "$at $prev" in'
    for command in found:
        for option in command.named:
            if option.takes:
                values = f"compadd -- {' '.join(quote(each) for each in option.choices)}" if option.choices else "return 1"
                yield f"    {_patterns(command, option)}) {'_files' if option.files else values}; return ;;"
    yield from ("    esac", '    case "$at" in')
    for command in found:
        names = " ".join(_told(name, option.about) for option in command.named for name in option.names)
        words = " ".join(_told(word, about) for word, about in command.words.items())
        yield f"    {quote(command.path)}) options=({names}); found=({words}); files={'1' if command.files else ''} ;;"
    yield from ("    esac", "    if [[ $cur == -* ]]; then _describe -o option options; return; fi")
    yield "    [[ $depth -eq $CURRENT && ${#found} -gt 0 ]] && _describe command found"
    yield from (
        "    [[ -n $files ]] && _files",
        "}",
        'if [[ $funcstack[1] == _qcilint ]]; then _qcilint "$@"; else compdef _qcilint qcilint; fi',
    )


def fish(found: list[Command]) -> Iterator[str]:
    """A script for fish."""
    yield from ("# Completion of qcilint for fish; made by `qcilint completion fish`.", "function __qcilint_at")
    yield from ("    set -l at qcilint", "    for word in (commandline -opc)[2..]", '        switch "$at $word"')
    below = [quote(f"{command.path} {name}") for command in found for name, _ in command.commands]
    yield from (
        f"            case {' '.join(below)}",
        '                set at "$at $word"',
        "            case '*'",
        "                break",
    )
    yield from ("        end", "    end", '    test "$at" = "$argv[1]"', "end", "complete -c qcilint -f")
    for command in found:
        here = f'__qcilint_at "{command.path}"'
        at = f"complete -c qcilint -n {_in_fish(here)}"
        is_next = _in_fish(f"{here}; and test (count (commandline -opc)) -eq {len(command.path.split())}")
        for option in command.named:
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
            value = "" if not option.takes else " -r -F" if option.files else f" -x -a {quote(' '.join(option.choices))}"
            yield f"{at} {names}{value} -d {_in_fish(option.about)}"
        for word, about in command.words.items():
            yield f"complete -c qcilint -n {is_next} -a {quote(word)} -d {_in_fish(about)}"
        if command.files:
            yield f"{at} -F"


SHELLS: dict[str, Callable[[list[Command]], Iterator[str]]] = {"bash": bash, "zsh": zsh, "fish": fish}


def _walk(found: list[Command], word: str, more: str) -> Iterator[str]:
    """Lines that find the command which the words so far lead to: in `at`, with the place of the next word in `depth`."""
    below = "|".join(quote(f"{command.path} {name}") for command in found for name, _ in command.commands)
    yield f"    while [[ {more} ]]; do"
    yield f'        case "$at {word}" in'
    yield f'        {below}) at="$at {word}"; depth=$((depth + 1)) ;;'
    yield from ("        *) break ;;", "        esac", "    done")


def _patterns(command: Command, option: Option) -> str:
    return "|".join(quote(f"{command.path} {name}") for name in option.names)


def _told(word: str, about: str) -> str:
    return quote(f"{word}:{about}")


def _in_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
