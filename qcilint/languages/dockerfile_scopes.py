"""Which value of ARG and ENV reaches which mention: takes definitions and mentions in their order, gives bindings.

The rules are those of https://docs.docker.com/reference/dockerfile/#scope and of `dockerfile2llb` in
https://github.com/moby/buildkit. Buildah (https://github.com/openshift/imagebuilder) lets ENV beat an ARG after it and
older versions of BuildKit read all of an ARG before they set any of it: where builders differ, the definitions become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from qcilint.bindings import Binding, Use
from qcilint.records import dataclass, field
from qcilint.view import Span

_PREDEFINED = frozenset(
    f"{prefix}{part}".encode() for prefix in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | frozenset(
    name for each in (b"HTTP", b"HTTPS", b"FTP", b"NO", b"ALL") for name in (each + b"_PROXY", each.lower() + b"_proxy")
)
_BUILDER = (b"BUILDKIT_", b"SOURCE_DATE_EPOCH", b"TARGETSTAGE")
_OVERRIDDEN = "a build argument may override it"
_FROM_BASE = "the base image may set it"
_SEEN = "what RUN starts may use it"
_KEPT = "the image keeps it: other programs may use it"
_MOST_INHERITED = 200_000
_WORST = {"plain": 0, "apart": 1, "other": 2}


class Scope(Enum):
    """Which definitions a mention may mean."""

    GLOBAL = "global"
    """Those before the first FROM."""
    HERE = "here"
    """Those that are in force at this point of the stage."""
    ANYWHERE = "anywhere"
    """Any of the file: it is not known when the text is read, or by whom."""


class TooMuch(Exception):
    """The file has too many stages and names."""


@dataclass(slots=True, eq=False)
class Definition:
    """One ARG or ENV (or, where `kind` is empty, the default of a name that nothing declares), and what it reaches."""

    name: bytes
    kind: str
    has_value: bool = False
    values: list[Span] = field(default_factory=list)
    defaults: list[Span] = field(default_factory=list)
    """The words of `${NAME:-word}`."""
    uses: list[tuple[Use, bool]] = field(default_factory=list)
    """Each use, and whether it has a default of its own."""
    caveats: dict[str, None] = field(default_factory=dict)
    barred: str = ""
    into: Definition | None = None

    def root(self) -> Definition:
        """The definition that this one has become a part of."""
        root = self
        while root.into is not None:
            root = root.into
        each = self
        while each.into is not None:
            each.into, each = root, each.into
        return root

    def merge(self, other: Definition | None) -> None:
        """Make one of two definitions, either of which may reach the same mention."""
        first, second = self.root(), other.root() if other else None
        if second is not None and second is not first:
            second.into = first
            if "env" in (first.kind, second.kind):
                first.kind = "env"

    def bar(self, note: str) -> None:
        self.barred = self.barred or note


Names = dict[bytes, Definition]


class Scopes:
    """The definitions in force while a Dockerfile is read from its beginning to its end."""

    def __init__(self) -> None:
        self.globals: Names = {}
        self.here: Names = self.globals
        self.stages: dict[bytes, Names] = {}
        self.definitions: list[Definition] = []
        self.is_global = True
        self.barred = ""
        """Why nothing can be said of any name."""
        self.unclear = False
        """The order of the instructions may not be the one that is built."""
        self._anywhere: dict[bytes, list[Use]] = {}
        self._barred: dict[bytes, str] = {}
        self._inherited = 0

    # ── stages ───────────────────────────────────────────────────────────────────────────────────────────────

    def begin_stage(self, name: bytes, base: bytes, *, may_be_stage: bool) -> None:
        """Go on to the stage `name`, built on `base`; `may_be_stage`: `base` may turn out to be any stage before it."""
        self.is_global = False
        if may_be_stage:
            self.here = self._inherit(item for names in self.stages.values() for item in names.items())
        else:
            self.here = self._inherit(self.stages.get(base, {}).items())
        if name:
            self.stages[name] = self.here

    def _inherit(self, items: Iterable[tuple[bytes, Definition]]) -> Names:
        names: Names = {}
        for name, definition in items:
            known = names.setdefault(name, definition)
            if known.has_value and definition.has_value:
                known.merge(definition)
            elif definition.has_value:
                names[name] = definition
            if known is not definition:
                names[name].caveats.update(known.caveats | definition.caveats)
            self._inherited += 1
        if self._inherited > _MOST_INHERITED:
            raise TooMuch
        return names

    # ── definitions ──────────────────────────────────────────────────────────────────────────────────────────

    def arg(self, name: bytes, *, has_value: bool) -> Definition:
        """The definition that `ARG name` or `ARG name=value` leaves in force."""
        current, outer = self.here.get(name), None if self.is_global else self.globals.get(name)
        if not has_value and outer is not None and outer.has_value:
            found = outer
            if current is not None and current.root().kind == "env":
                found.merge(current)
        elif not has_value and current is not None and current.kind:
            found = current
        else:
            found = self._new(name, "arg", has_value=has_value)
            if current is not None and current.root().kind == "env":
                found.merge(current)
        found.caveats.update(dict.fromkeys((_OVERRIDDEN,) if self.is_global else (_OVERRIDDEN, _FROM_BASE, _SEEN)))
        self.here[name] = found
        return found

    def env(self, name: bytes) -> Definition:
        """The definition that `ENV name=value` puts in force."""
        found = self.here[name] = self._new(name, "env", has_value=True)
        found.caveats[_KEPT] = None
        return found

    def _new(self, name: bytes, kind: str, *, has_value: bool) -> Definition:
        found = Definition(name, kind, has_value)
        if name in _PREDEFINED or name.startswith(_BUILDER):
            found.bar("the builder sets it")
        self.definitions.append(found)
        return found

    # ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, name: bytes, scope: Scope, *, defaults: bool = False) -> Definition | None:
        """The definition that a mention means; with `defaults` it is made where there is none."""
        names = self.globals if scope is Scope.GLOBAL else self.here
        if name not in names and defaults:
            names[name] = self._new(name, "", has_value=False)
            if scope is not Scope.GLOBAL and not self.is_global:
                names[name].caveats[_FROM_BASE] = None
        return names.get(name)

    def mention_anywhere(self, name: bytes, use: Use) -> None:
        """Note a use of kind `other` of a name: all its definitions become one."""
        self._anywhere.setdefault(name, []).append(use._replace(kind="other"))

    def bar_anywhere(self, name: bytes, note: str) -> None:
        """Say nothing of any definition of the name."""
        self._barred.setdefault(name, note)

    # ── results ──────────────────────────────────────────────────────────────────────────────────────────────

    def bindings(self) -> Iterator[Binding]:
        """What is known of every name that has a value in the text."""
        groups: dict[int, list[Definition]] = {}
        firsts: Names = {}
        for definition in self.definitions:
            if self.unclear or definition.name in self._anywhere:
                firsts.setdefault(definition.name, definition).merge(definition)
        for definition in self.definitions:
            groups.setdefault(id(definition.root()), []).append(definition)
        for group in groups.values():
            values = tuple(sorted({value for each in group for value in (*each.values, *each.defaults)}))
            if values:
                yield self._binding(group, values)

    def _binding(self, group: list[Definition], values: tuple[Span, ...]) -> Binding:
        name = group[0].name
        has_value = any(each.values for each in group)
        uses: dict[Span, Use] = {}
        for use, defaults in (item for each in group for item in each.uses):
            missing = use.kind == "plain" and not has_value and not defaults
            _keep_worst(uses, use._replace(kind="other", note="it may have no value here") if missing else use)
        for use in self._anywhere.get(name, ()):
            _keep_worst(uses, use)
        caveats = ", ".join(dict.fromkeys(caveat for each in group for caveat in each.caveats))
        barred = self.barred or self._barred.get(name, "") or next((each.barred for each in group if each.barred), "")
        return Binding(name.decode(), values, tuple(uses[span] for span in sorted(uses)), caveats, barred)


def _keep_worst(uses: dict[Span, Use], use: Use) -> None:
    span = (use.start, use.end)
    if span not in uses or _WORST[use.kind] > _WORST[uses[span].kind]:
        uses[span] = use
