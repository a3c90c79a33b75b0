"""Reads many files and tells those that a rule may have something to say about. Most files are never looked at again.

All files of a chunk go through one buffer, a line end between them, and each needle is searched once for the whole buffer.
Around an occurrence only its line is looked at: a host never reaches over a line end.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from re import Pattern

    from qcilint.index import Index
    from qcilint.memory import Find
    from qcilint.signs import Look

    Teller = Callable[[int, int, str], None]
    """Is told how many of how many things are done."""
    Verdict = tuple[int, int]
    """Number of the file in its list, and one of the kinds below, or the number of an error of the system below zero."""

OPEN = 1
"""It holds a line about which a rule may have something to say."""
BINARY = 2
"""It is no text, by git's rule: a NUL among the first 8,000 bytes."""
ABSENT = 3
"""It is not there, or is a link or no regular file; links are followed unless they are to be passed over."""

DIRECTIVE = b"qcilint:"
"""A suppression comment, which may be of no use in a file in which all is in order (see `qcilint.directives`)."""
_BUFFER, _SMALL_BUFFER = 4 << 20, 256 << 10  # for few files: each page costs, used or not
_ROOM = 3
"""Bytes behind the last file that are looked at where a file ends with the beginning of a spelling."""
_PAGE = 4096
_HEAD = 8000
_MOST_BEFORE, _MOST_AFTER = 400, 600
"""Bytes of a line around a needle that are looked at; a longer line is left to be read with care."""
_DISGUISES = (b"[.", b"%2")
"""The first two of three bytes that a dot of a host may be written with; the other way is a backslash (see `qcilint.hosts`)."""
_MOST_KNOWN = 20_000
"""Lines that are remembered."""
CHUNK, FEW = 256, 300
"""Files of one piece of work, and those that are not worth a process."""
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)


def scan(
    paths: Sequence[str], index: Index, jobs: int, *, follow: bool, thorough: bool = False, tell: Teller | None = None
) -> list[Verdict]:
    """What is to be said of files, in their order; nothing of those in which all is in order.

    `follow`: read what a link points to. `thorough`: lines that the rules keep are open too. `tell` is told how many files are
    searched. Raises WorkerError.
    """
    if len(paths) <= FEW:
        return Scanner(index, _SMALL_BUFFER, follow=follow, thorough=thorough).scan(paths, 0, len(paths))
    from qcilint.spread import spread

    scanner, total = Scanner(index, follow=follow, thorough=thorough), len(paths)
    scanner.hurry()
    told = (lambda done: tell(done, total, "files searched")) if tell else None
    return list(spread(lambda start, stop: scanner.scan(paths, start, stop), total, CHUNK, jobs, told))


