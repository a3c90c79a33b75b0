"""`qcilint completion SHELL`: prints a script that completes commands, options and their values."""

from __future__ import annotations

import argparse
from importlib import import_module

from qcilint.completion import SHELLS, commands

EPILOG = """\
where the scripts go:
  qcilint completion bash > ~/.local/share/bash-completion/completions/qcilint
  qcilint completion zsh > "${fpath[1]}/_qcilint"
  qcilint completion fish > ~/.config/fish/completions/qcilint.fish
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="qcilint completion",
        description="Print a script that completes the commands and options of qcilint in a shell.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("shell", choices=tuple(SHELLS), help="the shell that the script is for")
    return parser


def run(options: argparse.Namespace) -> int:
    """Print the script; returns the exit code."""
    from qcilint import cli

    below = {name: import_module(f"qcilint.commands.{name}").parser() for name in cli.COMMANDS}
    for line in SHELLS[options.shell](list(commands("qcilint", cli.build_parser(), below))):
        print(line)
    return 0
