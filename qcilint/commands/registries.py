"""What the commands that ask registries share: the optional library, and settings that cannot be used."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

from qcilint.discovery import printable
from qcilint.registry import SettingsError

if TYPE_CHECKING:
    from qcilint.reviewed import Reviewer

LIBRARY = "urllib3"
USAGE_ERROR = 2


def reviewer(options: argparse.Namespace) -> Reviewer:
    """What verifies fixes as the options say. Raises SystemExit where they cannot be used."""
    with usable("--verify"):
        from qcilint.registry.settings import from_options
        from qcilint.registry.verify import Verification

        return Verification(from_options(options))
    raise AssertionError("a failure has ended the run")


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


def tell(line: str) -> None:
    """Say something of the run on standard error."""
    print(f"qcilint: {printable(line)}", file=sys.stderr)


def _fail(message: str) -> NoReturn:
    tell(f"error: {message}")
    raise SystemExit(USAGE_ERROR)
