"""Runs git for a campaign: in one folder, with the token in the environment, without prompts, hooks or filters."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import cast

from qcilint.campaign.credentials import Credentials
from qcilint.campaign.errors import ChangeError
from qcilint.discovery import printable

_SAFE = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.quotepath=off"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.autocrlf=false"),
    *("-c", "gc.auto=0"),
    *("-c", "advice.detachedHead=false"),
    *("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60"),
)
"""Nothing of a stranger's repository runs; a connection that has gone quiet ends after a minute."""


class GitError(ChangeError):
    """A git command failed; `output` is what it said."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


class Git:
    """Runs git with one set of credentials."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._environment = credentials.git_environment(os.environ)

    def __call__(self, folder: str, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """The output of a git command. Raises GitError with what git said, without the token."""
        return self._run(folder, arguments, given, environment or {}, (0,))[1]

    def holds(self, folder: str, *arguments: str) -> bool:
        """Whether a git command that answers by its exit code says yes. Raises GitError where it fails."""
        return self._run(folder, arguments, b"", {}, (0, 1))[0] == 0

    def lines(self, folder: str, *arguments: str, codes: tuple[int, ...] = (0,)) -> list[str]:
        """What a git command with `-z` lists. Raises GitError for an exit code that is none of these."""
        return [os.fsdecode(entry) for entry in self._run(folder, arguments, b"", {}, codes)[1].split(b"\0") if entry]

    @contextmanager
    def stream(self, folder: str, *arguments: str, given: bytes) -> Iterator[BufferedReader]:
        """The output of a git command, to be read while it runs, which may be more than fits into memory. Raises GitError."""
        with tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as said:
            sent.write(given)
            sent.seek(0)
            with self._start(folder, arguments, sent.fileno(), said.fileno()) as process:
                yield cast(BufferedReader, process.stdout)
            if process.returncode:
                said.seek(0)
                raise self._error(arguments, said.read(), process.returncode)

    def _start(self, folder: str, arguments: tuple[str, ...], sent: int, said: int) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", *_SAFE, *arguments],  # noqa: S607
                cwd=folder,
                env=self._environment,
                stdin=sent,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}", "") from None

    def _error(self, arguments: tuple[str, ...], said: bytes, code: int) -> GitError:
        text = self.credentials.redact(said.decode("utf-8", "replace")).strip()
        return GitError(f"git {arguments[0]}: {_last(text.splitlines()) or f'exit code {code}'}", text)

    def _run(
        self, folder: str, arguments: tuple[str, ...], given: bytes, environment: Mapping[str, str], codes: tuple[int, ...]
    ) -> tuple[int, bytes]:
        try:
            done = subprocess.run(
                ["git", *_SAFE, *arguments],  # noqa: S607
                cwd=folder,
                env={**self._environment, **environment},
                input=given,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}", "") from None
        if done.returncode not in codes:
            raise self._error(arguments, done.stderr, done.returncode)
        return done.returncode, done.stdout

    def text(self, folder: str, *arguments: str) -> str:
        """The output of a git command as one stripped text."""
        return os.fsdecode(self(folder, *arguments)).strip()


def _last(lines: Iterable[str]) -> str:
    """The line that says most: the first that git marks as an error, else the last."""
    every = [line for line in lines if line.strip()]
    marked = [line for line in every if line.startswith(("fatal:", "error:", " ! "))]
    return printable((marked or every or [""])[0 if marked else -1].strip())
