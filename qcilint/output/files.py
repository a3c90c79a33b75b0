"""Reports in files: `FORMAT:FILE`, where they may be written, and as which bytes."""

from __future__ import annotations

import os
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


def encoded(lines: Iterable[str]) -> Iterable[bytes]:
    """Lines with their ends, as UTF-8; a lone surrogate, which no file can hold, is written as its escape."""
    return (line.encode("utf-8", "backslashreplace") + b"\n" for line in lines)
