"""The commands of README.md and nothing else, run on a fresh clone with a fresh home, and what they print.

`python -m tests.first_use` writes docs/transcript.md anew. It needs PyPI.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from qcilint import __version__

from .conftest import git
from .pages import DOCS, ROOT, publish, sessions

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


def fresh_machine(folder: Path) -> dict[str, str]:
    """The environment of somebody who has Python and git and has never used qcilint. The home is `home` in the folder.

    Who clones `https://github.com/example/qcilint` gets this repository as it is now. Of the real home, only what pip and
    uv have downloaded is used, to spare PyPI.
    """
    source = publish(folder / "published" / "qcilint")
    git(source, "tag", f"v{__version__}")
    home = folder / "home"
    home.mkdir()
    own = {
        "user.name": "Mia Example",
        "user.email": "mia@example.com",
        f"url.{source.parent}/.insteadOf": "https://github.com/example/",
    }
    for name, value in own.items():
        git(home, "config", "--file", ".gitconfig", name, value)
    path = [part for part in os.environ["PATH"].split(":") if Path(part) != Path(sys.prefix) / "bin"]
    kept = {key: value for key, value in os.environ.items() if key.lower().endswith("_proxy") or key.startswith("SSL_CERT_")}
    caches = Path("~/.cache").expanduser()
    return kept | {
        "HOME": str(home), "PATH": ":".join([str(Path(sys.base_prefix) / "bin"), *path]), "LANG": "C.UTF-8", "TERM": "dumb",
        "GIT_CONFIG_NOSYSTEM": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv"),
    }  # fmt: skip


def here(text: str) -> str:
    """A text of a page with what its placeholders stand for on a fresh machine."""
    return text.replace("<owner>", "example").replace("<tag>", f"v{__version__}")


def run_all(commands: Iterable[str], environment: Mapping[str, str]) -> list[tuple[str, int]]:
    """Run commands of a page one after the other in one shell, starting at home: what each printed, and its exit code."""
    script = "".join(f"{here(command)}\nprintf '\\036%s\\036' $?\n" for command in commands)
    done = subprocess.run(
        ["bash"], input=script, cwd=environment["HOME"], env=environment, text=True, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    parts = re.sub(r"(?m)^WARNING: .*\n", "", done.stdout).split("\036")  # of pip, about its own settings
    return [(printed, int(code)) for printed, code in zip(parts[::2], parts[1::2], strict=False)]


def follow(readme: str, folder: Path) -> list[Step]:
    """Run the commands as somebody would who has nothing but this text."""
    wanted = list(sessions(readme))
    done = run_all((command for command, _ in wanted), fresh_machine(folder))
    return [
        Step(command, shown, _everywhere(printed, folder), code)
        for (command, shown), (printed, code) in zip(wanted, done, strict=True)
    ]


def _everywhere(text: str, folder: Path) -> str:
    """The same output wherever and whenever the commands run."""
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
