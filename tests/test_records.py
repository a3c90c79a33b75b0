"""Records are what the standard library makes of the same classes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import types
import typing
from collections.abc import Callable
from typing import Any

import pytest

from qcilint import records

Maker = Callable[..., Any]
MAKERS = pytest.mark.parametrize("module", [dataclasses, records], ids=["standard library", "qcilint"])


def made(module: Any, **options: bool) -> Any:
    """A class made by one of the modules."""

    class Made:
        """With a docstring."""

        path: str
        line: int = 3
        """A field with a docstring."""
        tags: list[str] = module.field(default_factory=list)
        secret: str = module.field(default="s", repr=False)
        note: str = module.field(default="n", compare=False)
        whole: str = module.field(init=False, repr=False, compare=False)
        seen: list[int] = module.field(default_factory=list, init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "whole", f"{self.path}:{self.line}")

        @property
        def name(self) -> str:
            return self.path.rpartition("/")[2]

        @classmethod
        def at(cls, path: str) -> Any:
            return cls(path)

    return module.dataclass(slots=True, **options)(Made)


@MAKERS
@pytest.mark.parametrize("frozen", [False, True])
def test_fields(module: Any, frozen: bool) -> None:
    made_class = made(module, frozen=frozen)
    first, second = made_class("a/b"), made_class("a/b", 4, ["t"], secret="other", note="m")
    assert (first.path, first.line, first.tags, first.secret, first.note, first.whole) == ("a/b", 3, [], "s", "n", "a/b:3")
    assert (second.line, second.tags, second.secret, second.note, second.whole) == (4, ["t"], "other", "m", "a/b:4")
    assert first.name == "b"
    assert made_class.at("x").path == "x"
    assert made_class("a").tags is not made_class("a").tags
    assert first.seen == []
    assert first.seen is not second.seen
    assert made_class.__doc__ == "With a docstring."
    assert not hasattr(first, "__dict__")
    with pytest.raises((AttributeError, TypeError)):
        first.other = 1


@MAKERS
def test_what_cannot_be_made(module: Any) -> None:
    made_class = made(module)
    for values, named in (((), {}), (("a", 1, [], "", "", "more"), {}), (("a",), {"whole": ""}), (("a",), {"unknown": 1})):
        with pytest.raises(TypeError):
            made_class(*values, **named)


@MAKERS
def test_text(module: Any) -> None:
    assert repr(made(module)("a")).partition(".<locals>.")[2] == "Made(path='a', line=3, tags=[], note='n', seen=[])"


@MAKERS
def test_equality(module: Any) -> None:
    made_class, other = made(module), made(module)
    assert made_class("a") == made_class("a", note="differs, and is not compared")
    assert made_class("a") != made_class("b")
    assert made_class("a") != made_class("a", secret="t")
    assert made_class("a") != other("a")
    assert made_class("a") != "a"
    with pytest.raises(TypeError):
        hash(made_class("a"))


@MAKERS
def test_hashes(module: Any) -> None:
    @module.dataclass(slots=True, frozen=True)
    class Place:
        path: str
        line: int = module.field(default=0, compare=False)

    assert {Place("a"), Place("a", 3), Place("b")} == {Place("a"), Place("b")}

    @module.dataclass(slots=True, eq=False)
    class Node:
        path: str

    assert Node("a") != Node("a")
    assert len({Node("a"), Node("a")}) == 2

    @module.dataclass(slots=True, frozen=True)
    class Empty:
        pass

    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())


@MAKERS
def test_replace(module: Any) -> None:
    first = made(module)("a", 5, ["t"])
    second = module.replace(first, path="b")
    assert (second.path, second.line, second.whole) == ("b", 5, "b:5")
    assert second.tags is first.tags
    assert first.path == "a"
    for wrong in ({"unknown": 1}, {"whole": ""}):
        with pytest.raises((TypeError, ValueError)):
            module.replace(first, **wrong)


@MAKERS
def test_own_methods_are_kept(module: Any) -> None:
    @module.dataclass(slots=True, frozen=True)
    class Named:
        path: str

        def __str__(self) -> str:
            return self.path

        def __repr__(self) -> str:
            return f"<{self.path}>"

    assert f"{Named('a')} {Named('a')!r}" == "a <a>"


@MAKERS
def test_a_class_that_inherits_from_a_record(module: Any) -> None:
    made_class = made(module)

    class Further(made_class):  # type: ignore[misc, valid-type]
        pass

    assert Further("a").whole == "a:3"
    assert made_class("a").whole == "a:3"


@records.dataclass(slots=True, frozen=True)
class Sent:
    """At the top of a module, as pickle wants it."""

    path: str
    numbers: tuple[int, ...] = ()


def test_records_travel_between_processes() -> None:
    sent = Sent("a", (1, 2))
    assert pickle.loads(pickle.dumps(sent, pickle.HIGHEST_PROTOCOL)) == sent
    assert copy.copy(sent) == sent
    assert copy.deepcopy(sent) == sent


TUPLES = pytest.mark.parametrize("base", [typing.NamedTuple, records.NamedTuple], ids=["standard library", "qcilint"])


def named(base: Any) -> Any:
    """A class of named tuples with one of the bases."""

    class Named(base):
        """With a docstring."""

        path: str
        line: int = 3
        """A field with a docstring."""
        tags: tuple[str, ...] = ()

        @property
        def name(self) -> str:
            return self.path.rpartition("/")[2]

        def upper(self) -> str:
            return self.path.upper()

    return Named


@TUPLES
def test_named_tuples(base: Any) -> None:
    made_class = named(base)
    first, second = made_class("a/b"), made_class("a/b", tags=("t",), line=4)
    assert (first, second) == (("a/b", 3, ()), ("a/b", 4, ("t",)))
    assert (first.path, first.line, first.tags, second.line, second.tags) == ("a/b", 3, (), 4, ("t",))
    assert (first.name, first.upper(), made_class.__doc__) == ("b", "A/B", "With a docstring.")
    assert (made_class.__name__, made_class.__module__) == ("Named", __name__)
    assert (first._fields, made_class._field_defaults) == (("path", "line", "tags"), {"line": 3, "tags": ()})
    assert second._replace(path="c") == ("c", 4, ("t",))
    assert type(second._replace()) is made_class
    assert repr(second) == "Named(path='a/b', line=4, tags=('t',))"
    assert {first: 1}["a/b", 3, ()] == 1
    assert not hasattr(first, "__dict__")
    match second:
        case made_class(path, 4):
            assert path == "a/b"
        case _:
            raise AssertionError
    with pytest.raises(AttributeError):
        first.path = "c"
    for values, by_name in (((), {}), (("a", 1, (), 2), {}), (("a",), {"path": "b"}), (("a",), {"unknown": 1})):
        with pytest.raises(TypeError):
            made_class(*values, **by_name)
    with pytest.raises((TypeError, ValueError)):
        first._replace(unknown=1)


@TUPLES
def test_a_class_that_inherits_from_named_tuples(base: Any) -> None:
    class Further(named(base)):  # type: ignore[misc]
        def __new__(cls, path: str) -> Any:
            return super().__new__(cls, path, len(path))

    assert Further("abc") == ("abc", 3, ())
    assert type(Further("abc")) is Further


class SentTuple(records.NamedTuple):
    """At the top of a module, as pickle wants it."""

    path: str
    line: int = 0


def test_named_tuples_travel_between_processes() -> None:
    sent = SentTuple("a")
    for made in (pickle.loads(pickle.dumps(sent, pickle.HIGHEST_PROTOCOL)), copy.copy(sent), copy.deepcopy(sent)):
        assert (made, type(made)) == (("a", 0), SentTuple)


@TUPLES
@pytest.mark.parametrize("wrong", [{"__new__": None}, {"__init__": None}, {"a": 1}], ids=lambda wrong: next(iter(wrong)))
def test_named_tuples_that_cannot_be_made(base: Any, wrong: dict[str, Any]) -> None:
    made = {"__module__": __name__, "__annotations__": {"a": "int", "b": "int"}}
    with pytest.raises((TypeError, AttributeError)):
        types.new_class("Wrong", (base,), exec_body=lambda members: members.update(wrong, **made))


def test_what_is_not_offered_is_refused() -> None:
    class Based(Sent):
        pass

    with pytest.raises(TypeError, match="Based: a record has slots and no bases"):
        records.dataclass(slots=True)(Based)
