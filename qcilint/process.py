"""A run as a process: every way out has a defined exit code, and there is no traceback for anybody."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence

from qcilint.plain_options import plain_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qcilint.quick import Glance

USAGE_ERROR = 2
INTERRUPTED = 130
_SELDOM = (100_000, 20, 100)
_NO_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def run(arguments: Sequence[str], glance: Glance | None = None) -> None:
    """Run with these arguments, and end the process. `glance`: what is known of the files already."""
    # What a run makes mostly stays until its end: the collector would look through all of it again and again.
    gc.set_threshold(*_SELDOM)
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        code = _code(arguments, glance)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep Python from complaining at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        if os.environ.get("QCILINT_DEBUG"):
            raise
        if reason := _from_outside(error):
            print(f"qcilint: error: {reason}", file=sys.stderr)
        else:
            print(f"qcilint: internal error: {type(error).__name__}: {error}", file=sys.stderr)
            print("qcilint: nothing more was written; set QCILINT_DEBUG=1 for a traceback, and please report it", file=sys.stderr)
        code = USAGE_ERROR
    _leave(code)


def open_streams() -> None:
    """Open what was closed when the process began, so that no other file gets its number: no input, and no place for output.

    A message for standard error is lost; output is refused, so that nobody takes it for written.
    """
    for number, name, flags in ((0, "stdin", os.O_WRONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_RDWR)):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, flags)
            if handle != number:
                os.dup2(handle, number)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def _code(arguments: Sequence[str], glance: Glance | None) -> int:
    options = plain_options(arguments)
    if options is None:
        from qcilint.cli import main

        return main(arguments, glance)
    from qcilint.commands import check

    return check.run(options, glance)


def _from_outside(error: Exception) -> str:
    """What went wrong where qcilint is not to blame; empty where it may be."""
    if not isinstance(error, OSError):
        return ""
    try:
        os.getcwd()
    except OSError:
        return "the working directory is gone; change to one that is there"
    if isinstance(error.filename, str | bytes):
        from qcilint.discovery import printable

        return f"{printable(os.fsdecode(error.filename))}: {error.strerror}"
    return f"the output cannot be written: {error.strerror}" if error.errno in _NO_OUTPUT else ""


def _leave(code: int) -> None:
    """End the process at once: to free all that a small run made takes a tenth of its time."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue  # it has been told by now
    os._exit(code)
