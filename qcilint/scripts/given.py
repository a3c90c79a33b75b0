"""Files that scripts give to programs of the repository as arguments: `hack/bump.sh images/Dockerfile`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from qcilint import lazy as re
from qcilint.scripts.files import glob

SHELL = (".sh", ".bash")
_PROGRAM = re.compile(rb"[\w.-]+\.(?:sh|bash|py|js|mjs|cjs|ts|rb|pl|lua|psm?1|groovy)(?![\w.])")
_CONTINUED = re.compile(rb"\\\r?\n")
_WORD = re.compile(rb"[^\s\"'`;|&<>(),=]+")
_VARIABLE = re.compile(rb"\$[({]?(\w+)")
_SET = re.compile(
    rb"(?m)^[ \t]*(?:(?:export|local|readonly)[ \t]+)?(\w+)[ \t]*[:?+]?=[ \t]*([^\n#]*)|\bfor[ \t]+(\w+)[ \t]+in[ \t]+([^;\n]*)"
)
_PATH = bytes(byte for byte in range(128) if chr(byte).isalnum()) + b"_./*-"
"""Characters of a path or glob."""
_FOLDER, _UNKNOWN = re.compile(rb"\A\$\{?\w+\}?/"), re.compile(rb"\$\{?\w+\}?")
_POSITIONAL = re.compile(rb"(\$\{?)[1-9@*](?!\w)")
_FROM_ARGUMENT = re.compile(rb"\b([A-Za-z_]\w*)=[\"']?\$\{?_\b")
_LONGEST = 300
"""Bytes of a path."""
_MOST = 50
"""Files that one program is taken to be given, and values of a variable."""


def given(script: bytes, may_be: Callable[[bytes], bool]) -> Iterator[tuple[str, bytes]]:
    """The file names of the programs that a script calls, each with a path or glob in its command for which `may_be` says yes.

    A variable stands for what the script sets it to; a path below a folder that is not known begins with `**/`.
    """
    if not _PROGRAM.search(script):
        return
    text = _CONTINUED.sub(b"  ", script)
    values: dict[bytes, list[bytes]] = {}
    for match in _SET.finditer(text):
        name, value = (match[1], match[2]) if match[1] else (match[3], match[4])
        values.setdefault(name, []).append(value)
    for line in dict.fromkeys(text.splitlines()):
        if not (programs := set(_PROGRAM.findall(line))):
            continue
        named = (value for match in _VARIABLE.finditer(line) for value in values.get(match[1], [])[:_MOST])
        words = dict.fromkeys(word for part in (line, *named) for word in _WORD.findall(part) if len(word) <= _LONGEST)
        paths = [path for word in words if may_be(path := _path(word))]
        for program in programs:
            yield from ((program.decode("latin-1"), path) for path in paths[:_MOST] if not path.endswith(program))


def _path(word: bytes) -> bytes:
    """The path or glob that a word ends with."""
    word = _UNKNOWN.sub(b"*", _FOLDER.sub(b"**/", word))
    path = word[len(word.rstrip(_PATH)) :]
    return path if path == word and not path.startswith(b"/") else b"**/" + path.lstrip(b"/")


def with_arguments(script: bytes, arguments: Collection[bytes]) -> bytes:
    """A shell script in which its arguments, and the variables that are set to them, stand for these paths. Its lines stay."""
    text = _POSITIONAL.sub(rb"\g<1>_", script)
    names = dict.fromkeys((b"_", *_FROM_ARGUMENT.findall(text)))
    settings = (b"\n%s=%s" % (name, path) for name in names for path in sorted(arguments)[:_MOST])
    return text + b"".join(settings) + b"\n: _=\n"  # the last one says that no value is the only one


def paths_given(arguments: Collection[bytes], paths: Collection[str]) -> set[str]:
    """Those of some repository paths that the arguments may be, from any folder."""
    found: set[str] = set()
    for argument in sorted(arguments)[:_MOST]:
        pattern = glob("**/" + argument.decode("latin-1").removeprefix("**/").removeprefix("./"))
        found.update(path for path in paths if pattern and pattern.fullmatch(path))
    return found
