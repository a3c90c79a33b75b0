"""The build stages of a Dockerfile: their names and shells so far, and the ARGs that hold the image of a FROM."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages.dockerfile_commands import from_image
from qcilint.languages.dockerfile_scripts import is_shell
from qcilint.languages.dockerfile_syntax import Dockerfile, Instruction
from qcilint.languages.dockerfile_words import BACKSLASH, unquoted, words

_WHOLE_VARIABLE = re.compile(rb"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-[^{}]*)?\})")
_VARIABLE = re.compile(rb"\$\{?([A-Za-z_]\w*)")


class Stages:
    """Goes through the instructions of a Dockerfile and knows the build stages so far."""

    def __init__(self, source: Dockerfile) -> None:
        self.source = source
        self.from_variables = _from_variables(source)
        self.names = {from_image(each.view.text, each.command)[1] for each in source.instructions if each.command.name == "from"}
        self.shells: dict[bytes, bool] = {}  # stages so far: whether their RUN text is for a POSIX shell
        self.stage = b""
        self.posix = source.escape == BACKSLASH  # a backquote is for Windows paths, so for Windows shells
        self.is_global = True

    def pass_by(self, instruction: Instruction) -> None:
        """Take note of what an instruction means for those after it."""
        text, parsed = instruction.view.text, instruction.command
        if parsed.name == "from":
            self.is_global = False
            image, self.stage = from_image(text, parsed)
            base = text[slice(*image)].lower() if image else b""
            self.posix = self.shells.get(base, self.source.escape == BACKSLASH)
        elif parsed.name == "shell":
            self.posix = is_shell(text[parsed.start : parsed.end].lstrip(b'[ \t"').partition(b'"')[0])
        if self.stage:
            self.shells[self.stage] = self.posix


def _from_variables(source: Dockerfile) -> set[bytes]:
    """The global ARGs whose value is the whole image of a FROM, and nothing else that depends on it.

    A FROM sees only the ARGs before the first FROM; a stage sees those that it declares again.
    """
    if b"$" not in source.text:
        return set()
    defaults: dict[bytes, bytes] = {}
    whole: set[bytes] = set()
    parts: set[bytes] = set()
    declared: set[bytes] = set()
    in_stage: set[bytes] = set()
    is_global = True
    for instruction in source.instructions:
        text, parsed = instruction.view.text, instruction.command
        if parsed.name == "from":
            is_global = False
            image, _ = from_image(text, parsed)
            value = unquoted(text, *image, source.escape).text if image else b""
            if match := _WHOLE_VARIABLE.fullmatch(value):
                whole.add(match[1] or match[2])
            else:
                parts.update(_VARIABLE.findall(value))
        elif parsed.name == "arg":
            for start, end in words(text, parsed.start, parsed.end, source.escape):
                name, _, value = text[start:end].partition(b"=")
                value = value.strip(b"'\"")
                if not is_global:
                    declared.add(name)
                elif match := _WHOLE_VARIABLE.fullmatch(value):
                    defaults[name] = match[1] or match[2]
                else:
                    parts.update(_VARIABLE.findall(value))
        elif parsed.name != "label":
            in_stage.update(_VARIABLE.findall(source.text, source.starts[instruction.first], source.line_end(instruction.last)))
    for name in reversed(defaults):
        if name in whole:
            whole.add(defaults[name])
    return whole - parts - (declared & in_stage)
