"""Configuration files: where they are, what they hold, and what they extend.

Nothing here is imported by a run that finds no configuration, apart from `find`, which only asks whether files exist.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from qcilint.discovery import is_within, printable
from qcilint.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = (".qcilint.toml", "qcilint.toml", "pyproject.toml")
"""The names of a configuration; of the last one only the table `[tool.qcilint]` counts."""
COMMAND_LINE = "command line"


class ConfigError(Exception):
    """A configuration that cannot be used; the text names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one file, preset or command line sets."""

    origin: str
    """What to print: a path, `preset …` or `command line`."""
    base: str
    """Absolute folder that its path patterns are relative to."""
    table: Mapping[str, Any]
    folder: str = ""
    """Absolute folder that its other paths are relative to; empty for a preset, which has none."""
    text: str = ""

    def place(self, key: str) -> str:
        """Where a key stands, to print: the origin, with the line where the text shows it."""
        line = line_of(self.text, key)
        return f"{self.origin}:{line}" if line else self.origin

    def error(self, key: str, message: str) -> ConfigError:
        """The error of a value of this layer."""
        return ConfigError(f"{self.place(key)}: {message}")

    def rule_paths(self) -> list[str]:
        """The absolute paths of its rule files and of folders of them."""
        return [os.path.normpath(os.path.join(self.folder or self.base, name)) for name in self.table.get("rules", ())]

    def relative(self, path: str) -> str:
        """An absolute path as the patterns of this layer see it; one elsewhere is seen from the top of the file system."""
        base = self.base.rstrip("/") + "/"
        if path.startswith(base):
            return path[len(base) :]
        return path.lstrip("/")


class Finder:
    """Finds the configuration of files; what it learned of a folder it remembers."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def find(self, folder: str, root: str | None = None) -> str | None:
        """The configuration nearest to an absolute folder, going up to the top of its git repository.

        `root`, where the caller knows it, is that top, and no other is looked for. Outside git the search goes up to the top
        of the file system.
        Raises ConfigError where a folder has two.
        """
        waiting: list[str] = []
        found: str | None = None
        while folder not in self._known:
            waiting.append(folder)
            found = _in_folder(folder)
            parent = os.path.dirname(folder)
            if found or parent == folder or folder == root or (root is None and os.access(folder + "/.git", os.F_OK)):
                break
            folder = parent
        else:
            found = self._known[folder]
        self._known.update(dict.fromkeys(waiting, found))
        return found


def _in_folder(folder: str) -> str | None:
    prefix = folder.rstrip("/") + "/"
    found = [prefix + name for name in NAMES if os.access(prefix + name, os.F_OK)]
    if not found:
        return None
    found = [path for path in found if os.path.isfile(path) and (not path.endswith(NAMES[-1]) or _has_table(path))]
    if len(found) > 1:
        raise ConfigError(f"{shown(found[0])} and {shown(found[1])}: two configurations for one folder; keep one of them")
    return found[0] if found else None


def _has_table(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            if b"qcilint" not in file.read():
                return False
    except OSError:
        return False
    return "qcilint" in _tools(_parsed(path, _text(path)))


def _tools(project: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a pyproject.toml holds for tools."""
    tools = project.get("tool")
    return tools if isinstance(tools, dict) else {}


def shown(path: str) -> str:
    """A path to print: from here, where it lies below."""
    working = os.getcwd()
    return printable(os.path.relpath(path, working) if is_within(path, working) else path)


def read(name: str, here: str) -> list[Layer]:
    """The layers of a configuration given by a preset's name or a path, the furthest first; patterns are relative to `here`."""
    return list(_resolved(name, os.getcwd(), here, (), f"--config {printable(name)}"))


def read_file(path: str) -> list[Layer]:
    """The layers of a configuration that was found, the furthest first. Raises ConfigError."""
    return list(_file_layers(path, os.path.dirname(path), ()))


def _file_layers(path: str, leaf: str, trail: tuple[str, ...]) -> Iterator[Layer]:
    text = _text(path)
    table = _parsed(path, text)
    if os.path.basename(path) == NAMES[-1]:
        table = _tools(table).get("qcilint", {})
    folder = os.path.dirname(path)
    layer = Layer(shown(path), folder if is_within(leaf, folder) else leaf, table, folder, text)
    yield from _with_extended(layer, leaf, (*trail, path))


def _preset_layers(name: str, leaf: str, trail: tuple[str, ...]) -> Iterator[Layer]:
    from importlib.resources import files

    text = files("qcilint.presets").joinpath(f"{name}.toml").read_text("utf-8")
    yield from _with_extended(Layer(f"preset {name}", leaf, _parsed(f"preset {name}", text)), leaf, (*trail, name))


def _with_extended(layer: Layer, leaf: str, trail: tuple[str, ...]) -> Iterator[Layer]:
    from qcilint.config_schema import problems

    if not isinstance(layer.table, dict):
        raise layer.error("qcilint", "tool.qcilint must be a table")
    for way, message in problems(layer.table):
        raise layer.error(way[-1], message)
    extended = layer.table.get("extend", [])
    for name in [extended] if isinstance(extended, str) else extended:
        yield from _resolved(name, layer.folder, leaf, trail, layer.place("extend"))
    yield layer


def _resolved(name: str, folder: str, leaf: str, trail: tuple[str, ...], place: str) -> Iterator[Layer]:
    if "/" in name or name.endswith(".toml"):
        path = os.path.normpath(os.path.join(folder, name))
        if path in trail:
            chain = " → ".join(shown(each) for each in (*trail[trail.index(path) :], path))
            raise ConfigError(f"{place}: extend goes in a circle: {chain}; remove one of them")
        if not os.path.isfile(path):
            raise ConfigError(f"{place}: {shown(path)}: no such file")
        yield from _file_layers(path, leaf, trail)
        return
    known = presets()
    if name not in known:
        from qcilint.config_schema import suggestion

        raise ConfigError(
            f"{place}: no preset {printable(name)!r}{suggestion(name, known)} (a path has a '/' in it, or ends in .toml)"
        )
    if name in trail:
        raise ConfigError(f"{place}: extend goes in a circle: preset {name} extends itself")
    yield from _preset_layers(name, leaf, trail)


def presets() -> list[str]:
    """The names of the presets that come with qcilint."""
    from importlib.resources import files

    found = (entry.name for entry in files("qcilint.presets").iterdir() if entry.name.endswith(".toml"))
    return sorted(name.removesuffix(".toml") for name in found)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{shown(path)}: {error.strerror}; a configuration must be readable") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown(path)}: byte {error.start} is no UTF-8; TOML is written in UTF-8") from None


def _parsed(path: str, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{shown(path) if os.path.isabs(path) else path}: no valid TOML: {error}") from None


def line_of(text: str, key: str) -> int:
    """The first line that sets a key, from 1; 0 where it cannot be told."""
    bare = re.escape(key)
    found = re.search(rf"""(?m)^[^#\n]*?(?:^|[\[.{{, \t])["']?{bare}["']?[ \t]*(?:=|\.|\])""", text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
