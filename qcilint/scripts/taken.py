"""Variables of a script that hold what it read from a file, and are taken apart: `${base##*:}`, `[[ $base == */ocp/* ]]`."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.scripts.changes import Changes, Held
from qcilint.scripts.differences import around
from qcilint.scripts.sought import named

_SET = re.compile(rb"(?<![\w$])(\w+)=[\"']?(?:\$\(|`)([^\n]{1,300})")
_READ = re.compile(
    rb"\bread[ \t]+((?:-\w+[ \t]+)*\w+(?:[ \t]+\w+)*)[ \t]*(?:;|\n|&&)[^\0]{0,3000}?\bdone[ \t]*<[ \t]*(?:<\()?([^\n]{1,200})"
)
_GIVES = re.compile(rb"FROM|image|\bcat\b|<")
"""What a command has that gives the lines of images, or all lines."""
_USE = re.compile(
    rb"\$\{(?P<a>\w+)(?:##?|%%?|//?)(?P<cut>[^}\n]+)\}"
    rb"|\$\{?(?P<b>\w+)\}?[\"']?[ \t]*(?:=~|[!=]?=)[ \t]*(?P<like>[^\n]*?)(?:\]\]|[ \t]\]|\n|\Z)"
    rb"|(?P<fields>IFS=[\"']?[:/@]+)[^\n]{0,200}?<<<[ \t]*[\"']?\$\{?(?P<c>\w+)"
)
_PIECE = re.compile(r"[\w./:@-]+")
_LEAST = 3
"""Characters of a text that says something of an image."""


def held(path: str, data: bytes, changes: Changes) -> list[Held]:
    """The edits that the script at `path` would notice in a variable."""
    variables: dict[bytes, set[bytes]] = {}
    for name, command in _variables(data):
        if _GIVES.search(command) and (files := named(path, command, changes)):
            variables.setdefault(name, set()).update(files)
    out: dict[Held, None] = {}
    for use in _USE.finditer(data) if variables else ():
        line = data.count(b"\n", 0, use.start()) + 1
        for file in sorted(variables.get(use["a"] or use["b"] or use["c"], ())):
            for change in changes.by_name[file]:
                if text := _told(use["cut"], use["like"], use["fields"], change.old, change.new):
                    out[Held(change.path, path, line, text, change.kind)] = None
    return list(out)


def _variables(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names, with the commands whose output they hold."""
    for match in _SET.finditer(data):
        yield match[1], match[2]
    for match in _READ.finditer(data):
        for name in match[1].split():
            if not name.startswith(b"-"):
                yield name, b"< " + match[2]


def _told(cut: bytes | None, like: bytes | None, fields: bytes | None, old: bytes, new: bytes) -> str:
    """What a use of a variable says of a part of the reference; empty where it does not."""
    text = (cut or like or fields or b"").decode("utf-8", "replace").strip()
    if fields or (cut and re.search(r"[:/@]", text)):
        return text
    before, after = old.decode("latin-1"), new.decode("latin-1")
    part = around(before, after)
    pieces = [piece for piece in _PIECE.findall(text.replace("\\", "")) if len(piece) >= _LEAST]
    return text if any(piece in part and piece not in after for piece in pieces) else ""
