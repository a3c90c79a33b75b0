"""Which settings of a shell variable reach which of its mentions: takes all of both, gives scopes.

A local variable is also seen by the functions that its function calls (Bash Reference Manual, 3.3), so it is only told
apart from others of its name where no other function mentions the name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from qcilint.bindings import Use
from qcilint.languages.shell_blocks import Block
from qcilint.languages.shell_settings import Setting
from qcilint.languages.shell_tree import Expansion
from qcilint.languages.shell_values import Value
from qcilint.records import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """An expansion, with the block around it and the value that it gives its name in place of none."""

    found: Expansion
    block: Block
    default: Value | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """Settings and mentions of one name that belong together."""

    name: str
    settings: list[Setting] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    strays: list[Use] = field(default_factory=list)
    """Mentions that are no expansions."""
    is_local: bool = False

    def split(self) -> list[Scope]:
        """Scopes that have nothing to do with each other; the only one where that is not certain."""
        if self.strays:
            return [self]
        return [part for scope in self._by_function() for part in scope._by_loop()]

    def _by_function(self) -> list[Scope]:
        declared = self._declared()
        if not declared:
            return [self]
        scopes = {function: Scope(self.name, is_local=True) for function in declared}
        rest = Scope(self.name)
        for setting in self.settings:
            scopes.get(setting.block.function, rest).settings.append(setting)
        for mention in self.mentions:
            scopes.get(mention.block.function, rest).mentions.append(mention)
        blocks = [*(setting.block for setting in rest.settings), *(mention.block for mention in rest.mentions)]
        if any(block.function for block in blocks):
            return [self]
        return [*scopes.values(), rest]

    def _declared(self) -> set[str]:
        """The functions in which the name is local wherever it is mentioned; none if it is local in part of one."""
        first: dict[str, Setting] = {}
        for setting in self.settings:
            if setting.declares:
                first.setdefault(setting.block.function, setting)
        for setting in first.values():
            if not setting.block.real.is_function or setting.inherits or setting.barred.endswith("own value"):
                return set()
        items = [(each.block.function, each.start) for each in self.settings if first.get(each.block.function) is not each]
        items += [(each.block.function, each.found.start) for each in self.mentions]
        if any(function in first and start < first[function].end for function, start in items):
            return set()
        return set(first)

    def _by_loop(self) -> list[Scope]:
        """One scope for each loop over the name, where it is mentioned in those loops only."""
        loops = [setting for setting in self.settings if setting.loop]
        others = [setting for setting in self.settings if not setting.loop]
        if len(loops) < 2 or any(setting.values or setting.barred or setting.caveat for setting in others):
            return [self]
        if len({setting.block.function for setting in self.settings}) > 1:
            return [self]
        bodies = [setting.loop.body or (0, 0) for setting in loops if setting.loop]
        if any(start < before for (_, before), (start, _) in pairwise(bodies)):
            return [self]
        scopes = [Scope(self.name, [*others, setting], is_local=self.is_local) for setting in loops]
        starts = [start for start, _ in bodies]
        for mention in self.mentions:
            at = bisect_right(starts, mention.found.start) - 1
            if at < 0 or mention.found.start >= bodies[at][1] or mention.block.function != loops[at].block.function:
                return [self]
            scopes[at].mentions.append(mention)
        return scopes


def start_of(scope: Scope) -> int:
    """Where a scope is first mentioned."""
    starts: Iterable[int] = (
        *(setting.start for setting in scope.settings),
        *(mention.found.start for mention in scope.mentions),
    )
    return min(starts, default=0)
