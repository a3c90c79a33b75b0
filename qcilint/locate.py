"""Finds every occurrence of a host in bytes, whatever language they are written in.

What a plain search for the host finds is found here too, by construction: languages later say where an
occurrence stands, never whether it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qcilint import lazy as re
from qcilint.hosts import host_regex, hosts_regex, literals
from qcilint.records import NamedTuple, replace
from qcilint.reference import TRANSPORTS, Part, Reference, Text, hole_at, parse_text, split_path

_HOST_BYTE = re.compile(rb"[A-Za-z0-9.-]*")
_ESCAPE = re.compile(rb"\\u00(2[DdEeFf]|3[Aa]|40)|\\x(2[DdEeFf]|3[Aa]|40)|\\(/)")
_TAIL = re.compile(rb"[A-Za-z0-9_./:@-]+")
_AFTER_REGEX = re.compile(rb"(?:[A-Za-z0-9_./:@*+\\^-]|\[[^\]\n]{0,80}\]|\$(?=[\"'/|~#]))+")
# What may not follow a whole reference: a wildcard, a regular expression, an ellipsis, a placeholder.
_WILDCARD = re.compile(rb"[.]?[*+]|\.?\[[\^a-zA-Z0-9]|\\[.dwsSWDb+*?(|)]|\(\?|\{[0-9]*,")
_CUT = re.compile(rb"\.\.\.|\xe2\x80\xa6|<[A-Za-z]|\\\r?(?:\n|\Z)|\\ldots|\[[A-Z]|\[\.\.\.\]|\*")
# An escape sequence whose last characters a host would otherwise swallow: `\nregistry…`, `%22registry…`.
_BEFORE = re.compile(rb"(?:\\[abfnrtv]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[0-7]{3}|%[0-9A-Fa-f]{2}|\x1b\[[0-9;]*[A-Za-z])")
_ENCODED = re.compile(rb"%(?:2[DdEeFf]|3[Aa]|40)")
_IN_PATH = re.compile(rb"[A-Za-z0-9_})]/\Z")
_QUOTED = re.compile(rb"[\"'`][$\w{]")
_PORT = re.compile(rb":([0-9]{2,5})(?![A-Za-z0-9_.-])")
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:/*-"
_CUT_SHORT = b".\xe2<\\[*+({"
"""The first bytes of what `_CUT` and `_WILDCARD` match."""
_MOST_BEFORE = 90
"""Bytes before a reference that its reading may depend on."""
_LONGEST_LINE = 400
"""Bytes up to the end of the line; a reference in a longer line is read anew."""
_MOST_KNOWN = 4096
"""Readings that are remembered."""
_MOST_CHOSEN = 200
"""Sets of hosts that expressions are kept for."""
_AFTER_HOST = (b"/", b":", b"@", b"\\")


class _Hosts(NamedTuple):
    """The hosts that a text may hold."""

    find: re.Pattern[bytes]
    """Finds one of them, with its repository where the pattern has one."""
    whole: re.Pattern[bytes]
    """Finds one of them without a repository."""


class Locator:
    """Finds references to the hosts of a set of rules."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern))
        self._labels = {each: frozenset(literals(each)) for pattern in self._patterns for each in (pattern, _host_of(pattern))}
        self._every_label = frozenset[bytes]().union(*self._labels.values())
        self._chosen: dict[tuple[tuple[str, ...], tuple[str, ...]], _Hosts] = {}
        self._known: dict[tuple[bytes, int, int, int], Reference] = {}

    def locate(self, data: bytes) -> list[Reference]:
        """Every reference of `data`, in order; each occurrence of a host lies within exactly one of them."""
        return list(self._references(data))

    def _hosts_in(self, data: bytes) -> _Hosts | None:
        """Expressions for the hosts that `data` may hold: all those whose labels stand in it, in whatever order.

        A host that the text cannot hold changes nothing, but takes long to compile and to search for.
        """
        present = {label for label in self._every_label if label in data}
        found = tuple(pattern for pattern in self._patterns if self._labels[pattern] <= present)
        if not found:
            return None
        whole = tuple(host for pattern in self._patterns if self._labels[host := _host_of(pattern)] <= present)
        hosts = self._chosen.get((found, whole))
        if hosts is None:
            if len(self._chosen) >= _MOST_CHOSEN:
                self._chosen.clear()
            regex = b"|".join(b"(?:%s)" % host_regex(host) for host in dict.fromkeys(whole))
            hosts = self._chosen[found, whole] = _Hosts(re.compile(hosts_regex(found)), re.compile(regex))
        return hosts

    def _references(self, data: bytes) -> Iterator[Reference]:
        hosts = self._hosts_in(data)
        if hosts is None:
            return
        at = 0
        for match in hosts.find.finditer(data):
            if match.start() < at:
                continue
            reference = self._reference(data, match.start(), match.end(), at, hosts)
            at = max(reference.end, match.end())
            yield reference

    def _reference(self, data: bytes, start: int, end: int, floor: int, hosts: _Hosts) -> Reference:
        literal = data[start:end]
        first = self._host_start(data, start, floor)
        if literal.strip(_PLAIN):
            after = _AFTER_REGEX.match(data, end)
            stop = after.end() if after else end
            flaw = "encoded" if b"%" in literal else "regex"
            return Reference(start, stop, parse_text(data[start:stop]), literal.decode(), flaw=flaw)
        host_match = hosts.whole.match(data, start)
        host_end = host_match.end() if host_match else end
        after_host = data[host_end : host_end + 3]
        if (
            first < start
            or after_host[:1].isalnum()
            or (after_host.startswith((b".", b"-")) and re.match(rb"[.-]+[A-Za-z0-9]", after_host))
        ):
            stop = max(_HOST_BYTE.match(data, start).end(), end)  # type: ignore[union-attr]
            for following in hosts.find.finditer(data, end):
                if following.start() >= stop:
                    break
                stop = max(stop, following.end())
            host = data[first:stop]
            return Reference(first, stop, parse_text(host), host.decode("utf-8", "surrogateescape"), flaw="other-host")
        return self._parsed(data, start, host_end, end)

    def _parsed(self, data: bytes, start: int, host_end: int, least: int) -> Reference:
        """A reference, read once for each text that it stands in: many files repeat a few lines."""
        stop = data.find(b"\n", least, start + _LONGEST_LINE)
        if stop < 0:
            return self._parse(data, start, host_end, least)
        first = max(data.rfind(b"\n", max(0, start - _MOST_BEFORE), start), start - _MOST_BEFORE, 0)
        key = (data[first:stop], start - first, host_end - start, least - start)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[key] = self._parse(data, start, host_end, least)
            return known
        return replace(known, start=start, end=start + known.end - known.start)

    @staticmethod
    def _host_start(data: bytes, start: int, floor: int) -> int:
        """Where the host name that holds `start` begins, escape sequences before it left out."""
        first = start
        while first > floor and (data[first - 1 : first].isalnum() or data[first - 1] in b".-"):
            first -= 1
        for back in range(min(6, first - floor), 0, -1):
            escape = _BEFORE.match(data, first - back) if data[first - back] in b"\\%\x1b" else None
            if escape and first < escape.end() <= start:
                first = escape.end()
                break
        while first < start and data[first] in b".-":
            first += 1
        if data[max(0, first - 2) : first] == b"${" and re.fullmatch(rb"[A-Za-z][A-Za-z0-9]*[-+]", data[first:start]):
            return start  # `${NAME-default}`
        return first

    def _parse(self, data: bytes, start: int, host_end: int, least: int) -> Reference:
        host = data[start:host_end].decode()
        port = ""
        at = host_end
        if ":" in host:
            host, _, port = host.partition(":")
        elif data.startswith(b":", at) and (colon := _PORT.match(data, at)):
            port, at = colon[1].decode(), colon.end()
        end, escaped = tail(data, at) if data[at : at + 1] in _AFTER_HOST else (at, False)
        end = max(trim(data, at, end), least)
        flaw = flaw_of(data, start, end)
        raw = data[at:end]
        path = _ESCAPE.sub(_unescape, raw) if escaped else raw
        parsed = parse_text(path)
        text = Text((Part(data[start:at].decode()), *parsed))
        transport = next((t for t in TRANSPORTS if data.endswith(t.encode(), max(0, start - len(t)), start)), "")
        flaw = flaw or _flaw_of_path(data, start, end, path)
        if path in (b"", b"/"):
            return Reference(start, end, text, host, port, transport=transport, escaped=escaped, flaw=flaw)
        if path[:1] != b"/":
            return Reference(start, end, text, host, port, transport=transport, escaped=escaped, flaw=flaw or "malformed")
        parts = split_path(parsed)
        if parts.problem or any(_divides(part) for part in parts.namespace + parts.name + parts.tag):
            flaw = flaw or "malformed"
        return Reference(start, end, text, host, port, *parts[:4], transport=transport, escaped=escaped, flaw=flaw)


