"""Commands that programs run: `subprocess.run(["sed", …])`, `os.system("grep … Dockerfile")`, `sh.Run("sed", …)`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from qcilint import lazy as re
from qcilint.filetypes import is_program
from qcilint.scripts import matching
from qcilint.scripts.changes import Changes, Held

_TOOLS = rb"(?:g?sed|g?awk|[ef]?grep|perl|git|find|cat|ed|ex|vim|yq|bash|sh)"
_TEXT = rb"(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`)"
_LIST = re.compile(rb"[\"'`]%s[\"'`](?:\s*,\s*[rbf]?%s)+" % (_TOOLS, _TEXT))
_COMMAND = re.compile(rb"[rbf]{0,2}([\"'`])((?:[^\"'`\\\n]{0,100}[ |;&])?%s[ ](?:(?!\1)[^\\\n]|\\.)+)\1" % _TOOLS)
_ITEM = re.compile(_TEXT)


def held(path: str, data: bytes, changes: Changes, programs: Mapping[str, bytes]) -> list[Held]:
    """The edits that a command which the program at `path` runs would notice."""
    if not (is_program(path) or path.endswith("package.json")):
        return []
    commands: dict[int, list[bytes]] = {}
    for match in _LIST.finditer(data):
        words = [_plain(each[1:-1]) for each in _ITEM.findall(match[0])]
        command = shlex.join(word.decode("latin-1") for word in words)
        commands.setdefault(data.count(b"\n", 0, match.start()), []).append(command.encode("latin-1"))
    for match in _COMMAND.finditer(data):
        commands.setdefault(data.count(b"\n", 0, match.start()), []).append(_plain(match[2]))
    if not commands:
        return []
    script = b"\n".join(b" ; ".join(commands.get(number, ())) for number in range(max(commands) + 1))
    return matching.held(path, script, changes, programs)


def _plain(text: bytes) -> bytes:
    """What a literal stands for, as far as its quotes and backslashes go."""
    return re.sub(rb"\\([\"'\\])", rb"\1", text)
