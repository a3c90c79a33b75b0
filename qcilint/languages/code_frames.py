"""What is open, and what was found, while program text is read."""

from __future__ import annotations

from qcilint.context import Context
from qcilint.languages.embedded import MAX_ARGUMENTS, Literal
from qcilint.records import dataclass, field


@dataclass(slots=True)
class Frame:
    """An open bracket."""

    opener: bytes
    head: str = ""
    """The dotted name before it: the callee, or the type of a composite literal."""
    labels: tuple[str, ...] = ()
    """What is said of its elements: the field or variable it is assigned to."""
    pattern: bool = False
    joined: bool = False
    items: list[Literal | None] = field(default_factory=list)
    sole: Literal | None = None
    count: int = 0
    """Tokens of the current item; `sole` is the item if it is nothing but one string."""
    found: list[Found] = field(default_factory=list)

    def end_item(self) -> None:
        if self.count and len(self.items) <= MAX_ARGUMENTS:
            self.items.append(self.sole if self.count == 1 else None)
        self.sole, self.count = None, 0

    @property
    def callee(self) -> str:
        return self.head.rpartition(".")[2].lower() if self.opener == b"(" else ""


@dataclass(slots=True)
class Found:
    """A string that holds references."""

    literal: Literal
    first: int
    last: int
    """Its references, as indices `first..last`."""
    labels: tuple[str, ...]
    pattern: bool
    concatenated: bool
    from_list: list[Context] | None = None
