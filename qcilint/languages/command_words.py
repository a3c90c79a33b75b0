"""The words of a command: what name a variable stands for, and whether it may hold options."""

from __future__ import annotations

from typing import NamedTuple

from qcilint import lazy as re
from qcilint.languages.container_tables import FAMILIES


class Argument(NamedTuple):
    """A word of a command, its quotes removed and its expansions as written."""

    text: str
    literal: bool = True
    """It holds no expansion and no glob."""
    splits: bool = False
    """An unquoted expansion or an array: any number of words."""


_TOOL_NAME = re.compile(r"[\w.:+@\[-]{1,60}")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?=")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)(?::?[-=]([^}]*))?\}?|\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
_WHICH = re.compile(r"\$\((?:which|command -v|type -p)\s+([\w-]+)(?:\s+2>/dev/null)?\s*\)")
_ENGINE_VARIABLE = re.compile(
    r"(?:.*_)?(?:DOCKER|PODMAN|(?:CONTAINER|OCI|CRI)_?(?:ENGINE|RUNTIME|TOOL|CLI|CMD|BIN|MGR|MANAGER|COMMAND|EXE)?|ENGINE|"
    r"(?:IMAGE|IMG)_(?:TOOL|BUILDER|CLI|CMD)|RUNTIME|RUNENGINE)(?:_(?:CMD|BIN|BINARY|CLI|COMMAND|EXE|EXECUTABLE|PATH|ENGINE|TOOL))?",
    re.I,
)
_TOOL_VARIABLE = re.compile(r"(?:.*_)?(OC|KUBECTL|SKOPEO|CRANE|BUILDAH)(?:_(?:CMD|BIN|BINARY|CLI|COMMAND|PATH))?", re.I)
_OPTIONS_VARIABLE = re.compile(r"arg|opt|flag|param|switch|[\"' (]--?[a-z]", re.I)
_SETTING_VARIABLE = re.compile(r"mount|vol|env|label|tty|user|net|cap|priv|extra|creds|auth|interactive|platform|secur", re.I)
_IMAGE_VARIABLE = re.compile(r"image|img|pullspec|repo|tag|name|container", re.I)
_SUDO_VARIABLE = re.compile(r"\$[{(]?(?:[A-Z_]*SUDO|sudo)[A-Z_]*(?::?[-=]\w*)?[)}]?")
_REGISTRY_IMAGE = re.compile(r"(?:docker://)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]+)?/.")


def is_assignment(word: Argument) -> str:
    """The name that a word assigns to, or nothing."""
    match = _ASSIGNMENT.match(word.text)
    return match[1] if match else ""


def tool_of(word: Argument) -> str:
    """The tool a command name stands for; `$DOCKER` and the like are `engine`."""
    text = word.text.rpartition("/")[2] if word.literal else word.text
    if word.literal:
        return text.removesuffix(".exe") if _TOOL_NAME.fullmatch(text) else ""
    if which := _WHICH.fullmatch(text):
        return which[1]
    variable = _VARIABLE.fullmatch(text)
    if not variable:
        return ""
    name, default = variable[1] or variable[3], variable[2]
    if default and (tool := default.rpartition("/")[2]) in FAMILIES:
        return tool
    if _ENGINE_VARIABLE.fullmatch(name):
        return "engine"
    known = _TOOL_VARIABLE.fullmatch(name)
    return known[1].lower() if known else ""


def may_be_options(word: Argument) -> bool:
    """An unquoted expansion that is no image by its name, but options."""
    text = word.text
    if _OPTIONS_VARIABLE.search(text) or text in ("$@", "${@}", "$*", "${*}"):
        return True
    return bool(_SETTING_VARIABLE.search(text)) and not _IMAGE_VARIABLE.search(text)


def is_sudo(word: Argument) -> bool:
    """`$SUDO` and the like."""
    return not word.literal and _SUDO_VARIABLE.fullmatch(word.text) is not None


def is_registry_image(word: Argument) -> bool:
    """It begins with a host name with a dot: no value of a flag, but an image."""
    return _REGISTRY_IMAGE.match(word.text) is not None
