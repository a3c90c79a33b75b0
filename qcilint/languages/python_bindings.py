"""The names of a Python program, with every value it gives them and every use it makes of them."""

from __future__ import annotations

from qcilint.bindings import Binding, Bindings, Use
from qcilint.languages.python_arguments import Arguments
from qcilint.languages.python_entries import Entries, Entry
from qcilint.languages.python_records import Mention
from qcilint.languages.python_statements import Statements
from qcilint.languages.python_sums import Sums
from qcilint.languages.python_tree import Tree
from qcilint.languages.python_values import Values


def bindings(text: bytes) -> Bindings:
    """The names of a Python file; nothing where libcst does not read it."""
    try:
        tree = Tree(text)
        statements = Statements(tree)
        statements.block(tree.module.body)
        return _Report(tree, statements).bindings()
    except Exception:  # libcst raises more than it documents, and deep expressions exceed the recursion limit
        return Bindings()


class _Report:
    """Puts together what was written down."""

    def __init__(self, tree: Tree, statements: Statements) -> None:
        self.record, self.line = statements.record, tree.line
        self.entries = Entries(self.record, tree.line)
        Arguments(self.entries).give()
        self.values = Values(self.record, self.entries, tree.line)
        self.looped = {id(mention) for values in self.values.of.values() for value in values for mention in value.loops}

    def bindings(self) -> Bindings:
        """Everything that the text says."""
        for entry in self.values.lists:
            for mention in entry.mentions:
                if id(mention) not in self.looped:
                    mention.become("other", "used as a list")
        sums = Sums(self.record, self.values, self.line)
        shown = [entry for entry in self.entries.known.values() if self._is_shown(entry)]
        found = sorted((self._binding(entry) for entry in shown), key=lambda binding: binding.values)
        return Bindings(tuple(found), sums.joins({id(mention) for entry in shown for mention in entry.mentions}))

    def _is_shown(self, entry: Entry) -> bool:
        """A list is only a name to be told of when it is looped over."""
        if entry not in self.values.filled:
            return False
        is_looped = any(id(mention) in self.looped for mention in entry.mentions)
        return is_looped or entry not in self.values.lists or entry in self.values.mixed

    def _binding(self, entry: Entry) -> Binding:
        values = {span for value in self.values.of[entry] for span in value.texts}
        for value in self.values.of[entry]:
            values |= {(mention.start, mention.end) for mention in (*value.aliases, *value.loops)}
        uses = {_use(mention) for mention in entry.mentions if not mention.dropped}
        barred = min(entry.barred.items(), default=(0, ""))[1]
        return Binding(entry.name, tuple(sorted(values)), tuple(sorted(uses)), self._caveat(entry), barred)

    def _caveat(self, entry: Entry) -> str:
        caveats = list(entry.caveats)
        is_hidden = entry.name.startswith("_") or all(bound.how == "loop" for bound in entry.bounds)
        if entry.scope is self.entries.module and not is_hidden:
            caveats.append("other modules may import it")
        elif entry.scope is None and not is_hidden:
            caveats.append("other modules may use it")
        return "; ".join(caveats)


def _use(mention: Mention) -> Use:
    return Use(mention.start, mention.end, mention.kind, mention.note)
