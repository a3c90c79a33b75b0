"""Where a reference stands: the words that rules match with `where`.

A context has one `where`, the most exact thing its language can say (`from`, `command:pull`,
`value:spec.image`, `comment`, …), and labels: everything else that holds there, of outer languages too. A
`docker pull` in a YAML block scalar has `where` `command:pull` and the labels `shell`, `value:run`, `yaml`.
"""

from __future__ import annotations

from qcilint.records import dataclass, field, replace
from qcilint.view import View

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Context:
    """Where one reference stands."""

    where: str
    """The innermost and most exact name, `kind` or `kind:detail`."""
    language: str
    """The innermost language; it decides how a variable beside an underscore is written."""
    labels: tuple[str, ...] = ()
    """Further names that hold here, innermost first; never contains `where`."""
    whole: bool = True
    """The reference is all of its word, value or string, quotes and a transport apart."""
    escapes: bool = False
    """The text stands in a string whose backslash escapes are decoded (JSON, double-quoted YAML, Python)."""
    region: int | None = None
    """The offset of the Dockerfile text around it, whose references are fixed together; of an input alias, that of its list."""
    operands: tuple[str, ...] = ()
    """For a `pattern`: the files the matching command works on, as they are written, where the text says so."""
    scope: tuple[tuple[str, View], ...] = field(default=(), compare=False, repr=False)
    """The nested texts around it, outermost first, each with its language: where the names of the innermost one hold."""

    def within(self, outer: Context, offset: int = 0) -> Context:
        """This context, found in a text nested at byte `offset` of the text that `outer` describes."""
        labels = dict.fromkeys((*self.labels, outer.where, outer.language, *outer.labels))
        labels.pop(self.where, None)
        return replace(
            self,
            labels=tuple(labels),
            escapes=self.escapes or outer.escapes,
            region=outer.region if self.region is None else self.region + offset,
        )

    def adding(self, *labels: str) -> Context:
        """This context with further labels."""
        merged = dict.fromkeys((*self.labels, *labels))
        merged.pop(self.where, None)
        return replace(self, labels=tuple(merged))

    def names(self) -> tuple[str, ...]:
        """All names that hold here, the most exact first."""
        return (self.where, *self.labels, self.language)


def unknown(language: str, count: int) -> list[Context]:
    """Contexts for the references of a text that could not be parsed."""
    return [Context(UNKNOWN, language, whole=False)] * count
