"""The console script: answers where all is in order before anything heavy is imported, and hands over to `process` otherwise."""

from __future__ import annotations

import sys

from qcilint.quick import Glance, look


def entry() -> None:
    """Run with the arguments of the process."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from qcilint.process import open_streams

        open_streams()
    glance = Glance()
    try:
        glance = look(sys.argv[1:])
        if glance.message is not None:
            print(glance.message, flush=True)
            sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError:
        pass  # the whole run says what is wrong
    from qcilint import process

    process.run(sys.argv[1:], glance)
