"""Finds bytes in a large buffer by the C library, which knows the vector instructions of the processor.

That of GNU looks for a short string in 30 GB of text a second where it has AVX-512, and `bytearray.find` in 2 or 3.
"""

from __future__ import annotations

import ctypes
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[..., int]
    """As `bytearray.find`: where bytes stand first, at or behind a start and before an end, or a number below zero."""

IS_SWIFT = sys.platform == "linux"
"""Whether text is found faster than other bytes, and a short string about as fast as a long one."""


def _load() -> Callable[[bytearray, int], Find] | None:
    try:
        library = ctypes.PyDLL(None)  # to give up the interpreter's lock for each call would take a fifth of its time
        strstr, memmem = library.strstr, library.memmem
    except (AttributeError, OSError, TypeError):  # Windows has no such library, and others may lack a function
        return None
    strstr.restype = memmem.restype = ctypes.c_void_p
    strstr.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    memmem.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)
    cast, text, address = ctypes.cast, ctypes.c_char_p, ctypes.c_void_p
    addresses: dict[bytes, int | None] = {}  # to pass bytes takes the library twice as long as to pass where they are

    def finder(data: bytearray, text_end: int) -> Find:
        """What finds bytes in `data`, whose length must not change as long as that lives.

        With `text_end`, it finds bytes of which none is NUL, and only before that offset; there is no NUL before it, and what
        stands there is overwritten. It can be given a line too, with its line ends, and where in it the bytes stand: it passes
        over these lines. With a number below zero it finds any bytes anywhere.
        """
        held = (ctypes.c_char * len(data)).from_buffer(data)
        first = ctypes.addressof(held)
        startswith = data.startswith

        def find_text(needle: bytes, at: int, _: int, line: bytes = b"", offset: int = 0, _held: object = held) -> int:
            sought = addresses.get(needle)
            if sought is None:
                sought = addresses[needle] = cast(text(needle), address).value
            found = strstr(first + at, sought)
            if line:
                before, behind = first + offset, len(line) - offset - 1
                while found is not None and startswith(line, found - before):
                    found = strstr(found + behind, sought)
            return -1 if found is None else found - first

        def find(needle: bytes, at: int, end: int, _held: object = held) -> int:
            found = memmem(first + at, end - at, needle, len(needle))
            return -1 if found is None else found - first

        if text_end < 0:
            return find
        data[text_end] = 0
        return find_text

    return finder


finder = _load()
"""None where the C library has no such functions."""