class Scanner:
    """Reads chunks of a list of files, in one process."""

    def __init__(self, index: Index, size: int = _BUFFER, *, follow: bool, thorough: bool) -> None:
        self._index, self._size, self._thorough = index, size, thorough
        self._flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self._flags |= 0 if follow else getattr(os, "O_NOFOLLOW", 0)
        self._buffer = bytearray()
        self._known: dict[bytes, bool] = {}
        self._escapes: Pattern[bytes] | None = None
        self._look: Callable[..., Look] | None = None

    def hurry(self) -> None:
        """Take the time to load what searches many files faster: regular expressions, and the C library."""
        import re

        from qcilint.signs import Signs

        preceding, following = re.escape(self._index.preceding), re.escape(self._index.following)
        self._escapes = re.compile(rb"\\(?:(?<=[%s]\\)|[./][%s])" % (preceding, following))
        self._look = Signs(self._index, _DISGUISES).look

    def scan(self, paths: Sequence[str], start: int, stop: int) -> list[Verdict]:
        """The verdicts on the files from `start` to before `stop`."""
        if not self._buffer:
            self._buffer = bytearray(self._size)
            self._buffer[0] = 10
        found: list[Verdict] = []
        numbers: list[int] = []
        starts: list[int] = []
        at = 1
        buffer, flags = self._buffer, self._flags
        limit = len(buffer) - _ROOM
        with memoryview(buffer) as view:
            for number in range(start, min(stop, len(paths))):
                try:
                    descriptor = os.open(paths[number], flags)
                except OSError as error:
                    found.append((number, ABSENT if error.errno in _ABSENT else -(error.errno or errno.EIO)))
                    continue
                try:
                    count = _read_into(descriptor, view[at:limit])
                    if count == 0 or count == limit - at:
                        found += self._flush(numbers, starts, at)
                        numbers, starts, at = [], [], 1
                        count, verdicts = self._odd(number, descriptor, view[1:limit])
                        found += verdicts
                except OSError as error:
                    found.append((number, ABSENT if error.errno == errno.EISDIR else -(error.errno or errno.EIO)))
                    continue
                finally:
                    os.close(descriptor)
                if count:
                    numbers.append(number)
                    starts.append(at)
                    at += count
                    buffer[at] = 10
                    at += 1
        found += self._flush(numbers, starts, at)
        found.sort()
        return found

    def _odd(self, number: int, descriptor: int, view: memoryview) -> tuple[int, list[Verdict]]:
        """A file that is empty or does not fit: the bytes that were read anew, and the verdicts where those are not all."""
        from stat import S_ISREG

        if not S_ISREG(os.fstat(descriptor).st_mode):
            return 0, [(number, ABSENT)]
        os.lseek(descriptor, 0, os.SEEK_SET)
        count = _read_into(descriptor, view)
        if count < len(view):
            return count, []
        data = bytearray(b"\n")
        data += view
        while piece := os.read(descriptor, _BUFFER):
            data += piece
        data += b"\n" * _ROOM
        return 0, self.verdicts(data, [number], [1], len(data) - _ROOM + 1)

    def _flush(self, numbers: list[int], starts: list[int], end: int) -> list[Verdict]:
        """The verdicts on what the buffer holds, which is lost."""
        data = self._buffer
        told: list[Verdict] = []
        if not numbers:
            return told
        is_text = data.find(b"\0", 0, end) < 0
        for place in () if is_text else self._binary(data, starts, end):  # then there hardly is one left in the way of searches
            told.append((numbers[place], BINARY))
            stop = starts[place + 1] if place + 1 < len(starts) else end
            data[starts[place] : stop] = b"\n" * (stop - starts[place])
        return told + self.verdicts(data, numbers, starts, end, is_text=is_text)

    def verdicts(
        self, data: bytearray, numbers: list[int], starts: list[int], end: int, *, is_text: bool = False
    ) -> list[Verdict]:
        """The verdicts on the files that begin at `starts`; a line end follows each of them, the last one right before `end`.

        `is_text`: there is no NUL in any of them.
        """
        ends = [*(start - 1 for start in starts[1:]), end - 1]
        binary = set() if is_text else set(self._binary(data, starts, end))
        opened, closed = set[int](), set[int]()
        look = self._look(data, end, is_text=is_text) if self._look else (data.find, self._index.needles, True, True)
        find, needles, is_escaped, is_disguised = look
        for needle in needles:
            self._search(data, needle, find, starts, ends, opened, closed if is_disguised else None)
        if find(DIRECTIVE, 0, end) >= 0:
            opened.update(place for place, start in enumerate(starts) if data.find(DIRECTIVE, start, ends[place]) >= 0)
        at = data.find(b"\\", 0, end) if is_escaped else -1
        while at >= 0:
            place = _place(starts, at)
            if place not in opened:
                self._search_escapes(data, place, at, ends[place] + 1, opened, closed)
            at = data.find(b"\\", ends[place], end)
        for place in closed - opened if is_disguised else ():
            if self._is_disguised(data, starts[place], ends[place] + 1):
                opened.add(place)
        return [(numbers[place], BINARY if place in binary else OPEN) for place in sorted(binary | opened)]

    def _binary(self, data: bytearray, starts: list[int], end: int) -> Iterator[int]:
        at = data.find(b"\0", 0, end)
        while at >= 0:
            place = _place(starts, at)
            if at < starts[place] + _HEAD:
                yield place
            at = data.find(b"\0", starts[place + 1], end) if place + 1 < len(starts) else -1

    def _search(
        self,
        data: bytearray,
        needle: bytes,
        find: Find,
        starts: list[int],
        ends: list[int],
        opened: set[int],
        closed: set[int] | None,
    ) -> None:
        """Tell the files in which a needle stands in an open line from those in which it stands in other lines only.

        Without `closed`, the latter are not told, and `find` knows how to pass over a line.
        """
        end = ends[-1] + 1
        at = find(needle, 0, end)
        stop = place = -1
        same, offset = b"\n", 0
        passed: tuple[()] | tuple[bytes, int] = ()
        while at >= 0:
            if at >= stop:
                place = _place(starts, at)
                stop = ends[place] + 1
                if closed is not None:
                    closed.add(place)
            if data.startswith(same, at - offset):  # most often the line is the one before it, once more
                at = find(needle, at + len(same) - offset - 1, end)
                continue
            line, last = self._line(data, at)
            if line is None or self._is_open(line):
                opened.add(place)
                last = stop - 1
            else:
                same, offset = b"\n%s\n" % line, at - last + len(line) + 1
                passed = (same, offset) if closed is None else ()
            at = find(needle, last, end, *passed)

    def _search_escapes(self, data: bytearray, place: int, at: int, stop: int, opened: set[int], closed: set[int]) -> None:
        """The same in one file for hosts that are written with backslashes, of which the first stands at `at`."""
        preceding = self._index.preceding
        for near in self._backslashes(data, at, stop):
            line, _ = self._line(data, near)
            if line is None or self._is_open(line):
                opened.add(place)
                return
            if data[near - 1] in preceding:
                closed.add(place)

    def _backslashes(self, data: bytearray, at: int, stop: int) -> Iterator[int]:
        """The backslashes, the one at `at` or behind it, that a host may be written with."""
        if self._escapes:
            for match in self._escapes.finditer(data, at, stop):
                yield match.start()
            return
        preceding, following, find = self._index.preceding, self._index.following, data.find
        while at >= 0:
            if data[at - 1] in preceding or (data[at + 1] in b"./" and data[at + 2] in following):
                yield at
            at = find(b"\\", at + 1, stop)

    def _is_disguised(self, data: bytearray, start: int, stop: int) -> bool:
        """Whether a host stands in a file in a spelling that holds neither a needle nor a backslash, in a line that is open."""
        following = self._index.following
        for mark in _DISGUISES:
            at = data.find(mark, start, stop)
            while at >= 0:
                if data[at + 3] in following:
                    line, _ = self._line(data, at)
                    if line is None or self._is_open(line):
                        return True
                at = data.find(mark, at + 1, stop)
        return False

    @staticmethod
    def _line(data: bytearray, at: int) -> tuple[bytes | None, int]:
        """The line around a byte, None for one that is too long, and where it ends."""
        first = data.rfind(b"\n", max(0, at - _MOST_BEFORE), at)
        last = data.find(b"\n", at, at + _MOST_AFTER)
        return (bytes(data[first + 1 : last]), last) if first >= 0 <= last else (None, at)

    def _is_open(self, line: bytes) -> bool:
        """Whether a line holds a host, and a rule may have something to say about it."""
        is_open = self._known.get(line)
        if is_open is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            is_open = self._known[line] = self._index.is_open(line, thorough=self._thorough)
        return is_open


def _place(starts: list[int], at: int) -> int:
    """Which of the files that begin at `starts` holds a byte."""
    from bisect import bisect_right  # a library of its own, which few runs over clean files need

    return bisect_right(starts, at) - 1


def _read_into(descriptor: int, view: memoryview) -> int:
    """Read a file to its end, or until the view is full; the number of bytes."""
    if hasattr(os, "readv"):
        count = os.readv(descriptor, [view])
        # What is no plain file may give a page at a time, and what is one may end with a page.
        while count and count % _PAGE == 0 and count < len(view):
            more = os.readv(descriptor, [view[count:]])
            if not more:
                break
            count += more
        return count
    count = 0
    while count < len(view) and (piece := os.read(descriptor, len(view) - count)):
        view[count : count + len(piece)] = piece
        count += len(piece)
    return count
