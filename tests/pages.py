"""What the pages of the documentation show: commands, and what they print."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from .conftest import git

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """The commands of the console blocks of a page, here-documents included, and what each shows."""
    for block in re.findall(r"```console\n(.*?)```", text, re.S):
        for session in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, output = session.partition("\n")
            if "<<'END'" in command:
                body, _, output = output.partition("END\n")
                command += f"\n{body}END"
            yield command, output


def assert_shown(command: str, shown: str, real: str) -> None:
    """Compare what a page shows with what was printed; a line `…` stands for any lines."""
    pattern = "".join(re.escape(part) if part != "…\n" else r"(?:.*\n)*?" for part in shown.splitlines(keepends=True))
    assert re.fullmatch(pattern, real), f"$ {command}\n{real}"


def publish(folder: Path) -> Path:
    """A repository with one commit: the files of this one as they are now. The folder must not exist."""
    for name in git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "qcilint")
    return folder
