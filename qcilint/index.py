"""What a search for the hosts of the rules needs to know, so that a run over clean files reads no rule.

`compiled.py` holds it for the rules that come with qcilint, and `compiled_rules.py` what their files hold; both are written by
`python -m qcilint.index`. They are used only while the rule files have the very bytes from which they were made; otherwise the
rules are read, which takes longer and gives the same.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` costs more than all of this module
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from qcilint.ruleset import RuleSet

    FileRule = tuple[str, tuple[str, ...], str]
    """A rule about whole files: a text that stands in the path of each of them, its path patterns, and its check."""

_PIECE = 1 << 16
"""Bytes that are read at once: what is more comes from the system page by page."""
_PRIME = (1 << 30) - 35
"""The largest number by which Python divides digit by digit."""


class Index:
    """What to search bytes for."""

    __slots__ = ("escaped", "files", "following", "hosts", "kept", "needles", "plain", "preceding", "settled")

    def __init__(
        self,
        needles: tuple[bytes, ...],
        preceding: bytes,
        following: bytes,
        hosts: bytes,
        plain: tuple[bytes, ...],
        settled: bytes,
        kept: tuple[bytes, ...],
        files: tuple[FileRule, ...] = (),
        escaped: tuple[bytes, ...] = (),
    ) -> None:
        self.needles = needles
        """A file that holds none of these holds no reference whose host is written plainly."""
        self.preceding = preceding
        """The bytes in front of the first backslash of the needles for hosts that are written with backslashes."""
        self.following = following
        """The bytes that stand behind a dot or a slash in one of `needles`."""
        self.hosts = hosts
        """A regular expression for the hosts, in every spelling."""
        self.plain = plain
        """Hosts that `hosts` matches as they are: what holds one needs no regular expression."""
        self.settled = settled
        """A regular expression for lines whose references the rules keep, whatever surrounds them (see `qcilint.settled`)."""
        self.kept = kept
        """A line that `settled` matches holds one of these."""
        self.files = files
        self.escaped = escaped
        """The same as `needles` for hosts whose dots are written with backslashes."""

    def is_open(self, line: bytes, *, thorough: bool) -> bool:
        """Whether a line holds a host, and a rule may have something to say about it; with `thorough`, or keeps it."""
        import re

        # To compile these expressions takes longer than a small run has lines for: most lines need none of them.
        if not (any(host in line for host in self.plain) or re.search(self.hosts, line)):
            return False
        return thorough or not any(start in line for start in self.kept) or not re.fullmatch(self.settled, line)

    def named(self, paths: Sequence[str]) -> list[int]:
        """The numbers of the paths that rules about whole files may be about."""
        return [number for number, path in enumerate(paths) if any(part in path for part, _, _ in self.files)]


def of(rules: RuleSet) -> Index:
    """The index of these rules."""
    return rules.index or made(rules)


def made(rules: RuleSet) -> Index:
    """The index of these rules, made anew."""
    from qcilint.hosts import around_escapes, hosts_regex, needles
    from qcilint.settled import lines

    found = needles(rules.hosts)
    plain = tuple(needle for needle in found if b"\\" not in needle)
    kept, settled = lines(rules)
    hosts = tuple(host.encode() for host in rules.hosts if "*" not in host)
    files = tuple((_literal(rule.files), rule.files, rule.check) for rule in rules.about_files)
    escaped = tuple(needle for needle in found if b"\\" in needle)
    return Index(plain, *around_escapes(found), hosts_regex(rules.hosts), hosts, settled, kept, files, escaped)


def _literal(patterns: tuple[str, ...]) -> str:
    """The longest text without wildcards that all path patterns have in common."""
    runs = patterns[0].replace("?", "*").split("*")
    return max((run for run in runs if all(run in pattern for pattern in patterns)), key=len, default="")


def load() -> Index | None:
    """The index of the rules that come with qcilint; None where it is missing or was made from other bytes."""
    if not _is_current():
        return None
    from qcilint import compiled

    return Index(*(getattr(compiled, name) for name in _NAMES))


def tables() -> dict[str, dict[str, Any]] | None:
    """What the rule files that come with qcilint hold, by name in order; None as for `load`."""
    if _is_current():
        try:
            from qcilint.compiled import DIGEST
            from qcilint.compiled_rules import MADE_FROM, TABLES
        except (ImportError, SyntaxError, ValueError):
            return None
        if MADE_FROM == DIGEST:
            return TABLES
    return None


_NAMES = ("NEEDLES", "PRECEDING", "FOLLOWING", "HOSTS", "PLAIN", "SETTLED", "KEPT", "FILES", "ESCAPED")
"""What `compiled.py` holds: the arguments of `Index`."""
_known: list[bool] = []


def _is_current() -> bool:
    """Whether `compiled.py` is whole and was made from the rule files as they are; found out once."""
    if not _known:
        try:
            from qcilint import compiled

            _known.append(digest(_folders()) == compiled.DIGEST and all(hasattr(compiled, name) for name in _NAMES))
        except (ImportError, SyntaxError, ValueError, AttributeError, OSError):
            _known.append(False)
    return _known[0]


def _folders() -> list[str]:
    """Where the rules lie: a package of their own, which an editable installation has elsewhere."""
    beside = os.path.join(os.path.dirname(__file__), "rules")
    return [beside] if os.path.isdir(beside) else list(__import__("qcilint.rules", fromlist=("__path__",)).__path__)


def digest(folders: Iterable[str]) -> tuple[int, int]:
    """The size and a checksum of the rule files. Raises OSError, also where they lie in an archive.

    The checksum is a remainder by a prime, so that it tells any two files apart that differ in one place: `zlib` takes longer
    to import than all of this.
    """
    parts = list[bytes]()
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            if name.endswith(".toml"):
                parts.append(os.fsencode(name))
                descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
                try:
                    while piece := os.read(descriptor, _PIECE):
                        parts.append(piece)
                finally:
                    os.close(descriptor)
    data = b"\0".join(parts)
    return len(data), int.from_bytes(data, "little") % _PRIME


def sources() -> dict[str, str]:
    """The modules that are made from the rules that come with qcilint: names and texts."""
    from qcilint.ruleset import load_builtin, parse_tables

    index = made(load_builtin())
    texts = {name: text for folder in _folders() for name, text in _texts(folder)}
    head = (
        '"""Made from rules/*.toml by `python -m qcilint.index`; qcilint/index.py says what it is for."""',
        "",
        "# ruff: noqa",
        "# fmt: off",
    )
    first = (
        f"DIGEST = {digest(_folders())!r}",
        *(f"{name} = {getattr(index, name.lower())!r}" for name in _NAMES),
    )
    second = (
        "from __future__ import annotations",
        "",
        "TYPE_CHECKING = False",
        "if TYPE_CHECKING:",
        "    from typing import Any",
        "",
        f"MADE_FROM = {digest(_folders())!r}",
        "TABLES: dict[str, dict[str, Any]] = {",
        *(f"    {name!r}: {table!r}," for name, table in parse_tables(texts).items()),
        "}",
    )
    return {name: "\n".join((*head, *lines, "")) for name, lines in (("compiled", first), ("compiled_rules", second))}


def _texts(folder: str) -> Iterator[tuple[str, str]]:
    for name in os.listdir(folder):
        if name.endswith(".toml"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yield name, file.read()


def main() -> None:
    """Write the modules that are made from the rules."""
    for name, text in sources().items():
        with open(os.path.join(os.path.dirname(__file__), name + ".py"), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


if __name__ == "__main__":
    main()