def tail(data: bytes, at: int) -> tuple[int, bool]:
    """The end of the reference text that goes on at `at`, and whether it holds escapes."""
    escaped = False
    while True:
        if (match := hole_at(data, at)) or (match := _TAIL.match(data, at)):
            at = match.end()
        elif data.startswith(b"\\", at) and (match := _ESCAPE.match(data, at)):
            at, escaped = match.end(), True
        else:
            return at, escaped


def trim(data: bytes, start: int, end: int) -> int:
    """The end of a reference text without the punctuation that follows it in a sentence."""
    while end > start and data[end - 1] in b".:@-_":
        if data[end - 1 : end] == b"_" and re.search(rb"__[A-Z][A-Z0-9_]*__\Z", data[max(start, end - 80) : end]):
            break
        end -= 1
    return end


_GOES_ON = re.compile(rb"_[\"'][$\w]")
"""A part in quotes behind the underscore that divides the tags of QCI."""


def flaw_of(data: bytes, start: int, end: int) -> str:
    """What the bytes around a reference text say against it: one of FLAWS, or empty."""
    before = data[max(0, start - 8) : start]
    if before.endswith(b"/") and re.search(rb"https?:(?:\\?/){2}\Z", before):
        return "url"
    if before[-3:-2] == b"%" and re.search(rb"%[0-9A-Fa-f]{2}\Z", before):
        return "encoded"
    after = data[end : end + 12]
    if before.endswith(b"**") and after.startswith(b"**"):
        return ""  # strong emphasis in Markdown
    if before.endswith((b"*.", b"*", b"]", b"\\b", b"(?:")):
        return "wildcard"
    if after.startswith((b'_"', b"_'")) and _GOES_ON.match(after):
        return "cut"
    rest = after.lstrip(b":@/-_")
    if not rest or rest[0] not in _CUT_SHORT:  # as most often
        return ""
    if _CUT.match(rest) and not after.startswith(b"*"):
        return "cut" if not re.match(rb"</|<br", after) else ""
    return "wildcard" if _WILDCARD.match(rest) else ""


def _flaw_of_path(data: bytes, start: int, end: int, path: bytes) -> str:
    """What the path says against a reference text: it ends where an encoded or quoted part begins, or with a separator; or the
    whole is a part of a longer path."""
    if data.startswith(b"%", end) and _ENCODED.match(data, end):
        return "encoded"
    if path == b"/":
        return "cut" if _QUOTED.match(data, end) and data[end : end + 1] != data[start - 1 : start] else ""
    if path.endswith(b"/"):
        return "cut"
    return "in-path" if data[max(0, start - 1) : start] == b"/" and _IN_PATH.search(data, max(0, start - 2), start) else ""


def _host_of(pattern: str) -> str:
    return pattern.partition("/")[0]


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1] or match[2]
    return bytes([int(code, 16)]) if code else b"/"


def _divides(part: Part) -> bool:
    """A hole whose visible default holds a separator: its value is more than one part of a reference."""
    if part.style not in ("braced", "make-shell", "escaped"):
        return False
    default = re.search(r":?[-=+](.*)\}\Z", part.text, re.S)
    return bool(default and re.search(r"[/:@]", default[1]))
