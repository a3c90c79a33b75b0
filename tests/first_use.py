"""The commands of README.md and nothing else, run on a fresh clone with a fresh home, and what they print.

`python -m tests.first_use` writes docs/transcript.md anew. It needs PyPI.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from .conftest import git
from .pages import CLONE, DOCS, ROOT, publish, sessions

README = ROOT / "README.md"
TRANSCRIPT = DOCS / "transcript.md"

_HEAD = """# The README, followed to the letter

What the commands of the [README](../README.md), and no others, print on a machine that has Python, git with a name and a mail address,
and nothing else of what they need. `make transcript` writes this page; a test runs it all again. The home folder is shown as `~`,
digests as `<digest>`; exit codes other than 0 are noted.
"""


class Step(NamedTuple):
    """A command, what the README shows of its output, what it printed, and its exit code."""

    command: str
    shown: str
    printed: str
    code: int


def fresh_environment(folder: Path) -> dict[str, str]:
    """The environment of somebody who has Python and git and has never used qcilint. The home is `home` in the folder."""
    home = folder / "home"
    home.mkdir()
    git(home, "config", "--file", ".gitconfig", "user.name", "Mia Example")
    git(home, "config", "--file", ".gitconfig", "user.email", "mia@example.com")
    own = Path(sys.prefix) / "bin"
    path = [str(Path(sys.base_prefix) / "bin"), *(part for part in os.environ["PATH"].split(":") if Path(part) != own)]
    kept = {key: value for key, value in os.environ.items() if key.lower().endswith("_proxy") or key.startswith("SSL_CERT_")}
    settings = {"LANG": "C.UTF-8", "TERM": "dumb", "GIT_CONFIG_NOSYSTEM": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return kept | settings | {"HOME": str(home), "PATH": ":".join(path)}


def follow(readme: str, folder: Path) -> list[Step]:
    """Run the commands in one shell, as somebody would who has nothing but this text, and give what each printed."""
    source = publish(folder / "published")
    environment = fresh_environment(folder)
    wanted = list(sessions(readme))
    script = "".join(f"{command.replace(CLONE, str(source))}\nprintf '\\036%s\\036' $?\n" for command, _ in wanted)
    done = subprocess.run(
        ["bash"], input=script, cwd=environment["HOME"], env=environment, text=True, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    parts = done.stdout.split("\036")
    return [
        Step(command, shown, _everywhere(printed, folder), int(code))
        for (command, shown), printed, code in zip(wanted, parts[::2], parts[1::2], strict=False)
    ]


def _everywhere(text: str, folder: Path) -> str:
    """The same output wherever and whenever the commands run."""
    text = re.sub(r"(?m)^WARNING: .*\n", "", text)  # of pip, about its own settings
    text = re.sub(r"\b[0-9a-f]{40}\b", "<digest>", text.replace(str(folder / "home"), "~"))
    done = re.findall(r"(?m)^\[\d+/\d+\] (.*\n)", text)  # repositories are planned side by side
    ordered = iter(f"[{number}/{len(done)}] {line}" for number, line in enumerate(sorted(done), 1))
    return re.sub(r"(?m)^\[\d+/\d+\] .*\n", lambda _: next(ordered), text)


def page(readme: str, done: list[Step]) -> str:
    """The transcript, a block of commands for each block of the README."""
    lines, rest = [_HEAD], iter(done)
    for block in re.findall(r"```console\n.*?```", readme, re.S):
        lines.append("\n```console\n")
        for _, step in zip(sessions(block), rest, strict=False):
            lines.append(f"$ {step.command}\n{step.printed}" + (f"(exit code {step.code})\n" if step.code else ""))
        lines.append("```\n")
    return "".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        text = README.read_text()
        TRANSCRIPT.write_text(page(text, follow(text, Path(name))))
