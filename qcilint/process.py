"""A run as a process: every way out has a defined exit code, and there is no traceback for anybody."""

from __future__ import annotations

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


def run(arguments: Sequence[str], glance: Glance | None = None) -> None:
    """Run with these arguments, and end the process. `glance`: what is known of the files already."""
    # What a run makes mostly stays until its end: the collector would look through all of it again and again.
    gc.set_threshold(*_SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
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
        print(f"qcilint: internal error: {type(error).__name__}: {error}", file=sys.stderr)
        print("qcilint: nothing more was written; set QCILINT_DEBUG=1 for a traceback, and please report it", file=sys.stderr)
        code = USAGE_ERROR
    _leave(code)


def _code(arguments: Sequence[str], glance: Glance | None) -> int:
    options = plain_options(arguments)
    if options is None:
        from qcilint.cli import main

        return main(arguments, glance)
    from qcilint.commands import check

    return check.run(options, glance)


def _leave(code: int) -> None:
    """End the process at once where nothing is left to be done: to free all that a small run made takes a tenth of its time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)  # the interpreter says what is wrong with them
    os._exit(code)
