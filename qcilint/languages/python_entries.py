"""Which names of a Python program are the same, by its rules of scopes; attributes are told apart by their names alone."""

from __future__ import annotations

from collections.abc import Callable

from qcilint.languages.python_records import Bound, Mention, Record, Ref, Scope
from qcilint.records import dataclass, field

MOST_CLASSES = 30
"""Classes that one may inherit from; what further ones set is not seen."""
Key = tuple[Scope | None, str]
"""A scope and a name in it; None for attributes."""


@dataclass(eq=False, slots=True)
class Entry:
    """A name with all that is known of it."""

    name: str
    scope: Scope | None
    bounds: list[Bound] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    barred: dict[int, str] = field(default_factory=dict)
    """Why nothing can be said, by the place of the reason."""
    caveats: dict[str, None] = field(default_factory=dict)

    def bar(self, at: int, note: str) -> None:
        """Nothing can be said of it."""
        self.barred.setdefault(at, note)


class Entries:
    """The names of a program."""

    def __init__(self, record: Record, line: Callable[[int], int]) -> None:
        self.record, self.line = record, line
        self.module = record.scope
        self.known: dict[Key, Entry] = {}
        self.of_mention: dict[int, Entry] = {}
        """By the identity of a mention."""
        self._bind()
        for mention in record.mentions:
            self._enter(mention)

    # Bindings

    def _bind(self) -> None:
        plain = [bound for bound in self.record.bounds if bound.ref.receiver is None]
        nonlocals = [bound for bound in plain if bound.ref.scope.elsewhere.get(bound.ref.name) == "nonlocal"]
        for bound in plain:
            where = bound.ref.scope.elsewhere.get(bound.ref.name)
            if where != "nonlocal":
                self._add(self.module if where == "global" else bound.ref.scope, bound)
        for bound in nonlocals:
            self._add(self.scope_of(bound.ref.scope, bound.ref.name) or self.module, bound)
        attributes = [bound for bound in self.record.bounds if bound.ref.receiver is not None]
        for bound in attributes:
            owner = self.class_of(bound.ref)
            if owner is not None:
                owner.bound.add(bound.ref.name)
            if not self.is_foreign(bound.ref):
                self.entry(None, bound.ref.name).bounds.append(bound)

    def _add(self, scope: Scope, bound: Bound) -> None:
        scope.bound.add(bound.ref.name)
        self.entry(scope, bound.ref.name).bounds.append(bound)

    def entry(self, scope: Scope | None, name: str) -> Entry:
        """The entry of a name; that of an attribute for a name in a class body."""
        owner = None if scope is not None and scope.kind == "class" else scope
        return self.known.setdefault((owner, name), Entry(name, owner))

    # Names

    def scope_of(self, scope: Scope, name: str) -> Scope | None:
        """The scope whose name it is (https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)."""
        at: Scope | None = scope
        while at is not None:
            where = at.elsewhere.get(name)
            if where == "global":
                return self.module if name in self.module.bound else None
            if name in at.bound and where is None and (at is scope or at.kind != "class"):
                return at
            at = at.parent
        return None

    def find(self, scope: Scope, name: str) -> Entry | None:
        """The entry of a name that is used in a scope."""
        owner = self.scope_of(scope, name)
        return self.entry(owner, name) if owner is not None else None

    def of(self, ref: Ref) -> Entry | None:
        """The entry of a name or an attribute."""
        if ref.receiver is None:
            return self.find(ref.scope, ref.name)
        return None if self.is_foreign(ref) else self.known.get((None, ref.name))

    def _enter(self, mention: Mention) -> None:
        ref = mention.ref
        entry = self.of(ref)
        if entry is None:
            return
        if ref.receiver is not None:
            owner = self.class_of(ref)
            if owner is None or not self._has(owner, ref.name):
                mention.become("other", "read from another object")
        elif entry.scope is None and (outer := self._outer(ref)) is not None:
            mention.become("other", "its class may not have set it yet")
            outer.mentions.append(mention)
        entry.mentions.append(mention)
        self.of_mention[id(mention)] = entry

    def _outer(self, ref: Ref) -> Entry | None:
        """What a name in a class body is before the body sets it."""
        parent = ref.scope.parent
        return self.find(parent, ref.name) if parent is not None else None

    # Attributes

    def _sole(self, ref: Ref) -> Bound | None:
        """What sets the receiver of an attribute, where nothing else does."""
        entry = self.find(ref.scope, ref.receiver or "")
        return entry.bounds[0] if entry and entry.scope is not None and len(entry.bounds) == 1 else None

    def class_of(self, ref: Ref) -> Scope | None:
        """The class that an attribute is looked up in, where the text shows it."""
        bound = self._sole(ref)
        if bound is None:
            return None
        return bound.ref.scope.receiver_of if bound.how == "receiver" else bound.made

    def is_foreign(self, ref: Ref) -> bool:
        """Whether it is an attribute of something imported."""
        entry = self.find(ref.scope, ref.receiver) if ref.receiver else None
        return entry is not None and entry.scope is not None and all(bound.how == "import" for bound in entry.bounds)

    def bases(self, owner: Scope) -> list[Scope | None]:
        """The base classes of a class; None for one that this text does not show."""
        found: list[Scope | None] = []
        for name in owner.bases:
            bound = self._sole(Ref(owner.parent or self.module, "", name)) if name else None
            if name != "object" or bound is not None:
                found.append(bound.made if bound else None)
        return found

    def lineage(self, owner: Scope) -> list[Scope]:
        """A class and those of its base classes that this text shows."""
        found: list[Scope] = []
        todo = [owner]
        while todo and len(found) < MOST_CLASSES:
            scope = todo.pop()
            if scope not in found:
                found.append(scope)
                todo += [base for base in self.bases(scope) if base is not None]
        return found

    def _has(self, owner: Scope, name: str) -> bool:
        """Whether this text sets an attribute in a class or its base classes."""
        return any(name in scope.bound for scope in self.lineage(owner))

    def made(self, ref: Ref) -> Scope | None:
        """The class whose objects a call of a name makes."""
        if ref.receiver is not None:
            return None
        return self.class_of(Ref(ref.scope, "", ref.name))

    def is_receiver(self, ref: Ref) -> bool:
        """Whether it is an attribute of the object of a method."""
        bound = self._sole(ref)
        return bound is not None and bound.how == "receiver"
