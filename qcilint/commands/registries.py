"""What the commands that ask registries share: the optional library, and settings that cannot be used."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import NoReturn

from qcilint.discovery import printable
from qcilint.engine import Linter
from qcilint.registry import SettingsError

LIBRARY = "urllib3"
USAGE_ERROR = 2


def verifying(linter: Linter, options: argparse.Namespace) -> Linter:
    """The linter, with fixes verified as the options say. Raises SystemExit where they cannot be used."""
    with usable("--verify"):
        from qcilint.registry.settings import from_options
        from qcilint.registry.verify import Verification, VerifyingLinter

        return VerifyingLinter(linter, Verification(from_options(options)), _tell)


@contextlib.contextmanager
def usable(what: str) -> Iterator[None]:
    """Ends the run with a message where the library is not installed, or a setting cannot be used."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != LIBRARY:
            raise
        _fail(f"{what} needs {LIBRARY}: install qcilint[verify], or run `{sys.executable} -m pip install {LIBRARY}`")
    except SettingsError as error:
        _fail(str(error))


def _tell(line: str) -> None:
    print(f"qcilint: {printable(line)}", file=sys.stderr)


def _fail(message: str) -> NoReturn:
    _tell(f"error: {message}")
    raise SystemExit(USAGE_ERROR)
