"""Which settings are in force for which file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from qcilint.config import Settings, check_selectors
from qcilint.config_files import COMMAND_LINE, Finder, Layer

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run without a configuration needs none of these
    from typing import Any

    from qcilint.baseline import Baseline
    from qcilint.ruleset import RuleSet


class Policy:
    """Which settings are in force for which file."""

    def __init__(
        self, load: Callable[[], RuleSet], flags: Mapping[str, Any], *, config: str | None = None, isolated: bool = False
    ) -> None:
        """`load` gives the rules that come with qcilint; `flags` are what the command line sets, as a configuration would.

        `config` (a path or a preset) takes the place of every file. Raises ConfigError.
        """
        working = os.path.realpath(os.getcwd())
        self._load, self._rules = load, dict[tuple[object, ...], "RuleSet"]()
        self.subtracts = True
        """Whether baselines are subtracted."""
        self._own = [Layer(COMMAND_LINE, working, flags, working)] if flags else []
        self._finder = None if isolated or config else Finder()
        self._settings: dict[str | None, Settings] = {}
        self._baselines: dict[str, Baseline] = {}
        if config:
            from qcilint.config_files import read

            self._settings[None] = self._merged(read(config, working), config)

    @property
    def is_plain(self) -> bool:
        """Whether nothing but defaults is in force for all files asked about so far."""
        return not self._own and not any(settings.layers for settings in self._settings.values())

    def of(self, path: str, root: str | None = None) -> Settings:
        """The settings of an absolute path. `root`: the top of its git repository, where that is known. Raises ConfigError."""
        return self.of_folder(os.path.dirname(path), root)

    def of_folder(self, folder: str, root: str | None = None) -> Settings:
        """The settings of the files in an absolute folder, as `of` has them."""
        found = self._finder.find(folder, root) if self._finder else None
        if found not in self._settings:
            from qcilint.config_files import read_file

            self._settings[found] = self._merged(read_file(found) if found else [], found or "")
        return self._settings[found]

    def of_source(self, path: str) -> Settings:
        """The settings of a path as the user named it."""
        return self.of(os.path.realpath(path))

    def _merged(self, layers: list[Layer], path: str) -> Settings:
        layers += self._own
        key = tuple(
            (layer.folder, kind, name) for layer in layers for kind in ("rules", "packs") for name in layer.table.get(kind, ())
        )
        if () not in self._rules:
            self._rules[()] = self._load()
        if key not in self._rules:
            from qcilint.packs import with_packs

            self._rules[key] = with_packs(self._rules[()], layers)
        return Settings(layers, self._rules[key], path)

    @property
    def has_catalog(self) -> bool:
        """Whether a catalogue counts for any file asked about so far."""
        return any(settings.catalog_path for settings in self._settings.values())

    def catalog_path(self, path: str) -> str:
        """The catalogue that counts for a path as the user named it; empty for none."""
        return self.of_source(path).catalog_path

    def baseline(self, settings: Settings) -> Baseline | None:
        """The baseline that is subtracted under these settings. Raises ConfigError where it cannot be read."""
        path = settings.baseline_path if self.subtracts else ""
        if path and path not in self._baselines:
            from qcilint.baseline import read

            self._baselines[path] = read(path)
        return self._baselines.get(path)

    def rules(self) -> RuleSet:
        """All rules that are in force for any file asked about so far: what to search for.

        Raises ConfigError where the command line names a rule that is none of them.
        """
        sets = list(self._rules.values()) or [self._load()]
        rules = sets[0]
        if len(sets) > 1:
            from qcilint.ruleset import RuleSet

            rules = RuleSet({id(rule): rule for each in sets for rule in each.rules}.values())
        for layer in self._own:
            check_selectors(layer, rules)
        return rules
