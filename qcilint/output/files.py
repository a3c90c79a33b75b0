"""Reports in files: `FORMAT:FILE`, each file written in one step."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable

from qcilint.discovery import printable
from qcilint.output import FormatError, format_name


def destination(text: str) -> tuple[str, str]:
    """Format and path of `FORMAT:FILE`. Raises FormatError where one of them cannot be used; nothing is written."""
    name, colon, path = text.partition(":")
    if not colon or not path:
        raise FormatError(f"{printable(text)!r} is no FORMAT:FILE, such as sarif:qcilint.sarif")
    name = format_name(name)
    if path == "-":
        raise FormatError(f"{text!r}: for standard output use --format {name}")
    if os.path.isdir(path):
        raise FormatError(f"{printable(path)} is a folder; name a file")
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.exists(path) and not os.path.isdir(folder):
        raise FormatError(f"{printable(path)}: there is no folder {printable(folder)}; make it first")
    return name, path


def write(path: str, lines: Iterable[str]) -> None:
    """Write lines as UTF-8, over what stood there, in one step; links stay links. Raises OSError; then nothing changed.

    What is no regular file (a pipe, a device) is written to as it is.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | 0o666 & ~_umask()
    if not stat.S_ISREG(mode):
        with open(path, "wb") as file:
            file.writelines(encoded(lines))
        return
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(prefix=".qcilint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(encoded(lines))
        os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def encoded(lines: Iterable[str]) -> Iterable[bytes]:
    """Lines with their ends, as UTF-8; a lone surrogate, which no file can hold, is written as its escape."""
    return (line.encode("utf-8", "backslashreplace") + b"\n" for line in lines)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
