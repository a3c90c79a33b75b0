"""`dataclass`, `field`, `replace` and `NamedTuple` as in the standard library, for a program of which every start counts.

Theirs import `inspect` and `typing` and compile several functions for every class, which took a quarter of a run over one file.
Here a class has its slots at once, and its `__init__` or `__new__` is compiled when the first record is made. Only what qcilint
uses is there, and a type checker sees the originals. One thing differs: nothing but the type checker notices that a frozen
record is assigned to.
"""

from __future__ import annotations

__all__ = ("NamedTuple", "dataclass", "field", "replace")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
    from typing import NamedTuple
else:
    from operator import attrgetter

    try:
        from collections import _tuplegetter
    except ImportError:  # another implementation of Python
        from operator import itemgetter

        def _tuplegetter(place, _):
            return property(itemgetter(place))

    _NONE = object()

    class _Field:
        """How one field of a record is made and compared."""

        __slots__ = ("compare", "default", "factory", "init", "repr")

        def __init__(self, default, factory, init, repr, compare):  # noqa: A002
            self.default, self.factory, self.init, self.repr, self.compare = default, factory, init, repr, compare

    def field(*, default=_NONE, default_factory=None, init=True, repr=True, compare=True):  # noqa: A002
        """How to make, show and compare a field."""
        return _Field(default, default_factory, init, repr, compare)

    def dataclass(*, slots, frozen=False, eq=True):
        """Turn a class without bases into one of records; `slots` must be true."""

        def made(original):
            if not slots or original.__bases__ != (object,):
                raise TypeError(f"{original.__qualname__}: a record has slots and no bases")
            members = {name: value for name, value in original.__dict__.items() if name not in ("__dict__", "__weakref__")}
            names = members.get("__annotations__", {})
            given = {name: members.pop(name, _NONE) for name in names}
            fields = {
                name: value if isinstance(value, _Field) else _Field(value, None, True, True, True)
                for name, value in given.items()
            }
            members["__qualname__"] = original.__qualname__
            members["__slots__"] = tuple(names)
            members["__record_fields__"] = fields
            members.setdefault("__repr__", _shown)
            if eq:
                members.setdefault("__eq__", _equal(fields))
                members.setdefault("__hash__", _hash if frozen else None)
            members["__init__"] = _compiling
            return type(original.__name__, (), members)

        return made

    def replace(record, **changes):
        """A copy of a record with other values in some fields. Raises TypeError for a field that there is not."""
        fields = record.__record_fields__.items()
        return type(record)(**{name: getattr(record, name) for name, each in fields if each.init} | changes)

    def _compiling(self, *values, **named):
        """The `__init__` of a class until its first record is made."""
        kind = type(self)
        while "__record_fields__" not in kind.__dict__:
            kind = kind.__base__
        kind.__init__ = _compiled(kind)
        kind.__init__(self, *values, **named)

    def _compiled(kind):
        known = {"_NONE": _NONE}
        parameters, lines = [], []
        for name, each in kind.__record_fields__.items():
            parameter = value = name
            if each.factory:
                known[f"_make_{name}"] = each.factory
                parameter, made = f"{name}=_NONE", f"_make_{name}()"
                value = f"{made} if {name} is _NONE else {name}" if each.init else made
            elif each.default is not _NONE:
                known[f"_default_{name}"] = each.default
                parameter, value = f"{name}=_default_{name}", name if each.init else f"_default_{name}"
            elif not each.init:
                continue  # `__post_init__` sets it
            parameters += [parameter] if each.init else []
            lines.append(f"    self.{name} = {value}")
        if hasattr(kind, "__post_init__"):
            lines.append("    self.__post_init__()")
        exec(f"def __init__(self, {', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"]), known)  # noqa: S102
        return known["__init__"]

    def _equal(fields):
        compared = [name for name, each in fields.items() if each.compare]
        key = attrgetter(*compared) if compared else type

        def equal(self, other):
            return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

        return equal

    def _hash(self):
        return hash(tuple(getattr(self, name) for name, each in self.__record_fields__.items() if each.compare))

    def _shown(self):
        fields = self.__record_fields__.items()
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name, each in fields if each.repr)
        return f"{self.__class__.__qualname__}({shown})"

    class _Naming(type):
        """Makes of a class whose base is `NamedTuple` one of tuples whose items have names."""

        def __new__(cls, name, _, members):
            names = tuple(members.get("__annotations__", ()))
            defaults = {each: members.pop(each) for each in names if each in members}
            if any(each in members for each in ("__new__", "__init__", "__slots__")):
                raise TypeError(f"{name}: a named tuple has no __new__, __init__ and __slots__ of its own")
            if list(defaults) != list(names[len(names) - len(defaults) :]):
                raise TypeError(f"{name}: fields without a default stand before those with one")
            for place, each in enumerate(names):
                members[each] = _tuplegetter(place, None)
            members.setdefault("__repr__", _tuple_shown)
            members |= {"_fields": names, "_field_defaults": defaults, "__slots__": (), "__match_args__": names}
            members |= {"__new__": _tuple_compiling, "__getnewargs__": _tuple_items, "_replace": _tuple_replace}
            return type(name, (tuple,), members)

    NamedTuple = type.__new__(_Naming, "NamedTuple", (), {})

    def _tuple_compiling(cls, *values, **named):
        """The `__new__` of a class until its first tuple is made."""
        kind = next(each for each in cls.__mro__ if "_fields" in each.__dict__)
        defaults = {f"_default_{name}": value for name, value in kind._field_defaults.items()}
        parameters = [f"{name}=_default_{name}" if name in kind._field_defaults else name for name in kind._fields]
        given = {**defaults, "_new": tuple.__new__}
        items = "".join(f"{each}, " for each in kind._fields)
        exec(f"def __new__(_cls, {', '.join(parameters)}): return _new(_cls, ({items}))", given)  # noqa: S102
        kind.__new__ = staticmethod(given["__new__"])
        return kind.__new__(cls, *values, **named)

    def _tuple_items(self):
        return tuple(self)

    def _tuple_replace(self, **changes):
        return type(self)(**dict(zip(self._fields, self, strict=True)) | changes)

    def _tuple_shown(self):
        shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{self.__class__.__name__}({shown})"
