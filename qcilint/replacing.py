"""Replaces a file in one step: whoever reads it sees the old content or the new, and a run that ends early leaves nothing."""

from __future__ import annotations

import contextlib
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def replace_file(path: str, pieces: Iterable[bytes], *, mode: int = 0o666) -> None:
    """Write pieces over what stood at `path`, keeping its mode and, where possible, its owner; links stay links.

    `mode`: of a file that is new, less what the umask takes away. What is no regular file (a pipe, a device) is
    written to as it is. Raises OSError; then a regular file stays as it was.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        status = None
    if status and not stat.S_ISREG(status.st_mode):
        with open(path, "wb") as file:
            file.writelines(pieces)
        return
    target = os.path.realpath(path)
    temporary = os.path.join(os.path.dirname(target), f".qcilint-{os.urandom(8).hex()}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600 if status else mode), "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if status:
            with contextlib.suppress(OSError):
                os.chown(temporary, status.st_uid, status.st_gid)
            os.chmod(temporary, stat.S_IMODE(status.st_mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
